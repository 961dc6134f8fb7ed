"""
The APIs that a site publishes: each is a kind of record with columns, switches, a filter and runtime parameters.

    PublishedApi("SampleObject", "customers", (Column("CostObjectID", "number"), Column("CostObjectName", "company")),
                 parameters=(Parameter("filter", "territory", Comparator.EQUAL),))

An admin's rows in the database become these values, and the settings of the dialects hold them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from records.shapes.criteria import Comparator, Criterion, understand
from records.shapes.fields import Kind
from records.shapes.problems import Path, Problem, ProblemError
from records.shapes.resources import Resource
from records.shapes.values import quote_text
from webservices.wire.messages import DialectSettings
from webservices.wire.operations import Action

NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9_-]|\.(?!\.))*")  # of an API, globally unique
MAX_NAME = 80
LEVELS = ("SUMMARY", "FAIL", "DETAIL")  # of the log of batch jobs
ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")  # of a column and of a parameter: a name that an element may have
# Elements of every answer: an API of that name would declare its type a second time.
RESERVED_NAMES = frozenset({"Meta", "Performance", "ObjectResult"})

# Keys and references are called after the kind of record, like the base text's CostObjectID; by rule they were Number.
NUMBER_COLUMNS: Mapping[str, str] = {
    "parts": "PartID",
    "customers": "CustomerID",
    "contacts": "ContactID",
    "customer_parts": "CustomerPartID",
    "sales_orders": "OrderID",
}
REFERENCE_COLUMNS: Mapping[str, str] = {
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
    field      the hub's field: `company`, or one entry of a map as `price.USD`; a map without a key (`price`) means the
               entry of the site's default language or currency
    read_only  it can be read, and a write that would change it is refused
    """

    id: str
    field: str
    read_only: bool = False


@dataclass(frozen=True)
class Parameter:
    """A runtime parameter: a call sees and writes only records whose field compares so with the parameter's value."""

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
    filter      criteria that its objects must meet, all of them
    parameters  in the order that they have in the path of REST
    event       for what the parameters and the filter allow, a call does this, and reads and writes no objects; None:
                its calls read and write
    log_level   of an event, how much of a call is logged as a job; "": nothing
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
    event: Action | None = None
    log_level: str = ""


@lru_cache(maxsize=4096)
def column_name(plural: str, field_path: str) -> str:
    """
    Return the name by rule of a field of a resource, or of a row's field where the plural is blank.

    `Address_1` for `address_1`, `ExternalID` for `external_id`, `PartID` for a part's `number`, `PriceUSD` for
    `price.USD`.
    """
    name, _, key = field_path.partition(".")
    if name == "number" and plural in NUMBER_COLUMNS:
        return NUMBER_COLUMNS[plural]
    if name in REFERENCE_COLUMNS:
        return REFERENCE_COLUMNS[name]
    return camel_case(name) + key[:1].upper() + key[1:]


def camel_case(name: str) -> str:
    """Return `CustomerPart` for `customer_part`; a digit keeps its underscore, and `id` becomes `ID`."""
    return re.sub(r"_([A-Z])", r"\1", "_".join(w.upper() if w == "id" else w.capitalize() for w in name.split("_")))


def _default_api(name: str, plural: str, *fields: str) -> PublishedApi:
    """Build an API with every field, and a parameter for each of `fields`, the resource's key."""
    return PublishedApi(
        name, plural, parameters=tuple(Parameter(column_name(plural, field), field) for field in fields)
    )


NO_API = PublishedApi("", "")  # in the place of an API that is not known

DEFAULT_APIS = (
    _default_api("Part", "parts", "number"),
    _default_api("Customer", "customers", "number"),
    _default_api("Contact", "contacts", "number"),
    _default_api("CustomerPart", "customer_parts", "customer", "part", "number"),
    _default_api("SalesOrder", "sales_orders", "number"),
)


@dataclass(frozen=True)
class EcoSysSettings(DialectSettings):
    """
    apis          the APIs that the site publishes
    language      the entry of a text by language, where a column names none
    currency      the entry of a price by currency, likewise
    page_size     how many objects a page of REST has without `_pageSize`; None: all are one page
    longest_page  the largest `_pageSize`
    rest_error_status  the HTTP status of every failed call over REST (200) but 401; None: that of what is wrong
    always_challenge   wrong credentials of a SOAP message's Options are answered 401, too
    """

    session_minutes: int | None = field(default=15, kw_only=True)

    apis: tuple[PublishedApi, ...] = DEFAULT_APIS
    language: str = "en"
    currency: str = "USD"
    page_size: int | None = None
    longest_page: int = 10_000
    rest_error_status: int | None = None
    always_challenge: bool = False


def split_path(field_path: str) -> Path:
    """Return `("price", "USD")` for `price.USD`."""
    return tuple(field_path.split(".", 1))


def find_api_errors(api: PublishedApi, resource: Resource) -> Iterator[str]:
    """Find the errors of an API on its resource, as the site has it, in sentences for an admin."""
    if not NAME.fullmatch(api.name):
        yield (
            f"{quote_text(api.name)} is no name for an API: it begins with a letter, and holds letters, digits, "
            "- _ and single dots."
        )
    if api.name in RESERVED_NAMES:
        yield f"An API cannot be called {api.name}: answers have an element of that name."
    yield from _find_id_errors("column", [column.id for column in api.columns])
    yield from _find_id_errors("parameter", [parameter.id for parameter in api.parameters])
    for column in api.columns:
        yield from _find_column_errors(api, resource, column)
    if api.columns and api.event is None and (api.may_update or api.may_delete):
        writable = {column.field for column in api.columns if not column.read_only}
        for name in resource.key:
            if name not in writable:
                yield f"To update or delete, a column must show {name}, which its records are known by."
    yield from _find_criteria_errors(api, resource)
    yield from find_event_errors(api, resource)


def _find_id_errors(kind: str, ids: Sequence[str]) -> Iterator[str]:
    for each in dict.fromkeys(ids):
        if not ID.fullmatch(each):
            yield f"{quote_text(each)} is no name for a {kind}: letters, digits, - and _, beginning with a letter."
        if ids.count(each) > 1:  # said once for all columns of that name
            yield f"Two {kind}s are called {each}."


def _find_column_errors(api: PublishedApi, resource: Resource, column: Column) -> Iterator[str]:
    name, *key = map(str, split_path(column.field))
    field = resource.by_name.get(name)
    if field is None or field.secret:
        yield f"The column {column.id} shows {quote_text(name)}, which is not a field of a {resource.label.lower()}."
    elif key and field.kind is not Kind.MAP:
        yield f"The column {column.id} shows {quote_text(column.field)}, but {name} has no entries."
    if column.read_only:
        writable = [each.id for each in api.columns if not each.read_only and split_path(each.field)[0] == name]
        if writable:
            yield f"The columns {column.id} and {writable[0]} show {name}: it is read-only as a whole, or not at all."


def find_event_errors(api: PublishedApi, resource: Resource) -> Iterator[str]:
    """Find what keeps an event from being triggered, in sentences for an admin; nothing of an API that is none."""
    if api.event is None:
        return
    if api.columns:
        yield "An event has no columns: its calls read and write no objects."
    if api.event is Action.LOG and not api.log_level:
        yield "An event that only logs its calls needs a log level."
    if api.event is not Action.INACTIVATE:
        return
    if "active" not in resource.by_name:
        yield f"{resource.label_plural} cannot be made inactive."
    # A call without parameters would make all of them inactive.
    if not api.filter and not any(each.required for each in api.parameters):
        yield "An event that makes records inactive needs a filter or a required parameter."


def _find_criteria_errors(api: PublishedApi, resource: Resource) -> Iterator[str]:
    """Check the fields and comparators of the filter and the parameters, and the values of the filter."""
    for parameter in api.parameters:
        # A parameter's value comes with each call: any will do here, and only two of its problems count.
        sample = Criterion(split_path(parameter.field), parameter.comparator, ("0",))
        if (problem := _find_problem(resource, sample)) and problem.code in ("unknown-field", "wrong-comparator"):
            yield f"The parameter {parameter.id}: {problem.sentence()}"
    for criterion in api.filter:
        if problem := _find_problem(resource, criterion):
            yield f"The filter: {problem.sentence()}"


def _find_problem(resource: Resource, criterion: Criterion) -> Problem | None:
    try:
        understand(resource, [criterion])
    except ProblemError as refused:
        return refused.problem
    return None
