"""The secrets of one call: presented by its caller, sent in its records, or given in its answer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice

from records.shapes.fields import Kind as FieldKind
from records.shapes.recognition import find_mixed, is_mixed
from records.shapes.resources import Resource
from records.shapes.values import LONGEST_QUOTE, Value, Values
from webservices.access.keys import parse_token
from webservices.wire.credentials import Bearer, Credentials, Password, SessionToken, SignedToken
from webservices.wire.messages import Answer, Call, Failure, RequestError
from webservices.wire.operations import Kind

MOST_STRANGE = 20  # texts of fields that are not known


def collect_secrets(
    credentials: Iterable[Credentials], user_name: str, call: Call | None, answer: Answer | Failure | None
) -> set[str]:
    """
    All texts that may be stored and logged nowhere.

    user_name  of the user who exists: a name that nobody has may be a misplaced password, so it counts as a secret

    An idempotency key that looks drawn by chance may be a misplaced password, too; one that is a UUID is not.

    Of a token also the secret part alone, and of a long secret also what a sentence would quote of it.
    """
    found = _secrets_of_records(call, answer)
    if call is not None and is_mixed(call.options.idempotency_key):
        found.add(call.options.idempotency_key)
    for each in credentials:
        match each:
            case Password(name, secret):
                found |= {secret} if name == user_name else {secret, name}
            case Bearer(token) | SessionToken(token) | SignedToken(token):
                found.add(token)
    found |= {parts[1] for secret in found if (parts := parse_token(secret))}
    # Sentences quote no more than the beginning of a long value, which is no repetition of the whole.
    return found | {secret[:LONGEST_QUOTE] for secret in found}


def _secrets_of_records(call: Call | None, answer: Answer | Failure | None) -> set[str]:
    """The secret fields of an action, sent and answered; and the id of the session that the call has opened."""
    found = {answer.session} if isinstance(answer, Answer) else set()
    if call is None:
        return found
    if call.operation.kind is not Kind.ACTION:
        return found | set(islice(_strange_secrets(call, answer), MOST_STRANGE))
    names = [field.name for field in call.operation.resource.fields if field.secret]
    answered: Iterable[Values] = answer.records if isinstance(answer, Answer) else ()
    sent: Sequence[Values] = ()
    # Records are parsed as they are read; those of a call that was refused before may raise here for the first time.
    with suppress(RequestError):
        sent = [*call.records]
    values = (record.get(name) for record in (*sent, *answered) for name in names)
    return found | {value for value in values if isinstance(value, str)}


def _strange_secrets(call: Call, answer: Answer | Failure | None) -> Iterator[str]:
    """Yield what looks drawn by chance in fields that the records do not have: such a record has failed."""
    outcomes = answer.outcomes if isinstance(answer, Answer) else ()
    failed = [number for number, outcome in enumerate(outcomes) if outcome.failed and number < len(call.records)]
    for text in islice(_strange_texts((call.records[number] for number in failed), call.operation.resource), 1000):
        yield from find_mixed(text)


def _strange_texts(records: Iterable[Values], resource: Resource) -> Iterator[str]:
    for record in records:
        for name, value in record.items():
            field = resource.by_name.get(name)
            if field is None:
                yield from _texts(value)
            elif field.kind is FieldKind.ROWS and isinstance(value, list):
                yield from _strange_texts([row for row in value if isinstance(row, Mapping)], field.child)


def _texts(value: Value) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            yield from (text for each in value for text in _texts(each))
        case dict():
            yield from (text for each in value.values() for text in _texts(each))
