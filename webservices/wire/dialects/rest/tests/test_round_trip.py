"""`read` turns what `build_request` writes into the same call, whatever it says and in every context."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.shapes.criteria import Comparator, Criterion
from records.shapes.values import EMPTY, Tags
from webservices.wire.credentials import Password
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.dialects.rest.tests.parts import OPERATIONS, operation
from webservices.wire.messages import Call, Options

texts = st.text(min_size=1).filter(lambda text: text.strip())
values = st.just(EMPTY) | texts
records = st.fixed_dictionaries(
    {"number": texts},
    optional={
        "display_number": values,
        "lead_time": values | st.integers().map(str),
        "active": values | st.sampled_from(["true", "false", "1"]),
        "price": st.just(EMPTY) | st.dictionaries(st.text(), values),
        "prices": st.lists(st.fixed_dictionaries({"currency": texts}, optional={"minimum_quantity": values})),
        "company_associations": st.just(EMPTY) | st.lists(texts),
        "version": st.integers(1, 10**9).map(str),
        "no_such_field": values | st.lists(values) | st.dictionaries(st.text(), values),
    },
)
criteria = st.builds(
    lambda path, comparator, texts: Criterion(path, comparator, texts if comparator is Comparator.IN else texts[:1]),
    st.sampled_from([("number",), ("lead_time",), ("price", "USD"), ("price",)]),
    st.sampled_from(Comparator),
    st.lists(st.text(), min_size=1, max_size=3).map(tuple),
)
options = st.builds(
    Options,
    dry_run=st.booleans(),
    all_or_none=st.booleans(),
    if_match=st.none() | st.builds(Tags, st.tuples(st.integers(1, 999))),
    idempotency_key=st.sampled_from(["", "8e03 978e"]),
)
credentials = st.none() | st.builds(Password, st.just("ada"), st.text())


def finds():
    return st.builds(
        Call,
        st.just(operation("find")),
        criteria=st.lists(criteria).map(tuple),
        search=st.sampled_from(["", "pump & pipe"]),
        limit=st.integers(1, 1000),
        after=st.just(()) | texts.filter(str.isprintable).map(lambda text: (text,)),
        order=st.sampled_from([(), ("-lead_time",), ("custom_tier", "-number")]),
        options=options,
        credentials=credentials,
    )


def gets():
    key = texts.map(lambda text: (Criterion(("number",), Comparator.EQUAL, (text,)),))
    return st.builds(Call, st.just(operation("find")), criteria=key, options=options, credentials=credentials)


def writes():
    verbs = st.sampled_from([operation(verb) for verb in ("add", "update", "put", "remove")])
    written = st.lists(records, max_size=3)
    return st.builds(Call, verbs, records=written, options=options, credentials=credentials)


def removals():
    asked = st.lists(criteria, min_size=1).map(tuple)
    return st.builds(Call, st.just(operation("remove")), criteria=asked, options=options)


@settings(max_examples=300)
@given(finds() | gets() | writes() | removals(), st.data())
def test_reads_what_it_asks(call, data):
    context = data.draw(st.sampled_from(REST.contexts(call.operation)))
    has_no_limit_of_its_own = call.limit is None and call.criteria is not None and call.operation.verb == "find"

    asked = REST.build_request(call, context)
    found = REST.read(asked, OPERATIONS, REST.settings)

    if has_no_limit_of_its_own and found.limit is not None:
        found = Call(**{**vars(found), "limit": None})
    assert found == call


@pytest.mark.parametrize(
    "key, target",
    [
        ("PUMP-100", "/api/v1/parts/PUMP-100/"),
        ("A/B", "/api/v1/parts/A%2FB/"),
        ("50% off?", "/api/v1/parts/50%25%20off%3F/"),
        ("Ω", "/api/v1/parts/%CE%A9/"),
        ("batch", "/api/v1/parts/?number=batch"),
        ("..", "/api/v1/parts/?number=.."),
    ],
)
def test_addresses_a_record_by_its_key(key, target):
    call = Call(operation("put"), records=[{"number": key, "lead_time": "3"}])

    asked = REST.build_request(call, REST.contexts(call.operation)[0])

    assert "?".join(filter(None, (asked.path, asked.query))) == target
    assert (asked.method, asked.body) == ("PUT", b'{"lead_time":3}')
