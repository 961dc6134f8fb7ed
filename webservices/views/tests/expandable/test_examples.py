"""The vendor's own examples, from its help pages: each is a call that works, in an order in which they can."""

import pytest

TRAILING = {
    "NOTES": "Notes can be up to 32,765 characters long.",
    "ATTACHMENTS": "http://www.expandable.com/|C:\\Expandable.docx",
}
CUSTOMER_PART = {"PART_ID": "PUMP002", "CUSTOMER_ID": "ABCCORP", "CUST_PART_ID": "LARGE-HYDRAULIC-PUMP"}
CONTACT = {"CUSTOMER_ID": "ABCCORP", "CUST_CONTACT": "JHERNANDEZ"}
PRICE = {"PART_ID": "PUMP002", "PRICE_CODE": "LP", "EFFECTIVE_DATE": "2014-10-10", "ORDER_QTY": "1000"}
OLD_PRICE = {"PART_ID": "646-7202", "PRICE_CODE": "LP", "EFFECTIVE_DATE": "10/10/2014", "ORDER_QTY": "1000"}
LINES = [
    {"SO_LINE_NO": "1", "PART_ID": "MOTOR003", "ORDER_QTY": "2", "SO_UNIT_PRICE": "3500.00"},
    {"SO_LINE_NO": "2", "PART_ID": "MOUNT007", "ORDER_QTY": "4", "SO_UNIT_PRICE": "60.00"},
]
COMMENTS = [
    {"SO_LINE_NO": "0", "PRINT_INVOICE": "O", "COMMENT_TEXT": "Order comment."},
    {"SO_LINE_NO": "1", "PRINT_INVOICE": "O", "COMMENT_TEXT": "Line 1 comment."},
    {"SO_LINE_NO": "2", "PRINT_INVOICE": "O", "COMMENT_TEXT": "Line 2 comment."},
]
EXTENDED = [
    {"SO_LINE_NO": "1", "SOFDXU_USER_1": "ZSVB", "SOFDXU_USER_25": "7/20/2012", "SOFDXU_USER_34": "13.55"},
]
HEADER = {"SO_ID": "123456", "CUSTOMER_ID": "ABCCORP", **TRAILING}
ORDER = {**HEADER, "LINES": LINES, "COMMENTS": COMMENTS, "EXTENDED_USER": EXTENDED}
OLD_ORDER = {
    "SalesOrder": HEADER,
    "SalesOrderLine": LINES,
    "SalesOrderComment": COMMENTS,
    "SalesOrderExtendedUser": EXTENDED,
}

# Call, body, and what of it comes back; {} of a delete.
NEW_CALLS = [
    ("part-create", {"PART_ID": "MOTOR003", "PART_DESC": "Motor, Electric, 240V, Model 3", **TRAILING}),
    ("customer-create", {"CUSTOMER_ID": "ABCCORP", "CUSTOMER_NAME": "ABC Corporation"}),
    ("customer-part-create", {**CUSTOMER_PART, **TRAILING}),
    ("customer-part-update", {**CUSTOMER_PART, "SO_DESC": "Pump, Hydraulic, 1200 psi"}),
    (
        "customer-contact-create",
        {**CONTACT, "FIRST_NAME": "Joseph", "LAST_NAME": "Hernandez", "PHONE_NO": "408-555-1212", **TRAILING},
    ),
    ("customer-contact-update", {**CONTACT, "E_MAIL": "jhernandez@abccorp.com", **TRAILING}),
    ("product-price-create", {**PRICE, "SO_UNIT_PRICE": "10.00", **TRAILING}),
    ("product-price-update", {**PRICE, "END_DATE": "2029-12-31", **TRAILING}),
    ("sales-order-create", ORDER),
]


@pytest.fixture
def stocked(expandable):
    """A site with the parts that the vendor's examples name and none of them creates."""
    for number in ("PUMP002", "MOUNT007", "646-7202"):
        expandable.call("part-create", PART_ID=number, PART_DESC=number)
    return expandable


def test_each_of_the_vendors_examples_works_and_comes_back(stocked):
    for name, body in NEW_CALLS:
        answer = stocked.call(name, body)

        assert isinstance(answer, dict), (name, answer)
        for member, sent in body.items():
            shown = answer[member]
            if isinstance(sent, list):
                shown = [{key: entry[key] for key in line} for entry, line in zip(shown, sent, strict=True)]
            assert shown == sent, (name, member)

    queries = {
        "customer-contact-query": ({"COUNTRY": "US", "STATE": "IN 'CA','NV'"}, 0),
        "product-price-query": (
            {"PART_ID": "PUMP002", "END_DATE": ">2020-01-01", "ORDER_QTY": "BETWEEN 100 AND 1000"},
            1,
        ),
    }
    for name, (body, count) in queries.items():
        assert len(stocked.call(name, body)) == count, name
    assert stocked.call("sales-order-delete", SO_ID="123456") == {}
    assert stocked.call("product-price-delete", PRICE) == {}
    assert stocked.call("customer-part-delete", CUSTOMER_PART) == {}
    assert stocked.call("customer-contact-delete", CONTACT) == {}
