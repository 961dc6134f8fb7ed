"""Links from a record to the records that name it: their number for each kind, and the list of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import model_ngettext
from django.db.models import Field as Column
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from records.admin.paging import Number, count_each
from records.shapes.fields import Kind
from records.shapes.resources import Resource

if TYPE_CHECKING:
    from records.admin.base import RecordAdmin


@dataclass(frozen=True)
class Link:
    """The number of records of one kind, as a link to their list: `3 contacts`."""

    number: int
    title: str
    address: str


def build_links(page: "RecordAdmin", request: HttpRequest, record: Model) -> list[Link]:
    """Count the records that name this one, up to a thousand, for each kind that the user may see (one query)."""
    lookups = [(other, lookup) for other, lookup in find_lookups(page) if other.has_view_permission(request)]
    if not lookups:
        return []
    numbers = count_each([_find_naming(other, lookup, record) for other, lookup in lookups])
    return [_link(other, lookup, record, number) for (other, lookup), number in zip(lookups, numbers, strict=True)]


def find_lookups(page: "RecordAdmin") -> Iterator[tuple["RecordAdmin", str]]:
    """Yield each page whose records, or whose rows, name records of this one, with the lookup that finds them."""
    for other in page.admin_site._registry.values():
        if resource := getattr(other, "resource", None):
            columns = dict(_reference_columns(other.model, resource))
            yield from ((other, lookup) for lookup, column in columns.items() if column.related_model is page.model)


def _reference_columns(model: Any, resource: Resource) -> Iterator[tuple[str, Column]]:
    """Yield the lookup and the foreign key of each field that names records, of the resource and of its rows."""
    for field in resource.fields:
        if field.reference:
            yield field.stored_as, model._meta.get_field(field.stored_as)
        if field.kind is Kind.ROWS:
            rows = model._meta.get_field(field.stored_as).related_model
            for lookup, column in _reference_columns(rows, field.child):
                yield f"{field.stored_as}__{lookup}", column


def _find_naming(other: "RecordAdmin", lookup: str, record: Model) -> QuerySet:
    records = other.model._default_manager.filter(**{lookup: record.pk})
    # An order that names a part in three rows is still one order.
    return records.distinct() if "__" in lookup else records


def _link(other: "RecordAdmin", lookup: str, record: Model, number: Number) -> Link:
    options = other.opts
    address = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    title = f"{number} {model_ngettext(options, number)}"
    return Link(number, title, f"{address}?{lookup}__{record._meta.pk.name}__exact={record.pk}")
