"""
Languages and currencies are tables of the site: what one client writes, every other can read.

The site of these tests has added the language `gsw` and the currency `XTS`, and has switched `DEM` off, in which the
part OLD has a price. Nobody adds a test for a new wire, operation or field.
"""

from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from parts.models import Currency, Language, Part, Price
from parts.services import PARTS
from records import customization
from records.models import Change
from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import Kind, MapField, RowsField
from records.tests.cast import ADA as BY
from records.tests.cast import NOW
from webservices import endpoint
from webservices.declarations import OPERATIONS
from webservices.publishing import current_operations, dialect_settings
from webservices.tester.compose.validate.answers import validate_answer
from webservices.tester.send.parsed_answer import ParsedAnswer
from webservices.tests.rest_client import Rest
from webservices.tests.test_idempotency import build_call, stored_record, superuser
from webservices.tests.version_1_0 import Client as Oracle
from webservices.wire.credentials import SignedIn
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import Call, Failure
from webservices.wire.operations import Verb

ALLOWED = {"languages": ("de", "gsw"), "currencies": ("JPY", "XTS")}
REFUSED = {"languages": ("zh_Hant", "in_ID"), "currencies": ("XXQ", "DEM")}
WITHOUT_CONTRACT = {"ecosys-rest-json", "oracle-rest"}  # its vendor describes the XML alone
SENTENCE = "is none of the active {} of this site; an admin can add it or switch it on in the admin site, under {}."


@pytest.fixture(scope="module")
def codes(demo_world, django_db_blocker):
    """The tables of this site, changed once: what is made of a generation of definitions is made once, too."""
    with django_db_blocker.unblock(), transaction.atomic():
        change_codes()
        yield
        transaction.set_rollback(True)


def change_codes():
    Language.objects.create(code="gsw", name="Swiss German")
    Currency.objects.create(code="XTS", name="Test", digits=3)
    Currency.objects.create(code="DEM", name="German Mark")
    (added,) = PARTS.add(records=[{"number": "OLD"}], by=BY, at=NOW)
    assert not added.failed
    Price.objects.create(part=Part.objects.get(number="OLD"), currency="DEM", amount=7)
    Currency.objects.filter(code="DEM").update(active=False)  # now that a record has it


@pytest.fixture
def site(codes, db, stored_hash):
    return superuser("ada", stored_hash)


@pytest.fixture
def rest(site):
    return Rest("ada", "ada-ada!")


def code_lists(field):
    """The tables whose codes a field holds: its own, those of its keys, or those of the fields of its rows."""
    match field:
        case MapField():
            return {field.keys.code_list} - {""}
        case RowsField():
            return {each.code_list for each in field.child.fields} - {""}
    return {field.code_list} - {""}


def value_with(field, code):
    """A value of the field that has the code."""
    match field:
        case MapField():
            return {code: "5" if field.item.kind is Kind.DECIMAL else "Pump"}
        case RowsField():
            own = next(each.name for each in field.child.fields if each.code_list)
            return [{own: code, "amount": "5"}]
    return code


def carried_fields(dialect, operation):
    """The fields that hold codes of the site and that the wire carries with any code."""
    for field in operation.resource.fields:
        free = field.writable and field.name not in dialect.single_entries and code_lists(field)
        if free and dialect.carries(operation.resource.plural, field):
            yield field


CASES = {
    f"{dialect.name} {operation.name} {number} {field.name}": (dialect, operation, context, field)
    for dialect in DIALECTS
    for operation in OPERATIONS
    for number, context in enumerate(dialect.contexts(operation))
    if operation.verb in (Verb.ADD, Verb.UPDATE, Verb.PUT)
    for field in carried_fields(dialect, operation)
}
READS = [
    (dialect, operation, context)
    for dialect in DIALECTS
    for operation in OPERATIONS
    for context in dialect.contexts(operation)
    if operation.verb is Verb.FIND and any(map(code_lists, operation.resource.fields))
]


def send(dialect, call, context, user):
    """The request as the wire has it, and the answer to it, whole."""
    request = dialect.build_request(call, context)
    return request, endpoint.serve_and_report(dialect, request, SignedIn(user.pk))


def write(case, code, user, number):
    """Write the code into the field; the problems of the answer in words, none if it was accepted."""
    dialect, operation, context, field = case
    _, call = build_call((dialect, operation, context), user, number=number, key="")
    # Without what names the same by other fields: the id of a price, the ordinary prices beside all of them.
    same = {each.name for each in operation.resource.fields if each.stored_as == field.stored_as}
    same |= {"id"} if field.name in operation.resource.key else set()
    record = {name: value for name, value in call.records[0].items() if name not in same}
    record[field.name] = value_with(field, code)
    request, completed = send(dialect, replace(call, records=[record]), context, user)
    assert read_problems(dialect, request, completed.response) == []
    return [problem.sentence() for problem in problems_of(completed.answer)]


def problems_of(answer):
    if isinstance(answer, Failure):
        return answer.problems
    return [problem for outcome in answer.outcomes for problem in outcome.problems]


def read_problems(dialect, request, response):
    """What makes the answer invalid against the contract that is served with it."""
    if dialect.name in WITHOUT_CONTRACT:
        return []
    answer = ParsedAnswer(response.status, response.body.decode(), response.content_type)
    return validate_answer(dialect, request, answer, current_operations())


def find_all(dialect, operation, context, user):
    """Criteria that all records meet, two wires do without none; the id of one where a single one is got."""
    if dialect.name not in ("crm-service", "expandable"):
        return ()
    hints, fields = dialect.skeleton_hints(operation, context), operation.resource.by_name
    if [*hints.key] == ["id"]:
        return (Criterion(("id",), Comparator.EQUAL, (stored_record(operation, user)["id"],)),)
    name = next(name for name in operation.resource.key if fields[name].kind is Kind.TEXT)
    return (Criterion((name,), hints.text_comparator, ("%",)),)


def test_every_answer_is_valid_whatever_any_api_accepted(site):
    accepted, number = set(), 0
    for name, case in CASES.items():
        for plural in code_lists(case[-1]):
            for code in ALLOWED[plural]:
                number += 1
                # An update of a key names another record, which there is not.
                problems = write(case, code, site, f"NEW-{number}")
                may_fail = case[1].verb is Verb.UPDATE and case[-1].name in case[1].resource.key
                assert may_fail or problems == [], name
                accepted |= {name} if not problems else set()
    texts = {"description", "extended_description_1", "extended_description_2"}
    assert {CASES[name][-1].name for name in accepted} == {*texts, "price", "prices", "currency"}
    written = set(Price.objects.values_list("currency", flat=True))
    assert {"JPY", "XTS", "DEM"} <= written

    wrong = {}
    for dialect, operation, context in READS:
        call = Call(operation, criteria=find_all(dialect, operation, context, site))
        request, completed = send(dialect, call, context, site)
        problems = read_problems(dialect, request, completed.response)
        if problems or problems_of(completed.answer):
            wrong[dialect.name, operation.name] = problems or problems_of(completed.answer)

    assert wrong == {}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_api_refuses_other_codes_and_says_where_one_is_added(site, case):
    before = Change.objects.count()
    for plural in code_lists(case[-1]):
        # To update what has another key is to update another record, and no record has a code that nobody takes.
        names_record = case[1].verb is Verb.UPDATE and case[-1].name in case[1].resource.key
        for code in REFUSED[plural][: 1 if names_record else None]:
            (sentence,) = write(case, code, site, "NEW-1")
            assert sentence.endswith(SENTENCE.format(plural, plural.capitalize()))
            assert repr(code) in sentence

    assert Change.objects.count() == before


def test_every_contract_lists_the_codes_that_are_in_use_or_allowed(site):
    """Each document that lists some codes lists all of them: XTS was added, DEM is in use, XXQ is neither."""
    listing = {}
    for dialect in DIALECTS:
        given = dialect.for_site(dialect_settings(dialect))
        for name, text in given.documents(current_operations(), "https://hub.example"):
            if "ZMW" in text:
                listing[f"{dialect.name}/{name}"] = [code for code in ("XTS", "DEM", "XXQ") if code in text]

    assert {name.split("/")[0] for name in listing} == {
        "oracle-1.0", "oracle-2.0", "ecosys", "ecosys-rest-xml", "expandable", "rest",
    }  # fmt: skip
    assert set(map(tuple, listing.values())) == {("XTS", "DEM")}


class TestSwitchedOff:
    """A code that is switched off stays with what has it, and with nothing else."""

    def test_stays_with_its_record(self, rest):
        part = rest.get("parts/OLD/").json

        written_back = rest.put("parts/OLD/", {**part, "notes": "read, changed, written back"})

        assert (written_back.status, rest.get("parts/OLD/").json["price"]) == (200, {"DEM": "7.00"})

    def test_may_get_another_amount(self, rest):
        assert rest.patch("parts/OLD/", {"price": {"DEM": "8"}}).status == 200

    def test_is_taken_by_no_other_record(self, rest):
        reply = rest.patch("parts/PUMP-100/", {"price": {"DEM": "8"}})

        assert reply.status == 422
        assert "price.DEM: 'DEM' is none of the active currencies of this site" in reply.json["detail"]

    def test_is_taken_by_no_other_price_of_its_record(self, rest):
        prices = [{"currency": "DEM", "amount": "7"}, {"currency": "DEM", "amount": "6", "minimum_quantity": "10"}]

        reply = rest.patch("parts/OLD/", {"prices": prices})

        assert reply.status == 422
        assert "prices.1.currency" in reply.json["detail"]

    def test_is_a_code_again_when_it_is_switched_on(self, rest):
        Currency.objects.filter(code="DEM").update(active=True)

        assert rest.patch("parts/PUMP-100/", {"price": {"DEM": "8"}}).status == 200

    def test_is_no_code_when_nothing_has_it(self, rest):
        rest.patch("parts/OLD/", {"price": {"DEM": ""}})
        Currency.objects.filter(code="XTS").update(name="moves the generation")

        assert "DEM" not in rest.get("/api/v1/openapi.json").response.content.decode()


class TestSession:
    """setSessionCurrency takes the site's currencies."""

    @pytest.fixture
    def oracle(self, site):
        client = Oracle()
        client.login()
        return client

    def set(self, oracle, code):
        return oracle.send(
            f"<bm:setSessionCurrency><bm:sessionCurrency>{code}</bm:sessionCurrency></bm:setSessionCurrency>"
        )

    def test_takes_one_that_was_added(self, oracle):
        assert self.set(oracle, "XTS").findtext(".//{*}success") == "true"
        assert oracle.send("<bm:getUserInfo/>").findtext(".//{*}session_currency") == "XTS"

    @pytest.mark.parametrize("code", REFUSED["currencies"])
    def test_refuses_others(self, oracle, code):
        fault = self.set(oracle, code).findtext("faultstring")

        assert fault.endswith(SENTENCE.format("currencies", "Currencies"))

    def test_shows_the_sites_own_when_its_currency_is_gone(self, oracle):
        self.set(oracle, "XTS")
        Currency.objects.get(code="XTS").delete()

        assert oracle.send("<bm:getUserInfo/>").findtext(".//{*}session_currency") == "USD"


class TestDigits:
    @pytest.mark.parametrize("code, amount", [("XTS", "5.000"), ("JPY", "5"), ("USD", "5.00"), ("IQD", "5.000")])
    def test_of_an_amount_are_the_currencys(self, rest, code, amount):
        rest.patch("parts/PUMP-100/", {"price": {code: "5"}})

        assert rest.get("parts/PUMP-100/").json["price"][code] == amount

    def test_of_a_total_are_the_currencys(self, rest):
        row = {"part_number": "PUMP-100", "quantity": "1", "unit_price": "1.0005"}
        rest.put("sales-orders/SO-XTS/", {"customer": "ACME", "currency": "XTS", "rows": [row]})

        assert rest.get("sales-orders/SO-XTS/").json["total"] == "1.001"

    def test_follow_the_table(self, rest):
        rest.patch("parts/PUMP-100/", {"price": {"XTS": "5"}})
        Currency.objects.filter(code="XTS").update(digits=1)

        assert rest.get("parts/PUMP-100/").json["price"]["XTS"] == "5.0"


def test_the_tables_are_read_once_in_a_generation(site, django_assert_num_queries):
    generation = customization.current_generation()
    customization.definitions(generation)

    with django_assert_num_queries(0):
        lists = customization.definitions(generation).code_lists

    assert "gsw" in dict(lists["languages"].choices)


def test_a_write_costs_no_query_more_for_any_number_of_codes(rest):
    languages = [*dict(customization.resource(PARTS.resource).by_name["description"].keys.choices)]

    def count_queries(number):
        with CaptureQueriesContext(connection) as queries:
            reply = rest.patch("parts/PUMP-100/", {"description": dict.fromkeys(languages[:number], f"Pump {number}")})
        assert reply.status == 200
        return len(queries)

    count_queries(1)
    assert count_queries(2) == count_queries(90)
