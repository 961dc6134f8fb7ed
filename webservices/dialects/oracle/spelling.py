"""
Oracle CPQ's names, by rule: operations, fields, comparators, codes.

    parts.put             modifyParts in the service parts, wrapper Parts
    customer_parts.find   getCustomerParts in the service customerParts, wrapper CustomerParts
    number                part_number
    custom_field1         _part_custom_field1

The shape is open: every field of a resource appears by itself, in the resource's order, but for those in LEFT_OUT.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from records.shapes.criteria import Comparator
from records.shapes.fields import Field
from records.shapes.problems import Family, Path
from records.shapes.resources import Resource
from webservices.operations import Operation, Verb

PREFIX = "bm"
OLD_NAMESPACE = "urn:soap.bigmachines.com"
NAMESPACES = frozenset({OLD_NAMESPACE, "urn:soap.oracle.com"})
NAMESPACE_OF_SERVICE = "http://xmlns.oracle.com/cpqcloud/"
OPTIONS_NAMESPACE = "urn:counterpart:options"

VERBS = {Verb.FIND: "get", Verb.ADD: "add", Verb.UPDATE: "update", Verb.PUT: "modify", Verb.REMOVE: "delete"}
RECORD = "each_record"
CRITERION = "criteria"
BY_CRITERIA = frozenset({Verb.FIND, Verb.REMOVE})

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
EMPTY_IS_ABSENT = frozenset({"active"})  # our own field: a client that fills in every element must not retire a part
UNKNOWN = ":"  # before a name on the wire that is none, but that the hub would take for one of its own

COMPARATORS: Mapping[str, Comparator] = {each.value.lower(): each for each in Comparator} | {"<>": Comparator.NOT_EQUAL}


@cache
def camel_case(plural: str) -> str:
    """`customer_parts` is `customerParts`: the service's name."""
    first, *others = plural.split("_")
    return first + "".join(map(str.capitalize, others))


@cache
def wrapper(plural: str) -> str:
    """`customer_parts` is `CustomerParts`."""
    return "".join(map(str.capitalize, plural.split("_")))


def operation_name(operation: Operation) -> str:
    """`modifyParts`."""
    return VERBS[operation.verb] + wrapper(operation.resource.plural)


def namespace(plural: str) -> str:
    """The namespace of a service in version 2.0."""
    return NAMESPACE_OF_SERVICE + camel_case(plural)


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
    return f"_{record}_{name}" if name.startswith("custom_") else name


@lru_cache(maxsize=2048)
def name_of_field(record: str, spelled: str) -> str:
    """What `field_name` spells so; a name that spells nothing comes back as it is, and is never taken for a field."""
    name = spelled.removeprefix("_").removeprefix(f"{record}_")
    for candidate in (name, spelled):
        if candidate not in LEFT_OUT and field_name(record, candidate) == spelled:
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
        """`PARTS-ERR`, `CUSTOMER-PARTS-ERR`; without a service it is the message that is at fault."""
        return self.text.format(service=plural.upper().replace("_", "-") or "XML")


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
