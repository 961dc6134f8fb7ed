"""
A skeleton: the whole message that asks an operation, header included, ready to be sent and explained by comments.

It is made by the dialect's own `ask`, so it is what the dialect's `read` reads. Sent unchanged, no record of it
fails: for a key that exists with find, update, put and remove; for a new one with add and put.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote_plus

from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import Field, Kind
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Values
from webservices.contracts.annotations import annotate_json, annotate_xml
from webservices.contracts.examples import completed_key, record_of
from webservices.dialects.shape import Dialect
from webservices.messages import Call, Manner, Password, WireRequest
from webservices.operations import Operation, Verb


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
    dialect: Dialect, operation: Operation, manner: Manner, key: Values, live: Values | None, user_name: str
) -> Skeleton:
    """
    The skeleton of an operation in one manner, for one key.

    key   text by key field; a blank part of it is the declared example's
    live  the stored record that fills it; None: there is none, and the declared example does
    """
    full_key = completed_key(operation.resource, key)
    call = skeleton_call(dialect, operation, full_key, live, user_name, manner)
    request = dialect.ask(call, manner)
    return Skeleton(
        method=request.method,
        path=request.path,
        query=request.query,
        text=_annotated(dialect, call, manner, request, live),
        headers={name: value for name, value in request.headers.items() if name.lower() != "authorization"},
    )


def skeleton_call(
    dialect: Dialect, operation: Operation, key: Mapping[str, str], live: Values | None, user_name: str, manner: Manner
) -> Call:
    """The Call that a skeleton spells."""
    credentials = Password(user_name, "")
    match operation.verb:
        case Verb.FIND:
            return Call(operation, criteria=_criteria(dialect, operation.resource, key, live), credentials=credentials)
        case Verb.REMOVE:
            return Call(operation, records=[dict(key)], credentials=credentials)
    return Call(operation, records=[record_of(operation.resource, key, live)], credentials=credentials)


def _criteria(
    dialect: Dialect, resource: Resource, key: Mapping[str, str], live: Values | None
) -> tuple[Criterion, ...]:
    """The key, and what else this dialect's own skeletons ask for, so that the live record is found."""
    also = {name: _one_entry(live, name) for name in dialect.also_asked.get(resource.plural, ())}
    return tuple(Criterion((name,), Comparator.EQUAL, (text,)) for name, text in (also | key).items())


def _one_entry(live: Values | None, name: str) -> str:
    value = (live or {}).get(name, EMPTY)
    if isinstance(value, list):
        value = value[0] if value else EMPTY
    return value if isinstance(value, str) else ""


def _annotated(dialect: Dialect, call: Call, manner: Manner, request: WireRequest, live: Values | None) -> str:
    annotate = {"xml": annotate_xml, "json": annotate_json}[dialect.media]
    comments = field_comments(dialect, call.operation)
    notes = [*_notes(call, live)]
    if call.operation.verb is Verb.FIND:
        notes += _comparators(dialect, call, manner, request, comments)
    return annotate(request.body, comments, notes, [*_not_sent(dialect, call)])


def field_comments(dialect: Dialect, operation: Operation) -> dict[str, str]:
    """What each writable field is, by its name on the wire."""
    resource = operation.resource
    return {
        dialect.spell(resource.plural, (entry.name,)): field_comment(operation, entry) for entry in resource.writable
    }


def field_comment(operation: Operation, entry: Field) -> str:
    """`optional: text, at most 50 characters. Shown instead of it.`"""
    needed = entry.name in operation.resource.key or (entry.required and operation.verb in (Verb.ADD, Verb.PUT))
    words = "required" if needed and operation.writes else "optional"
    return f"{words}: {entry.limits()}" + (f". {entry.help.rstrip('.')}." if entry.help else "")


def _notes(call: Call, live: Values | None) -> Iterator[str]:
    operation = call.operation
    label = operation.resource.label.lower()
    named = ", ".join(str(call.records[0][name]) for name in operation.resource.key) if call.records else ""
    match operation.verb, live:
        case ((Verb.UPDATE | Verb.REMOVE), None):
            yield f"No {label} {named} is known: sent as it is, this call finds nothing and changes nothing."
        case ((Verb.ADD | Verb.PUT), None):
            yield f"A new {label} {named}, filled from the declared example."
        case Verb.ADD, _:
            yield f"A new {label} with a free key, {named}, and the values of a live one."
        case ((Verb.UPDATE | Verb.PUT), _):
            yield f"The {label} {named} as it is now. What is left out stays; what is sent empty is cleared."
        case Verb.REMOVE, _:
            yield f"Removes the {label} {named}; one that is in use is made inactive instead."


def _comparators(
    dialect: Dialect, call: Call, manner: Manner, request: WireRequest, comments: Mapping[str, str]
) -> Iterator[str]:
    """How else can be asked: by comparators in the message, or, in the address, by what `ask` makes of each."""
    if request.body:
        yield f"Every criterion must be met. Comparators: {'  '.join(Comparator)}"
    elif request.query:
        criteria = [replace(call.criteria[-1], comparator=each) for each in Comparator]
        queries = [dialect.ask(replace(call, criteria=(each,)), manner).query for each in criteria]
        yield "Every criterion in the address must be met. The comparators, in the order of " + "  ".join(Comparator)
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


def _not_sent(dialect: Dialect, call: Call) -> Iterator[str]:
    """The optional fields that this message does not send, of those that its wire has."""
    operation = call.operation
    if not operation.writes or operation.by_key_alone:
        return
    resource, sent = operation.resource, call.records[0]
    for entry in resource.writable:
        if not entry.secret and entry.name not in sent and entry.name not in dialect.left_out:
            name = dialect.spell(resource.plural, (entry.name,))
            yield f"{name}, not sent here, is {field_comment(operation, entry)}"
