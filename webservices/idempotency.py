"""
Idempotency: a write that its caller names by a key is done once, and answered as often as it is sent.

The row of an answer is written in the transaction of its call. A killed server leaves neither, or both.

    with Transaction():
        stored = lock_and_load(call)        # ProblemError: the key is another call's, or that call is still running
        if stored is None:
            …                               # run the call
            store_answer(call, response)
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256
from time import monotonic, sleep
from uuid import uuid4

from django.db import connection
from psycopg.types.json import Json

from records import sql
from records.shapes.callers import Caller
from records.shapes.problems import Family, Problem, ProblemError, invalid_problem
from records.shapes.values import Values, quote_text
from webservices.conf import server_settings
from webservices.models import KeyedAnswer
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import Answer, Call, SessionOption, WireResponse
from webservices.wire.operations import Operation
from webservices.wire.options import KEY_IN_USE, KEY_REUSED, REPLAYED

PATIENCE = 2.0  # seconds that a call waits for the one that has its key
PAUSE = 0.05  # seconds between two attempts to lock
SECRET_HEADERS = frozenset({"set-cookie"})

TABLE = KeyedAnswer._meta.db_table
LOCK = "SELECT pg_try_advisory_xact_lock(%s)"
LOAD = f"""
    SELECT request_hash, call_id, operation, status, reason, content_type, headers::text, body
    FROM {TABLE} WHERE user_id = %s AND key_hash = %s AND at > %s
"""  # noqa: S608 - a name of our own
STORE = f"""
    INSERT INTO {TABLE}
        (user_id, key_hash, request_hash, operation, call_id, at, status, reason, content_type, headers, body)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (user_id, key_hash) DO UPDATE SET
        (request_hash, operation, call_id, at, status, reason, content_type, headers, body) =
        (EXCLUDED.request_hash, EXCLUDED.operation, EXCLUDED.call_id, EXCLUDED.at, EXCLUDED.status, EXCLUDED.reason,
         EXCLUDED.content_type, EXCLUDED.headers, EXCLUDED.body)
"""  # noqa: S608 - the conflict is with a row that has expired
DELETE = f"DELETE FROM {TABLE} WHERE id IN (SELECT id FROM {TABLE} WHERE at < %s ORDER BY at LIMIT %s)"  # noqa: S608


@dataclass(frozen=True)
class KeyedCall:
    """
    A call that its caller has named.

    request_hash  of what it means, in hex
    call_id       of this attempt
    at            the moment of this attempt
    """

    user_id: int
    key: str
    request_hash: str
    operation: str
    call_id: str
    at: datetime

    @property
    def key_hash(self) -> str:
        """SHA-256 of the caller and the key, in hex; migration 0016 computes the same."""
        return sha256(f"idempotency:{self.user_id}:{self.key}".encode()).hexdigest()


@dataclass(frozen=True)
class StoredAnswer:
    """A response that was given before, to the call with this id."""

    response: WireResponse
    call_id: str


def find_key(call: Call) -> str:
    """Return the key of a call that counts if its caller is known: the call writes records; else ""."""
    is_write = call.operation.writes and not call.options.dry_run
    return call.options.idempotency_key if is_write else ""


def takes_key(call: Call, caller: Caller) -> bool:
    """True if the key of a call counts: it writes records, and its caller is known."""
    return bool(find_key(call)) and caller.user_id is not None


def build_keyed_call(call: Call, caller: Caller, dialect: Dialect, *, at: datetime) -> KeyedCall:
    """Return what is known of a call whose key counts; raises RequestError when its records cannot be read."""
    if caller.user_id is None:
        raise TypeError("A call with a key has a caller.")
    return KeyedCall(
        user_id=caller.user_id,
        key=call.options.idempotency_key,
        request_hash=hash_call(call, dialect),
        operation=call.operation.name,
        call_id=caller.call_id,
        at=at,
    )


def hash_call(call: Call, dialect: Dialect) -> str:
    """
    Return the SHA-256 of what a call means on a wire, in hex: two attempts of one call have the same.

    Neither who calls nor what becomes of the session counts: a client that comes back may have signed in anew.
    """
    options = replace(call.options, idempotency_key="")
    meaning = replace(call, options=options, credentials=None, session=SessionOption.NONE, records=[RECORDS])
    # One after the other, as there may be many; the mark is in no call, so that it stands for them alone.
    before, after = _to_json([dialect.name, meaning]).split(_to_json(RECORDS))
    digest = sha256(before)
    for number, record in enumerate(call.records):
        digest.update((b"," if number else b"") + _to_json(record))
    digest.update(after)
    return digest.hexdigest()


RECORDS: Values = {f"records {uuid4()}": ""}


def _to_json(value: object) -> bytes:
    text = json.dumps(value, default=_plain, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _plain(value: object) -> object:
    """Return a value that JSON does not know as one that it knows; what a field usually is does not count."""
    if isinstance(value, Operation):
        return value.name
    if is_dataclass(value) and not isinstance(value, type):
        compared = {each.name: getattr(value, each.name) for each in fields(value) if each.compare}
        usual = {each.name: each.default for each in fields(value) if each.default is not MISSING}
        # A field that a later version adds leaves the hashes of calls that do not use it as they are.
        special = {name: each for name, each in compared.items() if each != usual.get(name, MISSING)}
        return {type(value).__name__: special}
    if isinstance(value, Enum):
        return {type(value).__name__: value.name}
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    return [*value] if hasattr(value, "__iter__") else repr(value)


def lock_and_load(call: KeyedCall) -> StoredAnswer | None:
    """
    Lock the key until the end of the transaction; return the answer that is stored for the call, if there is one.

    Raises ProblemError when another call has the key, or when this one is still running after PATIENCE.
    """
    deadline = monotonic() + PATIENCE
    lock = _lock_number(call)
    while not sql.rows(LOCK, [lock])[0][0]:
        if monotonic() > deadline:
            raise ProblemError(_in_use_problem(call.key))
        sleep(PAUSE)
    # A statement of its own: only that sees what the holder of the lock has committed meanwhile.
    since = call.at - timedelta(hours=server_settings().idempotency_hours)
    found = sql.rows(LOAD, [call.user_id, call.key_hash, since])
    if not found:
        return None
    request_hash, call_id, operation, status, reason, content_type, headers, body = found[0]
    if request_hash != call.request_hash:
        raise ProblemError(_reused_problem(call.key, operation, call_id))
    response = WireResponse(
        status, zlib.decompress(body), content_type, {**json.loads(headers), REPLAYED: "true"}, reason
    )
    return StoredAnswer(response, call_id)


def is_final(answer: Answer) -> bool:
    """True if an answer is to be stored: the call wrote something, or there was nothing to write and nothing failed."""
    return not answer.outcomes or not all(outcome.failed for outcome in answer.outcomes)


def store_answer(call: KeyedCall, response: WireResponse) -> None:
    """Store the response of a call whose key is locked."""
    headers = {name: text for name, text in response.headers.items() if name.lower() not in SECRET_HEADERS}
    row = [call.user_id, call.key_hash, call.request_hash, call.operation, call.call_id, call.at]
    row += [response.status, response.reason, response.content_type, Json(headers), zlib.compress(response.body, 3)]
    sql.run(STORE, row)


def prune_answers(*, before: datetime, batch: int = 5000) -> Iterator[int]:
    """Delete the answers of earlier moments, a batch at a time: yields how many each batch had."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(DELETE, [before, batch])
            deleted = cursor.rowcount
        yield deleted
        if deleted < batch:
            return


def _lock_number(call: KeyedCall) -> int:
    return int.from_bytes(bytes.fromhex(call.key_hash)[:8], "big", signed=True)


def _in_use_problem(key: str) -> Problem:
    text = f"The call with Idempotency-Key {quote_text(key)} is still running: send it again in a second."
    return Problem(KEY_IN_USE, Family.BUSY, text)


def _reused_problem(key: str, operation: str, call_id: str) -> Problem:
    text = (
        f"Idempotency-Key {quote_text(key)} belongs to another call ({operation}, call id {call_id}): a call that is "
        "sent again must be the same, and a new one needs a key of its own."
    )
    return invalid_problem(text, code=KEY_REUSED)
