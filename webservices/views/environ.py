"""
The facts of a request, read from its WSGI environ, which is also what Django calls `request.META`.

Views have an HttpRequest around it, the front (`config.front`) has nothing else.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

from webservices.conf import server_settings
from webservices.wire.messages import WireRequest

Environ = Mapping[str, Any]

FORWARDERS = {"HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP", "HTTP_TRUE_CLIENT_IP", "HTTP_CF_CONNECTING_IP"}
LENGTH_AND_TYPE = {"CONTENT_LENGTH": "content-length", "CONTENT_TYPE": "content-type"}
# All that scheme and host are read from, in addition to the header that a trusted proxy names the scheme in.
PLACE = (
    *("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT"),
    *("HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_PROTO"),
)
HOST_SETTINGS = ("TRUST_PROXY", "SECURE_PROXY_SSL_HEADER", "USE_X_FORWARDED_HOST", "USE_X_FORWARDED_PORT", "DEBUG")


def build_wire_request(environ: Environ, path: str) -> WireRequest:
    """Build the request of a dialect, which reads the body; its path is what Django calls `path_info`."""
    address, is_secure, _ = find_place(environ)
    peer = find_peer(environ)
    return WireRequest(
        method=environ["REQUEST_METHOD"].upper(),
        path=path,
        body=read_body(environ),
        headers=read_headers(environ),
        query=environ.get("QUERY_STRING", ""),
        address=address,
        peer=peer,
        secure=is_secure or _is_local(environ, peer),
    )


def read_headers(environ: Environ) -> dict[str, str]:
    """Return the headers by their names in lower case."""
    headers = {}
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            headers[_header_name(name)] = value
        elif name in LENGTH_AND_TYPE:
            headers[LENGTH_AND_TYPE[name]] = value
    return headers


@lru_cache(maxsize=500)
def _header_name(name: str) -> str:
    return name[5:].replace("_", "-").lower()


class Place(NamedTuple):
    """
    The place where a caller reached us.

    address    scheme and host; of a host that ALLOWED_HOSTS lacks, the first that it has
    is_secure  over TLS
    """

    address: str
    is_secure: bool
    is_allowed: bool


def find_place(environ: Environ) -> Place:
    """Return where the caller reached us."""
    place = tuple([environ.get(name) for name in PLACE])
    # The settings are part of the question, as they may change in a test.
    return _read_place(place, tuple(settings.ALLOWED_HOSTS), *[getattr(settings, each) for each in HOST_SETTINGS])


class _Place(HttpRequest):
    """A request of which only the place is known."""

    def __init__(self, environ: dict[str, Any]) -> None:
        super().__init__()
        self.META = environ

    def _get_scheme(self) -> str:
        return self.META["wsgi.url_scheme"]


@lru_cache(maxsize=100)
def _read_place(place: tuple[str | None, ...], *_settings: object) -> Place:
    request = _Place({name: value for name, value in zip(PLACE, place, strict=True) if value is not None})
    is_allowed = True
    try:
        host = request.get_host()
    except DisallowedHost:
        is_allowed = False
        # `*` names no host, and `.example.com` means every host below it.
        host = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name.strip(".*")), "localhost")
        port = "" if server_settings().trust_proxy else request.get_port()  # a proxy's callers do not know ours
        host += f":{port}" if port not in ("", "80", "443") else ""
    return Place(f"{request.scheme}://{host}", request.is_secure(), is_allowed)


def settle_forwarded_host(environ: dict[str, Any]) -> None:
    """
    Put the host that a trusted proxy names into one header, as it is read from then on.

    Of a list, which chained proxies write, the first is what the caller has typed. A proxy that names no port with it
    may name one in a header of its own; 80 and 443 are often those of an inner listener.
    """
    forwarded, port = (_first(environ.get(f"HTTP_X_FORWARDED_{name}", "")) for name in ("HOST", "PORT"))
    # Where there is neither, none may be made up: a header that names a forwarder tells that a request came from afar.
    if not server_settings().trust_proxy or not (forwarded or port):
        return
    host = forwarded or environ.get("HTTP_HOST", "")
    if not re.search(r":\d*$", host) and re.fullmatch("[0-9]{1,5}", port) and port not in ("80", "443"):
        host += f":{port}"
    environ["HTTP_X_FORWARDED_HOST"] = host


def _first(listed: str) -> str:
    return listed.partition(",")[0].strip()


def find_peer(environ: Environ) -> str:
    """Return the address that the request came from: the last that a trusted proxy names, else the other end."""
    if server_settings().trust_proxy and (forwarded := environ.get("HTTP_X_FORWARDED_FOR", "")):
        # A caller can write anything before it: only the last address was added by the proxy itself.
        return forwarded.rpartition(",")[2].strip()
    return environ.get("REMOTE_ADDR", "")


def is_private(environ: Environ) -> bool:
    """True if nobody on the way could read the request: it came over TLS, or from this machine itself."""
    return find_place(environ).is_secure or _is_local(environ, find_peer(environ))


def _is_local(environ: Environ, peer: str) -> bool:
    """
    True if the request never left this machine.

    One that names a forwarder came through a proxy, so it may have come from anywhere, unless a trusted one says where.
    """
    is_named = server_settings().trust_proxy and environ.get("HTTP_X_FORWARDED_FOR")
    if not is_named and any(name in FORWARDERS or "FORWARDED" in name for name in environ):
        return False
    return _is_loopback(peer)


@lru_cache(maxsize=500)
def _is_loopback(peer: str) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    # A socket that takes both families names an IPv4 peer ::ffff:127.0.0.1.
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def read_body(environ: Environ) -> bytes:
    """Return the body; of one that is too long, no more than shows that it is."""
    # Not Django's `request.body`: its limit is meant for forms. Of a chunked request Django reads nothing, as it has
    # no Content-Length; the server's own stream then ends where the body does.
    at_most = server_settings().max_body_bytes + 1
    if not _is_chunked(environ):
        try:
            at_most = min(int(environ.get("CONTENT_LENGTH") or 0), at_most)
        except ValueError:  # as Django has it
            at_most = 0
    return environ["wsgi.input"].read(at_most) if at_most > 0 else b""


def _is_chunked(environ: Environ) -> bool:
    is_said = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
    return is_said and bool(environ.get("wsgi.input_terminated"))
