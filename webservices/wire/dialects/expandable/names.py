"""
Expandable's names, as data: calls, and fields in their order.

    POST /api/customer-part-create

    {"PART_ID": "PUMP-100", "CUSTOMER_ID": "ACME", "CUST_PART_ID": "LARGE-HYDRAULIC-PUMP", …, "AUTH_TOKEN": "…"}

Names are upper-case, of at most 15 characters. What a kind of record has is listed here and nowhere else (check
webservices.E012 finds a field that the hub does not have). A field that people add to the hub stays unknown here; a
name that leads to no field of the hub is the vendor's alone, and kept as it is.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from records.shapes.problems import Path
from records.shapes.resources import VENDOR
from webservices.wire.dialects.expandable.context import ExpandableSettings
from webservices.wire.dialects.expandable.tables import (
    ATTACHMENTS,
    AUDIT,
    LINE_NUMBER,
    NOTES,
    OLD_PASSWORD,
    OLD_TOKEN,
    PASSWORD,
    TOKEN,
    UNKNOWN_PREFIX,
    USER_NAME,
    Lines,
    PlainCall,
    Program,
    TextList,
    split_names,
)
from webservices.wire.operations import Action, Operation, Verb

BASE = "/api/"
HELP = "/help/"
VERBS: Mapping[Verb | Action, str] = {
    Verb.ADD: "create",
    Verb.UPDATE: "update",
    Verb.REMOVE: "delete",
    Verb.FIND: "query",
}

NOTES_EXAMPLE = "Notes can be up to 32,765 characters long."
ATTACHMENTS_EXAMPLE = "http://www.expandable.com/|C:\\Expandable.docx"
TRAILING_EXAMPLE = {NOTES: NOTES_EXAMPLE, ATTACHMENTS: ATTACHMENTS_EXAMPLE}

_CUSTOMER_PART_FIELDS: Mapping[str, str] = {
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
}
_CUSTOMER_PART_KEY = {"PART_ID": "PUMP002", "CUSTOMER_ID": "ABCCORP", "CUST_PART_ID": "LARGE-HYDRAULIC-PUMP"}
CUSTOMER_PART = Program(
    names=tuple(_CUSTOMER_PART_FIELDS),
    hub={**_CUSTOMER_PART_FIELDS, NOTES: "notes", ATTACHMENTS: "attachments"},
    noun="customer-part",
    title="Customer Part",
    editor="Customer Part Editor (SOECP)",
    key=("PART_ID", "CUSTOMER_ID", "CUST_PART_ID"),
    examples={
        Verb.ADD: {**_CUSTOMER_PART_KEY, **TRAILING_EXAMPLE},
        Verb.UPDATE: {**_CUSTOMER_PART_KEY, "SO_DESC": "Pump, Hydraulic, 1200 psi"},
        Verb.REMOVE: _CUSTOMER_PART_KEY,
        Verb.FIND: {"PART_ID": "PUMP%", "CURR_CODE": "IN USD,EUR", "DATE_CREATED": ">=2026-01-01"},
    },
    old_resource="CustomerPart",
    old_names=("SALE_DEC",),
    not_old_names=frozenset({"SO_ORDER_QTY"}),
)

PART = Program(
    names=split_names("""
        PART_ID PART_UM PART_STATUS PART_DESC SEARCH_NAME AL_PART_DESC PART_TYPE PART_CLASS CATG_CODE SUBST_PART
        PENDING_ECN ECN ECN_EFF_DATE DWG_SIZE DWG_REV ORIG_REL_DATE DATE_ACTIVE PART_HOLD_CODE PLANNER_ID ABC_CODE
        COMM_CODE PRODUCT_LINE MRP_FLAG MPS_CODE FORECAST_QTY PLAN_HORIZON ORDER_QTY MAX_ORDER_QTY YIELD_FACTOR
        DEF_STORES_CODE QC_FLAG LOT_CONTROL SHELF_LIFE VENDR_LEAD_TIME RECEIVING_LT KIT_LT MFG_LT SHIP_LT
        PLAN_LEAD_TIME CUM_LT BUYER_ID PREF_VENDOR BUY_UM BUY_CONV CATALOG_ID CATALOG_DESC WEIGHT VOLUME SO_ORDER_QTY
        MIN_SALES_QTY QTY_PER_CARTON SALE_UM SALE_CONV SHIP_TYPE WARRANTY_DAYS UPC_CODE FRT_CLASS ITF_CODE
        ORIG_COUNTRY SN_REQD SALES_MARKET SN_REQD_INV SLX_PART STD_WORK_1 STD_1_HRS STD_WORK_2 STD_2_HRS STD_WORK_3
        STD_3_HRS STD_OH_PCT_BUY STD_OH_PCT_OUT STD_MTL_CST_ADD STD_OUT_CST_ADD COMMENT_ID ICFPM_USER_1..16
    """),
    hub={
        "PART_ID": "number",
        "PART_DESC": "description",
        "PLAN_LEAD_TIME": "lead_time",
        NOTES: "notes",
        ATTACHMENTS: "attachments",
    },
    noun="part",
    title="Part",
    editor="Part Master Editor (ICEPM)",
    key=("PART_ID",),
    required=("PART_DESC",),
    codes={"PLAN_LEAD_TIME": "unset_numbers"},
    status="PART_STATUS",
    is_open=True,
    examples={
        Verb.ADD: {"PART_ID": "MOTOR003", "PART_DESC": "Motor, Electric, 240V, Model 3", **TRAILING_EXAMPLE},
        Verb.UPDATE: {"PART_ID": "MOTOR003", "PART_UM": "EA"},
        Verb.REMOVE: {"PART_ID": "MOTOR003"},
        Verb.FIND: {"PART_ID": "MOTOR%", "PLAN_LEAD_TIME": "<=14"},
    },
    old_resource="Part",
)

CUSTOMER = Program(
    names=split_names("""
        CUSTOMER_ID CUSTOMER_NAME CUSTOMER_STATUS ADDRESS_1 ADDRESS_2 ADDRESS_3 CITY STATE ZIP_CODE COUNTRY SO_CONTACT
        SO_PHONE_NO FAX_NO E_MAIL TERMS_CODE SALESMAN_ID FIRST_NAME LAST_NAME
    """),
    hub={
        "CUSTOMER_ID": "number",
        "CUSTOMER_NAME": "company",
        "ADDRESS_1": "address_1",
        "ADDRESS_2": "address_2",
        "CITY": "city",
        "STATE": "state",
        "ZIP_CODE": "postcode",
        "COUNTRY": "country",
        "SO_PHONE_NO": "phone",
        "FAX_NO": "fax",
        "E_MAIL": "email",
        "FIRST_NAME": "first_name",
        "LAST_NAME": "last_name",
        NOTES: "notes",
        ATTACHMENTS: "attachments",
    },
    ours=frozenset({"E_MAIL", "FIRST_NAME", "LAST_NAME"}),
    noun="customer",
    title="Customer",
    editor="Customer Editor (SOECM)",
    key=("CUSTOMER_ID",),
    required=("CUSTOMER_NAME",),
    status="CUSTOMER_STATUS",
    is_open=True,
    examples={
        Verb.ADD: {"CUSTOMER_ID": "ABCCORP", "CUSTOMER_NAME": "ABC Corporation"},
        Verb.UPDATE: {"CUSTOMER_ID": "ABCCORP", "SO_PHONE_NO": "408-555-1212"},
        Verb.REMOVE: {"CUSTOMER_ID": "ABCCORP"},
        Verb.FIND: {"CUSTOMER_NAME": "ABC%", "COUNTRY": "IN USA,CAN"},
    },
    old_resource="Customer",
)

_CONTACT_KEY = {"CUSTOMER_ID": "ABCCORP", "CUST_CONTACT": "JHERNANDEZ"}
CUSTOMER_CONTACT = Program(
    names=split_names("""
        CUSTOMER_ID CUST_CONTACT CONTACT_STATUS FIRST_NAME LAST_NAME INITIAL TITLE MAIL_STOP ADDRESS_1 ADDRESS_2
        ADDRESS_3 CITY STATE ZIP_CODE COUNTRY PHONE_NO FAX_NO CELL_PHONE_NO PAGER_NO E_MAIL E_MAIL_2 WEB_ADDRESS
        SOFCT_USER_1..16
    """),
    hub={
        "CUSTOMER_ID": "customer",
        "CUST_CONTACT": "code",
        "FIRST_NAME": "first_name",
        "LAST_NAME": "last_name",
        "TITLE": "title",
        "PHONE_NO": "phone",
        "CELL_PHONE_NO": "mobile",
        "FAX_NO": "fax",
        "E_MAIL": "email",
        NOTES: "notes",
    },
    noun="customer-contact",
    title="Customer Contact",
    editor="Customer Contact Editor (SOECT)",
    key=("CUSTOMER_ID", "CUST_CONTACT"),
    found_by=("customer", "code"),
    status="CONTACT_STATUS",
    examples={
        Verb.ADD: {
            **_CONTACT_KEY,
            "FIRST_NAME": "Joseph",
            "LAST_NAME": "Hernandez",
            "PHONE_NO": "408-555-1212",
            **TRAILING_EXAMPLE,
        },
        Verb.UPDATE: {**_CONTACT_KEY, "E_MAIL": "jhernandez@abccorp.com", **TRAILING_EXAMPLE},
        Verb.REMOVE: _CONTACT_KEY,
        Verb.FIND: {"COUNTRY": "US", "STATE": "IN 'CA','NV'"},
    },
    old_resource="CustomerContact",
    old_names=("SLX_ID",),
)

_PRICE_KEY = {"PART_ID": "PUMP002", "PRICE_CODE": "LP", "EFFECTIVE_DATE": "2014-10-10", "ORDER_QTY": "1000"}
PRODUCT_PRICE = Program(
    names=split_names("""
        PART_ID PRICE_CODE EFFECTIVE_DATE ORDER_QTY END_DATE CURR_CODE SO_UNIT_PRICE ITEM_DISC_PCT PRICE_CHG SALES_COMM
    """),
    hub={
        "PART_ID": "part",
        "PRICE_CODE": "price_code",
        "EFFECTIVE_DATE": "effective_date",
        "ORDER_QTY": "minimum_quantity",
        "CURR_CODE": "currency",
        "SO_UNIT_PRICE": "amount",
    },
    noun="product-price",
    title="Product Price",
    editor="Product Price Editor (SOEPL)",
    key=("PART_ID", "PRICE_CODE", "EFFECTIVE_DATE", "ORDER_QTY"),
    required=("PART_ID", "PRICE_CODE"),
    named=frozenset({"EFFECTIVE_DATE", "ORDER_QTY"}),
    codes={"PRICE_CODE": "price_codes"},
    optional_key="currency",
    audit={wire: path for wire, path in AUDIT.items() if wire != "OPERATOR_ID"},
    joined={
        "PART_TYPE": ("part_vendor", "PART_TYPE"),
        "PART_DESC": ("part_description",),
        "PART_UM": ("part_vendor", "PART_UM"),
        "SO_ORDER_QTY": ("part_vendor", "SO_ORDER_QTY"),
        "MIN_SALES_QTY": ("part_vendor", "MIN_SALES_QTY"),
        "PART_STATUS": ("part_vendor", "PART_STATUS"),
        "STD_UNIT_COST": (),
        "PRODUCT_LINE": ("part_vendor", "PRODUCT_LINE"),
    },
    problem_names={"part_active": "PART_STATUS"},
    defaults={"SO_UNIT_PRICE": "0"},
    site_defaults={"CURR_CODE": "currency"},
    examples={
        Verb.ADD: {**_PRICE_KEY, "SO_UNIT_PRICE": "10", **TRAILING_EXAMPLE},
        Verb.UPDATE: {**_PRICE_KEY, "END_DATE": "2029-12-31", **TRAILING_EXAMPLE},
        Verb.REMOVE: _PRICE_KEY,
        Verb.FIND: {"PART_ID": "PUMP002", "END_DATE": ">2020-01-01", "ORDER_QTY": "BETWEEN 100 AND 1000"},
    },
    old_resource="ProductPrice",
    not_old_names=frozenset({"DATE_LAST_UPDT", "TIME_LAST_UPDT"}),
)

_COMMENT = {"PRINT_INVOICE": "O"}
SALES_ORDER = Program(
    names=split_names("""
        SO_ID CUSTOMER_ID SO_TYPE SO_STATUS ORDER_DATE ORDER_CLASS CUST_PO_ID REFERENCE CUST_CONTACT ATTENTION
        CONFIRMED_TO BILL_TO_CUST SHIP_TO_CUST SALESMAN_ID SALES_REGION ORDER_TAKER TERMS_CODE PAYMENT_TYPE
        ORDER_DISC_PCT CURR_CODE FOB FREIGHT_CODE SHIP_METHOD COMPLETE_ONLY DELAY_DAYS DELAY_INVOICE E_MAIL E_MAIL_DATE
        GL_MONTH GL_YEAR DATE_APPROVED DUE_DATE SUBJECT SO_TOTAL
    """),
    hub={
        "SO_ID": "number",
        "CUSTOMER_ID": "customer",
        "SO_STATUS": "status",
        "CUST_CONTACT": "contact_code",
        "CURR_CODE": "currency",
        "DUE_DATE": "due_date",
        "SUBJECT": "subject",
        "SO_TOTAL": "total",
    },
    ours=frozenset({"CUST_CONTACT", "CURR_CODE", "DUE_DATE", "SUBJECT", "SO_TOTAL"}),
    noun="sales-order",
    codes={"SO_STATUS": "order_statuses"},
    title="Sales Order",
    editor="Sales Order Editor (SOEOM)",
    key=("SO_ID",),
    is_open=True,
    problem_names={"contact": "CUST_CONTACT"},
    lines=Lines(
        names=split_names("""
            SO_LINE_NO PART_ID CUST_PART_ID SO_DESC ORDER_QTY SO_UM SALE_CONV SALE_DEC SO_UNIT_PRICE ITEM_DISC_PCT
            PRICE_CODE STORES_CODE LOT_ID DWG_REV ECN REQ_SHIP_DATE SCH_SHIP_DATE REV_SHIP_DATE SO_LINE_STATUS TAX_CODE
            VAT_CODE
        """),
        hub={
            LINE_NUMBER: "line_number",
            "PART_ID": "part_number",
            "CUST_PART_ID": "customer_part_number",
            "SO_DESC": "description",
            "ORDER_QTY": "quantity",
            "SO_UNIT_PRICE": "unit_price",
            "ITEM_DISC_PCT": "discount",
        },
        ours=frozenset({"CUST_PART_ID", "TAX_CODE", "VAT_CODE"}),
        member="LINES",
        old_member="SalesOrderLine",
        name="rows",
        defaults={"ORDER_QTY": "1"},
    ),
    lists=(
        TextList(
            "COMMENTS",
            "SalesOrderComment",
            names=(LINE_NUMBER, "PRINT_INVOICE", "COMMENT_TEXT"),
            required=(LINE_NUMBER, "PRINT_INVOICE", "COMMENT_TEXT"),
            orders=True,
        ),
        TextList(
            "EXTENDED_USER",
            "SalesOrderExtendedUser",
            names=split_names("SO_LINE_NO SOFDXU_USER_1..40"),
            required=(LINE_NUMBER,),
            single=True,
        ),
    ),
    examples={
        Verb.ADD: {
            "SO_ID": "123456",
            "CUSTOMER_ID": "ABCCORP",
            **TRAILING_EXAMPLE,
            "LINES": [
                {LINE_NUMBER: "1", "PART_ID": "MOTOR003", "ORDER_QTY": "2", "SO_UNIT_PRICE": "3500.00"},
                {LINE_NUMBER: "2", "PART_ID": "MOUNT007", "ORDER_QTY": "4", "SO_UNIT_PRICE": "60.00"},
            ],
            "COMMENTS": [
                {LINE_NUMBER: "0", **_COMMENT, "COMMENT_TEXT": "Order comment."},
                {LINE_NUMBER: "1", **_COMMENT, "COMMENT_TEXT": "Line 1 comment."},
                {LINE_NUMBER: "2", **_COMMENT, "COMMENT_TEXT": "Line 2 comment."},
            ],
            "EXTENDED_USER": [
                {
                    LINE_NUMBER: "1",
                    "SOFDXU_USER_1": "ZSVB",
                    "SOFDXU_USER_25": "7/20/2012",
                    "SOFDXU_USER_34": "13.55",
                }
            ],
        },
        Verb.UPDATE: {"SO_ID": "123456", "SUBJECT": "Spring order"},
        Verb.REMOVE: {"SO_ID": "123456"},
        Verb.FIND: {"CUSTOMER_ID": "ABCCORP", "SO_STATUS": "<>X"},
    },
    old_resource="SalesOrder",
)

_SHIPMENT_HUB = {
    "ACTION_DATE": "ship_date",
    "SO_ID": "order",
    "REFERENCE": "reference",
    "BATCH_NUMBER": "batch",
}
_SHIPPED_LINE_HUB = {LINE_NUMBER: "line_number", "QUANTITY": "quantity"}
_SHIPPED_LINE = (LINE_NUMBER, "PART_ID", "LOT_ID", "QUANTITY", "SERIAL_NUMBER")
SHIPMENTS_ENTRY = Program(
    names=split_names("ACTION_DATE SO_ID REFERENCE BILL_OF_LADING SHIP_VIA BATCH_NUMBER TXNS_ACCEPTED"),
    hub=_SHIPMENT_HUB,
    noun="shipments-entry",
    title="Shipments Entry",
    editor="Shipments/Returns Entry (SOTSE)",
    key=("BATCH_NUMBER",),
    required=("SO_ID",),
    trailing=(),
    audit={},
    verbs=frozenset({Verb.ADD}),
    is_open=True,
    is_entry=True,
    count="TXNS_ACCEPTED",
    not_taken={"FREIGHT": "the hub's shipments have no freight"},
    purposes={
        Verb.ADD: (
            "Enters shipments of lines of a Sales Order, all or none, and returns them with the number of their batch."
        )
    },
    lines=Lines(
        names=_SHIPPED_LINE,
        hub=_SHIPPED_LINE_HUB,
        ours=frozenset({"QUANTITY"}),
        member="LINES",
        old_member="",
        name="",
    ),
    examples={
        Verb.ADD: {
            "ACTION_DATE": "2026-03-31",
            "SO_ID": "123456",
            "BILL_OF_LADING": "BOL-4711",
            "SHIP_VIA": "UPS",
            "LINES": [
                {LINE_NUMBER: "1", "QUANTITY": "2", "SERIAL_NUMBER": "1001:1002"},
                {LINE_NUMBER: "2", "QUANTITY": "4"},
            ],
        },
    },
)
SHIPMENT_TRANSACTION = Program(
    names=(
        *("BATCH_NUMBER", "ACTION_DATE", "SO_ID", *_SHIPPED_LINE),
        *("REFERENCE", "BILL_OF_LADING", "SHIP_VIA"),
    ),
    hub={**_SHIPMENT_HUB, **_SHIPPED_LINE_HUB},
    ours=frozenset({"QUANTITY"}),
    noun="shipment-transaction",
    title="Shipment Transaction",
    key=("BATCH_NUMBER",),
    trailing=(),
    is_open=True,
    names_from="shipments-entry",
    verbs=frozenset({Verb.FIND}),
    examples={Verb.FIND: {"SO_ID": "123456", "ACTION_DATE": ">=2026-01-01"}},
)

PROGRAMS: Mapping[str, Program] = {
    "parts": PART,
    "customers": CUSTOMER,
    "contacts": CUSTOMER_CONTACT,
    "customer_parts": CUSTOMER_PART,
    "prices": PRODUCT_PRICE,
    "sales_orders": SALES_ORDER,
    "shipments": SHIPMENT_TRANSACTION,
}
# Where records are made by a transaction, and not one by one.
ENTRIES: Mapping[str, Program] = {"shipments": SHIPMENTS_ENTRY}
ALL_PROGRAMS = (*PROGRAMS.values(), *ENTRIES.values())


def program_of(operation: Operation) -> Program | None:
    """Return the program of an operation as it is declared; None: there is none."""
    entry = ENTRIES.get(operation.resource.plural) if operation.verb is Verb.ADD else None
    program = entry or PROGRAMS.get(operation.resource.plural)
    return program if program is not None and operation.verb in program.verbs else None


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
        login=(USER_NAME, PASSWORD),
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

# The older generation's, at addresses below its own resource.
OLD_PLAIN_CALLS: Mapping[tuple[str, Verb | Action], PlainCall] = {
    ("sessions", Action.OPEN): PlainCall(
        "Security/Login",
        "Security, Login",
        "Returns an AuthToken, as a header, for a user of a data source; other calls take it as the same header.",
        login=("UserName", OLD_PASSWORD),
        data_source="DataSource",
        token_header=OLD_TOKEN,
    ),
    ("sessions", Action.CLOSE): PlainCall(
        "Security/Logout",
        "Security, Logout",
        "Retires an AuthToken.",
        takes_token=True,
    ),
}


def find_plain_call(operation: Operation, *, old: bool = False) -> PlainCall:
    """Return the call that makes an operation about no record; raises KeyError where there is none."""
    return (OLD_PLAIN_CALLS if old else PLAIN_CALLS)[operation.resource.plural, operation.verb]


@lru_cache(maxsize=64)
def _extend(noun: str, names: tuple[str, ...]) -> Program:
    return next(each for each in ALL_PROGRAMS if each.noun == noun).extend(names)


def find_program(operation: Operation, settings: ExpandableSettings, *, old: bool = False) -> Program | None:
    """Return the program of an operation as the site has it; None: there is none."""
    program = program_of(operation)
    if program is None:
        return None
    further = settings.names.get(program.names_from or program.noun, ()) if program.is_open else ()
    extended = _extend(program.noun, tuple(further))
    return extended.old if old else extended


def spell(plural: str, path: Path, *, old: bool = False) -> str:
    """
    Spell the hub's path of a field as this wire does; a name that is no field's stays.

    `("rows", 0, "quantity")` of an order is `LINES[1].ORDER_QTY`, `("attachments", 1)` is `ATTACHMENTS[2]`.

    old  as the older generation does
    """
    name, *rest = path or ("",)
    program = PROGRAMS.get(plural)
    if str(name).startswith(UNKNOWN_PREFIX):
        return str(name).removeprefix(UNKNOWN_PREFIX) + _spell_steps(rest)
    if program is None:
        return _plain_names(plural).get(str(name), str(name))
    if program.lines is not None and name == program.lines.name:
        return (program.lines.old_member if old else program.lines.member) + _spell_line(program.lines, rest)
    if name == "active" and program.status:
        return program.status
    if name in program.problem_names:
        return program.problem_names[str(name)]
    if name == VENDOR and rest:
        return _spell_list(program, str(rest[0]), rest[1:], old=old)
    # Of the names that an audit field has here, the first: DATE_LAST_UPDT says the same as DATE_MODIFIED.
    audit = {"created_by": "CREATED_BY", "created_at": "DATE_CREATED", "changed_by": "MODIFIED_BY"}
    if name == "changed_at":
        return "TIME_LAST_UPDT" if "time" in rest else "DATE_MODIFIED"
    joined = {path: wire for wire, path in program.joined.items()}
    spelled = (
        program.wire_names.get(str(name)) or joined.get(path) or joined.get(path[:1]) or audit.get(str(name), str(name))
    )
    return spelled + "".join(f"[{step + 1}]" for step in rest if isinstance(step, int))


def _plain_names(plural: str) -> dict[str, str]:
    found = (plain for (about, _), plain in PLAIN_CALLS.items() if about == plural)
    return {name: wire for plain in found for wire, name in (*plain.outputs.items(), *plain.inputs.items())}


def _spell_list(program: Program, name: str, rest: Sequence[str | int], *, old: bool) -> str:
    """`COMMENTS[1].COMMENT_TEXT` of `("COMMENTS", 0, "COMMENT_TEXT")`, `PART_UM` of itself."""
    found = next((each for each in program.lists if name in (each.member, each.stored_name)), None)
    member = name if found is None else found.old_member if old else found.member
    return member + _spell_steps(rest)


def _spell_line(lines: Lines, rest: Sequence[str | int]) -> str:
    """`[1].ORDER_QTY` of `(0, "quantity")`."""
    steps = [step for step in rest if step != VENDOR]
    return _spell_steps([lines.wire_names.get(str(step), step) if isinstance(step, str) else step for step in steps])


def _spell_steps(steps: Sequence[str | int]) -> str:
    return "".join(
        f"[{step + 1}]" if isinstance(step, int) else f".{step.removeprefix(UNKNOWN_PREFIX)}" for step in steps
    )
