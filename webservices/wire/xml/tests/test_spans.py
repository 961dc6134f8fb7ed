"""The places of elements: those of the parsed tree, whatever stands around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from records.tests.cast import table
from webservices.wire.xml.documents import parse_document
from webservices.wire.xml.spans import Characters, Edit, apply_edits, find_remarks, find_spans, replace_content

FILLING = st.sampled_from(
    ["", " ", "text", "&lt;a>", "&#65;", "<![CDATA[<b>]]]]>", "<!-- <c> -->", "<?p <d> ?>", "\r\n", "大"]
)
TAG = st.sampled_from(["a", "b:a xmlns:b='u'", 'a x="1>2"', "a y='\"<'".replace("<", "&lt;"), "a \n"])


@st.composite
def documents(draw, depth=3):
    tag = draw(TAG)
    if draw(st.booleans()) and depth < 3:
        return f"<{tag}/>"
    inside = "".join(draw(FILLING) + (draw(documents(depth=depth - 1)) if depth else "") for _ in range(2))
    return f"<{tag}>{inside}{draw(FILLING)}</{tag.split()[0]}>"


@given(documents())
def test_are_those_of_the_tree(text):
    root = parse_document(text.encode(), remove_comments=True, remove_pis=True)
    elements = [*root.iter(etree.Element)]

    spans = find_spans(text)

    assert len(spans) == len(elements)
    for element, span in zip(elements, spans, strict=True):
        name = element.tag.rpartition("}")[2]
        assert text[span.begin : span.inside].lstrip("<").startswith((name, f"b:{name}"))
        if not len(element):
            assert Characters(text, span).text == (element.text or "")
        assert span.begin < span.inside <= span.text_end <= span.outside <= span.end <= max(span.tail_end, span.end)


@given(documents(), st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"])))
def test_content_is_replaced_in_its_place(text, value):
    spans = find_spans(text)

    changed = apply_edits(text, [replace_content(text, spans[-1], value)])

    assert ([*parse_document(changed.encode()).iter(etree.Element)][-1].text or "") == value
    assert changed.startswith(text[: spans[-1].begin])
    assert changed.endswith(text[spans[-1].end :])


@pytest.mark.parametrize(
    "text, found",
    table(
        {
            "none": ("<?xml version='1.0'?><a/>", []),
            "around the root": ("<!--1--><a/><?p 2?>", ["<!--1-->", "<?p 2?>"]),
            "in CDATA none": ("<a><![CDATA[<!--1-->]]><!--2--></a>", ["<!--2-->"]),
            "in a value none": ("<a x='<!--1-->'/>".replace("<!--1", "&lt;!--1"), []),
        }
    ),
)
def test_remarks_are_found(text, found):
    assert [remark.text for remark in find_remarks(text)] == found


@pytest.mark.parametrize(
    "source, begin, end, cut",
    table(
        {
            "entities": ("<a>x&lt;b/&gt;y</a>", 1, 5, "<a>xy</a>"),
            "CDATA": ("<a><![CDATA[x<b/>y]]></a>", 1, 5, "<a><![CDATA[xy]]></a>"),
            "a line end of two": ("<a>x\r\n<!-- -->yz</a>", 1, 3, "<a>xz</a>"),
        }
    ),
)
def test_a_piece_of_an_elements_text_is_cut_where_it_was_written(source, begin, end, cut):
    characters = Characters(source, find_spans(source)[0])

    assert apply_edits(source, [characters.map_edit(Edit(begin, end))]) == cut
