"""
The names of Oracle CPQ's REST interface, by rule: fields, children of a part, comparators.

    number                  partNumber
    lead_time               leadTime
    custom_field1           _part_custom_field1
    description             description, and translations for the other languages
    price                   the child collection prices

The shape is open: every field of a part appears by itself, in the resource's order, but for those in LEFT_OUT.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256

from records.shapes.criteria import Comparator
from records.shapes.fields import Field, Kind, MapField
from records.shapes.problems import Path
from records.shapes.resources import Resource
from webservices.wire.dialects.oracle.classic import NAMES as CLASSIC_NAMES

LABEL = "Oracle CPQ REST"
BASE = "/rest/"
VERSION = 19  # of the requests that are built: the latest that Oracle describes for all of these addresses
LIST_PRICE_SINCE = 18
JSON_TYPE = "application/json"
KIND = "parts"  # the one kind of record that this wire has
PRICE_BOOK = "_default_price_book"

# Where the rule would spell a field otherwise than Oracle does.
FIELD_NAMES: Mapping[str, str] = {
    "number": "partNumber",
    "display_number": "partDisplayNumber",
    "partner_price_book_entry_id": "partnerStandardPriceBookEntryId",
    "default_unit_of_measure": "defaultUOMCode",
    "self_service": "enableSelfService",
    "created_at": "dateAdded",
    "changed_at": "dateModified",
}
CUSTOM_PREFIX = "_part_"
TEXTS = frozenset({"units", "eligible_to_sell", "eligible_for_service", "self_service"})  # though no text in the hub
FLAGS: Mapping[str, str] = {"y": "true", "n": "false", "true": "true", "false": "false", "1": "true", "0": "false"}
# Oracle's own word for a choice, where the hub's differs from it.
DISPLAY_VALUES: Mapping[tuple[str, str], str] = {("direct_buy", "1"): "Direct Buy"}
LOOKUP_CODE, DISPLAY_VALUE = "lookupCode", "displayValue"
LINKS = "links"
DATES = frozenset({"created_at", "changed_at"})
# What `PUT` leaves as it is when it is absent: what names the part, and our own field, which Oracle's clients do not
# know. A body that leaves it out must not bring a part back that is no longer sold.
NOT_BLANKED = frozenset({"number", "active"})
FORCED = frozenset({"id", "partNumber"})  # in an answer whatever `fields` says
NOT_CONFIGURABLE = '{"lookupCode":"0","displayValue":"Not Configurable"}'
# The members of a part that is read at `parts`, beside its fields. The hub has no models and no products.
SELLER_MEMBERS: Mapping[str, str] = {
    "configurableFlag": NOT_CONFIGURABLE,
    "bomItemVariableName": "null",
    "salesProductType": "null",
}
LIST_PRICE = "listPrice"

DECLINED = {
    "prices": "Oracle's prices are children of a part, one for each currency; the hub's own REST API has the others.",
    "customers": "Oracle CPQ has no REST resource of customers.",
    "contacts": "Oracle CPQ has no REST resource of contacts.",
    "customer_parts": "Oracle CPQ has no REST resource of customer parts.",
    "sales_orders": "A transaction of Oracle CPQ has the fields of each site's own process.",
    "shipments": "Oracle CPQ has no REST resource of shipments.",
}
LEFT_OUT = {
    "version": "Oracle's parts have no version; the header ETag says it, and If-Match demands it.",
    "created_by": "Not part of Oracle's part.",
    "changed_by": "Not part of Oracle's part.",
    "customer_part_numbers": "Not part of Oracle's part.",
    "prices": "A child here is the ordinary price of a currency and nothing else.",
}

COMPARATORS: Mapping[str, Comparator] = {
    "$eq": Comparator.EQUAL,
    "$ne": Comparator.NOT_EQUAL,
    "$gt": Comparator.MORE,
    "$gte": Comparator.AT_LEAST,
    "$lt": Comparator.LESS,
    "$lte": Comparator.AT_MOST,
}
EXISTS, AND, OR = "$exists", "$and", "$or"


@dataclass(frozen=True, eq=False)
class Child:
    """
    A kind of children of a part.

    name     its step in an address
    members  the members of a child, by the map fields of the part that hold them
    parent   the kind of children that it is below; None: the part itself
    is_one   a part has at most one: its members are in the language of the site
    """

    name: str
    members: Mapping[str, str]
    parent: "Child | None" = None
    is_one: bool = False

    @property
    def path(self) -> str:
        """`extendedDescriptions.translations`: how `expand` names it."""
        return f"{self.parent.path}.{self.name}" if self.parent else self.name

    def fields(self, resource: Resource) -> tuple[MapField, ...]:
        """The fields of a resource that it shows."""
        return _child_fields(self, resource)

    def codes(self, resource: Resource) -> list[str]:
        """The languages or currencies that a child may have."""
        return [code for field in self.fields(resource) for code, _ in field.keys.choices]


@lru_cache(maxsize=256)
def _child_fields(child: Child, resource: Resource) -> tuple[MapField, ...]:
    found = (resource.by_name.get(name) for name in child.members)
    return tuple(field for field in found if field is not None and field.kind is Kind.MAP)


_EXTENDED = {
    "extended_description_1": "partExtendedDescription1",
    "extended_description_2": "partExtendedDescription2",
}
PRICES = Child("prices", {"price": "price"})
TRANSLATIONS = Child("translations", {"description": "description"})
EXTENDED_DESCRIPTIONS = Child("extendedDescriptions", _EXTENDED, is_one=True)
EXTENDED_TRANSLATIONS = Child("translations", _EXTENDED, parent=EXTENDED_DESCRIPTIONS)
CHILDREN = (PRICES, TRANSLATIONS, EXTENDED_DESCRIPTIONS, EXTENDED_TRANSLATIONS)
CHILD_FIELDS: Mapping[str, Child] = {name: child for child in CHILDREN[:3] for name in child.members}

HASH_BITS = 24  # as many leave room for 2**29 parts among the whole numbers that JavaScript has exactly


# By its path and not by itself: what is below another has the same name as what is not.
@lru_cache(maxsize=1024)
def _code_hash(path: str, code: str) -> int:
    return int.from_bytes(sha256(f"{path} {code}".encode()).digest()[: HASH_BITS // 8])


def child_id(part: int, child: Child, code: str) -> int:
    """Return the id of a child: that of its part, and a hash of its kind and of its language or currency."""
    return (part << HASH_BITS) + _code_hash(child.path, code)


def split_child_id(id_: int) -> tuple[int, int]:
    """Return the id of the part, and the hash, that the id of a child is made of."""
    return id_ >> HASH_BITS, id_ & ((1 << HASH_BITS) - 1)


def find_codes(child: Child, hashed: int, resource: Resource) -> list[str]:
    """Return the languages or currencies that a hash may stand for; all but never are there two."""
    codes = [""] if child.is_one else dict.fromkeys(child.codes(resource))
    return [code for code in codes if _code_hash(child.path, code) == hashed]


def children_of(resource: Resource) -> tuple[Child, ...]:
    """Return the kinds of children that the parts of a site have."""
    return tuple(child for child in CHILDREN if child.fields(resource))


def is_classic(spelled: str) -> bool:
    """True for the name of a custom field that every classic site of Oracle's has, whether this one has it or not."""
    return spelled.startswith(CUSTOM_PREFIX) and spelled.removeprefix(CUSTOM_PREFIX) in CLASSIC_NAMES


# Bounded, as the names come from messages too: strangers may make up any number of them.
@lru_cache(maxsize=2048)
def field_name(name: str) -> str:
    """A field's name on the wire."""
    if name.startswith("custom_"):
        return CUSTOM_PREFIX + name
    first, *rest = name.split("_")
    return FIELD_NAMES.get(name) or first + "".join(word[:1].upper() + word[1:] for word in rest)


@lru_cache(maxsize=64)
def wire_names(resource: Resource) -> Mapping[str, str]:
    """The hub's names of all fields that a part has here, by the names that they have here."""
    return {field_name(field.name): field.name for field in wire_fields(resource)}


@lru_cache(maxsize=64)
def wire_fields(resource: Resource) -> tuple[Field, ...]:
    """The fields that a part has here as members of its own or as children, in the resource's order."""
    return tuple(field for field in resource.fields if field.name not in LEFT_OUT and not field.secret)


@lru_cache(maxsize=64)
def own_fields(resource: Resource) -> tuple[Field, ...]:
    """The fields that are members of a part: all but the children, of which the description is both."""
    return tuple(field for field in wire_fields(resource) if field.name not in CHILD_FIELDS or is_described(field))


def is_described(field: Field) -> bool:
    """True for a map that is a member of the part in the site's language, and a child in each."""
    return field.name in TRANSLATIONS.members


# Before a name that is none here, but that the hub would take for one of its own: no member begins so.
UNKNOWN = ":"


def hub_name(resource: Resource, spelled: str) -> str:
    """Undo `field_name`; a name that spells nothing comes back as it is, or marked where the hub has a field so."""
    known = wire_names(resource)
    if spelled in known and known[spelled] not in CHILD_FIELDS:
        return known[spelled]
    if spelled in TRANSLATIONS.members.values():
        return spelled
    return UNKNOWN + spelled


def is_lookup(field: Field) -> bool:
    """True for a field that is chosen from a menu; codes of the site's own tables are bare texts."""
    return bool(field.choices) and field.kind not in (Kind.MAP, Kind.LIST, Kind.ROWS) and not _code_list(field)


def _code_list(field: Field) -> str:
    return getattr(field, "code_list", "")


@cache
def _child_spelling(name: str) -> str:
    child = CHILD_FIELDS[name]
    return child.path if len(child.members) == 1 else f"{child.path}.{child.members[name]}"


def spell(path: Path, language: str = "") -> str:
    """
    Spell the path of a field: `leadTime`, `prices[USD]`, `translations[de]`.

    language  that in which the part's own members are
    """
    if not path:
        return ""
    first, *steps = map(str, path)
    if first.startswith(UNKNOWN):
        spelled = first[len(UNKNOWN) :]
    elif first in TRANSLATIONS.members and steps in ([], [language]):
        return TRANSLATIONS.members[first]
    else:
        spelled = _child_spelling(first) if first in CHILD_FIELDS else field_name(first)
    return spelled + "".join(f"[{step}]" for step in steps)
