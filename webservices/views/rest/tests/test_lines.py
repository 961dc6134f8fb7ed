"""REST's lists as lines: all that the conditions meet, a record on each, however many there are."""

import json

import pytest

from records.tests.cast import table
from webservices import gateway
from webservices.models import Exchange
from webservices.tests.rest_client import Rest
from webservices.views.rest.tests.test_lists import PARTS
from webservices.wire.dialects.rest.names import LINES_TYPE, prefers_lines

ALL = ["BOLT-8", "NUT-8", "PUMP,1", "PUMP-100"]


@pytest.fixture
def rest(ada):
    rest = Rest("ada", "ada-ada!")
    assert rest.post("parts/", PARTS).status == 201
    return rest


@pytest.fixture(params=[1, 2, 500], ids="held {}".format)
def _page_size(request, monkeypatch):
    """However many records are held at a time."""
    monkeypatch.setattr(gateway, "PAGE_SIZE", request.param)


def lines(reply):
    response = reply.response
    assert (reply.status, reply["Content-Type"]) == (200, LINES_TYPE)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    *found, end = body.decode().split("\n")
    assert end == ""
    return [json.loads(line) for line in found]


@pytest.mark.usefixtures("_page_size")
class TestLines:
    def test_are_the_records_of_the_pages(self, rest):
        assert lines(rest.get("parts/", accept=LINES_TYPE)) == rest.get("parts/").json["results"]

    @pytest.mark.parametrize(
        "query, numbers",
        [
            ("number__like=PUMP%25", ALL[2:]),
            ("search=pump", ALL[2:]),
            ("search=pump&number__ne=PUMP-100", ALL[2:3]),
            ("limit=3", ALL[:3]),
            ("number=NONE", []),
        ],
    )
    def test_are_those_that_meet_the_conditions(self, rest, query, numbers):
        assert [each["number"] for each in lines(rest.get(f"parts/?{query}", accept=LINES_TYPE))] == numbers

    def test_go_on_after_a_page(self, rest):
        following = rest.get("parts/?limit=1").json["next"]

        assert [each["number"] for each in lines(rest.get(following, accept=LINES_TYPE))] == ALL[1:2]
        without_limit = following.replace("limit=1&", "")
        assert [each["number"] for each in lines(rest.get(without_limit, accept=LINES_TYPE))] == ALL[1:]

    def test_are_recorded_like_any_answer(self, rest):
        reply = rest.get("parts/", accept=LINES_TYPE)
        assert len(lines(reply)) == 4

        kept = Exchange.objects.get(call_id=reply["X-Call-Id"])

        assert (kept.returned, kept.response_type) == (4, LINES_TYPE)
        assert kept.keys == ALL[: gateway.PAGE_SIZE]  # those of the first block


ACCEPTED = {
    "lines": ("application/x-ndjson", True),
    "lines before all else": ("application/x-ndjson, */*;q=0.1", True),
    "lines in another spelling": ("text/html,Application/X-NDJSON;q=0.5", True),
    "JSON as well": ("application/x-ndjson, application/json", False),
    "JSON not at all": ("application/x-ndjson, application/json;q=0", True),
    "lines not at all": ("application/x-ndjson;q=0.0, */*", False),
    "everything": ("*/*", False),
    "nothing": ("", False),
}


@pytest.mark.parametrize("accept, expected", table(ACCEPTED))
def test_are_for_who_accepts(rest, accept, expected):
    reply = rest.get("parts/", accept=accept)

    assert prefers_lines(accept) == expected
    assert (reply.status, reply["Content-Type"]) == (200, LINES_TYPE if expected else "application/json")
    assert reply["Vary"].startswith("Accept, Authorization, Cookie")


def test_may_be_asked_for_in_the_address(rest):
    assert len(lines(rest.get("parts/?format=ndjson"))) == 4
    assert len(rest.get("parts/?format=json", accept=f"{LINES_TYPE}, */*").json["results"]) == 4


def test_of_none_are_an_empty_body(rest):
    reply = rest.get("parts/?number=NONE", accept=LINES_TYPE)

    assert (reply.status, reply.response.content, reply["Content-Type"]) == (200, b"", LINES_TYPE)


REFUSED = {
    "one record": ("GET", "parts/NUT-8/", 406),
    "what is to be added": ("POST", "parts/", 406),
    "a batch": ("POST", "parts/batch/", 406),
    "an unknown field": ("GET", "parts/?colour=red", 422),
    "a page that is too long": ("GET", "parts/?limit=1001", 400),
}


@pytest.mark.parametrize("method, path, status", table(REFUSED))
def test_are_refused_as_problems(rest, method, path, status):
    reply = rest.send(method, path, accept=LINES_TYPE)

    assert (reply.status, reply["Content-Type"]) == (status, "application/problem+json")
    assert reply.json["status"] == status


def test_are_for_who_may_find_parts(bob):
    assert Rest("bob", "bob-bob!").get("parts/", accept=LINES_TYPE).status == 403
