"""Parts that are written: POST, PUT, which blanks what is absent, DELETE, and upsertParts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.services import CUSTOMERS
from orders.services import SALES_ORDERS
from parts.models import Part
from parts.services import PARTS
from records.find import Search
from records.models import Change, CustomField
from records.shapes.criteria import Comparator, Criterion
from records.tests.cast import ADA, NOW, table

pytestmark = pytest.mark.django_db


def find_part(number):
    (found,) = PARTS.find(search=Search([Criterion(("number",), Comparator.EQUAL, (number,))])).records
    return found


class TestPost:
    def test_creates_and_answers_the_part(self, cpq):
        body = {
            "partNumber": "NEW",
            "description": "New",
            "directBuy": {"lookupCode": "2", "displayValue": "whatever", "id": 36549639, "links": []},
            "units": "3",
            "leadTime": 5,
            "eligibleToSell": "Y",
            "enableSelfService": "0",
            "prices": {"items": [{"price": {"value": 118.0, "currency": "EUR"}}]},
            "translations": [{"language": {"languageCode": "de"}, "description": "Neu"}],
            "extendedDescriptions": {"items": [{"partExtendedDescription2": "Long"}]},
        }
        created = cpq.post("partSetups", body)

        assert created.status == 201, created.json
        assert created["Location"] == f"http://testserver/rest/v19/partSetups/{created.json['id']}"
        assert created.json["partNumber"] == "NEW"
        part = find_part("NEW")
        assert (part["direct_buy"], part["units"], part["lead_time"]) == ("2", "3", "5")
        assert (part["eligible_to_sell"], part["self_service"]) == ("true", "false")
        assert part["description"] == {"de": "Neu", "en": "New"}
        assert part["price"] == {"EUR": "118.00"}
        assert part["extended_description_2"] == {"en": "Long"}

    WRONG = {
        "no number": ({}, 400, "missing", "partNumber"),
        "a number that is taken": ({"partNumber": "HOSE"}, 400, "already-exists", "partNumber"),
        "units that are no whole number": ({"partNumber": "X", "units": "1.5"}, 400, "", "units"),
        "an unknown member": ({"partNumber": "X", "colour": "red"}, 400, "unknown-field", "colour"),
        "a name of the hub's": ({"partNumber": "X", "lead_time": 3}, 400, "unknown-field", "lead_time"),
        "a lookup that chooses nothing": ({"partNumber": "X", "directBuy": {"id": 7}}, 400, "wrong-shape", "directBuy"),
        "a lookup of no choice": ({"partNumber": "X", "directBuy": {"lookupCode": "9"}}, 400, "", "directBuy"),
        "a price without currency": (
            {"partNumber": "X", "prices": {"items": [{"price": {"value": 1}}]}}, 400, "missing", "prices",
        ),
        "a currency that there is not": (
            {"partNumber": "X", "prices": {"items": [{"price": {"value": 1, "currency": "XXX"}}]}},
            400, "", "prices[XXX]",
        ),
        "two prices of one currency": (
            {"partNumber": "X", "prices": {"items": [
                {"price": {"value": 1, "currency": "EUR"}}, {"price": {"value": 2, "currency": "EUR"}},
            ]}}, 400, "sent-twice", "prices[EUR]",
        ),
        "a description in two places": (
            {"partNumber": "X", "description": "a",
             "translations": [{"language": {"languageCode": "en"}, "description": "b"}]},
            400, "sent-twice", "description",
        ),
        "no object": ([], 400, "wrong-shape", None),
        "no JSON": (b"{", 400, "malformed-json", None),
    }  # fmt: skip

    @pytest.mark.parametrize("body, status, code, path", table(WRONG))
    def test_refuses(self, cpq, body, status, code, path):
        refused = cpq.post("partSetups", body)

        assert refused.status == status
        assert refused.json["o:errorDetails"][0].get("o:errorPath") == path
        assert code in ("", refused.json["o:errorCode"])
        assert {"title", "status", "detail", "error"} <= refused.json.keys()
        assert not Part.objects.filter(number="X").exists()


class TestPut:
    def test_blanks_what_is_absent(self, cpq, custom_fields):
        own = cpq.id("PUMP-100")
        cpq.post("partSetups/actions/upsertParts", {"partSetups": {"items": [
            {"partNumber": "PUMP-100", "_part_custom_field5": 2.5, "_part_custom_field10": "External", "active": False},
        ]}})  # fmt: skip

        replaced = cpq.put(f"partSetups/{own}", {"partNumber": "PUMP-100", "leadTime": 9})

        assert replaced.status == 200, replaced.json
        part = replaced.json
        assert (part["leadTime"], part["description"], part["partDisplayNumber"], part["units"]) == (9, None, None, "1")
        assert (part["externalKey1"], part["eligibleToSell"], part["notes"]) == (None, None, None)
        assert part["companyAssociations"] == []
        assert (part["_part_custom_field5"], part["_part_custom_field10"]) == (0.0, None)

    def test_leaves_children_and_what_is_not_oracles_alone(self, cpq):
        cpq.post("partSetups/actions/upsertParts", {"partSetups": {"items": [
            {"partNumber": "PUMP-100", "active": False},
        ]}})  # fmt: skip

        assert cpq.put("partSetups/PUMP-100", {"description": "Small pump"}).status == 200

        part = find_part("PUMP-100")
        assert part["description"] == {"de": "Pumpe, klein", "en": "Small pump"}
        assert part["price"] == {"EUR": "230.00", "USD": "250.00"}
        assert part["extended_description_1"] == {"de": "Gusseisen.", "en": "Cast iron."}
        assert part["active"] == "false"

    def test_needs_required_custom_fields(self, cpq, custom_fields):
        CustomField.objects.filter(name="9").update(required=True)

        refused = cpq.put("partSetups/HOSE", {"partNumber": "HOSE"})

        assert (refused.status, refused.json["o:errorCode"]) == (400, "missing")
        assert refused.json["o:errorDetails"][0]["o:errorPath"] == "_part_custom_field9"

    def test_of_what_was_read_changes_nothing(self, cpq, custom_fields):
        for number in ("PUMP-100", "HOSE"):
            part = cpq.get(f"partSetups?q={{partNumber:'{number}'}}&expand=all").json["items"][0]
            part.pop("_part_custom_field5")  # an unset number reads 0.0, as Oracle has it
            changes = Change.objects.count()

            written = cpq.put(f"partSetups/{part['id']}", part)

            assert (written.status, written["X-Outcome"]) == (200, "unchanged"), written.json
            assert Change.objects.count() == changes

    def test_finds_by_id_number_or_q(self, cpq):
        for address in (f"partSetups/{cpq.id('HOSE')}", "partSetups/HOSE", "partSetups?q={partNumber:'HOSE'}"):
            assert cpq.put(address, {"units": "4"}).status == 200
        assert cpq.put("partSetups?q={partNumber:'4711'}", {"units": "4"}).status == 200
        assert (find_part("HOSE")["units"], find_part("4711")["units"], find_part("4711")["lead_time"]) == (
            "4",
            "4",
            "-1",
        )

    WRONG = {
        "an unknown part": ("partSetups/NONE", {}, 404, "not-found"),
        "an unknown id": ("partSetups/999999", {}, 404, "not-found"),
        "another number": ("partSetups/HOSE", {"partNumber": "PUMP-100"}, 400, "keys-disagree"),
        "no part": ("partSetups", {}, 405, "method-not-offered"),
        "several parts": ("partSetups?q={units:1}", {}, 400, "wrong-q"),
        "a parameter": ("partSetups/HOSE?expand=all", {}, 400, "wrong-parameter"),
    }

    @pytest.mark.parametrize("address, body, status, code", table(WRONG))
    def test_refuses(self, cpq, address, body, status, code):
        refused = cpq.put(address, body)

        assert (refused.status, refused.json["o:errorCode"]) == (status, code)

    def test_does_not_rename(self, cpq):
        own = cpq.id("HOSE")

        assert cpq.put(f"partSetups/{own}", {"partNumber": "TUBE"}).status == 404
        assert cpq.put(f"partSetups/{own}", {"partNumber": "PUMP-100"}).status == 400
        assert find_part("PUMP-100")["lead_time"] == "14"

    def test_demands_a_version(self, cpq):
        tag = cpq.get("partSetups/HOSE")["ETag"]

        first = cpq.put("partSetups/HOSE", {"units": "2"}, if_match=tag)
        second = cpq.put("partSetups/HOSE", {"units": "3"}, if_match=tag)

        assert (first.status, second.status) == (200, 412)
        assert cpq.get("partSetups/HOSE", if_match=tag).status == 412
        assert cpq.get("partSetups/HOSE", if_match=first["ETag"]).status == 200
        assert cpq.get("partSetups", if_match=tag).status == 412


class TestDelete:
    def test_answers_nothing(self, cpq):
        for address in (f"partSetups/{cpq.id('HOSE')}", "partSetups/PUMP-200", "partSetups?q={partNumber:'4711'}"):
            assert (cpq.delete(address).status, cpq.delete(address).status) == (204, 404)

        assert [*Part.objects.values_list("number", flat=True)] == ["PUMP-100"]

    def test_of_a_part_in_use_makes_it_inactive(self, cpq):
        CUSTOMERS.add(records=[{"number": "C", "last_name": "Byron"}], by=ADA, at=NOW)
        order = {
            "number": "S",
            "customer": "C",
            "rows": [{"part_number": "PUMP-100", "quantity": "1", "unit_price": "1"}],
        }
        [outcome] = SALES_ORDERS.add(records=[order], by=ADA, at=NOW)
        assert not outcome.failed, outcome.problems

        gone = cpq.delete("partSetups/PUMP-100")

        assert (gone.status, gone["X-Outcome"], gone.json["active"]) == (200, "inactivated", False)


class TestUpsert:
    def upsert(self, cpq, *items, **headers):
        return cpq.post("partSetups/actions/upsertParts", {"partSetups": {"items": [*items]}}, **headers)

    def test_adds_and_updates_in_the_order_of_the_input(self, cpq):
        found = self.upsert(cpq, {"partNumber": "Z", "units": 2}, {"partNumber": "PUMP-100", "leadTime": 1})

        assert found.status == 200, found.json
        collection = found.json["partSetups"]
        assert [(item["partNumber"], item["leadTime"]) for item in collection["items"]] == [("Z", -1), ("PUMP-100", 1)]
        assert (collection["count"], collection["hasMore"]) == (2, False)
        assert "o:errorDetails" not in found.json
        assert find_part("PUMP-100")["notes"] == "Comes with a gasket."  # what is not sent stays

    def test_says_which_of_them_failed(self, cpq):
        found = self.upsert(cpq, {"partNumber": "Z"}, {"partNumber": "Y", "leadTime": "soon"}, {"partNumber": "X"})

        assert found.status == 200
        assert [item["partNumber"] for item in found.json["partSetups"]["items"]] == ["Z", "X"]
        (error,) = found.json["o:errorDetails"]
        assert error["o:errorPath"] == "partSetups.items[1].leadTime"
        assert error["detail"].startswith("leadTime must be")

    def test_fails_where_all_did(self, cpq):
        refused = self.upsert(cpq, {"partNumber": "Z", "leadTime": "soon"}, {"partNumber": "Y", "units": 0})

        assert refused.status == 400
        assert [each["o:errorPath"] for each in refused.json["o:errorDetails"]] == [
            "partSetups.items[0].leadTime",
            "partSetups.items[1].units",
        ]
        assert refused.json["detail"].startswith("None of the 2 parts was kept. partSetups.items[0]: leadTime must")

    def test_removes_children_by_null(self, cpq):
        entries = [{"price": {"value": None, "currency": "EUR"}}, {"price": {"value": 260, "currency": "USD"}}]
        found = self.upsert(cpq, {"partNumber": "PUMP-100", "prices": entries, "extendedDescriptions": None})

        assert found.status == 200, found.json
        assert find_part("PUMP-100")["price"] == {"USD": "260.00"}
        assert (
            find_part("PUMP-100")["extended_description_1"] in ({}, "")
            or not find_part("PUMP-100")["extended_description_1"]
        )

    def test_passes_over_classic_fields_that_are_blank(self, cpq):
        blank = {"_part_custom_field5": 0.0, "_part_custom_field7": "0", "_part_custom_field30": None}

        assert self.upsert(cpq, {"partNumber": "Z", **blank}).status == 200
        refused = self.upsert(cpq, {"partNumber": "Y", **blank, "_part_custom_field3": "x"})
        (error,) = refused.json["o:errorDetails"]
        assert error["o:errorPath"] == "partSetups.items[0]._part_custom_field3"
        assert error["detail"] == "_part_custom_field3 is not defined on this site."
        assert self.upsert(cpq, {"partNumber": "Y", "_part_custom_field31": 0.0}).status == 400

    def test_reads_custom_fields_as_lookups_or_bare(self, cpq, custom_fields):
        menu = {"lookupCode": "External", "displayValue": "External", "id": 38272229}
        sent = {"_part_custom_field10": menu, "_part_custom_field5": 12.5, "_part_custom_field9": "x"}

        (part,) = self.upsert(cpq, {"partNumber": "Z", **sent}).json["partSetups"]["items"]

        assert part["_part_custom_field10"] == {"lookupCode": "External", "displayValue": "External"}
        assert (part["_part_custom_field5"], part["_part_custom_field9"]) == (12.5, "x")

    def test_takes_the_options_of_every_api(self, cpq):
        dry = self.upsert(cpq, {"partNumber": "Z"}, {"partNumber": "HOSE", "units": 9}, x_dry_run="true")
        whole = self.upsert(cpq, {"partNumber": "Z"}, {"partNumber": "Y", "units": 0}, x_all_or_none="true")
        first = self.upsert(cpq, {"partNumber": "W"}, idempotency_key="k-1")
        again = self.upsert(cpq, {"partNumber": "W"}, idempotency_key="k-1")
        other = self.upsert(cpq, {"partNumber": "V"}, idempotency_key="k-1")

        assert [each["outcome"] for each in dry.json["outcomes"]] == ["created", "updated"]
        assert whole.status == 400
        assert (again.json, again["Idempotent-Replayed"], other.status) == (first.json, "true", 400)
        assert {*Part.objects.values_list("number", flat=True)} == {"PUMP-100", "PUMP-200", "HOSE", "4711", "W"}

    def test_costs_no_statement_for_each_part(self, cpq):
        self.upsert(cpq, {"partNumber": "A"})
        with CaptureQueriesContext(connection) as one:
            self.upsert(cpq, {"partNumber": "B0"})
        with CaptureQueriesContext(connection) as many:
            self.upsert(cpq, *({"partNumber": f"C{number}"} for number in range(50)))

        assert len(many) == len(one)

    WRONG = {
        "a bare list": [{"partNumber": "Z"}],
        "no items": {"partSetups": {}},
        "another member": {"partSetups": {"items": []}, "parts": []},
        "what is no part": {"partSetups": {"items": ["Z"]}},
    }

    @pytest.mark.parametrize("body", table(WRONG))
    def test_refuses_another_shape(self, cpq, body):
        refused = cpq.post("partSetups/actions/upsertParts", body)

        assert (refused.status, refused.json["o:errorCode"]) == (400, "wrong-shape")
