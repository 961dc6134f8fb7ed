"""The parameters of a list in OpenAPI: a filter for each field, comparisons, words, paging."""

import re

from records.shapes.criteria import is_comparable
from records.shapes.fields import Field, Kind, ScalarField, item_field
from records.shapes.ordering import is_sortable
from records.shapes.resources import Resource
from webservices.wire.contracts.openapi_schemas import anchor, value_pattern
from webservices.wire.dialects.rest.context import RestSettings
from webservices.wire.dialects.rest.criteria import LONGEST_SEARCH
from webservices.wire.dialects.rest.names import RESERVED
from webservices.wire.dialects.rest.openapi.schemas import Schema

CURSOR: Schema = {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"}
SEARCH: Schema = {"type": "string", "maxLength": LONGEST_SEARCH}


def list_parameters(resource: Resource) -> list[Schema]:
    """
    Return a parameter for each field, for equality, and those for words and paging.

    Comparisons are told in words (`COMPARISONS`): a list of two hundred parameters would hide the ones that matter, and
    an object of them, each a parameter by itself (`style: form`, exploded), is sent wrong by most generated clients.
    """
    settings = RestSettings()
    fixed = [
        ("search", SEARCH, describe_search(resource)),
        ("ordering", ordering_schema(resource), ORDERING),
        ("cursor", CURSOR, "Where `next` of the last answer goes on."),
        (
            "limit",
            {"type": "integer", "minimum": 1, "maximum": settings.longest_page},
            f"How many records a page has; left out: {settings.page}.",
        ),
    ]
    filters = [field for field in resource.fields if _is_searchable(field)]
    return [
        *({"name": name, "in": "query", "description": text, "schema": schema} for name, schema, text in fixed),
        *(_equality(field) for field in filters if field.name not in RESERVED),
    ]


def describe_search(resource: Resource) -> str:
    """Return what a search looks at."""
    text = "Words; those of the searchable texts, by their beginnings, or of the key."
    further = ", ".join(f"`{path.removesuffix('.words')}`" for path in resource.search_fields)
    return f"{text} Also by {further}: its beginning, or the words of the record that is named." if further else text


ORDERING = (
    "The fields that the list is ordered by, separated by commas; `-` before one that descends. What has no value "
    "comes first, and last where the order descends. A field that names another record orders by that record's name. "
    "Records that are equal in all of them are in the order of their ids. A cursor goes with the order that gave it."
)


def ordering_schema(resource: Resource) -> Schema:
    """Return the schema of an order: a text, since generators make the same name of `number` and `-number`."""
    names = "|".join(re.escape(field.name) for field in resource.fields if is_sortable(field))
    return {"type": "string", "pattern": f"^-?({names})(,-?({names}))*$"}


COMPARISONS = (
    "Every parameter is a condition, and all must be met. Beside those listed each field can be compared: its name, "
    "two underscores and a comparator, as in `?lead_time__gt=3&number__like=PUMP-%25`. `__ne` not, `__lt __lte __gt "
    "__gte` by order, `__like` with `%` for any text and `_` for any character, `__ilike` likewise without regard to "
    "case, `__in` one of several, separated by commas (`\\,` is a comma). One entry of a map: `price.USD__lt=10`. A "
    "generated client says the same as `criteria` of a batch that finds."
)


def describe_rows(resource: Resource) -> str:
    """Return how a list is filtered by the rows of its records; "": they have none."""
    names = [
        f"`{field.name}.{each.name}`"
        for field in resource.fields
        if field.kind is Kind.ROWS
        for each in field.child.fields
        if is_comparable(each)
    ]
    if not names:
        return ""
    return (
        f" Likewise a field of its rows: {', '.join(names)}. All that is said of the same list must be met by one row; "
        "`__ne` is a row that has another value, or none."
    )


def _is_searchable(field: Field) -> bool:
    return not field.secret and field.kind is not Kind.ROWS


def _equality(field: Field) -> Schema:
    text = "Has this value; blank: has none."
    if field.kind in (Kind.MAP, Kind.LIST):
        text = "Some entry has this value; blank: there is none."
    item = item_field(field)
    # Without the field's limits: one may ask for what cannot be stored. A text whatever it holds, as blank asks, too.
    schema: Schema = {"type": "string"}
    if item.kind is not Kind.TEXT and item.kind is not Kind.ROWS:
        schema["pattern"] = anchor(value_pattern(ScalarField(field.name, item.kind)), optional=True)
    return {"name": field.name, "in": "query", "description": text, "schema": schema}
