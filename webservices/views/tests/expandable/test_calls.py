"""Expandable's calls over HTTP: the base text's own example, verbs, fields, queries, failures."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from customers.models import CustomerPart
from orders.models import SalesOrder
from parts.models import Part
from records.models import CustomField
from records.tests.cast import table
from webservices.exchanges.store import body_text
from webservices.models import Exchange
from webservices.tests.api_keys import permission
from webservices.tests.expandable_client import KEY, Expandable
from webservices.wire.dialects.expandable.master_programs import PRODUCT_PRICE
from webservices.wire.dialects.expandable.order_programs import SALES_ORDER

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
        datetime.strptime(answer.pop("TIME_LAST_UPDT"), "%H:%M")  # noqa: DTZ007 - a time alone
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
    def customer_part(self, acme):
        acme.call("customer-part-create", {**KEY, **TERMS})
        return acme

    def test_an_update_leaves_what_is_absent_and_clears_what_is_blank(self, customer_part):
        answer = customer_part.call(
            "customer-part-update", KEY, QUOTE_QTY="", PARTIAL_SHIP="", NOTES="new", SALE_CONV=""
        )

        assert (answer["QUOTE_QTY"], answer["PARTIAL_SHIP"], answer["NOTES"]) == ("", "", "new")
        assert (answer["SALE_CONV"], answer["SHIP_LT"]) == ("1", "14")

    def test_an_update_with_a_blank_status_does_not_bring_back_what_was_retired(self, customer_part):
        customer_part.call("part-delete", PART_ID="PUMP-100")

        answer = customer_part.call("part-update", PART_ID="PUMP-100", NOTES="seen", PART_STATUS="")

        assert (answer["NOTES"], answer["PART_STATUS"]) == ("seen", "I")

    def test_an_update_says_what_became_of_it_in_headers(self, customer_part):
        body = {**KEY, "NOTES": "a", "AUTH_TOKEN": customer_part.token}

        first, second = (
            customer_part.post("customer-part-update", body),
            customer_part.post("customer-part-update", body),
        )

        assert [(r["X-Outcome"], r["ETag"]) for r in (first, second)] == [("updated", '"2"'), ("unchanged", '"2"')]

    def test_an_update_keeps_to_the_version_that_it_demands(self, customer_part):
        body = {**KEY, "NOTES": "a", "AUTH_TOKEN": customer_part.token}

        response = customer_part.post("customer-part-update", body, if_match='"7"')

        assert (response.status_code, response.json()["MESSAGE_CODE"]) == (500, "CONFLICT")

    def test_a_delete_answers_an_empty_object(self, customer_part):
        assert customer_part.call("customer-part-delete", KEY) == {}
        assert not CustomerPart.objects.exists()

    def test_a_delete_of_what_is_in_use_makes_it_inactive(self, customer_part):
        assert customer_part.call("part-delete", PART_ID="PUMP-100") == {}
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
    "changed in a minute": ({"TIME_LAST_UPDT": "BETWEEN 00:00 AND 23:59"}, "ABC"),
    "changed in this minute": ({"TIME_LAST_UPDT": "{minute}"}, "ABC"),
    "not changed in this minute": ({"TIME_LAST_UPDT": "<>{minute}"}, ""),
    "changed in one of these minutes": ({"TIME_LAST_UPDT": "IN {minute},00:00:01"}, "ABC"),
    "changed after this minute": ({"TIME_LAST_UPDT": ">{minute}"}, ""),
    "nothing that there is": ({"PART_ID": "P1", "CUSTOMER_ID": "NOBODY"}, ""),
}


class TestQuery:
    @pytest.fixture
    def customer_parts(self, expandable):
        expandable.call("customer-create", CUSTOMER_ID="ACME", CUSTOMER_NAME="Acme")
        rows = {
            "A": ("P1", "9", "2026-01-31", "USD", "small pump", "Y"),
            "B": ("P2", "10", "2026-02-01", "EUR", "large pump", "N"),
            "C": ("P3", "100", "2026-03-01", "CHF", "50_%", ""),
        }
        for name, (part, quantity, day, currency, words, flag) in rows.items():
            expandable.call("part-create", PART_ID=part, PART_DESC=part)
            settings = {"QUOTE_QTY": quantity, "DATE_LAST_QUOTE": day, "CURR_CODE": currency, "SO_DESC": words}
            key = {"PART_ID": part, "CUSTOMER_ID": "ACME", "CUST_PART_ID": name}
            expandable.call("customer-part-create", key, PARTIAL_SHIP=flag, **settings)
        return expandable

    @pytest.mark.parametrize("criteria, names", table(QUERIES))
    def test_finds(self, criteria, names, customer_parts):
        CustomerPart.objects.update(changed_at=CustomerPart.objects.values_list("changed_at", flat=True)[0])
        made = CustomerPart.objects.values_list("changed_at", flat=True)[0].astimezone(UTC)
        text = json.dumps(criteria).replace("{today}", str(made.date()))
        asked = json.loads(text.replace("{minute}", made.strftime("%H:%M")))

        found = customer_parts.call("customer-part-query", asked)

        assert [record["CUST_PART_ID"] for record in found] == list(names)
        assert all([*record] == [*FIELDS, *AUDIT, *ENDS] for record in found)

    def test_of_too_much_is_refused_and_says_how_to_narrow_it(self, customer_parts, settings):
        settings.DIALECT_TERMS = {"expandable": {"query_limit": 2}}

        status, code, message = customer_parts.call("customer-part-query", PART_ID="P%")

        assert (status, code) == (500, "TOO_MANY_ROWS")
        assert message.startswith("More than 2 customer parts meet these criteria. Narrow them")
        assert len(customer_parts.call("customer-part-query", PART_ID="IN P1,P2")) == 2


class TestParts:
    def test_have_the_description_of_the_sites_language(self, expandable, settings):
        settings.DEFAULT_LANGUAGE = "de"

        answer = expandable.call("part-create", PART_ID="P1", PART_DESC="Pumpe", PART_UM="EA")

        shown = [answer[name] for name in ("PART_DESC", "PART_UM", "PART_STATUS", "PLAN_LEAD_TIME")]
        assert shown == ["Pumpe", "EA", "A", ""]
        assert Part.objects.get().descriptions.get().language == "de"
        assert expandable.call("part-query", PART_DESC="Pump%", PART_UM="EA")[0]["PART_ID"] == "P1"

    def test_need_a_description_when_they_are_made(self, expandable):
        assert expandable.call("part-create", PART_ID="P1")[1:] == ("REQUIRED_FIELD", "PART_DESC is required.")

    def test_keep_a_description_unless_they_never_had_one(self, acme, rest):
        rest.post("parts/", {"number": "BARE"})

        bare = acme.call("part-update", PART_ID="BARE", PART_DESC="", PART_UM="EA")

        assert (bare["PART_DESC"], bare["PART_UM"]) == ("", "EA")
        assert acme.call("part-update", PART_ID="PUMP-100", PART_DESC="")[1:] == (
            "REQUIRED_FIELD",
            "PART_DESC is required.",
        )

    def test_have_a_lead_time_or_none(self, acme):
        unset = acme.call("part-query", PLAN_LEAD_TIME="''")
        below = acme.call("part-query", PLAN_LEAD_TIME="<5")
        made = acme.call("part-update", PART_ID="PUMP-100", PLAN_LEAD_TIME="3")
        cleared = acme.call("part-update", PART_ID="PUMP-100", PLAN_LEAD_TIME="")

        assert ([part["PART_ID"] for part in unset], below) == (["PUMP-100"], [])
        assert (made["PLAN_LEAD_TIME"], cleared["PLAN_LEAD_TIME"]) == ("3", "")
        assert acme.call("part-update", PART_ID="PUMP-100", PLAN_LEAD_TIME="-1")[1] == "INVALID_VALUE"

    def test_take_an_answer_with_one_field_changed_as_an_update(self, acme):
        [found] = acme.call("part-query", PART_ID="PUMP-100")

        changed = acme.call("part-update", {**found, "PART_UM": "EA"})

        assert (changed["PART_UM"], changed["PART_DESC"]) == ("EA", "Pump")

    def test_are_not_known_by_names_that_this_hub_made_up_once(self, acme):
        former = {"LIST_PRICE": "1", "LEAD_TIME": "3", "UNITS": "1", "ACTIVE": "N", "DISPLAY_ID": "a"}
        for name, value in former.items():
            _, code, message = acme.call("part-update", {"PART_ID": "PUMP-100", name: value})

            assert (code, message.split("?")[0].partition(" Did")[0]) == (
                "UNKNOWN_FIELD",
                f"{name} is not a field of a part.",
            )

    def test_have_further_names_where_a_site_adds_them(self, acme, settings):
        assert acme.call("part-update", PART_ID="PUMP-100", STOCK_DEC="2")[1] == "UNKNOWN_FIELD"
        settings.DIALECT_TERMS = {"expandable": {"names": {"part": ["STOCK_DEC", "ROHS_COMP_DATE"]}}}

        answer = acme.call("part-update", PART_ID="PUMP-100", STOCK_DEC="2", ROHS_COMP_DATE="2026-01-31")

        assert [*answer][89:92] == ["ICFPM_USER_16", "STOCK_DEC", "ROHS_COMP_DATE"]
        assert (answer["STOCK_DEC"], answer["ROHS_COMP_DATE"]) == ("2", "2026-01-31")
        assert acme.call("part-update", PART_ID="PUMP-100", ROHS_COMP_DATE="soon")[1] == "INVALID_VALUE"


VENDOR_TEXTS = {
    "a text as it is": ("PART_TYPE", " M ", " M "),
    "a guessed number that is none": ("SHELF_LIFE", "soon", "soon"),
    "a number as it is spelled": ("MAX_ORDER_QTY", "010.50", "010.50"),
    "a date": ("ECN_EFF_DATE", "2026-01-31", "2026-01-31"),
    "a flag": ("SN_REQD", "Y", "Y"),
    "no number": ("MAX_ORDER_QTY", "many", "INVALID_VALUE"),
    "no date": ("ECN_EFF_DATE", "1/31/2026", "INVALID_VALUE"),
    "no flag": ("SN_REQD", "maybe", "INVALID_VALUE"),
    "too long": ("PART_TYPE", "M" * 256, "FIELD_TOO_LONG"),
    "a control character": ("PART_TYPE", "\x01", "INVALID_VALUE"),
}


class TestVendorFields:
    """Names that are no field of the hub are kept and given back, for this wire alone."""

    @pytest.mark.parametrize("wire, text, expected", table(VENDOR_TEXTS))
    def test_come_back_as_they_were_sent(self, wire, text, expected, acme):
        answer = acme.call("part-update", {"PART_ID": "PUMP-100", wire: text})

        assert (answer[wire] if isinstance(answer, dict) else answer[1]) == expected

    def test_stay_when_they_are_absent_and_go_when_they_are_blank(self, acme):
        acme.call("part-update", PART_ID="PUMP-100", PART_TYPE="M", PART_CLASS="P")

        answer = acme.call("part-update", PART_ID="PUMP-100", PART_TYPE="")

        assert (answer["PART_TYPE"], answer["PART_CLASS"]) == ("", "P")

    def test_stay_when_another_api_writes(self, acme, rest):
        acme.call("part-update", PART_ID="PUMP-100", PART_TYPE="M")

        shown = rest.patch("parts/PUMP-100/", {"notes": "new"}).json

        [found] = acme.call("part-query", PART_TYPE="M")
        assert (found["NOTES"], found["PART_TYPE"], "vendor" in shown) == ("new", "M", False)

    def test_have_the_lengths_of_the_vendor_where_a_site_says_so(self, acme, settings):
        settings.DIALECT_TERMS = {"expandable": {"vendor_lengths": True}}

        answers = [
            acme.call("part-update", PART_ID="PUMP-100", **{n: v}) for n, v in (("ECN", "1234567"), ("ECN", "123456"))
        ]

        assert (answers[0][1], answers[1]["ECN"]) == ("FIELD_TOO_LONG", "123456")

    @pytest.mark.parametrize(
        "criterion, found",
        table(
            {
                "a number": ("<100", "9"),
                "a range": ("BETWEEN 9 AND 10", "9 10"),
                "another spelling of a number": ("9.00", "9"),
                "one of some": ("IN 9,100", "9 100"),
                "not a number": ("<>9", "10 100 "),
                "blank": ("''", ""),
            }
        ),
    )
    def test_are_asked_for_by_their_type(self, criterion, found, expandable):
        for text in ("9", "10", "100", ""):
            expandable.call("part-create", PART_ID=f"P{text}", PART_DESC="x", MAX_ORDER_QTY=text)

        answer = expandable.call("part-query", MAX_ORDER_QTY=criterion)

        if criterion == "<100":
            found = "10 9"
        assert sorted(part["MAX_ORDER_QTY"] for part in answer) == sorted(found.split(" "))


STATUSES = {
    "an active one": ("A", "A", True),
    "a word of the vendor's": ("H", "H", True),
    "an inactive one": ("I", "I", False),
}
BY_STATUS = {
    "inactive": ("I", "I"),
    "active without a word": ("A", "A"),
    "a word": ("H", "H"),
    "not inactive": ("<>I", "AH"),
    "not active": ("<>A", "HI"),
    "not that word": ("<>H", "AI"),
    "some": ("IN A,I", "AI"),
    "words in order": (">=H", "HI"),
    "a pattern": ("_", "AHI"),
    "none at all": ("''", ""),
}


class TestStatus:
    @pytest.mark.parametrize("word, shown, active", table(STATUSES))
    def test_says_if_a_record_is_active(self, word, shown, active, acme):
        assert acme.call("part-update", PART_ID="PUMP-100", PART_STATUS=word)["PART_STATUS"] == shown
        assert Part.objects.get().active is active

    def test_of_one_that_another_api_has_retired_is_i_until_it_gets_another(self, acme, rest):
        acme.call("part-update", PART_ID="PUMP-100", PART_STATUS="H")
        rest.patch("parts/PUMP-100/", {"active": False})

        retired = acme.call("part-query", PART_ID="PUMP-100")[0]["PART_STATUS"]
        again = acme.call("part-update", PART_ID="PUMP-100", PART_STATUS="A")["PART_STATUS"]

        assert (retired, again, Part.objects.get().active) == ("I", "A", True)

    @pytest.mark.parametrize("criterion, found", table(BY_STATUS))
    def test_is_asked_for_as_it_is_answered(self, criterion, found, expandable):
        for word in "AHI":
            expandable.call("part-create", PART_ID=word, PART_DESC="x", PART_STATUS=word)

        answer = expandable.call("part-query", PART_STATUS=criterion)

        assert [part["PART_ID"] for part in answer] == list(found)


class TestCustomers:
    def test_are_made_with_a_number_and_a_name(self, expandable):
        made = expandable.call("customer-create", CUSTOMER_ID="A", CUSTOMER_NAME="Acme", ADDRESS_3="Gate 3")

        assert (made["CUSTOMER_NAME"], made["ADDRESS_3"], made["CUSTOMER_STATUS"]) == ("Acme", "Gate 3", "A")
        assert expandable.call("customer-create", CUSTOMER_ID="B")[1:] == (
            "REQUIRED_FIELD",
            "CUSTOMER_NAME is required.",
        )
        assert expandable.call("customer-create", CUSTOMER_ID="", CUSTOMER_NAME="B")["CUSTOMER_ID"].isdigit()
        assert expandable.call("customer-update", CUSTOMER_ID="", CUSTOMER_NAME="A")[1] == "REQUIRED_FIELD"

    def test_have_no_field_that_a_site_has_defined(self, acme):
        CustomField.objects.create(resource="customer", name="1", label="Segment", type="text")

        _, _, message = acme.call("customer-update", CUSTOMER_ID="ACME", SOFCM_USER_1="a")

        assert message == "SOFCM_USER_1 is not a field of a customer."


CONTACT = {"CUSTOMER_ID": "ACME", "CUST_CONTACT": "ADA"}


class TestContacts:
    @pytest.fixture
    def known(self, acme):
        acme.made = acme.call("customer-contact-create", CONTACT, E_MAIL="ada@acme.example.com", COUNTRY="US")
        return acme

    def test_are_found_by_customer_and_code(self, known):
        changed = known.call("customer-contact-update", CONTACT, E_MAIL_2="b@acme.example.com")

        assert (changed["E_MAIL"], changed["E_MAIL_2"]) == ("ada@acme.example.com", "b@acme.example.com")
        assert [each["CUST_CONTACT"] for each in known.call("customer-contact-query", COUNTRY="US")] == ["ADA"]
        assert known.call("customer-contact-delete", CONTACT) == {}
        assert known.call("customer-contact-query", CUSTOMER_ID="ACME") == []

    def test_have_the_same_code_at_two_customers(self, known):
        known.call("customer-create", CUSTOMER_ID="B", CUSTOMER_NAME="B")

        other = known.call("customer-contact-create", {**CONTACT, "CUSTOMER_ID": "B"}, LAST_NAME="Other")

        assert other["LAST_NAME"] == "Other"
        status, code, message = known.call("customer-contact-create", CONTACT)
        assert (status, code, message.startswith("Customer Contact already exists. ")) == (500, "DUPLICATE", True)

    def test_of_another_key_are_not_found(self, known):
        assert known.call("customer-contact-update", {**CONTACT, "CUST_CONTACT": "BOB"}, TITLE="Dr")[1] == "NOT_FOUND"
        assert known.call("customer-contact-update", CUSTOMER_ID="ACME", TITLE="Dr")[1:] == (
            "REQUIRED_FIELD",
            "CUST_CONTACT is required.",
        )


PRICE = {"PART_ID": "PUMP-100", "PRICE_CODE": "VIP", "EFFECTIVE_DATE": "", "ORDER_QTY": "10"}
JOINED = ["PART_TYPE", "PART_DESC", "PART_UM", "SO_ORDER_QTY", "MIN_SALES_QTY", "PART_STATUS"]
JOINED += ["STD_UNIT_COST", "PRODUCT_LINE"]


class TestPrices:
    @pytest.fixture
    def priced(self, acme):
        acme.made = acme.call("product-price-create", PRICE, SO_UNIT_PRICE="240", END_DATE="2030-01-01")
        return acme

    def test_have_the_fields_of_the_vendors_page_in_its_order(self, priced):
        ten = PRODUCT_PRICE.names
        six = [name for name in AUDIT if name != "OPERATOR_ID"]

        [found] = priced.call("product-price-query", PRICE_CODE="VIP")

        assert [*priced.made] == ["PART_ID", *JOINED, *ten[1:], *six, *ENDS]
        assert [*found] == [*ten, *six, *ENDS]
        shown = [priced.made[name] for name in ten]
        assert shown == ["PUMP-100", "VIP", "", "10", "2030-01-01", "USD", "240.00", "", "", ""]

    def test_show_what_their_part_is_and_do_not_change_it(self, priced):
        priced.call("part-update", PART_ID="PUMP-100", PART_TYPE="M", PART_UM="EA")

        shown = priced.call("product-price-update", PRICE, SALES_COMM="5")
        again = priced.call("product-price-update", {**shown, "SALES_COMM": "6"})
        wrong = [priced.call("product-price-update", PRICE, **{name: "X"}) for name in JOINED]

        assert [shown[name] for name in JOINED] == ["M", "Pump", "EA", "", "", "A", "", ""]
        assert (again["SALES_COMM"], again["PART_TYPE"]) == ("6", "M")
        assert {(code, message.split(" ")[0]) for _, code, message in wrong} == {
            ("READ_ONLY_FIELD" if name != "" else "", name) for name in JOINED
        }

    def test_of_no_code_are_list_prices(self, acme):
        [found] = acme.call("product-price-query", PRICE_CODE="LP")

        assert (found["SO_UNIT_PRICE"], Part.objects.get().prices.get().price_code) == ("250.00", "")
        assert acme.call("product-price-query", PRICE_CODE="<>LP") == []
        assert len(acme.call("product-price-query", PRICE_CODE="IN LP,VIP")) == 1
        assert acme.call("product-price-create", {**PRICE, "PRICE_CODE": ""})[1] == "REQUIRED_FIELD"

    def test_take_their_whole_key_to_be_found(self, priced):
        whole = priced.call("product-price-update", PRICE, SO_UNIT_PRICE="239")
        lacking = priced.call("product-price-update", PART_ID="PUMP-100", PRICE_CODE="VIP", SO_UNIT_PRICE="1")

        assert whole["SO_UNIT_PRICE"] == "239.00"
        assert lacking == (500, "REQUIRED_FIELD", "EFFECTIVE_DATE is required.")
        assert priced.call("product-price-update", {**PRICE, "ORDER_QTY": "11"}, SALES_COMM="1")[1] == "NOT_FOUND"
        assert priced.call("product-price-delete", {**PRICE, "ORDER_QTY": "10.0"}) == {}

    def test_are_told_apart_by_currency_only_where_they_must(self, priced):
        euro = priced.call("product-price-update", PRICE, CURR_CODE="EUR")
        again = priced.call("product-price-create", PRICE, SO_UNIT_PRICE="250")
        which = priced.call("product-price-update", PRICE, SO_UNIT_PRICE="1")
        named = priced.call("product-price-update", PRICE, CURR_CODE="EUR", SO_UNIT_PRICE="2")

        assert (euro["CURR_CODE"], euro["SO_UNIT_PRICE"], euro["END_DATE"]) == ("EUR", "240.00", "2030-01-01")
        assert (again["CURR_CODE"], named["SO_UNIT_PRICE"]) == ("USD", "2.00")
        assert (which[1], "CURR_CODE says which of them is meant: EUR, USD" in which[2]) == ("AMBIGUOUS", True)
        assert priced.call("product-price-delete", PRICE)[1] == "AMBIGUOUS"
        assert priced.call("product-price-delete", PRICE, CURR_CODE="EUR") == {}
        assert priced.call("product-price-delete", PRICE, SO_UNIT_PRICE="1")[1] == "FIELD_NOT_ACCEPTED"

    def test_end_on_a_day_that_all_apis_see(self, priced):
        dated = {**PRICE, "EFFECTIVE_DATE": "2030-01-01"}

        wrong = priced.call("product-price-create", dated, END_DATE="2029-12-31")
        cleared = priced.call("product-price-update", PRICE, END_DATE="")

        assert wrong[:2] == (500, "INVALID_VALUE")
        assert wrong[2] == "END_DATE 2029-12-31 is before the day from which the price is effective, 2030-01-01."
        assert cleared["END_DATE"] == ""
        priced.call("product-price-update", PRICE, END_DATE="2030-06-30")
        price = Part.objects.get().prices.get(price_code="VIP")
        assert (price.end_date.isoformat(), price.vendor) == ("2030-06-30", {})
        assert len(priced.call("product-price-query", END_DATE="<=2030-06-30")) == 1

    def test_cost_nothing_where_no_price_is_given(self, acme):
        assert acme.call("product-price-create", PART_ID="PUMP-100", PRICE_CODE="X")["SO_UNIT_PRICE"] == "0.00"


ORDER = {
    "SO_ID": "SO-1", "CUSTOMER_ID": "ACME", "DUE_DATE": "2026-10-10", "NOTES": "As agreed.", "CUST_PO_ID": "PO-77",
    "LINES": [{"PART_ID": "PUMP-100", "ORDER_QTY": "2", "ITEM_DISC_PCT": "10", "LOT_ID": "L1"}],
    "COMMENTS": [{"SO_LINE_NO": "0", "PRINT_INVOICE": "O", "COMMENT_TEXT": "Call first."}],
}  # fmt: skip
OLD_ORDER = {
    "SalesOrder": {name: value for name, value in ORDER.items() if not isinstance(value, list)},
    "SalesOrderLine": ORDER["LINES"],
}
SHAPES = {
    "a list beside the old head": ({**OLD_ORDER, "LINES": []}, "Request JSON is invalid."),
    "a field beside the old head": ({**OLD_ORDER, "SO_ID": "1"}, "Request JSON is invalid."),
    "a list as the old head": ({"SalesOrder": []}, "Request JSON is invalid."),
    "an object as a list": ({**ORDER, "LINES": {}}, "Request JSON is invalid."),
    "a text in a list": ({**ORDER, "COMMENTS": ["a"]}, "Request JSON is invalid."),
    "lines without the old head": ({"SalesOrderLine": []}, "Request has no Sales Order Header."),
}
LISTS = {
    "a comment without a text": (
        "COMMENTS", {"SO_LINE_NO": "0", "PRINT_INVOICE": "O"}, "COMMENTS[1].COMMENT_TEXT is required."
    ),
    "a comment of no line": (
        "COMMENTS", {"SO_LINE_NO": "x", "PRINT_INVOICE": "O", "COMMENT_TEXT": "a"},
        "COMMENTS[1].SO_LINE_NO must be 0 (the whole order) or the number of a line; 'x' is not.",
    ),
    "a user field that there is not": (
        "EXTENDED_USER", {"SO_LINE_NO": "1", "SOFDX_USER_7": "a"},
        "EXTENDED_USER[1].SOFDX_USER_7 is not a field of a sales order. Did you mean SOFDXU_USER_7?",
    ),
    "user fields of the whole order": (
        "EXTENDED_USER", {"SO_LINE_NO": "0"}, "EXTENDED_USER[1].SO_LINE_NO must be the number of a line; '0' is not."
    ),
}  # fmt: skip


class TestSalesOrders:
    @pytest.fixture
    def ordered(self, acme):
        acme.made = acme.call("sales-order-create", ORDER)
        return acme

    def test_have_their_own_fields_at_the_root_and_lists_after_them(self, ordered):
        [line] = ordered.made["LINES"]

        assert [*ordered.made] == [*SALES_ORDER.names, *AUDIT, *ENDS, "LINES", "COMMENTS", "EXTENDED_USER"]
        shown = [ordered.made[name] for name in ("SO_ID", "SO_STATUS", "CURR_CODE", "SO_TOTAL", "CUST_PO_ID", "NOTES")]
        assert shown == ["SO-1", "Q", "USD", "450.00", "PO-77", "As agreed."]
        shown = [line[name] for name in ("SO_LINE_NO", "PART_ID", "SO_UNIT_PRICE", "LOT_ID")]
        assert shown == ["1", "PUMP-100", "250.00", "L1"]
        assert (ordered.made["COMMENTS"], ordered.made["EXTENDED_USER"]) == (ORDER["COMMENTS"], [])

    def test_in_the_older_shape_are_answered_in_it(self, acme):
        made = acme.call("sales-order-create", OLD_ORDER)
        [found] = acme.call("sales-order-query", SalesOrder={"SO_ID": "SO-1"})

        assert [*made] == ["SalesOrder", "SalesOrderLine", "SalesOrderComment", "SalesOrderExtendedUser"]
        assert found == made
        assert acme.call("sales-order-delete", SalesOrder={"SO_ID": "SO-1"}) == {}

    @pytest.mark.parametrize("body, reason", table(SHAPES))
    def test_of_neither_shape_are_malformed(self, body, reason, acme):
        response = acme.post("sales-order-create", {**body, "AUTH_TOKEN": acme.token})

        assert (response.status_code, response.reason_phrase) == (400, reason)

    @pytest.mark.parametrize("verb", ["update", "delete"])
    def test_of_the_older_shape_need_their_number(self, verb, acme):
        response = acme.post(f"sales-order-{verb}", {"SalesOrder": {"NOTES": "a"}, "AUTH_TOKEN": acme.token})

        assert (response.status_code, response.reason_phrase) == (400, "Request Sales Order Header has no SO_ID.")

    def test_keep_their_lists_unless_they_are_sent(self, ordered):
        kept = ordered.call("sales-order-update", SO_ID="SO-1", SUBJECT="Spring")
        gone = ordered.call("sales-order-update", SO_ID="SO-1", LINES=[], COMMENTS=[])

        assert [len(kept[name]) for name in ("LINES", "COMMENTS")] == [1, 1]
        assert [gone[name] for name in ("LINES", "COMMENTS")] == [[], []]

    def test_lose_what_is_said_of_a_line_with_the_line(self, ordered):
        entries = [{"SO_LINE_NO": "1.00", "SOFDXU_USER_1": "a"}]
        told = ordered.call("sales-order-update", SO_ID="SO-1", EXTENDED_USER=entries)

        without = ordered.call("sales-order-update", SO_ID="SO-1", LINES=[])

        assert told["EXTENDED_USER"] == [{"SO_LINE_NO": "1", "SOFDXU_USER_1": "a"}]
        assert (without["EXTENDED_USER"], len(without["COMMENTS"])) == ([], 1)

    @pytest.mark.parametrize("name, entry, words", table(LISTS))
    def test_say_what_is_wrong_with_an_entry_of_a_list(self, name, entry, words, acme):
        assert acme.call("sales-order-create", {**ORDER, name: [entry]})[2] == words

    def test_are_found_and_deleted_by_their_head(self, ordered):
        [found] = ordered.call("sales-order-query", CUSTOMER_ID="ACME", SO_TOTAL=">449", CUST_PO_ID="PO%")

        assert found == ordered.made
        assert ordered.call("sales-order-delete", SO_ID="SO-1", LINES=[])[1] == "FIELD_NOT_ACCEPTED"
        assert ordered.call("sales-order-delete", SO_ID="SO-1") == {}
        assert ordered.call("sales-order-query", SO_ID="SO-1") == []

    def test_have_a_code_for_each_status(self, ordered):
        moved = ordered.call("sales-order-update", SO_ID="SO-1", SO_STATUS="O")

        assert moved["SO_STATUS"] == "O"
        assert len(ordered.call("sales-order-query", SO_STATUS="<>X")) == 1
        assert ordered.call("sales-order-query", SO_STATUS="IN Q,X") == []
        for word in ("Created", "Z"):
            assert ordered.call("sales-order-update", SO_ID="SO-1", SO_STATUS=word)[1] == "INVALID_VALUE"

    def test_take_an_answer_with_one_field_changed_as_an_update(self, ordered):
        changed = ordered.call("sales-order-update", {**ordered.made, "SUBJECT": "Spring"})

        assert (changed["SUBJECT"], changed["LINES"]) == ("Spring", ordered.made["LINES"])

    def test_warn_of_a_total_that_is_sent_or_refuse_it(self, ordered):
        body = {**ordered.made, "SO_TOTAL": "1", "AUTH_TOKEN": ordered.token}

        warned = ordered.post("sales-order-update", body)
        refused = ordered.post("sales-order-update", body, **{"X-Check-Totals": "true"})

        total = ordered.made["SO_TOTAL"]
        sentence = f"SO_TOTAL is sent as '1', but comes to {total}."
        assert (warned.status_code, warned.json()["SO_TOTAL"]) == (200, total)
        assert json.loads(warned["X-Warnings"]) == [{"record": 1, "warning": sentence}]
        assert refused.json() == {"MESSAGE": f"{sentence} Leave it out, or send that.", "MESSAGE_CODE": "INVALID_VALUE"}

    def test_take_their_full_request_with_all_blank_but_what_is_required(self, acme):
        head = dict.fromkeys([*SALES_ORDER.names, *ENDS], "")
        line = dict.fromkeys(SALES_ORDER.lines.names, "")

        made = acme.call("sales-order-create", {**head, "CUSTOMER_ID": "ACME"}, LINES=[{**line, "PART_ID": "PUMP-100"}])

        assert made["SO_ID"].isdigit()
        assert (made["LINES"][0]["ORDER_QTY"], made["SO_TOTAL"]) == ("1", "250.00")

    def test_say_what_other_wires_say_of_them(self, acme):
        head = {"ORDER_DATE": "2025-12-31", "CUST_PO_ID": "PO-77", "SHIP_METHOD": "Truck", "NOTES": "Call."}
        dates = {"REQ_SHIP_DATE": "2026-01-05", "SCH_SHIP_DATE": "2026-01-02"}
        line = {"PART_ID": "PUMP-100", "ORDER_QTY": "1", **dates}

        made = acme.call("sales-order-create", head, SO_ID="SO-2", CUSTOMER_ID="ACME", LINES=[line])

        assert {name: made[name] for name in head} == head
        assert {name: made["LINES"][0][name] for name in dates} == dates
        order = SalesOrder.objects.get(number="SO-2")
        found = (order.order_date, order.purchase_order_number, order.ship_method, order.notes)
        assert found == (date(2025, 12, 31), "PO-77", "Truck", "Call.")
        [row] = order.rows.all()
        assert (row.due_date, row.ship_date) == (date(2026, 1, 5), date(2026, 1, 2))
        assert (order.vendor, row.vendor) == ({}, {})
        criteria = {
            "ORDER_DATE": "BETWEEN 2025-01-01 AND 2025-12-31",
            "CUST_PO_ID": "PO%",
            "SHIP_METHOD": "IN Truck,Air",
        }
        assert [each["SO_ID"] for each in acme.call("sales-order-query", criteria)] == ["SO-2"]

    def test_have_the_day_on_which_they_are_added_where_none_is_said(self, acme):
        made = acme.call("sales-order-create", CUSTOMER_ID="ACME", ORDER_DATE="")
        moved = acme.call("sales-order-update", SO_ID=made["SO_ID"], ORDER_DATE="2025-12-31")
        cleared = acme.call("sales-order-update", SO_ID=made["SO_ID"], ORDER_DATE="")

        days = [each["ORDER_DATE"] for each in (made, moved, cleared)]
        assert days == [made["DATE_CREATED"], "2025-12-31", made["DATE_CREATED"]]

    def test_have_lines_without_a_part(self, acme):
        lines = [{"SO_DESC": "Special packing", "SO_UNIT_PRICE": "15.00"}, {"SO_DESC": "Free of charge"}]

        made = acme.call("sales-order-create", CUSTOMER_ID="ACME", LINES=lines)

        assert [(line["PART_ID"], line["SO_UNIT_PRICE"]) for line in made["LINES"]] == [("", "15.00"), ("", "0.00")]

    @pytest.mark.parametrize(
        "changes, words",
        table(
            {
                "a part": ({"PART_ID": "P-9"}, "LINES[1].PART_ID names no part"),
                "an unknown field": ({"COLOUR": "red"}, "LINES[1].COLOUR is not a field"),
                "a former name": (
                    {"UNIT_PRICE": "1"}, "LINES[1].UNIT_PRICE is not a field of a row. Did you mean SO_UNIT_PRICE?"
                ),
                "a number": ({"ORDER_QTY": "many"}, "LINES[1].ORDER_QTY must be a number"),
                "a date": ({"REQ_SHIP_DATE": "soon"}, "LINES[1].REQ_SHIP_DATE must be a date"),
                "a date of the vendor's": ({"REV_SHIP_DATE": "soon"}, "LINES[1].REV_SHIP_DATE must be a date"),
            }
        ),
    )  # fmt: skip
    def test_name_the_line_that_is_wrong(self, changes, words, acme):
        _, _, message = acme.call("sales-order-create", {**ORDER, "LINES": [{**ORDER["LINES"][0], **changes}]})

        assert words in message

    def test_cannot_be_asked_for_by_their_lines(self, ordered):
        assert ordered.call("sales-order-query", SO_ID="%", LINES=[{"PART_ID": "A"}])[1] == "FIELD_NOT_ACCEPTED"


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
            "part-create",
            {"PART_ID": "é", "PART_DESC": "x", "PLAN_LEAD_TIME": "é\r\n☃", "AUTH_TOKEN": expandable.token},
        )

        message = response.json()["MESSAGE"]
        assert "é\\r\\n☃" in message
        assert response.reason_phrase == message.replace("☃", "?")

    def test_500_for_who_may_not(self, bob):
        bob.user_permissions.set([permission("webservices.get_auth_token")])

        status, code, message = Expandable("bob", "bob-bob!").call("part-query", PART_ID="%")

        assert (status, code, message) == (500, "NOT_PERMITTED", "bob may not find parts (part-query).")

    @pytest.mark.parametrize(
        "name", ["lot-query", "stock-status-create", "stock-status-query", "shipments-entry-delete"]
    )
    def test_404_for_what_is_no_call_and_names_those_there_are(self, name, expandable):
        response = expandable.post(name, {})

        assert response.status_code == 404
        assert response.json()["MESSAGE_CODE"] == "NOT_FOUND"
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
