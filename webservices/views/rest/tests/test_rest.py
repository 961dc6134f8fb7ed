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
    "what looks like a byte that is no UTF-8": ("%FF", "parts/%25FF/"),
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


def test_each_call_leaves_its_exchange(rest):
    reply = rest.post("parts/", PUMP)

    exchange = Exchange.objects.get()
    assert (exchange.call_id, exchange.dialect, exchange.operation) == (reply["X-Call-Id"], "rest", "parts.add")
