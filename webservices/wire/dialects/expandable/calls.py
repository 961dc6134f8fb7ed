"""Expandable's calls: their names and addresses, and the operations behind them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from webservices.wire.credentials import Credentials, Password, SignedToken
from webservices.wire.dialects.expandable.context import ExpandableContext
from webservices.wire.dialects.expandable.names import (
    ALL_PROGRAMS,
    BASE,
    OLD_PLAIN_CALLS,
    PLAIN_CALLS,
    PROGRAMS,
    VERBS,
    program_of,
)
from webservices.wire.operations import Operation, Operations

# What the addresses of the calls begin with; REST has its own below /api/ too.
OLD_RESOURCES = tuple(
    dict.fromkeys(
        [
            *(program.old_resource for program in PROGRAMS.values() if program.old_resource),
            *(plain.name.partition("/")[0] for plain in OLD_PLAIN_CALLS.values()),
        ]
    )
)
ADDRESS_PREFIXES = (
    *(f"{BASE}{program.noun}-" for program in ALL_PROGRAMS),
    *(BASE + plain.name for plain in PLAIN_CALLS.values()),
    *(f"{BASE}{resource}/" for resource in OLD_RESOURCES),
)
# The older generation's resources that are not served: their calls are refused in its form.
OLD_UNSERVED = ("VendorPart", "BillOfMaterial", "ShipmentsEntry", "ARInvoiceEntry", "APInvoiceEntry")
OLD_ADDRESS = f"api/(?i:{'|'.join((*OLD_RESOURCES, *OLD_UNSERVED))})/[A-Za-z]+/?"


@dataclass(frozen=True)
class CallName:
    """A call as its address names it; `old`: at an address of the older generation."""

    name: str
    operation: Operation
    old: bool = False


def is_old_address(path: str) -> bool:
    """True if a path is one of the older generation's, whether there is such a call or not."""
    return re.fullmatch(f"/{OLD_ADDRESS}", path) is not None


def call_name(operation: Operation) -> str:
    """`customer-part-create`; "": there is no such call."""
    program = program_of(operation)
    if program is not None:
        return f"{program.noun}-{VERBS[operation.verb]}"
    plain = PLAIN_CALLS.get((operation.resource.plural, operation.verb))
    return plain.name if plain else ""


def old_call_name(operation: Operation) -> str:
    """`CustomerPart/Create`; "": the older generation has no such call."""
    program = program_of(operation)
    if program is not None:
        return f"{program.old_resource}/{VERBS[operation.verb].capitalize()}" if program.old_resource else ""
    plain = OLD_PLAIN_CALLS.get((operation.resource.plural, operation.verb))
    return plain.name if plain else ""


def call_title(operation: Operation) -> str:
    """`Customer Part, Create`."""
    program = program_of(operation)
    if program is None:
        return PLAIN_CALLS[operation.resource.plural, operation.verb].title
    return f"{program.title}, {VERBS[operation.verb].capitalize()}"


def calls(operations: Iterable[Operation]) -> dict[str, Operation]:
    """Return the operations of all calls, by the calls' names."""
    return {name: operation for operation in operations if (name := call_name(operation))}


def call_names(operations: Iterable[Operation]) -> list[str]:
    """Return the names of all calls."""
    return [*calls(operations)]


def call_path(operation: Operation) -> str:
    """`/api/customer-part-create`."""
    return BASE + call_name(operation)


def find_call(path: str, operations: Operations) -> CallName | None:
    """Return the call at a path, with or without a slash at its end; None: there is no such call."""
    if not path.startswith(BASE):
        return None
    name = path.removeprefix(BASE).removesuffix("/")
    if operation := calls(operations).get(name):
        return CallName(name, operation)
    # Its server's addresses have no case.
    old = {old_call_name(each).lower(): each for each in operations if old_call_name(each)}
    operation = old.get(name.lower())
    return CallName(old_call_name(operation), operation, old=True) if operation else None


def find_operation(path: str, operations: Operations) -> Operation | None:
    """Return the operation at a path; None: there is no such call."""
    found = find_call(path, operations)
    return found.operation if found else None


def contexts(operation: Operation) -> tuple[ExpandableContext, ...]:
    """Return the one context of a call; (): the operation has none here."""
    name = call_name(operation)
    return (ExpandableContext(name),) if name else ()


def call_credentials(operation: Operation, password: Password) -> Credentials | None:
    """Return a name and a password where they get a token, the token elsewhere; None: the call needs nobody."""
    if operation.public:
        return None
    return SignedToken(password.secret) if operation.resource.plural in PROGRAMS else password
