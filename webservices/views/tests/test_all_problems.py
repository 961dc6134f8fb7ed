"""All that is wrong with a record is told in one answer, on every wire and by every operation that writes."""

import html
import re
from dataclasses import replace

import pytest

from records.models import Change
from records.shapes.fields import Kind
from webservices import endpoint
from webservices.declarations import OPERATIONS
from webservices.publishing import current_operations, dialect_settings
from webservices.tests.test_idempotency import stored_record, superuser
from webservices.wire.credentials import Password
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import Call
from webservices.wire.operations import Verb

ADA = Password("ada", "ada-ada!")
NUMBERS = (Kind.INTEGER, Kind.DECIMAL)

CASES = [
    pytest.param(dialect, operation, number, id=f"{dialect.name}-{operation.name}-{number}")
    for dialect in DIALECTS
    for operation in OPERATIONS
    if operation.verb in (Verb.ADD, Verb.UPDATE, Verb.PUT)
    for number, _ in enumerate(dialect.contexts(operation))
]


def is_number(field):
    return (field.kind in NUMBERS and not field.reference) or field.kind is Kind.DATE


def is_limited(field):
    return field.kind is Kind.TEXT and field.max_length and not (field.reference or field.choices or field.pattern)


def is_name(field):
    return field.reference is not None and field.kind is Kind.TEXT


# For each kind of fault, the fields that may have it, and the value that does.
FAULTS = {
    "no number, no day": (is_number, lambda field: "soon"),
    "too long": (is_limited, lambda field: "x" * (field.max_length + 1)),
    "no such record": (is_name, lambda field: "NOBODY"),
    "unknown": (is_limited, lambda field: "x"),
}


TEXTS = {"sap-cpq": ("lead_time",)}  # numbers that a vendor has as texts: `3 weeks`


def wrong_values(dialect, operation):
    """A record in which each fault has a field of its own, where there is one: values by field; the field unknown."""
    resource = operation.resource
    unfit = {*resource.key, *TEXTS.get(dialect.name, ())}
    fields = [f for f in resource.writable if f.name not in unfit and dialect.carries(resource.plural, f)]
    found = {}
    for is_fit, build_value in FAULTS.values():
        fit = next((f for f in reversed(fields) if is_fit(f) and f.name not in found and not f.custom), None)
        if fit is not None:
            found[fit.name] = build_value(fit)
    return found, next((name for name, value in found.items() if value == "x"), "")


def key_values(dialect, operation, context, caller):
    """Return the key of a stored record or, to be added, of a new one."""
    live = stored_record(operation, caller) if operation.find else {}
    if operation.verb is not Verb.ADD:
        return {name: live[name] for name in dialect.skeleton_hints(operation, context).key}
    own = next(field.name for field in reversed(operation.resource.key_fields) if field.kind is Kind.TEXT)
    return {name: live[name] for name in operation.resource.key if live.get(name)} | {own: "NEW"}


@pytest.mark.parametrize("dialect, operation, number", CASES)
def test_all_that_is_wrong_is_told_at_once(dialect, operation, number, demo_world, db, stored_hash):
    caller = superuser("ada", stored_hash)
    spoken = dialect.for_site(dialect_settings(dialect))
    operation = current_operations().get(operation.resource.plural, operation.verb)
    context = spoken.contexts(operation)[number]
    values, unknown = wrong_values(spoken, operation)
    if not unknown:
        pytest.skip("It has one field beside its key.")
    record = key_values(spoken, operation, context, caller) | values
    call = Call(operation, records=[record], credentials=spoken.credentials(operation, ADA))
    request = spoken.build_request(call, context)
    spell = spoken.speller(context, operation)
    name = spell((unknown,)).encode()
    # Whole words: the name may be a part of another one.
    body = re.sub(rb"\b%s(?=[>\"& ])" % name, name + b"zq", request.body)
    before = Change.objects.count()

    response = endpoint.serve(dialect, replace(request, body=body), ADA)

    # Where failed records have no entry in the body, a header says why.
    text = html.unescape(response.body.decode() + "".join(response.headers.values()))
    for each in values:
        spelled = spell((each,)) + ("zq" if each == unknown else "")
        assert re.search(rf"\b{spelled}\b", text), (spelled, values, text)
    assert Change.objects.count() == before
