"""REST's batches: any verb, n records, one outcome for each."""

import json

import pytest

from orders.models import SalesOrder
from parts.models import Part
from records.tests.cast import table
from webservices.tests.rest_client import Rest

PUMP = {"number": "PUMP-100", "units": 2, "price": {"USD": "250.00"}}


@pytest.fixture
def rest(ada):
    return Rest("ada", "ada-ada!")


@pytest.fixture
def pump(rest):
    return rest.post("parts/", PUMP).json


class TestBatch:
    VERBS = {
        "add": ("add", {"number": "NEW"}, "created"),
        "put of a new one": ("put", {"number": "NEW"}, "created"),
        "put of a known one": ("put", {"number": "PUMP-100", "units": 9}, "updated"),
        "update": ("update", {"number": "PUMP-100", "units": 9}, "updated"),
        "update without a change": ("update", {"number": "PUMP-100", "units": 2}, "unchanged"),
        "remove": ("remove", {"number": "PUMP-100"}, "deleted"),
    }

    @pytest.mark.parametrize("verb, record, result", table(VERBS))
    def test_takes_any_verb(self, rest, pump, verb, record, result):
        reply = rest.batch(verb, record)

        assert reply.status == 200
        assert [(each["became"], each["problems"]) for each in reply.json["outcomes"]] == [(result, [])]

    def test_gives_one_outcome_for_each_in_order(self, rest, pump):
        reply = rest.batch(
            "put", {"number": "PUMP-100", "units": 3}, {"number": "A"}, {"number": "B", "units": 0}, {"untis": 1}
        )

        assert [each["became"] for each in reply.json["outcomes"]] == ["updated", "created", "failed", "failed"]
        unknown = reply.json["outcomes"][3]["problems"][0]
        assert unknown["pointer"] == "#/records/3/untis"
        assert unknown["detail"] == "untis is not a field of a part. Did you mean units?"

    def test_of_all_or_none_keeps_none(self, rest):
        reply = rest.batch("put", {"number": "A"}, {"number": "B", "units": 0}, all_or_none=True)

        assert reply.status == 422
        assert [error["pointer"] for error in reply.json["errors"]] == ["#/records/1/units"]
        assert [each["problems"][0]["code"] for each in reply.json["outcomes"]] == ["rolled-back", "too-small"]
        assert not Part.objects.exists()

    def test_removes_by_criteria(self, rest, pump):
        rest.batch("add", {"number": "OLD-1"}, {"number": "OLD-2"})

        reply = rest.post(
            "parts/batch/",
            {"verb": "remove", "criteria": [{"field": "number", "comparator": "LIKE", "value": "OLD-%"}]},
        )

        assert [each["key"] for each in reply.json["outcomes"]] == ["OLD-1", "OLD-2"]
        assert [part.number for part in Part.objects.all()] == ["PUMP-100"]

    def test_finds(self, rest, pump):
        rest.batch("add", {"number": "A"}, {"number": "B"})

        first = rest.post("parts/batch/", {"verb": "find", "criteria": [], "limit": 2})
        second = rest.post("parts/batch/", {"verb": "find", "limit": 2, "cursor": first.json["cursor"]})

        assert [part["number"] for part in first.json["results"] + second.json["results"]] == ["A", "B", "PUMP-100"]
        assert second.json["cursor"] is None

    def test_answers_the_records_when_it_is_asked_to(self, rest):
        reply = rest.post("parts/batch/", {"verb": "add", "records": [PUMP]}, prefer="return=representation")

        assert reply.json["outcomes"][0]["record"]["price"] == {"USD": "250.00"}

    def test_answers_many_records_each_in_its_place_and_in_pages(self, rest, monkeypatch):
        monkeypatch.setattr("webservices.gateway.PAGE_SIZE", 2)
        records = [{"number": number, "units": "x" if number == "C" else 1} for number in "BACED"]

        reply = rest.post("parts/batch/", {"verb": "add", "records": records}, prefer="return=representation")

        answered = [(each["key"], each.get("record", {}).get("number")) for each in reply.json["outcomes"]]
        assert answered == [("B", "B"), ("A", "A"), ("C", None), ("E", "E"), ("D", "D")]

    def test_asks_the_database_as_often_for_many_as_for_few(self, rest, django_assert_max_num_queries):
        rest.batch("put", {"number": "FIRST"})
        few, many = ([{"number": f"{n}-{i}"} for i in range(n)] for n in (2, 200))

        with django_assert_max_num_queries(100) as for_few:
            rest.batch("put", *few)
        with django_assert_max_num_queries(100) as for_many:
            rest.batch("put", *many)

        assert len(for_many) == len(for_few)


class TestOrders:
    """Options and warnings that parts do not have."""

    ROW = {"description": "Freight", "quantity": 2, "unit_price": "15"}
    ORDER = {"number": "SO-1", "customer": "ACME", "rows": [ROW], "total": "31"}
    WARNING = "total is sent as '31', but comes to 30.00."

    @pytest.fixture
    def shop(self, rest):
        rest.put("customers/ACME/", {})
        return rest

    def put(self, shop, *orders, **members):
        return shop.post("sales-orders/batch/", {"verb": "put", "records": orders, **members})

    def test_warn_of_totals_in_their_outcomes(self, shop):
        reply = self.put(shop, self.ORDER, {**self.ORDER, "number": "SO-2", "total": 30})

        first, second = reply.json["outcomes"]
        assert (first["became"], first["problems"], "warnings" in second) == ("created", [], False)
        assert first["warnings"] == [
            {
                "code": "total-differs", "family": "invalid", "detail": self.WARNING, "field": "total",
                "pointer": "#/records/0/total",
            }
        ]  # fmt: skip
        assert json.loads(reply["X-Warnings"]) == [{"record": 1, "warning": self.WARNING}]

    def test_by_themselves_warn_in_a_header(self, shop):
        reply = shop.post("sales-orders/", self.ORDER)

        assert (reply.status, reply.json["total"]) == (201, "30.00")
        assert json.loads(reply["X-Warnings"]) == [{"record": 1, "warning": self.WARNING}]

    def test_takes_the_options_that_orders_have(self, shop):
        checked = self.put(shop, self.ORDER, check_totals=True)
        finished = {"number": "SO-2", "customer": "ACME", "status": "Delivered"}
        new, old = self.put(shop, finished), self.put(shop, finished, **{"import": True})

        assert [(each.status, each.json["code"]) for each in (checked, new)] == [
            (422, "total-differs"), (422, "wrong-step"),
        ]  # fmt: skip
        assert (old.status, SalesOrder.objects.get().status.name) == (200, "Delivered")

    REFUSED = {
        "another verb": ("sales-orders", "update", "import"),
        "another kind of record": ("parts", "put", "import"),
        "records without totals": ("customers", "put", "check_totals"),
    }

    @pytest.mark.parametrize("plural, verb, member", table(REFUSED))
    def test_are_alone_to_have_them(self, shop, plural, verb, member):
        body = {"verb": verb, "records": [{"number": "A"}]}

        in_body = shop.post(f"{plural}/batch/", {**body, member: True})
        header = f"x_{member}"
        in_header = shop.post(f"{plural}/batch/", body, **{header: "true"})
        unset = shop.post(f"{plural}/batch/", body, **{header: "false"})

        assert (in_body.status, in_body.json["code"]) == (400, "wrong-shape")
        assert (in_header.status, in_header.json["code"]) == (400, "wrong-option")
        assert "does not go with this call" in in_header.json["detail"]
        assert unset.json.get("code") != "wrong-option"

    def test_is_passed_over_by_a_call_that_only_reads(self, shop):
        assert shop.get("sales-orders/", x_import="true", x_check_totals="true").status == 200
