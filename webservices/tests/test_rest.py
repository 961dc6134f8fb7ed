"""REST over HTTP: each verb on one part, on many, and in batches."""

import pytest

from parts.models import Part
from records.models import Change
from records.tests.cast import table
from webservices.models import Exchange
from webservices.tests.rest_client import Rest

PUMP = {"number": "PUMP-100", "units": 2, "price": {"USD": "250.00"}, "description": {"en": "Pump"}, "notes": "Heavy."}


@pytest.fixture
def rest(ada):
    return Rest("ada", "ada-ada!")


@pytest.fixture
def pump(rest):
    return rest.post("parts/", PUMP).json


class TestAdd:
    def test_answers_the_record_and_where_it_is(self, rest):
        reply = rest.post("parts/", PUMP)

        assert reply.status == 201
        assert reply.json["price"] == {"USD": "250.00"}
        assert (reply.json["version"], reply["ETag"], reply["X-Outcome"]) == (1, '"1"', "created")
        assert reply["Location"] == "http://testserver/api/v1/parts/PUMP-100/"
        assert rest.get(reply["Location"]).json == reply.json

    def test_of_a_list_answers_one_outcome_for_each(self, rest):
        reply = rest.post("parts/", [{"number": "A"}, {"number": "B"}])

        assert reply.status == 201
        assert [(each["became"], each["record"]["number"]) for each in reply.json["outcomes"]] == [
            ("created", "A"),
            ("created", "B"),
        ]

    def test_of_a_list_keeps_the_good_ones(self, rest, pump):
        reply = rest.post("parts/", [{"number": "A"}, {"number": "PUMP-100"}, {"number": "B", "units": 0}])

        assert reply.status == 200
        assert [each["became"] for each in reply.json["outcomes"]] == ["created", "failed", "failed"]
        assert reply.json["outcomes"][2]["problems"][0]["pointer"] == "#/2/units"
        assert rest.get("parts/A/").status == 200

    def test_of_a_number_that_is_taken_is_a_conflict(self, rest, pump):
        reply = rest.post("parts/", PUMP)

        assert reply.status == 409
        assert reply.json["type"] == "urn:counterpart:problem:already-exists"

    def test_says_no_more_than_it_is_asked(self, rest):
        reply = rest.post("parts/", PUMP, prefer="return=minimal")

        assert (reply.status, reply.response.content, reply["ETag"]) == (201, b"", '"1"')


class TestPut:
    def test_creates(self, rest):
        reply = rest.put("parts/PUMP-100/", {"units": 3})

        assert (reply.status, reply.json["number"], reply.json["units"]) == (201, "PUMP-100", 3)

    def test_changes_what_is_sent_and_keeps_what_is_not(self, rest, pump):
        reply = rest.put("parts/PUMP-100/", {"units": 3, "price": {"EUR": 230}})

        assert (reply.status, reply["X-Outcome"], reply["ETag"]) == (200, "updated", '"2"')
        assert reply.json["price"] == {"EUR": "230.00", "USD": "250.00"}
        assert reply.json["notes"] == "Heavy."

    def test_clears_what_is_null_or_empty(self, rest, pump):
        reply = rest.put("parts/PUMP-100/", {"units": None, "price": {"USD": None}, "notes": ""})

        assert (reply.json["units"], reply.json["price"], reply.json["notes"]) == (1, {}, "")

    def test_of_what_a_get_answered_changes_nothing(self, rest, pump):
        found = rest.get("parts/PUMP-100/")

        reply = rest.put("parts/PUMP-100/", found.response.content)

        assert (reply.status, reply["X-Outcome"], reply.json) == (200, "unchanged", found.json)
        assert Change.objects.count() == 1

    def test_of_what_a_get_answered_changes_nothing_for_a_part_without_values(self, rest):
        rest.put("parts/BARE/", {})

        reply = rest.put("parts/BARE/", rest.get("parts/BARE/").response.content)

        assert reply["X-Outcome"] == "unchanged"


class TestUpdate:
    def test_changes_what_is_there(self, rest, pump):
        reply = rest.patch("parts/PUMP-100/", {"units": 5})

        assert (reply.status, reply.json["units"], reply.json["version"]) == (200, 5, 2)

    def test_of_what_is_not_there_is_not_found(self, rest):
        reply = rest.patch("parts/NONE/", {"units": 5})

        assert (reply.status, reply.json["code"]) == (404, "not-found")


class TestRemove:
    def test_leaves_nothing(self, rest, pump):
        reply = rest.delete("parts/PUMP-100/")

        assert (reply.status, reply.response.content, reply["X-Outcome"]) == (204, b"", "deleted")
        assert rest.get("parts/PUMP-100/").status == 404

    def test_of_what_is_not_there_is_not_found(self, rest):
        assert rest.delete("parts/NONE/").status == 404


KEYS = {
    "a slash": ("A/B", "parts/A%2FB/"),
    "a slash at the end": ("A/", "parts/A%2F/"),
    "a space": ("A B", "parts/A%20B/"),
    "a percent sign": ("50%", "parts/50%25/"),
    "what looks encoded": ("100%41", "parts/100%2541/"),
    "a question mark": ("A?B#C", "parts/A%3FB%23C/"),
    "Greek and an emoji": ("Ω😀", "parts/%CE%A9%F0%9F%98%80/"),
    "what looks like a batch": ("A/batch", "parts/A%2Fbatch/"),
    "two dots inside": ("A/../B", "parts/A%2F..%2FB/"),
    "no slash at the end of the address": ("A", "parts/A"),
}


@pytest.mark.parametrize("key, address", table(KEYS))
def test_a_key_may_hold(rest, key, address):
    created = rest.put(address, {"units": 2})
    found = rest.get(address)
    by_location = rest.get(created["Location"])
    changed = rest.patch(address, {"units": 3})
    removed = rest.delete(address)

    assert [each.status for each in (created, found, by_location, changed, removed)] == [201, 200, 200, 200, 204]
    assert {found.json["number"], by_location.json["number"]} == {key}


@pytest.mark.parametrize("key", ["batch", ".", ".."])
def test_a_key_that_no_path_can_name_goes_as_a_parameter(rest, key):
    address = f"parts/?number={key}"

    created = rest.put(address, {"units": 2})
    changed = rest.patch(address, {"units": 3})
    found = rest.get(created["Location"])
    removed = rest.delete(address)

    assert [each.status for each in (created, changed, found, removed)] == [201, 200, 200, 204]
    assert [part["units"] for part in found.json["results"]] == [3]


class TestVersions:
    def test_that_if_match_demands_are_a_precondition(self, rest, pump):
        assert rest.put("parts/PUMP-100/", {"units": 3}, if_match='"1"').status == 200

        reply = rest.put("parts/PUMP-100/", {"units": 4}, if_match='"1"')

        assert (reply.status, reply.json["code"]) == (412, "version-conflict")
        assert Part.objects.get().units == 3

    def test_in_the_record_are_demanded_too(self, rest, pump):
        reply = rest.patch("parts/PUMP-100/", {"units": 3, "version": 7})

        assert (reply.status, reply.json["errors"][0]["field"]) == (409, "version")

    def test_are_demanded_of_a_removal(self, rest, pump):
        assert rest.delete("parts/PUMP-100/", if_match='"9"').status == 412
        assert rest.delete("parts/PUMP-100/", if_match='"1"').status == 204

    def test_are_demanded_of_each_record_of_a_batch(self, rest, pump):
        rest.post("parts/", {"number": "B"})

        reply = rest.batch("put", {"number": "PUMP-100", "version": 7}, {"number": "B", "version": 1, "units": 4})

        assert [each["became"] for each in reply.json["outcomes"]] == ["failed", "updated"]


class TestDryRun:
    def test_says_what_would_become_of_one_and_keeps_nothing(self, rest):
        reply = rest.post("parts/", PUMP, x_dry_run="true")

        assert reply.status == 200
        assert reply.json["dry_run"] is True
        assert [(each["became"], each["id"]) for each in reply.json["outcomes"]] == [("created", None)]
        assert not Part.objects.exists()

    def test_of_a_batch_is_asked_in_its_body(self, rest, pump):
        reply = rest.batch("remove", {"number": "PUMP-100"}, dry_run=True)

        assert (reply.json["dry_run"], reply.json["outcomes"][0]["became"]) == (True, "deleted")
        assert Part.objects.exists()


class TestBatch:
    VERBS = {
        "add": ("add", {"number": "NEW"}, "created"),
        "put of a new one": ("put", {"number": "NEW"}, "created"),
        "put of a known one": ("put", {"number": "PUMP-100", "units": 9}, "updated"),
        "update": ("update", {"number": "PUMP-100", "units": 9}, "updated"),
        "update without a change": ("update", {"number": "PUMP-100", "units": 2}, "unchanged"),
        "remove": ("remove", {"number": "PUMP-100"}, "deleted"),
    }

    @pytest.mark.parametrize("verb, record, became", table(VERBS))
    def test_takes_any_verb(self, rest, pump, verb, record, became):
        reply = rest.batch(verb, record)

        assert reply.status == 200
        assert [(each["became"], each["problems"]) for each in reply.json["outcomes"]] == [(became, [])]

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

    def test_asks_the_database_as_often_for_many_as_for_few(self, rest, django_assert_max_num_queries):
        rest.batch("put", {"number": "FIRST"})
        few, many = ([{"number": f"{n}-{i}"} for i in range(n)] for n in (2, 200))

        with django_assert_max_num_queries(100) as for_few:
            rest.batch("put", *few)
        with django_assert_max_num_queries(100) as for_many:
            rest.batch("put", *many)

        assert len(for_many) == len(for_few)


WRONG = {
    "no JSON": (b"<part/>", 400, "malformed-json"),
    "nothing": (b"", 400, "malformed-json"),
    "a text": (b'"PUMP-100"', 400, "wrong-shape"),
    "a list in a list": (b"[[]]", 400, "wrong-shape"),
    "NaN": (b'{"number": "A", "units": NaN}', 400, "malformed-json"),
    "the same name twice": (b'{"number": "A", "number": "B"}', 400, "malformed-json"),
    "too deep": (b'{"number": ' + b"[" * 1000 + b"]" * 1000 + b"}", 400, "malformed-json"),
    "no key": (b"{}", 422, "missing"),
    "an unknown field": (b'{"number": "A", "untis": 1}', 422, "unknown-field"),
    "a number that is none": (b'{"number": "A", "units": "two"}', 422, "not-a-number"),
    "half a unit": (b'{"number": "A", "units": 1.5}', 422, "not-a-number"),
    "a flag as a number": (b'{"number": "A", "units": true}', 422, "not-a-number"),
    "a list as text": (b'{"number": "A", "notes": ["x"]}', 422, "wrong-shape"),
    "a price without currency": (b'{"number": "A", "price": 250}', 422, "wrong-shape"),
    "a control character": (rb'{"number": "A\u0000"}', 422, "control-character"),
    "too long": (b'{"number": "' + b"A" * 51 + b'"}', 422, "too-long"),
    "a choice that is none": (b'{"number": "A", "direct_buy": 7}', 422, "not-a-choice"),
}


@pytest.mark.parametrize("body, status, code", table(WRONG))
def test_refuses_json_of_the_wrong_shape(rest, body, status, code):
    reply = rest.post("parts/", body)

    assert (reply.status, reply.json["code"], reply["Content-Type"]) == (status, code, "application/problem+json")
    assert reply.json["instance"] == f"urn:counterpart:call:{reply['X-Call-Id']}"
    assert not Part.objects.exists()


def test_refuses_a_body_that_is_too_long(rest, settings):
    settings.MAX_BODY_BYTES = 100

    assert rest.post("parts/", PUMP).status == 413


def test_refuses_a_form(rest):
    reply = rest.post("parts/", b"number=A", content_type="application/x-www-form-urlencoded")

    assert (reply.status, reply.json["code"]) == (415, "wrong-media-type")


def test_what_nobody_anticipated_says_no_more_than_the_id_of_the_call(rest, monkeypatch):
    def fails(*args, **kwargs):
        raise ZeroDivisionError("canary")

    monkeypatch.setattr("webservices.gateway._write", fails)

    reply = rest.put("parts/A/", {})

    assert reply.status == 500
    assert reply["X-Call-Id"] in reply.json["detail"]
    assert b"canary" not in reply.response.content


def test_each_call_leaves_its_exchange(rest):
    reply = rest.post("parts/", PUMP)

    exchange = Exchange.objects.get()
    assert (exchange.call_id, exchange.dialect, exchange.operation) == (reply["X-Call-Id"], "rest", "parts.add")
