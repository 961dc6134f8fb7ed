"""
Expandable's names, as data: calls, and fields in their order.

    POST /api/customer-part-create

    {"PART_ID": "PUMP-100", "CUSTOMER_ID": "ACME", "CUST_PART_ID": "LARGE-HYDRAULIC-PUMP", …, "AUTH_TOKEN": "…"}

Names are upper-case, of at most 15 characters. What a kind of record has is listed here and nowhere else (check
webservices.E012 finds a field that the hub does not have). A field that people add to the hub stays unknown here.
"""

from collections.abc import Mapping, Sequence

from records.shapes.problems import Path
from webservices.wire.dialects.expandable.tables import (
    CUSTOM_PREFIX,
    TOKEN,
    TRAILING,
    UNKNOWN_PREFIX,
    Lines,
    PlainCall,
    Program,
)
from webservices.wire.operations import Action, Verb

BASE = "/api/"
HELP = "/help/"
VERBS: Mapping[Verb | Action, str] = {
    Verb.ADD: "create",
    Verb.UPDATE: "update",
    Verb.REMOVE: "delete",
    Verb.FIND: "query",
}

CUSTOMER_PART = Program(
    "customer-part", "Customer Part", "Customer Part Editor (SOECP)",
    {
        "PART_ID": "part",
        "CUSTOMER_ID": "customer",
        "CUST_PART_ID": "number",
        "SALESMAN_ID": "salesman_id",
        "CONTRACT": "contract",
        "SALE_STATUS": "sale_status",
        "REFERENCE": "reference",
        "SHIP_LT": "shipping_lead_time",
        "SO_DESC": "description",
        "SO_UM": "unit_of_measure",
        "SALE_CONV": "sale_conversion",
        "SO_ORDER_QTY": "order_quantity",
        "ECN": "engineering_change",
        "PARTIAL_SHIP": "partial_shipment",
        "DWG_REV": "drawing_revision",
        "DEF_STORES_CODE": "default_stores_code",
        "EARLY_SHIP": "early_shipment",
        "SN_REQD": "serial_numbers_required",
        "TAX_CODE": "tax_code",
        "PRODUCT_LINE": "product_line",
        "VAT_CODE": "vat_code",
        "DATE_LAST_QUOTE": "last_quote_date",
        "PRICE_CODE": "price_code",
        "QUOTE_QTY": "quote_quantity",
        "CURR_CODE": "currency",
        "QUOTE_UNIT_PRIC": "quote_unit_price",
        "ITEM_DISC_PCT": "discount",
        "PRICE_CHG": "price_change",
        "LAST_SO_ENTERED": "last_order",
        "DATE_LAST_SO": "last_order_date",
        "LAST_SO_QTY": "last_order_quantity",
        "LAST_SO_UM": "last_order_unit",
        "LAST_SO_PRICE": "last_order_price",
        "LAST_DISC_PCT": "last_discount",
        "LAST_PRICE_CODE": "last_price_code",
        "COMMENT_ID": "comment_id",
        "COMMENT_1": "comment_1",
        "COMMENT_2": "comment_2",
        "COMMENT_3": "comment_3",
        "COMMENT_4": "comment_4",
        **{f"SOFCP_USER_{number}": f"user_{number}" for number in range(1, 15)},
    },
    example_criteria={"PART_ID": "PUMP%", "CURR_CODE": "IN USD,EUR", "DATE_CREATED": ">=2026-01-01"},
)  # fmt: skip

PART = Program(
    "part", "Part", "Part Master Editor (ICEPM)",
    {
        "PART_ID": "number",
        "DISPLAY_ID": "display_number",
        "PART_DESC": "description",
        "DIRECT_BUY": "direct_buy",
        "LIST_PRICE": "price",
        "LEAD_TIME": "lead_time",
        "UNITS": "units",
        "COMPANIES": "company_associations",
        "PARTNER_PART_ID": "partner_part_id",
        "PARTNER_ORG_ID": "partner_organization_id",
        "ACTIVE": "active",
    },
    user_prefix="ICFPM_USER",
    example_fields=("PART_DESC", "LIST_PRICE", *TRAILING),
    example_criteria={"PART_ID": "PUMP%", "LEAD_TIME": "<=14"},
)  # fmt: skip

CUSTOMER = Program(
    "customer", "Customer", "Customer Editor (SOECM)",
    {
        "CUSTOMER_ID": "number",
        "EXTERNAL_ID": "external_id",
        "FIRST_NAME": "first_name",
        "LAST_NAME": "last_name",
        "COMPANY": "company",
        "CUSTOMER_TYPE": "customer_type",
        "ADDRESS_1": "address_1",
        "ADDRESS_2": "address_2",
        "CITY": "city",
        "PROVINCE": "province",
        "STATE": "state",
        "ZIP_CODE": "postcode",
        "COUNTRY": "country",
        "TERRITORY": "territory",
        "PHONE": "phone",
        "FAX": "fax",
        "EMAIL": "email",
        "OWNER": "owner",
        "CRM_ACCOUNT_ID": "crm_account_id",
        "CRM_CONTACT_ID": "crm_contact_id",
        "ACTIVE": "active",
    },
    user_prefix="SOFCM_USER",
    example_fields=("COMPANY", "CITY", "COUNTRY", *TRAILING),
    example_criteria={"COMPANY": "A%", "COUNTRY": "IN USA,CAN"},
)  # fmt: skip

CUSTOMER_CONTACT = Program(
    "customer-contact", "Customer Contact", "Customer Contact Editor (SOECT)",
    {
        "CONTACT_ID": "number",
        "CUSTOMER_ID": "customer",
        "FIRST_NAME": "first_name",
        "LAST_NAME": "last_name",
        "TITLE": "title",
        "EMAIL": "email",
        "PHONE": "phone",
        "MOBILE": "mobile",
        "FAX": "fax",
        "ACTIVE": "active",
    },
    {"NOTES": "notes"},
    example_fields=("LAST_NAME", "EMAIL", "NOTES"),
    example_criteria={"CUSTOMER_ID": "ACME", "EMAIL": "%@acme.example.com"},
)  # fmt: skip

PRODUCT_PRICE = Program(
    "product-price", "Product Price", "Product Price Editor (SOEPL)",
    {
        "PART_ID": "part",
        "CURR_CODE": "currency",
        "PRICE_CODE": "price_code",
        "ORDER_QTY": "minimum_quantity",
        "EFFECTIVE_DATE": "effective_date",
        "UNIT_PRICE": "amount",
    },
    {},
    example_fields=("PRICE_CODE", "ORDER_QTY", "EFFECTIVE_DATE"),
    example_criteria={"PART_ID": "PUMP%", "UNIT_PRICE": "BETWEEN 100 AND 500"},
)  # fmt: skip

SALES_ORDER = Program(
    "sales-order", "Sales Order", "Sales Order Editor (SOESO)",
    {
        "SO_ID": "number",
        "CUSTOMER_ID": "customer",
        "CONTACT_ID": "contact",
        "ASSIGNED_USER": "assigned_user",
        "SUBJECT": "subject",
        "SO_STATUS": "status",
        "DUE_DATE": "due_date",
        "BILL_STREET": "billing_street",
        "BILL_CITY": "billing_city",
        "BILL_STATE": "billing_state",
        "BILL_ZIP_CODE": "billing_postcode",
        "BILL_COUNTRY": "billing_country",
        "SHIP_STREET": "shipping_street",
        "SHIP_CITY": "shipping_city",
        "SHIP_STATE": "shipping_state",
        "SHIP_ZIP_CODE": "shipping_postcode",
        "SHIP_COUNTRY": "shipping_country",
        "CURR_CODE": "currency",
        "SO_TOTAL": "total",
    },
    {"NOTES": "description"},
    example_fields=("SUBJECT", "NOTES"),
    example_criteria={"CUSTOMER_ID": "ACME", "DUE_DATE": "BETWEEN 2026-01-01 AND 2027-12-31"},
    lines=Lines(
        "SalesOrder",
        "SalesOrderLine",
        "rows",
        {
            "SO_LINE_NO": "line_number",
            "PART_ID": "part_number",
            "CUST_PART_ID": "customer_part_number",
            "PART_RECORD_ID": "part_id",
            "SO_DESC": "description",
            "ORDER_QTY": "quantity",
            "UNIT_PRICE": "unit_price",
            "VALUE_PERIOD": "value_period",
            "ITEM_DISC_PCT": "discount",
            "LINE_TOTAL": "total",
        },
    ),
)  # fmt: skip

PROGRAMS: Mapping[str, Program] = {
    "parts": PART,
    "customers": CUSTOMER,
    "contacts": CUSTOMER_CONTACT,
    "customer_parts": CUSTOMER_PART,
    "prices": PRODUCT_PRICE,
    "sales_orders": SALES_ORDER,
}

PLAIN_CALLS: Mapping[tuple[str, Verb | Action], PlainCall] = {
    ("api_version", Action.SHOW): PlainCall(
        "api-version-get",
        "API Version, Get",
        "Returns the version of this API.",
        {"API_VERSION": "version"},
    ),
    ("auth_tokens", Action.OPEN): PlainCall(
        "auth-token-get",
        "Auth Token, Get",
        "Returns an Auth Token for a user of a data source; every call that needs one takes it as AUTH_TOKEN.",
        {TOKEN: "token"},
        {"DATA_SOURCE": "data_source"},
        takes_login=True,
    ),
    ("data_sources", Action.SHOW): PlainCall(
        "data-sources-get",
        "Data Sources, Get",
        "Returns the names of the data sources that there are: what DATA_SOURCE of Auth Token, Get may be.",
        {"DATA_SOURCES": "name"},
        is_list=True,
    ),
    ("server_time", Action.SHOW): PlainCall(
        "server-time-get",
        "Server Time, Get",
        "Returns the time of this server, in UTC.",
        {"SERVER_TIME": "at"},
    ),
}


def spell(plural: str, path: Path) -> str:
    """
    Spell the hub's path of a field as this wire does; a name that is no field's stays.

    `("rows", 0, "quantity")` of an order is `SalesOrderLine[1].ORDER_QTY`, `("attachments", 1)` is `ATTACHMENTS[2]`.
    """
    name, *rest = path or ("",)
    if str(name).startswith(UNKNOWN_PREFIX):
        return str(name).removeprefix(UNKNOWN_PREFIX)
    program = PROGRAMS.get(plural)
    if program is None:
        return _plain_names(plural).get(str(name), str(name))
    if program.lines is not None and name == program.lines.name:
        return program.lines.member + _spell_line(program.lines, rest)
    if program.user_prefix and str(name).startswith(CUSTOM_PREFIX):
        return f"{program.user_prefix}_{str(name)[len(CUSTOM_PREFIX) :]}"
    # Of the names that an audit field has here, the first: DATE_LAST_UPDT says the same as DATE_MODIFIED.
    audit = {"created_by": "CREATED_BY", "created_at": "DATE_CREATED", "changed_by": "MODIFIED_BY"}
    if name == "changed_at":
        return "TIME_LAST_UPDT" if "time" in rest else "DATE_MODIFIED"
    spelled = program.wire_names.get(str(name)) or audit.get(str(name), str(name))
    return spelled + "".join(f"[{step + 1}]" for step in rest if isinstance(step, int))


def _plain_names(plural: str) -> dict[str, str]:
    found = (plain for (about, _), plain in PLAIN_CALLS.items() if about == plural)
    return {name: wire for plain in found for wire, name in (*plain.outputs.items(), *plain.inputs.items())}


def _spell_line(lines: Lines, rest: Sequence[str | int]) -> str:
    """`[1].ORDER_QTY` of `(0, "quantity")`."""
    wire = {name: wire for wire, name in lines.fields.items()}
    names = [wire.get(str(step), str(step).removeprefix(UNKNOWN_PREFIX)) for step in rest]
    pairs = zip(rest, names, strict=True)
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{name}" for step, name in pairs)
