"""
The types of the vendor's own fields, by their names: one table for all records.

    END_DATE     a date, YYYY-MM-DD            MAX_ORDER_QTY   a number
    SN_REQD      Y or N                        SHIP_LT         a number, as far as is known: any text is taken

They are those of an installation's database. Its lengths are information, and limits only where a site says so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from records.shapes.fields import TEXT_FORMS, Kind, ScalarField, ScalarKind

LONGEST_TEXT = 255
LONGEST_NOTES = 32_765
FLAG_PATTERN = TEXT_FORMS["flag"]


@dataclass(frozen=True)
class VendorType:
    """
    The type of a vendor's field.

    length   of a text in the vendor's database; 0: not known
    digits, places  of a number there, likewise
    guessed  any text is taken; it only orders criteria
    """

    kind: ScalarKind = Kind.TEXT
    length: int = 0
    digits: int = 0
    places: int = 0
    is_flag: bool = False
    guessed: bool = False


QUANTITY = VendorType(Kind.DECIMAL, digits=14, places=4)
AMOUNT = VendorType(Kind.DECIMAL, digits=14, places=2)
FACTOR = VendorType(Kind.DECIMAL, digits=10, places=4)
PERCENTAGE = VendorType(Kind.DECIMAL, digits=5, places=2)
TWO_DIGITS = VendorType(Kind.INTEGER, digits=2)
FLAG = VendorType(is_flag=True)
DATE = VendorType(Kind.DATE)
NUMBER = VendorType(Kind.DECIMAL, guessed=True)
TEXT = VendorType(guessed=True)

# The first that fits a whole name counts.
TYPES: Sequence[tuple[str, VendorType]] = (
    ("PART_ID|SUBST_PART", VendorType(length=25)),
    ("CUSTOMER_ID|SHIP_TO_CUST|BILL_TO_CUST|SO_ID|JOB_ID|ACCOUNT|CREATED_BY|MODIFIED_BY|OPERATOR_ID",
     VendorType(length=8)),
    ("CUSTOMER_NAME|ADDRESS_[123]", VendorType(length=255)),
    ("CITY|CUST_CONTACT|SO_CONTACT", VendorType(length=50)),
    ("STATE|SALESMAN_ID", VendorType(length=3)),
    ("ZIP_CODE", VendorType(length=10)),
    ("COUNTRY", VendorType(length=15)),
    ("FIRST_NAME|LAST_NAME", VendorType(length=24)),
    ("E_MAIL", VendorType(length=64)),
    ("PHONE_NO", VendorType(length=25)),
    ("SO_PHONE_NO|FAX_NO", VendorType(length=30)),
    ("CUST_PO_ID", VendorType(length=60)),
    ("BILL_OF_LADING", VendorType(length=48)),
    ("LOT_ID|REFERENCE|SHIP_VIA|STOCK_LOCATION", VendorType(length=16)),
    ("TERMS_CODE|STORES_CODE|DEF_STORES_CODE|PART_UM|SO_UM|SALE_UM|BUY_UM|COMPANY_ID", VendorType(length=2)),
    ("DWG_REV|DEPARTMENT|GL_YEAR", VendorType(length=4)),
    ("ECN|PENDING_ECN", VendorType(length=6)),
    ("SHIP_TYPE|FREIGHT_CODE|SO_LINE_STATUS", VendorType(length=1)),
    ("SALE_CONV|BUY_CONV|WEIGHT", FACTOR),
    ("SALE_DEC|GL_MONTH", TWO_DIGITS),
    ("SN_REQD|SN_REQD_INV", FLAG),
    ("QUANTITY|.*_QTY", QUANTITY),
    ("AMOUNT|.*_AMT|.*_COST", AMOUNT),
    (".*_PCT", PERCENTAGE),
    ("(.*_)?DATE(_.*)?", DATE),
    (".*_USER_[0-9]+", VendorType(length=24)),
    (".*_LT|.*_DAYS|SHELF_LIFE|VENDR_LEAD_TIME|PLAN_LEAD_TIME|PLAN_HORIZON|STD_[0-9]_HRS|VOLUME|YIELD_FACTOR|SALES_COMM",
     NUMBER),
)  # fmt: skip


@lru_cache(maxsize=2048)  # the names that programs and sites have
def vendor_type(wire: str) -> VendorType:
    """Return the type of a field by its name; of one that the table does not have, a text, as far as is known."""
    return next((each for pattern, each in TYPES if re.fullmatch(pattern, wire)), TEXT)


def vendor_field(wire: str, *, vendor_lengths: bool = False) -> ScalarField:
    """
    Return a field of the vendor's as its values are checked and as people read of it.

    vendor_lengths  with the lengths of the vendor's database, where they are known
    """
    found = vendor_type(wire)
    help_text = "Kept for this API alone, and given back as it was sent."
    if wire == "NOTES":
        return ScalarField(wire, help=help_text, max_length=LONGEST_NOTES, multiline=True)
    if found.guessed:
        return ScalarField(wire, help=help_text, max_length=LONGEST_TEXT, multiline=True)
    if found.is_flag:
        return ScalarField(wire, help=help_text, choices=(("Y", "yes"), ("N", "no")))
    entry = ScalarField(wire, found.kind, help=help_text)
    if found.kind is Kind.TEXT:
        length = found.length if vendor_lengths and found.length else LONGEST_TEXT
        return replace(entry, max_length=length, multiline=True)
    limited = vendor_lengths and found.digits
    return replace(entry, digits=found.digits, places=found.places) if limited else entry


def criterion_kind(wire: str) -> ScalarKind:
    """Return the kind by which criteria compare a field of the vendor's, where both sides read as it."""
    return vendor_type(wire).kind
