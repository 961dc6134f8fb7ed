"""
Oracle CPQ answers.

    <bm:modifyPartsResponse xmlns:bm="…the request's namespace…">
      <bm:status>
        <bm:success>true</bm:success>
        <bm:message>Sun Jun 04 18:43:24 UTC 2017 - Counterpart processed modifyParts</bm:message>
        <bm:records_read>2</bm:records_read> … <bm:records_updated>1</bm:records_updated>
        <bm:detail>Record 2 (PUMP-200): direct_buy must be one of 0, 1, 2; '9' is not.</bm:detail>
        <bm:warning>1 of 2 records failed; detail says why.</bm:warning>
      </bm:status>
    </bm:modifyPartsResponse>

getPartsResponse has records_returned, and Parts with each_record. When all records fail, and when the whole call does,
the answer is a fault with bm:fault in its detail.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from records.shapes.outcomes import Outcome, Result
from records.shapes.problems import Family, Problem
from records.shapes.streams import Stream
from webservices.wire.dialects.hints import UNKNOWN_FIELD
from webservices.wire.dialects.oracle.classic import NAMES
from webservices.wire.dialects.oracle.codes import SERVICE, ErrorCode, get_code
from webservices.wire.dialects.oracle.context import OracleContext
from webservices.wire.dialects.oracle.headers import Version
from webservices.wire.dialects.oracle.names import PREFIX, operation_name, spell, wrapper
from webservices.wire.dialects.oracle.security import session_cookie, write_action_answer
from webservices.wire.dialects.oracle.values import record_block_writer, record_writer
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.operations import Kind
from webservices.wire.soap import security
from webservices.wire.soap.envelope import envelope_texts, write_envelope
from webservices.wire.soap.faults import Fault, fault_of_envelope, write_fault
from webservices.wire.soap.versions import SOAP_11
from webservices.wire.streaming import build_response, write_records
from webservices.wire.xml.writing import Markup, element, element_texts, join

DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
DRY = "Dry run: nothing was kept."


def write_version(version: Version, answer: Answer | Failure, context: OracleContext) -> WireResponse:
    """Write an answer in the envelope and the namespace of its request."""
    # A message that could not be read to its first element has said no namespace; its service has one.
    if not context.namespace:
        context = replace(context, namespace=version.namespace(context.plural))
    if isinstance(answer, Failure):
        return _fault_response(_failure_fault(version, answer, context), context, answer.retry_after)
    # Where no record was accepted the call has failed: clients look at the fault, not at a count in a status.
    if answer.outcomes and all(outcome.failed for outcome in answer.outcomes):
        return _fault_response(_business_fault(SERVICE, "\n".join(_reasons(answer)), context), context)
    if isinstance(answer.records, Stream):
        return _stream_records(answer, answer.records, context)
    content = _CONTENT_WRITERS[answer.operation.kind](answer, context)
    body = element(_response_name(answer), content, attributes={f"xmlns:{PREFIX}": context.namespace})
    headers = session_cookie(answer.operation, next(iter(answer.records))) if answer.records else {}
    return WireResponse(200, write_envelope(body, context.version), context.version.content_type, headers)


def _response_name(answer: Answer) -> str:
    return f"{PREFIX}:{operation_name(answer.operation)}Response"


def _stream_records(answer: Answer, records: Stream, context: OracleContext) -> WireResponse:
    """Write many records bit by bit, as they are found; the same as `_write_records` has them at once."""
    resource = answer.operation.resource
    texts = write_records(
        records,
        record_writer(resource, stamps=context.stamps),
        record_block_writer(resource, stamps=context.stamps),
    )
    content = chain(
        [_status(answer, _record_count(answer))],
        element_texts(f"{PREFIX}:{wrapper(resource.plural)}", map(Markup, texts)),
    )
    body = element_texts(_response_name(answer), content, {f"xmlns:{PREFIX}": context.namespace})
    return build_response(answer, envelope_texts(body, context.version), context.version.content_type)


def _write_records(answer: Answer, context: OracleContext) -> Markup:
    write_one = record_writer(answer.operation.resource, stamps=context.stamps)
    name = f"{PREFIX}:{wrapper(answer.operation.resource.plural)}"
    records = element(name, Markup("".join(map(write_one, answer.records))))
    return join([_status(answer, _record_count(answer)), records])


def _write_counts(answer: Answer, context: OracleContext) -> Markup:
    return _status(answer, _outcome_counts(answer))


def _write_action(answer: Answer, context: OracleContext) -> Markup:
    content = (write_action_answer(answer.operation, record) for record in answer.records)
    return join([_status(answer, {"warning": DRY if answer.dry else ""}), *content])


_CONTENT_WRITERS: Mapping[Kind, Callable[[Answer, OracleContext], Markup]] = {
    Kind.SEARCH: _write_records,
    Kind.WRITE: _write_counts,
    Kind.ACTION: _write_action,
}


def _status(answer: Answer, fields: Mapping[str, object]) -> Markup:
    date = f"{java_date(answer.at)} - " if answer.at else ""
    message = f"{date}Counterpart processed {operation_name(answer.operation)}"
    content = {"success": "true", "message": message, **fields}
    entries = (element(f"{PREFIX}:{name}", str(value)) for name, value in content.items() if value != "")
    return element(f"{PREFIX}:status", join(entries))


# The names are written here, as strftime gives them in the language of the server.
def java_date(at: datetime) -> str:
    """`Sun Jun 04 18:43:24 UTC 2017`, as Java's Date prints itself."""
    return f"{DAYS[at.weekday()]} {MONTHS[at.month - 1]} {at:%d %H:%M:%S %Z %Y}"


def _record_count(answer: Answer) -> dict[str, object]:
    count = len(answer.records)
    is_cut = answer.records.cut if isinstance(answer.records, Stream) else answer.cut
    warning = f"Only the first {count} records are returned; there are more." if is_cut else ""
    return {"records_returned": count, "warning": warning}


def _outcome_counts(answer: Answer) -> dict[str, object]:
    result = Counter(outcome.result for outcome in answer.outcomes)
    return {
        "records_read": len(answer.outcomes),
        "records_failed": result[Result.FAILED],
        "records_deleted": result[Result.DELETED] + result[Result.INACTIVATED],
        "records_inserted": result[Result.CREATED],
        "records_updated": result[Result.UPDATED] + result[Result.UNCHANGED],
        "detail": "\n".join(chain(_reasons(answer), _numbers(answer))),
        "warning": "\n".join(_warnings(answer, result[Result.FAILED])),
    }


def _reasons(answer: Answer) -> Iterator[str]:
    """One line per failed record; of a single record the reason alone."""
    plural = answer.operation.resource.plural
    is_single = len(answer.outcomes) == 1
    for number, outcome in enumerate(answer.outcomes, 1):
        if outcome.failed:
            reason = _sentences(plural, outcome.problems) or "It was not accepted."
            yield reason if is_single else f"{_record_label(number, outcome)}: {reason}"


def _numbers(answer: Answer) -> Iterator[str]:
    """One line per record that took a number, as none was sent: nothing else in an answer says it."""
    resource = answer.operation.resource
    name = spell(resource.plural, (resource.key[0],)) if resource.key else ""
    for number, outcome in enumerate(answer.outcomes, 1):
        if outcome.numbered and not outcome.failed and not answer.dry:
            sentence = f"It has been given {name} {outcome.key}."
            yield sentence if len(answer.outcomes) == 1 else f"Record {number}: {sentence}"


def _record_label(number: int, outcome: Outcome) -> str:
    return f"Record {number} ({outcome.key})" if outcome.key else f"Record {number}"


def _sentences(plural: str, problems: Sequence[Problem]) -> str:
    return " ".join(_explain(problem).sentence(lambda path: spell(plural, path)) for problem in problems)


def _explain(problem: Problem) -> Problem:
    """Return a problem as this wire has it: what every classic site has is no unknown name."""
    if problem.code == UNKNOWN_FIELD and problem.path and problem.path[0] in NAMES:
        return replace(problem, text="{field} is not defined on this site.", hint="")
    return problem


def _warnings(answer: Answer, failed: int) -> Iterator[str]:
    if answer.dry:
        yield DRY
    if failed:
        yield f"{failed} of {len(answer.outcomes)} records failed; detail says why."
    for outcome in answer.outcomes:
        if outcome.result is Result.INACTIVATED:
            yield f"{outcome.key} is in use: it was not deleted but made inactive."
    plural = answer.operation.resource.plural
    for number, outcome in enumerate(answer.outcomes, 1):
        if outcome.warnings:
            sentences = _sentences(plural, outcome.warnings)
            yield sentences if len(answer.outcomes) == 1 else f"{_record_label(number, outcome)}: {sentences}"


def _failure_fault(version: Version, failure: Failure, context: OracleContext) -> Fault:
    """The fault of a call that failed as a whole."""
    problem = failure.problems[0]
    sentence = _sentences(context.plural, failure.problems)
    # An envelope of another version, or a header block that nobody understands: SOAP itself says what is answered.
    if fault := fault_of_envelope(problem, sentence, context.version):
        return fault
    login_code = version.failed_login_code if problem.family is Family.UNAUTHENTICATED else None
    return _business_fault(get_code(problem), sentence, context, login_code)


def _business_fault(
    code: ErrorCode, message: str, context: OracleContext, subcode: tuple[str, str] | None = None
) -> Fault:
    text = code.text_for(context.plural)
    detail = element(
        f"{PREFIX}:fault",
        element(f"{PREFIX}:exceptionCode", text),
        element(f"{PREFIX}:exceptionMessage", message),
    )
    return Fault(
        # Oracle's own SOAP 1.1 faults have no other code than Server, whoever is to blame.
        code="Server" if context.version is SOAP_11 else code.blame,
        # WS-Security wants its own words of who is not let in: they do not say whether name or password is wrong.
        reason=security.REASON if subcode else f"{text}:{message}",
        special=subcode,
        detail=detail,
        attributes=((f"xmlns:{PREFIX}", context.namespace),),
    )


def _fault_response(fault: Fault, context: OracleContext, retry_after: int | None = None) -> WireResponse:
    status, body = write_fault(fault, context.version)
    headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
    return WireResponse(status, body, context.version.content_type, headers)
