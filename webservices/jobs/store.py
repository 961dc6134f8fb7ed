"""
The log of batch jobs: a write whose caller asked for it, kept in one statement after the answer is made.

    SUMMARY   who asked what, when, how many records were received and succeeded, how long it took
    FAIL      with an entry for each failed record: its key, and codes and sentences as its caller was told them
    DETAIL    with an entry for each record
    input     with an entry for each record as it was sent, secrets masked; goes with FAIL and DETAIL

Failing to keep it never fails a call. A call of which nobody was let in leaves no job: strangers do not write titles.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection

from records import sql
from webservices.exchanges.context import RequestContext
from webservices.exchanges.masking import Mask, mask
from webservices.exchanges.store import QUOTES_NOTHING
from webservices.exchanges.texts import line
from webservices.jobs.entries import COLUMNS as ENTRY_COLUMNS
from webservices.jobs.entries import Entry, columns, entries_of
from webservices.models import BatchJob, BatchJobEntry
from webservices.wire.messages import Answer

log = logging.getLogger(__name__)

JOB = [column for column in BatchJob._meta.concrete_fields if not column.primary_key]
INSERT = f"""
    WITH job AS (
        INSERT INTO {BatchJob._meta.db_table} ({", ".join(column.column for column in JOB)})
        VALUES ({", ".join(["%s"] * len(JOB))}) RETURNING id
    )
    INSERT INTO {BatchJobEntry._meta.db_table} (job_id, {", ".join(ENTRY_COLUMNS)})
    SELECT job.id, {", ".join(f"e.{name}::{kind}" for name, kind in ENTRY_COLUMNS.items())}
    FROM job, unnest({", ".join(["%s::text[]"] * len(ENTRY_COLUMNS))})
        WITH ORDINALITY AS e({", ".join(ENTRY_COLUMNS)}, place)
    ORDER BY e.place
"""  # noqa: S608 - names of our own columns
DELETE = f"""
    WITH old AS (SELECT id FROM {BatchJob._meta.db_table} WHERE began < %s ORDER BY began LIMIT %s),
    entries AS (DELETE FROM {BatchJobEntry._meta.db_table} WHERE job_id IN (SELECT id FROM old))
    DELETE FROM {BatchJob._meta.db_table} WHERE id IN (SELECT id FROM old)
"""  # noqa: S608


def keep_job(passage: RequestContext) -> None:
    """Log a call that has been answered, if it asked for it and writes; an error is logged, never raised."""
    if not _is_logged(passage):
        return
    try:
        hidden = passage.hidden or mask(passage.dialect.secrets, passage.presented())
        insert(job_of(passage, hidden), entries_of(passage, hidden))
    except Exception:
        log.exception("call %s: its batch job could not be logged", passage.call_id)


def _is_logged(passage: RequestContext) -> bool:
    call = passage.call
    return call is not None and call.log is not None and call.operation.writes and passage.caller is not None


def insert(job: BatchJob, entries: list[Entry]) -> None:
    """One statement, however many entries there are."""
    sql.run(INSERT, [*(getattr(job, column.attname) for column in JOB), *columns(entries)])


def job_of(passage: RequestContext, hidden: Mask) -> BatchJob:
    """The row of a call, masked."""
    call, answer, timing = passage.call, passage.answer, passage.timing
    return BatchJob(
        call_id=passage.call_id,
        title=line(hidden.text(call.log.title), 200) or call.operation.words.capitalize(),
        level=call.log.level,
        dialect=passage.dialect.name,
        operation=call.operation.name,
        user_id=passage.caller.user_id,
        user_name=passage.caller.user_name,
        credential=passage.caller.credential,
        began=passage.at,
        ended=passage.at + timedelta(seconds=timing.elapsed),
        elapsed=timing.elapsed,
        cpu=timing.cpu,
        database=timing.database,
        **(_counted(answer) if isinstance(answer, Answer) else _failed(passage, hidden)),
    )


def _counted(answer: Answer) -> dict[str, object]:
    failed = sum(outcome.failed for outcome in answer.outcomes)
    received = len(answer.outcomes)
    return {"received": received, "succeeded": received - failed, "failed": failed, "dry": answer.dry}


def _failed(passage: RequestContext, hidden: Mask) -> dict[str, object]:
    """Why the whole call failed, as the caller was told; a body that cannot be parsed may quote a secret."""
    problem = passage.problem
    spell = passage.dialect.speller(passage.context, passage.call.operation)
    quotes = passage.malformed and problem.code not in QUOTES_NOTHING
    sentence = "" if quotes else problem.sentence(spell)
    return {"code": problem.code[:60], "problem": line(hidden.text(sentence), 500)}


def prune_jobs(*, before: datetime, batch: int = 500) -> Iterator[int]:
    """Delete the jobs of earlier moments with their entries, a batch at a time: yields how many each batch had."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(DELETE, [before, batch])
            deleted = cursor.rowcount
        yield deleted
        if deleted < batch:
            return
