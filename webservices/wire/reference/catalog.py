"""
What a dialect offers: its operations in their manners, by the names that it calls them.

    getParts      PUT /api/v1/parts/{number}/      POST /api/v1/parts/batch/ (put)
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import MessageContext, WireRequest
from webservices.wire.operations import Operation, Operations
from webservices.wire.reference.skeletons import skeleton_call


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
    context: MessageContext
    request: WireRequest


def offers(dialect: Dialect, plural: str, operations: Operations) -> list[Offer]:
    """The operations on a kind of record, each in every manner that has a label of its own."""
    asked = (operation for operation in operations if operation.resource.plural == plural)
    found = _distinct(_offer(dialect, *each) for operation in asked for each in _manners(dialect, operation))
    return [*_told_apart(found)]


def service_offers(dialect: Dialect, service: str, operations: Operations) -> list[Offer]:
    """
    The same of a service, `Dialect.service`: its operations may be on several kinds of record.

    One on other records than the first has their name in its own: `customers.put-0`.
    """
    asked = (each for operation in operations for each in _manners(dialect, operation))
    found = _distinct(
        _offer(dialect, operation, number, context)
        for operation, number, context in asked
        if dialect.service(operation, context) == service
    )
    first = found[0].operation.resource.plural if found else ""
    return [*_told_apart([_named_after(offer, first) for offer in found])]


def _manners(dialect: Dialect, operation: Operation) -> Iterator[tuple[Operation, int, MessageContext]]:
    for number, context in enumerate(dialect.contexts(operation)):
        yield operation, number, context


def _distinct(offered: Iterable[Offer]) -> list[Offer]:
    found: dict[tuple[Operation, str], Offer] = {}
    for offer in offered:
        found.setdefault((offer.operation, offer.label), offer)
    return [*found.values()]


def _named_after(offer: Offer, first: str) -> Offer:
    plural = offer.operation.resource.plural
    return offer if plural == first else replace(offer, name=f"{plural}.{offer.name}")


def _offer(dialect: Dialect, operation: Operation, number: int, context: MessageContext) -> Offer:
    key = {name: f"{{{name}}}" for name in (*operation.resource.key, "id")}
    request = dialect.build_request(skeleton_call(dialect, operation, key, None, "", context), context)
    label = dialect.operation_name(operation, context, request)
    return Offer(f"{operation.verb}-{number}", label, operation, context, request)


def _told_apart(found: Sequence[Offer]) -> Iterator[Offer]:
    """Where several operations have one label, each gets its verb beside it, or the kind of record that it is on."""
    labels = [offer.label for offer in found]
    kinds = {
        offer.label: {each.operation.resource.plural for each in found if each.label == offer.label} for offer in found
    }
    for offer in found:
        operation = offer.operation
        beside = operation.resource.label_plural.lower() if len(kinds[offer.label]) > 1 else operation.verb
        yield replace(offer, label=f"{offer.label} ({beside})") if labels.count(offer.label) > 1 else offer
