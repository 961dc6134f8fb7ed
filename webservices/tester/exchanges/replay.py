"""
An exchange sent again: unchanged, as a dry run, in another version, or only its failed records.

What was kept is masked, so a replay is sent as whoever replays it, never as who sent it first.
"""

from dataclasses import dataclass, replace

from records.shapes.outcomes import Result
from webservices.models import Exchange
from webservices.publishing.apis import settings_of
from webservices.tester.collections.services import call_of
from webservices.tester.compose.headers import DRY
from webservices.tester.errors import TesterError
from webservices.tester.send.addresses import address_of
from webservices.tester.send.client import Sender, send
from webservices.wire.contracts.pretty import indented
from webservices.wire.credentials import Password
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import Call, MessageContext, RequestError, WireRequest
from webservices.wire.operations import Kind, Operations


@dataclass(frozen=True)
class Asked:
    """
    How to send it again.

    dialect      by its name; "": the one it was sent in
    only_failed  leave out the records that succeeded
    """

    dry: bool = False
    dialect: str = ""
    only_failed: bool = False


@dataclass(frozen=True)
class Message:
    """A request to be sent: where it goes, and its body as text."""

    dialect: Dialect
    method: str
    target: str
    headers: dict[str, str]
    text: str


def message_of(exchange: Exchange, asked: Asked, operations: Operations, user_name: str) -> Message:
    """The request of a replay; raises TesterError, and TesterError when its body was not kept."""
    spoken = _dialect(exchange.dialect)
    wanted = _dialect(asked.dialect) if asked.dialect else spoken
    kept = call_of(exchange)
    if wanted is spoken and not asked.only_failed:
        headers = {name: value for name, value in kept.headers.items() if name != DRY}
        return Message(spoken, kept.method, kept.target, {**headers, **({DRY: "true"} if asked.dry else {})}, kept.body)
    call = _understood(exchange, spoken, operations)
    if asked.only_failed:
        call = _failed_of(exchange, call)
    return _asked_in(wanted, call, user_name, asked.dry)


def _dialect(name: str) -> Dialect:
    found = next((dialect for dialect in DIALECTS if dialect.name == name), None)
    if found is None:
        raise TesterError(f"There is no version {name!r} here.")
    return found


def _understood(exchange: Exchange, dialect: Dialect, operations: Operations) -> Call:
    """The call of a kept request, without its credentials."""
    kept = call_of(exchange)
    path, _, query = kept.target.partition("?")
    request = WireRequest(kept.method, path, kept.body.encode(), kept.headers, query)
    try:
        call = dialect.read(request, operations, settings_of(dialect))
        return replace(call, records=list(call.records))
    except RequestError as refusal:
        raise TesterError(f"What was kept of it cannot be read again: {refusal.problem.sentence()}") from None


def _failed_of(exchange: Exchange, call: Call) -> Call:
    numbers = [each["number"] for each in exchange.outcomes if each["became"] == Result.FAILED]
    if not numbers or call.criteria is not None or not call.operation.writes:
        raise TesterError("No record of this call failed.")
    if len(numbers) < exchange.failed:
        told = f"{len(numbers):,} of the {exchange.failed:,} records that failed"
        raise TesterError(f"The call has kept which {told}; send it again as a whole.")
    return replace(call, records=[call.records[number - 1] for number in numbers if number <= len(call.records)])


def _asked_in(dialect: Dialect, call: Call, user_name: str, dry: bool) -> Message:
    context = next(iter(dialect.contexts(call.operation)), None)
    if context is None:
        raise TesterError(f"{dialect.label} has no way to {call.operation.words}.")
    credentials = dialect.credentials(call.operation, Password(user_name, ""))
    request = _asked(
        dialect, replace(call, credentials=credentials, options=replace(call.options, dry_run=dry)), context
    )
    headers = {name: value for name, value in request.headers.items() if name.lower() != "authorization"}
    target = f"{request.path}?{request.query}" if request.query else request.path
    text = indented(request.body.decode(), dialect.media)
    return Message(dialect, request.method, target, headers, text)


def _asked(dialect: Dialect, call: Call, context: MessageContext) -> WireRequest:
    """The request in a dialect, with the fields that its wire carries."""
    if call.operation.kind is Kind.WRITE and call.records:
        left_out = dialect.left_out
        records = [{name: value for name, value in each.items() if name not in left_out} for each in call.records]
        call = replace(call, records=records)
    return dialect.build_request(call, context)


def replay(message: Message, sender: Sender) -> Exchange:
    """Send it; gives the exchange that was kept of it. Raises TesterError, TesterError."""
    sent = send(address_of(message.target), message.method, message.text, message.headers, sender)
    kept = Exchange.objects.filter(call_id=sent.call_id).first()
    if kept is None:
        raise TesterError(f"It was sent and answered with {sent.status}, but the call was not kept; the log says why.")
    return kept
