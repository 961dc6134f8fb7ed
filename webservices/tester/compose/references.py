"""
References of an example or a copy: each must name a record that exists, is active, and may be seen by the caller.

An order for ACME fails on a site without ACME, so the first active customer replaces it, and a comment says so. A
caller who may not see customers gets the example as it is declared.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import cast

from django.db.models import Model, Q

from records.shapes.callers import Caller
from records.shapes.fields import Field, Kind
from records.shapes.resources import Resource
from records.shapes.values import Value, Values
from webservices.checks import find_model


def replace_references(
    resource: Resource, record: Values, caller: Caller, *, keep: Collection[str] = ()
) -> tuple[dict[str, Value], list[str]]:
    """
    Replace the references of a record that name no active record; returns the record, and sentences that say so.

    Optional references are left out instead; all of them when a required one was replaced, since a contact belongs to
    its customer. In rows every reference is replaced.

    keep  names of fields that are not touched
    """
    model = find_model(resource)
    fitting, notes = dict(record), []
    replaced = False
    # Required references first: once one of them is replaced, every optional one goes.
    for field in sorted(_reference_fields(resource, record, keep), key=lambda field: not field.required):
        name = _find_active(_related_model(model, field), field, str(record[field.name]), caller)
        if field.required and name:
            replaced = replaced or name != record[field.name]
            notes += _replacement_note(field, record[field.name], name)
            fitting[field.name] = name
        elif not field.required and (replaced or name != record[field.name]):
            del fitting[field.name]
    for field in resource.writable:
        if field.kind is Kind.ROWS and isinstance(record.get(field.name), list):
            child, rows = _related_model(model, field), cast(list[Values], record[field.name])
            fitting[field.name] = [_replace_in_row(child, field.child, row, caller, notes) for row in rows]
    return fitting, [*dict.fromkeys(notes)]


def _reference_fields(resource: Resource, record: Values, keep: Collection[str] = ()) -> Iterator[Field]:
    for field in resource.writable:
        if field.reference and field.reference.by != ("id",) and field.name not in keep and record.get(field.name):
            yield field


def _replace_in_row(
    model: type[Model], child: Resource, row: Mapping[str, Value], caller: Caller, notes: list[str]
) -> dict[str, Value]:
    fitting = dict(row)
    for field in _reference_fields(child, row):
        name = _find_active(_related_model(model, field), field, str(row[field.name]), caller) or row[field.name]
        notes += _replacement_note(field, row[field.name], name)
        fitting[field.name] = name
    return fitting


def _related_model(model: type[Model] | None, field: Field) -> type[Model]:
    related = model._meta.get_field(field.stored_as).related_model if model else None
    if not isinstance(related, type):
        raise TypeError(f"{field.name} refers to no model")
    return related


def _find_active(other: type[Model], field: Field, name: str, caller: Caller) -> str:
    """The name if an active record of the model has it; else that of the first one; blank when there is none."""
    if not caller.has_perm(f"{other._meta.app_label}.view_{other._meta.model_name}"):
        # A caller who may not see the other records learns from no replacement which of them are active.
        return name
    columns_of_name = field.reference.by if field.reference else ("id",)
    # Models differ in the name of this flag, and some have none: then every record counts as active.
    columns = {column.name for column in other._meta.fields}
    flags = {column: True for column in ("active", "is_active") if column in columns}
    active = other._default_manager.filter(**flags)
    if active.filter(Q(*((column, name) for column in columns_of_name), _connector=Q.OR)).exists():
        return name
    first = columns_of_name[0]
    return str(active.order_by(first).values_list(first, flat=True).first() or "")


def _replacement_note(field: Field, old: Value, new: Value) -> list[str]:
    if old == new:
        return []
    label = field.reference.label if field.reference else field.label
    return [f"There is no active {label} {old} here; {new} is used instead."]
