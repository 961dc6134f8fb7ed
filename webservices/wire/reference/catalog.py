"""
The catalog of a dialect: its operations in their contexts, by the dialect's own names.

    getParts      PUT /api/v1/parts/{number}/      POST /api/v1/parts/batch/ (put)

And every contract as a file, by its path under `docs/reference/`: made from the declarations alone, so that a test can
compare the committed files with them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import MessageContext, WireRequest
from webservices.wire.operations import Operation, Operations
from webservices.wire.reference.skeletons import skeleton_call


@dataclass(frozen=True)
class Offer:
    """
    An operation in one context.

    name     stable, `put-0`
    label    the dialect's own name of it
    request  an example, for the key `{number}`
    """

    name: str
    label: str
    operation: Operation
    context: MessageContext
    request: WireRequest


def offers(dialect: Dialect, plural: str, operations: Operations) -> list[Offer]:
    """The operations on a kind of record, each in every context that has a label of its own."""
    matching = (operation for operation in operations if operation.resource.plural == plural)
    found = _distinct(_build_offer(dialect, *each) for operation in matching for each in _contexts(dialect, operation))
    return [*_distinguish(found)]


# A page of the test page asks for the same ones several times, and a page beside it for those of all services.
@lru_cache(maxsize=512)
def service_offers(dialect: Dialect, service: str, operations: Operations) -> tuple[Offer, ...]:
    """
    The operations of a service, `Dialect.service`, which may be on several kinds of record.

    One on other records than the first has their name in its own: `customers.put-0`.
    """
    candidates = (each for operation in operations for each in _contexts(dialect, operation))
    found = _distinct(
        _build_offer(dialect, operation, number, context)
        for operation, number, context in candidates
        if dialect.service(operation, context) == service
    )
    first = found[0].operation.resource.plural if found else ""
    return (*_distinguish([_rename_after(offer, first) for offer in found]),)


def _contexts(dialect: Dialect, operation: Operation) -> Iterator[tuple[Operation, int, MessageContext]]:
    for number, context in enumerate(dialect.contexts(operation)):
        yield operation, number, context


def _distinct(candidates: Iterable[Offer]) -> list[Offer]:
    found: dict[tuple[Operation, str], Offer] = {}
    for offer in candidates:
        found.setdefault((offer.operation, offer.label), offer)
    return [*found.values()]


def _rename_after(offer: Offer, first: str) -> Offer:
    plural = offer.operation.resource.plural
    return offer if plural == first else replace(offer, name=f"{plural}.{offer.name}")


def _build_offer(dialect: Dialect, operation: Operation, number: int, context: MessageContext) -> Offer:
    key = {name: f"{{{name}}}" for name in (*operation.resource.key, "id")}
    request = dialect.build_request(skeleton_call(dialect, operation, key, None, "", context), context)
    label = dialect.operation_name(operation, context, request)
    return Offer(f"{operation.verb}-{number}", label, operation, context, request)


def _distinguish(found: Sequence[Offer]) -> Iterator[Offer]:
    """Add to a label that several operations have the verb of each, or the kind of record that it is on."""
    labels = [offer.label for offer in found]
    kinds = {
        offer.label: {each.operation.resource.plural for each in found if each.label == offer.label} for offer in found
    }
    for offer in found:
        operation = offer.operation
        addition = operation.resource.label_plural.lower() if len(kinds[offer.label]) > 1 else operation.verb
        yield replace(offer, label=f"{offer.label} ({addition})") if labels.count(offer.label) > 1 else offer


ADDRESS = "https://hub.example"

Documents = Mapping[str, str]


def documents(operations: Operations) -> Documents:
    """Every contract by its path, `oracle-2.0/parts.wsdl`."""
    return {
        f"{dialect.name}/{name}": text for dialect in DIALECTS for name, text in dialect.documents(operations, ADDRESS)
    }
