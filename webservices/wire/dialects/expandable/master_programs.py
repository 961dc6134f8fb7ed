"""
Expandable's editors of what an order is made of: parts, customers and their contacts, customer parts, prices.

    {"PART_ID": "MOTOR003", "PART_DESC": "Motor, Electric, 240V, Model 3", …}

A name that leads to no field of the hub is the vendor's alone.
"""

from collections.abc import Mapping

from webservices.wire.dialects.expandable.tables import (
    ATTACHMENTS,
    AUDIT,
    NOTES,
    TRAILING_EXAMPLE,
    Program,
    split_names,
)
from webservices.wire.operations import Verb

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
        "END_DATE": "end_date",
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
