"""
The addresses of Oracle CPQ's REST interface, as data.

    /rest/v19/partSetups                      GET finds, POST adds
    /rest/v19/partSetups/36551467             GET, PUT replaces, DELETE
    /rest/v19/partSetups/36551467/prices      GET, POST adds a child
    /rest/v19/partSetups/actions/upsertParts  POST adds or updates many
    /rest/v19/parts                           GET, for sellers

PUT and DELETE of the collection are ours, for numbers that no address can hold: `q` names the part.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from records.shapes.problems import Family, Problem, ProblemError, malformed_error
from webservices.wire.dialects.oracle_rest.context import Entry
from webservices.wire.dialects.oracle_rest.names import (
    BASE,
    CHILDREN,
    EXTENDED_DESCRIPTIONS,
    EXTENDED_TRANSLATIONS,
    KIND,
    PRICES,
    TRANSLATIONS,
    VERSION,
    Child,
)
from webservices.wire.operations import Action, Operation, Operations, Verb

PATH = re.compile(rf"{BASE}v([1-9][0-9]?)(?:/(.*?))?/?", re.ASCII | re.DOTALL)
FIND, ADD, UPDATE, REMOVE, PUT = Verb.FIND, Verb.ADD, Verb.UPDATE, Verb.REMOVE, Verb.PUT
KEY, CHILD_ID = "{id}", "{childId}"
ID = re.compile("[0-9]{1,18}", re.ASCII)  # of a part or of a child


@dataclass(frozen=True)
class Route:
    """
    One address.

    steps    of its path; those in braces stand for any text
    methods  the verb of each, on parts or on what `plural` says
    child    the kind of children that it names
    """

    entry: Entry
    steps: str
    methods: Mapping[str, Verb | Action]
    child: Child | None = None
    plural: str = KIND

    @property
    def pattern(self) -> str:
        """The pattern of its paths, in any version; percent-encoded, so that no text holds a slash."""
        steps = ("[^/]+" if step.startswith("{") else re.escape(step) for step in self.steps.split("/"))
        return f"{BASE}v[1-9][0-9]?/{'/'.join(steps)}/?"

    def match(self, steps: list[str]) -> list[str] | None:
        """Return the texts that stand for the steps in braces; None: a path of these steps goes elsewhere."""
        own = self.steps.split("/")
        if len(own) != len(steps) or any(a != b for a, b in zip(own, steps, strict=True) if not a.startswith("{")):
            return None
        return [step for name, step in zip(own, steps, strict=True) if name.startswith("{")]


def _child_routes() -> Iterator[Route]:
    lists: Mapping[str, Verb] = {"GET": FIND, "POST": UPDATE}
    for child in CHILDREN:
        steps = f"partSetups/{KEY}/" + "/".join(_child_steps(child))
        yield Route(Entry.CHILDREN, steps, lists, child)
        yield Route(
            Entry.CHILD, f"{steps}/{CHILD_ID}", dict.fromkeys(METHODS_OF_CHILD[child], UPDATE) | {"GET": FIND}, child
        )


def _child_steps(child: Child) -> list[str]:
    return [*_child_steps(child.parent), CHILD_ID, child.name] if child.parent else [child.name]


METHODS_OF_CHILD: Mapping[Child, tuple[str, ...]] = {
    PRICES: ("GET", "PUT", "DELETE"),
    TRANSLATIONS: ("GET", "PUT", "DELETE"),
    EXTENDED_DESCRIPTIONS: ("GET", "PUT"),
    EXTENDED_TRANSLATIONS: ("GET", "PUT", "DELETE"),
}
ROUTES = (
    Route(Entry.SETUPS, "partSetups", {"GET": FIND, "POST": ADD, "PUT": UPDATE, "DELETE": REMOVE}),
    Route(Entry.UPSERT, "partSetups/actions/upsertParts", {"POST": PUT}),
    Route(Entry.METADATA, "partSetups/actions/getPartMetadata", {"POST": Action.SHOW}, plural="part_fields"),
    Route(Entry.SETUP, f"partSetups/{KEY}", {"GET": FIND, "PUT": UPDATE, "DELETE": REMOVE}),
    *_child_routes(),
    Route(Entry.PARTS, "parts", {"GET": FIND}),
    Route(Entry.SEARCH, "parts/actions/search", {"POST": FIND}),
    Route(Entry.PART, f"parts/{KEY}", {"GET": FIND}),
    Route(Entry.BOOKS, "priceBooks", {"GET": Action.SHOW}, plural="price_books"),
    Route(Entry.BOOK, "priceBooks/{variableName}", {"GET": Action.SHOW}, plural="price_books"),
    Route(
        Entry.BOOK_TRANSLATIONS,
        "priceBooks/{variableName}/translations",
        {"GET": Action.SHOW},
        plural="price_books",
    ),
)
KNOWN = ", ".join(dict.fromkeys(f"{BASE}v{VERSION}/{route.steps.partition('/')[0]}" for route in ROUTES))


@dataclass(frozen=True)
class Address:
    """An address that there is: its version, and the texts in the places of the steps in braces."""

    route: Route
    version: int
    texts: tuple[str, ...] = ()

    def methods(self, operations: Operations) -> dict[str, Operation]:
        """The methods of the address, with their operations."""
        found = {method: operations.get(self.route.plural, verb) for method, verb in self.route.methods.items()}
        return {method: operation for method, operation in found.items() if operation is not None}


def find_address(path: str) -> Address:
    """Return the address that a path, percent-encoded, names; raises ProblemError when there is none."""
    found = PATH.fullmatch(path)
    steps = [_decode(step) for step in (found[2] or "").split("/")] if found else []
    for route in ROUTES:
        texts = route.match(steps)
        if found and texts is not None and all(text.strip() for text in texts):
            return Address(route, int(found[1]), tuple(texts))
    text = f"There is nothing here. Addresses are {KNOWN}, in any version from v1 to v99."
    raise ProblemError(Problem("unknown-address", Family.NOT_FOUND, text))


def _decode(step: str) -> str:
    # Strictly: what is replaced by U+FFFD could be the number of another part.
    try:
        return unquote(step, errors="strict")
    except UnicodeDecodeError:
        raise malformed_error("wrong-key", "The address is not UTF-8.") from None


OURS = ("PUT", "DELETE")  # of the address of all parts


def allowed_methods(address: Address, methods: Iterable[str]) -> tuple[str, ...]:
    """Return the methods of an address as Allow has them: HEAD goes with GET."""
    told = [each for each in methods if address.route.entry is not Entry.SETUPS or each not in OURS]
    return tuple(each for method in told for each in ((method, "HEAD") if method == "GET" else (method,)))


def entries(operation: Operation) -> Iterator[tuple[Entry, Child | None]]:
    """Return the kinds of address at which an operation is offered; a write of a child is part of updating parts."""
    for route in ROUTES:
        writes_child = route.child is not None and operation.verb is not FIND
        is_ours = route.entry is Entry.SETUPS and operation.verb in (UPDATE, REMOVE)
        is_below = route.entry in (Entry.CHILD, Entry.BOOK_TRANSLATIONS) or (route.child and route.child.parent)
        has_verb = route.plural == operation.resource.plural and operation.verb in route.methods.values()
        if has_verb and not (writes_child or is_ours or is_below):
            yield route.entry, route.child
