"""
An API's columns on the fields of its resource.

    Column("Price", "price")          ("price", "USD")     of the map price, the entry of the site's currency
    Column("PriceEUR", "price.EUR")   ("price", "EUR")
    Column("PartID", "number")        ("number",)

An API that lists no columns has one for every field that may be written or is computed, named by rule.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from records.shapes.blocks import Block, Column
from records.shapes.fields import Field, Kind, ScalarField
from records.shapes.parsing import is_blank
from records.shapes.problems import Path
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values, add_entry
from webservices.wire.dialects.ecosys.context import EcoSysContext
from webservices.wire.dialects.ecosys.names import EMPTY_IS_ABSENT, LEFT_OUT, UNKNOWN
from webservices.wire.dialects.ecosys.published import Column as ApiColumn
from webservices.wire.dialects.ecosys.published import PublishedApi, column_name, split_path


@dataclass(frozen=True)
class Attribute:
    """
    One column of an API on a field of its resource.

    path   the field's, or that of one entry of a map
    field  the field of its values: for an entry, the map's item
    """

    id: str
    path: Path
    field: Field
    read_only: bool = False

    @cached_property
    def place(self) -> tuple[str, str]:
        """The field, and the key of a map's entry; "": it is no entry."""
        name, *key = map(str, self.path)
        return name, key[0] if key else ""

    @property
    def is_entry(self) -> bool:
        """True if it is one entry of a map."""
        return bool(self.place[1])

    @cached_property
    def row(self) -> "Columns":
        """The columns of each row, where the field has rows."""
        return row_columns(self.field.child) if self.field.kind is Kind.ROWS else NO_COLUMNS

    def get(self, record: Values) -> Value | None:
        """Return the value of the column in a record; None: it is absent."""
        name, key = self.place
        value = record.get(name)
        if not key or value is None or value is EMPTY:
            return value
        return value.get(key) if isinstance(value, Mapping) else value

    def column(self, block: Block) -> Column:
        """Return the values of the column in the records of a block; that which has no value is false."""
        name, key = self.place
        values = block.column(name)
        return [entries.get(key) if entries else None for entries in values] if key else values

    def set(self, record: dict[str, Value], value: Value) -> None:
        """Set the value of the column in a record; a second value makes a list of them, for the core to judge."""
        name, key = self.place
        if name in EMPTY_IS_ABSENT and is_blank(value):
            return
        if key:
            entries = record.setdefault(name, {})
            if isinstance(entries, dict):  # it is: every column on a map has a key, see `resolve_path`
                if key in entries:
                    add_entry(entries, key, value)
                else:
                    entries[key] = value
        elif name not in record:
            is_single = self.field.kind is Kind.LIST and value is not EMPTY and not isinstance(value, list)
            record[name] = [value] if is_single else value
        else:
            add_entry(record, name, value)


@dataclass(frozen=True, eq=False)
class Columns:
    """All columns of an API, or of a row, in their order."""

    all: tuple[Attribute, ...]

    @cached_property
    def attributes_by_id(self) -> Mapping[str, Attribute]:
        return {attribute.id: attribute for attribute in self.all}

    @cached_property
    def ids(self) -> Mapping[Path, str]:
        """The ids by their paths; by the path of a field alone, the id of its first column."""
        # Reversed, so that of two columns on one map the first one wins.
        fields = {attribute.path[:1]: attribute.id for attribute in reversed(self.all)}  # for problems of a whole map
        return fields | {attribute.path: attribute.id for attribute in self.all}

    @cached_property
    def read_only_fields(self) -> tuple[str, ...]:
        """The fields that no write of the API may change."""
        return tuple(dict.fromkeys(str(each.path[0]) for each in self.all if each.read_only))

    def key_attributes(self, resource: Resource) -> list[Attribute]:
        """Return the columns of a resource's key."""
        return [each for each in self.all if each.path[0] in resource.key]


NO_COLUMNS = Columns(())


def get_columns(context: EcoSysContext, resource: Resource) -> Columns:
    """Return the columns of the API of a message."""
    return _build_columns(context.api, resource, context.language, context.currency)


# Settings and resources are immutable: a change of either is another key, and the oldest columns are let go.
@lru_cache(maxsize=256)
def _build_columns(api: PublishedApi, resource: Resource, language: str, currency: str) -> Columns:
    entries = {"language": language, "currency": currency}
    return Columns(
        tuple(_build_attribute(each, resource, entries) for each in api.columns or default_columns(resource))
    )


@lru_cache(maxsize=256)
def row_columns(child: Resource) -> Columns:
    """Return the columns of a row, which no API lists: all its fields but those in LEFT_OUT, named by rule."""
    return Columns(tuple(Attribute(column_name("", f.name), (f.name,), f) for f in row_fields(child)))


def row_fields(child: Resource) -> tuple[Field, ...]:
    """Return the fields that a row has here."""
    return tuple(field for field in child.fields if field.name not in LEFT_OUT)


def default_columns(resource: Resource) -> tuple[ApiColumn, ...]:
    """Return a column for every field that may be written or is computed, but for secrets and LEFT_OUT."""
    return tuple(
        ApiColumn(column_name(resource.plural, field.name), field.name)
        for field in resource.fields
        if (field.writable or field.computed) and not field.secret and field.name not in LEFT_OUT
    )


def _build_attribute(column: ApiColumn, resource: Resource, entries: Mapping[str, str]) -> Attribute:
    path = split_path(column.field)
    field = resource.by_name[str(path[0])]
    return Attribute(column.id, resolve_path(path, field, entries), entry_field(field), column.read_only)


def entry_field(field: Field) -> Field:
    """Return the field as a column shows it: for a map, one of its entries, which is never required."""
    if field.kind is not Kind.MAP:
        return field
    # The map may be required, but another entry of it may already be there.
    return replace(field.item, name=field.name, label=field.label, help=field.help, required=False, sparse=field.sparse)


def resolve_path(path: Path, field: Field, entries: Mapping[str, str]) -> Path:
    """Add the site's own language or currency to the path of a map; `entries` has them by the name of the map's key."""
    if field.kind is not Kind.MAP or len(path) > 1:
        return path
    return (*path, entries.get(field.keys.name, ""))


def find_attribute(columns: Columns, id: str) -> Attribute:
    """Return the column of an id; an unknown id gives a column that is marked with UNKNOWN, for the core to refuse."""
    return columns.attributes_by_id.get(id) or Attribute(id, (UNKNOWN + id,), ScalarField(id))


def sent_values(columns: Columns, record: Values) -> Iterator[tuple[Attribute, Value]]:
    """Iterate over the columns that a record of a request has values for."""
    for attribute in columns.all:
        value = attribute.get(record)
        if value is not None:
            yield attribute, value


def shown_attributes(columns: Columns) -> Iterator[Attribute]:
    """Iterate over the columns that a record has that was found: all but secrets."""
    return (attribute for attribute in columns.all if not attribute.field.secret)
