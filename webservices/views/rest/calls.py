"""REST's calls, of programs; DRF serves browsers, and who has signed in to the admin site."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.cache import cc_delim_re

from webservices.declarations import OPERATIONS
from webservices.views.calls import CallAddress
from webservices.views.environ import Environ, find_place
from webservices.views.rest.views import RESOURCES, VARY, RecordsView
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.dialects.rest.names import BASE, BATCH, Entry, has_batch, segment
from webservices.wire.dialects.rest.routing import Address, allowed_methods
from webservices.wire.messages import WireResponse

SEGMENTS = {segment(resource): resource for resource in RESOURCES.values()}
ACCEPTED = frozenset({"*/*", "application/json", "text/plain"})  # the last goes with one of the others


@dataclass(frozen=True)
class RestCallAddress(CallAddress):
    """The addresses of records, for who brings credentials and takes JSON."""

    def fits(self, environ: Environ, path: str) -> bool:
        return (
            super().fits(environ, path)
            and bool(environ.get("HTTP_AUTHORIZATION"))
            and _accepts_json(environ.get("HTTP_ACCEPT", ""))
            and "format" not in environ.get("QUERY_STRING", "")  # DRF's parameter, which asks for a page
            and find_place(environ).is_allowed
            and not RecordsView.throttle_classes
        )

    def answer(self, environ: Environ, path: str) -> tuple[WireResponse, Mapping[str, str]]:
        response, headers = super().answer(environ, path)
        if not response.body and response.chunks is None:
            headers = {name: value for name, value in headers.items() if name != "Content-Type"}
        return response, {**headers, "Vary": VARY, "Allow": _find_allowed(*_split(path))}


@lru_cache(maxsize=100)
def _accepts_json(accept: str) -> bool:
    kinds = {each for each in cc_delim_re.split(accept.strip()) if each}
    return kinds <= ACCEPTED and kinds != {"text/plain"}


def _split(path: str) -> tuple[str, Entry]:
    """Return the segment of a path and the kind of its address, as `urls` routes it."""
    name, _, rest = path.removeprefix(BASE).partition("/")
    is_batch = rest in (BATCH, f"{BATCH}/") and has_batch(SEGMENTS[name])
    return name, Entry.BATCH if is_batch else Entry.ONE if rest else Entry.MANY


@lru_cache(maxsize=100)
def _find_allowed(name: str, entry: Entry) -> str:
    return ", ".join(allowed_methods(Address(SEGMENTS[name], entry).methods(OPERATIONS)))


CALL = RestCallAddress(
    re.compile(rf"{BASE}(?:{'|'.join(SEGMENTS)})(?:/[\s\S]*)?"),
    REST,
    frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"}),
    is_encoded=True,
)
