"""
A skeleton: the whole message that asks an operation, header included, ready to be sent and explained by comments.

It is made by the dialect's own `build_request`, so it is what the dialect's `read` reads. Sent unchanged, no record of
it fails: for a key that exists with find, update, put and remove; for a new one with add and put.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote_plus

from records.shapes.criteria import UNLIMITED, Comparator, Criterion, Scope
from records.shapes.fields import Field, Kind
from records.shapes.problems import Path
from records.shapes.resources import VENDOR, Resource
from records.shapes.values import EMPTY, Values
from webservices.wire.contracts.annotations import MessageComments, annotate_json, annotate_xml
from webservices.wire.contracts.examples import (
    OF_ITS_OWN,
    build_record,
    drop_fields,
    example_record,
    find_example,
    stored_example,
)
from webservices.wire.credentials import Password
from webservices.wire.dialects.base import Dialect, SkeletonHints, WireField
from webservices.wire.messages import Call, MessageContext, WireRequest
from webservices.wire.operations import Action, Operation, Verb
from webservices.wire.operations import Kind as OperationKind

USER_NAME = "user_name"
ACTION_NOTES: Mapping[Verb | Action, Sequence[str]] = {
    Action.CHECK: ["Checks what it finds against its rules, and changes nothing; fails if one breaks them."],
    Action.INACTIVATE: ["Makes what it finds inactive, all or none."],
    Action.LOG: ["Does nothing but log the call."],
    Action.SET_CURRENCY: ["Put the id of an open session into the header: without one there is no currency to set."],
    Action.CLOSE: ["Put the id of an open session into the header: without one there is none to end."],
}


# By these a record is found that has the value itself.
MEETS_ITSELF = frozenset({Comparator.EQUAL, Comparator.AT_MOST, Comparator.AT_LEAST, Comparator.IN})


@dataclass(frozen=True)
class Skeleton:
    """A message to be edited and sent: where it goes, and its body as text with comments."""

    method: str
    path: str
    query: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """The path with its query."""
        return f"{self.path}?{self.query}" if self.query else self.path


def skeleton(
    dialect: Dialect,
    call: Call,
    context: MessageContext,
    live: Values | None,
    more_notes: Sequence[str] = (),
    opening: Sequence[str] | None = None,
) -> Skeleton:
    """
    The skeleton that spells a call of `skeleton_call` in one context.

    live        the stored record that filled it; None: there is none, and the declared example did
    more_notes  what else there is to say of it
    opening     what there is to say of its records, where they come from elsewhere; None: where they come from
    """
    request = dialect.build_request(call, context)
    hints = dialect.skeleton_hints(call.operation, context)
    return Skeleton(
        method=request.method,
        path=request.path,
        query=request.query,
        text=_annotate(dialect, call, context, request, [*_opening_notes(call, live, opening, hints), *more_notes]),
        # Credentials are the sender's: those of an example must not go out with an input.
        headers={name: value for name, value in request.headers.items() if name.lower() != "authorization"},
    )


def skeleton_call(
    dialect: Dialect,
    operation: Operation,
    key: Mapping[str, str],
    live: Values | None,
    user_name: str,
    context: MessageContext,
) -> Call:
    """
    The Call that a skeleton spells, for one record.

    key   text by key field, and the id where it is known
    live  what fills it; None: the declared example
    """
    credentials, resource = dialect.credentials(operation, Password(user_name, "")), operation.resource
    hints = dialect.skeleton_hints(operation, context)
    if operation.kind is OperationKind.ACTION:
        record = {name: find_example(resource.by_name[name]) for name in operation.takes}
        if user_name and USER_NAME in record:  # whoever looks for a user is one
            record[USER_NAME] = user_name
        return Call(operation, records=[record], credentials=credentials)
    named = _names_of_record(hints, operation, key, live)
    if operation.kind is OperationKind.TRIGGER:
        return Call(operation, criteria=_criteria(hints, resource, named, live), credentials=credentials)
    match operation.verb:
        case Verb.FIND:
            return Call(operation, criteria=_criteria(hints, resource, named, live), credentials=credentials)
        case Verb.REMOVE:
            scope = _required_scope(hints, resource, {**(live or {}), **named})
            return Call(operation, records=[named], credentials=credentials, scope=scope)
    record = build_record(resource, key, live)
    if operation.verb is Verb.ADD or live is None or any(live.get(n) != key.get(n) for n in resource.key):
        record = {**hints.new_values, **record}
    if operation.verb is Verb.ADD or not all(map(named.get, hints.key)):
        record = drop_fields(record, hints.match_fields)
    scope = _required_scope(hints, resource, {**(live or {}), **named, **record})
    read_only = [str(each.path[0]) for each in dialect.wire_fields(operation, context) if each.read_only]
    record = drop_fields(record, read_only)
    record = record if operation.verb is Verb.ADD else named | record
    return Call(operation, records=[record], credentials=credentials, scope=scope)


def _required_scope(hints: SkeletonHints, resource: Resource, record: Values) -> Scope:
    """The criteria without which the wire takes no write, met by a record."""
    required = [hint for hint in hints.only_criteria or () if hint.required]
    paths = (hint.criterion.path for hint in required)
    values = {str(path[0]): _one_entry(record, path) or _one_entry(stored_example(resource), path) for path in paths}
    return (
        Scope(before=replace(hints, only_criteria=required).build_criteria(resource, values)) if required else UNLIMITED
    )


def _names_of_record(
    hints: SkeletonHints, operation: Operation, key: Mapping[str, str], live: Values | None
) -> dict[str, str]:
    """
    The values that name the record in this context; its key where they are not known.

    Of a record that is not there they are those of its key, beside the record of the example that it belongs to.
    """
    resource = operation.resource
    if live is not None:
        known = {**{name: text for name, text in live.items() if isinstance(text, str)}, **key}
        if all(map(known.get, hints.key)):
            return {name: known[name] for name in hints.key}
    elif all(map(key.get, hints.key)):
        return {name: key[name] for name in hints.key}
    example = example_record(resource)
    owners = [name for name in hints.key if name not in key and resource.by_name[name].reference is not None]
    return {**{name: str(example[name]) for name in owners}, **{name: key[name] for name in resource.key}}


def _criteria(
    hints: SkeletonHints, resource: Resource, named: Mapping[str, str], live: Values | None
) -> tuple[Criterion, ...]:
    """Criteria that find the live record: its name, and what else this dialect's own skeletons ask for."""
    also = {name: _one_entry(live, (name,)) for name in hints.criteria}
    for hint in hints.only_criteria or ():
        path = hint.criterion.path
        also[str(path[0])] = _one_entry(live, path) if hint.criterion.comparator in MEETS_ITSELF else ""
        if hint.required and not also[str(path[0])]:
            also[str(path[0])] = _one_entry(stored_example(resource), path)
    return hints.build_criteria(resource, {**also, **named})


def _one_entry(record: Values | None, path: Path) -> str:
    value = (record or {}).get(str(path[0]), EMPTY)
    if isinstance(value, Mapping):
        value = value.get(str(path[-1]), EMPTY)
    if isinstance(value, list):
        # A criterion takes one value: of a list, its first entry.
        value = value[0] if value else EMPTY
    return value if isinstance(value, str) else ""


def _opening_notes(
    call: Call, live: Values | None, opening: Sequence[str] | None, hints: SkeletonHints
) -> Sequence[str]:
    if call.operation.kind in (OperationKind.ACTION, OperationKind.TRIGGER):
        return ACTION_NOTES.get(call.operation.verb, ())
    return [*_notes(call, live, hints)] if opening is None else opening


def _annotate(dialect: Dialect, call: Call, context: MessageContext, request: WireRequest, notes: Sequence[str]) -> str:
    annotate = {"xml": annotate_xml, "json": annotate_json}[dialect.media]
    hints = dialect.skeleton_hints(call.operation, context)
    comments = field_comments(dialect, call.operation, context, hints)
    if call.operation.verb is Verb.FIND:
        notes = [*notes, *_comparators(dialect, call, context, request, comments), *hints.search_notes]
    if hints.is_text:
        notes = [*notes, *_text_comments(comments, _row_comments(dialect, call, context))]
    rest, rows = [*_not_sent(dialect, call, context)], _row_comments(dialect, call, context)
    return annotate(request.body, MessageComments(comments, notes, rest, rows))


def _text_comments(comments: Mapping[str, str], rows: Mapping[str, MessageComments]) -> Iterator[str]:
    """The comments of what comes as text, where none can stand beside what it is about."""
    yield "The members of a record:"
    for name, comment in comments.items():
        yield f"    {name}: {comment}"
        inner = rows[name].comments if name in rows else {}
        yield from (f"        {each}: {words}" for each, words in inner.items())


def field_comments(
    dialect: Dialect, operation: Operation, context: MessageContext, hints: SkeletonHints
) -> dict[str, str]:
    """The comment of each writable field, of what names a record, and of each criterion, by its name on the wire."""
    resource = operation.resource
    wire_fields = [*dialect.wire_fields(operation, context)]
    comments = {each.name: field_comment(operation, each, dialect) for each in wire_fields}
    known = {each.path[0] for each in wire_fields}
    for entry in (resource.by_name[name] for name in hints.key if name not in known):
        comments[dialect.spell(resource.plural, (entry.name,))] = _comment(
            dialect.describe(entry), dialect.help(entry), needed=operation.verb in (Verb.UPDATE, Verb.REMOVE)
        )
    own = dialect.vendor_fields.get(resource.plural, ()) if operation.writes and not operation.needs_only_key else ()
    comments |= {each.name: _comment(each, each.help, needed=False) for each in own}
    for hint in hints.only_criteria or ():
        entry = dialect.describe(resource.by_name[str(hint.criterion.path[0])])
        comments.setdefault(hint.name, _comment(entry, dialect.help(entry), needed=hint.required))
    return comments


def field_comment(operation: Operation, wire_field: WireField, dialect: Dialect) -> str:
    """`optional: text, at most 50 characters. Shown instead of it.`"""
    entry = wire_field.field
    if wire_field.read_only:
        return _comment(dialect.describe(entry), dialect.help(entry), words="read only")
    makes, resource = operation.verb in (Verb.ADD, Verb.PUT), operation.resource
    if entry.name in resource.key:
        needed = resource.needs(entry) or (entry.auto_number and not makes)
    else:
        needed = entry.required and makes
    return _comment(dialect.describe(entry), dialect.help(entry), needed=needed and operation.writes)


def _comment(entry: Field, help: str, *, needed: bool = False, words: str = "") -> str:
    words = words or ("required" if needed else "optional")
    return f"{words}: {entry.limits()}" + (f". {help.rstrip('.')}." if help else "")


def _row_comments(dialect: Dialect, call: Call, context: MessageContext) -> dict[str, MessageComments]:
    """The comments of the rows that this message sends, by the wire's name of the field that holds them."""
    resource = call.operation.resource
    sent = call.records[0] if call.records else {}
    found = {}
    for wire_field in dialect.wire_fields(call.operation, context):
        entry = wire_field.field
        rows = sent.get(entry.name)
        if entry.kind is Kind.ROWS and isinstance(rows, list) and isinstance(row := rows[0], dict):
            comments = {
                dialect.spell(resource.plural, (entry.name, 0, inner.name)).rpartition(".")[2]: (
                    inner,
                    _comment_in_row(dialect.describe(inner)),
                )
                for inner in entry.child.writable
                if dialect.row_carries(resource.plural, entry.name, inner)
            }
            found[wire_field.name] = MessageComments(
                {name: comment for name, (_, comment) in comments.items()},
                rest=[
                    f"{name}, not sent here, is {words}" for name, (i, words) in comments.items() if i.name not in row
                ],
            )
    return found


def _comment_in_row(entry: Field) -> str:
    return _comment(entry, entry.help, needed=entry.required)


def _notes(call: Call, live: Values | None, hints: SkeletonHints) -> Iterator[str]:
    operation, resource = call.operation, call.operation.resource
    label = resource.label.lower()
    record = {**(live or {}), **call.records[0]} if call.records else {}
    named = ", ".join(str(record[name]) for name in resource.key if record.get(name)) or "with a number that is drawn"
    match operation.verb, live:
        case ((Verb.UPDATE | Verb.REMOVE), None):
            yield f"No {label} {named} is known: sent as it is, this call finds nothing and changes nothing."
        case ((Verb.ADD | Verb.PUT), None):
            yield f"A new {label} {named}, filled from the declared example."
        case Verb.ADD, _ if not all(record[name] for name in resource.key):
            yield f"A new {label} {named}, and the values of a live one."
        case Verb.ADD, _:
            yield f"A new {label} with a free key, {named}, and the values of a live one."
        case Verb.UPDATE, _ if hints.replaces:
            yield f"The {label} {named} as it is now. It is replaced: what is left out is cleared."
        case ((Verb.UPDATE | Verb.PUT), _):
            yield f"The {label} {named} as it is now. What is left out stays; what is sent empty is cleared."
        case Verb.REMOVE, _ if "active" in resource.by_name:
            yield f"Removes the {label} {named}; one that is in use is made inactive instead."
        case Verb.REMOVE, _:
            yield f"Removes the {label} {named}."


def _comparators(
    dialect: Dialect, call: Call, context: MessageContext, request: WireRequest, comments: Mapping[str, str]
) -> Iterator[str]:
    """The other comparators: by name where the message has them, or by the query that each makes of the address."""
    comparators = dialect.skeleton_hints(call.operation, context).comparators
    if not comparators:
        yield "All that is asked for must be met."
    elif request.body:
        yield f"Every criterion must be met. Comparators: {'  '.join(comparators)}"
    elif request.query and call.criteria:
        criteria = [replace(call.criteria[-1], comparator=each) for each in comparators]
        queries = [dialect.build_request(replace(call, criteria=(each,)), context).query for each in criteria]
        order = "  ".join(comparators)
        yield f"Every criterion in the address must be met. The comparators, in the order of {order}"
        yield from (f"    {unquote_plus(query)}" for query in queries)
        yield "Every field can be asked for:"
        rows = {
            dialect.spell(call.operation.resource.plural, (entry.name,))
            for entry in call.operation.resource.fields
            if entry.kind is Kind.ROWS
        }
        for name, comment in comments.items():
            if name not in rows:
                yield f"    {name}: {comment.removeprefix('optional: ')}"
    else:
        yield "The address names what is asked for; there is no body."


def _not_sent(dialect: Dialect, call: Call, context: MessageContext) -> Iterator[str]:
    """The optional fields that this message does not send, of those that its wire has."""
    operation = call.operation
    if operation.kind is not OperationKind.WRITE or operation.needs_only_key:
        return
    resource, sent = operation.resource, call.records[0]
    for each in dialect.wire_fields(operation, context):
        name = str(each.path[0])
        if not each.field.secret and not _has_value(sent, each.path):
            such = ""
            if name in OF_ITS_OWN.get(resource.plural, ()):
                such = f" Such as {json.dumps(example_record(resource)[name], ensure_ascii=False)}"
            yield f"{each.name}, not sent here, is {field_comment(operation, each, dialect)}{such}"
    data = sent.get(VENDOR)
    # A name of the wire's own may say a field of the hub's as well: a status, if a record is active.
    names = {dialect.spell(resource.plural, (name,)) for name in sent} | {*(data if isinstance(data, Mapping) else ())}
    for own in dialect.vendor_fields.get(resource.plural, ()):
        if own.name not in names:
            yield f"{own.name}, not sent here, is {_comment(own, own.help, needed=False)}"


def _has_value(record: Values, path: Path) -> bool:
    """True if a record has a value at a path; an entry of a map that is cleared as a whole has one."""
    value = record.get(str(path[0]))
    return str(path[-1]) in value if len(path) > 1 and isinstance(value, Mapping) else value is not None
