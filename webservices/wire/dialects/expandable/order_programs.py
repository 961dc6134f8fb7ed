"""
Expandable's sales orders and their shipments: a head, and lists of what is in it.

    {"SO_ID": "123456", "CUSTOMER_ID": "ABCCORP", "LINES": [{"SO_LINE_NO": "1", …}], "COMMENTS": […]}
"""

from webservices.wire.dialects.expandable.tables import (
    LINE_NUMBER,
    NOTES,
    TRAILING_EXAMPLE,
    Lines,
    Program,
    TextList,
    split_names,
)
from webservices.wire.operations import Verb

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
        "ORDER_DATE": "order_date",
        "CUST_PO_ID": "purchase_order_number",
        "CUST_CONTACT": "contact_code",
        "CURR_CODE": "currency",
        "SHIP_METHOD": "ship_method",
        "DUE_DATE": "due_date",
        "SUBJECT": "subject",
        "SO_TOTAL": "total",
        NOTES: "notes",
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
            "REQ_SHIP_DATE": "due_date",
            "SCH_SHIP_DATE": "ship_date",
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
