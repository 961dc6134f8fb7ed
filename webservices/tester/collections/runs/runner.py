"""
A run of a collection: its calls one after the other, sent as the test page sends them, each with its result.

The page and the command both use `run_calls`: it yields a result as soon as there is one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from webservices.exchanges.masked_call import mask_body
from webservices.exchanges.masking import build_mask
from webservices.exchanges.streaming_body import whole_body
from webservices.models import Exchange
from webservices.publishing import current_operations
from webservices.tester.collections.assertions.captures import capture_values, fill_placeholders
from webservices.tester.collections.assertions.checks import Check, Finding, evaluate, read_check
from webservices.tester.compose.headers import DRY
from webservices.tester.compose.validate.answers import validate_answer
from webservices.tester.errors import TesterError
from webservices.tester.models import SavedCall
from webservices.tester.send.addresses import LocalAddress, RemoteAddress, find_dialect, parse_address
from webservices.tester.send.client import Response, Sender, send_call
from webservices.tester.send.parsed_answer import ParsedAnswer, count_outcomes
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import WireRequest


@dataclass(frozen=True)
class CallResult:
    """
    The result of one call.

    passed   every check passed; a call without checks passes with any answer that is no fault
    problem  why it was not sent, or what could not be captured from its answer
    """

    call: SavedCall
    passed: bool
    status: int = 0
    milliseconds: float = 0.0
    findings: tuple[Finding, ...] = ()
    problem: str = ""
    response: Response | None = None
    exchange: Exchange | None = None


@dataclass
class RunState:
    """
    A run as it goes on.

    values   by name, for the placeholders of calls: the collection's own, and those captured from earlier answers
    hosts    that may be reached beside this server, as TEST_PAGE_HOSTS has them
    secrets  that answers have given, such as a session's id: later calls may send them, no finding shows them
    """

    sender: Sender
    values: dict[str, str] = field(default_factory=dict)
    dry: bool = False
    hosts: Sequence[str] = ()
    secrets: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Request:
    """A saved call with its placeholders filled."""

    target: LocalAddress | RemoteAddress
    dialect: Dialect | None
    body: str
    headers: Mapping[str, str]


def run_calls(calls: Sequence[SavedCall], state: RunState) -> Iterator[CallResult]:
    """Send the calls in their order; one that cannot be sent does not stop those after it."""
    for call in calls:
        try:
            yield _run_call(call, state)
        except TesterError as error:
            yield CallResult(call, False, problem=str(error))


def _run_call(call: SavedCall, state: RunState) -> CallResult:
    checks = [_fill_check(read_check(each), state.values) for each in call.checks]
    request = _fill_request(call, state)
    response = send_call(request.target, call.method, request.body, request.headers, state.sender)
    exchange = Exchange.objects.filter(call_id=response.call_id).first() if response.call_id else None
    answer = _parse_answer(response, exchange)
    unmasked = _evaluate(checks, call.method, request, answer)
    findings = tuple(_mask_findings(unmasked, request.dialect, response, state.secrets))
    passed = all(finding.passed for finding in findings) if findings else not answer.is_fault
    result = CallResult(call, passed, response.status, response.milliseconds, findings, "", response, exchange)
    try:
        state.values.update(capture_values(call.captures, answer))
    except TesterError as error:
        return replace(result, passed=False, problem=str(error))
    return result


def _fill_request(call: SavedCall, state: RunState) -> _Request:
    target = parse_address(fill_placeholders(call.target, state.values), state.hosts, here=state.sender.address)
    dialect = find_dialect(target.path) if isinstance(target, LocalAddress) else None
    body = fill_placeholders(call.body, state.values, dialect.media if dialect else "")
    headers = {name: fill_placeholders(value, state.values) for name, value in call.headers.items()}
    # The run's own choice comes last: a dry run stays dry, whatever header a saved call has.
    return _Request(target, dialect, body, headers | ({DRY: "true"} if state.dry else {}))


def _evaluate(checks: Sequence[Check], method: str, request: _Request, answer: ParsedAnswer) -> list[Finding]:
    target, body = request.target, request.body.encode("utf-8", "surrogatepass")
    wire_request = WireRequest(method, target.path, body, request.headers, target.query)

    def validate(answer: ParsedAnswer) -> list[str]:
        return validate_answer(request.dialect, wire_request, answer, current_operations())

    return evaluate(checks, answer, validate)


def _mask_findings(
    findings: Sequence[Finding], dialect: Dialect | None, response: Response, secrets: set[str]
) -> Iterator[Finding]:
    """The findings without the secrets of this answer, which are added to `secrets`, and of those before it."""
    if dialect is None:
        yield from findings
        return
    no_values = build_mask(dialect.secrets)
    media = "json" if "json" in response.content_type else "xml"
    # Masking the answer finds the values of its secret fields; a check may show such a value from anywhere in it.
    secrets |= mask_body(whole_body(response.body), media, no_values, len(response.body)).secrets
    masking = no_values.with_values(secrets)
    for finding in findings:
        yield replace(finding, check=masking.text(finding.check), found=masking.text(finding.found))


def _fill_check(check: Check, values: Mapping[str, str]) -> Check:
    return replace(check, value=fill_placeholders(check.value, values))


def _parse_answer(response: Response, exchange: Exchange | None) -> ParsedAnswer:
    body = response.body.decode("utf-8", "replace")
    outcomes = count_outcomes(exchange)
    return ParsedAnswer(response.status, body, response.content_type, response.milliseconds, outcomes)
