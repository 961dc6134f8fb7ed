"""What a request says of where it came from, and whether that is believed."""

import pytest
from django.test import RequestFactory

from records.tests.cast import table
from webservices.views.http import wire_request

FROM = {
    "this machine": ({"REMOTE_ADDR": "127.0.0.1"}, False, "127.0.0.1", True),
    "this machine, IPv6": ({"REMOTE_ADDR": "::1"}, False, "::1", True),
    "this machine, IPv4 in IPv6": ({"REMOTE_ADDR": "::ffff:127.0.0.1"}, False, "::ffff:127.0.0.1", True),
    "another": ({"REMOTE_ADDR": "10.0.0.7"}, False, "10.0.0.7", False),
    "another over TLS": ({"REMOTE_ADDR": "10.0.0.7", "wsgi.url_scheme": "https"}, False, "10.0.0.7", True),
    "a socket of no address": ({"REMOTE_ADDR": ""}, False, "", False),
    "a proxy here that is not trusted": ({"HTTP_X_FORWARDED_FOR": "10.0.0.7"}, False, "127.0.0.1", False),
    "one that says it is here": (
        {"REMOTE_ADDR": "10.0.0.7", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False, "10.0.0.7", False,
    ),
    **{
        f"a proxy here that only says {name}": ({f"HTTP_{name}": "10.0.0.7"}, trusted, "127.0.0.1", False)
        for name in ("VIA", "X_REAL_IP", "FORWARDED", "X_FORWARDED_HOST", "X_FORWARDED", "X_ORIGINAL_FORWARDED_FOR")
        for trusted in (False, True)
    },
    "another, by a trusted proxy": ({"HTTP_X_FORWARDED_FOR": "10.0.0.7"}, True, "10.0.0.7", False),
    "another that names more before the trusted proxy": (
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1, 10.0.0.7"}, True, "10.0.0.7", False,
    ),
    "another over TLS, by a trusted proxy": (
        {"HTTP_X_FORWARDED_FOR": "10.0.0.7", "HTTP_X_FORWARDED_PROTO": "https"}, True, "10.0.0.7", True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("meta, trusted, peer, secure", table(FROM))
def test_where_a_request_came_from(settings, meta, trusted, peer, secure):
    settings.TRUST_PROXY = trusted
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if trusted else None

    wire = wire_request(RequestFactory().post("/v2_0/receiver/parts", b"<a/>", content_type="text/xml", **meta))

    assert (wire.peer, wire.secure) == (peer, secure)


def test_a_request_keeps_its_bytes():
    request = RequestFactory().post("/p/?q=%41&q=b", b"\xff\x00", content_type="text/xml", HTTP_SOAPACTION='"x"')

    wire = wire_request(request)

    assert (wire.method, wire.path, wire.query, wire.body) == ("POST", "/p/", "q=%41&q=b", b"\xff\x00")
    assert wire.headers["soapaction"] == '"x"'
    assert wire.address == "http://testserver"
