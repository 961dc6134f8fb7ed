"""What each request asks, and what is refused with which sentence."""

import pytest

from records.shapes.criteria import Comparator, Criterion
from records.shapes.values import EMPTY, Tags
from records.tests.cast import table
from webservices.wire.credentials import Password
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.dialects.rest.names import Entry
from webservices.wire.dialects.rest.tests.parts import OPERATIONS, operation, read, request
from webservices.wire.messages import Call, Options, RequestError

ECHO = Options(echo=True)


def number(text, comparator=Comparator.EQUAL):
    return Criterion(("number",), comparator, (text,))


FINDS = {
    "one": ("/api/v1/parts/PUMP-100/", {"criteria": (number("PUMP-100"),)}),
    "one, without the slash at the end": ("/api/v1/parts/PUMP-100", {"criteria": (number("PUMP-100"),)}),
    "a key with a slash, encoded": ("/api/v1/parts/A%2FB/", {"criteria": (number("A/B"),)}),
    "a key with a slash as it is": ("/api/v1/parts/A/B/", {"criteria": (number("A/B"),)}),
    "a key that ends with a slash": ("/api/v1/parts/A%2F/", {"criteria": (number("A/"),)}),
    "a key with a space and a percent sign": ("/api/v1/parts/50%25%20off/", {"criteria": (number("50% off"),)}),
    "a key that looks encoded": ("/api/v1/parts/100%2541/", {"criteria": (number("100%41"),)}),
    "a key in Greek": ("/api/v1/parts/%CE%A9/", {"criteria": (number("Ω"),)}),
    "a key with a question mark": ("/api/v1/parts/A%3FB/", {"criteria": (number("A?B"),)}),
    "all": ("/api/v1/parts/", {"limit": 100}),
    "all, without the slash at the end": ("/api/v1/parts", {"limit": 100}),
    "the key that is a reserved word": ("/api/v1/parts/?number=batch", {"criteria": (number("batch"),), "limit": 100}),
    "a search in pages": ("/api/v1/parts/?search=small+pump&limit=7", {"search": "small pump", "limit": 7}),
    "after a cursor": ("/api/v1/parts/?cursor=WyJQVU1QLTEwMCJd", {"after": ("PUMP-100",), "limit": 100}),
    "a format": ("/api/v1/parts/?format=json", {"limit": 100}),
}


@pytest.mark.parametrize("target, asked", table(FINDS))
def test_finds(target, asked):
    asked = {"criteria": (), **asked}

    assert read("GET", target) == Call(operation("find"), options=ECHO, **asked)


def test_a_head_asks_what_a_get_asks():
    assert read("HEAD", "/api/v1/parts/A/") == read("GET", "/api/v1/parts/A/")


WRITES = {
    "an add": ("POST", "/api/v1/parts/", b'{"number": "A"}', "add", [{"number": "A"}]),
    "an add of several": ("POST", "/api/v1/parts/", b' [{"number": "A"}, {}]', "add", [{"number": "A"}, {}]),
    "a put": ("PUT", "/api/v1/parts/A/", b'{"lead_time": 3}', "put", [{"number": "A", "lead_time": "3"}]),
    "a put whose keys agree": ("PUT", "/api/v1/parts/A/", b'{"number": " A"}', "put", [{"number": " A"}]),
    "an update that clears": (
        "PATCH",
        "/api/v1/parts/A/",
        b'{"display_number": "", "lead_time": null, "price": {"USD": 2.50, "EUR": null}, "version": 7}',
        "update",
        [
            {
                "number": "A",
                "display_number": EMPTY,
                "lead_time": EMPTY,
                "price": {"USD": "2.50", "EUR": EMPTY},
                "version": "7",
            }
        ],
    ),
    "a removal": ("DELETE", "/api/v1/parts/A%2FB/", b"", "remove", [{"number": "A/B"}]),
    "a put of the reserved word": ("PUT", "/api/v1/parts/?number=batch", b"{}", "put", [{"number": "batch"}]),
    "an update of the reserved word": ("PATCH", "/api/v1/parts/?number=batch", b"{}", "update", [{"number": "batch"}]),
    "a removal of the reserved word": ("DELETE", "/api/v1/parts/?number=batch", b"", "remove", [{"number": "batch"}]),
    "a removal by a key of several parts": (
        "DELETE",
        "/api/v1/customer-parts/7/",
        b"",
        "customer_parts",
        [{"id": "7"}],
    ),
}


@pytest.mark.parametrize("method, target, body, verb, records", table(WRITES))
def test_writes(method, target, body, verb, records):
    asked = operation("remove", verb) if verb == "customer_parts" else operation(verb)

    assert read(method, target, body) == Call(asked, records=records, options=ECHO)


BATCHES = {
    "a put": (
        b'{"verb": "put", "records": [{"number": "A", "version": 3}], "dry_run": true}',
        {"verb": "put", "records": [{"number": "A", "version": "3"}], "options": Options(dry_run=True)},
    ),
    "a removal by criteria": (
        b'{"verb": "remove", "criteria": [{"field": "number", "comparator": "like", "value": "A%"}]}',
        {"verb": "remove", "criteria": (number("A%", Comparator.LIKE),)},
    ),
    "a find": (
        b'{"verb": "find", "search": "x", "limit": 5, "cursor": "WyJBIl0", "criteria": ['
        b'{"field": "price.USD", "comparator": "<", "value": 10.50}, {"field": "number", "comparator": "IN", '
        b'"value": ["A", "B"]}, {"field": "display_number", "value": null}]}',
        {
            "verb": "find",
            "search": "x",
            "limit": 5,
            "after": ("A",),
            "criteria": (
                Criterion(("price", "USD"), Comparator.LESS, ("10.50",)),
                Criterion(("number",), Comparator.IN, ("A", "B")),
                Criterion(("display_number",), Comparator.EQUAL, ("",)),
            ),
        },
    ),
    "a find of everything": (b'{"verb": "find"}', {"verb": "find", "criteria": (), "limit": 100}),
    "a limit with a point": (b'{"verb": "find", "limit": 100.0}', {"verb": "find", "criteria": (), "limit": 100}),
    "no records": (b'{"verb": "add", "records": [], "all_or_none": false}', {"verb": "add", "records": []}),
}


@pytest.mark.parametrize("body, asked", table(BATCHES))
def test_reads_a_batch(body, asked):
    call = read("POST", "/api/v1/parts/batch/", body)

    assert call == Call(operation(asked.pop("verb")), **asked)


class TestOptions:
    def test_come_from_headers(self):
        headers = {"x_dry_run": "true", "x_all_or_none": "true", "if_match": '"7"', "idempotency_key": "k"}

        call = read("PUT", "/api/v1/parts/A/", b"{}", **headers)

        assert call.options == Options(True, True, Tags((7,)), "k", True)

    def test_are_true_when_a_header_or_the_body_says_so(self):
        body = b'{"verb": "add", "records": [], "dry_run": false, "all_or_none": true}'

        call = read("POST", "/api/v1/parts/batch/", body, x_dry_run="true")

        assert call.options == Options(dry_run=True, all_or_none=True)

    @pytest.mark.parametrize(
        "target, body, preference, echo",
        [
            ("/api/v1/parts/", b"{}", "", True),
            ("/api/v1/parts/", b"[]", "", True),
            ("/api/v1/parts/", b"{}", "return=minimal", False),
            ("/api/v1/parts/batch/", b'{"verb": "add", "records": []}', "", False),
            ("/api/v1/parts/batch/", b'{"verb": "add", "records": []}', "wait=5, return=representation", True),
        ],
    )
    def test_ask_for_the_records_back_by_habit_or_preference(self, target, body, preference, echo):
        assert read("POST", target, body, prefer=preference).options.echo is echo


class TestCredentials:
    def test_are_read_from_basic_authentication(self):
        call = read("GET", "/api/v1/parts/", authorization="Basic YWRhOnBhw59vOnJk")

        assert call.credentials == Password("ada", "paßo:rd")

    def test_of_another_scheme_are_left_to_the_door(self):
        assert read("GET", "/api/v1/parts/", authorization="Bearer abc").credentials is None


def test_the_body_is_not_read_before_its_records_are():
    call = REST.read(request("PUT", "/api/v1/parts/A/", b"{"), OPERATIONS, REST.settings)

    with pytest.raises(RequestError, match="not JSON") as refusal:
        len(call.records)

    assert refusal.value.operation is operation("put")
    assert refusal.value.context.entry is Entry.ONE


REFUSED = {
    "an unknown resource": ("GET", "/api/v1/pumps/", b"", "There is nothing here; known are /api/v1/parts/, /api/"),
    "another method": ("TRACE", "/api/v1/parts/", b"", "TRACE is not offered here; GET, POST is."),
    "a put of the collection": ("PUT", "/api/v1/parts/", b"{}", "A record is addressed by its key"),
    "a get of the batch address": ("GET", "/api/v1/parts/batch/", b"", "GET is not offered here; POST is."),
    "a verb that is not offered": ("PUT", "/api/v1/customer-parts/7/", b"{}", "PUT is not offered here; GET, PATCH, D"),
    "two keys": ("PUT", "/api/v1/parts/?number=A&number=B", b"{}", "PUT here takes one number, not 'A', 'B'."),
    "a blank key": ("DELETE", "/api/v1/parts/?number=+", b"", "DELETE here takes one number, not ' '."),
    "a parameter of one record": ("GET", "/api/v1/parts/A/?x=1", b"", "No parameter 'x' is taken here."),
    "a parameter of a post": ("POST", "/api/v1/parts/?number=A", b"{}", "No parameter 'number' is taken here."),
    "a key that is not UTF-8": ("PUT", "/api/v1/parts/%FF/", b"{}", "The key in the address is not UTF-8."),
    "an address that is not UTF-8": ("GET", "/api/v1/parts/?number=%FF", b"", "The address is not UTF-8."),
    "a thousand parameters": ("GET", "/api/v1/parts/?" + "a=b&" * 1000, b"", "at most 200 parameters"),
    "no limit": ("GET", "/api/v1/parts/?limit=", b"", "limit must be 1 to 1,000; '' is not."),
    "a limit of nothing": ("GET", "/api/v1/parts/?limit=0", b"", "limit must be 1 to 1,000; '0' is not."),
    "a limit too large": ("GET", "/api/v1/parts/?limit=1001", b"", "limit must be 1 to 1,000; '1001' is not."),
    "a forged cursor": ("GET", "/api/v1/parts/?cursor=abc", b"", "'abc' is no cursor that this list gave."),
    "a cursor in Greek": ("GET", "/api/v1/parts/?cursor=%CE%A9", b"", "is no cursor that this list gave."),
    "a cursor of numbers": ("GET", "/api/v1/parts/?cursor=WzFd", b"", "is no cursor that this list gave."),
    "a cursor of another list": ("GET", "/api/v1/parts/?cursor=WyJhIiwiYiJd", b"", "is no cursor that this list gave."),
    "a cursor with a NUL": ("GET", "/api/v1/parts/?cursor=WyJcdTAwMDAiXQ", b"", "is no cursor that this list gave."),
    "an unknown comparator": ("GET", "/api/v1/parts/?lead_time__near=3", b"", "'__near' is no comparator; __eq, __ne"),
    "an empty body": ("POST", "/api/v1/parts/", b"", "The body is empty; it must be JSON."),
    "broken JSON": ("POST", "/api/v1/parts/", b'{"number": "A"', "(line 1, column 15)"),
    "a text": ("POST", "/api/v1/parts/", b'"PUMP-100"', "A part is an object, not text."),
    "a list at one address": ("PUT", "/api/v1/parts/A/", b"[]", "A part is an object, not a list."),
    "a number in the list": ("POST", "/api/v1/parts/", b'[{"number": "A"}, 7]', "Record 2 must be an object, not a n"),
    "another key": ("PUT", "/api/v1/parts/A/", b'{"number": "B"}', "The address names 'A' and number of the body 'B'"),
    "no key": ("PATCH", "/api/v1/parts/A/", b'{"number": null}', "they must agree."),
    "a list as key": ("PATCH", "/api/v1/parts/A/", b'{"number": ["A"]}', "they must agree."),
    "a batch that is a list": ("POST", "/api/v1/parts/batch/", b"[]", "A batch is an object with a verb, not a list."),
    "no verb": ("POST", "/api/v1/parts/batch/", b"{}", "verb must be one of find, add, update, put, remove, not null."),
    "another verb": ("POST", "/api/v1/parts/batch/", b'{"verb": "upsert"}', "not 'upsert'."),
    "no records": ("POST", "/api/v1/parts/batch/", b'{"verb": "add"}', "A batch that does add takes records."),
    "nothing to remove": ("POST", "/api/v1/parts/batch/", b'{"verb": "remove"}', "takes records or criteria."),
    "a removal of everything": (
        "POST", "/api/v1/parts/batch/", b'{"verb": "remove", "criteria": []}', "needs at least one."
    ),
    "records that are none": (
        "POST", "/api/v1/parts/batch/", b'{"verb": "add", "records": {}}', "records must be a list of objects, not an o"
    ),
    "a record that is none": (
        "POST", "/api/v1/parts/batch/", b'{"verb": "add", "records": [null]}', "Record 1 must be an object, not null."
    ),
    "a flag that is none": (
        "POST", "/api/v1/parts/batch/", b'{"verb": "add", "records": [], "dry_run": 1}', "must be true or false, not a"
    ),
    "an unknown member": (
        "POST", "/api/v1/parts/batch/", b'{"verb": "add", "records": [], "dryrun": true}', "not 'dryrun'."
    ),
    "a limit that is none": (
        "POST", "/api/v1/parts/batch/", b'{"verb": "find", "limit": true}', "limit must be a whole number, not true"
    ),
    "a criterion without a field": (
        "POST", "/api/v1/parts/batch/", b'{"verb": "find", "criteria": [{}]}', "A criterion names its field as text."
    ),
    "a criterion with another member": (
        "POST", "/api/v1/parts/batch/", b'{"verb": "find", "criteria": [{"op": "="}]}', "not 'op'."
    ),
    "a comparator that is none": (
        "POST",
        "/api/v1/parts/batch/",
        b'{"verb": "find", "criteria": [{"field": "number", "comparator": "~"}]}',
        "comparator must be one of =, !=, <, <=, >, >=, LIKE, ILIKE, IN, <>.",
    ),
    "a list where one value goes": (
        "POST",
        "/api/v1/parts/batch/",
        b'{"verb": "find", "criteria": [{"field": "number", "value": ["A"]}]}',
        "= takes one value.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("method, target, body, reason", table(REFUSED))
def test_refuses(method, target, body, reason):
    with pytest.raises(RequestError) as refusal:
        read(method, target, body)

    assert reason in refusal.value.problem.sentence()


HEADERS = {
    "a form": ({"content_type": "application/x-www-form-urlencoded"}, "The body must be JSON, sent as Content-Type"),
    "a wrong option": ({"x_dry_run": "perhaps"}, "X-Dry-Run is true or false, not 'perhaps'."),
    "broken credentials": ({"authorization": "Basic ???"}, "The Authorization header is not Basic with"),
    "credentials without a colon": ({"authorization": "Basic YWRh"}, "The Authorization header is not Basic with"),
}


@pytest.mark.parametrize("headers, reason", table(HEADERS))
def test_refuses_headers(headers, reason):
    with pytest.raises(RequestError) as refusal:
        read("POST", "/api/v1/parts/", b"{}", **headers)

    assert reason in refusal.value.problem.sentence()


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON; charset=utf-8", "application/vnd.hub+json"]
)
def test_takes_json_by_any_of_its_names(media_type):
    assert read("POST", "/api/v1/parts/", b"{}", content_type=media_type).records == [{}]
