"""Comments in messages, and how the page takes those of JSON out again."""

import json

import pytest
from lxml import etree

from webservices.wire.contracts.annotations import MessageComments, annotate_json, annotate_xml, strip_comments

STRIPPED = {
    "a comment line": ('{\n  // required: text\n  "a": "1"\n}', {"a": "1"}),
    "a comment after a value": ('{"a": "1", // one\n "b": "2"}', {"a": "1", "b": "2"}),
    "slashes inside a string": ('{"a": "http://x//y" // a link\n}', {"a": "http://x//y"}),
    "an escaped quote before slashes": ('{"a": "\\"// no comment"}', {"a": '"// no comment'}),
    "a backslash at the end of a string": ('{"a": "x\\\\" // b "\n}', {"a": "x\\"}),
    "quotes inside a comment": ('{\n// it "opens\n"a": "1"}', {"a": "1"}),
    "no comment at all": ('{"a": 250.00}', {"a": 250}),
}


class TestStripComments:
    @pytest.mark.parametrize("text, meant", STRIPPED.values(), ids=STRIPPED)
    def test_leaves_what_is_meant(self, text, meant):
        assert json.loads(strip_comments(text)) == meant

    def test_leaves_nothing_of_comments_alone(self):
        assert strip_comments("// GET /api/v1/parts/\n  // no body\n") == ""

    def test_keeps_the_numbers_of_lines(self):
        stripped = strip_comments('// first\n{\n  // second\n  "a": nonsense\n}')

        assert stripped.split("\n")[3] == '  "a": nonsense'

    def test_ends_a_forgotten_quote_with_its_line(self):
        assert strip_comments('{"a": "x\n// comment\n}') == '{"a": "x\n\n}'


MESSAGE = (
    b'<e:Envelope xmlns:e="urn:e"><e:Header/><e:Body><m:put xmlns:m="urn:m"><m:each>'
    b"<m:number>P1</m:number><m:price><m:USD>1</m:USD></m:price></m:each></m:put></e:Body></e:Envelope>"
)


class TestAnnotateXml:
    def test_puts_each_comment_before_its_element(self):
        text = annotate_xml(MESSAGE, MessageComments({"number": "required: text", "price": "optional: map"}))

        assert "<!-- required: text -->\n        <m:number>P1</m:number>" in text
        assert "<!-- optional: map -->\n        <m:price>" in text

    def test_changes_nothing_but_comments_and_indentation(self):
        text = annotate_xml(MESSAGE, MessageComments({"number": "required"}, ["a note"], ["the rest"]))
        parser = etree.XMLParser(remove_comments=True, remove_blank_text=True)

        assert etree.tostring(etree.fromstring(text, parser)) == MESSAGE

    def test_puts_notes_first_and_the_rest_last(self):
        text = annotate_xml(MESSAGE, MessageComments({"number": "required"}, ["a note"], ["the rest"]))

        assert text.index("a note") < text.index("<m:put") < text.index("</m:price>") < text.index("the rest")

    def test_makes_any_text_fit_for_a_comment(self):
        text = annotate_xml(MESSAGE, MessageComments({"number": "a --> b --- c -"}))

        assert etree.fromstring(text) is not None

    def test_does_not_look_inside_a_field(self):
        text = annotate_xml(MESSAGE, MessageComments({"price": "optional: map", "USD": "a field of this name"}))

        assert "a field of this name" not in text


class TestAnnotateJson:
    def test_puts_each_comment_before_its_member(self):
        text = annotate_json(b'{"records": [{"number": "P1"}]}', MessageComments({"number": "required:\ntext"}))

        assert '      // required: text\n      "number": "P1"' in text

    def test_changes_nothing_but_comments_and_indentation(self):
        message = b'{"number":"P//1","price":{"USD":250.00},"list":[1,"a"],"none":null,"empty":[],"yes":true}'

        text = annotate_json(
            message, MessageComments({"number": "required", "price": "optional"}, ["a note"], ["the rest"])
        )

        assert json.loads(strip_comments(text)) == json.loads(message)
        assert "250.00" in text

    def test_is_only_the_notes_when_there_is_no_body(self):
        assert annotate_json(b"", MessageComments({}, ["GET has no body"])) == "// GET has no body\n"
