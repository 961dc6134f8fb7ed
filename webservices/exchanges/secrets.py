"""The secrets of one call: presented by its caller, sent in its records, or given in its answer."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from records.shapes.values import LONGEST_QUOTE, Values
from webservices.access.keys import parse_token
from webservices.wire.credentials import Bearer, Credentials, Password, SessionToken, SignedToken
from webservices.wire.messages import Answer, Call, Failure, RequestError
from webservices.wire.operations import Kind


def collect_secrets(
    credentials: Iterable[Credentials], user_name: str, call: Call | None, answer: Answer | Failure | None
) -> set[str]:
    """
    All texts that may be stored and logged nowhere.

    user_name  of the user who exists: a name that nobody has may be a misplaced password, so it counts as a secret

    Of a token also the secret part alone, and of a long secret also what a sentence would quote of it.
    """
    found = _secrets_of_records(call, answer)
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
    if call is None or call.operation.kind is not Kind.ACTION:
        return found
    names = [field.name for field in call.operation.resource.fields if field.secret]
    answered: Iterable[Values] = answer.records if isinstance(answer, Answer) else ()
    sent: Sequence[Values] = ()
    # Records are parsed as they are read; those of a call that was refused before may raise here for the first time.
    with suppress(RequestError):
        sent = [*call.records]
    values = (record.get(name) for record in (*sent, *answered) for name in names)
    return found | {value for value in values if isinstance(value, str)}
