"""Answers that go out bit by bit: reads of 20,000 parts over EcoSys, Oracle and REST, through the real endpoint."""

import gc
import re
import tracemalloc

import pytest
from django.db import connection, transaction
from django.test import Client
from lxml import etree

from parts.models import Part
from records.find import Search
from records.shapes.criteria import Comparator, Criterion
from records.tests.rows import insert_rows
from webservices import endpoint
from webservices.declarations import OPERATIONS
from webservices.exchanges.store import body_text
from webservices.exchanges.streaming_body import REMEMBERED, BrokenOff, TooLong
from webservices.gateway import PAGE_SIZE
from webservices.models import Exchange
from webservices.publishing import published_apis
from webservices.tests.ecosys import REST_JSON, REST_XML, SOAP, basic, inside, post
from webservices.tests.test_publishing import publish
from webservices.wire.credentials import Password
from webservices.wire.dialects.ecosys.context import RestContext, SoapContext
from webservices.wire.dialects.ecosys.dialect import ECOSYS, ECOSYS_REST_JSON, ECOSYS_REST_XML, EcoSysSoap
from webservices.wire.dialects.ecosys.tests.apis import request
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.messages import Answer, Call, WireRequest, WireResponse
from webservices.wire.operations import Verb
from webservices.wire.streaming import CHUNK

FEW, MORE, ALL = 1_500, 6_000, 20_000
PARTS = {
    "number": "'P-' || n",
    "lead_time": "CASE WHEN n <= %(few)s THEN 1 WHEN n <= %(more)s THEN 2 ELSE 3 END",
    "notes": "repeat('Part & ' || n, 80)",
    "created_at": "now()",
    "changed_at": "now()",
}  # of the n-th part, in SQL
ASK = request("Many", "Read")
COLUMNS = [("PartID", "number"), ("Days", "lead_time"), ("Notes", "notes"), ("Price", "price")]


def insert(many):
    insert_rows(Part, PARTS, "generate_series(1, %(many)s) AS n", {"few": FEW, "more": MORE, "many": many})


@pytest.fixture(scope="module")
def _many_parts(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        insert(ALL)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def _site(_many_parts, ada):
    publish("Many", "parts", columns=COLUMNS)
    publish("Few", "parts", columns=COLUMNS, filter=[("lead_time", "=", "1")])
    publish("More", "parts", columns=COLUMNS, filter=[("lead_time", "<=", "2")])


def rest(path, method="GET", **extra):
    return Client().generic(method, path, headers={"Authorization": basic("ada", "ada-ada!")}, **extra)


CALLS = {
    "SOAP": lambda name: post(request(name, "Read"), name),
    "REST XML": lambda name: rest(f"{REST_XML}{name}/"),
    "REST JSON": lambda name: rest(f"{REST_JSON}{name}/"),
}
DATE = re.compile(rb"(?<=<bm:message>).* - ")
WRITERS = {
    "SOAP": (ECOSYS, SoapContext),
    "REST XML": (ECOSYS_REST_XML, RestContext),
    "REST JSON": (ECOSYS_REST_JSON, RestContext),
}


@pytest.mark.usefixtures("_site")
class TestReads:
    @pytest.mark.parametrize("wire, name", [("SOAP", "Many"), ("REST XML", "More"), ("REST JSON", "More")])
    def test_say_the_same_as_those_that_are_written_at_once(self, wire, name):
        dialect, context = WRITERS[wire]
        operation = OPERATIONS.get("parts", Verb.FIND)
        api = next(api for api in published_apis() if api.name == name)
        found = operation.find(search=Search(api.filter))
        page_size = dialect.write(Answer(operation, records=found.records), context(api))

        response = CALLS[wire](name)

        assert response.streaming
        assert "Content-Length" not in response
        assert b"".join(response.streaming_content) == page_size.body

    @pytest.mark.parametrize("wire", ["SOAP", "REST JSON"])
    def test_take_no_more_memory_for_more_objects(self, wire):
        sizes, peaks = {}, {}
        assert CALLS[wire]("Few").streaming  # so that all that is made once is there
        for name in ("Few", "More"):
            gc.collect()
            tracemalloc.start()
            sizes[name] = sum(len(piece) for piece in CALLS[wire](name).streaming_content)
            _, peaks[name] = tracemalloc.get_traced_memory()
            tracemalloc.stop()

        assert sizes["More"] > 3.9 * sizes["Few"] > 3.9 * REMEMBERED
        assert peaks["More"] < 1.5 * peaks["Few"]  # what is not collected yet differs; four times as much it is not

    def test_fetch_so_many_at_once(self):
        asked = []

        def remember(execute, sql, parameters, many, context):
            asked.append(sql)
            return execute(sql, parameters, many, context)

        with connection.execute_wrapper(remember):
            chunks = [*CALLS["SOAP"]("Many").streaming_content]

        of_stream = [each.split()[0] for each in asked if "held_" in each]
        fetches = ALL // PAGE_SIZE + 1
        assert of_stream == ["DECLARE", *["FETCH"] * fetches, "CLOSE"]
        assert CHUNK <= min(map(len, chunks[:-1])) <= max(map(len, chunks)) < 2 * CHUNK

    def test_are_all_as_of_one_moment(self):
        response = post(request("More", "Read", options="<IncludeMetaData>true</IncludeMetaData>"), "More")
        Part.objects.filter(number="P-999").delete()

        answer = etree.fromstring(b"".join(response.streaming_content))[0][0]

        assert answer.findtext("Meta/ObjectCount") == str(MORE) == str(len(answer.findall("More")))
        assert float(answer.findtext("Performance/DbSeconds")) > 0
        assert [each.tag for each in (answer[0], answer[-1])] == ["Meta", "Performance"]

    @pytest.mark.parametrize("wire", CALLS)
    def test_of_few_objects_are_one_statement_and_of_known_length(self, wire, django_assert_num_queries):
        publish("Two", "parts", columns=COLUMNS, filter=[("number", "IN", "P-1, P-2")])
        CALLS[wire]("Two")

        with django_assert_num_queries(4):  # what is published, the caller, the parts, the exchange
            response = CALLS[wire]("Two")

        assert response["Content-Length"] == str(len(response.content))

    def test_are_kept_by_their_beginning(self, ada):
        response = CALLS["SOAP"]("More")
        assert not Exchange.objects.exists()

        size = sum(map(len, response.streaming_content))

        kept = Exchange.objects.get()
        assert (kept.status, kept.returned, kept.response_size, len(kept.keys)) == (200, MORE, size, 100)
        assert kept.call_id == response["X-Call-Id"]
        assert kept.response_note == f"The first 65,536 of {size:,} bytes."
        assert "<PartID>P-1</PartID>" in body_text(kept.response_body)
        reader = Client()
        reader.force_login(ada)
        page = reader.get(f"/admin/webservices/exchange/{kept.pk}/change/", follow=True)
        assert kept.response_note in page.content.decode()

    def test_of_json_are_kept_by_their_size(self):
        size = sum(map(len, CALLS["REST JSON"]("More").streaming_content))

        kept = Exchange.objects.get()
        assert (kept.response_size, kept.response_body) == (size, None)
        assert "too many to look for secrets" in kept.response_note

    def test_end_with_a_caller_who_goes_away(self):
        response = endpoint.serve(ECOSYS, WireRequest("POST", f"{SOAP}Many", ASK))
        first = next(response.chunks)

        response.chunks.close()

        kept = Exchange.objects.get()
        assert kept.response_note == f"The caller took {len(first):,} bytes and no more."
        assert kept.returned < ALL
        assert "<PartID>P-1</PartID>" in body_text(kept.response_body)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_cursors WHERE name LIKE 'held%'")
            assert cursor.fetchone() == (0,)

    def test_are_taken_no_further_than_they_can_be_held(self, ada):
        with pytest.raises(TooLong):
            endpoint.serve_and_report(ECOSYS, WireRequest("POST", f"{SOAP}Many", ASK), longest=CHUNK)

        assert Exchange.objects.get().response_note.endswith("bytes and no more.")

    @pytest.mark.parametrize("path", [REST_XML, REST_JSON])
    def test_have_no_body_for_head(self, path):
        response = rest(f"{path}Many/", "HEAD")

        assert (response.status_code, b"".join(response.streaming_content)) == (200, b"")
        assert Exchange.objects.get().response_size == 0

    def test_are_refused_before_their_first_byte(self, bob):
        body = request("Many", "Read", options=None)

        response = post(body, "Many", headers={"Authorization": basic("bob", "bob-bob!")})

        assert (response.status_code, response.streaming) == (500, False)
        assert inside(response).findtext("faultstring") == "bob may not find parts (ReadMany)."


@pytest.mark.usefixtures("_site")
class TestOracleReads:
    """getParts, where a site allows more records than are held at once."""

    def answer(self, settings, limit, criteria=()):
        settings.DIALECT_TERMS = {"oracle-2.0": {"get_limit": limit}}
        operation = OPERATIONS.get("parts", Verb.FIND)
        context = next(iter(ORACLE_2_0.contexts(operation)))
        call = Call(operation, criteria=criteria, credentials=Password("ada", "ada-ada!"))
        return endpoint.serve(ORACLE_2_0, ORACLE_2_0.build_request(call, context))

    @pytest.mark.parametrize("limit", [FEW - 1, FEW, FEW + 1, PAGE_SIZE])
    def test_say_the_same_as_those_that_are_written_at_once(self, settings, limit):
        criteria = (Criterion(("lead_time",), Comparator.EQUAL, ("1",)),)
        operation = OPERATIONS.get("parts", Verb.FIND)
        found = operation.find(search=Search(criteria, limit=limit))
        context = next(iter(ORACLE_2_0.contexts(operation)))
        at_once = ORACLE_2_0.write(Answer(operation, records=found.records, cut=found.cut), context).body

        response = self.answer(settings, limit, criteria)
        body = response.body or b"".join(response.chunks)

        assert (response.chunks is None) == (limit == PAGE_SIZE)
        assert DATE.sub(b"", body) == DATE.sub(b"", at_once)
        assert (b"there are more" in body) == (limit < FEW)
        assert body.count(b"<bm:each_record>") == min(limit, FEW) == Exchange.objects.get().returned

    def test_give_all_where_a_site_allows_it(self, settings):
        body = b"".join(self.answer(settings, 1_000_000).chunks)

        assert body.count(b"<bm:each_record>") == ALL
        assert b"<bm:records_returned>%d<" % ALL in body


SECRET_OF_THE_HOUSE = "the table is on fire"


def breaking(after):
    """EcoSys, but for a writer that fails after so many pieces."""

    def chunks():
        yield from [b"<a>"] * after
        raise RuntimeError(SECRET_OF_THE_HOUSE)

    class Breaking(EcoSysSoap):
        def write(self, answer, context):
            return (
                WireResponse(200, b"", chunks=chunks())
                if isinstance(answer, Answer)
                else super().write(answer, context)
            )

    return Breaking()


class TestWhatGoesWrong:
    ASK = WireRequest("POST", f"{SOAP}Part", request("Part", "Read"))

    def test_before_the_first_byte_is_a_fault(self, ada, caplog):
        response = endpoint.serve(breaking(after=0), self.ASK)

        assert (response.status, response.chunks) == (500, None)
        assert b"Something went wrong" in response.body
        assert SECRET_OF_THE_HOUSE in caplog.text
        assert Exchange.objects.get().code == "unexpected"

    def test_later_breaks_the_answer_off(self, ada, caplog):
        response = endpoint.serve(breaking(after=2), self.ASK)

        with pytest.raises(BrokenOff) as raised:
            b"".join(response.chunks)

        assert SECRET_OF_THE_HOUSE not in str(raised.value)
        assert SECRET_OF_THE_HOUSE in caplog.text
        kept = Exchange.objects.get()
        assert (kept.status, kept.code, kept.response_size) == (200, "unexpected", 6)
        assert kept.response_note.endswith("The answer broke off after 6 bytes.")

    def test_is_seen_by_who_wants_to_know_more(self, ada):
        completed = endpoint.serve_and_report(breaking(after=2), self.ASK)

        assert completed.response.body == b"<a><a>"
        assert completed.problem.code == "unexpected"
