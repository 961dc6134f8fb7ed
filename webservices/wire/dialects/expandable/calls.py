"""The calls that there are: their names, and the operations behind them."""

from collections.abc import Iterable

from webservices.wire.credentials import Credentials, Password, SignedToken
from webservices.wire.dialects.expandable.context import ExpandableContext
from webservices.wire.dialects.expandable.names import BASE, PLAIN, PROGRAMS, VERBS
from webservices.wire.operations import Operation, Operations

SERVED = (
    *(f"{BASE}{program.noun}-" for program in PROGRAMS.values()),
    *(BASE + plain.name for plain in PLAIN.values()),
)  # what the addresses of the calls begin with


def name_of(operation: Operation) -> str:
    """`customer-part-create`; "": there is no such call."""
    program = PROGRAMS.get(operation.resource.plural)
    if program is not None:
        return f"{program.noun}-{VERBS[operation.verb]}" if operation.verb in VERBS else ""
    plain = PLAIN.get((operation.resource.plural, operation.verb))
    return plain.name if plain else ""


def title_of(operation: Operation) -> str:
    """`Customer Part, Create`."""
    program = PROGRAMS.get(operation.resource.plural)
    if program is None:
        return PLAIN[operation.resource.plural, operation.verb].title
    return f"{program.title}, {VERBS[operation.verb].capitalize()}"


def calls(operations: Iterable[Operation]) -> dict[str, Operation]:
    """All calls by name."""
    return {name: operation for operation in operations if (name := name_of(operation))}


def path_of(operation: Operation) -> str:
    return BASE + name_of(operation)


def operation_at(path: str, operations: Operations) -> Operation | None:
    """What is asked at a path, with or without a slash at its end."""
    return calls(operations).get(path.removeprefix(BASE).removesuffix("/")) if path.startswith(BASE) else None


def contexts(operation: Operation) -> tuple[ExpandableContext, ...]:
    """The one way in which a call is made."""
    name = name_of(operation)
    return (ExpandableContext(name),) if name else ()


def carried(operation: Operation, who: Password) -> Credentials | None:
    """A name and a password get a token; a token then gets everything else, and some calls need nobody."""
    if operation.public:
        return None
    return SignedToken(who.secret) if operation.resource.plural in PROGRAMS else who
