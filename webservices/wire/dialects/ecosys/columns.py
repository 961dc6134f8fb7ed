"""
An API's columns on the fields of its resource.

    Column("Price", "price")          ("price", "USD")     of the map price, the entry of the site's currency
    Column("PriceEUR", "price.EUR")   ("price", "EUR")
    Column("PartID", "number")        ("number",)

Where an API lists no columns, every field has one, named by rule: those that may be written, and those that are
computed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from records.shapes.fields import Field, Kind, ScalarField
from records.shapes.parsing import is_blank
from records.shapes.problems import Path
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values
from webservices.wire.dialects.ecosys.context import EcoSysContext
from webservices.wire.dialects.ecosys.names import EMPTY_IS_ABSENT, LEFT_OUT, UNKNOWN
from webservices.wire.dialects.ecosys.published import Column, PublishedApi, column_name, path_of


@dataclass(frozen=True)
class Attribute:
    """
    One column as it stands on the fields.

    path   of what it shows: a field, or one entry of a map
    field  what a value of it is; of an entry, the entry's own
    """

    id: str
    path: Path
    field: Field
    read_only: bool = False

    @cached_property
    def row(self) -> "Columns":
        """Of rows, the columns of each."""
        return row_columns(self.field.child)

    def of(self, record: Values) -> Value | None:
        """Its value in a record; None: absent."""
        name, *key = self.path
        value = record.get(name)
        if not key or value is None or value is EMPTY:
            return value
        return value.get(key[0]) if isinstance(value, Mapping) else value

    def put(self, record: dict[str, Value], value: Value) -> None:
        """Give a record this value; what comes twice becomes a list, for the core to judge."""
        name, *key = self.path
        if name in EMPTY_IS_ABSENT and is_blank(value):
            return
        if key:
            entries = record.setdefault(name, {})
            entries[key[0]] = value if key[0] not in entries else [entries[key[0]], value]
        elif name not in record:
            listed = self.field.kind is Kind.LIST and value is not EMPTY and not isinstance(value, list)
            record[name] = [value] if listed else value
        else:
            record[name] = [*_entries(record[name]), *_entries(value)]


def _entries(value: Value) -> list[Value]:
    if isinstance(value, list):
        return value
    return ["" if value is EMPTY else value]


@dataclass(frozen=True, eq=False)
class Columns:
    """All columns of an API, or of a row, in their order."""

    all: tuple[Attribute, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Attribute]:
        return {attribute.id: attribute for attribute in self.all}

    @cached_property
    def ids(self) -> Mapping[Path, str]:
        """The ids by the path of what is shown; by the field alone, that of its first column."""
        fields = {attribute.path[:1]: attribute.id for attribute in reversed(self.all)}
        return fields | {attribute.path: attribute.id for attribute in self.all}

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """The fields that no write of the API may change."""
        return tuple(dict.fromkeys(str(each.path[0]) for each in self.all if each.read_only))

    def key_of(self, resource: Resource) -> list[Attribute]:
        """The columns of the key."""
        return [each for each in self.all if each.path[0] in resource.key]


def columns_of(context: EcoSysContext, resource: Resource) -> Columns:
    """The columns of the API of a message."""
    return _columns(context.api, resource, context.language, context.currency)


@lru_cache(maxsize=256)
def _columns(api: PublishedApi, resource: Resource, language: str, currency: str) -> Columns:
    entries = {"language": language, "currency": currency}
    listed = api.columns or by_rule(resource)
    return Columns(tuple(_attribute(column, resource, entries) for column in listed))


@lru_cache(maxsize=256)
def row_columns(child: Resource) -> Columns:
    """The columns of a row: by rule."""
    return Columns(tuple(Attribute(column_name("", field.name), (field.name,), field) for field in child.fields))


def by_rule(resource: Resource) -> tuple[Column, ...]:
    """A column for every field that may be written or is computed."""
    return tuple(
        Column(column_name(resource.plural, field.name), field.name)
        for field in resource.fields
        if (field.writable or field.computed) and not field.secret and field.name not in LEFT_OUT
    )


def _attribute(column: Column, resource: Resource, entries: Mapping[str, str]) -> Attribute:
    path = path_of(column.field)
    field = resource.by_name[str(path[0])]
    return Attribute(column.id, resolved(path, field, entries), one_entry(field), column.read_only)


def one_entry(field: Field) -> Field:
    """The field as a column shows it: of a map, one of its entries."""
    if field.kind is not Kind.MAP:
        return field
    return replace(field.item, name=field.name, label=field.label, help=field.help, required=False)


def resolved(path: Path, field: Field, entries: Mapping[str, str]) -> Path:
    """The path with the site's own language or currency, where it names no entry of a map."""
    if field.kind is not Kind.MAP or len(path) > 1:
        return path
    return (*path, entries.get(field.keys.name, ""))


def attribute_named(columns: Columns, spelled: str) -> Attribute:
    """The column of this id; what is none is marked, so that it is taken for no field."""
    return columns.by_id.get(spelled) or Attribute(spelled, (UNKNOWN + spelled,), ScalarField(spelled))


def sent(columns: Columns, record: Values) -> Iterator[tuple[Attribute, Value]]:
    """The values of a record that is asked to be written; what is absent stays absent."""
    for attribute in columns.all:
        value = attribute.of(record)
        if value is not None:
            yield attribute, value


def shown(columns: Columns, record: Values) -> Iterator[tuple[Attribute, Value]]:
    """The values of a record that was found: all columns, but for secrets."""
    for attribute in columns.all:
        if not attribute.field.secret:
            value = attribute.of(record)
            yield attribute, EMPTY if value is None else value
