"""The parameters of a list in OpenAPI: a filter for each field, comparisons, words, paging."""

from records.shapes.criteria import ORDERS, PATTERNS
from records.shapes.fields import Field, Kind, item_field
from records.shapes.resources import Resource
from webservices.wire.dialects.rest.context import RestSettings
from webservices.wire.dialects.rest.names import COMPARATORS, RESERVED
from webservices.wire.dialects.rest.openapi.schemas import Schema


def list_parameters(resource: Resource) -> list[Schema]:
    """
    Return a parameter for each field, for equality, and one object with all comparisons.

    Each of its members is a parameter of its own (`style: form`, exploded): a list of two hundred parameters would hide
    the ones that matter.
    """
    settings = RestSettings()
    fixed = [
        ("search", {"type": "string"}, "Words; those of the searchable texts, by their beginnings, or of the key."),
        ("cursor", {"type": "string"}, "Where `next` of the last answer goes on."),
        (
            "limit",
            {"type": "integer", "minimum": 1, "maximum": settings.longest_page, "default": settings.page},
            "How many records a page has.",
        ),
    ]
    filters = [field for field in resource.fields if _is_searchable(field)]
    return [
        *({"name": name, "in": "query", "description": text, "schema": schema} for name, schema, text in fixed),
        *(_equality(field) for field in filters if field.name not in RESERVED),
        {
            "name": "comparisons",
            "in": "query",
            "style": "form",
            "explode": True,
            "description": COMPARISONS,
            # Without an example, documentation pages fill in every member and send them all.
            "example": {},
            "schema": {
                "type": "object",
                "properties": {name: schema for field in filters for name, schema in comparisons(field)},
                "patternProperties": {rf"^{field.name}\..+$": {} for field in filters if field.kind is Kind.MAP},
                "additionalProperties": False,
            },
        },
    ]


COMPARISONS = (
    "Each member is a parameter of its own, as in `?lead_time__gt=3&number__like=PUMP-%25`; all must be met. "
    "`__ne` not, `__lt __lte __gt __gte` by order, `__like` with `%` for any text and `_` for any character, "
    "`__ilike` likewise without regard to case, `__in` one of several, separated by commas (`\\,` is a comma). "
    "One entry of a map: `price.USD__lt=10`."
)


def _is_searchable(field: Field) -> bool:
    return not field.secret and field.kind is not Kind.ROWS


def _equality(field: Field) -> Schema:
    text = "Has this value; blank: has none."
    if field.kind in (Kind.MAP, Kind.LIST):
        text = "Some entry has this value; blank: there is none."
    return {"name": field.name, "in": "query", "description": text, "schema": {"type": "string"}}


def comparisons(field: Field) -> list[tuple[str, Schema]]:
    """Return the parameters that compare a field, by name, each with its schema."""
    entry = item_field(field)
    return [
        (f"{field.name}__{suffix}", {"type": "string"})
        for suffix, comparator in COMPARATORS.items()
        if (comparator not in PATTERNS or entry.kind is Kind.TEXT)
        and (comparator not in ORDERS or entry.kind is not Kind.BOOLEAN)
    ]
