"""
Exchanges: every request and its response, stored after the answer is made.

That of a write is stored in the write's transaction: there are both or neither. That of any other call waits to be
stored with others (`exchanges.queue`), and failing to do so fails no call.
"""

import logging
import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from itertools import islice

from django.db import DatabaseError, DataError, Error, IntegrityError, connection

from records.attempts import TryWithSavepoints, has_savepoints, savepoint
from records.retry import find_outage, first_line
from records.shapes.outcomes import Result
from records.shapes.recognition import mask_tokens
from records.shapes.streams import Stream
from webservices.conf import server_settings
from webservices.exchanges.context import CompletedCall
from webservices.exchanges.masked_call import MaskedCall
from webservices.exchanges.masking import Mask, MaskedBody, storable_text
from webservices.exchanges.outcomes import build_outcomes
from webservices.exchanges.queue import QUEUE, QueueFull, build_row, insert_row
from webservices.models import Exchange
from webservices.wire.messages import Answer, Failure
from webservices.wire.options import FLAGS, KEY, VERSION

# A header is stored only if its value has the form that it may have: a caller may put anything there, a password too.
FLAG = r"true|false|0|1"
CONDITION = rf"\*|{VERSION.pattern}(?:, ?{VERSION.pattern})*"
TYPE = r"(?:application|text|multipart|image)/[\w.+-]{1,60}"
CHARSET = r"utf-?(?:8|16(?:le|be)?)|iso-8859-[0-9]{1,2}|us-ascii|windows-[0-9]{3,4}"
STORED: Mapping[str, re.Pattern[str]] = {
    name: re.compile(f"(?:{pattern})", re.IGNORECASE | re.ASCII)
    for name, pattern in {
        "content-type": rf"{TYPE}(?:; ?charset=(?:\"(?:{CHARSET})\"|(?:{CHARSET})))?",
        "prefer": r"return=(?:minimal|representation)",
        "if-match": CONDITION,
        "if-none-match": CONDITION,
        **{option.header.lower(): FLAG for option in FLAGS},
        "idempotency-key": KEY.pattern,
    }.items()
}


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?:{pattern})", re.IGNORECASE | re.ASCII)


def select_headers(headers: Mapping[str, str], mask: Mask, further: Mapping[str, str] | None = None) -> dict[str, str]:
    """
    Return the headers that are stored; of a content type the parameters that are not known are left out.

    further  those of the dialect, with the forms that they may have
    """
    patterns = {**STORED, **{name: _compile(form) for name, form in (further or {}).items()}}
    found = {name: pattern.match(headers.get(name, "").strip()) for name, pattern in patterns.items()}
    whole = {name: match for name, match in found.items() if match and _is_whole(name, match)}
    # A type of content may be anything; all others have the form of what they are.
    return {name: mask_tokens(mask.text(match[0]), mixed=name == "content-type") for name, match in whole.items()}


def _is_whole(name: str, match: re.Match[str]) -> bool:
    return match.end() == len(match.string) or (name == "content-type" and match.string[match.end()] in "; ")


log = logging.getLogger(__name__)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})  # any other may be anything
KEYS = 100
LONGEST_KEY = 400
BARE = "Not kept, the log of the call says why."


def store_exchange(call: CompletedCall, masked: MaskedCall | None, *, waits: bool = True) -> None:
    """
    Store the exchange of a call that wrote nothing; an error is logged, never raised.

    masked  None: the call could not be masked, so of what was sent nothing is stored
    waits   it may wait to be stored with others, as long as EXCHANGE_DELAY_MS says
    """
    try:
        row = build_row(build_exchange(call, masked) if masked else build_bare_exchange(call))
        if waits and server_settings().exchange_delay_ms:
            QUEUE.put(row)
        else:
            insert_row(row)
    except QueueFull as error:
        log.warning("call %s: its exchange could not be kept: %s", call.call_id, error)
    except Exception as error:  # the call is done: nothing that happens here may take its answer away
        if find_outage(error):
            # Of a call that has failed for the same reason, the log has a line already.
            level = logging.INFO if isinstance(call.answer, Failure) else logging.WARNING
            log.log(level, "call %s: its exchange could not be kept: %s", call.call_id, first_line(error))
        else:
            log.exception("call %s: its exchange could not be kept", call.call_id)


def store_exchange_of_write(call: CompletedCall, masked: MaskedCall | None) -> None:
    """
    Store the exchange of a write in its transaction; nothing of what was sent where the database refuses that.

    Raises DatabaseError when not even the rest can be stored: then the write must not be kept either. And
    TryWithSavepoints in an attempt without them.
    """
    if masked is not None:
        try:
            with savepoint():
                return insert_row(build_row(build_exchange(call, masked)))
        except (DataError, IntegrityError, ValueError, TypeError, LookupError) as error:
            if isinstance(error, DatabaseError) and not has_savepoints():
                raise TryWithSavepoints from error
            log.exception("call %s: nothing of what was sent could be kept", call.call_id)
    insert_row(build_row(build_bare_exchange(call)))


def is_stored(call_id: str) -> bool:
    """True if the call has an exchange; False also when the database does not say."""
    try:
        return Exchange.objects.filter(call_id=call_id).exists()
    except Error:
        return False


def build_exchange(call: CompletedCall, masked: MaskedCall) -> dict[str, object]:
    """Return the columns of a call's row."""
    return {
        **_call_columns(call),
        "method": call.request.method if call.request.method in METHODS else "",
        "path": storable_text(masked.address, 2000),
        **_result_columns(call, masked),
        **_count_columns(call, masked),
        **_request_columns(call, masked),
        **_response_columns(call, masked),
    }


def build_bare_exchange(call: CompletedCall) -> dict[str, object]:
    """Return the row of a call with nothing of what was sent, so that there is neither a secret nor a refusal in it."""
    counts = _result_counts(call.answer) if isinstance(call.answer, Answer) else {}
    return {
        **_call_columns(call),
        "status": call.response.status,
        "dry": isinstance(call.answer, Answer) and call.answer.dry,
        "request_size": len(call.request.body),
        "request_note": BARE,
        "response_size": call.sent.size,
        "response_note": BARE,
        **counts,
    }


OLDEST = "SELECT id FROM webservices_exchange WHERE at < %s AND {dialects} ORDER BY at LIMIT %s"
# Of an empty array `<> ALL` is true: without exceptions it means every dialect.
OLDEST_OF_ONE, OLDEST_OF_OTHERS = (
    OLDEST.format(dialects="dialect = ANY(%s)"),
    OLDEST.format(dialects="dialect <> ALL(%s)"),
)


def prune_exchanges(
    *, before: datetime, batch: int = 5000, dialect: str = "", except_dialects: Collection[str] = ()
) -> Iterator[int]:
    """
    Delete the exchanges of earlier moments, a batch at a time: yields how many each batch had.

    dialect          only those of this one
    except_dialects  not those of these
    """
    oldest, dialects = (OLDEST_OF_ONE, [dialect]) if dialect else (OLDEST_OF_OTHERS, list(except_dialects))
    while True:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM webservices_exchange WHERE id IN ({oldest})", [before, dialects, batch])  # noqa: S608
            deleted = cursor.rowcount
        yield deleted
        if deleted < batch:
            return


def body_text(compressed: bytes | memoryview | None) -> str:
    """Return the text of a stored body; empty when it was not stored."""
    return zlib.decompress(compressed).decode() if compressed else ""


def _call_columns(call: CompletedCall) -> dict[str, object]:
    """Return what the hub itself knows of a call."""
    user_id, user_name = call.user
    return {
        "call_id": call.call_id,
        "at": call.at,
        "duration_ms": round(call.duration_ms, 3),
        "dialect": call.dialect.name,
        "operation": call.operation_name,
        "user_id": user_id,
        "user_name": user_name,
        "credential": call.caller.credential if call.caller else "",
        "peer": call.request.peer[:64],
        "replay_of": call.replay_of,
    }


def _result_counts(answer: Answer) -> dict[str, int]:
    counts = Counter(outcome.result for outcome in answer.outcomes)
    return {"records_in": len(answer.outcomes), **{each.value: counts[each] for each in Result}}


def _result_columns(call: CompletedCall, masked: MaskedCall) -> dict[str, object]:
    """Status and problem; of a response that is not kept the code alone, as the sentence may quote the request, too."""
    problem = call.problem
    sentence = problem.sentence() if problem and masked.is_quotable else ""
    return {
        "status": call.response.status,
        "code": problem.code[:60] if problem else "",
        "problem": storable_text(masked.mask.text(sentence), 500),
        "dry": isinstance(call.answer, Answer) and call.answer.dry,
    }


def _count_columns(call: CompletedCall, masked: MaskedCall) -> dict[str, object]:
    answer, mask = call.answer, masked.mask
    if not isinstance(answer, Answer):
        return {}
    return {
        **_result_counts(answer),
        "returned": len(answer.records),
        "keys": [storable_text(mask.text(key), LONGEST_KEY) for key in islice(_keys(answer), KEYS)],
        "outcomes": build_outcomes(answer, call.dialect, mask, is_quotable=masked.is_quotable),
        "cpu_ms": answer.timing and round(answer.timing.cpu * 1000, 3),
        "database_ms": answer.timing and round(answer.timing.database * 1000, 3),
    }


def _keys(answer: Answer) -> Iterator[str]:
    for outcome in answer.outcomes:
        if outcome.key:
            yield outcome.key
    if not answer.outcomes:
        key = answer.operation.resource.key
        records = answer.records.first if isinstance(answer.records, Stream) else answer.records
        yield from (" ".join(str(record.get(name, "")) for name in key) for record in records)


def _request_columns(call: CompletedCall, masked: MaskedCall) -> dict[str, object]:
    body, headers = call.request.body, call.request.headers
    is_complete = masked.request.text is not None and masked.request.is_whole
    stored = select_headers(headers, masked.mask, call.dialect.stored_headers)
    return {
        "request_headers": stored,
        "request_type": stored.get("content-type", "").partition(";")[0],
        "request_size": len(body),
        "request_encoding": masked.request.encoding if masked.request.text else "",
        # Of what is not stored as it came, the hash still tells whether two requests were the same.
        "request_hash": "" if is_complete else sha256(body).hexdigest(),
        "request_body": _compress(masked.request),
        "request_note": masked.request.note[:300],
    }


def _response_columns(call: CompletedCall, masked: MaskedCall) -> dict[str, object]:
    return {
        "response_type": storable_text(call.response.content_type, 200),
        "response_size": call.sent.size,
        "response_body": _compress(masked.response),
        "response_note": masked.response.note[:300],
    }


# A short text needs no window of 32 KB: to clear the memory of one takes four times as long as to compress.
SHORT, LEVEL, WINDOW_BITS, MEMORY_LEVEL = 4096, 3, 12, 5


def _compress(body: MaskedBody) -> bytes | None:
    if body.text is None:
        return None
    text = body.text.encode("utf-8", "replace")
    if len(text) > SHORT:
        return zlib.compress(text, LEVEL)
    compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, WINDOW_BITS, MEMORY_LEVEL)
    return compressor.compress(text) + compressor.flush()
