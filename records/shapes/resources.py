"""One kind of record as callers see it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cached_property, lru_cache

from records.shapes.fields import CodeLists, Field, Kind, MapField, ScalarField
from records.shapes.values import Values

Limits = tuple[int | None, bool | None, str]  # the arguments of `Field.restrict`

LONGEST_NAME = 60  # characters of a name that another is looked for: a longer one is no slip
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
VENDOR = "vendor"  # the field and the column of vendor data
NEAR_WORD, NEAR_NAME = 0.5, 0.75  # how like each word must be, and the whole, from 0 to 1


# By identity: resources are keys of caches, and their examples are dicts, which have no hash.
@dataclass(frozen=True, eq=False)
class Resource:
    """
    An immutable description: names, fields in their order, key, examples. Two are equal when they are the same one.

    name, plural   snake_case, `part` and `parts`
    key            the names of the fields that find a record
    examples       whole records, the first is the one that skeletons use
    generation     the counter of the site's definitions it was compiled for
    base           what the site has extended; None: it is as declared
    has_vendor_data  its model has a column for what a vendor's wire alone says of a record
    vendor_view    fields of a related record that a vendor's wire sees and no other: only read, or other names for what
                   a field names; a map among them without a source is that record's own vendor data
    limits_from    of what is stored as other records are: by its field, the resource and its field that hold it
    added_as       the name of the resource as which it is stored, whose outcome it has; "": it is stored by itself
    custom_from    the name of the resource whose custom fields it has; "": those of its own name
    search_fields  where a search looks beside the key and the record's own words: a text that may begin with what is
                   searched for, `customer.words`, the words of the record that a field names, or `rows.part_number`,
                   the beginning of the name of what the rows name
    site_table     it is a table of the site, whose records others name: no vendor's wire has a service for it
    renamable      one that is found by its id may take another key
    """

    name: str
    plural: str
    label: str
    label_plural: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    examples: tuple[Values, ...] = ()
    help: str = ""
    generation: int = 0
    base: "Resource | None" = None
    has_vendor_data: bool = False
    vendor_view: tuple[Field, ...] = ()
    limits_from: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    added_as: str = ""
    custom_from: str = ""
    search_fields: tuple[str, ...] = ()
    site_table: bool = False
    renamable: bool = False

    @property
    def custom_owner(self) -> str:
        """The name of the resource for which an admin defines its custom fields."""
        return self.custom_from or self.name

    @property
    def vendor(self) -> str:
        """The vendor whose data it has as well; "": nobody's."""
        field = self.by_name.get(VENDOR)
        return field.json_key if field is not None and field.kind is Kind.MAP else ""

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def vendor_by_name(self) -> Mapping[str, Field]:
        """All fields by name, with those that a vendor's wire alone sees."""
        return {**{field.name: field for field in self.vendor_view}, **self.by_name}

    @cached_property
    def writable(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.writable)

    @cached_property
    def key_fields(self) -> tuple[Field, ...]:
        return tuple(self.by_name[name] for name in self.key)

    def needs(self, field: Field) -> bool:
        """True if no new record goes without it: it is required, or a part of the key that nothing stands in for."""
        stands_in = field.auto_number or field.default is not None or (field.nullable and field.reference is None)
        return field.required or (field.name in self.key and not stands_in)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The fields that records are ordered and paged by: the key, or the id where the key names other records."""
        return ("id",) if any(field.reference for field in self.key_fields) else self.key

    def alternatives(self, field: Field) -> tuple[Field, ...]:
        """The other fields that name the same record as this one, each by another column."""
        if field.reference is None:
            return ()
        return tuple(f for f in self.writable if f.reference and f is not field and f.stored_as == field.stored_as)

    @cached_property
    def custom_fields(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.custom)

    def rows_resource(self, name: str) -> "Resource":
        """The resource of the rows that a field holds; raises KeyError when it holds none."""
        field = self.by_name[name]
        if field.kind is not Kind.ROWS:
            raise KeyError(name)
        return field.child

    def add_custom_fields(self, definitions: Iterable[Field], generation: int = 0) -> "Resource":
        """
        The resource with an admin's custom fields, placed where the model keeps them.

        Give this an unextended resource: the definitions are added to those it has.
        """
        return replace(self, fields=self._insert(definitions), generation=generation)

    def _insert(self, further: Iterable[Field]) -> tuple[Field, ...]:
        """The fields with further ones, which come after the last that a caller can write."""
        last_written = max((i for i, field in enumerate(self.fields) if field.writable), default=-1) + 1
        return (*self.fields[:last_written], *further, *self.fields[last_written:])

    def add_vendor_data(self, vendor: str) -> "Resource":
        """The resource with the data of one vendor: texts by name, of its rows likewise, where there is a column."""
        fields = tuple(
            replace(field, child=field.child.add_vendor_data(vendor)) if field.kind is Kind.ROWS else field
            for field in self.fields
        )
        seen = (
            replace(field, source=VENDOR, json_key=vendor) if field.kind is Kind.MAP and not field.source else field
            for field in self.vendor_view
        )
        changed = replace(self, fields=(*fields, *seen))
        return replace(changed, fields=changed._insert([vendor_field(vendor)])) if self.has_vendor_data else changed

    def apply_code_lists(self, lists: CodeLists) -> "Resource":
        """The resource with the codes of the site's tables as choices of the fields that hold them."""
        return replace(self, fields=tuple(field.apply_code_lists(lists) for field in self.fields))

    def apply_limits(self, limits: Mapping[str, Limits]) -> "Resource":
        """The resource with a site's own limits of some fields."""
        return replace(self, fields=tuple(field.restrict(*limits.get(field.name, ())) for field in self.fields))


def vendor_field(vendor: str) -> MapField:
    """Return the field of what one vendor's wire alone says of a record: texts by the names that they have there."""
    return replace(related_vendor_data(VENDOR, ""), read_only=False, source=VENDOR, json_key=vendor)


def related_vendor_data(name: str, relation: str) -> MapField:
    """Return a field that shows the vendor data of the record that a relation leads to (`Resource.vendor_view`)."""
    item, keys = ScalarField("text", multiline=True), ScalarField("name", label="name")
    return MapField(name, "vendor data", item=item, keys=keys, relation=relation, read_only=True)


# The names come from messages: the latest are remembered, and strangers may make up any number of them.
@lru_cache(maxsize=2048)
def nearest_name(name: str, known: tuple[str, ...], prefix: str = "") -> str:
    """
    Return the known name that may have been meant by one that is not known; "": none is near.

    Case and what stands between words do not count: PARTNUMBER is near `part_number`. Otherwise each word must be like
    its counterpart, so that `contact_id` is not near `contact_no`.

    prefix  a word that may stand too much before the name: `part` of part_number, where `number` is meant
    """
    if not 0 < len(name) <= LONGEST_NAME:
        return ""
    folded = {_fold(each): each for each in reversed(known)}
    head = f"{prefix}_".lower()
    names = [name, name[len(head) :]] if prefix and name.lower().startswith(head) else [name]
    for each in names:
        if found := folded.get(_fold(each)):
            return found
    likeness, nearest = max(((_likeness(each, other), other) for each in names for other in known), default=(0.0, ""))
    return nearest if likeness >= NEAR_NAME else ""


def _fold(name: str) -> str:
    return "".join(map(str.lower, WORD.findall(name)))


def _likeness(name: str, other: str) -> float:
    words, others = ([word.lower() for word in WORD.findall(each)] for each in (name, other))
    if len(words) == len(others):
        pairs = zip(words, others, strict=True)
        if any(_ratio(word, counterpart) < NEAR_WORD for word, counterpart in pairs):
            return 0.0
    return _ratio("".join(words), "".join(others))


def _ratio(text: str, other: str) -> float:
    matcher = SequenceMatcher(None, text, other, autojunk=False)
    # The two bounds cost little, and most pairs are not near.
    if matcher.real_quick_ratio() < NEAR_WORD or matcher.quick_ratio() < NEAR_WORD:
        return 0.0
    return matcher.ratio()
