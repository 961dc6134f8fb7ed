"""
What became of each object of a write, free of how it is written.

    <ObjectResult index="1" successFlag="false" internalId="" externalId="Project DEF">
      <ResultMessage level="FAILURE" reasonCode="ESRC_OBJECT_NOT_FOUND_BY_KEY">
        <KeyName>Project DEF</KeyName>                       over REST: Cost Object ID "Project DEF"
        <Message>There is no customer with CostObjectID Project DEF.</Message>
      </ResultMessage>
    </ObjectResult>

One for each object of the call, in their order. A success may carry warnings.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from records.shapes.outcomes import Outcome, Result
from records.shapes.problems import Path, Problem
from records.shapes.resources import Resource
from webservices.wire.dialects.ecosys.columns import Columns, columns_of
from webservices.wire.dialects.ecosys.context import EcoSysContext
from webservices.wire.dialects.ecosys.names import (
    COOKIE,
    COOKIE_PATH,
    FAILURE,
    UNKNOWN,
    WARNING,
    caption,
    spelled,
    standing_of,
)
from webservices.wire.messages import Answer, Failure
from webservices.wire.operations import Operation

DRY = "Dry run: nothing was kept."
CHALLENGE = 'Basic realm="Counterpart", charset="UTF-8", Bearer realm="Counterpart"'


@dataclass(frozen=True)
class Message:
    """One message about an object; `reason` is "" where it warns."""

    level: str
    text: str
    reason: str = ""


@dataclass(frozen=True)
class ObjectResult:
    """What became of one object."""

    index: int
    success: bool
    internal_id: str
    external_id: str
    messages: tuple[Message, ...]


def results(answer: Answer, context: EcoSysContext) -> Iterator[ObjectResult]:
    """One result for each object, in the order in which they came."""
    columns = columns_of(context, answer.operation.resource)
    for index, outcome in enumerate(answer.outcomes):
        messages = [*_messages(outcome, answer.operation, columns)]
        if answer.dry and not outcome.failed:
            messages.append(Message(WARNING, DRY))
        internal = "" if outcome.id is None else str(outcome.id)
        yield ObjectResult(index, not outcome.failed, internal, outcome.key, tuple(messages))


def told(outcome: Outcome, operation: Operation, context: EcoSysContext) -> list[tuple[str, str]]:
    """The messages about an object, each with its reason code, for the log of batch jobs; a warning has none."""
    columns = columns_of(context, operation.resource)
    return [(message.reason, message.text) for message in _messages(outcome, operation, columns)]


def _messages(outcome: Outcome, operation: Operation, columns: Columns) -> Iterator[Message]:
    for problem in outcome.problems:
        reason = standing_of(problem, operation.verb).reason
        yield Message(FAILURE if outcome.failed else WARNING, sentence(problem, operation, columns), reason)
    if outcome.failed and not outcome.problems:
        yield Message(FAILURE, "It was not accepted.", "ESRC_VALIDATION_FAULT")
    if outcome.result is Result.INACTIVATED:
        yield Message(WARNING, f"{outcome.key} is in use: it was not deleted but made inactive.")


def spell_in(context: EcoSysContext, resource: Resource, path: Path) -> str:
    """A path as the columns of the message's API name it."""
    return spelled(path, columns_of(context, resource).ids if context.api else {}, resource.plural)


def sentence(problem: Problem, operation: Operation | None, columns: Columns | None) -> str:
    """A problem in words, its fields named as the API's columns are."""
    if operation is None or columns is None:
        return problem.sentence()
    plural = operation.resource.plural
    if problem.code == "unknown-field":
        return _unknown(problem.path, columns, plural)
    if standing_of(problem, operation.verb).reason != standing_of(problem).reason:
        return f"{operation.resource.label} is known, but outside of what this call may see and write."
    return problem.sentence(lambda path: spelled(path, columns.ids, plural))


def _unknown(path: Path, columns: Columns, plural: str) -> str:
    """There is no such column; the nearest of those that there are."""
    *above, name = path
    if above:
        columns = next((each.row for each in columns.all if each.path == tuple(above[:1])), columns)
    wrong = str(name).removeprefix(UNKNOWN)
    near = get_close_matches(wrong.lower(), [each.lower() for each in columns.by_id], n=1, cutoff=0.5)
    meant = next((each for each in columns.by_id if [each.lower()] == near), "")
    text = f"{spelled(path, {}, plural)} is not a column here."
    return f"{text} Did you mean {meant}?" if meant else text


def captioned(result: ObjectResult, columns: Columns, resource: Resource) -> str:
    """The key with its caption, `Cost Object ID "Project DEF"`; of a key of several columns, that of each."""
    captions = [caption(each.id) for each in columns.key_of(resource)]
    values = result.external_id.split(", ") if len(captions) > 1 else [result.external_id]
    if len(values) != len(captions):
        captions, values = [", ".join(captions)], [result.external_id]
    return ", ".join(f'{name} "{value}"' for name, value in zip(captions, values, strict=True))


def failure_sentence(failure: Failure, context: EcoSysContext) -> str:
    """Why a whole call failed."""
    known = failure.operation is not None and context.api is not None
    columns = columns_of(context, failure.operation.resource) if known else None
    return " ".join(sentence(problem, failure.operation, columns) for problem in failure.problems)


def meta(answer: Answer, context: EcoSysContext) -> Mapping[str, str]:
    """What Meta holds: how many objects were given or found, and how many columns the API has."""
    count = len(answer.outcomes) or len(answer.records)
    attributes = len(columns_of(context, answer.operation.resource).all)
    return {"ObjectCount": str(count), "AttributeCount": str(attributes)}


def performance(answer: Answer) -> Mapping[str, str]:
    """What Performance holds; nothing where the time was not taken."""
    timing = answer.clock() if answer.clock else answer.timing
    if timing is None:
        return {}
    seconds = {"ElapsedSeconds": timing.elapsed, "CpuSeconds": timing.cpu, "DbSeconds": timing.database}
    return {name: f"{value:.3f}" for name, value in seconds.items()}


def cookie(answer: Answer | Failure, context: EcoSysContext) -> dict[str, str]:
    """The header that keeps a session, or lets one go that has ended."""
    token = answer.session if isinstance(answer, Answer) else ""
    if not token and not (context.forget and isinstance(answer, Answer)):
        return {}
    kept = "" if token else "; Max-Age=0"
    secure = "; Secure" if context.secure else ""
    return {"Set-Cookie": f"{COOKIE}={token}; Path={COOKIE_PATH}; HttpOnly; SameSite=Lax{secure}{kept}"}
