"""
An exchange sent again: unchanged, as a dry run, in another version, or only its failed records.

The message is the recorded one, as it was written. Filled in are credentials alone: secrets are masked in what is
recorded, so a replay is sent as the user who replays it, never as the one who sent it first. What would change the
meaning of the message unseen is refused with a sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from records.shapes.outcomes import Result
from records.shapes.recognition import MASK
from records.shapes.values import InvalidValue, quote_text
from webservices.exchanges.masking import decode_text, encode_text
from webservices.models import Exchange
from webservices.publishing import dialect_settings
from webservices.tester.collections.files import CallContent
from webservices.tester.collections.services import build_call
from webservices.tester.compose.headers import DRY
from webservices.tester.errors import TesterError
from webservices.tester.exchanges.cut import cut_records
from webservices.tester.send.addresses import parse_address
from webservices.tester.send.client import Sender, send_call
from webservices.tester.send.credentials import find_secrets, is_empty, parse_message, set_texts
from webservices.wire.contracts.pretty import indent_message
from webservices.wire.credentials import Password
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import Call, MessageContext, RequestError, WireRequest
from webservices.wire.operations import Kind, Operations
from webservices.wire.xml.spans import apply_edits, find_remarks

KEY = "idempotency-key"


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


def read_wishes(form: Mapping[str, str]) -> ReplayRequest:
    """Read the options of a replay as its form has them."""
    return ReplayRequest("dry" in form, form.get("version", ""), "failed" in form)


@dataclass(frozen=True)
class Message:
    """
    A request to be sent: its address, and its body as text.

    encoding   of the body, as `encode_text` takes it
    operation  name of the operation; "": it was not understood
    part_key   the idempotency key in it, when records were cut out of it; "": there is none
    """

    dialect: Dialect
    method: str
    target: str
    headers: dict[str, str]
    text: str
    encoding: str = "utf-8"
    operation: str = ""
    part_key: str = ""

    def to_call(self) -> CallContent:
        """The message as a call, to be opened as an input."""
        return CallContent(
            self.operation, self.method, self.target, self.dialect.name, self.operation, self.headers, self.text
        )


def build_message(exchange: Exchange, wishes: ReplayRequest, operations: Operations, user_name: str) -> Message:
    """The request of a replay; raises TesterError, also when the body of the exchange was not recorded."""
    original = _find_dialect(exchange.dialect)
    dialect = _find_dialect(wishes.dialect) if wishes.dialect else original
    stored = build_call(exchange)
    headers = {name: value for name, value in stored.headers.items() if name != DRY}
    headers |= {DRY: "true"} if wishes.dry else {}
    encoding = exchange.request_encoding or "utf-8"
    message = Message(original, stored.method, stored.target, headers, stored.body, encoding, exchange.operation)
    if wishes.only_failed:
        message = _keep_failed(exchange, message, operations)
    if dialect is not original:
        return _translate(dialect, _read_call(message, operations), user_name, wishes.dry)
    return _name_sender(message, user_name)


def _find_dialect(name: str) -> Dialect:
    found = next((dialect for dialect in DIALECTS if dialect.name == name), None)
    if found is None:
        raise TesterError(f"There is no version {name!r} here.")
    return found


def _read_call(message: Message, operations: Operations) -> Call:
    """The call of a message, without its credentials."""
    path, _, query = message.target.partition("?")
    body = encode_text(message.text, message.encoding)
    request = WireRequest(message.method, path, body, message.headers, query)
    try:
        call = message.dialect.read(request, operations, dialect_settings(message.dialect))
        # Reading all records here, not one by one while sending, lets a wrong one be refused with a sentence.
        return replace(call, records=list(call.records))
    except RequestError as refusal:
        raise TesterError(f"The saved request cannot be read again: {refusal.problem.sentence()}") from None


def _keep_failed(exchange: Exchange, message: Message, operations: Operations) -> Message:
    """The message without the records that succeeded, all else as it was written; raises TesterError."""
    call = _read_call(message, operations)
    numbers = [each["number"] for each in exchange.outcomes if each["became"] == Result.FAILED]
    if not numbers or call.criteria is not None or not call.operation.writes:
        raise TesterError("No record of this call failed.")
    if len(numbers) < exchange.failed:
        known = f"{len(numbers):,} of the {exchange.failed:,} records that failed"
        raise TesterError(f"Only {known} are known; send the call again as a whole.")
    indexes = [number - 1 for number in numbers if number <= len(call.records)]
    if len(indexes) == len(call.records):
        return message
    wanted = replace(call, records=[call.records[index] for index in indexes])
    text = cut_records(
        message.text,
        message.dialect.media,
        indexes,
        len(call.records),
        lambda rest: _is_call(replace(message, text=rest), wanted, operations),
    )
    if text is None:
        sentence = "its message has no place of its own for each record"
        raise TesterError(f"The failed records cannot be cut out of this call: {sentence}. Send it again as a whole.")
    # A key stands for one message: with other records it would be refused.
    headers = {name: value for name, value in message.headers.items() if name != KEY}
    part = replace(message, text=text, headers=headers)
    return replace(part, part_key=_read_call(part, operations).options.idempotency_key)


def _is_call(message: Message, wanted: Call, operations: Operations) -> bool:
    """True if the message is read as this call."""
    try:
        read = _read_call(message, operations)
    except TesterError:
        return False
    return read == replace(wanted, context=read.context)


def _name_sender(message: Message, user_name: str) -> Message:
    """The message with the sender's name beside each emptied secret: nobody else's name goes with a ticket."""
    if message.dialect.media != "xml" or not message.dialect.tickets:
        return message
    body = encode_text(message.text, message.encoding)
    root = parse_message(body)
    if root is None:
        return message
    found = find_secrets(root, message.dialect.tickets)
    names = {name: user_name for secret, name in found if name is not None and is_empty(secret)}
    changed = {name: text for name, text in names.items() if (name.text or "").strip() != text}
    return replace(message, text=decode_text(set_texts(body, root, changed), message.encoding)[0])


def _translate(dialect: Dialect, call: Call, user_name: str, dry: bool) -> Message:
    _reject_unsayable(dialect, call)
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
    return Message(dialect, request.method, target, headers, text, operation=call.operation.name)


def _reject_unsayable(dialect: Dialect, call: Call) -> None:
    """Raise TesterError for a record that would lose in another version what its own refuses."""
    known = call.operation.resource.by_name
    for number, record in enumerate(call.records, 1):
        for name, value in record.items():
            if name not in known or _holds_invalid(value):
                what = quote_text(name.removeprefix(":"))
                raise TesterError(
                    f"Record {number} has {what}, which cannot be said in {dialect.label} as it was sent: "
                    "send it again in its own version."
                )


def _holds_invalid(value: object) -> bool:
    """True if a value, or one inside it, is one that its wire did not take."""
    match value:
        case InvalidValue():
            return True
        case dict():
            return any(map(_holds_invalid, value.values()))
        case list():
            return any(map(_holds_invalid, value))
    return False


def _build_request(dialect: Dialect, call: Call, context: MessageContext) -> WireRequest:
    """The request in a dialect, with the fields that its wire carries."""
    if call.operation.kind is Kind.WRITE and call.records:
        omitted = dialect.left_out
        records = [{name: value for name, value in each.items() if name not in omitted} for each in call.records]
        call = replace(call, records=records)
    return dialect.build_request(call, context)


def replay(message: Message, sender: Sender) -> Exchange:
    """Send the message; returns the exchange that was recorded of it. Raises TesterError."""
    _check_complete(message)
    target = parse_address(message.target)
    response = send_call(target, message.method, message.text, message.headers, sender, message.encoding)
    stored = Exchange.objects.filter(call_id=response.call_id).first()
    if stored is None:
        raise TesterError(
            f"It was sent and answered with {response.status}, but the call was not saved; the log says why."
        )
    return stored


def _check_complete(message: Message) -> None:
    """Raise TesterError for a message that is not what was sent first, or that its own key forbids."""
    if message.part_key:
        key = quote_text(message.part_key)
        raise TesterError(
            f"Its idempotency key {key} stands for the whole message. Open it as an input and write another key."
        )
    text = message.text
    if message.dialect.media == "xml":
        text = apply_edits(text, (remark._replace(text="") for remark in find_remarks(text)))
    if any(MASK in part for part in (text, message.target, *message.headers.values())):
        what = f"{MASK} in the place of a value that repeats a secret or looks like one"
        raise TesterError(f"It has {what}. Open it as an input and write the value.")
