"""The resources of sales orders and their shipments: all that callers see of them."""

from dataclasses import replace

from orders.models import Row, SalesOrder, Shipment
from parts.codes import CODE_LISTS
from records.derive import (
    auto_number,
    children_as_rows,
    computed_field,
    derive,
    derive_scalar,
    money_field,
    reference,
    reference_by_id,
    remaining_field,
)

ROW_FIELDS = (
    auto_number(Row, "line_number"),
    reference(Row, "part", name="part_number", help="Our number of the part."),
    "customer_part_number",
    reference_by_id(Row, "part"),
    "description",
    "quantity",
    remaining_field(
        Row,
        "quantity",
        name="open_quantity",
        help="What of it has not been shipped.",
        used=Shipment,
        parent="order",
        key="line_number",
    ),
    money_field(Row, "unit_price", currency="currency"),
    "value_period",
    "discount",
    computed_field(Row, "total", money="currency"),
    "due_date",
    "ship_date",
)

# As Expandable's orders name their contact, and those of no other wire.
CONTACT_CODE = reference(
    SalesOrder, "contact", by=["code"], name="contact_code", within="customer",
    help="The customer's own short name for the contact.",
)  # fmt: skip

SALES_ORDER = derive(
    SalesOrder,
    key=["number"],
    fields=[
        auto_number(SalesOrder),
        reference(SalesOrder, "customer"),
        reference_by_id(SalesOrder, "customer"),
        reference(SalesOrder, "contact"),
        reference_by_id(SalesOrder, "contact"),
        reference(SalesOrder, "assigned_user", by=["username"]),
        reference_by_id(SalesOrder, "assigned_user"),
        "subject",
        reference(SalesOrder, "status", by=["name"]),
        "purchase_order_number",
        replace(derive_scalar(SalesOrder._meta.get_field("order_date")), implied_by="created_at"),
        "due_date",
        "ship_date",
        "invoice_date",
        "ship_method",
        "tracking_number",
        reference(SalesOrder, "territory", by=["name"], creates=True),
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
        "notes",
        "currency",
        children_as_rows(
            "rows", Row, source="rows", key=["line_number"], fields=ROW_FIELDS, sparse=["due_date", "ship_date"],
            help="What is ordered; what is sent is the whole list. Name each part in one of three ways.",
        ),
        computed_field(SalesOrder, "total", money="currency"),
        money_field(SalesOrder, "tax", currency="currency"),
        money_field(SalesOrder, "freight", currency="currency"),
        replace(computed_field(SalesOrder, "grand_total", money="currency"), implied_by="total"),
    ],
    sparse=[
        "purchase_order_number", "order_date", "ship_date", "invoice_date", "ship_method", "tracking_number",
        "territory", "notes", "tax", "freight", "grand_total",
    ],
    examples=[
        {
            "number": "SO-1000",
            "customer": "ACME",
            "subject": "Spring order",
            "status": "Created",
            "purchase_order_number": "4500012345",
            "order_date": "2027-03-01",
            "due_date": "2027-03-31",
            "ship_date": "2027-03-15",
            "invoice_date": "2027-03-16",
            "ship_method": "Truck",
            "tracking_number": "1Z 999 AA1 01 2345 6784",
            "territory": "North",
            "billing_street": "1 Main Street",
            "billing_city": "Cleveland",
            "billing_state": "OH",
            "billing_postcode": "44101",
            "billing_country": "United States",
            "description": "As agreed.",
            "notes": "Call before delivery.",
            "currency": "USD",
            "rows": [
                {
                    "line_number": "1", "part_number": "PUMP-100", "part_id": "1", "quantity": "2",
                    "open_quantity": "2", "unit_price": "250.00", "discount": "10", "total": "450.00",
                    "due_date": "2027-03-31", "ship_date": "2027-03-15",
                },
            ],
            "total": "450.00",
            "tax": "85.50",
            "freight": "20.00",
            "grand_total": "555.50",
        },
    ],
    vendor_view=[CONTACT_CODE],
    search_fields=["purchase_order_number", "customer.words", "rows.part_number"],
).apply_code_lists(CODE_LISTS)  # fmt: skip

SHIPMENT = derive(
    Shipment,
    key=["number"],
    fields=[
        auto_number(Shipment),
        reference(Shipment, "order"),
        reference_by_id(Shipment, "order"),
        "line_number",
        "quantity",
        "ship_date",
        "reference",
        "batch",
    ],
    examples=[
        {
            "number": "SH-1",
            "order": "SO-1002",
            "line_number": "1",
            "quantity": "1",
            "ship_date": "2027-03-15",
            "reference": "1Z 999 AA1 01 2345 6784",
            "batch": "SH-1",
        },
    ],
)
