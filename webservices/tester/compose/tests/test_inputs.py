"""Making and sending on the test page: what an input holds, tables, credentials for one send, outcomes, time."""

import re
import zlib

import pytest
from django.contrib.auth.models import User

from parts.models import Part
from records.tests.cast import NOW
from webservices.declarations import OPERATIONS
from webservices.models import Exchange
from webservices.tester.compose.csv_table import read_records
from webservices.tester.compose.inputs import InputOptions, generate_input
from webservices.tester.errors import TesterError
from webservices.tester.exchanges.outcomes import find_record_lines
from webservices.tester.send.server_timing import parse_phases
from webservices.tests.api_keys import ALL, key_for
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.operations import Verb
from webservices.wire.reference.catalog import offers
from webservices.wire.reference.pages import resource_plurals
from webservices.wire.soap.versions import SOAP_12

PAGE = "/admin/webservices/test/"
SCRIPT = {"HX-Request": "true"}  # of the page's script, which gets the regions without the page around them
NAMED = {dialect.name: dialect for dialect in DIALECTS}
USUAL = {"language": "en", "currency": "USD"}
every_dialect = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)


@pytest.fixture
def world(demo_world, db):
    return User.objects.get(username="ada")


@pytest.fixture
def ada(world, client):
    client.force_login(world)
    return client


@pytest.fixture
def bob(world, stored_hash):
    user = User.objects.get(username="bob")
    user.password = stored_hash("bob-bob!")
    user.save()
    return user


def offer_of(dialect, verb, plural="parts", number=0):
    return [each for each in offers(dialect, plural, OPERATIONS) if each.operation.verb is verb][number]


def writer(dialect):
    """A write of a dialect that changes nothing: a part's, else a customer's."""
    verbs = {offer.operation.verb for offer in offers(dialect, "parts", OPERATIONS)}
    return offer_of(dialect, Verb.UPDATE, "parts" if Verb.UPDATE in verbs else "customers")


def form(client, dialect, offer, **asked):
    """The form after Generate Input."""
    tab = dialect.service(offer.operation, offer.context)
    chosen = {"version": dialect.name, "tab": tab, "api": offer.name, **asked}
    page = client.post(PAGE, {**chosen, "do": "generate"}, headers=SCRIPT).context["page"]
    return {**chosen, "url": page.url, "method": page.method, "input": page.text, "made-for": page.offer_name}


def done(client, form, do, **more):
    response = client.post(PAGE, {**form, "do": do, **more}, headers=SCRIPT)
    return response, response.context["page"]


class TestWish:
    @every_dialect
    def test_is_met_by_every_call_that_takes_it_without_a_failed_record(self, dialect, ada):
        wrong = {}
        for plural in resource_plurals(dialect, OPERATIONS):
            for offer in offers(dialect, plural, OPERATIONS):
                if offer.operation.verb not in (Verb.ADD, Verb.UPDATE, Verb.PUT) or plural == "portal_users":
                    continue
                if getattr(offer.context, "version", None) is SOAP_12:  # differs from 1.1 in its envelope alone
                    continue
                for asked in ({"count": "3"}, {"fields": "required"}):
                    made = form(ada, dialect, offer, **asked)
                    if "is known: sent as it is" in made["input"]:  # a change of what there is not
                        continue
                    _, page = done(ada, made, "send", dry="1")
                    counts = page.answer.outcomes.counts or {"none": 0}
                    if page.answer.response.status >= 300 or {"failed", "none"} & counts.keys():
                        wrong[offer.label, str(asked)] = (page.answer.response.status, counts)

        assert wrong == {}

    @pytest.mark.parametrize(
        "name, verb, keys",
        [
            ("oracle-2.0", Verb.ADD, ["PUMP-100-2", "PUMP-100-3", "PUMP-100-4"]),
            ("oracle-2.0", Verb.UPDATE, ["PUMP-100", "PUMP-200", "PUMP-300"]),
            ("rest", Verb.PUT, ["PUMP-100", "PUMP-200", "PUMP-300"]),
            ("oracle-1.0", Verb.REMOVE, ["PUMP-100", "PUMP-200", "PUMP-300"]),
            ("ecosys", Verb.FIND, ["PUMP-100"]),
            ("rest", Verb.FIND, ["PUMP-100", "PUMP-200", "PUMP-300"]),
        ],
    )
    def test_several_have_free_keys_or_those_that_follow(self, name, verb, keys, world):
        offer = offer_of(NAMED[name], verb)

        made = generate_input(
            NAMED[name], offer, {"number": "PUMP-100"}, world.pk, OPERATIONS, options=InputOptions(count=3)
        )

        said = made.skeleton.text + made.skeleton.target
        assert re.findall(r"PUMP-\d00(?:-\d+)?(?=[<\",%&]|$)", re.sub("<!--.*?-->|//.*", "", said))[: len(keys)] == keys

    def test_free_keys_are_free(self, world):
        Part.objects.create(number="PUMP-100-3", created_at=NOW, changed_at=NOW)
        offer = offer_of(NAMED["rest"], Verb.ADD)

        made = generate_input(
            NAMED["rest"], offer, {"number": "PUMP-100"}, world.pk, OPERATIONS, options=InputOptions(count=2)
        )

        assert '"PUMP-100-2"' in made.skeleton.text
        assert '"PUMP-100-3"' not in made.skeleton.text
        assert '"PUMP-100-4"' in made.skeleton.text

    def test_of_a_new_record_begins_with_the_key_itself(self, world):
        offer = offer_of(NAMED["rest"], Verb.ADD)

        made = generate_input(
            NAMED["rest"], offer, {"number": "NEW"}, world.pk, OPERATIONS, options=InputOptions(count=2)
        )

        assert re.findall('"number": "(.*)"', made.skeleton.text) == ["NEW", "NEW-2"]

    def test_says_when_there_are_fewer(self, world):
        offer = offer_of(NAMED["oracle-2.0"], Verb.UPDATE)

        made = generate_input(NAMED["oracle-2.0"], offer, {}, world.pk, OPERATIONS, options=InputOptions(count=1000))

        find_following = Part.objects.filter(number__gte="PUMP-100").count()
        assert f"There are no more than {find_following} of them" in made.skeleton.text

    def test_says_when_a_message_takes_one(self, world):
        offer = offer_of(NAMED["expandable"], Verb.UPDATE)

        made = generate_input(NAMED["expandable"], offer, {}, world.pk, OPERATIONS, options=InputOptions(count=3))

        assert "This message takes one record." in made.skeleton.text
        assert made.skeleton.text.count('"PART_ID"') == 1

    def test_of_a_thousand_costs_no_query_for_each(self, world, django_assert_max_num_queries):
        offer = offer_of(NAMED["oracle-2.0"], Verb.ADD)

        with django_assert_max_num_queries(40):
            made = generate_input(
                NAMED["oracle-2.0"], offer, {}, world.pk, OPERATIONS, options=InputOptions(count=1000)
            )

        assert made.skeleton.text.count("<bm:part_number>") == 1000

    @pytest.mark.parametrize("typed, count", [("0", 1), ("-5", 1), ("x", 1), ("", 1), ("9999", 1000), ("12", 12)])
    def test_takes_any_number_as_one_that_it_can_meet(self, typed, count, ada):
        assert ada.get(PAGE, {"count": typed}).context["page"].selection.options.count == count

    def test_for_what_is_required_names_the_rest_in_comments(self, world):
        offer = offer_of(NAMED["oracle-2.0"], Verb.ADD)

        text = generate_input(
            NAMED["oracle-2.0"], offer, {}, world.pk, OPERATIONS, options=InputOptions(required_only=True)
        ).skeleton.text

        assert re.findall(r"<bm:(\w+)>[^<\n]+</", text) == ["part_number"]
        assert "lead_time, not sent here, is optional" in text


class TestBare:
    @every_dialect
    def test_input_says_the_same_without_its_comments(self, dialect, ada):
        made = form(ada, dialect, writer(dialect))

        _, page = done(ada, made, "bare")

        assert not re.search(r"<!--|^\s*//", page.text, re.MULTILINE)
        before, after = (done(ada, {**made, "input": text}, "send", dry="1")[1] for text in (made["input"], page.text))
        assert after.answer.outcomes.rows[0].result == before.answer.outcomes.rows[0].result == "unchanged"

    def test_keeps_what_looks_like_one(self, ada):
        made = form(ada, NAMED["rest"], writer(NAMED["rest"]))
        typed = '{"notes": "http://a.example",\n  // gone\n "number": "A"}'

        assert done(ada, {**made, "input": typed}, "bare")[1].text == '{"notes": "http://a.example",\n "number": "A"}'


TABLES = {
    "commas": "number,lead_time\nA-1,5\nA-2,6",
    "semicolons": "number;lead_time\nA-1;5\nA-2;6",
    "tabs and labels": "Number\tLead time\r\nA-1\t5\r\n\r\nA-2\t6\r\n",
    "the dialect's spelling": "part_number;LEAD_TIME\nA-1;5\nA-2;6",
    "a byte order mark": "\ufeffnumber;lead_time\nA-1;5\nA-2;6",
}
WRONG_TABLES = {
    "a column": ("numbr,lead_time\nA,1", "There is no column numbr; nearest: number."),
    "several columns": ("numbr,led_time\nA,1", "There is no column led_time; nearest: lead_time."),
    "a part of what has none": ("number,units.x\nA,1", "units.x is no column: units has no parts."),
    "a step too many": ("number,price.USD.x\nA,1", "one of a map is price.currency."),
    "a column twice": ("number,number\nA,B", "The column number comes twice."),
    "a column twice, in two spellings": ("number,Number\nA,B", "The column Number comes twice."),
    "too many columns": (",".join(f"price.A{i}" for i in range(1_001)) + "\n1", "at most 1,000 columns here"),
    "many that are none": (",".join(f"a{i}" for i in range(1_000)) + "\n1", "There is no column a9. And 990 more."),
    "a name without end": ("n" * 100_000 + "\n1", "nnn."),
    "too many cells": ("number\nA,B", "Line 2 of the table has 2 cells, its header 1."),
    "an open quote": ('number,notes\nA,"B', "cannot be read"),
    "no row": ("number,units\n", "a header and no row"),
    "nothing": ("", "Paste a table"),
    "too many rows": ("number\n" + "\n".join(map(str, range(1001))), "at most 1,000 rows"),
}


class TestTable:
    def records(self, text, plural="parts"):
        return read_records(text, NAMED["oracle-2.0"], offer_of(NAMED["oracle-2.0"], Verb.ADD, plural), USUAL)

    @pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
    def test_is_read(self, text):
        assert self.records(text) == [{"number": "A-1", "lead_time": "5"}, {"number": "A-2", "lead_time": "6"}]

    def test_has_entries_lists_and_quoted_cells(self):
        text = 'number,description.en,description.de,price.USD,attachments,notes\nA,"Pump, big",,5,x | y,"two\nlines"'

        (record,) = self.records(text)

        assert record == {
            "number": "A",
            "description": {"en": "Pump, big"},
            "price": {"USD": "5"},
            "attachments": ["x", "y"],
            "notes": "two\nlines",
        }

    def test_means_the_sites_own_language_and_currency_where_none_is_named(self):
        assert self.records("number,description,price\nA,Pump,5") == [
            {"number": "A", "description": {"en": "Pump"}, "price": {"USD": "5"}}
        ]

    def test_has_rows(self):
        header = "customer,rows.1.part_number,rows.1.quantity,rows.2.part_number,rows.2.quantity"
        text = f"{header}\nACME,P-1,2,P-2,\nACME,,,P-3,4"

        first, second = self.records(text, "sales_orders")

        assert first["rows"] == [{"part_number": "P-1", "quantity": "2"}, {"part_number": "P-2"}]
        assert second["rows"] == [{"part_number": "P-3", "quantity": "4"}]

    @pytest.mark.parametrize("text, sentence", WRONG_TABLES.values(), ids=WRONG_TABLES)
    def test_that_is_wrong_is_refused_in_a_sentence(self, text, sentence):
        with pytest.raises(TesterError, match=re.escape(sentence)):
            self.records(text)

    def test_names_the_nearest_field_of_a_row(self):
        with pytest.raises(TesterError, match=re.escape("one of a row is rows.1.quantity.")):
            self.records("customer,rows.1.quantty\nACME,1", "sales_orders")

    @pytest.mark.parametrize("name", ["oracle-2.0", "oracle-1.0", "ecosys", "ecosys-rest-json", "rest"])
    def test_becomes_an_input_that_can_be_sent(self, name, ada):
        dialect = NAMED[name]
        chosen = form(ada, dialect, offer_of(dialect, Verb.ADD))

        _, made = done(ada, chosen, "csv", csv="number;lead_time\nT-1;5\nT-2;6")
        sent = {**chosen, "input": made.text, "url": made.url, "method": made.method, "made-for": made.offer_name}
        _, page = done(ada, sent, "send")

        assert made.source == "2 records from the table."
        assert [(row.key, row.result) for row in page.answer.outcomes.rows] == [("T-1", "created"), ("T-2", "created")]
        assert Part.objects.get(number="T-2").lead_time == 6

    def test_says_before_it_is_sent_what_would_fail(self, ada):
        chosen = form(ada, NAMED["rest"], offer_of(NAMED["rest"], Verb.ADD))

        _, page = done(ada, chosen, "csv", csv="number;lead_time\nT-1;5\nPUMP-100;many")

        assert "Sent as it is, it fails: Record 2: lead_time must be a whole number" in page.text

    def test_that_is_wrong_leaves_the_input_and_the_table_as_they_are(self, ada):
        chosen = form(ada, NAMED["rest"], offer_of(NAMED["rest"], Verb.ADD))

        response, page = done(ada, chosen, "csv", csv="numbr\nT-1")

        assert page.text == chosen["input"]
        assert page.form.table == "numbr\nT-1"
        assert "There is no column numbr; nearest: number." in response.content.decode()

    @pytest.mark.parametrize(
        "name, verb, words",
        [("rest", Verb.FIND, "an operation that writes"), ("expandable", Verb.ADD, "takes one record")],
    )
    def test_is_not_for_every_call(self, name, verb, words, ada):
        chosen = form(ada, NAMED[name], offer_of(NAMED[name], verb))

        assert words in done(ada, chosen, "csv", csv="number\nT-1\nT-2")[1].form.table_problem


class TestSentAs:
    @every_dialect
    def test_another_user_with_their_password(self, dialect, ada, bob):
        made = form(ada, dialect, writer(dialect))

        asked = {"as": "user", "as-name": "bob", "as-password": "bob-bob!"}
        response, page = done(ada, made, "send", **asked)

        exchange = Exchange.objects.get(call_id=page.answer.response.call_id)
        assert (exchange.user_name, exchange.credential, exchange.code) == ("bob", "password", "forbidden")
        assert "bob-bob!" not in response.content.decode()
        assert b"bob-bob!" not in zlib.decompress(bytes(exchange.request_body or zlib.compress(b"")))

    @every_dialect
    def test_an_api_key(self, dialect, ada, bob):
        token = key_for(bob, *ALL)
        made = form(ada, dialect, writer(dialect))

        response, page = done(ada, made, "send", **{"as": "key", "as-key": token})

        exchange = Exchange.objects.get(call_id=page.answer.response.call_id)
        assert (exchange.user_name, exchange.code) == ("bob", "forbidden")
        assert exchange.credential.startswith("cp_key")
        assert token not in response.content.decode()

    @every_dialect
    def test_a_wrong_password_is_refused_by_the_door(self, dialect, ada, bob):
        made = form(ada, dialect, writer(dialect))

        _, page = done(ada, made, "send", **{"as": "user", "as-name": "bob", "as-password": "guessed-it"})

        assert Exchange.objects.get(call_id=page.answer.response.call_id).code == "wrong-password"

    @pytest.mark.parametrize("asked", [{"as": "user", "as-name": "bob"}, {"as": "key"}])
    def test_nobody_in_particular_is_not_sent(self, asked, ada):
        made = form(ada, NAMED["rest"], writer(NAMED["rest"]))

        _, page = done(ada, made, "send", **asked)

        assert page.answer is None
        assert page.problem


class TestDryRun:
    @every_dialect
    def test_keeps_nothing_and_shows_full_outcomes(self, dialect, ada):
        before = list(Part.objects.order_by("id").values())
        made = form(ada, dialect, writer(dialect))

        response, page = done(ada, made, "send", dry="1")

        assert page.answer.outcomes.dry
        assert [row.result for row in page.answer.outcomes.rows] == ["unchanged"]
        assert "nothing was saved" in response.content.decode()
        assert list(Part.objects.order_by("id").values()) == before


class TestOutcomes:
    @every_dialect
    def test_of_a_failed_record_lead_to_its_line_and_say_why_as_the_dialect_does(self, dialect, ada):
        offer = writer(dialect)
        made = form(ada, dialect, offer, count="2")

        _, page = done(ada, made, "send", dry="1")

        rows = page.answer.outcomes.rows
        lines = made["input"].splitlines()
        assert rows
        for row in rows:
            assert row.line or dialect.skeleton_hints(offer.operation, offer.context).is_text
            if row.line:
                assert re.search(r"[<{]", lines[row.line - 1])
        assert [row.line for row in rows] == sorted({row.line for row in rows} or [0])

    def test_name_the_problem_in_the_dialects_spelling(self, ada):
        dialect = NAMED["oracle-2.0"]
        made = form(ada, dialect, offer_of(dialect, Verb.UPDATE), count="2")
        wrong = "units>none<".join(made["input"].rsplit("units>1<", 1))

        _, page = done(ada, {**made, "input": wrong}, "send")

        first, second = page.answer.outcomes.rows
        assert (first.result, second.result) == ("unchanged", "failed")
        assert second.problems == [("not-a-number", "units must be a whole number; 'none' is not.")]
        assert made["input"].splitlines()[second.line - 1].strip() == "<bm:each_record>"
        assert "PUMP-200" in made["input"].splitlines()[second.line]

    def test_of_many_are_shown_a_hundred_first_and_then_those_that_failed(self, ada):
        dialect = NAMED["rest"]
        made = form(ada, dialect, offer_of(dialect, Verb.ADD), count="150")
        wrong = '"units": "none"'.join(made["input"].rsplit('"units": 1', 1))

        _, page = done(ada, {**made, "input": wrong}, "send", dry="1")

        outcomes = page.answer.outcomes
        assert outcomes.counts == {"created": 149, "failed": 1}
        assert [row.number for row in outcomes.rows[99:]] == [100, 150]
        assert outcomes.omitted_count == 49

    def test_of_what_was_found_are_a_number(self, ada):
        made = form(ada, NAMED["oracle-2.0"], offer_of(NAMED["oracle-2.0"], Verb.FIND), count="3")

        assert done(ada, made, "send")[1].answer.outcomes.returned == 3

    @pytest.mark.parametrize("text", ["<not xml", "", "<a/>"])
    def test_lines_are_none_where_they_cannot_be_told(self, text):
        operation = offer_of(NAMED["oracle-2.0"], Verb.UPDATE).operation

        assert find_record_lines(NAMED["oracle-2.0"], operation, text, 2) == [0, 0]


class TestTime:
    @every_dialect
    def test_is_split(self, dialect, ada):
        made = form(ada, dialect, writer(dialect))

        _, page = done(ada, made, "send")

        chunks = {piece.name: piece for piece in page.answer.phases}
        assert list(chunks) == ["read", "db", "rules", "write"]
        assert chunks["db"].milliseconds > 0
        assert 995 <= sum(piece.share for piece in chunks.values()) <= 1005

    @pytest.mark.parametrize("header", ["", "db;dur=1", "total;dur=", "total;dur=1.2.3", "total;dur=."])
    def test_that_is_not_told_is_not_shown(self, header):
        assert parse_phases({"Server-Timing": header}) == []


class TestBuilt:
    @every_dialect
    def test_is_a_program_in_every_language_and_sends_nothing(self, dialect, ada):
        made = form(ada, dialect, writer(dialect))
        before = Exchange.objects.count()

        _, first = done(ada, made, "build", dry="1")

        assert "curl" in first.snippet.code
        assert "x-dry-run: true" in first.snippet.code
        for language in first.snippet.languages:
            _, page = done(ada, made, "build", language=language.name)
            assert page.snippet.language is language
            assert page.url.rpartition("/")[0] in page.snippet.code or language.needs_wsdl
        assert Exchange.objects.count() == before

    def test_names_who_is_to_send_it_and_holds_no_secret(self, ada):
        dialect = NAMED["oracle-2.0"]
        made = form(ada, dialect, offer_of(dialect, Verb.FIND))

        response, page = done(ada, made, "build", **{"as": "user", "as-name": "bob", "as-password": "bob-bob!"})

        assert "<wsse:Username>bob<" in page.snippet.code
        assert "bob-bob!" not in response.content.decode()
        assert page.snippet.secret == "COUNTERPART_SECRET"

    def test_calls_with_an_api_key_where_one_was_chosen(self, ada):
        dialect = NAMED["oracle-2.0"]
        made = form(ada, dialect, offer_of(dialect, Verb.FIND))

        _, page = done(ada, made, "build", **{"as": "key", "as-key": "cp_x_never-shown"})

        assert "authorization: Bearer $COUNTERPART_SECRET" in page.snippet.code
        assert "never-shown" not in page.snippet.code
        assert "zeep" in [language.name for language in page.snippet.languages]


class TestChecked:
    def test_input_is_marked_before_it_is_sent_which_is_not_prevented(self, ada):
        dialect = NAMED["oracle-2.0"]
        made = form(ada, dialect, offer_of(dialect, Verb.UPDATE))
        wrong = {**made, "input": made["input"].replace("units>1<", "units>none<")}

        checked, sent = (done(ada, wrong, do) for do in ("check", "send"))

        for response, page in (checked, sent):
            (problem,) = page.validation.problems
            assert problem.path == "Parts/each_record/units"
            assert f'data-line="{problem.line}"' in response.content.decode()
        assert checked[1].answer is None
        assert sent[1].answer.outcomes.counts == {"failed": 1}

    def test_that_is_right_is_said_to_be(self, ada):
        made = form(ada, NAMED["rest"], writer(NAMED["rest"]))

        assert "The input fits the contract." in done(ada, made, "check")[0].content.decode()


OPERATION_NAMES = [each.name for each in OPERATIONS if each.verb in Verb]
PAIRS = [*zip(DIALECTS, reversed(DIALECTS), strict=True)]


class TestBeside:
    @pytest.mark.parametrize("number, operation", [*enumerate(OPERATION_NAMES)], ids=OPERATION_NAMES)
    def test_shows_an_operation_in_any_two_versions(self, number, operation, ada):
        # Each version is on one side, and for the next operation on the other.
        pairs = PAIRS[number % 2 :: 2]
        assert {side for pair in pairs for side in pair} == {*DIALECTS}

        for left, right in pairs:
            asked = {"asked": operation, "left": left.name, "right": right.name}

            sides = ada.get(f"{PAGE}beside/", asked).context["sides"]

            assert [side.dialect.name for side in sides] == [left.name, right.name]
            for side in sides:
                offered = any(side.dialect.contexts(each) for each in OPERATIONS if each.name == operation)
                assert (side.skeleton is not None) == offered

    def test_is_about_the_same_live_record(self, ada):
        asked = {"asked": "parts.put", "key-number": "PUMP-200", "left": "ecosys", "right": "rest"}

        left, right = ada.get(f"{PAGE}beside/", asked).context["sides"]

        assert "Pump, medium" in left.skeleton.text
        assert "Pump, medium" in right.skeleton.text
        opened = ada.get(f"{PAGE}?{right.query}").context["page"].selection
        assert (opened.dialect.name, opened.api.operation.name) == ("rest", "parts.put")

    def test_falls_back_to_what_there_is(self, ada):
        left, right = ada.get(f"{PAGE}beside/", {"asked": "none", "left": "x", "right": "y"}).context["sides"]

        assert (left.dialect.name, right.dialect.name) == ("oracle-2.0", "rest")


class TestPolicy:
    @pytest.mark.parametrize("path", [PAGE, f"{PAGE}beside/", "/admin/webservices/collections/"])
    def test_takes_nothing_from_elsewhere_and_no_script_in_a_page(self, path, ada):
        response = ada.get(path)

        policy = dict(rule.strip().split(" ", 1) for rule in response["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == "'self' 'unsafe-eval'"
        assert "unsafe-inline" not in policy["style-src"]
        assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>\s*\S", response.content.decode())
        assert not re.search(r"\son\w+=", response.content.decode())

    def test_has_another_nonce_each_time(self, ada):
        assert ada.get(PAGE)["Content-Security-Policy"] != ada.get(PAGE)["Content-Security-Policy"]
