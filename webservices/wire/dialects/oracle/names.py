"""
Oracle CPQ's names, by rule: operations, fields, comparators.

    parts.put             modifyParts in the service parts, wrapper Parts
    customer_parts.find   getCustomerParts in the service customerParts, wrapper CustomerParts
    number                part_number of a part, customer_number of a customer
    customer              customer_number where another record names it
    custom_field1         _part_custom_field1
    external_key_1        external_key1 of a part, by a table: SPELLED
    created_at            date_added of a part: STAMPS

The shape is open: every field of a resource appears by itself, in the resource's order, but for those in LEFT_OUT.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache

from records.shapes.criteria import Comparator
from records.shapes.fields import Field, Kind, ScalarField
from records.shapes.problems import Path
from records.shapes.resources import Resource
from webservices.wire.operations import Action, Operation, Verb

PREFIX = "bm"
OLD_NAMESPACE = "urn:soap.bigmachines.com"
NAMESPACES = frozenset({OLD_NAMESPACE, "urn:soap.oracle.com"})
NAMESPACE_OF_SERVICE = "http://xmlns.oracle.com/cpqcloud/"

VERBS: Mapping[Verb | Action, str] = {
    Verb.FIND: "get",
    Verb.ADD: "add",
    Verb.UPDATE: "update",
    Verb.PUT: "modify",
    Verb.REMOVE: "delete",
}
# By the plural of what they are about.
ACTIONS: Mapping[str, Mapping[Verb | Action, str]] = {
    "sessions": {
        Action.OPEN: "login",
        Action.CLOSE: "logout",
        Action.SHOW: "getUserInfo",
        Action.SET_CURRENCY: "setSessionCurrency",
    },
    "user_accounts": {Action.SHOW: "getUser"},
}
# The kinds of record that have a service, by their plurals; contacts and portals have none.
SERVICES: Mapping[str, str] = {
    "parts": "parts",
    "customers": "customers",
    "customer_parts": "customerParts",
    "sales_orders": "salesOrders",
}
SECURITY_SERVICE: Mapping[str, str] = {"sessions": "security"}  # version 1.0 alone has it: 2.0 has no sessions
USERS_SERVICE: Mapping[str, str] = {"user_accounts": "users"}

RECORD = "each_record"
ROW = "each_"  # with the row's own name: `rows` holds `each_row`
CRITERION = "criteria"
BY_CRITERIA = frozenset({Verb.FIND, Verb.REMOVE})
# Of sessions and users, whose fields have no record's name before them.
ACTION_NAMES: Mapping[str, Mapping[str, str]] = {
    "session": {"id": "sessionId", "currency": "sessionCurrency", "user_name": "username"},
    "user_account": {"user_name": "login"},
}
# Names that follow no rule, by the record that has them, each with the others by which it is read.
SPELLED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "part": {
        "partner_price_book_entry_id": ("partner_std_pbook_entry_id",),
        "external_key_1": ("external_key1", "external_key_1"),
        "external_key_2": ("external_key2", "external_key_2"),
        "default_unit_of_measure": ("default_uom_code", "default_uom"),
        "self_service": ("enable_self_service",),
        "extended_description_1": ("extended_description1",),
        "extended_description_2": ("extended_description2",),
    },
}
# Moments that criteria may compare; what is sent of them is passed over. They are answered to a search that has such a
# criterion, as no client of a WSDL without them can have one: many refuse an element that theirs has not.
STAMPS: Mapping[str, Mapping[str, str]] = {"part": {"created_at": "date_added", "changed_at": "date_modified"}}
STAMP_NAMES = frozenset(name for stamps in STAMPS.values() for name in stamps)
STAMP_HELP = "Answered to a search with a criterion on date_added or date_modified; what is sent of it is passed over."
# Flags of a part that are texts here, which may be unset.
TEXT_FLAGS = frozenset({"eligible_to_sell", "eligible_for_service", "self_service"})
FLAG_WORDS: Mapping[str, str] = {"y": "true", "n": "false"}  # beside those that the hub takes itself
NUMBERED = frozenset({"customer", "contact", "part"})  # what other records name by its number

# The sets of fields of which a removal must name one, where that is not the key.
REMOVAL_KEYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "customer_parts": (("customer", "part"), ("customer", "number")),
}

DECLINED = {
    "prices": "Oracle's prices are part of the part; REST has the others.",
    "shipments": "Oracle has no service for shipments; REST and the admin site have them.",
    "contacts": "Oracle has no service for contacts and portals; REST and the admin site have them.",
}
LEFT_OUT = {
    "open_quantity": "Of rows; a client that was generated before there were shipments refuses what it does not know.",
    "id": "Oracle's records are known by their number.",
    "version": "Oracle's records have no version; IfMatch in the header demands one.",
    "created_at": "A part has it, as date_added; no other of Oracle's records has it.",
    "created_by": "Not part of Oracle's record.",
    "changed_at": "A part has it, as date_modified; no other of Oracle's records has it.",
    "changed_by": "Not part of Oracle's record.",
    "customer_part_numbers": "Not part of Oracle's record; a criterion may ask for it.",
    "prices": "Oracle's price holds the ordinary price of each currency and nothing else.",
}
CRITERIA_ONLY = frozenset({"customer_part_numbers"})  # left out of records, but not of criteria
# Our own field, which Oracle's clients do not know: one that fills in every element must not retire a part.
EMPTY_IS_ABSENT = frozenset({"active"})
# Before a name on the wire that is none here, but that the hub would take for one of its own: no element begins so.
UNKNOWN = ":"

# Named one by one, so that a comparator that the hub learns for another wire does not appear in this one's contract.
CONTRACT_COMPARATORS = (
    Comparator.EQUAL,
    Comparator.NOT_EQUAL,
    Comparator.LESS,
    Comparator.AT_MOST,
    Comparator.MORE,
    Comparator.AT_LEAST,
    Comparator.LIKE,
    Comparator.ILIKE,
    Comparator.IN,
)
COMPARATORS: Mapping[str, Comparator] = {each.value.lower(): each for each in CONTRACT_COMPARATORS} | {
    "<>": Comparator.NOT_EQUAL
}


@cache
def words(plural: str) -> str:
    """`customer_parts` is `Customer Parts`, and the sessions are `Security`: the category."""
    return " ".join(map(str.capitalize, SECURITY_SERVICE.get(plural, plural).split("_")))


@cache
def wrapper(plural: str) -> str:
    """`customer_parts` is `CustomerParts`: the element around the records, and the service's title."""
    return words(plural).replace(" ", "")


def has_name(operation: Operation) -> bool:
    """True if the services have a word for what an operation does."""
    return operation.verb in VERBS or operation.verb in ACTIONS.get(operation.resource.plural, {})


def operation_name(operation: Operation) -> str:
    """`modifyParts`, `login`."""
    if (name := ACTIONS.get(operation.resource.plural, {}).get(operation.verb)) is not None:
        return name
    return VERBS[operation.verb] + wrapper(operation.resource.plural)


def namespace(plural: str) -> str:
    """The namespace of a service in version 2.0."""
    return NAMESPACE_OF_SERVICE + {**SERVICES, **USERS_SERVICE}[plural]


def singular(plural: str) -> str:
    """`customer_part` of `customer_parts`: every plural here ends in `s`."""
    return plural.removesuffix("s")


# Bounded, as the names come from messages too: strangers may make up any number of them.
@lru_cache(maxsize=2048)
def field_name(record: str, name: str) -> str:
    """A field's name on the wire; `record` is the resource's own name, such as `part`."""
    if name.startswith(UNKNOWN):
        return name[len(UNKNOWN) :]
    if name in ("number", "display_number"):
        return f"{record}_{name}"
    if record in ACTION_NAMES:
        return ACTION_NAMES[record].get(name, name)
    if name in NUMBERED:
        return f"{name}_number"
    if name in (spelled := SPELLED.get(record, {})):
        return spelled[name][0]
    if name in (stamps := STAMPS.get(record, {})):
        return stamps[name]
    return f"_{record}_{name}" if name.startswith("custom_") else name


@lru_cache(maxsize=64)
def wire_names(resource: Resource) -> Mapping[str, str]:
    """The hub's names of all that records hold and criteria may name, by the names that they have here."""
    criteria_only = [field for field in resource.fields if field.name in CRITERIA_ONLY]
    return {field_name(resource.name, field.name): field.name for field in (*answer_fields(resource), *criteria_only)}


@lru_cache(maxsize=64)
def other_names(record: str) -> Mapping[str, str]:
    """The hub's names of a record's fields by the further names by which they are read."""
    return {other: name for name, spelled in SPELLED.get(record, {}).items() for other in spelled[1:]}


def hub_name(resource: Resource, spelled: str) -> str:
    """Undo `field_name`; a name that spells nothing comes back marked, so that it is never taken for a field."""
    known = wire_names(resource)
    if spelled in known:
        return known[spelled]
    if (other := other_names(resource.name).get(spelled)) is not None and other in resource.by_name:
        return other
    name = spelled.removeprefix("_").removeprefix(f"{resource.name}_")
    # What is no field but spells as it was sent, such as a custom field that the site has not defined, keeps that name
    # when the core refuses it. A name that only the hub has, such as `number`, must not be taken for the field.
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


def wire_fields(resource: Resource) -> tuple[Field, ...]:
    """The fields that a record of a resource has here, in the resource's order."""
    return tuple(field for field in resource.fields if field.name not in LEFT_OUT and not field.secret)


def answer_fields(resource: Resource) -> tuple[Field, ...]:
    """The fields that a record may have in an answer: those, and its stamps."""
    stamps = STAMPS.get(resource.name, {})
    return (*wire_fields(resource), *(field for field in resource.fields if field.name in stamps))


def describe(field: Field) -> Field:
    """Return a field as it is on this wire: some flags are texts, and stamps are answered to who asks for them."""
    if field.name in TEXT_FLAGS and isinstance(field, ScalarField):
        return replace(field, kind=Kind.TEXT, help=f"{field.help} true or false; 1, 0, Y and N are taken, too.")
    return replace(field, help=f"{field.help} {STAMP_HELP}") if field.name in STAMP_NAMES else field


def read_flag(name: str, text: str) -> str:
    """Return the text of a field as the hub takes it."""
    return FLAG_WORDS.get(text.strip().lower(), text) if name in TEXT_FLAGS else text
