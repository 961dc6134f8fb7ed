"""
A run of a collection: its calls one after the other, through the same sending as the page's, and what came of each.

The page and the command are two faces of `run`: it yields a result as soon as there is one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from webservices.exchanges.masking import mask
from webservices.exchanges.store import MASKED_BY_MEDIA
from webservices.exchanges.streaming_body import whole
from webservices.models import Exchange
from webservices.publishing.site_operations import current_operations
from webservices.tester.collections.assertions.captures import filled, taken
from webservices.tester.collections.assertions.checks import Check, Finding, check_of, meet
from webservices.tester.compose.headers import DRY
from webservices.tester.compose.validate.answers import problems_in
from webservices.tester.errors import TesterError
from webservices.tester.models import SavedCall
from webservices.tester.send.addresses import Here, address_of
from webservices.tester.send.client import Sender, Sent, send
from webservices.tester.send.parsed_answer import Seen, outcomes_of
from webservices.tester.send.routing import service_at
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import WireRequest


@dataclass(frozen=True)
class CallResult:
    """
    What came of one call.

    met      whether every check was met; a call without checks is content with any answer that is no fault
    problem  why it was not sent, or what could not be taken out of its answer
    """

    call: SavedCall
    passed: bool
    status: int = 0
    milliseconds: float = 0.0
    findings: tuple[Finding, ...] = ()
    problem: str = ""
    sent: Sent | None = None
    exchange: Exchange | None = None


@dataclass
class Run:
    """
    A run as it goes on.

    values  by name, what the calls may use: the collection's own, and what earlier answers gave
    hosts   that may be reached beside this server, as TEST_PAGE_HOSTS has them
    hidden  secrets that answers have given, such as a session's id: they travel from call to call, and are told nowhere
    """

    sender: Sender
    values: dict[str, str] = field(default_factory=dict)
    dry: bool = False
    hosts: Sequence[str] = ()
    hidden: set[str] = field(default_factory=set)


def run(calls: Sequence[SavedCall], going: Run) -> Iterator[CallResult]:
    """Send the calls in their order, whatever becomes of each."""
    for call in calls:
        try:
            yield _sent(call, going)
        except TesterError as problem:
            yield CallResult(call, False, problem=str(problem))


def _sent(call: SavedCall, going: Run) -> CallResult:
    checks = [_filled(check_of(each), going.values) for each in call.checks]
    target = address_of(filled(call.target, going.values), going.hosts, here=going.sender.address)
    dialect = service_at(target.path) if isinstance(target, Here) else None
    body = filled(call.body, going.values, dialect.media if dialect else "")
    headers = {name: filled(value, going.values) for name, value in call.headers.items()}
    headers |= {DRY: "true"} if going.dry else {}
    sent = send(target, call.method, body, headers, going.sender)
    exchange = _exchange(sent)
    seen = _seen(sent, exchange)
    request = WireRequest(call.method, target.path, body.encode("utf-8", "surrogatepass"), headers, target.query)
    findings = meet(checks, seen, lambda seen: problems_in(dialect, request, seen, current_operations()))
    findings = tuple(_told(findings, dialect, sent, going.hidden))
    met = all(finding.passed for finding in findings) if findings else not seen.is_fault
    result = CallResult(call, met, sent.status, sent.milliseconds, findings, "", sent, exchange)
    try:
        going.values.update(taken(call.captures, seen))
    except TesterError as problem:
        return CallResult(call, False, sent.status, sent.milliseconds, findings, str(problem), sent, exchange)
    return result


def _told(findings: Sequence[Finding], dialect: Dialect | None, sent: Sent, hidden: set[str]) -> Iterator[Finding]:
    """The findings as they are kept and shown: without the secrets of this answer, and of those before it."""
    if dialect is None:
        yield from findings
        return
    nothing = mask(dialect.secrets)
    media = "json" if "json" in sent.content_type else "xml"
    hidden |= MASKED_BY_MEDIA[media](whole(sent.body), nothing, len(sent.body)).hidden
    plain = nothing.with_values(hidden)
    for finding in findings:
        yield replace(finding, check=plain.text(finding.check), found=plain.text(finding.found))


def _filled(check: Check, values: Mapping[str, str]) -> Check:
    return replace(check, value=filled(check.value, values))


def _exchange(sent: Sent) -> Exchange | None:
    return Exchange.objects.filter(call_id=sent.call_id).first() if sent.call_id else None


def _seen(sent: Sent, exchange: Exchange | None) -> Seen:
    body = sent.body.decode("utf-8", "replace")
    return Seen(sent.status, body, sent.content_type, sent.milliseconds, outcomes_of(exchange))
