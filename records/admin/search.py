"""The search of a list of records, by indexes alone."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Model, QuerySet

from records.find import WORD
from records.shapes.fields import Kind
from records.shapes.resources import Resource


def search_records(resource: Resource, records: QuerySet, text: str, other_lookups: Sequence[str] = ()) -> QuerySet:
    """
    Filter the records whose key begins with the text, or whose texts have words that begin with each of its words.

    `other_lookups` name what else the text may begin: the numbers that others have for the record.
    """
    text = text.strip()
    if not text:
        return records
    model = records.model
    lookups = (*_key_lookups(resource), *other_lookups)
    queries = [model._default_manager.filter(**{f"{lookup}__startswith": text}).values("pk") for lookup in lookups]
    if words := WORD.findall(text):
        query = SearchQuery(" & ".join(f"{word}:*" for word in words), config="simple", search_type="raw")
        queries += [rows.filter(words=query).values(column) for rows, column in _searchable_tables(resource, model)]
    # A union, not OR: each query then uses its own index, where OR would read the table.
    return records.filter(pk__in=queries[0].order_by().union(*(each.order_by() for each in queries[1:])))


def _key_lookups(resource: Resource) -> list[str]:
    """The lookups of a key's texts; for a field of the key that names a record, that of the record's own name."""
    return [
        f"{field.stored_as}__{field.reference.by[0]}" if field.reference else field.name
        for field in resource.key_fields
    ]


def _searchable_tables(resource: Resource, model: type[Model]) -> list[tuple[QuerySet, str]]:
    """The tables that have searchable texts of a record, each with its column of the record's id."""
    tables = [(model, "pk")]
    for source in dict.fromkeys(f.stored_as for f in resource.fields if f.kind in (Kind.MAP, Kind.ROWS)):
        relation: Any = model._meta.get_field(source)
        tables.append((relation.related_model, relation.field.attname))
    return [
        (table._default_manager.all(), name)
        for table, name in tables
        if any(field.name == "words" for field in table._meta.fields)
    ]
