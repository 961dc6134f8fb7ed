"""Messages in several parts, read as their root part."""

import pytest

from records.shapes.problems import ProblemError
from records.tests.cast import table
from webservices.wire.multipart import is_multipart, unpack

TYPE = 'multipart/related; boundary="b"; type="text/xml"'
ROOT = b"Content-Type: text/xml; charset=UTF-8\r\nContent-ID: <root@x>\r\n\r\n<a/>"
XOP = b'<a><n><i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:1@x"/></n></a>'
FILE = b"Content-ID: <1@x>\r\nContent-Transfer-Encoding: binary\r\n\r\n\x00\xff\r\n--c"


def body(*parts, before=b"", after=b""):
    """A body of these parts, with the boundary `b`."""
    return before + b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--" + after


def root(content, kind=b"text/xml; charset=UTF-8"):
    return b"Content-Type: " + kind + b"\r\nContent-ID: <root@x>\r\n\r\n" + content


READ = {
    "the first part": (body(ROOT, FILE), TYPE, b"<a/>", "text/xml; charset=UTF-8"),
    "the one that start names": (body(FILE, ROOT), TYPE + '; start="<root@x>"', b"<a/>", "text/xml; charset=UTF-8"),
    "a start without brackets": (body(FILE, ROOT), TYPE + "; start=root@x", b"<a/>", "text/xml; charset=UTF-8"),
    "words before and after": (
        body(ROOT, before=b"MIME\r\n", after=b"\r\nend"), TYPE, b"<a/>", "text/xml; charset=UTF-8",
    ),
    "a root without a type": (body(b"Content-ID: <1>\r\n\r\n<a/>"), TYPE, b"<a/>", "text/xml"),
    "a root without headers": (body(b"\r\n<a/>"), TYPE, b"<a/>", "text/xml"),
    "white space after a boundary": (
        b"--b \t\r\n" + ROOT + b"\r\n--b--", TYPE, b"<a/>", "text/xml; charset=UTF-8",
    ),
    "a message of SOAP 1.2": (
        body(root(b"<a/>", b'application/soap+xml; action="x"')), TYPE, b"<a/>", 'application/soap+xml; action="x"',
    ),
    "a part of its own encoding": (
        body(b"Content-Type: text/xml\r\nContent-Transfer-Encoding: base64\r\n\r\nPGEv\r\nPg=="),
        TYPE, b"<a/>", "text/xml",
    ),
    "quoted-printable": (
        body(b"Content-Type: text/xml\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<a b=3D'1'/>"),
        TYPE, b"<a b='1'/>", "text/xml",
    ),
    "XOP": (
        body(root(XOP, b'application/xop+xml; charset=UTF-8; type="text/xml"'), FILE), TYPE,
        b"<a><n>AP8NCi0tYw==</n></a>", "text/xml; charset=UTF-8",
    ),
    "XOP of SOAP 1.2": (
        body(root(b"<a/>", b'application/xop+xml; type="application/soap+xml"')), TYPE, b"<a/>", "application/soap+xml",
    ),
    "an Include that is not empty": (
        body(root(b"<a><i:Include href='cid:1@x'> </i:Include></a>"), FILE), TYPE,
        b"<a>AP8NCi0tYw==</a>", "text/xml; charset=UTF-8",
    ),
    "an attachment by its address": (
        body(root(b'<a><bm:f x="1" bm:href="cid:1%40x"/></a>'), FILE), TYPE,
        b'<a><bm:f x="1">AP8NCi0tYw==</bm:f></a>', "text/xml; charset=UTF-8",
    ),
    "what only looks like one": (
        body(root(b'<a href="cid:1@x"><b href="#1"/>cid:9</a>'), FILE), TYPE,
        b'<a href="cid:1@x"><b href="#1"/>cid:9</a>', "text/xml; charset=UTF-8",
    ),
}  # fmt: skip


@pytest.mark.parametrize("sent, content_type, message, media", table(READ))
def test_reads(sent, content_type, message, media):
    assert unpack(sent, content_type, 1000) == (message, media)


REFUSED = {
    "no boundary": (body(ROOT), "multipart/related", "names its boundary"),
    "a boundary that is not there": (body(ROOT), "multipart/related; boundary=c", "nowhere in the request"),
    "an end too early": (body(ROOT)[:-5], TYPE, "ends before its last boundary"),
    "no part": (b"--b--", TYPE, "no part"),
    "no blank line": (body(b"Content-Type: text/xml"), TYPE, "no blank line"),
    "a boundary that goes on": (b"--bc\r\n" + ROOT + b"\r\n--b--", TYPE, "line of a boundary"),
    "a start that is not there": (body(ROOT), TYPE + "; start=other", "names as the start"),
    "a root of another type": (body(root(b"{}", b"application/json")), TYPE, "none of these"),
    "a part that is not there": (body(root(b'<a><b href="cid:9"/></a>')), TYPE, "an href in its message"),
    "an encoding that is none": (
        body(ROOT.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: x\r\n\r\n")), TYPE, "Content-Transfer-Encoding",
    ),
    "no Base64": (
        body(ROOT.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\na")), TYPE, "not Base64",
    ),
    "too many parts": (body(*[ROOT] * 1001), TYPE, "1,000 parts"),
    "one part a hundred times": (
        body(root(b"<a>" + b"<b href='cid:1@x'/>" * 100 + b"</a>"), FILE), TYPE, "3,000 bytes with the parts",
    ),
}  # fmt: skip


@pytest.mark.parametrize("sent, content_type, reason", table(REFUSED))
def test_refuses(sent, content_type, reason):
    with pytest.raises(ProblemError, match=reason):
        unpack(sent, content_type, 3000)


def test_is_told_by_the_content_type():
    assert is_multipart({"content-type": " Multipart/Related; boundary=b"})
    assert not is_multipart({"content-type": "multipart/form-data; boundary=b"})
    assert not is_multipart({})
