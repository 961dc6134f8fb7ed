"""The resources of parts, and of prices by themselves: all that callers see of them."""

from dataclasses import replace

from parts.codes import CODE_LISTS
from parts.models import ExtendedDescription, Part, PartDescription, Price
from records.derive import (
    STAMPS,
    children_as_map,
    children_as_rows,
    derive,
    derive_scalar,
    money_field,
    reference,
    related_field,
)
from records.shapes.fields import Field
from records.shapes.resources import related_vendor_data

ORDINARY = {"price_code": "", "minimum_quantity": 1, "effective_date": None}

KEY_OF_PRICE = ("currency", "price_code", "minimum_quantity", "effective_date")


def _extended_description(number: int) -> Field:
    """Declare one of the two long texts, by language."""
    return children_as_map(
        f"extended_description_{number}", ExtendedDescription, source="extended_descriptions", keys="language",
        value="text", constants={"number": number}, help="A long text about it, by language.",
    )  # fmt: skip


# They came after contracts that clients were made of.
LATER = (
    "partner_price_book_entry_id",
    "external_key_1",
    "external_key_2",
    "default_unit_of_measure",
    "eligible_to_sell",
    "eligible_for_service",
    "self_service",
    "extended_description_1",
    "extended_description_2",
)
PRICE_FIELDS = (
    *KEY_OF_PRICE,
    replace(derive_scalar(Price._meta.get_field("end_date")), sparse=True),  # as LATER
    money_field(Price, "amount", currency="currency"),
)

PART = derive(
    Part,
    key=["number"],
    sparse=LATER,
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
        "partner_price_book_entry_id",
        "external_key_1",
        "external_key_2",
        "default_unit_of_measure",
        "eligible_to_sell",
        "eligible_for_service",
        "self_service",
        _extended_description(1),
        _extended_description(2),
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
            "partner_price_book_entry_id": "01u000000000001",
            "external_key_1": "PIM-4711",
            "external_key_2": "MES-0815",
            "default_unit_of_measure": "EA",
            "eligible_to_sell": "true",
            "eligible_for_service": "true",
            "self_service": "false",
            "extended_description_1": {"en": "Centrifugal pump of cast iron for clear water."},
            "extended_description_2": {"en": "Up to 10 bar and 90 °C."},
            "notes": "Comes with a gasket.",
            "attachments": ["https://docs.example.com/pump-100.pdf"],
            "active": "true",
        },
    ],
).apply_code_lists(CODE_LISTS)  # fmt: skip

# What Expandable's Product Price shows of its part, and no other wire.
PART_OF_PRICE = (
    replace(related_field(Price, "part", "active"), name="part_active"),
    related_vendor_data("part_vendor", "part"),
    children_as_map(
        "part_description", PartDescription, source="descriptions", keys="language", value="text", relation="part"
    ),
)

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
            "end_date": "2027-02-28",
            "amount": "240.00",
        },
    ],
    vendor_view=PART_OF_PRICE,
).apply_code_lists(CODE_LISTS)
