"""A call that was made before as an input of the test page: what its form is given to show it."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import unquote

from webservices.publishing.site_operations import operations
from webservices.tester.collections.files import Call
from webservices.tester.compose.choices import tabs, versions
from webservices.tester.compose.headers import DRY, beyond, lines_of_headers
from webservices.wire.contracts.pretty import indented
from webservices.wire.reference.catalog import Offer, service_offers

ANY = re.compile(r"\\\{[^}]*\\\}")


def fields_of(call: Call, generation: int, *, original: str = "") -> dict[str, str]:
    """
    The fields of the form; with version, tab and API when its version is one of this site.

    original  id of the call that it was made of, with which its answer will be compared
    """
    fields = {"method": call.method, "url": call.target, "input": _indented(call), "original": original}
    if call.headers.get(DRY, "").lower() in ("true", "1"):
        fields["dry"] = "1"
    offered, usual = _offered(generation).get(call.dialect, ()), {}
    found = [each for each in offered if each[1].operation.name == call.operation]
    for tab, offer in sorted(found, key=lambda each: not _is_asked_at(each[1], call))[:1]:
        fields |= {"tab": tab, "api": offer.name, "made-for": offer.name}
        usual = offer.request.headers
    if offered:
        fields["version"] = call.dialect
    return {**fields, "headers": lines_of_headers(beyond(call.headers, usual))}


def _indented(call: Call) -> str:
    media = "json" if "json" in call.headers.get("content-type", "") else "xml"
    return indented(call.body, media) if call.body else ""


@lru_cache(maxsize=2)
def _offered(generation: int) -> Mapping[str, Sequence[tuple[str, Offer]]]:
    """What each version offers, each with the name of its tab."""
    known = operations(generation)
    return {
        dialect.name: [
            (tab.name, offer) for tab in tabs(dialect, known) for offer in service_offers(dialect, tab.name, known)
        ]
        for dialect in versions(known)
    }


def _is_asked_at(offer: Offer, call: Call) -> bool:
    """Whether the offer is asked by the call's method, at an address like the call's."""
    fixed = ANY.sub("[^/]+", re.escape(unquote(offer.request.path).rstrip("/")))
    path = call.target.partition("?")[0].rstrip("/")
    return offer.request.method == call.method and re.fullmatch(fixed, unquote(path)) is not None
