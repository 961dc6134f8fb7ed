"""
What a site publishes: APIs, each a kind of record seen through columns, switches, a filter and runtime parameters.

    PublishedApi("SampleObject", "customers", (Column("CostObjectID", "number"), Column("CostObjectName", "company")),
                 parameters=(Parameter("filter", "territory", Comparator.EQUAL),))

The rows that an admin keeps become these values; the door fills them into the terms of the dialects.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from records.shapes.criteria import Comparator, Criterion, understand
from records.shapes.fields import Kind
from records.shapes.problems import Path, Problem, ProblemError
from records.shapes.resources import Resource
from records.shapes.values import quoted
from webservices.wire.messages import DialectSettings

NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9_-]|\.(?!\.))*")  # of an API, globally unique
ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")  # of a column and of a parameter: what an element may be called
TAKEN = frozenset({"Meta", "Performance", "ObjectResult"})

OF_NUMBER: Mapping[str, str] = {
    "parts": "PartID",
    "customers": "CustomerID",
    "contacts": "ContactID",
    "customer_parts": "CustomerPartID",
    "sales_orders": "OrderID",
}
OF_REFERENCE: Mapping[str, str] = {
    "part": "PartID",
    "part_number": "PartID",
    "customer": "CustomerID",
    "contact": "ContactID",
    "customer_part_number": "CustomerPartID",
    "part_id": "PartInternalID",
    "customer_id": "CustomerInternalID",
    "contact_id": "ContactInternalID",
    "assigned_user_id": "AssignedUserInternalID",
    "owner_id": "OwnerInternalID",
}


@dataclass(frozen=True)
class Column:
    """
    One attribute of an API's objects.

    id         its name on the wire
    field      the hub's field: `company`, one entry of a map as `price.USD`; a map without its key (`price`) stands for
               the entry of the site's default language or currency
    read_only  it is read, and a write that would change it is refused
    """

    id: str
    field: str
    read_only: bool = False


@dataclass(frozen=True)
class Parameter:
    """A runtime parameter: narrows what a call sees and may write to what compares so with the value given."""

    id: str
    field: str
    comparator: Comparator = Comparator.EQUAL
    required: bool = False


@dataclass(frozen=True)
class PublishedApi:
    """
    One API.

    plural      of the resource that its objects are
    columns     in their order; (): every field, named by `column_name`
    filter      what its objects must meet, all of it
    parameters  in the order in which a REST path gives them
    """

    name: str
    plural: str
    columns: tuple[Column, ...] = ()
    may_read: bool = True
    may_update: bool = True
    may_insert: bool = True
    may_delete: bool = True
    filter: tuple[Criterion, ...] = ()
    parameters: tuple[Parameter, ...] = ()


@lru_cache(maxsize=4096)
def column_name(plural: str, field_path: str) -> str:
    """
    The name by rule of a field (a path with dots) of a resource, or of a row's field where the plural is blank.

    `address_1` is `Address_1`, `external_id` is `ExternalID`, a part's `number` is `PartID`, `price.USD` is `PriceUSD`.
    """
    name, _, key = field_path.partition(".")
    if name == "number" and plural in OF_NUMBER:
        return OF_NUMBER[plural]
    if name in OF_REFERENCE:
        return OF_REFERENCE[name]
    return camel(name) + key[:1].upper() + key[1:]


def camel(name: str) -> str:
    """`customer_part` is `CustomerPart`; a digit keeps its underscore, an `id` is `ID`."""
    return re.sub(r"_([A-Z])", r"\1", "_".join(w.upper() if w == "id" else w.capitalize() for w in name.split("_")))


def _by_key(name: str, plural: str, *fields: str) -> PublishedApi:
    """An API with every field, whose objects may be asked for by the fields of their key."""
    return PublishedApi(
        name, plural, parameters=tuple(Parameter(column_name(plural, field), field) for field in fields)
    )


PUBLISHED_AT_FIRST = (
    _by_key("Part", "parts", "number"),
    _by_key("Customer", "customers", "number"),
    _by_key("Contact", "contacts", "number"),
    _by_key("CustomerPart", "customer_parts", "customer", "part", "number"),
    _by_key("SalesOrder", "sales_orders", "number"),
)


@dataclass(frozen=True)
class EcoSysSettings(DialectSettings):
    """
    apis          what the site publishes
    language      of texts that have one for each language, where a column names none
    currency      of prices, likewise
    page_size     how many objects a page of REST has unless `_pageSize` says so; None: all are one page
    longest_page  the largest `_pageSize`
    """

    session_minutes: int | None = field(default=15, kw_only=True)

    apis: tuple[PublishedApi, ...] = PUBLISHED_AT_FIRST
    language: str = "en"
    currency: str = "USD"
    page_size: int | None = None
    longest_page: int = 10_000


def path_of(field_path: str) -> Path:
    """`price.USD` is `("price", "USD")`."""
    return tuple(field_path.split(".", 1))


def misfits(api: PublishedApi, resource: Resource) -> Iterator[str]:
    """What is wrong with an API on this resource, as the site has it, in sentences for an admin."""
    if not NAME.fullmatch(api.name):
        yield (
            f"{quoted(api.name)} is no name for an API: it begins with a letter, and holds letters, digits, - _ and "
            "single dots."
        )
    if api.name in TAKEN:
        yield f"An API cannot be called {api.name}: answers have an element of that name."
    yield from _wrong_ids("column", [column.id for column in api.columns])
    yield from _wrong_ids("parameter", [parameter.id for parameter in api.parameters])
    for column in api.columns:
        yield from _wrong_column(api, resource, column)
    if api.columns and (api.may_update or api.may_delete):
        shown = {column.field for column in api.columns if not column.read_only}
        for name in resource.key:
            if name not in shown:
                yield f"To update or delete, a column must show {name}, which its records are known by."
    yield from _wrong_criteria(api, resource)


def _wrong_ids(kind: str, ids: Sequence[str]) -> Iterator[str]:
    for each in dict.fromkeys(ids):
        if not ID.fullmatch(each):
            yield f"{quoted(each)} is no name for a {kind}: letters, digits, - and _, beginning with a letter."
        if ids.count(each) > 1:
            yield f"Two {kind}s are called {each}."


def _wrong_column(api: PublishedApi, resource: Resource, column: Column) -> Iterator[str]:
    name, *key = path_of(column.field)
    field = resource.by_name.get(name)
    if field is None or field.secret:
        yield f"The column {column.id} shows {quoted(name)}, which is not a field of a {resource.label.lower()}."
    elif key and field.kind is not Kind.MAP:
        yield f"The column {column.id} shows {quoted(column.field)}, but {name} has no entries."
    if column.read_only:
        beside = [each.id for each in api.columns if not each.read_only and path_of(each.field)[0] == name]
        if beside:
            yield f"The columns {column.id} and {beside[0]} show {name}: it is read-only as a whole, or not at all."


def _wrong_criteria(api: PublishedApi, resource: Resource) -> Iterator[str]:
    """Fields and comparators of the filter and the parameters; of the filter also its values."""
    for parameter in api.parameters:
        sample = Criterion(path_of(parameter.field), parameter.comparator, ("0",))
        if (problem := _problem(resource, sample)) and problem.code in ("unknown-field", "wrong-comparator"):
            yield f"The parameter {parameter.id}: {problem.sentence()}"
    for criterion in api.filter:
        if problem := _problem(resource, criterion):
            yield f"The filter: {problem.sentence()}"


def _problem(resource: Resource, criterion: Criterion) -> Problem | None:
    try:
        understand(resource, [criterion])
    except ProblemError as refused:
        return refused.problem
    return None
