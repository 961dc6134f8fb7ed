"""
An exchange sent again: unchanged, as a dry run, in another version, or only its failed records.

The recorded request is masked, so a replay is sent as the user who replays it, never as the one who sent it first.
"""

from dataclasses import dataclass, replace

from records.shapes.outcomes import Result
from webservices.models import Exchange
from webservices.publishing import dialect_settings
from webservices.tester.collections.services import build_call
from webservices.tester.compose.headers import DRY
from webservices.tester.errors import TesterError
from webservices.tester.send.addresses import parse_address
from webservices.tester.send.client import Sender, send_call
from webservices.wire.contracts.pretty import indent_message
from webservices.wire.credentials import Password
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import Call, MessageContext, RequestError, WireRequest
from webservices.wire.operations import Kind, Operations


@dataclass(frozen=True)
class ReplayRequest:
    """
    Options of a replay.

    dialect      name of the version; "": the one it was sent in
    only_failed  leave out the records that succeeded
    """

    dry: bool = False
    dialect: str = ""
    only_failed: bool = False


@dataclass(frozen=True)
class Message:
    """A request to be sent: its address, and its body as text."""

    dialect: Dialect
    method: str
    target: str
    headers: dict[str, str]
    text: str


def build_message(exchange: Exchange, wishes: ReplayRequest, operations: Operations, user_name: str) -> Message:
    """The request of a replay; raises TesterError, also when the body of the exchange was not recorded."""
    original = _find_dialect(exchange.dialect)
    dialect = _find_dialect(wishes.dialect) if wishes.dialect else original
    stored = build_call(exchange)
    if dialect is original and not wishes.only_failed:
        headers = {name: value for name, value in stored.headers.items() if name != DRY}
        headers |= {DRY: "true"} if wishes.dry else {}
        return Message(original, stored.method, stored.target, headers, stored.body)
    call = _read_call(exchange, original, operations)
    if wishes.only_failed:
        call = _keep_failed(exchange, call)
    return _translate(dialect, call, user_name, wishes.dry)


def _find_dialect(name: str) -> Dialect:
    found = next((dialect for dialect in DIALECTS if dialect.name == name), None)
    if found is None:
        raise TesterError(f"There is no version {name!r} here.")
    return found


def _read_call(exchange: Exchange, dialect: Dialect, operations: Operations) -> Call:
    """The call of a recorded request, without its credentials."""
    stored = build_call(exchange)
    path, _, query = stored.target.partition("?")
    request = WireRequest(stored.method, path, stored.body.encode(), stored.headers, query)
    try:
        call = dialect.read(request, operations, dialect_settings(dialect))
        # Reading all records here, not one by one while sending, lets a wrong one be refused with a sentence.
        return replace(call, records=list(call.records))
    except RequestError as refusal:
        raise TesterError(f"The saved request cannot be read again: {refusal.problem.sentence()}") from None


def _keep_failed(exchange: Exchange, call: Call) -> Call:
    numbers = [each["number"] for each in exchange.outcomes if each["became"] == Result.FAILED]
    if not numbers or call.criteria is not None or not call.operation.writes:
        raise TesterError("No record of this call failed.")
    if len(numbers) < exchange.failed:
        known = f"{len(numbers):,} of the {exchange.failed:,} records that failed"
        raise TesterError(f"Only {known} are known; send the call again as a whole.")
    return replace(call, records=[call.records[number - 1] for number in numbers if number <= len(call.records)])


def _translate(dialect: Dialect, call: Call, user_name: str, dry: bool) -> Message:
    context = next(iter(dialect.contexts(call.operation)), None)
    if context is None:
        raise TesterError(f"{dialect.label} has no way to {call.operation.words}.")
    credentials = dialect.credentials(call.operation, Password(user_name, ""))
    request = _build_request(
        dialect, replace(call, credentials=credentials, options=replace(call.options, dry_run=dry)), context
    )
    # The request was built with an empty password; the sender's credentials are added when it is sent.
    headers = {name: value for name, value in request.headers.items() if name.lower() != "authorization"}
    target = f"{request.path}?{request.query}" if request.query else request.path
    text = indent_message(request.body.decode(), dialect.media)
    return Message(dialect, request.method, target, headers, text)


def _build_request(dialect: Dialect, call: Call, context: MessageContext) -> WireRequest:
    """The request in a dialect, with the fields that its wire carries."""
    if call.operation.kind is Kind.WRITE and call.records:
        omitted = dialect.left_out
        records = [{name: value for name, value in each.items() if name not in omitted} for each in call.records]
        call = replace(call, records=records)
    return dialect.build_request(call, context)


def replay(message: Message, sender: Sender) -> Exchange:
    """Send the message; returns the exchange that was recorded of it. Raises TesterError."""
    response = send_call(parse_address(message.target), message.method, message.text, message.headers, sender)
    stored = Exchange.objects.filter(call_id=response.call_id).first()
    if stored is None:
        raise TesterError(
            f"It was sent and answered with {response.status}, but the call was not saved; the log says why."
        )
    return stored
