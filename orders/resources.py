"""What callers see of a sales order."""

from dataclasses import replace

from customers.resources import drawn
from orders.models import Row, SalesOrder
from records.derive import by_id, children_as_rows, column, derive, naming


def computed(model: type, name: str, **changes):
    """A figure that is computed and never sent in."""
    return replace(column(model._meta.get_field(name)), computed=True, **changes)


ROW_FIELDS = (
    drawn(Row, "line_number"),
    naming(Row, "part", name="part_number", help="Our number of the part."),
    "customer_part_number",
    by_id(Row, "part"),
    "description",
    "quantity",
    replace(column(Row._meta.get_field("unit_price")), money="currency"),
    "value_period",
    "discount",
    computed(Row, "total", money="currency"),
)

SALES_ORDER = derive(
    SalesOrder,
    key=["number"],
    fields=[
        drawn(SalesOrder),
        naming(SalesOrder, "customer"),
        by_id(SalesOrder, "customer"),
        naming(SalesOrder, "contact"),
        by_id(SalesOrder, "contact"),
        naming(SalesOrder, "assigned_user", by=["username"]),
        by_id(SalesOrder, "assigned_user"),
        "subject",
        naming(SalesOrder, "status", by=["name"]),
        "due_date",
        "billing_street",
        "billing_city",
        "billing_state",
        "billing_postcode",
        "billing_country",
        "shipping_street",
        "shipping_city",
        "shipping_state",
        "shipping_postcode",
        "shipping_country",
        "description",
        "currency",
        children_as_rows(
            "rows", Row, source="rows", key=["line_number"], fields=ROW_FIELDS,
            help="What is ordered; what is sent is the whole list. Name each part in one of three ways.",
        ),
        computed(SalesOrder, "total", money="currency"),
    ],
    examples=[
        {
            "number": "SO-1000",
            "customer": "ACME",
            "subject": "Spring order",
            "status": "Created",
            "due_date": "2027-03-31",
            "billing_street": "1 Main Street",
            "billing_city": "Cleveland",
            "billing_state": "OH",
            "billing_postcode": "44101",
            "billing_country": "United States",
            "description": "As agreed.",
            "currency": "USD",
            "rows": [
                {
                    "line_number": "1", "part_number": "PUMP-100", "part_id": "1", "quantity": "2",
                    "unit_price": "250.00", "discount": "10", "total": "450.00",
                },
            ],
            "total": "450.00",
        },
    ],
)  # fmt: skip
