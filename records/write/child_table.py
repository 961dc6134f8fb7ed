"""A table of children, and how a parent's fields show it: as rows, or as maps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from records.shapes.fields import Field, MapField, RowsField, ScalarField
from records.shapes.formatting import lexical
from records.shapes.parsing import completer
from records.shapes.resources import VENDOR
from records.write.columns import Column, Target

NAMES_REMEMBERED = 500  # the same few currencies and languages, the first lines of orders


@dataclass(frozen=True)
class ChildTable:
    """A table of children and the fields of the parent that show it: at most one list of rows, any number of maps."""

    source: str
    table: str
    parent: str
    key: tuple[Column, ...]
    values: tuple[Column, ...]
    maps: tuple[MapField, ...]
    rows: RowsField | None
    references: tuple[tuple[ScalarField, Target], ...] = ()

    @cached_property
    def journaled_columns(self) -> tuple[tuple[str, str], ...]:
        """
        The columns that a Change holds, each with the suffix of its child's name: "" for the only one, or the one that
        maps show.

        Vendor data, if there are any, are journaled one by one.
        """
        fields = self.rows.child.fields if self.rows else ()
        secret = {field.stored_as for field in fields if field.secret}
        names = [column.field for column in self.values if column.field != VENDOR]
        several = len(names) > 1
        return tuple(
            (name, f".{name}" if several and name != self.map_column else "") for name in names if name not in secret
        )

    @cached_property
    def map_column(self) -> str:
        """The column that is the value of an entry of a map; "": no map shows the table."""
        return self.maps[0].item.name if self.maps else ""

    @cached_property
    def blank_values(self) -> dict[str, Any]:
        """The columns of a new child of which nothing is known; to be copied, and so are its `list_columns`."""
        defaults: dict[str, object] = {}
        if self.rows is not None:
            completer(self.rows.child)(defaults)
        return {column.field: {} if column.field == VENDOR else defaults.get(column.field) for column in self.values}

    @cached_property
    def key_names(self) -> tuple[str, ...]:
        """The fields of the key, in its order."""
        return tuple(column.field for column in self.key)

    @cached_property
    def value_names(self) -> tuple[str, ...]:
        """The other fields, in the order of the columns."""
        return tuple(column.field for column in self.values)

    @cached_property
    def list_columns(self) -> tuple[str, ...]:
        """The columns that hold a list when they are blank."""
        return tuple(name for name, value in self.blank_values.items() if isinstance(value, list))

    @cached_property
    def required_fields(self) -> tuple[str, ...]:
        """The fields that a new row must have, as far as they are not looked at by the rules."""
        return tuple(str(problem.path[0]) for problem in completer(self.rows.child)({})) if self.rows else ()

    @cached_property
    def auto_numbers(self) -> frozenset[str]:
        """The fields of the key of a row that number themselves."""
        parts = self.rows.child.key_fields if self.rows else ()
        return frozenset(part.name for part in parts if part.auto_number)

    @cached_property
    def has_vendor_data(self) -> bool:
        return any(column.field == VENDOR for column in self.values)

    @cached_property
    def vendor_field(self) -> MapField | None:
        """The field of a row that has a vendor's data; None: it has none."""
        field = self.rows.child.by_name.get(VENDOR) if self.rows else None
        return field if isinstance(field, MapField) else None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return (*self.maps, self.rows) if self.rows else self.maps

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the fields that show it."""
        return frozenset(field.name for field in self.fields)

    @cached_property
    def inactive_codes(self) -> Mapping[str, frozenset[str]]:
        """The codes that are switched off, by the column of a child that may hold them."""
        fields = self.rows.child.fields if self.rows else [each for m in self.maps for each in (m.keys, m.item)]
        return {field.stored_as: field.inactive for field in fields if field.inactive}

    # Keys are built and taken apart for each child of each record: the constant parts are found once.
    @cached_property
    def constant_keys(self) -> Mapping[str, tuple[tuple, tuple]]:
        """The constant parts of a map's child keys, by the map's name: those before and those after the entry's key."""
        constant_keys = {}
        for map_field in self.maps:
            place = [column.field for column in self.key].index(map_field.keys.name)
            constants = [dict(map_field.constants).get(column.field) for column in self.key]
            constant_keys[map_field.name] = tuple(constants[:place]), tuple(constants[place + 1 :])
        return constant_keys

    @cached_property
    def child_name(self) -> Callable[[tuple], str]:
        """A function that gives the name of a child in a Change: `price.USD`, `rows.3`; it remembers the latest."""
        # One for each table: a cache on the method itself would hold on to every table for good.
        return lru_cache(maxsize=NAMES_REMEMBERED)(self._build_name)

    def _build_name(self, key: tuple) -> str:
        for map_field in self.maps:
            if (entry := self.map_key(map_field, key)) is not None:
                return f"{map_field.name}.{entry}"
        rows = self.rows.name if self.rows else self.source
        return f"{rows}.{'/'.join('' if part is None else lexical(part) for part in key)}"

    def full_key(self, map_field: MapField, key: object) -> tuple:
        """Return the whole child key of one entry of a map."""
        before, after = self.constant_keys[map_field.name]
        return (*before, key, *after)

    def map_key(self, map_field: MapField, key: tuple) -> str | None:
        """Return the entry of the map that shows the child with this key; None when the map does not show it."""
        before, after = self.constant_keys[map_field.name]
        place = len(before)
        return key[place] if key[:place] == before and key[place + 1 :] == after else None
