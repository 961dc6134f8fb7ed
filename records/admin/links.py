"""From a record to those that name it: how many there are of each kind, and the list of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.admin.utils import model_ngettext
from django.db.models import Count, Model, OuterRef, Subquery
from django.http import HttpRequest
from django.urls import reverse

from records.shapes.fields import Kind

if TYPE_CHECKING:
    from records.admin.base import RecordAdmin


@dataclass(frozen=True)
class Link:
    """So many records of one kind: `3 contacts`."""

    number: int
    title: str
    address: str


def links_to(page: "RecordAdmin", request: HttpRequest, record: Model) -> list[Link]:
    """The kinds of record that name this one, which the user may see (one query)."""
    ways = [(other, lookup) for other, lookup in ways_to(page) if other.has_view_permission(request)]
    if not ways:
        return []
    counts = {f"number_{n}": _number(other, lookup) for n, (other, lookup) in enumerate(ways)}
    found = page.model._default_manager.filter(pk=record.pk).annotate(**counts).values_list(*counts).get()
    return [_link(other, lookup, record, number or 0) for (other, lookup), number in zip(ways, found, strict=True)]


def ways_to(page: "RecordAdmin") -> Iterator[tuple["RecordAdmin", str]]:
    """The pages whose records, or whose rows, name records of this one, each with the lookup that finds them."""
    for other in page.admin_site._registry.values():
        if resource := getattr(other, "resource", None):
            lookups = {}
            for field in resource.fields:
                if field.reference:
                    lookups[field.stored_as] = other.model._meta.get_field(field.stored_as)
                for below in field.child.fields if field.kind is Kind.ROWS else ():
                    if below.reference:
                        rows = other.model._meta.get_field(field.stored_as)
                        named = rows.related_model._meta.get_field(below.stored_as)
                        lookups[f"{field.stored_as}__{below.stored_as}"] = named
            yield from ((other, lookup) for lookup, named in lookups.items() if named.related_model is page.model)


def _number(other: "RecordAdmin", lookup: str) -> Subquery:
    naming = other.model._default_manager.filter(**{lookup: OuterRef("pk")}).order_by().values(lookup)
    return Subquery(naming.annotate(number=Count("pk", distinct=True)).values("number"))


def _link(other: "RecordAdmin", lookup: str, record: Model, number: int) -> Link:
    options = other.opts
    address = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    title = f"{number:,} {model_ngettext(options, number)}"
    return Link(number, title, f"{address}?{lookup}__{record._meta.pk.name}__exact={record.pk}")
