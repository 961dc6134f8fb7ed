"""
Blocks of stored rows: as records, one after the other, or by column, for whoever writes many of them.

    block.records()                [{"number": "PUMP-100", "price": {"USD": "250.00"}, …}, …]
    block.column("price")          [{"USD": "250.00"}, …], with None, "" or EMPTY where there is no value

A column has the values that the records have; it is made when it is first asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from json import JSONDecoder
from typing import Any

from records.shapes.fields import SCALARS, Field, Kind
from records.shapes.formatting import FieldPresenter, Presenter, field_presenter, presenter
from records.shapes.resources import Resource
from records.shapes.values import Values

CUSTOM = "custom"  # the column of a row that holds all custom fields
JSON_KINDS = (Kind.MAP, Kind.ROWS)

Row = Sequence[Any]
Column = Sequence[Any]

read_json = JSONDecoder().raw_decode  # the database writes no white space around it


@dataclass(frozen=True, eq=False)
class Layout:
    """
    The layout of stored rows: scalars as text in lexical form, lists as lists, maps and rows as the text of JSON.

    names   of the fields in a row; CUSTOM last, where there are custom fields
    custom  the names of custom fields, each with its name in that column
    """

    resource: Resource
    names: tuple[str, ...]
    custom: Mapping[str, str]

    @cached_property
    def places(self) -> Mapping[str, int]:
        return {name: place for place, name in enumerate(self.names)}

    @cached_property
    def present(self) -> Presenter:
        return presenter(self.resource)

    @cached_property
    def structures(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if name == CUSTOM or self._field(name).kind in JSON_KINDS)

    @cached_property
    def column_presenters(self) -> Mapping[str, FieldPresenter | None]:
        """By name, the function that makes a value of what is stored; None: the text is the value."""
        fields = map(self._field, (*(name for name in self.names if name != CUSTOM), *self.custom))
        return {
            field.name: None if _is_value(field) else field_presenter(field) for field in fields if not field.secret
        }

    def _field(self, name: str) -> Field:
        return self.resource.by_name[name]

    def read(self, row: Row) -> Values:
        """Return the record of a row."""
        record: dict[str, Any] = dict(zip(self.names, row, strict=True))
        for name in self.structures:
            if (text := record[name]) is not None:
                record[name] = read_json(text)[0]
        if self.custom:
            stored = record.pop(CUSTOM) or {}
            record.update({field: stored.get(inside) for field, inside in self.custom.items()})
        return self.present(record)


def _is_value(field: Field) -> bool:
    return field.kind in SCALARS and field.kind is not Kind.DECIMAL and not field.custom


class Block:
    """Some stored rows of one layout, in their order."""

    def __init__(self, layout: Layout, rows: Sequence[Row]):
        self.layout, self.rows = layout, rows
        self._columns: dict[str, Column] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, name: str) -> bool:
        """True if the records have the field."""
        return name in self.layout.column_presenters

    def __getitem__(self, part: slice) -> "Block":
        return Block(self.layout, self.rows[part])

    def records(self) -> list[Values]:
        """Return the records."""
        return list(map(self.layout.read, self.rows))

    def column(self, name: str) -> Column:
        """Return the values of a field, one for each record; that which has no value is false."""
        if name not in self._columns:
            self._columns[name] = self._present(name)
        return self._columns[name]

    def _present(self, name: str) -> Column:
        if name not in self:
            return [None] * len(self.rows)
        present, values = self.layout.column_presenters[name], self._read_stored(name)
        # Many columns have no value at all in a block. A custom flag may be stored as JSON's own false, which is one.
        if present is None or not (any(values) or name in self.layout.custom):
            return values
        currencies = self.column("currency") if "currency" in self.layout.places else repeat("")
        return [present(value, currency or "") for value, currency in zip(values, currencies, strict=False)]

    def _read_stored(self, name: str) -> Column:
        if inside := self.layout.custom.get(name):
            return [stored.get(inside) for stored in self._custom]
        column = self._stored_columns[self.layout.places[name]]
        if name in self.layout.structures:
            return [text and read_json(text)[0] for text in column]
        return column

    @cached_property
    def _stored_columns(self) -> Sequence[Column]:
        return list(zip(*self.rows, strict=True))

    @cached_property
    def _custom(self) -> Sequence[Mapping[str, Any]]:
        return [read_json(text)[0] if text else {} for text in self._stored_columns[self.layout.places[CUSTOM]]]
