"""A call that was sent before as an input of the test page: the fields of the form that show it."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import unquote

from webservices.publishing import operations
from webservices.tester.collections.files import CallContent
from webservices.tester.compose.choices import tabs, versions
from webservices.tester.compose.headers import DRY, additional_headers, format_headers
from webservices.wire.contracts.pretty import indent_message
from webservices.wire.reference.catalog import Offer, service_offers

ANY_VALUE = re.compile(r"\\\{[^}]*\\\}")


def build_form_fields(call: CallContent, generation: int, *, original: str = "") -> dict[str, str]:
    """
    The fields of the form; with version, tab and API when its version is one of this site.

    original  id of the call that it was made of, with which its answer will be compared
    """
    fields = {"method": call.method, "url": call.target, "input": _indent_body(call), "original": original}
    if call.headers.get(DRY, "").lower() in ("true", "1"):
        fields["dry"] = "1"
    default_headers: Mapping[str, str] = {}
    if found := find_offer(call, generation):
        tab, offer = found
        fields |= {"tab": tab, "api": offer.name, "made-for": offer.name}
        default_headers = offer.request.headers
    if _list_offers(generation).get(call.dialect):
        fields["version"] = call.dialect
    return {**fields, "headers": format_headers(additional_headers(call.headers, default_headers))}


def find_offer(call: CallContent, generation: int) -> tuple[str, Offer] | None:
    """The API that a call used, with the name of its tab; None when its version does not offer its operation here."""
    offers = _list_offers(generation).get(call.dialect, ())
    same = [each for each in offers if each[1].operation.name == call.operation]
    # A version may offer one operation at several addresses: the one at the call's own comes first.
    return min(same, key=lambda each: not _has_address(each[1], call), default=None)


def _indent_body(call: CallContent) -> str:
    if "\n" in call.body.strip():
        return call.body  # laid out by whoever wrote it: comments, CDATA and white space stay
    media = "json" if "json" in call.headers.get("content-type", "") else "xml"
    return indent_message(call.body, media) if call.body else ""


@lru_cache(maxsize=2)
def _list_offers(generation: int) -> Mapping[str, Sequence[tuple[str, Offer]]]:
    """The APIs of each version by its name, each with the name of its tab."""
    site = operations(generation)
    return {
        dialect.name: [
            (tab.name, offer) for tab in tabs(dialect, site) for offer in service_offers(dialect, tab.name, site)
        ]
        for dialect in versions(site)
    }


def _has_address(offer: Offer, call: CallContent) -> bool:
    """True if the API has the call's method, and an address like the call's."""
    # A key in the offer's address, `{number}`, stands for any one step.
    pattern = ANY_VALUE.sub("[^/]+", re.escape(unquote(offer.request.path).rstrip("/")))
    path = call.target.partition("?")[0].rstrip("/")
    return offer.request.method == call.method and re.fullmatch(pattern, unquote(path)) is not None
