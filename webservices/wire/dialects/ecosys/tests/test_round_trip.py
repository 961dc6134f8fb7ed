"""`read` undoes `ask`, whatever is asked: options, sessions, logs, parameters, filters, and any value."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.shapes.criteria import Comparator, Criterion, Scope
from records.shapes.values import EMPTY, Tags
from webservices.declarations import OPERATIONS
from webservices.wire.credentials import Password, SessionToken
from webservices.wire.dialects.ecosys.context import RestContext, SoapContext
from webservices.wire.dialects.ecosys.dialect import ECOSYS, ECOSYS_REST_JSON, ECOSYS_REST_XML
from webservices.wire.dialects.ecosys.tests.apis import CHECK, NORTH, SETTINGS
from webservices.wire.messages import Call, LogOptions, Options, SessionOption
from webservices.wire.operations import Verb
from webservices.wire.soap.versions import SOAP_12

SITE = Criterion(("city",), Comparator.IN, ("Oslo", "Bergen"))
PROVINCE = Criterion(("province",), Comparator.EQUAL, ("A & B",))
DIALECTS = [
    pytest.param(ECOSYS, SoapContext(NORTH, meta=True), id="SOAP 1.1"),
    pytest.param(ECOSYS, SoapContext(NORTH, version=SOAP_12), id="SOAP 1.2"),
    pytest.param(ECOSYS_REST_XML, RestContext(NORTH, meta=True), id="REST XML"),
    pytest.param(ECOSYS_REST_JSON, RestContext(NORTH, meta=True), id="REST JSON"),
]

printable = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
text = st.text(printable, min_size=1)
user_names = text.map(lambda name: name.strip().replace(":", "")).filter(bool)  # HTTP has no colon in them
values = st.fixed_dictionaries({}, optional={name: text | st.just(EMPTY) for name in ("number", "company", "city")})
credentials = st.builds(Password, user_names, text) | st.builds(SessionToken, st.text("abcXYZ012-_", min_size=1))
logs = st.builds(LogOptions, st.sampled_from(["FAIL", "DETAIL"]), st.just("Nightly load + 1"), st.booleans())
tags = st.builds(Tags, st.tuples(st.integers(0, 9)))
options = st.builds(
    Options,
    dry_run=st.booleans(),
    all_or_none=st.booleans(),
    if_match=st.none() | tags,
)


@st.composite
def calls(draw):
    verb = draw(st.sampled_from(list(Verb)))
    asked = draw(st.sampled_from([(), (PROVINCE,), (PROVINCE, SITE)]))
    criteria = (*NORTH.filter, *asked)
    call = Call(
        OPERATIONS.get("customers", verb),
        credentials=draw(credentials),
        session=draw(st.sampled_from([SessionOption.KEEP, SessionOption.END])),
        options=draw(options),
    )
    if verb is Verb.FIND:
        return replace(call, criteria=criteria)
    records = draw(st.lists(values, min_size=1, max_size=3))
    scope = Scope(before=asked, within=NORTH.filter, after=criteria, read_only=("city",))
    return replace(call, records=records, scope=scope, log=draw(st.none() | logs))


@pytest.mark.parametrize("dialect, context", [
    (ECOSYS, SoapContext(CHECK)), (ECOSYS_REST_XML, RestContext(CHECK)), (ECOSYS_REST_JSON, RestContext(CHECK)),
], ids=lambda each: getattr(each, "name", ""))  # fmt: skip
@pytest.mark.parametrize("criteria", [(), (PROVINCE,), (PROVINCE, SITE)], ids=len)
@pytest.mark.parametrize("title", ["TriggerValidate", "Nightly"])
def test_reads_the_event_that_it_asks(dialect, context, criteria, title):
    operation, log = OPERATIONS.get("customers", CHECK.event), LogOptions("DETAIL", title)
    call = Call(operation, criteria=criteria, limit=SETTINGS.records_limit, credentials=Password("ada", "p"), log=log)

    assert dialect.read(dialect.build_request(call, context), OPERATIONS, SETTINGS) == call


@pytest.mark.parametrize("dialect, context", DIALECTS)
@settings(max_examples=60)
@given(call=calls())
def test_reads_what_it_asks(dialect, context, call):
    read = dialect.read(dialect.build_request(call, context), OPERATIONS, SETTINGS)

    assert read == call
    assert read.context.meta == context.meta
