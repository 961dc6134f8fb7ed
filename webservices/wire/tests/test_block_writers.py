"""Writers of blocks write what the plain writers of records do, for every resource and any stored value."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.shapes.blocks import CUSTOM, Block, Layout
from records.shapes.fields import Kind, ScalarField
from records.shapes.streams import Stream
from records.shapes.values import EMPTY
from records.tests.cast import table
from webservices.declarations import OPERATIONS
from webservices.wire.dialects.ecosys import values as ecosys
from webservices.wire.dialects.ecosys.columns import get_columns
from webservices.wire.dialects.ecosys.dialect import ECOSYS
from webservices.wire.dialects.oracle import values as oracle
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.dialects.rest import values as rest
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.operations import Verb
from webservices.wire.streaming import PART, write_records
from webservices.wire.xml.writing import escape, escape_column

SCALAR_KINDS = {Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN, Kind.DATE, Kind.DATETIME}
FINDS = [operation for operation in OPERATIONS if operation.verb is Verb.FIND and REST.contexts(operation)]

# All that the database can hold, and often what must be escaped.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.text('&<>"\\\r\n\t/ü\x07\ufffe')
NUMBERS = st.decimals(-(10**12), 10**12, places=5).map(lambda number: format(number, "f"))
STORED = {
    Kind.TEXT: TEXTS,
    Kind.INTEGER: st.integers(-(10**18), 10**18).map(str),
    Kind.DECIMAL: NUMBERS,
    Kind.BOOLEAN: st.sampled_from(["true", "false"]),
    Kind.DATE: st.dates().map(str),
    Kind.DATETIME: st.just("2026-01-31T12:00:00.5Z"),
}
CUSTOM_FIELDS = [
    ScalarField(f"custom_{kind}", kind=kind, source=str(kind), custom=True, nullable=True) for kind in SCALAR_KINDS
]


def stored_texts(field):
    """Values of a field as the database gives them."""
    match field.kind:
        case Kind.LIST:
            return st.none() | st.lists(TEXTS, max_size=2)
        case Kind.MAP:
            keys = st.sampled_from(["en", "de", "USD", "EUR", "JPY"])
            return st.none() | st.dictionaries(keys, STORED[field.item.kind], min_size=1, max_size=3).map(json.dumps)
        case Kind.ROWS:
            return st.none() | st.lists(rows(field.child.fields), min_size=1, max_size=2).map(json.dumps)
    return st.none() | STORED[field.kind]


def rows(fields):
    return st.fixed_dictionaries({field.name: stored_texts(field) for field in fields if not field.secret})


def blocks(resource):
    """Some blocks of a resource that has a custom field of each kind."""
    resource = resource.add_custom_fields(CUSTOM_FIELDS)
    own = [field for field in resource.fields if not field.custom and not field.secret]
    custom = {field.name: field.stored_as for field in CUSTOM_FIELDS}
    layout = Layout(resource, (*(field.name for field in own), CUSTOM), custom)
    kept = st.fixed_dictionaries({}, optional={field.stored_as: STORED[field.kind] for field in CUSTOM_FIELDS})
    row = st.tuples(*map(stored_texts, own), kept.map(json.dumps))
    return st.lists(row, min_size=1, max_size=4).map(lambda found: Block(layout, found))


def ecosys_columns(operation, resource):
    return get_columns(next(iter(ECOSYS.contexts(operation))), resource)


WRITERS = {
    "EcoSys, XML": (
        ECOSYS,
        lambda operation, resource: ecosys.xml_writer(ecosys_columns(operation, resource), "Part"),
        lambda operation, resource: ecosys.xml_block_writer(ecosys_columns(operation, resource), "Part"),
    ),
    "EcoSys, JSON": (
        ECOSYS,
        lambda operation, resource: ecosys.json_writer(ecosys_columns(operation, resource)),
        lambda operation, resource: ecosys.json_block_writer(ecosys_columns(operation, resource)),
    ),
    "Oracle": (
        ORACLE_2_0,
        lambda operation, resource: oracle.record_writer(resource),
        lambda operation, resource: oracle.record_block_writer(resource),
    ),
    "REST": (
        REST,
        lambda operation, resource: rest.record_writer(resource),
        lambda operation, resource: rest.record_block_writer(resource),
    ),
}


PAIRS = {
    f"{wire}: {operation.resource.plural}": (operation, *builders)
    for operation in FINDS
    for wire, (dialect, *builders) in WRITERS.items()
    if dialect.contexts(operation)
}


@pytest.mark.parametrize("operation, build, build_for_blocks", table(PAIRS))
@settings(max_examples=30)
@given(data=st.data())
def test_write_the_same(operation, build, build_for_blocks, data):
    block = data.draw(blocks(operation.resource))
    resource = block.layout.resource

    written = [*build_for_blocks(operation, resource)(block)]

    assert written == list(map(build(operation, resource), block.records()))


@pytest.mark.parametrize("operation", FINDS, ids=lambda operation: operation.resource.plural)
@settings(max_examples=30)
@given(data=st.data())
def test_columns_have_the_values_of_the_records(operation, data):
    block = data.draw(blocks(operation.resource))
    records = block.records()

    assert {field.name for field in block.layout.resource.fields if field.name in block} == records[0].keys()
    for name in records[0]:
        assert [value or EMPTY for value in block.column(name)] == [record[name] for record in records]


@given(st.lists(st.none() | TEXTS | st.text()))
def test_a_column_is_escaped_as_each_text_is(texts):
    assert [*escape_column(texts)] == [text and escape(text) for text in texts]


class FakeSource:
    """Blocks that are there."""

    def __init__(self, found):
        self.found = found

    def count(self):
        return sum(map(len, self.found))

    def take(self):
        return self.found.pop(0)

    def close(self):
        self.found = []


@pytest.mark.parametrize("separator", ["", ","])
def test_records_of_a_stream_and_of_a_tuple_are_the_same_text(separator):
    resource = OPERATIONS.get("parts", Verb.FIND).resource
    layout = Layout(resource, ("number", "notes"), {})
    found = [[(f"P-{block}-{n}", "<&>" * 40) for n in range(30)] for block in range(3)]
    plain, by_block = rest.record_writer(resource), rest.record_block_writer(resource)
    stream = Stream(lambda: FakeSource([*(Block(layout, each) for each in found), Block(layout, [])]))
    records = tuple(record for each in found for record in Block(layout, each).records())

    texts = [*write_records(stream, plain, by_block, separator)]

    assert "".join(texts) == separator.join(map(plain, records))
    assert 1 < len(texts) < len(records) / 2
    assert max(map(len, texts)) < 2 * PART
    assert (len(stream), [record["number"] for record in stream.first[:2]]) == (90, ["P-0-0", "P-0-1"])
