"""
The results of the objects of a write, and the sentences and headers of any answer, for SOAP and REST alike.

    <ObjectResult index="1" successFlag="false" internalId="" externalId="Project DEF">
      <ResultMessage level="FAILURE" reasonCode="ESRC_OBJECT_NOT_FOUND_BY_KEY">
        <KeyName>Project DEF</KeyName>                       over REST: Cost Object ID "Project DEF"
        <Message>There is no customer with CostObjectID Project DEF.</Message>
      </ResultMessage>
    </ObjectResult>

One for each object of the call, in their order. A success may carry warnings.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from records.shapes.outcomes import ROLLED_BACK, Outcome, Result
from records.shapes.problems import Family, Path, Problem
from records.shapes.resources import Resource
from webservices.wire.dialects.ecosys.codes import FAILURE, VALIDATION, WARNING, find_error_code
from webservices.wire.dialects.ecosys.columns import Columns, get_columns
from webservices.wire.dialects.ecosys.context import EcoSysContext
from webservices.wire.dialects.ecosys.names import (
    COOKIE,
    COOKIE_PATH,
    caption,
    spell_path,
)
from webservices.wire.dialects.ecosys.published import NO_API
from webservices.wire.messages import Answer, Failure
from webservices.wire.operations import Kind, Operation

DRY = "Dry run: nothing was kept."
# Both schemes that are taken, for clients to choose from.
CHALLENGE = 'Basic realm="Counterpart", charset="UTF-8", Bearer realm="Counterpart"'


@dataclass(frozen=True)
class Message:
    """One message about an object; `reason` is "" where it warns."""

    level: str
    text: str
    reason: str = ""


@dataclass(frozen=True)
class ObjectResult:
    """
    The result of one object.

    internal_id  the hub's id; "" where there is none
    external_id  the key, as it was sent
    """

    index: int
    success: bool
    internal_id: str
    external_id: str
    messages: tuple[Message, ...]


def results(answer: Answer, context: EcoSysContext) -> Iterator[ObjectResult]:
    """Iterate over the results of a write, one for each object, in the order in which they were sent."""
    columns = get_columns(context, answer.operation.resource)
    for index, outcome in enumerate(answer.outcomes):
        messages = [*_build_messages(outcome, answer.operation, columns)]
        if answer.dry and not outcome.failed:
            messages.append(Message(WARNING, DRY))
        internal = "" if outcome.id is None else str(outcome.id)
        yield ObjectResult(index, not outcome.failed, internal, outcome.key, tuple(messages))


def outcome_messages(outcome: Outcome, operation: Operation, context: EcoSysContext) -> list[tuple[str, str]]:
    """Return reason code and text of the messages about an object, for the log of batch jobs; a warning has no code."""
    columns = get_columns(context, operation.resource)
    return [(message.reason, message.text) for message in _build_messages(outcome, operation, columns)]


def _build_messages(outcome: Outcome, operation: Operation, columns: Columns) -> Iterator[Message]:
    for problem in outcome.problems:
        reason = find_error_code(problem, operation.verb).reason
        yield Message(FAILURE if outcome.failed else WARNING, build_sentence(problem, operation, columns), reason)
    for warning in outcome.warnings:
        yield Message(WARNING, build_sentence(warning, operation, columns))
    if outcome.failed and not outcome.problems:
        yield Message(FAILURE, "It was not accepted.", VALIDATION)
    if outcome.result is Result.INACTIVATED:
        yield Message(WARNING, f"{outcome.key} is in use: it was not deleted but made inactive.")


def spell_for_api(context: EcoSysContext, resource: Resource, path: Path) -> str:
    """Spell a path by the columns of the message's API, and by rule where the API is not known."""
    ids = get_columns(context, resource).ids if context.api is not NO_API else {}
    return spell_path(path, ids, resource.plural)


def build_sentence(problem: Problem, operation: Operation | None, columns: Columns | None) -> str:
    """Build the sentence of a problem, its fields named as the API's columns are."""
    if operation is None or columns is None:
        return problem.sentence()
    plural = operation.resource.plural
    if problem.code == "unknown-field":
        problem = replace(problem, text="{field} is not a column here.")
    # A new object that is said to be not found is stored, but hidden by the filter: see `find_error_code`.
    if find_error_code(problem, operation.verb).reason != find_error_code(problem).reason:
        return f"{operation.resource.label} is known, but outside of what this call may see and write."
    return problem.sentence(lambda path: spell_path(path, columns.ids, plural))


def caption_key(result: ObjectResult, columns: Columns, resource: Resource) -> str:
    """Return the key with the caption of each of its columns: `Cost Object ID "Project DEF"`."""
    captions = [caption(each.id) for each in columns.key_attributes(resource)]
    values = result.external_id.split(", ") if len(captions) > 1 else [result.external_id]
    if len(values) != len(captions):  # a value has a comma of its own, or a column of the key is not published
        captions, values = [", ".join(captions)], [result.external_id]
    return ", ".join(f'{name} "{value}"' for name, value in zip(captions, values, strict=True))


def failure_sentence(failure: Failure, context: EcoSysContext) -> str:
    """Build the sentences of a whole call that failed."""
    operation = failure.operation
    is_known = operation is not None and context.api is not NO_API
    columns = get_columns(context, operation.resource) if operation is not None and is_known else None
    return " ".join(build_sentence(problem, operation, columns) for problem in failure.problems)


MOST_IN_SENTENCE = 5


def find_event_failure(answer: Answer, context: EcoSysContext) -> Failure | None:
    """Return the failure of an event for its caller, to whom only the whole counts; None: it succeeded."""
    failed = [outcome for outcome in answer.outcomes if outcome.failed and outcome.problems[:1] != (ROLLED_BACK,)]
    if answer.operation.kind is not Kind.TRIGGER or not failed:
        return None
    resource, columns = answer.operation.resource, get_columns(context, answer.operation.resource)
    sentences = [
        f"{resource.label} {outcome.key}: {build_sentence(problem, answer.operation, columns)}"
        for outcome in failed[:MOST_IN_SENTENCE]
        for problem in outcome.problems[:1]
    ]
    text = f"{len(failed):,} of {len(answer.outcomes):,} {resource.label_plural.lower()} failed, so nothing was done."
    further = len(failed) - MOST_IN_SENTENCE
    if further > 0:
        sentences.append(f"And {further:,} more.")
    problem = Problem("event-failed", Family.INVALID, " ".join([text, *sentences]))
    return Failure((problem,), answer.operation, answer.call_id, at=answer.at)


def meta_texts(answer: Answer, context: EcoSysContext) -> Mapping[str, str]:
    """Return the content of Meta: the number of objects that were sent or found, and of the API's columns."""
    count = len(answer.outcomes) or len(answer.records)
    attributes = len(get_columns(context, answer.operation.resource).all)
    return {"ObjectCount": str(count), "AttributeCount": str(attributes)}


def performance_texts(answer: Answer) -> Mapping[str, str]:
    """Return the content of Performance, in seconds; {} where the time was not measured."""
    timing = answer.clock() if answer.clock else answer.timing  # a list that is still being written has a clock
    if timing is None:
        return {}
    seconds = {"ElapsedSeconds": timing.elapsed, "CpuSeconds": timing.cpu, "DbSeconds": timing.database}
    return {name: f"{value:.3f}" for name, value in seconds.items()}


def cookie_headers(answer: Answer, context: EcoSysContext) -> dict[str, str]:
    """Return the header that sets the cookie of a session, or deletes it after the session's end; {} for neither."""
    if not answer.session and not context.ends_session:
        return {}
    lifetime = "" if answer.session else "; Max-Age=0"
    # Lax and HttpOnly: no form of another site and no script can use the session.
    secure = "; Secure" if context.secure else ""
    return {"Set-Cookie": f"{COOKIE}={answer.session}; Path={COOKIE_PATH}; HttpOnly; SameSite=Lax{secure}{lifetime}"}
