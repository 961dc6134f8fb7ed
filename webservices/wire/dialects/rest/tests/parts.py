"""A small world without a database: the operations on a resource like parts, and calls on it."""

from dataclasses import replace

from records.shapes.fields import Kind, ListField, MapField, RowsField, ScalarField
from records.shapes.resources import Resource
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.messages import Call, WireRequest
from webservices.wire.operations import Operation, Operations, Verb

CURRENCY = ScalarField("currency", label="currency", pattern="[A-Z]{3}")
AMOUNT = ScalarField("amount", Kind.DECIMAL, money="key", digits=19, places=5, minimum=0, required=True)
ROW = Resource(
    "price", "prices", "Price", "Prices",
    (
        CURRENCY,
        ScalarField("minimum_quantity", Kind.DECIMAL, default="1"),
        ScalarField("effective_date", Kind.DATE),
        AMOUNT,
    ),
    ("currency", "minimum_quantity"),
)  # fmt: skip

PART = Resource(
    "part", "parts", "Part", "Parts",
    (
        ScalarField("number", required=True, max_length=50),
        ScalarField("display_number", default=""),
        ScalarField("lead_time", Kind.INTEGER, default="-1", minimum=-1),
        MapField("price", item=AMOUNT, keys=CURRENCY, source="prices"),
        RowsField("prices", child=ROW, source="prices"),
        ListField("company_associations", item=ScalarField("company", max_length=100)),
        ScalarField("limit", Kind.INTEGER, custom=True),
        ScalarField("first_sold", Kind.DATE),
        ScalarField("active", Kind.BOOLEAN, default="true"),
        ScalarField("token", secret=True),
        ScalarField("id", Kind.INTEGER, read_only=True),
        ScalarField("version", Kind.INTEGER, read_only=True),
        ScalarField("changed_at", Kind.DATETIME, read_only=True),
    ),
    ("number",),
)  # fmt: skip

CUSTOMER_PART = Resource(
    "customer_part", "customer_parts", "Customer part", "Customer parts",
    (
        ScalarField("customer", required=True),
        ScalarField("part", required=True),
        ScalarField("own_number"),
        ScalarField("id", Kind.INTEGER, read_only=True),
    ),
    ("customer", "part", "own_number"),
)  # fmt: skip


def nothing(**asked) -> None:
    """The service of operations that are only spoken about."""


OPERATIONS = Operations(
    {
        (resource.plural, verb): Operation(verb, resource, (), nothing, nothing)
        for resource in (PART, CUSTOMER_PART)
        for verb in Verb
        if (resource, verb) != (CUSTOMER_PART, Verb.PUT)
    }
)


def operation(verb: str, plural: str = "parts") -> Operation:
    return OPERATIONS.get(plural, Verb(verb))


def request(method: str, target: str, body: bytes = b"", **headers: str) -> WireRequest:
    """`request("PUT", "/api/v1/parts/A/", b"{}", if_match='"7"')`."""
    path, _, query = target.partition("?")
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return WireRequest(method, path, body, named, query, "https://hub.example")


def read(method: str, target: str, body: bytes = b"", **headers: str) -> Call:
    """The call, its records read."""
    call = REST.read(request(method, target, body, **headers), OPERATIONS, REST.settings)
    list(call.records)
    return call


def without_manner(call: Call) -> Call:
    return replace(call, records=list(call.records))
