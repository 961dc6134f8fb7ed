"""XML goes out at one place, every text escaped exactly once."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from webservices.wire.xml.writing import Markup, document, element, element_texts, escape, escape_attribute, join

LEGAL = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\t\n\r"))


def test_text_is_escaped_and_markup_is_not():
    assert element("a", "1 < 2 & 3", Markup("<b/>")) == "<a>1 &lt; 2 &amp; 3<b/></a>"


def test_without_content_it_is_one_tag():
    assert element("a") == "<a/>"
    assert element("a", "") == "<a/>"


def test_what_is_joined_is_not_escaped_again():
    assert element("a", join(["<", element("b", ">")])) == "<a>&lt;<b>&gt;</b></a>"


@given(LEGAL.filter(lambda text: "\ufffe" not in text and "\uffff" not in text), LEGAL)
def test_what_is_written_is_read_again(text, value):
    value = value.replace("\ufffe", "").replace("\uffff", "")

    read = etree.fromstring(document(element("a", text, attributes={"b": value})))

    assert (read.text or "") == text
    assert read.get("b") == value


@given(st.text(st.characters()))
def test_whatever_is_written_is_well_formed(text):
    etree.fromstring(f'<a b="{escape_attribute(text)}">{escape(text)}</a>')


@given(st.lists(st.one_of(st.just(""), LEGAL, LEGAL.map(lambda text: element("b", text)))))
def test_what_is_enclosed_bit_by_bit_is_the_same_element(content):
    attributes = {"c": "1 < 2"}

    assert "".join(element_texts("a", content, attributes)) == element("a", *content, attributes=attributes)
