"""Searching a list of records, by its indexes alone."""

from collections.abc import Sequence

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet

from records.find import WORD
from records.shapes.fields import Kind
from records.shapes.resources import Resource


def found(resource: Resource, records: QuerySet, words: str, numbers: Sequence[str] = ()) -> QuerySet:
    """
    The records whose key begins with the words, or whose texts hold each of them, by their beginnings.

    `numbers` are lookups of what else the words may begin: the numbers that others have for the record.

    The ways are united, not joined with OR: each then uses its own index.
    """
    words = words.strip()
    if not words:
        return records
    model = records.model
    begun = (*_keys(resource), *numbers)
    ways = [model._default_manager.filter(**{f"{number}__startswith": words}).values("pk") for number in begun]
    if settings := WORD.findall(words):
        query = SearchQuery(" & ".join(f"{term}:*" for term in settings), config="simple", search_type="raw")
        ways += [held.filter(words=query).values(name) for held, name in _searchable(resource, model)]
    return records.filter(pk__in=ways[0].order_by().union(*(way.order_by() for way in ways[1:])))


def _keys(resource: Resource) -> list[str]:
    """The columns that hold the texts of a key; of a record that it names, those that name it."""
    return [
        f"{field.stored_as}__{field.reference.by[0]}" if field.reference else field.name
        for field in resource.key_fields
    ]


def _searchable(resource: Resource, model: type) -> list[tuple[QuerySet, str]]:
    """The tables that have searchable texts of a record, each with the column that names the record."""
    tables = [(model, "pk")]
    for source in dict.fromkeys(f.stored_as for f in resource.fields if f.kind in (Kind.MAP, Kind.ROWS)):
        relation = model._meta.get_field(source)
        tables.append((relation.related_model, relation.field.attname))
    return [
        (table._default_manager.all(), name)
        for table, name in tables
        if any(field.name == "words" for field in table._meta.fields)
    ]
