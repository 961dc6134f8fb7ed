"""
The limits of a call over every wire: hostile shapes are read in linear time and bounded memory, and contracts say how
much may be sent.
"""

import cProfile
import gc
import json
import re
from collections.abc import Callable
from ctypes import CDLL
from dataclasses import dataclass
from functools import partial
from html import escape, unescape
from pathlib import Path

import pytest

from parts.models import Part
from records.shapes.fields import Kind
from records.shapes.values import EMPTY, add_entry
from records.tests.cast import table
from records.write import blocks
from webservices import endpoint
from webservices.declarations import OPERATIONS
from webservices.publishing import current_operations
from webservices.tests.test_idempotency import ADA, superuser
from webservices.wire.contracts.examples import stored_example
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.dialects.rest.routing import Entry
from webservices.wire.messages import Call, DialectSettings, WireRequest, WireResponse
from webservices.wire.operations import Verb
from webservices.wire.reference.pages import contract_addresses

MARK = "MARKMARK"
FEW = 150  # of whatever a shape has many of; it is sent again with four times as many
SEVERAL = 4
MB = 1024 * 1024
MEMORY_PER_BYTE = 8
FLOOR = 96 * MB  # what any call may take, however short its body is


@dataclass(frozen=True)
class Parts:
    """
    A request of one new record, taken apart around the one field that it has.

    field           as it is written, its text is MARK
    name            the field's name there
    opening         of the record; `closing` is its end
    before, after   what stands around the record
    """

    is_xml: bool
    before: str
    opening: str
    field: str
    name: str
    closing: str
    after: str

    @classmethod
    def split(cls, text: str) -> "Parts":
        is_xml = text.lstrip().startswith("<")
        field = re.search(rf"<([\w:]+)[^<>]*>{MARK}</\1>" if is_xml else rf'"(\w+)":"{MARK}"', text)
        head, tail = text[: field.start()], text[field.end() :]
        start = re.search(r"<[\w:]+[^<>]*>$", head).start() if is_xml else head.rindex("{")
        end = tail.index(">" if is_xml else "}") + 1
        return cls(is_xml, head[:start], head[start:], field[0], field[1], tail[:end], tail[end:])

    def record(self, *fields: str) -> str:
        """Return a record of these fields."""
        return self.opening + ("" if self.is_xml else ",").join(fields) + self.closing

    def one(self, *fields: str) -> str:
        """Return the message with one record of these fields."""
        return self.before + self.record(*fields) + self.after

    def many(self, *records: str) -> str:
        """Return the message with these records, whatever it may hold."""
        return self.before + ("" if self.is_xml else ",").join(records) + self.after

    def format_field(self, text: str) -> str:
        """Return the field with a value of its own."""
        return self.field.replace(MARK, text)


Shape = Callable[[Parts, int], str]
XML_SHAPES: dict[str, Shape] = {
    "the same unknown field": lambda p, n: p.one(*["<a/>"] * n),
    "unknown fields": lambda p, n: p.one(*(f"<a{i}>1</a{i}>" for i in range(n))),
    "names that are nearly known": lambda p, n: p.one(*(f"<{p.name}{i}>1</{p.name}{i}>" for i in range(n))),
    "a known field again and again": lambda p, n: p.one(*[p.field] * n),
    "the same child of a known field": lambda p, n: p.one(f"<{p.name}>{'<a/>' * n}</{p.name}>"),
    "children of a known field": lambda p, n: p.one(
        f"<{p.name}>{''.join(f'<a{i}>1</a{i}>' for i in range(n))}</{p.name}>"
    ),
    "children of unknown fields": lambda p, n: p.one(*["<a><b/><b/></a>"] * n),
    "deep nesting": lambda p, n: p.one(*["<a>" * 40 + "</a>" * 40] * (n // 40 + 1)),
    "nil fields": lambda p, n: p.one(*[f'<a xmlns:i="{NIL}" i:nil="true"/>'] * n),
    "attributes": lambda p, n: p.one(*["<a " + " ".join(f'a{i}=""' for i in range(20)) + "/>"] * n),
    "namespaces": lambda p, n: p.one(*(f'<a xmlns="urn:{i}"/>' for i in range(n))),
    "references to characters": lambda p, n: p.one(p.field.replace(MARK, "&#65;" * n)),
    "comments in a text": lambda p, n: p.one(p.field.replace(MARK, "x<!-- -->" * n)),
    "records that are none": lambda p, n: p.many(*["<a/>"] * n),
}
JSON_SHAPES: dict[str, Shape] = {
    "unknown fields": lambda p, n: p.one(*(f'"a{i}":1' for i in range(n))),
    "names that are nearly known": lambda p, n: p.one(*(f'"{p.name}{i}":1' for i in range(n))),
    "a list of texts": lambda p, n: p.one(f'"{p.name}":[{",".join(["1"] * n)}]'),
    "a list of objects": lambda p, n: p.one(f'"{p.name}":[{",".join(["{}"] * n)}]'),
    "a map": lambda p, n: p.one(f'"{p.name}":{{{",".join(f"{json.dumps(str(i))}:1" for i in range(n))}}}'),
    "deep nesting": lambda p, n: p.one(f'"{p.name}":[{",".join(["[" * 40 + "]" * 40] * (n // 40 + 1))}]'),
    "escapes": lambda p, n: p.one(p.field.replace(MARK, r"\u0041" * n)),
    "pairs of surrogates": lambda p, n: p.one(p.field.replace(MARK, r"\ud83d\ude00" * n)),
    "records that are none": lambda p, n: p.many(*["1"] * n),
}
SHAPES: dict[str, Shape] = {
    "empty records": lambda p, n: p.many(*[p.record()] * n),
    "records of one unknown field": lambda p, n: p.many(*[p.record("<a>1</a>" if p.is_xml else '"a":1')] * n),
    "records that share a key": lambda p, n: p.many(*[p.record(p.field)] * n),
    "good records": lambda p, n: p.many(*(p.record(p.format_field(f"{n}-{i}")) for i in range(n))),
}
NIL = "http://www.w3.org/2001/XMLSchema-instance"


def find_entrances() -> dict[str, tuple]:
    """Find a write of new records for each form of message that each dialect has."""
    found = {}
    for dialect in DIALECTS:
        operations = [each for plural in ("parts", "customers") if (each := OPERATIONS.get(plural, Verb.ADD))]
        operation = next(each for each in operations if dialect.contexts(each))
        for number, context in enumerate(dialect.contexts(operation)):
            found[f"{dialect.name} {number}"] = dialect, operation, context
    return found


ENTRANCES = find_entrances()
# Of those that differ in SOAP's version alone, one.
STEEP = {name: each for name, each in ENTRANCES.items() if name[-1] == "0" or each[0].media == "json"}
del STEEP["oracle-1.0 0"]


def is_text(dialect, operation, field) -> bool:
    return field.kind is Kind.TEXT and dialect.carries(operation.resource.plural, field)


class Entrance:
    """One form of a write in a dialect, which takes any text in the place of its one record."""

    def __init__(self, dialect, operation, context):
        self.dialect = dialect
        self.takes_one = (
            dialect.name in ("crm-service", "expandable", "oracle-rest") or getattr(context, "entry", "") == Entry.ONE
        )
        credentials = dialect.credentials(operation, ADA)
        named = next(each.name for each in operation.resource.writable if is_text(dialect, operation, each))
        self.request = dialect.build_request(Call(operation, [{named: MARK}], credentials=credentials), context)
        self.text = self.request.body.decode()
        # Records that are text inside the message are escaped there, whatever notation they have.
        inner = re.search(rf">([^<>]*{MARK}[^<>]*)<", self.text)
        self.inner = inner if inner and inner[1] != MARK else None
        self.parts = Parts.split(unescape(self.inner[1]) if self.inner else self.text)
        self.shapes = (XML_SHAPES if self.parts.is_xml else JSON_SHAPES) | SHAPES

    def build_request(self, text: str) -> WireRequest:
        if self.inner:
            text = self.text[: self.inner.start(1)] + escape(text, quote=False) + self.text[self.inner.end(1) :]
        return self.request.__class__(**{**vars(self.request), "body": text.encode()})

    def send(self, text: str):
        return endpoint.serve(self.dialect, self.build_request(text), ADA)


@pytest.fixture(params=ENTRANCES.values(), ids=ENTRANCES)
def entrance(request, db, stored_hash):
    superuser("ada", stored_hash)
    return Entrance(*request.param)


def count_calls(run: Callable[[], WireResponse]) -> tuple[int, int]:
    """Count the functions that are called, those of Python's own libraries in C too, and the bytes of the answer."""
    profile = cProfile.Profile()
    response = profile.runcall(run)
    return sum(entry.callcount for entry in profile.getstats()), len(response.body)


@pytest.mark.parametrize("entrance", STEEP.values(), ids=STEEP, indirect=True)
def test_four_times_as_much_takes_four_times_the_steps(entrance):
    entrance.send(entrance.parts.one(entrance.parts.field))  # what is compiled once is not counted
    steeper = {}
    for name, shape in entrance.shapes.items():
        texts = [shape(entrance.parts, number) for number in (FEW, SEVERAL * FEW)]
        once, four_times = (count_calls(partial(entrance.send, text)) for text in texts)
        # What any call takes counts in both: of linear work four times as much takes less than four times the steps.
        if any(more > 1.2 * SEVERAL * less for more, less in zip(four_times, once, strict=True)):
            steeper[name] = once, four_times

    assert not steeper


def test_a_name_that_comes_again_grows_its_list_in_place():
    values = {"a": ["1"]}
    entries = values["a"]

    add_entry(values, "a", "2")
    add_entry(values, "a", EMPTY)

    assert values["a"] is entries
    assert entries == ["1", "2", ""]


def resident_bytes(name: str) -> int:
    return int(re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())[1]) * 1024


def measure_memory(run: Callable[[], object]) -> int:
    """Return how many bytes the process grows by, at the most, while it runs: lxml's and the database's too."""
    # What other tests hold would put off full collections, which come when a quarter of all objects is new.
    gc.freeze()
    gc.collect()
    CDLL(None).malloc_trim(0)  # what was let go before must not be there to be taken again
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    before = resident_bytes("VmRSS")
    run()
    gc.unfreeze()
    return resident_bytes("VmHWM") - before


LIMITS = DialectSettings()
LARGE: dict[str, tuple[str, str, int]] = {
    # A shape, the entrances whose name begins so, and how often.
    "empty records": ("rest 1", "empty records", LIMITS.records_limit),
    "records that share a key": ("rest 1", "records that share a key", LIMITS.records_limit),
    "more empty records than are taken": ("rest 2", "empty records", 200_000),
    "records in XML that share a key": ("oracle-2.0 0", "records that share a key", LIMITS.records_limit),
    "unknown fields of JSON": ("rest 0", "unknown fields", LIMITS.fields_limit - 1),
    "unknown fields of XML": ("oracle-2.0 0", "unknown fields", LIMITS.fields_limit - 1),
    "more unknown fields than are taken": ("ecosys 0", "unknown fields", 500_000),
    "the same child": ("sap-cpq 0", "the same child of a known field", 1_000_000),
    "children of a known field": ("ecosys-rest-xml 0", "children of a known field", LIMITS.fields_limit - 1),
    "attributes": ("oracle-2.0 0", "attributes", 200_000),
    "namespaces": ("oracle-2.0 0", "namespaces", 500_000),
    "nil fields": ("oracle-2.0 0", "nil fields", 60_000),
    "escapes": ("rest 0", "escapes", 3_000_000),
    "surrogates": ("ecosys-rest-json 0", "pairs of surrogates", 2_000_000),
    "a list of objects": ("rest 0", "a list of objects", 1_000_000),
    "lists in lists": ("expandable 0", "deep nesting", 1_000_000),
}


@pytest.mark.parametrize("name, shape, number", table(LARGE))
def test_no_call_takes_more_than_eight_times_its_body(name, shape, number, db, stored_hash):
    superuser("ada", stored_hash)
    entrance = Entrance(*ENTRANCES[name])
    entrance.send(entrance.parts.one(entrance.parts.field))
    request = entrance.build_request(entrance.shapes[shape](entrance.parts, number))

    most = measure_memory(lambda: endpoint.serve(entrance.dialect, request, ADA))

    assert most <= max(MEMORY_PER_BYTE * len(request.body), FLOOR)


FULL = ("oracle-2.0 0", "ecosys 0", "ecosys-rest-json 0", "rest 1", "rest 2")
BLOCKS = 6


@pytest.mark.parametrize("name", FULL)
def test_full_records_take_no_more_either_for_they_are_written_in_blocks(name, db, stored_hash):
    superuser("ada", stored_hash)
    dialect, operation, context = ENTRANCES[name]
    fields = [each for each in operation.resource.writable if dialect.carries(operation.resource.plural, each)]
    stored = stored_example(operation.resource)
    example = {each.name: stored[each.name] for each in fields if stored.get(each.name, EMPTY) is not EMPTY}
    credentials = dialect.credentials(operation, ADA)

    def build(number: int) -> WireRequest:
        records = [example | {"number": f"N{number}-{i}"} for i in range(number)]
        return dialect.build_request(Call(operation, records, credentials=credentials), context)

    number = BLOCKS * blocks.RECORDS
    request = build(number)
    endpoint.serve(dialect, build(2), ADA)

    most = measure_memory(lambda: endpoint.serve(dialect, request, ADA))

    assert Part.objects.filter(number__startswith=f"N{number}-").count() == number
    assert most <= MEMORY_PER_BYTE * len(request.body)


# The setting, what is sent, the sentence.
TOO_MUCH = {
    "records": ("MAX_RECORDS", "empty records", "more than 7 records"),
    "fields": ("MAX_FIELDS", "unknown fields", "more than 7 fields"),
}


@pytest.mark.parametrize("setting, shape, sentence", table(TOO_MUCH))
def test_a_call_of_too_much_is_refused_whole_and_says_the_limit(entrance, settings, setting, shape, sentence):
    setattr(settings, setting, 7)
    before = Part.objects.count()

    response = entrance.send(entrance.shapes[shape](entrance.parts, 8))

    if not (entrance.takes_one and setting == "MAX_RECORDS"):
        assert sentence in response.body.decode()
        assert response.status in (400, 413, 500)
    assert Part.objects.count() == before


def test_the_problems_of_a_call_are_told_up_to_a_limit(entrance, settings):
    settings.MAX_PROBLEMS = 7

    told = entrance.send(entrance.shapes["unknown fields"](entrance.parts, 20)).body.decode()

    # Beside the fields: the key is missing, and what else a wire requires, a name or a description.
    assert re.search("a6 is no.*And 1[456] more problems in this call", told)
    assert "a7 is no" not in told


def test_many_empty_records_get_a_short_answer(db, stored_hash):
    superuser("ada", stored_hash)
    entrance = Entrance(*ENTRANCES["rest 1"])

    within, beyond = (entrance.send(f"[{','.join(['{}'] * number)}]") for number in (5_000, 50_000))

    assert beyond.status == 413
    assert len(beyond.body) < 1000
    assert within.status == 422
    assert len(within.body) < 200 * 5_000  # an outcome for each record; its problems are told of the first alone


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_every_contract_and_reference_page_states_the_limits(dialect, db, client, settings):
    settings.MAX_RECORDS = 77
    pages = [(f"/docs/reference/{dialect.name}/", ""), *contract_addresses(dialect, current_operations())]

    for address, _ in pages:
        answer = client.get(CONTRACTS.get(address, address))
        assert answer.status_code == 200
        assert "at most 77 records" in answer.content.decode()


CONTRACTS = {"/api/v1/docs/": "/api/v1/schema/"}  # where the page is that shows it, the contract itself
