"""
References of an example or a copy: each must name a record that exists, is active, and may be seen by the caller.

An order for ACME fails on a site without ACME, so the first active customer replaces it, and a comment says so. A
caller who may not see customers gets the example as it is declared.
"""

from collections.abc import Collection, Iterator, Mapping

from django.db import models
from django.db.models import Q

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
    for field in sorted(_reference_fields(resource, record, keep), key=lambda field: not field.required):
        name = _find_active(model, field, str(record[field.name]), caller)
        if field.required and name:
            replaced = replaced or name != record[field.name]
            notes += _replacement_note(field, record[field.name], name)
            fitting[field.name] = name
        elif not field.required and (replaced or name != record[field.name]):
            del fitting[field.name]
    for field in resource.writable:
        if field.kind is Kind.ROWS and isinstance(record.get(field.name), list):
            child = model._meta.get_field(field.stored_as).related_model
            fitting[field.name] = [
                _replace_in_row(child, field.child, row, caller, notes) for row in record[field.name]
            ]
    return fitting, [*dict.fromkeys(notes)]


def _reference_fields(resource: Resource, record: Values, keep: Collection[str] = ()) -> Iterator[Field]:
    for field in resource.writable:
        if field.reference and field.reference.by != ("id",) and field.name not in keep and record.get(field.name):
            yield field


def _replace_in_row(
    model: type[models.Model], child: Resource, row: Mapping[str, Value], caller: Caller, notes: list[str]
) -> dict[str, Value]:
    fitting = dict(row)
    for field in _reference_fields(child, row):
        name = _find_active(model, field, str(row[field.name]), caller) or row[field.name]
        notes += _replacement_note(field, row[field.name], name)
        fitting[field.name] = name
    return fitting


def _find_active(model: type[models.Model], field: Field, name: str, caller: Caller) -> str:
    """The name if an active record has it; else that of the first active record; blank when there is none."""
    other = model._meta.get_field(field.stored_as).related_model
    if not caller.has_perm(f"{other._meta.app_label}.view_{other._meta.model_name}"):
        return name
    columns = {column.name for column in other._meta.fields}
    flags = {column: True for column in ("active", "is_active") if column in columns}
    active = other._default_manager.filter(**flags)
    if active.filter(Q(*((column, name) for column in field.reference.by), _connector=Q.OR)).exists():
        return name
    first = field.reference.by[0]
    return str(active.order_by(first).values_list(first, flat=True).first() or "")


def _replacement_note(field: Field, old: Value, new: Value) -> list[str]:
    if old == new:
        return []
    return [f"There is no active {field.reference.label} {old} here; {new} is used instead."]
