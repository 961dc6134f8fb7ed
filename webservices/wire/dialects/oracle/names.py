"""
Oracle CPQ's names, by rule: operations, fields, comparators, codes.

    parts.put             modifyParts in the service parts, wrapper Parts
    customer_parts.find   getCustomerParts in the service customerParts, wrapper CustomerParts
    number                part_number of a part, customer_number of a customer
    customer              customer_number where another record names it
    custom_field1         _part_custom_field1

The shape is open: every field of a resource appears by itself, in the resource's order, but for those in LEFT_OUT.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from records.shapes.criteria import Comparator
from records.shapes.fields import Field
from records.shapes.problems import Family, Path, Problem
from records.shapes.resources import Resource
from webservices.wire.operations import Action, Operation, Verb

PREFIX = "bm"
OLD_NAMESPACE = "urn:soap.bigmachines.com"
NAMESPACES = frozenset({OLD_NAMESPACE, "urn:soap.oracle.com"})
NAMESPACE_OF_SERVICE = "http://xmlns.oracle.com/cpqcloud/"

VERBS = {Verb.FIND: "get", Verb.ADD: "add", Verb.UPDATE: "update", Verb.PUT: "modify", Verb.REMOVE: "delete"}
ACTIONS = {
    Action.OPEN: "login",
    Action.CLOSE: "logout",
    Action.SHOW: "getUserInfo",
    Action.SET_CURRENCY: "setSessionCurrency",
}
SERVICES: Mapping[str, str] = {
    "parts": "parts",
    "customers": "customers",
    "customer_parts": "customerParts",
    "sales_orders": "salesOrders",
}  # the kinds of record that have a service, by their plurals; contacts and portals have none
SECURITY_SERVICE: Mapping[str, str] = {"sessions": "security"}  # of version 1.0 alone

RECORD = "each_record"
ROW = "each_"  # with the row's own name: `rows` holds `each_row`
CRITERION = "criteria"
BY_CRITERIA = frozenset({Verb.FIND, Verb.REMOVE})
OF_SESSIONS: Mapping[str, str] = {"id": "sessionId", "currency": "sessionCurrency", "user_name": "username"}
KNOWN_BY_NUMBER = frozenset({"customer", "contact", "part"})  # what other records name by its number

# What a removal must name, where the key alone is not it: one of these sets of fields.
NAMED_TO_REMOVE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "customer_parts": (("customer", "part"), ("customer", "number")),
}

LEFT_OUT = {
    "id": "Oracle's records are known by their number.",
    "version": "Oracle's records have no version; IfMatch in the header demands one.",
    "created_at": "Not part of Oracle's record.",
    "created_by": "Not part of Oracle's record.",
    "changed_at": "Not part of Oracle's record.",
    "changed_by": "Not part of Oracle's record.",
    "customer_part_numbers": "Not part of Oracle's record; a criterion may ask for it.",
    "prices": "Oracle's price holds the ordinary price of each currency and nothing else.",
}
ONLY_ASKED_FOR = frozenset({"customer_part_numbers"})  # left out of records, but not of criteria
EMPTY_IS_ABSENT = frozenset({"active"})  # our own field: a client that fills in every element must not retire a part
UNKNOWN = ":"  # before a name on the wire that is none, but that the hub would take for one of its own

COMPARATORS: Mapping[str, Comparator] = {each.value.lower(): each for each in Comparator} | {"<>": Comparator.NOT_EQUAL}


@cache
def words(plural: str) -> str:
    """`customer_parts` is `Customer Parts`, and the sessions are `Security`: the category."""
    return " ".join(map(str.capitalize, SECURITY_SERVICE.get(plural, plural).split("_")))


@cache
def wrapper(plural: str) -> str:
    """`customer_parts` is `CustomerParts`: the element around the records, and the service's title."""
    return words(plural).replace(" ", "")


def operation_name(operation: Operation) -> str:
    """`modifyParts`, `login`."""
    if operation.verb in ACTIONS:
        return ACTIONS[operation.verb]
    return VERBS[operation.verb] + wrapper(operation.resource.plural)


def namespace(plural: str) -> str:
    """The namespace of a service in version 2.0."""
    return NAMESPACE_OF_SERVICE + SERVICES[plural]


def singular(plural: str) -> str:
    """The resource's own name; every plural here ends in `s`."""
    return plural.removesuffix("s")


@lru_cache(maxsize=2048)
def field_name(record: str, name: str) -> str:
    """A field's name on the wire; `record` is the resource's own name, such as `part`."""
    if name.startswith(UNKNOWN):
        return name[len(UNKNOWN) :]
    if name in ("number", "display_number"):
        return f"{record}_{name}"
    if record == "session":
        return OF_SESSIONS.get(name, name)
    if name in KNOWN_BY_NUMBER:
        return f"{name}_number"
    return f"_{record}_{name}" if name.startswith("custom_") else name


@lru_cache(maxsize=64)
def names_on_the_wire(resource: Resource) -> Mapping[str, str]:
    """What records hold and criteria may name: the hub's name of each, by the name that it has here."""
    asked = [field for field in resource.fields if field.name in ONLY_ASKED_FOR]
    return {field_name(resource.name, field.name): field.name for field in (*on_the_wire(resource), *asked)}


def name_of_field(resource: Resource, spelled: str) -> str:
    """What `field_name` spells so; a name that spells nothing comes back marked, and is never taken for a field."""
    known = names_on_the_wire(resource)
    if spelled in known:
        return known[spelled]
    name = spelled.removeprefix("_").removeprefix(f"{resource.name}_")
    for candidate in (name, spelled):
        if candidate not in resource.by_name and field_name(resource.name, candidate) == spelled:
            return candidate
    return UNKNOWN + spelled


def spell(plural: str, path: Path) -> str:
    """`("price", "USD")` is `price.USD`; entries of lists count from 1: `rows[2].quantity`."""
    if not path:
        return ""
    spelled = field_name(singular(plural), str(path[0]))
    for step in path[1:]:
        spelled += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return spelled


def on_the_wire(resource: Resource) -> tuple[Field, ...]:
    """The fields that a record has here."""
    return tuple(field for field in resource.fields if field.name not in LEFT_OUT and not field.secret)


@dataclass(frozen=True)
class Code:
    """What a family of problem is here: an exception code (`{service}` to be filled in) and who is to blame in 1.2."""

    text: str
    blame: str = "Sender"

    def of(self, plural: str) -> str:
        """`PARTS-ERR`, `CUSTOMER-PARTS-ERR`, `SECURITY-ERR`; without a service it is the message that is at fault."""
        return self.text.format(service=words(plural).upper().replace(" ", "-") or "XML")


OF_THE_SERVICE = Code("{service}-ERR")
XML = Code("XML-ERR")
SECURITY = Code("SECURITY-ERR")
SESSION = Code("SESSION-ERR")

FAMILIES: Mapping[Family, Code] = {
    Family.MISSING: OF_THE_SERVICE,
    Family.INVALID: OF_THE_SERVICE,
    Family.DUPLICATE: OF_THE_SERVICE,
    Family.NOT_FOUND: OF_THE_SERVICE,
    Family.AMBIGUOUS: OF_THE_SERVICE,
    Family.UNRESOLVED: OF_THE_SERVICE,
    Family.IN_USE: OF_THE_SERVICE,
    Family.FILTERED: OF_THE_SERVICE,
    Family.LOCKED: OF_THE_SERVICE,
    Family.CONFLICT: OF_THE_SERVICE,
    Family.ROLLED_BACK: OF_THE_SERVICE,
    Family.INTERNAL: Code("{service}-ERR", "Receiver"),
    Family.MALFORMED: XML,
    Family.UNKNOWN_OPERATION: XML,
    Family.TOO_LARGE: XML,
    Family.UNAUTHENTICATED: SECURITY,
    Family.FORBIDDEN: SECURITY,
    Family.BUSY: Code("{service}-ERR", "Receiver"),
}

CODES: Mapping[str, Code] = {"no-session": SESSION, "session-ended": SESSION}  # of single problems, before their family


def code_of(problem: Problem) -> Code:
    """The exception code of a problem."""
    return CODES.get(problem.code) or FAMILIES[problem.family]
