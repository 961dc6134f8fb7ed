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

from records.shapes.outcomes import Outcome, Result
from records.shapes.problems import Family, Problem
from webservices.wire.dialects.oracle.context import OracleContext
from webservices.wire.dialects.oracle.headers import Version
from webservices.wire.dialects.oracle.names import OF_THE_SERVICE, PREFIX, Code, code_of, operation_name, spell, wrapper
from webservices.wire.dialects.oracle.records import record_writer
from webservices.wire.dialects.oracle.security import cookies, write_special
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.operations import Kind
from webservices.wire.soap import security
from webservices.wire.soap.envelope import write_envelope
from webservices.wire.soap.faults import Fault, fault_of_envelope, write_fault
from webservices.wire.soap.versions import SOAP_11, SOAP_12
from webservices.wire.xml.writing import Markup, element, join

DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
BLAMED = {SOAP_11: lambda blame: "Server", SOAP_12: str}  # Oracle's SOAP 1.1 faults are known to have no other code
DRY = "Dry run: nothing was kept."


def write_version(version: Version, answer: Answer | Failure, context: OracleContext) -> WireResponse:
    """An answer as bytes, in the envelope and the namespace of its request."""
    if not context.namespace:
        context = replace(context, namespace=version.namespace(context.plural))
    if isinstance(answer, Failure):
        return _fault(_whole(version, answer, context), context, answer.retry_after)
    if answer.outcomes and all(outcome.failed for outcome in answer.outcomes):
        return _fault(_business(OF_THE_SERVICE, "\n".join(_reasons(answer)), context), context)
    content = _CONTENT[answer.operation.kind](answer)
    named = {f"xmlns:{PREFIX}": context.namespace}
    body = element(f"{PREFIX}:{operation_name(answer.operation)}Response", content, attributes=named)
    headers = cookies(answer.operation, answer.records[0]) if answer.records else {}
    return WireResponse(200, write_envelope(body, context.version), context.version.content_type, headers)


def _found(answer: Answer) -> Markup:
    write_one = record_writer(answer.operation.resource)
    name = f"{PREFIX}:{wrapper(answer.operation.resource.plural)}"
    records = element(name, Markup("".join(map(write_one, answer.records))))
    return join([_status(answer, _returned(answer)), records])


def _done(answer: Answer) -> Markup:
    return _status(answer, _counted(answer))


def _said(answer: Answer) -> Markup:
    said = (write_special(answer.operation, record) for record in answer.records)
    return join([_status(answer, {"warning": DRY if answer.dry else ""}), *said])


_CONTENT: Mapping[Kind, Callable[[Answer], Markup]] = {Kind.SEARCH: _found, Kind.WRITE: _done, Kind.ACTION: _said}


def _status(answer: Answer, fields: Mapping[str, object]) -> Markup:
    date = f"{java_date(answer.at)} - " if answer.at else ""
    said = {"success": "true", "message": f"{date}Counterpart processed {operation_name(answer.operation)}", **fields}
    entries = (element(f"{PREFIX}:{name}", str(value)) for name, value in said.items() if value != "")
    return element(f"{PREFIX}:status", join(entries))


def java_date(at: datetime) -> str:
    """`Sun Jun 04 18:43:24 UTC 2017`, whatever the server's own language is."""
    return f"{DAYS[at.weekday()]} {MONTHS[at.month - 1]} {at:%d %H:%M:%S} {at:%Z} {at:%Y}"


def _returned(answer: Answer) -> dict[str, object]:
    count = len(answer.records)
    warning = f"Only the first {count} records are returned; there are more." if answer.cut else ""
    return {"records_returned": count, "warning": warning}


def _counted(answer: Answer) -> dict[str, object]:
    result = Counter(outcome.result for outcome in answer.outcomes)
    return {
        "records_read": len(answer.outcomes),
        "records_failed": result[Result.FAILED],
        "records_deleted": result[Result.DELETED] + result[Result.INACTIVATED],
        "records_inserted": result[Result.CREATED],
        "records_updated": result[Result.UPDATED] + result[Result.UNCHANGED],
        "detail": "\n".join(_reasons(answer)),
        "warning": "\n".join(_warnings(answer, result[Result.FAILED])),
    }


def _reasons(answer: Answer) -> Iterator[str]:
    """One line per failed record; of a single record the reason alone."""
    plural = answer.operation.resource.plural
    alone = len(answer.outcomes) == 1
    for number, outcome in enumerate(answer.outcomes, 1):
        if outcome.failed:
            reason = _sentences(plural, outcome.problems) or "It was not accepted."
            yield reason if alone else f"{_named(number, outcome)}: {reason}"


def _named(number: int, outcome: Outcome) -> str:
    return f"Record {number} ({outcome.key})" if outcome.key else f"Record {number}"


def _sentences(plural: str, problems: Sequence[Problem]) -> str:
    return " ".join(problem.sentence(lambda path: spell(plural, path)) for problem in problems)


def _warnings(answer: Answer, failed: int) -> Iterator[str]:
    if answer.dry:
        yield DRY
    if failed:
        yield f"{failed} of {len(answer.outcomes)} records failed; detail says why."
    for outcome in answer.outcomes:
        if outcome.result is Result.INACTIVATED:
            yield f"{outcome.key} is in use: it was not deleted but made inactive."


def _whole(version: Version, failure: Failure, context: OracleContext) -> Fault:
    """The fault of a call that failed as a whole."""
    problem = failure.problems[0]
    sentence = _sentences(context.plural, failure.problems)
    if fault := fault_of_envelope(problem, sentence, context.version):
        return fault
    special = version.failed_login_code if problem.family is Family.UNAUTHENTICATED else None
    return _business(code_of(problem), sentence, context, special)


def _business(code: Code, message: str, context: OracleContext, special: tuple[str, str] | None = None) -> Fault:
    named = code.of(context.plural)
    detail = element(
        f"{PREFIX}:fault",
        element(f"{PREFIX}:exceptionCode", named),
        element(f"{PREFIX}:exceptionMessage", message),
    )
    return Fault(
        code=BLAMED[context.version](code.blame),
        reason=security.REASON if special else f"{named}:{message}",
        special=special,
        detail=detail,
        attributes=((f"xmlns:{PREFIX}", context.namespace),),
    )


def _fault(fault: Fault, context: OracleContext, retry_after: int | None = None) -> WireResponse:
    status, body = write_fault(fault, context.version)
    headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
    return WireResponse(status, body, context.version.content_type, headers)
