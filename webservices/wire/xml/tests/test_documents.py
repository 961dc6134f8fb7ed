"""Whole documents: what is read, what is not, and that nothing outside of the document is."""

import pytest

from webservices.wire.xml.documents import InvalidXml, compile_schema, has_document_type, parse_document

SCHEMA = b'<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema"><x:element name="a" type="x:int"/></x:schema>'
ENTITY = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>'
BROKEN = {
    "nothing": (b"", 1),
    "no XML": (b"{}", 1),
    "cut off": (b"<a>\n<b>", 2),
    "an encoding that is none": (b'<?xml version="1.0" encoding="none"?><a/>', 1),
    "too deep": (b"<a>" * 300 + b"</a>" * 300, 1),
}


def test_reads_a_document():
    root = parse_document(b"<a>x<!-- c --><?p i?>y</a>")

    assert (root.text, len(root)) == ("x", 2)


def test_drops_comments_and_instructions_before_text_is_put_together():
    assert parse_document(b"<a>x<!-- c --><?p i?>y</a>", remove_comments=True, remove_pis=True).text == "xy"


@pytest.mark.parametrize("body, line", BROKEN.values(), ids=BROKEN)
def test_says_where_it_stopped(body, line):
    with pytest.raises(InvalidXml) as caught:
        parse_document(body)

    assert caught.value.line == line
    assert str(caught.value)


def test_resolves_no_entity():
    root = parse_document(ENTITY)

    assert has_document_type(root)
    assert root.text is None


def test_compiles_a_schema():
    schema = compile_schema(parse_document(SCHEMA))

    assert [schema.validate(parse_document(body)) for body in (b"<a>1</a>", b"<a>b</a>")] == [True, False]
