"""The resources of parts, and of prices by themselves: all that callers see of them."""

from dataclasses import replace

from parts.codes import CODE_LISTS
from parts.models import Part, PartDescription, Price
from records.derive import STAMPS, children_as_map, children_as_rows, derive, derive_scalar, reference, related_field

ORDINARY = {"price_code": "", "minimum_quantity": 1, "effective_date": None}

KEY_OF_PRICE = ("currency", "price_code", "minimum_quantity", "effective_date")
PRICE_FIELDS = (
    *KEY_OF_PRICE,
    replace(derive_scalar(Price._meta.get_field("amount")), money="currency"),
)

PART = derive(
    Part,
    key=["number"],
    fields=[
        "number",
        "display_number",
        "direct_buy",
        children_as_map(
            "description", PartDescription, source="descriptions", keys="language", value="text",
            help="What it is called, by language.",
        ),
        children_as_map(
            "price", Price, source="prices", keys="currency", value="amount", constants=ORDINARY, money=True,
            help="Its ordinary price, by currency.",
        ),
        children_as_rows(
            "prices", Price, source="prices", fields=PRICE_FIELDS,
            key=KEY_OF_PRICE,
            help="All its prices: the ordinary ones and those of a price code, a quantity or a date.",
        ),
        "lead_time",
        "units",
        "company_associations",
        "partner_part_id",
        "partner_organization_id",
        "notes",
        "attachments",
        "active",
    ],
    examples=[
        {
            "number": "PUMP-100",
            "display_number": "P100",
            "direct_buy": "1",
            "description": {"en": "Pump, small", "de": "Pumpe, klein"},
            "price": {"USD": "250.00", "EUR": "230.00"},
            "prices": [
                {"currency": "USD", "amount": "250.00"},
                {"currency": "EUR", "amount": "230.00"},
            ],
            "lead_time": "14",
            "units": "1",
            "company_associations": ["Acme"],
            "partner_part_id": "01t000000000001",
            "partner_organization_id": "204",
            "notes": "Comes with a gasket.",
            "attachments": ["https://docs.example.com/pump-100.pdf"],
            "active": "true",
        },
    ],
).apply_code_lists(CODE_LISTS)  # fmt: skip

PRICE = derive(
    Price,
    key=["part", *KEY_OF_PRICE],
    fields=[
        reference(Price, "part"),
        *PRICE_FIELDS,
        # A price has no stamps of its own: to write one is a change of its part.
        *(related_field(Price, "part", name) for name in STAMPS),
    ],
    examples=[
        {
            "part": "PUMP-100",
            "currency": "USD",
            "price_code": "VIP",
            "minimum_quantity": "10",
            "effective_date": "2026-03-01",
            "amount": "240.00",
        },
    ],
).apply_code_lists(CODE_LISTS)
