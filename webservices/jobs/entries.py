"""
The entries of a batch job: what became of records, and what they were sent as.

    0  INFO     {"PartID": "PUMP-100", "Units": "0", "Price.EUR": "5"}       with LogDebug
    0  ERROR    PUMP-100  failed   ESRC_VALIDATION_FAULT  Units must be 1 or more, not 0.
    1  WARNING  PUMP-200  inactivated  …
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from records import sql
from records.shapes.fields import Field, Kind
from records.shapes.outcomes import Outcome, Result
from records.shapes.problems import Path
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values
from webservices.conf import server_settings
from webservices.exchanges.context import RequestContext
from webservices.exchanges.masking import MASK, Mask, plain
from webservices.exchanges.texts import line
from webservices.models import BatchJob, BatchJobEntry
from webservices.wire.messages import Answer

LONGEST_KEY = 400
LONGEST_NAME = 200
LONGEST_MESSAGE = 2000
Level, Wanted = BatchJobEntry.Level, BatchJob.Level
Spell = Callable[[Path], str]

COLUMNS: Mapping[str, str] = {
    "number": "int",
    "level": "text",
    "key": "text",
    "record_id": "bigint",
    "outcome": "text",
    "messages": "jsonb",
    "input": "text",
}  # each with its type


class Entry(NamedTuple):
    """One row, its columns as texts."""

    number: str
    level: str
    key: str = ""
    record_id: str | None = None
    outcome: str = ""
    messages: str = "[]"
    input: str = ""


def columns(entries: Sequence[Entry]) -> list[str]:
    """The entries as an array for each column."""
    by_column = zip(*entries, strict=True) if entries else ((),) * len(COLUMNS)
    return [sql.text_array(values) for values in by_column]


def entries_of(passage: RequestContext, hidden: Mask) -> list[Entry]:
    """What the caller asked to be logged of each record, in their order; nothing when the whole call failed."""
    answer, wish = passage.answer, passage.call.log
    if not isinstance(answer, Answer) or wish.level == Wanted.SUMMARY:
        return []
    resource, spell = answer.operation.resource, passage.dialect.speller(passage.context, answer.operation)
    sent = passage.call.records if wish.input and server_settings().job_inputs else ()
    found: list[Entry] = []
    for number, outcome in enumerate(answer.outcomes):
        if number < len(sent):
            found.append(Entry(str(number), Level.INFO, input=input_text(sent[number], resource, spell, hidden)))
        if outcome.failed or wish.level == Wanted.DETAIL:
            found.append(_entry(number, outcome, passage, hidden))
    return found


def _entry(number: int, outcome: Outcome, passage: RequestContext, hidden: Mask) -> Entry:
    told = passage.dialect.messages(outcome, passage.answer.operation, passage.context)
    messages = [{"code": code, "text": line(hidden.text(text), LONGEST_MESSAGE)} for code, text in told]
    warns = messages or outcome.result is Result.INACTIVATED
    return Entry(
        str(number),
        Level.ERROR if outcome.failed else Level.WARNING if warns else Level.INFO,
        line(hidden.text(outcome.key), LONGEST_KEY),
        None if outcome.id is None else str(outcome.id),
        outcome.result.value,
        json.dumps(messages, ensure_ascii=False),
    )


def input_text(record: Values, resource: Resource, spell: Spell, hidden: Mask) -> str:
    """A record as it was sent: JSON of its values by their paths, as the dialect spells these; secrets are masked."""
    shown = dict(_shown(record, resource, (), spell, hidden))
    return line(json.dumps(shown, ensure_ascii=False), server_settings().exchange_body_bytes)


def _shown(record: Values, resource: Resource, above: Path, spell: Spell, hidden: Mask) -> Iterator[tuple[str, object]]:
    for name, value in record.items():
        path, field = (*above, name), resource.by_name.get(name)
        if field is not None and field.kind is Kind.ROWS and _are_rows(value):
            for number, row in enumerate(value):
                yield from _shown(row, field.child, (*path, number), spell, hidden)
        elif isinstance(value, Mapping):
            yield from (_pair((*path, key), entry, field, spell, hidden) for key, entry in value.items())
        else:
            yield _pair(path, value, field, spell, hidden)


def _are_rows(value: Value) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)


def _pair(path: Path, value: Value, field: Field | None, spell: Spell, hidden: Mask) -> tuple[str, object]:
    spelled = line(hidden.text(spell(path)), LONGEST_NAME)
    secret = (field is not None and field.secret) or plain(spelled) in hidden.elements | hidden.members
    return spelled, MASK if secret else _masked(value, hidden)


def _masked(value: Value, hidden: Mask) -> object:
    if isinstance(value, list):
        return [_masked(each, hidden) for each in value]
    if isinstance(value, Mapping):  # where none belongs: the record fails for it
        return {hidden.text(key): _masked(each, hidden) for key, each in value.items()}
    return "" if value is EMPTY else hidden.text(value)
