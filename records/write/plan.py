"""
The plan of a resource: its table, columns and child tables, read once from the model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from django.db import models

from records.columns import get_child_relation, get_column_name, get_field, get_related_model
from records.shapes.fields import Field, Kind, MapField, RowsField, ScalarField, has_child_table
from records.shapes.parsing import completer, reader
from records.shapes.problems import Path
from records.shapes.resources import VENDOR, Resource
from records.shapes.scalars import Reader
from records.write.child_table import ChildTable
from records.write.columns import Column, Target

NAMES_REMEMBERED = 500  # the same few currencies and languages, the first lines of orders


@dataclass(frozen=True, eq=False)
class Plan:
    """
    The table, columns and child tables of a resource.

    columns    by the name that a typed record has them under: a field's, or that of its relation
    key_field  the field of the key that a problem of the key is about
    """

    resource: Resource
    model: type[models.Model]
    table: str
    columns: Mapping[str, Column]
    key: tuple[Column, ...]
    key_field: str
    children: tuple[ChildTable, ...]
    references: tuple[tuple[ScalarField, Target], ...] = ()
    inner_references: tuple[tuple[ScalarField, Target], ...] = ()  # by names that are unique within another record

    def storage_path(self, path: Path) -> Path:
        """Return the path of the column, the relation, or the column of a row that a problem's path leads to."""
        name, *rest = path or ("",)
        field = self.resource.by_name.get(str(name))
        if field is None:
            return tuple(path[:1])
        if field.kind is Kind.ROWS and len(rest) > 1:
            inner = field.child.by_name.get(str(rest[1]))
            return (field.name, rest[0], column_name(inner) if inner is not None else rest[1])
        return (column_name(field),)

    @cached_property
    def custom(self) -> Mapping[str, str]:
        """Custom fields: the name of the field and its name inside the `custom` column."""
        return {field.name: field.stored_as for field in self.resource.custom_fields}

    @cached_property
    def custom_readers(self) -> Mapping[str, tuple[str, Reader]]:
        """Custom fields: the name inside the `custom` column, and what makes its text typed again."""
        return {
            field.name: (field.stored_as, reader(ScalarField(field.name, field.kind)))
            for field in self.resource.custom_fields
            if isinstance(field, ScalarField)
        }

    @cached_property
    def read_only_fields(self) -> frozenset[str]:
        """
        The fields that must come back as they are: those only read, but for totals, which are compared.

        The version is none of them: a caller demands it by sending it.
        """
        fields = (field for field in self.resource.fields if field.read_only and not field.computed)
        return frozenset(field.name for field in fields if not field.secret) - {"version"}

    @cached_property
    def read_only_rows(self) -> frozenset[str]:
        """The fields whose rows have fields that must come back as they are."""
        rows = (field for field in self.resource.writable if isinstance(field, RowsField))
        read_only = {each.name for each in rows if any(f.read_only and not f.computed for f in each.child.fields)}
        return frozenset(read_only)

    @cached_property
    def totals(self) -> tuple[ScalarField, ...]:
        """The fields that are computed when a record is written."""
        return tuple(each for each in self.resource.fields if isinstance(each, ScalarField) and each.computed)

    @cached_property
    def totals_of_rows(self) -> tuple[tuple[ChildTable, RowsField, tuple[ScalarField, ...]], ...]:
        """The tables of rows that have such fields, with the field of the rows and these."""
        found = (
            (table, table.rows, tuple(f for f in table.rows.child.fields if isinstance(f, ScalarField) and f.computed))
            for table in self.children
            if table.rows is not None
        )
        return tuple(each for each in found if each[2])

    @cached_property
    def shown_fields(self) -> frozenset[str]:
        """The fields that are only read, or whose rows have such, and that a write does not read by itself."""
        return self.read_only_rows | (self.read_only_fields - {"id"})

    @cached_property
    def journaled_columns(self) -> frozenset[str]:
        """The columns that a Change holds as they are; those of JSON are journaled one by one, secrets never."""
        secret = {field.name for field in self.resource.fields if field.secret}
        return frozenset(self.columns.keys() - secret - {"custom", VENDOR})

    @cached_property
    def vendor_field(self) -> MapField | None:
        """The field that has a vendor's data; None: the resource has none."""
        field = self.resource.by_name.get(VENDOR)
        return field if isinstance(field, MapField) else None

    @cached_property
    def stored_columns(self) -> tuple[Column, ...]:
        """The columns that are read and written, in their order."""
        return tuple(self.columns.values())

    @cached_property
    def defaults(self) -> Mapping[str, object]:
        """The values of fields that a new record comes without, as `records.shapes.parsing.completer` fills them in."""
        filled: dict[str, object] = {}
        completer(self.resource)(filled)
        return filled

    @cached_property
    def blank_columns(self) -> dict[str, Any]:
        """The columns of a new record of which nothing is known; to be copied, and so are its `list_columns`."""
        return {name: self.defaults.get(name) for name in self.columns}

    @cached_property
    def list_columns(self) -> tuple[str, ...]:
        """The columns that hold a list when they are blank."""
        return tuple(name for name, value in self.blank_columns.items() if isinstance(value, list))

    @cached_property
    def custom_defaults(self) -> dict[str, object]:
        """The values of custom fields that a new record comes without."""
        return {name: self.defaults[name] for name in self.custom if name in self.defaults}

    @cached_property
    def required_fields(self) -> tuple[str, ...]:
        """The fields that a new record must have, as far as they are not looked at by the rules."""
        return tuple(str(problem.path[0]) for problem in completer(self.resource)({}))

    def child_table(self, field: Field) -> ChildTable:
        """Return the table of the children that a map or a list of rows shows."""
        return next(table for table in self.children if table.source == field.stored_as)

    @cached_property
    def inactive_codes(self) -> Mapping[str, frozenset[str]]:
        """The codes that are switched off, by the column that may hold them."""
        return {field.name: field.inactive for field in self.resource.fields if field.inactive}

    @cached_property
    def has_inactive_codes(self) -> bool:
        """True if a code is switched off that the record or one of its children may hold."""
        return bool(self.inactive_codes) or any(table.inactive_codes for table in self.children)

    @cached_property
    def minor_digits(self) -> Mapping[str, int]:
        """The digits of the site's currencies, by code, as the record's money has them."""
        money = (field.minor_digits for field in self.resource.fields if isinstance(field, ScalarField) and field.money)
        return next(money, {})

    @cached_property
    def can_be_inactive(self) -> bool:
        return "active" in self.columns


def column_name(field: Field) -> str:
    """Return the name that a typed record has a field under: its own, or that of the relation that it names."""
    return field.stored_as if field.reference is not None else field.name


@lru_cache(maxsize=256)
def plan(model: type[models.Model], resource: Resource, key_field: str = "") -> Plan:
    """
    Return the plan of a resource on its model; it is built once for each generation of the resource.

    key_field  the field of the key that a problem of the key is about; "": its first
    """
    columns = _columns(model, resource)
    if any(field.name == "custom" for field in model._meta.fields):
        columns["custom"] = Column.build(get_field(model, "custom"))
    sources = dict.fromkeys(field.stored_as for field in resource.fields if has_child_table(field))
    return Plan(
        resource=resource,
        model=model,
        table=model._meta.db_table,
        columns=columns,
        key=tuple(columns[resource.by_name[name].stored_as] for name in resource.key),
        key_field=key_field or resource.key[0],
        references=_references(columns, resource),
        inner_references=_inner_references(model, columns, resource),
        children=tuple(_child_table(model, source, resource) for source in sources),
    )


def _columns(model: type[models.Model], resource: Resource) -> dict[str, Column]:
    """Build the columns, by the name of the field, or by that of the relation that several fields may share."""
    columns: dict[str, Column] = {}
    for field in resource.fields:
        if field.read_only and not field.computed and field.name not in resource.key:
            continue  # the id, the version and the stamps are the engine's own, not columns of the record
        if field.reference is not None:
            relation = get_field(model, field.stored_as)
            columns.setdefault(field.stored_as, Column.build(relation, field.reference.by[0]))
        elif not field.custom and not has_child_table(field):
            columns[field.name] = Column.build(get_field(model, field.stored_as))
    # In any call: what a vendor's wire has said goes with the record, and into the Change of its removal.
    if resource.has_vendor_data:
        columns[VENDOR] = Column.build(get_field(model, VENDOR))
    return columns


def _references(columns: Mapping[str, Column], resource: Resource) -> tuple[tuple[ScalarField, Target], ...]:
    fields = (field for field in resource.writable if isinstance(field, ScalarField))
    named = (field for field in fields if field.reference is not None and not field.reference.within)
    return tuple((field, columns[field.stored_as].relation_target) for field in named)


def _inner_references(
    model: type[models.Model], columns: Mapping[str, Column], resource: Resource
) -> tuple[tuple[ScalarField, Target], ...]:
    found = []
    for field in resource.writable:
        if isinstance(field, ScalarField) and field.reference is not None and field.reference.within:
            related = get_related_model(get_field(model, field.stored_as))
            target = columns[field.stored_as].relation_target
            found.append((field, replace(target, within=get_column_name(related, field.reference.within))))
    return tuple(found)


def _child_table(model: type[models.Model], source: str, resource: Resource) -> ChildTable:
    relation = get_child_relation(model, source)
    child = get_related_model(relation)
    fields = [field for field in resource.fields if field.stored_as == source]
    rows = next((field for field in fields if isinstance(field, RowsField)), None)
    maps = tuple(field for field in fields if isinstance(field, MapField))
    if rows is not None:
        columns = _columns(child, rows.child)
        key = rows.child.key
        values = [name for name in columns if name not in key]
    else:
        key = (maps[0].keys.name, *(name for name, _ in maps[0].constants))
        values = [maps[0].item.name]
        columns = {name: Column.build(get_field(child, name)) for name in (*key, *values)}
    return ChildTable(
        source=source,
        table=child._meta.db_table,
        parent=get_column_name(child, relation.remote_field.name),
        key=tuple(columns[name] for name in key),
        values=tuple(columns[name] for name in values),
        maps=maps,
        rows=rows,
        references=_references(columns, rows.child) if rows is not None else (),
    )
