"""The addresses of calls: at these the front (`config.front`) mounts the endpoint itself, without Django's request."""

import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import quote

from django.conf import settings

from webservices.endpoint import serve
from webservices.views.environ import Environ, build_wire_request
from webservices.wire.compression import SHORTEST, CompressedChunks, compress, prepare_headers
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import WireResponse


class FrontAddress(Protocol):
    """Addresses at which the front answers by itself."""

    def fits(self, environ: Environ, path: str) -> bool:
        """True if the request is one of those that are answered here; path: decoded."""

    def answer(self, environ: Environ, path: str) -> tuple[WireResponse, Mapping[str, str]]:
        """Return the answer to a request that fits, and all of its headers but those of any message."""


@dataclass(frozen=True)
class CallAddress:
    """
    The addresses of one dialect at which a request of these methods is a call, and nothing else.

    pattern     of the whole path, decoded
    is_encoded  the dialect decodes the steps of the path itself
    """

    pattern: re.Pattern[str]
    dialect: Dialect
    methods: frozenset[str] = frozenset({"POST"})
    is_encoded: bool = False

    def fits(self, environ: Environ, path: str) -> bool:
        """True if the request is a call of this dialect."""
        return environ["REQUEST_METHOD"] in self.methods and self.pattern.fullmatch(path) is not None

    def answer(self, environ: Environ, path: str) -> tuple[WireResponse, Mapping[str, str]]:
        """Return the endpoint's answer to a request that fits, and all of its headers but those of any message."""
        # WSGI has decoded the path, and such a dialect decodes its steps: so it is encoded again.
        wire_path = quote(path, safe="/") if self.is_encoded else path
        response = serve(self.dialect, build_wire_request(environ, wire_path))
        return response, {"Content-Type": response.content_type, **response.headers}


def compress_response(response: WireResponse, headers: MutableMapping[str, str], accepted: str) -> WireResponse:
    """
    Return the response as it is sent, and say in its headers how that is.

    accepted  the Accept-Encoding of the request
    """
    if response.secret or (response.chunks is None and len(response.body) < SHORTEST):
        return response
    if not prepare_headers(headers, accepted):
        return response
    if response.chunks is None:
        return replace(response, body=compress(response.body))
    return replace(response, chunks=CompressedChunks(response.chunks))


def takes_short_way(environ: Environ) -> bool:
    """True if calls need nothing of Django's middleware: nobody has mounted the site below a path, nor is TLS asked."""
    return not environ.get("SCRIPT_NAME") and not settings.HTTPS
