"""
Exchanges: every request and its response, kept in a statement of their own after the answer is made.

Failing to keep one never fails a call. What is kept of the bodies is masked (`masking`).
"""

import logging
import zlib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from itertools import islice
from urllib.parse import parse_qsl, quote

from django.db import connection
from django.db.models import JSONField
from psycopg.types.json import Json

from records import sql
from records.shapes.outcomes import Result
from records.shapes.streams import Stream
from webservices.conf import server_settings
from webservices.exchanges.context import RequestContext
from webservices.exchanges.headers import meant
from webservices.exchanges.mask_json import masked_json
from webservices.exchanges.mask_xml import masked_xml
from webservices.exchanges.masking import MASK, Kept, Mask, mask, plain
from webservices.exchanges.outcomes import outcomes_kept
from webservices.exchanges.streaming_body import Sent, whole
from webservices.exchanges.texts import line
from webservices.models import Exchange
from webservices.wire.messages import Answer

log = logging.getLogger(__name__)

KEYS = 100
LONGEST_KEY = 400
QUOTES_NOTHING = {
    *("malformed", "malformed-json", "document-type", "too-deep", "too-many-attributes", "empty-body"),
    *("too-large", "unknown-encoding", "not-compressed", "too-many-members", "cut-off"),
}  # problems whose sentence has no piece of the request
COLUMNS = [column for column in Exchange._meta.concrete_fields if not column.primary_key]
JSON = [place for place, column in enumerate(COLUMNS) if isinstance(column, JSONField)]
NAMES = ", ".join(column.column for column in COLUMNS)
INSERT = f"INSERT INTO {Exchange._meta.db_table} ({NAMES}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608
MASKED_BY_MEDIA = {"xml": masked_xml, "json": masked_json}


def keep_exchange(passage: RequestContext) -> None:
    """Store the exchange of a call that has been answered; an error is logged, never raised."""
    try:
        insert(exchange_of(passage))
    except Exception:
        log.exception("call %s: its exchange could not be kept", passage.call_id)


def insert(exchange: Exchange) -> None:
    """One statement, prepared; the ORM would take as long to write it as the database to run it."""
    values = [getattr(exchange, column.attname) for column in COLUMNS]
    for place in JSON:
        values[place] = Json(values[place])
    sql.run(INSERT, values)


def exchange_of(passage: RequestContext) -> Exchange:
    """The row of a call, masked."""
    hidden = mask(passage.dialect.secrets, passage.presented())
    request = _request_kept(passage, hidden)
    hidden = passage.hidden = hidden.with_values(request.hidden)
    response = _response_kept(passage, hidden)
    if _may_quote(passage, request):
        response = Kept(None, "Not kept, because it may quote what could not be read.")
    user_id, user_name = passage.named
    return Exchange(
        call_id=passage.call_id,
        at=passage.at,
        duration_ms=round(passage.duration_ms, 3),
        dialect=passage.dialect.name,
        operation=passage.operation_name,
        user_id=user_id,
        user_name=user_name,
        credential=passage.caller.credential if passage.caller else "",
        peer=passage.request.peer[:64],
        method=line(passage.request.method, 10),
        path=line(masked_address(passage.request.path, passage.request.query, hidden), 2000),
        **_answered(passage, hidden, readable=response.text is not None),
        **_counts(passage, hidden, readable=response.text is not None),
        **_request_columns(passage, request, hidden),
        **_response_columns(passage, response),
    )


def _may_quote(passage: RequestContext, request: Kept) -> bool:
    """Whether the response may quote a request that could not be parsed, where a secret may be anything."""
    looked_at = request.parsed and (request.whole or not passage.malformed)
    return not looked_at and (passage.problem is None or passage.problem.code not in QUOTES_NOTHING)


OLDEST = "SELECT id FROM webservices_exchange WHERE at < %s AND {dialects} ORDER BY at LIMIT %s"
OF_ONE, OF_OTHERS = OLDEST.format(dialects="dialect = ANY(%s)"), OLDEST.format(dialects="dialect <> ALL(%s)")


def prune_exchanges(*, before: datetime, batch: int = 5000, of: str = "", but: Collection[str] = ()) -> Iterator[int]:
    """
    Delete the exchanges of earlier moments, a batch at a time: yields how many each batch had.

    of   only those of this dialect
    but  not those of these dialects
    """
    oldest, dialects = (OF_ONE, [of]) if of else (OF_OTHERS, list(but))
    while True:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM webservices_exchange WHERE id IN ({oldest})", [before, dialects, batch])  # noqa: S608
            deleted = cursor.rowcount
        yield deleted
        if deleted < batch:
            return


def body_text(compressed: bytes | memoryview | None) -> str:
    """The text of a stored body; empty when it was not kept."""
    return zlib.decompress(compressed).decode() if compressed else ""


def masked_address(path: str, query: str, hidden: Mask) -> str:
    """Path and query as one text, the values of secret parameters masked."""
    if not query:
        return hidden.text(path)
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    shown = [
        (name, MASK if value and plain(name) in hidden.parameters else hidden.text(value)) for name, value in pairs
    ]
    return f"{hidden.text(path)}?" + "&".join(
        f"{_in_query(hidden.text(name))}={_in_query(value)}" if value else _in_query(hidden.text(name))
        for name, value in shown
    )


def _in_query(text: str) -> str:
    return quote(text, safe="/:*,@ ").replace(" ", "+")


def _request_kept(passage: RequestContext, hidden: Mask) -> Kept:
    if passage.not_read:
        return Kept(None, f"Not kept: {passage.not_read}", parsed=False)
    return _kept(whole(passage.request.body), passage.dialect.media, hidden)


def _response_kept(passage: RequestContext, hidden: Mask) -> Kept:
    kind = passage.response.content_type.partition(";")[0]
    media = next((media for media in MASKED_BY_MEDIA if media in kind), "")
    kept = _kept(passage.sent, media, hidden)
    return replace(kept, note=f"{kept.note} {passage.sent.note}".strip())


def _kept(sent: Sent, media: str, hidden: Mask) -> Kept:
    if not sent.size:
        return Kept("")
    if media not in MASKED_BY_MEDIA:
        return Kept(None, "Not kept, it is neither XML nor JSON.")
    return MASKED_BY_MEDIA[media](sent, hidden, server_settings().exchange_body_bytes)


def _answered(passage: RequestContext, hidden: Mask, *, readable: bool) -> dict[str, object]:
    """Status and problem; the problem of an unreadable request only by its code, as it may quote the request."""
    problem = passage.problem
    sentence = problem.sentence() if problem and readable else ""
    return {
        "status": passage.response.status,
        "code": problem.code[:60] if problem else "",
        "problem": line(hidden.text(sentence), 500),
        "dry": isinstance(passage.answer, Answer) and passage.answer.dry,
    }


def _counts(passage: RequestContext, hidden: Mask, *, readable: bool) -> dict[str, object]:
    answer = passage.answer
    if not isinstance(answer, Answer):
        return {}
    result = Counter(outcome.result for outcome in answer.outcomes)
    return {
        "records_in": len(answer.outcomes),
        "returned": len(answer.records),
        "keys": [line(hidden.text(key), LONGEST_KEY) for key in islice(_keys(answer), KEYS)],
        "outcomes": outcomes_kept(answer, passage.dialect, hidden, readable=readable),
        "cpu_ms": answer.timing and round(answer.timing.cpu * 1000, 3),
        "database_ms": answer.timing and round(answer.timing.database * 1000, 3),
        **{each.value: result[each] for each in Result},
    }


def _keys(answer: Answer) -> Iterator[str]:
    for outcome in answer.outcomes:
        if outcome.key:
            yield outcome.key
    if not answer.outcomes:
        key = answer.operation.resource.key
        found = answer.records.first if isinstance(answer.records, Stream) else answer.records
        yield from (" ".join(str(record.get(name, "")) for name in key) for record in found)


def _request_columns(passage: RequestContext, kept: Kept, hidden: Mask) -> dict[str, object]:
    body, headers = passage.request.body, passage.request.headers
    complete = kept.text is not None and kept.whole
    return {
        "request_headers": meant(headers, hidden),
        "request_type": line(passage.request.headers.get("content-type", "").partition(";")[0], 200),
        "request_size": len(body),
        "request_hash": "" if complete else sha256(body).hexdigest(),
        "request_body": _compressed(kept),
        "request_note": kept.note[:300],
    }


def _response_columns(passage: RequestContext, kept: Kept) -> dict[str, object]:
    return {
        "response_type": line(passage.response.content_type, 200),
        "response_size": passage.sent.size,
        "response_body": _compressed(kept),
        "response_note": kept.note[:300],
    }


def _compressed(kept: Kept) -> bytes | None:
    return None if kept.text is None else zlib.compress(kept.text.encode("utf-8", "replace"), 3)
