"""Expandable's calls: their names and addresses, and the operations behind them."""

from collections.abc import Iterable

from webservices.wire.credentials import Credentials, Password, SignedToken
from webservices.wire.dialects.expandable.context import ExpandableContext
from webservices.wire.dialects.expandable.names import BASE, PLAIN_CALLS, PROGRAMS, VERBS
from webservices.wire.operations import Operation, Operations

# What the addresses of the calls begin with; REST has its own below /api/ too.
ADDRESS_PREFIXES = (
    *(f"{BASE}{program.noun}-" for program in PROGRAMS.values()),
    *(BASE + plain.name for plain in PLAIN_CALLS.values()),
)


def call_name(operation: Operation) -> str:
    """`customer-part-create`; "": there is no such call."""
    program = PROGRAMS.get(operation.resource.plural)
    if program is not None:
        return f"{program.noun}-{VERBS[operation.verb]}" if operation.verb in VERBS else ""
    plain = PLAIN_CALLS.get((operation.resource.plural, operation.verb))
    return plain.name if plain else ""


def call_title(operation: Operation) -> str:
    """`Customer Part, Create`."""
    program = PROGRAMS.get(operation.resource.plural)
    if program is None:
        return PLAIN_CALLS[operation.resource.plural, operation.verb].title
    return f"{program.title}, {VERBS[operation.verb].capitalize()}"


def calls(operations: Iterable[Operation]) -> dict[str, Operation]:
    """Return the operations of all calls, by the calls' names."""
    return {name: operation for operation in operations if (name := call_name(operation))}


def call_path(operation: Operation) -> str:
    """`/api/customer-part-create`."""
    return BASE + call_name(operation)


def find_operation(path: str, operations: Operations) -> Operation | None:
    """Return the operation at a path, with or without a slash at its end; None: there is no such call."""
    return calls(operations).get(path.removeprefix(BASE).removesuffix("/")) if path.startswith(BASE) else None


def contexts(operation: Operation) -> tuple[ExpandableContext, ...]:
    """Return the one context of a call; (): the operation has none here."""
    name = call_name(operation)
    return (ExpandableContext(name),) if name else ()


def call_credentials(operation: Operation, password: Password) -> Credentials | None:
    """Return a name and a password where they get a token, the token elsewhere; None: the call needs nobody."""
    if operation.public:
        return None
    return SignedToken(password.secret) if operation.resource.plural in PROGRAMS else password
