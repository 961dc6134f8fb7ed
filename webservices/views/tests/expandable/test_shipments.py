"""Shipments Entry and Shipment Transaction of Expandable's: several lines of an order leave in one call, or none."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Shipment
from records.tests.cast import table
from webservices.views.tests.expandable.test_calls import AUDIT
from webservices.wire.dialects.expandable.order_programs import SHIPMENT_TRANSACTION, SHIPMENTS_ENTRY

LINES = [
    {"SO_LINE_NO": "1", "QUANTITY": "2", "PART_ID": "PUMP-100", "LOT_ID": "L1", "SERIAL_NUMBER": "A:C"},
    {"SO_LINE_NO": "2.00", "QUANTITY": "1.5"},
]
HEAD = {"SO_ID": "SO-1", "ACTION_DATE": "2026-03-31", "BILL_OF_LADING": "BOL-1", "SHIP_VIA": "UPS", "REFERENCE": "1Z 9"}


@pytest.fixture
def ordered(acme):
    """An order of six pumps and four of something without a part."""
    lines = [{"PART_ID": "PUMP-100", "ORDER_QTY": "6"}, {"SO_DESC": "Packing", "ORDER_QTY": "4"}]
    acme.call("sales-order-create", SO_ID="SO-1", CUSTOMER_ID="ACME", LINES=lines)
    return acme


class TestEntry:
    def test_makes_a_shipment_of_each_line_in_one_batch(self, ordered):
        made = ordered.call("shipments-entry-create", HEAD, LINES=LINES)

        assert [*made] == [*SHIPMENTS_ENTRY.names, "LINES"]
        assert {name: made[name] for name in HEAD} == HEAD
        assert (made["TXNS_ACCEPTED"], made["BATCH_NUMBER"].isdigit()) == ("2", True)
        blank = dict.fromkeys(SHIPMENTS_ENTRY.lines.names, "")
        assert made["LINES"] == [LINES[0], {**blank, "SO_LINE_NO": "2", "QUANTITY": "1.5"}]

    def test_leaves_open_what_was_not_shipped(self, ordered, rest):
        ordered.call("shipments-entry-create", HEAD, LINES=LINES)

        rows = rest.get("sales-orders/SO-1/").json["rows"]

        assert [row["open_quantity"] for row in rows] == ["4", "2.5"]

    def test_ties_calls_together_by_the_batch_that_comes_again(self, ordered):
        first = ordered.call("shipments-entry-create", HEAD, LINES=LINES[:1])
        again = ordered.call("shipments-entry-create", HEAD, LINES=LINES[1:], BATCH_NUMBER=first["BATCH_NUMBER"])
        other = ordered.call("shipments-entry-create", HEAD, LINES=LINES[1:])

        assert first["BATCH_NUMBER"] == again["BATCH_NUMBER"] != other["BATCH_NUMBER"]
        assert len(ordered.call("shipment-transaction-query", BATCH_NUMBER=first["BATCH_NUMBER"])) == 2

    def test_has_the_day_of_the_call_where_none_is_said(self, ordered):
        made = ordered.call("shipments-entry-create", SO_ID="SO-1", LINES=[{"SO_LINE_NO": "1", "QUANTITY": "1"}])

        assert made["ACTION_DATE"] == str(Shipment.objects.get().created_at.date())

    def test_of_nothing_kept_answers_nothing(self, ordered):
        response = ordered.post(
            "shipments-entry-create", {**HEAD, "LINES": LINES, "AUTH_TOKEN": ordered.token}, x_dry_run="true"
        )

        assert (response.status_code, response.json()) == (200, {})
        assert not Shipment.objects.exists()

    @pytest.mark.parametrize(
        "changes, code, words",
        table(
            {
                "without an order": ({"SO_ID": ""}, "REQUIRED_FIELD", "SO_ID is required."),
                "of an order that there is not": (
                    {"SO_ID": "SO-9"}, "UNKNOWN_REFERENCE", "SO_ID names no sales order: 'SO-9' is not known."
                ),
                "of no line": ({"LINES": []}, "REQUIRED_FIELD", "LINES is required."),
                "without a quantity": (
                    {"LINES": [LINES[0], {"SO_LINE_NO": "2"}]}, "REQUIRED_FIELD", "LINES[2].QUANTITY is required."
                ),
                "without a line": (
                    {"LINES": [{"QUANTITY": "1"}]}, "REQUIRED_FIELD", "LINES[1].SO_LINE_NO is required."
                ),
                "of a line that there is not": (
                    {"LINES": [LINES[0], {"SO_LINE_NO": "7", "QUANTITY": "1"}]}, "UNKNOWN_REFERENCE",
                    "LINES[2].SO_LINE_NO 7 is that of no row of order SO-1.",
                ),
                "of more than is open": (
                    {"LINES": [LINES[0], {"SO_LINE_NO": "2", "QUANTITY": "5"}]}, "INVALID_VALUE",
                    "With LINES[2].QUANTITY 5, 5 would have been shipped of row 2 of order SO-1, which has 4.",
                ),
                "of more in two lines": (
                    {"LINES": [LINES[0], {**LINES[0], "QUANTITY": "5"}]}, "INVALID_VALUE",
                    "With LINES[1].QUANTITY 2, 7 would have been shipped of row 1 of order SO-1, which has 6. "
                    "With LINES[2].QUANTITY 5, 7 would have been shipped of row 1 of order SO-1, which has 6.",
                ),
                "with an unknown name": (
                    {"LINES": [{**LINES[0], "LOT": "a"}]}, "UNKNOWN_FIELD",
                    "LINES[1].LOT is not a field of a shipment. Did you mean LOT_ID?",
                ),
                "with an unknown name in its head": (
                    {"SHIPVIA": "UPS"}, "UNKNOWN_FIELD", "SHIPVIA is not a field of a shipment. Did you mean SHIP_VIA?",
                ),
                "that says how many it makes": (
                    {"TXNS_ACCEPTED": "2"}, "READ_ONLY_FIELD", "TXNS_ACCEPTED is read only; leave it out."
                ),
                "with freight": (
                    {"FREIGHT": [{"AMOUNT": "9"}]}, "FIELD_NOT_ACCEPTED",
                    "FREIGHT is not taken here: the hub's shipments have no freight.",
                ),
                "on a day that is none": (
                    {"ACTION_DATE": "soon"}, "INVALID_VALUE",
                    "ACTION_DATE must be a date such as 2026-01-31; 'soon' is not."
                ),
            }
        ),
    )  # fmt: skip
    def test_is_refused_as_a_whole(self, changes, code, words, ordered):
        answer = ordered.call("shipments-entry-create", {**HEAD, "LINES": LINES, **changes})

        assert answer == (500, code, words)
        assert not Shipment.objects.exists()

    def test_costs_the_same_for_any_number_of_lines(self, ordered):
        def queries(lines):
            with CaptureQueriesContext(connection) as captured:
                assert ordered.call("shipments-entry-create", HEAD, LINES=lines)["TXNS_ACCEPTED"] == str(len(lines))
            return len(captured)

        line = {"SO_LINE_NO": "1", "QUANTITY": "0.1"}

        queries([line])  # what is asked once, and remembered
        assert queries([line] * 20) == queries([line] * 2)

    def test_takes_what_says_nothing(self, ordered):
        made = ordered.call("shipments-entry-create", HEAD, LINES=LINES, FREIGHT=[], TXNS_ACCEPTED="", BATCH_NUMBER="")

        assert made["TXNS_ACCEPTED"] == "2"

    def test_has_further_names_in_its_lines_where_a_site_adds_them(self, ordered, settings):
        settings.DIALECT_TERMS = {"expandable": {"names": {"shipments-entry": ["STORES_CODE"]}}}
        lines = [{**LINES[0], "STORES_CODE": "MS"}]

        made = ordered.call("shipments-entry-create", HEAD, LINES=lines)

        assert made["LINES"] == lines
        [found] = ordered.call("shipment-transaction-query", STORES_CODE="MS")
        assert found["STORES_CODE"] == "MS"

    def test_has_no_other_call(self, ordered):
        calls = (
            "shipments-entry-query",
            "shipment-transaction-create",
            "shipment-transaction-delete",
            "shipments-create",
        )

        assert {ordered.call(name, SO_ID="SO-1")[:2] for name in calls} == {(404, "NOT_FOUND")}


class TestTransactions:
    @pytest.fixture
    def shipped(self, ordered):
        ordered.made = ordered.call("shipments-entry-create", HEAD, LINES=LINES)
        return ordered

    def test_are_found_with_all_that_was_said_of_them(self, shipped):
        first, second = shipped.call("shipment-transaction-query", SO_ID="SO-1")

        assert [*first] == [*SHIPMENT_TRANSACTION.names, *AUDIT]
        assert {name: first[name] for name in (*HEAD, *LINES[0])} == {**HEAD, **LINES[0]}
        assert (second["SO_LINE_NO"], first["BATCH_NUMBER"]) == ("2", shipped.made["BATCH_NUMBER"])

    @pytest.mark.parametrize(
        "criteria, count",
        [
            ({"QUANTITY": ">1.5"}, 1),
            ({"ACTION_DATE": "BETWEEN 2026-01-01 AND 2026-12-31", "SHIP_VIA": "U%"}, 2),
            ({"LOT_ID": "L1", "REFERENCE": "1Z%"}, 1),
            ({"PART_ID": "''"}, 1),
            ({"SO_ID": "SO-2"}, 0),
        ],
    )
    def test_are_found_by_any_field(self, criteria, count, shipped):
        assert len(shipped.call("shipment-transaction-query", criteria)) == count
