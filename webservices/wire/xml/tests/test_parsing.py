"""XML comes in at one place, is refused there with one sentence, and is let go as it is read."""

import itertools
import tracemalloc

import pytest

from records.shapes.problems import Family, ProblemError
from records.tests.cast import table
from webservices.wire.xml.parsing import CHUNK, Allowance, parse

PARAMETER_ENTITIES = b'<!DOCTYPE a [<!ENTITY % a "' + b"x" * 1000 + b'"><!ENTITY % b "' + b"%a;" * 100 + b'">%b;]><a/>'

REFUSED = {
    "a document type": (b"<!DOCTYPE a><a/>", "document type"),
    "an entity": (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "document type"),
    "an outside document type": (b"<!DOCTYPE a SYSTEM 'file:///etc/hostname'><a/>", "document type"),
    "entities that multiply": (PARAMETER_ENTITIES, "document type"),
    "an undeclared entity": (b"<a>&x;</a>", "undeclared entity at line 1"),
    "tags that do not match": (b"<a>\n<b></a>", "tag name mismatch at line 2"),
    "an unfinished body": (b"<a><b>", "not well-formed"),
    "a prefix nobody declared": (b"<a><x:b/></a>", "undefined namespace at line 1"),
    "an attribute twice": (b"<a b='1' b='2'/>", "attribute redefined"),
    "no XML": (b"hello", "document empty"),
    "nothing": (b"", "not well-formed"),
    "two roots": (b"<a/><b/>", "document end"),
    "1,000 levels": (b"<a>" * 1000 + b"</a>" * 1000, "more than 100 levels"),
    "10,000 attributes": (
        b"<a " + b" ".join(b"a%d='1'" % n for n in range(10_000)) + b"/>",
        "more than 200 attributes",
    ),
    "a control character": (b"<a>\x01</a>", "invalid char"),
    "a reference to a control character": (b"<a>&#1;</a>", "invalid char"),
    "bytes that are no UTF-8": (b"<a>\xff</a>", "invalid encoding"),
    "an encoding that hides things": (b'<?xml version="1.0" encoding="UTF-7"?><a/>', "'UTF-7' is not read here"),
    "an encoding that is none": (b'<?xml version="1.0" encoding="klingon"?><a/>', "'klingon' is not read here"),
    "a NUL after the end": (b"<a/>\x00", "not well-formed"),
}

TEXTS = {
    "plain": (b"<a>PUMP-100</a>", "PUMP-100"),
    "a comment inside": (b"<a>PUMP<!-- -->-100</a>", "PUMP-100"),
    "an instruction inside": (b"<a>PUMP<?x y?>-100</a>", "PUMP-100"),
    "CDATA": (b"<a><![CDATA[a < b]]> &amp; c</a>", "a < b & c"),
    "UTF-16 with its mark": ('<?xml version="1.0" encoding="UTF-16"?><a>é</a>'.encode("utf-16"), "é"),
    "UTF-16 without": ('<?xml version="1.0"?><a>é</a>'.encode("utf-16-le"), "é"),
    "UTF-16, big end first": ("<a>é</a>".encode("utf-16-be"), "é"),
    "UTF-8 with a mark": (b"\xef\xbb\xbf" + "<a>é</a>".encode(), "é"),
    "latin-1": ('<?xml version="1.0" encoding="latin-1"?><a>é</a>'.encode("latin-1"), "é"),
    "ISO-8859-1": ('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1"), "é"),
    "a text longer than a chunk": (b"<a>" + b"x&amp;" * 30_000 + b"</a>", "x&" * 30_000),
}


@pytest.mark.parametrize("body, reason", table(REFUSED))
def test_refuses(body, reason):
    with pytest.raises(ProblemError) as refused:
        list(parse(body))

    assert reason in refused.value.problem.sentence()
    assert refused.value.problem.family is Family.MALFORMED
    assert "\n" not in refused.value.problem.sentence()


@pytest.mark.parametrize("body, text", table(TEXTS))
def test_reads_text(body, text):
    *_, (starts, root, depth) = parse(body)

    assert (starts, root.name, depth) == (False, "a", 1)
    assert root.text == text


def test_the_charset_of_http_counts_where_the_body_declares_none():
    *_, (_, root, _) = parse("<a>é</a>".encode("latin-1"), "ISO-8859-1")

    assert root.text == "é"


def test_the_declaration_goes_before_the_charset_of_http():
    *_, (_, root, _) = parse('<?xml version="1.0" encoding="UTF-8"?><a>é</a>'.encode(), "ISO-8859-1")

    assert root.text == "é"


def test_reads_what_is_escaped_in_an_attribute():
    *_, (_, root, _) = parse(b"<a b='x &amp; &#65;'/>")

    assert root.attributes == {"b": "x & A"}


@pytest.mark.parametrize("namespace", ["x", "*", ""])
def test_reads_whatever_the_namespace_is_called(namespace):
    *_, (_, root, _) = parse(f"<a xmlns='{namespace}'><a/></a>".encode())

    assert (root.name, root.namespace) == ("a", namespace)


@pytest.mark.parametrize(
    "body", [b"<a>x&S3CRET;</a>", b"<a>x<S3CRET</a>", b"<a>x<b S3CRET</a>", b"<a>x<S3CRET:b/></a>"]
)
def test_the_reason_does_not_quote_the_body(body):
    with pytest.raises(ProblemError) as refused:
        list(parse(body))

    assert "S3CRET" not in refused.value.problem.sentence()


def test_gives_what_came_before_the_fault():
    steps = parse(b"<a><b/><c></a>")

    names = [(starts, node.name) for starts, node, _ in itertools.islice(steps, 4)]

    with pytest.raises(ProblemError):
        next(steps)
    assert names == [(True, "a"), (True, "b"), (False, "b"), (True, "c")]


def test_keeps_nothing_that_its_reader_lets_go():
    record = b"<r><n>PUMP-100</n><d><en>Pump, small</en></d></r>"
    body = b"<e><b><o><w>" + record * 20_000 + b"</w></o></b></e>"

    tracemalloc.start()
    count = most = 0
    allowance = Allowance()
    for starts, node, depth in parse(body, allowance=allowance):
        if depth == 5 and not starts:
            node.forget_earlier()
            allowance.begin_record()
            most = max(most, len(node.element.getparent()))
            count += 1
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 20_000
    assert most < 2 * CHUNK / len(record)  # the parser's own memory is not traced: its elements are counted
    assert peak < 4_000_000


def test_takes_no_more_elements_than_allowed():
    with pytest.raises(ProblemError, match="too many elements"):
        list(parse(b"<a>" + b"<b/>" * 20 + b"</a>", allowance=Allowance(20)))
