"""The search of a RecordAdmin's list, and of the choices of a field that names records: by numbers and words."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorExact
from django.db.models import BooleanField, F, Func, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from records.columns import has_words
from records.find import MANY_IDS, MOST_IDS, WINDOWS
from records.shapes.fields import Kind
from records.shapes.resources import Resource
from records.words import IS_COMPOUND, LONGEST, WORD, build_query

Branch = tuple[QuerySet, str]  # rows that the text finds, and their column with the record's id

FREQUENT = 50  # that have the text, among the first records of the table: the next ones are then near, too


class LongestWords(SearchQuery):
    """The longest of the words that each word of a text has to PostgreSQL (`records.words.LONGEST`)."""

    def as_sql(self, compiler, connection, function=None, template=None):
        return LONGEST, [WORD.findall(self.text)]

    def __init__(self, text: str):
        self.text = text
        super().__init__(text)


def search_records(
    resource: Resource, records: QuerySet, text: str, other_lookups: Sequence[str] = ()
) -> tuple[QuerySet, bool]:
    """
    Filter the records whose key begins with the text, or whose texts have words that begin with each of its words.

    True comes back when the text is frequent: the records are then looked at one by one, in whatever order they are
    taken, and to take all of them or to count them reads the table. The steps are those of `records.find`.

    other_lookups  what else the text may begin: the numbers that others have for the record
    """
    text = text.strip()
    if not text:
        return records, False
    branches = _branches(resource, records.model, text, other_lookups)
    near, far = WINDOWS
    if _is_frequent(records.model, branches, near):
        return _one_by_one(records, branches), True
    # A union, not OR: each query then uses its own index, where OR would read the table.
    queries = [rows.order_by().values(column) for rows, column in branches]
    first, others = queries[0], queries[1:]
    union = first.union(*others, all=True) if others else first
    ids = union.values_list(branches[0][1], flat=True)
    if (found := _take(ids, MOST_IDS)) is not None:
        return records.filter(pk__in=found), False
    if _is_frequent(records.model, branches, far):
        return _one_by_one(records, branches), True
    return records.filter(pk__in=first.union(*others) if (found := _take(ids, MANY_IDS)) is None else found), False


def _take(ids: QuerySet, most: int) -> RawSQL | None:
    """Return the ids as one value of a statement, which is quicker to read than thousands; None: there are more."""
    found = list(ids[: most + 1])
    return RawSQL("SELECT unnest(%s::bigint[])", [sorted(set(found))]) if len(found) <= most else None


def _is_frequent(model: type[Model], branches: Sequence[Branch], window: int) -> bool:
    """True if enough of the first records of a table have the text."""
    first = model._default_manager.order_by(*(model._meta.ordering or ()))[:window].values("pk")
    found = _one_by_one(model._default_manager.filter(pk__in=first).order_by(), branches)
    return len(found[:FREQUENT].values("pk")) == FREQUENT


def _one_by_one(records: QuerySet, branches: Sequence[Branch]) -> QuerySet:
    """Filter records without reading all rows that the text finds."""
    condition, aliases = Q(), {}
    for number, (rows, column) in enumerate(branches):
        # A value, not EXISTS: PostgreSQL would read all rows into a hash, which it reckons to be cheaper.
        found = rows.filter(**{column: OuterRef("pk")}).order_by().values(column)[:1]
        aliases[f"found_{number}"] = Subquery(found)
        condition |= Q((f"found_{number}__isnull", False))
    return records.alias(**aliases).filter(condition)


def _branches(resource: Resource, model: type[Model], text: str, other_lookups: Sequence[str]) -> list[Branch]:
    """List the rows that a text finds: of the records by their numbers and words, and of their children by words."""
    lookups = (*_key_lookups(resource), *other_lookups)
    branches = [(model._default_manager.filter(**{f"{lookup}__startswith": text}), "pk") for lookup in lookups]
    condition = None
    if query := build_query(text):
        condition = _match_words(text, SearchQuery(query, config="simple", search_type="raw"))
        branches += [(rows.filter(condition), column) for rows, column in _searchable_tables(resource, model)]
    return branches + [
        branch for path in resource.search_fields if (branch := _branch(resource, model, path, text, condition))
    ]


def _branch(resource: Resource, model: type[Model], path: str, text: str, has_words: Q | None) -> Branch | None:
    """Build the branch of one of the resource's `search_fields`; None: it is by words, and the text has none."""
    name, _, rest = path.partition(".")
    field: Any = resource.by_name[name]
    rows = model._default_manager.all()
    if field.kind is Kind.ROWS:
        relation: Any = model._meta.get_field(field.stored_as)
        row = field.child.by_name[rest]
        lookup = f"{row.stored_as}__{row.reference.by[0]}__startswith"
        return relation.related_model._default_manager.filter(**{lookup: text}), relation.field.attname
    if rest and has_words is None:
        return None
    if rest:
        related: Any = model._meta.get_field(field.stored_as).related_model
        return rows.filter(**{f"{field.stored_as}__in": related._default_manager.filter(has_words)}), "pk"
    # Its index leaves the blank ones out, which the beginning alone does not say.
    return rows.filter(~Q((field.stored_as, "")), **{f"{field.stored_as}__startswith": text}), "pk"


def _match_words(text: str, query: SearchQuery) -> Q:
    if not any(IS_COMPOUND.search(word) for word in WORD.findall(text)):
        return Q(words=query)
    # IS TRUE keeps it from the index.
    exact = Func(
        SearchVectorExact(F("words"), query), template="(%(expressions)s) IS TRUE", output_field=BooleanField()
    )
    return Q(exact, words=LongestWords(text))


def _key_lookups(resource: Resource) -> list[str]:
    """The lookups of a key's texts; for a field of the key that names a record, that of the record's own name."""
    return [
        f"{field.stored_as}__{field.reference.by[0]}" if field.reference else field.name
        for field in resource.key_fields
    ]


def _searchable_tables(resource: Resource, model: type[Model]) -> list[Branch]:
    """The tables that have searchable texts of a record, each with its column of the record's id."""
    tables = [(model, "pk")]
    for source in dict.fromkeys(f.stored_as for f in resource.fields if f.kind in (Kind.MAP, Kind.ROWS)):
        relation: Any = model._meta.get_field(source)
        tables.append((relation.related_model, relation.field.attname))
    return [(table._default_manager.all(), name) for table, name in tables if has_words(table)]
