"""
The log of batch jobs: a write whose caller asked for it, stored after the answer is made, in the transaction of it.

    SUMMARY   who called what, when, how many records were received and succeeded, how long it took
    FAIL      with an entry for each failed record: its key, and codes and sentences as its caller got them
    DETAIL    with an entry for each record
    input     with an entry for each record as it was sent, secrets masked; goes with FAIL and DETAIL

Failing to store it never fails a call. A call of which nobody was let in leaves no job: strangers do not write titles.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction

from records import sql
from records.shapes.callers import Caller
from webservices.exchanges.context import CompletedCall
from webservices.exchanges.masked_call import QUOTES_NOTHING, MaskedCall
from webservices.exchanges.masking import storable_text
from webservices.jobs.entries import COLUMNS as ENTRY_COLUMNS
from webservices.jobs.entries import Entry, build_columns, build_entries
from webservices.models import BatchJob, BatchJobEntry
from webservices.wire.messages import Answer, Call, Failure, LogOptions

log = logging.getLogger(__name__)

JOB_COLUMNS = [column for column in BatchJob._meta.concrete_fields if not column.primary_key]
# A text array for each column, since a statement takes 65,535 parameters at most. The order gives the entries ids in
# the order of the records.
INSERT = f"""
    WITH job AS (
        INSERT INTO {BatchJob._meta.db_table} ({", ".join(column.column for column in JOB_COLUMNS)})
        VALUES ({", ".join(["%s"] * len(JOB_COLUMNS))}) RETURNING id
    )
    INSERT INTO {BatchJobEntry._meta.db_table} (job_id, {", ".join(ENTRY_COLUMNS)})
    SELECT job.id, {", ".join(f"e.{name}::{kind}" for name, kind in ENTRY_COLUMNS.items())}
    FROM job, unnest({", ".join(["%s::text[]"] * len(ENTRY_COLUMNS))})
        WITH ORDINALITY AS e({", ".join(ENTRY_COLUMNS)}, place)
    ORDER BY e.place
"""  # noqa: S608 - names of our own columns
# The foreign key is checked no earlier than at the statement's end, so a job and its entries may go in the same one.
DELETE = f"""
    WITH old AS (SELECT id FROM {BatchJob._meta.db_table} WHERE began < %s ORDER BY began LIMIT %s),
    entries AS (DELETE FROM {BatchJobEntry._meta.db_table} WHERE job_id IN (SELECT id FROM old))
    DELETE FROM {BatchJob._meta.db_table} WHERE id IN (SELECT id FROM old)
"""  # noqa: S608


def store_job(call: CompletedCall, masked: MaskedCall) -> None:
    """Log an answered call that writes and whose caller asked for it; an error is logged, never raised."""
    if call.caller is None or call.call is None or call.call.log is None or not call.call.operation.writes:
        return
    if call.replay_of:  # nothing was done now; what was done then has its job
        return
    try:
        with transaction.atomic():  # a savepoint of the write, whose transaction goes on when this fails
            insert(build_job(call, call.call, call.call.log, call.caller, masked), build_entries(call, masked.mask))
    except Exception:
        log.exception("call %s: its batch job could not be logged", call.call_id)


def insert(job: BatchJob, entries: list[Entry]) -> None:
    """Insert job and entries in one statement, however many there are."""
    sql.run(INSERT, [*(getattr(job, column.attname) for column in JOB_COLUMNS), *build_columns(entries)])


def build_job(
    completed: CompletedCall, call: Call, options: LogOptions, caller: Caller, masked: MaskedCall
) -> BatchJob:
    """Return the row of a call."""
    answer, timing = completed.answer, completed.timing
    return BatchJob(
        call_id=completed.call_id,
        title=storable_text(masked.mask.text(options.title), 200) or call.operation.words.capitalize(),
        level=options.level,
        dialect=completed.dialect.name,
        operation=call.operation.name,
        **_caller_columns(caller),
        began=completed.at,
        ended=completed.at + timedelta(seconds=timing.elapsed),
        elapsed=timing.elapsed,
        cpu=timing.cpu,
        database=timing.database,
        **(_count_columns(answer) if isinstance(answer, Answer) else _problem_columns(completed, call, answer, masked)),
    )


def _caller_columns(caller: Caller) -> dict[str, object]:
    return {"user_id": caller.user_id, "user_name": caller.user_name, "credential": caller.credential}


def _count_columns(answer: Answer) -> dict[str, object]:
    failed = sum(outcome.failed for outcome in answer.outcomes)
    received = len(answer.outcomes)
    return {"received": received, "succeeded": received - failed, "failed": failed, "dry": answer.dry}


def _problem_columns(completed: CompletedCall, call: Call, failure: Failure, masked: MaskedCall) -> dict[str, object]:
    """Code and sentence of a whole call that failed; a body that cannot be parsed may quote a secret."""
    problem = failure.problems[0]
    spell = completed.dialect.speller(completed.context, call.operation)
    may_quote = completed.is_malformed and problem.code not in QUOTES_NOTHING
    sentence = "" if may_quote else problem.sentence(spell)
    return {"code": problem.code[:60], "problem": storable_text(masked.mask.text(sentence), 500)}


def prune_jobs(*, before: datetime, batch: int = 500) -> Iterator[int]:
    """Delete the jobs of earlier moments with their entries, a batch at a time: yields how many each batch had."""
    while True:
        # Each batch is committed by itself: no lock is held while the next one is deleted.
        with connection.cursor() as cursor:
            cursor.execute(DELETE, [before, batch])
            deleted = cursor.rowcount
        yield deleted
        if deleted < batch:
            return
