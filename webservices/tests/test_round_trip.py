"""Every operation in every context of every dialect: `read` undoes `build_request`. A new dialect joins by its row."""

from dataclasses import replace

import pytest

from webservices.declarations import OPERATIONS
from webservices.wire.contracts.examples import example_record, find_example
from webservices.wire.credentials import Password
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import Call, Options
from webservices.wire.operations import Kind, Verb

CASES = [
    pytest.param(dialect, operation, context, id=f"{dialect.name}-{operation.name}-{number}")
    for dialect in DIALECTS
    for operation in OPERATIONS
    for number, context in enumerate(dialect.contexts(operation), 1)
]


def sample(dialect, operation, context):
    """A call with all that an operation can carry in a context."""
    record = carried_values(dialect, operation.resource, example_record(operation.resource))
    key = {name: record.get(name, "1") for name in dialect.skeleton_hints(operation, context).key}
    who = dialect.credentials(operation, Password("ada", "s3cret <&"))
    call = Call(operation, credentials=who, options=Options(dry_run=True, idempotency_key="k"))
    if operation.kind is Kind.ACTION:
        values = {name: find_example(operation.resource.by_name[name]) for name in operation.takes}
        return replace(call, records=[carried_values(dialect, operation.resource, values)])
    match operation.verb:
        case Verb.FIND:
            hints = dialect.skeleton_hints(operation, context)
            return replace(call, criteria=hints.build_criteria(operation.resource, key))
        case Verb.REMOVE:
            return replace(call, records=[key])
    return replace(call, records=[record])


def carried_values(dialect, resource, record):
    """The values of a record that a wire has; of a map of which it has one entry, that one."""
    found = {name: value for name, value in record.items() if dialect.carries(resource.plural, resource.by_name[name])}
    keys = {name: getattr(dialect.settings, setting) for name, setting in dialect.single_entries.items()}
    only = {name: {key: found[name][key]} for name, key in keys.items() if isinstance(found.get(name), dict)}
    return found | only


@pytest.mark.parametrize("dialect, operation, context", CASES)
def test_reads_what_it_builds(dialect, operation, context):
    call = sample(dialect, operation, context)

    read = dialect.read(dialect.build_request(call, context), OPERATIONS, dialect.settings)
    again = dialect.read(dialect.build_request(read, read.context), OPERATIONS, dialect.settings)

    assert again == read
    assert (read.operation, read.credentials, read.options) == (operation, call.credentials, call.options)
    if operation.verb is Verb.FIND:
        assert read.criteria == call.criteria
    elif operation.verb is Verb.REMOVE:
        named = {criterion.path[0]: criterion.values[0] for criterion in read.criteria or ()}
        assert named == call.records[0] or list(read.records) == call.records
    else:
        assert list(read.records) == call.records


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_a_dialect_has_a_context_for_some_operation(dialect):
    assert any(dialect.contexts(operation) for operation in OPERATIONS)
