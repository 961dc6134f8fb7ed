"""Expandable's calls over HTTP: the base text's own example, verbs, fields, queries, failures."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from customers.models import CustomerPart
from parts.models import Part
from records.models import CustomField
from records.tests.cast import table
from webservices.exchanges.store import body_text
from webservices.models import Exchange
from webservices.tests.api_keys import permission
from webservices.tests.expandable_client import KEY, Expandable

FIELDS = """
    PART_ID CUSTOMER_ID CUST_PART_ID SALESMAN_ID CONTRACT SALE_STATUS REFERENCE SHIP_LT SO_DESC SO_UM SALE_CONV
    SO_ORDER_QTY ECN PARTIAL_SHIP DWG_REV DEF_STORES_CODE EARLY_SHIP SN_REQD TAX_CODE PRODUCT_LINE VAT_CODE
    DATE_LAST_QUOTE PRICE_CODE QUOTE_QTY CURR_CODE QUOTE_UNIT_PRIC ITEM_DISC_PCT PRICE_CHG LAST_SO_ENTERED DATE_LAST_SO
    LAST_SO_QTY LAST_SO_UM LAST_SO_PRICE LAST_DISC_PCT LAST_PRICE_CODE COMMENT_ID COMMENT_1 COMMENT_2 COMMENT_3
    COMMENT_4 SOFCP_USER_1 SOFCP_USER_2 SOFCP_USER_3 SOFCP_USER_4 SOFCP_USER_5 SOFCP_USER_6 SOFCP_USER_7 SOFCP_USER_8
    SOFCP_USER_9 SOFCP_USER_10 SOFCP_USER_11 SOFCP_USER_12 SOFCP_USER_13 SOFCP_USER_14
""".split()  # noqa: SIM905 - as the base text has them
AUDIT = [
    "CREATED_BY",
    "DATE_CREATED",
    "MODIFIED_BY",
    "DATE_MODIFIED",
    "OPERATOR_ID",
    "DATE_LAST_UPDT",
    "TIME_LAST_UPDT",
]
ENDS = ["NOTES", "ATTACHMENTS"]
FULL = dict.fromkeys([*FIELDS, *ENDS], "")
TERMS = {
    "SHIP_LT": "14",
    "SALE_CONV": "2.5",
    "PARTIAL_SHIP": "Y",
    "EARLY_SHIP": "N",
    "DATE_LAST_QUOTE": "2026-02-01",
    "QUOTE_QTY": "1000",
    "CURR_CODE": "EUR",
    "QUOTE_UNIT_PRIC": "12.5",
    "ITEM_DISC_PCT": "2.5",
    "SOFCP_USER_14": "last",
    "ATTACHMENTS": "https://docs.example.test/v9.pdf|D:\\specs\\v9.docx",
}


class TestBaseText:
    def test_its_example_creates_a_customer_part_and_answers_it_whole(self, acme):
        example = {
            **KEY,
            "NOTES": "At most 32,765 characters.",
            "ATTACHMENTS": "http://docs.example.test/|C:\\Pump.docx",
        }

        answer = acme.call("customer-part-create", example)

        today = datetime.now(UTC).date()
        days = {answer.pop(name) for name in ("DATE_CREATED", "DATE_MODIFIED", "DATE_LAST_UPDT")}
        assert days <= {str(today), str(today - timedelta(days=1))}
        assert len(days) == 1
        datetime.strptime(answer.pop("TIME_LAST_UPDT"), "%H:%M:%S")  # noqa: DTZ007 - a time alone
        who = {"CREATED_BY": "ada", "MODIFIED_BY": "ada", "OPERATOR_ID": "ada"}
        assert answer == {**FULL, **example, **who, "SALE_CONV": "1"}

    def test_an_answer_has_all_fields_in_order(self, acme):
        answer = acme.call("customer-part-create", KEY)

        assert [*answer] == [*FIELDS, *AUDIT, *ENDS]
        assert len(answer) == 63
        assert all(isinstance(value, str) for value in answer.values())

    def test_its_full_request_with_all_blank_but_the_key_creates(self, acme):
        assert len(FULL) + 1 == 57

        answer = acme.call("customer-part-create", {**FULL, **KEY})

        assert (answer["SALE_CONV"], answer["PARTIAL_SHIP"]) == ("1", "")

    def test_all_kinds_of_value_come_back_as_they_were_sent(self, acme):
        answer = acme.call("customer-part-create", {**KEY, **TERMS})

        assert {name: answer[name] for name in TERMS} == TERMS

    def test_numbers_and_flags_of_json_are_taken_as_text(self, acme):
        sent = {"SHIP_LT": 14, "QUOTE_QTY": 1.50, "PARTIAL_SHIP": True, "EARLY_SHIP": "n", "NOTES": None}

        answer = acme.call("customer-part-create", {**KEY, **sent})

        shown = [answer[name] for name in sent]
        assert shown == ["14", "1.5", "Y", "N", ""]


class TestVerbs:
    @pytest.fixture
    def made(self, acme):
        acme.call("customer-part-create", {**KEY, **TERMS})
        return acme

    def test_an_update_leaves_what_is_absent_and_clears_what_is_blank(self, made):
        answer = made.call("customer-part-update", KEY, QUOTE_QTY="", PARTIAL_SHIP="", NOTES="new", SALE_CONV="")

        assert (answer["QUOTE_QTY"], answer["PARTIAL_SHIP"], answer["NOTES"]) == ("", "", "new")
        assert (answer["SALE_CONV"], answer["SHIP_LT"]) == ("1", "14")

    def test_an_update_with_a_blank_active_does_not_bring_back_what_was_retired(self, made):
        made.call("part-delete", PART_ID="PUMP-100")

        answer = made.call("part-update", PART_ID="PUMP-100", NOTES="seen", ACTIVE="")

        assert (answer["NOTES"], answer["ACTIVE"]) == ("seen", "N")

    def test_an_update_says_what_became_of_it_in_headers(self, made):
        body = {**KEY, "NOTES": "a", "AUTH_TOKEN": made.token}

        first, second = made.post("customer-part-update", body), made.post("customer-part-update", body)

        assert [(r["X-Outcome"], r["ETag"]) for r in (first, second)] == [("updated", '"2"'), ("unchanged", '"2"')]

    def test_an_update_keeps_to_the_version_that_it_demands(self, made):
        body = {**KEY, "NOTES": "a", "AUTH_TOKEN": made.token}

        response = made.post("customer-part-update", body, if_match='"7"')

        assert (response.status_code, response.json()["MESSAGE_CODE"]) == (500, "CONFLICT")

    def test_a_delete_answers_an_empty_object(self, made):
        assert made.call("customer-part-delete", KEY) == {}
        assert not CustomerPart.objects.exists()

    def test_a_delete_of_what_is_in_use_makes_it_inactive(self, made):
        assert made.call("part-delete", PART_ID="PUMP-100") == {}
        assert not Part.objects.get().active

    def test_a_dry_run_keeps_nothing(self, acme):
        response = acme.post("customer-part-create", {**KEY, "AUTH_TOKEN": acme.token}, x_dry_run="true")

        assert (response.status_code, response.json(), response["X-Outcome"]) == (200, {}, "created")
        assert not CustomerPart.objects.exists()


REFUSED = {
    "a key that is missing": (
        "create",
        {"PART_ID": "PUMP-100", "CUSTOMER_ID": "ACME"},
        "REQUIRED_FIELD",
        "CUST_PART_ID",
    ),
    "a key that is blank": ("update", {**KEY, "PART_ID": " ", "NOTES": "a"}, "REQUIRED_FIELD", "PART_ID is required."),
    "nothing to update": ("update", KEY, "REQUIRED_FIELD", "at least one field to update"),
    "nothing but blank audit fields": ("update", {**KEY, "CREATED_BY": ""}, "REQUIRED_FIELD", "at least one field"),
    "more than the key to delete": ("delete", {**KEY, "NOTES": ""}, "FIELD_NOT_ACCEPTED", "NOTES is not taken here"),
    "no criterion": ("query", {}, "REQUIRED_FIELD", "at least one criterion"),
    "only blank criteria": ("query", FULL, "REQUIRED_FIELD", "at least one criterion"),
    "notes as a criterion": ("query", {"NOTES": "a"}, "FIELD_NOT_ACCEPTED", "NOTES cannot be asked for"),
    "links as a criterion": ("query", {"ATTACHMENTS": "a"}, "FIELD_NOT_ACCEPTED", "ATTACHMENTS cannot be asked for"),
    "a criterion that is none": ("query", {"QUOTE_QTY": "BETWEEN 1"}, "INVALID_VALUE", "QUOTE_QTY: BETWEEN is written"),
    "a criterion that is no number": ("query", {"QUOTE_QTY": "1%"}, "INVALID_VALUE", "QUOTE_QTY must be a number"),
    "a criterion that is no day": ("query", {"DATE_CREATED": ">2026"}, "INVALID_VALUE", "DATE_CREATED must be a date"),
    "an unknown criterion": ("query", {"PARTID": "A"}, "UNKNOWN_FIELD", "Did you mean PART_ID?"),
    "an unknown field": ("create", {**KEY, "QUOTE_UNIT_PRICE": "1"}, "UNKNOWN_FIELD", "Did you mean QUOTE_UNIT_PRIC?"),
    "an unknown field, blank": ("create", {**KEY, "COLOUR": ""}, "UNKNOWN_FIELD", "COLOUR is not a field"),
    "the hub's own name beside": ("create", {**KEY, "notes": "", "NOTES": "a"}, "UNKNOWN_FIELD", "Did you mean NOTES?"),
    "the hub's own name to delete": (
        "delete",
        {**KEY, "part": "PUMP-100"},
        "FIELD_NOT_ACCEPTED",
        "part is not taken here",
    ),
    "the hub's own name": ("create", {**KEY, "salesman_id": "7"}, "UNKNOWN_FIELD", "Did you mean SALESMAN_ID?"),
    "an audit field": ("create", {**KEY, "CREATED_BY": "eve"}, "READ_ONLY_FIELD", "CREATED_BY is read only"),
    "a text too long": ("create", {**KEY, "SALE_STATUS": "AB"}, "FIELD_TOO_LONG", "SALE_STATUS may have at most 1"),
    "notes too long": ("create", {**KEY, "NOTES": "n" * 32_766}, "FIELD_TOO_LONG", "at most 32,765"),
    "no flag": ("create", {**KEY, "SN_REQD": "maybe"}, "INVALID_VALUE", "SN_REQD must be Y or N; 'maybe' is neither."),
    "no number": ("create", {**KEY, "SHIP_LT": "soon"}, "INVALID_VALUE", "SHIP_LT must be a whole number"),
    "no date": ("create", {**KEY, "DATE_LAST_SO": "2/1/2026"}, "INVALID_VALUE", "DATE_LAST_SO must be a date"),
    "an empty link": (
        "create",
        {**KEY, "ATTACHMENTS": "a||b"},
        "INVALID_VALUE",
        "ATTACHMENTS[2] is empty; leave it out.",
    ),
    "a factor of nothing": ("create", {**KEY, "SALE_CONV": "0"}, "INVALID_VALUE", "SALE_CONV must be 0.000001 or more"),
    "an unknown part": ("create", {**KEY, "PART_ID": "P-9"}, "UNKNOWN_REFERENCE", "PART_ID names no part"),
    "an unknown record": (
        "update",
        {**KEY, "CUST_PART_ID": "X", "NOTES": ""},
        "NOT_FOUND",
        "no customer part ACME / PUMP-100 / X.",
    ),
    "a record that there is": ("create", {**KEY, "CUST_PART_ID": "TAKEN"}, "DUPLICATE", "TAKEN"),
}


@pytest.mark.parametrize("verb, members, code, words", table(REFUSED))
def test_refuses(verb, members, code, words, acme):
    acme.call("customer-part-create", {**KEY, "CUST_PART_ID": "TAKEN"})

    status, found, message = acme.call(f"customer-part-{verb}", members)

    assert (status, found) == (500, code)
    assert words in message


def test_says_all_that_is_wrong_at_once(acme):
    _, _, message = acme.call("customer-part-create", KEY, SHIP_LT="soon", COLOUR="red")

    assert "SHIP_LT must be a whole number" in message
    assert "COLOUR is not a field" in message


QUERIES = {
    "equal": ({"PART_ID": "P1"}, "A"),
    "not equal": ({"PART_ID": "<>P1"}, "BC"),
    "greater": ({"QUOTE_QTY": ">9"}, "BC"),
    "greater or equal": ({"DATE_LAST_QUOTE": ">=2026-02-01"}, "BC"),
    "less": ({"QUOTE_QTY": "<10"}, "A"),
    "less or equal": ({"DATE_LAST_QUOTE": "<=2026-01-31"}, "A"),
    "between": ({"QUOTE_QTY": "BETWEEN 9 AND 10"}, "AB"),
    "in": ({"CURR_CODE": "IN USD,CHF"}, "AC"),
    "in, quoted": ({"CURR_CODE": "IN 'USD','CHF'"}, "AC"),
    "any text": ({"SO_DESC": "%pump%"}, "AB"),
    "one character": ({"CUST_PART_ID": "_"}, "ABC"),
    "exactly a wild card": ({"SO_DESC": "'50_%'"}, "C"),
    "blank": ({"PARTIAL_SHIP": "''"}, "C"),
    "not blank": ({"PARTIAL_SHIP": "<>''"}, "AB"),
    "a flag": ({"PARTIAL_SHIP": "y"}, "A"),
    "several, all of them": ({"SO_DESC": "%pump%", "QUOTE_QTY": ">9"}, "B"),
    "blank ones ask nothing": ({**FULL, "PART_ID": "P1"}, "A"),
    "a number of json": ({"QUOTE_QTY": 100}, "C"),
    "who created it": ({"CREATED_BY": "ada"}, "ABC"),
    "who changed it": ({"OPERATOR_ID": "IN ada,bob", "MODIFIED_BY": "a%"}, "ABC"),
    "created today": ({"DATE_CREATED": "{today}"}, "ABC"),
    "not created today": ({"DATE_CREATED": "<>{today}"}, ""),
    "changed from today on": (
        {"DATE_LAST_UPDT": ">={today}", "DATE_MODIFIED": "BETWEEN {today} AND 2999-01-01"},
        "ABC",
    ),
    "changed at some time": ({"TIME_LAST_UPDT": "BETWEEN 00:00:00 AND 23:59:59"}, "ABC"),
    "nothing that there is": ({"PART_ID": "P1", "CUSTOMER_ID": "NOBODY"}, ""),
}


class TestQuery:
    @pytest.fixture
    def filled(self, expandable):
        expandable.call("customer-create", CUSTOMER_ID="ACME")
        rows = {
            "A": ("P1", "9", "2026-01-31", "USD", "small pump", "Y"),
            "B": ("P2", "10", "2026-02-01", "EUR", "large pump", "N"),
            "C": ("P3", "100", "2026-03-01", "CHF", "50_%", ""),
        }
        for name, (part, quantity, day, currency, words, flag) in rows.items():
            expandable.call("part-create", PART_ID=part)
            settings = {"QUOTE_QTY": quantity, "DATE_LAST_QUOTE": day, "CURR_CODE": currency, "SO_DESC": words}
            key = {"PART_ID": part, "CUSTOMER_ID": "ACME", "CUST_PART_ID": name}
            expandable.call("customer-part-create", key, PARTIAL_SHIP=flag, **settings)
        return expandable

    @pytest.mark.parametrize("criteria, names", table(QUERIES))
    def test_finds(self, criteria, names, filled):
        today = CustomerPart.objects.values_list("created_at", flat=True)[0].astimezone(UTC).date()
        asked = json.loads(json.dumps(criteria).replace("{today}", str(today)))

        found = filled.call("customer-part-query", asked)

        assert [record["CUST_PART_ID"] for record in found] == list(names)
        assert all([*record] == [*FIELDS, *AUDIT, *ENDS] for record in found)

    def test_of_too_much_is_refused_and_says_how_to_narrow_it(self, filled, settings):
        settings.DIALECT_TERMS = {"expandable": {"query_limit": 2}}

        status, code, message = filled.call("customer-part-query", PART_ID="P%")

        assert (status, code) == (500, "TOO_MANY_ROWS")
        assert message.startswith("More than 2 customer parts meet these criteria. Narrow them")
        assert len(filled.call("customer-part-query", PART_ID="IN P1,P2")) == 2


class TestOtherRecords:
    def test_a_part_has_one_description_and_one_price_those_of_the_site(self, expandable, settings):
        settings.DEFAULT_LANGUAGE, settings.DEFAULT_CURRENCY = "de", "EUR"

        answer = expandable.call("part-create", PART_ID="P1", PART_DESC="Pumpe", LIST_PRICE="12.5", COMPANIES="A|B")

        shown = [answer[name] for name in ("PART_DESC", "LIST_PRICE", "COMPANIES", "ACTIVE", "LEAD_TIME")]
        assert shown == ["Pumpe", "12.50", "A|B", "Y", "-1"]
        part = Part.objects.get()
        assert part.descriptions.get().language == "de"
        assert part.prices.get().currency == "EUR"
        assert expandable.call("part-query", PART_DESC="Pump%", LIST_PRICE="<13")[0]["PART_ID"] == "P1"
        assert expandable.call("part-update", PART_ID="P1", LIST_PRICE="")["LIST_PRICE"] == ""

    def test_fields_that_a_site_defines_by_a_number_are_user_fields(self, expandable):
        CustomField.objects.create(resource="part", name="12", label="Colour", type="text")
        CustomField.objects.create(resource="part", name="3", label="Bar", type="number")
        CustomField.objects.create(resource="part", name="tier", label="Tier", type="text")

        made = expandable.call("part-create", PART_ID="P1", ICFPM_USER_12="red", ICFPM_USER_3="7.50")

        users = {name: value for name, value in made.items() if name.startswith("ICFPM")}
        assert [*users.items()] == [("ICFPM_USER_3", "7.5"), ("ICFPM_USER_12", "red")]
        assert expandable.call("part-update", PART_ID="P1", ICFPM_USER_12="")["ICFPM_USER_12"] == ""
        assert len(expandable.call("part-query", ICFPM_USER_3=">7")) == 1

    def test_a_user_field_that_no_site_has_defined_may_be_blank_in_a_new_record(self, expandable):
        assert expandable.call("part-create", PART_ID="P1", ICFPM_USER_1="")["PART_ID"] == "P1"

        _, code, message = expandable.call("part-update", PART_ID="P1", ICFPM_USER_1="a")

        assert (code, message) == ("UNKNOWN_FIELD", "ICFPM_USER_1 is not a field of a part.")

    def test_no_field_is_guessed_that_has_no_name_here(self, acme):
        CustomField.objects.create(resource="customer", name="segment", label="Segment", type="text")

        _, _, message = acme.call("customer-update", CUSTOMER_ID="ACME", SOFCM_USER_1="a")

        assert message == "SOFCM_USER_1 is not a field of a customer."

    def test_a_customer_without_a_number_gets_one(self, expandable):
        made = expandable.call("customer-create", CUSTOMER_ID="", COMPANY="Acme")

        assert made["CUSTOMER_ID"].isdigit()
        assert expandable.call("customer-update", CUSTOMER_ID="", COMPANY="A")[1] == "REQUIRED_FIELD"

    def test_a_contact(self, acme):
        acme.call("customer-contact-create", CONTACT_ID="C1", CUSTOMER_ID="ACME", EMAIL="ada@acme.example.com")

        found = acme.call("customer-contact-query", CUSTOMER_ID="ACME", EMAIL="ada%")

        assert [contact["CONTACT_ID"] for contact in found] == ["C1"]
        assert acme.call("customer-contact-delete", CONTACT_ID="C1") == {}

    def test_a_product_price(self, acme):
        key = {"PART_ID": "PUMP-100", "CURR_CODE": "EUR"}

        made = acme.call("product-price-create", {**key, "PRICE_CODE": "", "EFFECTIVE_DATE": ""}, UNIT_PRICE="230")
        acme.call("product-price-create", key, ORDER_QTY="1000", EFFECTIVE_DATE="2026-10-10", UNIT_PRICE="200")

        assert [*made][:6] == ["PART_ID", "CURR_CODE", "PRICE_CODE", "ORDER_QTY", "EFFECTIVE_DATE", "UNIT_PRICE"]
        assert [*made][6:] == AUDIT
        assert [*made.values()][:6] == ["PUMP-100", "EUR", "", "1", "", "230.00"]
        assert acme.call("product-price-update", key, UNIT_PRICE="231")["UNIT_PRICE"] == "231.00"
        found = acme.call("product-price-query", PART_ID="PUMP%", ORDER_QTY=">1")
        assert [price["EFFECTIVE_DATE"] for price in found] == ["2026-10-10"]
        assert (
            len(acme.call("product-price-query", PART_ID="PUMP%", DATE_CREATED="<2999-01-01", OPERATOR_ID="ada")) == 3
        )
        today = Part.objects.get().created_at.astimezone(UTC).date()
        assert len(acme.call("product-price-query", PART_ID="PUMP%", DATE_CREATED=f"IN {today},2999-01-01")) == 3
        assert acme.call("product-price-query", TIME_LAST_UPDT=">=00:00:00", DATE_MODIFIED=">=2999-01-01") == []
        assert acme.call("product-price-delete", key, ORDER_QTY="1000", EFFECTIVE_DATE="2026-10-10") == {}
        assert len(acme.call("product-price-query", CURR_CODE="EUR")) == 1


ORDER = {
    "SalesOrder": {"SO_ID": "SO-1", "CUSTOMER_ID": "ACME", "DUE_DATE": "2026-10-10", "NOTES": "As agreed."},
    "SalesOrderLine": [{"PART_ID": "PUMP-100", "ORDER_QTY": "2", "ITEM_DISC_PCT": "10"}],
}


class TestSalesOrders:
    @pytest.fixture
    def ordered(self, acme):
        acme.made = acme.call("sales-order-create", ORDER)
        return acme

    def test_have_a_head_and_lines(self, ordered):
        head, [line] = ordered.made["SalesOrder"], ordered.made["SalesOrderLine"]

        assert [*ordered.made] == ["SalesOrder", "SalesOrderLine"]
        assert [*head][-8:] == [*AUDIT, "NOTES"]
        shown = ("SO_ID", "SO_STATUS", "CURR_CODE", "SO_TOTAL")
        assert [head[name] for name in shown] == ["SO-1", "Quote", "USD", "450.00"]
        shown = ("SO_LINE_NO", "PART_ID", "UNIT_PRICE", "LINE_TOTAL")
        assert [line[name] for name in shown] == ["1", "PUMP-100", "250.00", "450.00"]

    def test_keep_their_lines_unless_they_are_sent(self, ordered):
        kept = ordered.call("sales-order-update", SalesOrder={"SO_ID": "SO-1", "SUBJECT": "Spring"})
        gone = ordered.call("sales-order-update", SalesOrder={"SO_ID": "SO-1"}, SalesOrderLine=[])

        assert (len(kept["SalesOrderLine"]), gone["SalesOrderLine"]) == (1, [])

    def test_are_found_and_deleted_by_their_head(self, ordered):
        [found] = ordered.call("sales-order-query", SalesOrder={"CUSTOMER_ID": "ACME", "SO_TOTAL": ">449"})

        assert found == ordered.made
        assert ordered.call("sales-order-delete", SalesOrder={"SO_ID": "SO-1"}) == {}
        assert ordered.call("sales-order-query", SalesOrder={"SO_ID": "SO-1"}) == []

    def test_take_their_full_request_with_all_blank_but_what_is_required(self, acme):
        head = dict.fromkeys(acme.call("sales-order-create", ORDER)["SalesOrder"], "")
        line = dict.fromkeys(["SO_LINE_NO", "CUST_PART_ID", "PART_RECORD_ID", "UNIT_PRICE", "ITEM_DISC_PCT"], "")

        made = acme.call(
            "sales-order-create",
            SalesOrder={**head, "CUSTOMER_ID": "ACME"},
            SalesOrderLine=[{**line, "PART_ID": "PUMP-100", "ORDER_QTY": "1"}],
        )

        assert made["SalesOrder"]["SO_ID"].isdigit()
        assert made["SalesOrderLine"][0]["LINE_TOTAL"] == "250.00"

    @pytest.mark.parametrize(
        "changes, words",
        table(
            {
                "a part": ({"PART_ID": "P-9"}, "SalesOrderLine[1].PART_ID names no part"),
                "an unknown field": ({"COLOUR": "red"}, "SalesOrderLine[1].COLOUR is not a field"),
                "a computed field": ({"LINE_TOTAL": "1"}, "SalesOrderLine[1].LINE_TOTAL is read only"),
                "a number": ({"ORDER_QTY": "many"}, "SalesOrderLine[1].ORDER_QTY must be a number"),
            }
        ),
    )
    def test_name_the_line_that_is_wrong(self, changes, words, acme):
        line = {**ORDER["SalesOrderLine"][0], **changes}

        _, _, message = acme.call("sales-order-create", {**ORDER, "SalesOrderLine": [line]})

        assert words in message

    def test_have_each_field_once(self, ordered):
        sent = {"SalesOrder": {"SO_ID": "SO-1"}, "SO_ID": "SO-2", "SUBJECT": "Spring"}

        status, _, message = ordered.call("sales-order-update", sent)

        assert (status, "'SO_ID' stands in SalesOrder and beside it" in message) == (400, True)

    def test_cannot_be_asked_for_by_their_lines(self, ordered):
        _, code, _ = ordered.call("sales-order-query", SalesOrder={"SO_ID": "%"}, SalesOrderLine=[{"PART_ID": "A"}])

        assert code == "FIELD_NOT_ACCEPTED"


MALFORMED = {
    "nothing": b"",
    "no JSON": b"hello",
    "XML": b"<a/>",
    "no object": b'["a"]',
    "a text": b'"a"',
    "an array as a value": b'{"PART_ID": ["A"]}',
    "an object as a value": b'{"PART_ID": {"a": "b"}}',
    "an object as the token": b'{"AUTH_TOKEN": {}}',
    "a name twice": b'{"PART_ID": "A", "PART_ID": "B"}',
    "1,000 levels": b'{"PART_ID": ' + b"[" * 1000 + b"]" * 1000 + b"}",
    "half a character": b'{"PART_ID": "\\ud800"}',
    "no UTF-8": b'{"PART_ID": "\xff"}',
    "cut off": b'{"PART_ID": "A',
    "NaN": b'{"PART_ID": NaN}',
    "a huge number": b'{"PART_ID": 1e999999}',
}
TOKENS = {
    "none": ({}, "TOKEN_MISSING", "Auth Token was not provided."),
    "a blank one": ({"AUTH_TOKEN": ""}, "TOKEN_MISSING", "Auth Token was not provided."),
    "white space": ({"AUTH_TOKEN": " \n"}, "TOKEN_MISSING", "Auth Token was not provided."),
    "null": ({"AUTH_TOKEN": None}, "TOKEN_MISSING", "Auth Token was not provided."),
    "any text": ({"AUTH_TOKEN": "abc"}, "TOKEN_MALFORMED", "Auth Token is malformed."),
    "a number": ({"AUTH_TOKEN": 1}, "TOKEN_MALFORMED", "Auth Token is malformed."),
    "one cut off": ({"AUTH_TOKEN": "{token}cut"}, "TOKEN_MALFORMED", "Auth Token is malformed."),
}


class TestStatuses:
    @pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
    def test_400_for_json_that_is_none_before_the_token_is_looked_at(self, body, expandable):
        response = expandable.post("customer-part-create", body)

        answer = response.json()
        assert (response.status_code, response.reason_phrase) == (400, "Request JSON is invalid.")
        assert answer["MESSAGE_CODE"] == "INVALID_JSON"
        assert answer["MESSAGE"].startswith("Request JSON is invalid. ")

    @pytest.mark.parametrize("members, code, reason", table(TOKENS))
    def test_401_for_the_token_before_the_fields_are_looked_at(self, members, code, reason, expandable):
        body = json.loads(json.dumps(members).replace("{token}", expandable.token[:-5]))

        response = expandable.post("customer-part-query", {"COLOUR": "BETWEEN", **body})

        assert (response.status_code, response.reason_phrase) == (401, reason)
        assert response.json()["MESSAGE_CODE"] == code
        assert response.json()["MESSAGE"].startswith(reason)

    def test_200_for_a_token_with_white_space_around_it(self, expandable):
        response = expandable.post("part-query", {"PART_ID": "%", "AUTH_TOKEN": f" {expandable.token}\n"})

        assert (response.status_code, response.json()) == (200, [])

    @pytest.mark.parametrize("change", ["a new password", "an inactive user", "another data source"])
    def test_401_for_a_token_that_is_not_taken_any_more(self, change, expandable, settings):
        user = User.objects.get(username="ada")
        if change == "a new password":
            user.set_password("another")
        elif change == "an inactive user":
            user.is_active = False
        else:
            settings.DATA_SOURCE = "TEST"
        user.save()

        response = expandable.post("part-query", {"PART_ID": "%", "AUTH_TOKEN": expandable.token})

        assert (response.status_code, response.reason_phrase) == (401, "Auth Token login failure.")
        assert response.json()["MESSAGE_CODE"] == "LOGIN_FAILURE"

    @pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
    def test_405_for_another_method_before_all_else(self, method, client, db):
        response = getattr(client, method)("/api/customer-part-create")

        assert (response.status_code, response.reason_phrase) == (405, "Request method must be POST.")
        assert response["Allow"] == "POST"
        assert method == "head" or response.json()["MESSAGE_CODE"] == "METHOD_NOT_POST"

    def test_500_with_the_message_as_its_reason_in_one_line_of_latin_1(self, expandable):
        response = expandable.post(
            "part-create", {"PART_ID": "é\n☃", "ACTIVE": "é\r\n☃", "AUTH_TOKEN": expandable.token}
        )

        message = response.json()["MESSAGE"]
        assert "é\\r\\n☃" in message
        assert response.reason_phrase == message.replace("☃", "?")

    def test_500_for_who_may_not(self, bob):
        bob.user_permissions.set([permission("webservices.get_auth_token")])

        status, code, message = Expandable("bob", "bob-bob!").call("part-query", PART_ID="%")

        assert (status, code, message) == (500, "NOT_PERMITTED", "bob may not find parts (part-query).")

    def test_404_for_what_is_no_call_and_names_those_there_are(self, expandable):
        response = expandable.post("lot-query", {})

        assert response.status_code == 404
        assert response.json()["MESSAGE_CODE"] == "UNKNOWN_CALL"
        assert "customer-part-query" in response.json()["MESSAGE"]

    def test_rest_is_where_it_was(self, client, db):
        assert client.get("/api/v1/parts/").status_code == 401


LOGINS = {
    "a wrong password": {"PASSWORD": "guess"},
    "an empty password": {"PASSWORD": ""},
    "a user who is not known": {"USER_NAME": "eve"},
    "another data source": {"DATA_SOURCE": "TEST"},
}


class TestAuthToken:
    LOGIN = {"DATA_SOURCE": "DEMO", "USER_NAME": "ada", "PASSWORD": "ada-ada!"}

    @pytest.mark.parametrize("changes", LOGINS.values(), ids=LOGINS)
    def test_a_failed_login_is_a_500_as_documented(self, changes, expandable):
        response = expandable.post("auth-token-get", {**self.LOGIN, **changes})

        assert (response.status_code, response.json()["MESSAGE_CODE"]) == (500, "LOGIN_FAILURE")
        assert response.reason_phrase == response.json()["MESSAGE"]

    def test_a_failed_login_is_a_401_where_the_site_says_so(self, expandable, settings):
        settings.DIALECT_TERMS = {"expandable": {"bad_login_status": 401}}

        assert expandable.post("auth-token-get", {**self.LOGIN, "PASSWORD": "guess"}).status_code == 401

    @pytest.mark.parametrize("name", ["DATA_SOURCE", "USER_NAME", "PASSWORD"])
    def test_all_three_are_required(self, name, expandable):
        response = expandable.post("auth-token-get", {each: text for each, text in self.LOGIN.items() if each != name})

        assert response.json() == {"MESSAGE": f"{name} is required.", "MESSAGE_CODE": "REQUIRED_FIELD"}

    def test_neither_password_nor_token_is_kept(self, expandable):
        expandable.post("auth-token-get", self.LOGIN)
        expandable.call("part-query", PART_ID="%")

        bodies = Exchange.objects.values_list("request_body", "response_body")
        texts = "".join(body_text(body) for pair in bodies for body in pair)
        assert "***" in texts
        assert "ada-ada!" not in texts
        assert expandable.token not in texts


def test_what_needs_nobody(expandable, settings):
    for body in (b"", b"{}"):
        version = expandable.post("api-version-get", body).json()
        assert version == {"API_VERSION": settings.VERSION}
    assert expandable.post("data-sources-get", {}).json() == {"DATA_SOURCES": ["DEMO"]}
    time = datetime.fromisoformat(expandable.post("server-time-get", {}).json()["SERVER_TIME"])
    assert abs(datetime.now(UTC) - time) < timedelta(minutes=1)
