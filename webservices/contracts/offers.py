"""
What a dialect offers: its operations in their manners, by the names that it calls them.

    getParts      PUT /api/v1/parts/{number}/      POST /api/v1/parts/batch/ (put)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from lxml import etree

from webservices.contracts.skeletons import skeleton_call
from webservices.dialects.shape import Dialect
from webservices.messages import Manner, WireRequest
from webservices.operations import Operation, Operations


@dataclass(frozen=True)
class Offer:
    """
    An operation in one manner.

    name     stable, `put-0`
    label    what the dialect calls it
    request  how it is asked for the key `{number}`
    """

    name: str
    label: str
    operation: Operation
    manner: Manner
    request: WireRequest


def offers(dialect: Dialect, plural: str, operations: Operations) -> list[Offer]:
    """The operations on a kind of record, each in every manner that has a label of its own."""
    found: dict[tuple[Operation, str], Offer] = {}
    for operation in operations:
        if operation.resource.plural == plural:
            for number, manner in enumerate(dialect.manners(operation)):
                offer = _offer(dialect, operation, manner, number)
                found.setdefault((operation, offer.label), offer)
    return [*_told_apart([*found.values()])]


def _offer(dialect: Dialect, operation: Operation, manner: Manner, number: int) -> Offer:
    key = {name: f"{{{name}}}" for name in (*operation.resource.key, "id")}
    request = dialect.ask(skeleton_call(dialect, operation, key, None, "", manner), manner)
    label = dialect.called(operation, manner) if dialect.called else _LABELS[dialect.media](request)
    return Offer(f"{operation.verb}-{number}", label, operation, manner, request)


def _name_of_body(request: WireRequest) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.QName(etree.fromstring(request.body, parser)[-1][0]).localname


_LABELS = {
    "xml": _name_of_body,
    "json": lambda request: f"{request.method} {unquote(request.path)}",
}


def _told_apart(found: Sequence[Offer]) -> Iterator[Offer]:
    """Where several operations have one label, each gets its verb beside it."""
    labels = [offer.label for offer in found]
    for offer in found:
        shared = labels.count(offer.label) > 1
        yield replace(offer, label=f"{offer.label} ({offer.operation.verb})") if shared else offer
