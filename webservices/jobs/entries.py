"""
The entries of a batch job: the outcomes of records, and the records as they were sent.

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
from records.shapes.recognition import MASK, plain_name
from records.shapes.resources import Resource
from records.shapes.values import Value, Values
from webservices.conf import server_settings
from webservices.exchanges.context import CompletedCall
from webservices.exchanges.masking import Mask, storable_text
from webservices.models import BatchJob, BatchJobEntry
from webservices.wire.messages import Answer

LONGEST_KEY = 400
LONGEST_NAME = 200
LONGEST_MESSAGE = 2000
Level, JobLevel = BatchJobEntry.Level, BatchJob.Level
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


def build_columns(entries: Sequence[Entry]) -> list[str]:
    """Return the entries as an array for each column."""
    by_column = zip(*entries, strict=True) if entries else ((),) * len(COLUMNS)
    return [sql.text_array(values) for values in by_column]


def build_entries(completed: CompletedCall, mask: Mask) -> list[Entry]:
    """Return the entries that the caller asked for, in the order of the records; none when the whole call failed."""
    answer, call = completed.answer, completed.call
    options = call.log if call else None
    if not isinstance(answer, Answer) or call is None or options is None or options.level == JobLevel.SUMMARY:
        return []
    resource, spell = answer.operation.resource, completed.dialect.speller(completed.context, answer.operation)
    sent = call.records if options.input and server_settings().job_inputs else ()
    found: list[Entry] = []
    for number, outcome in enumerate(answer.outcomes):
        if number < len(sent):
            found.append(Entry(str(number), Level.INFO, input=input_text(sent[number], resource, spell, mask)))
        if outcome.failed or options.level == JobLevel.DETAIL:
            messages = completed.dialect.messages(outcome, answer.operation, completed.context)
            found.append(_build_entry(number, outcome, messages, mask))
    return found


def _build_entry(number: int, outcome: Outcome, journaled: Sequence[tuple[str, str]], mask: Mask) -> Entry:
    messages = [{"code": code, "text": storable_text(mask.text(text), LONGEST_MESSAGE)} for code, text in journaled]
    warns = messages or outcome.result is Result.INACTIVATED
    return Entry(
        str(number),
        Level.ERROR if outcome.failed else Level.WARNING if warns else Level.INFO,
        storable_text(mask.text(outcome.key), LONGEST_KEY),
        None if outcome.id is None else str(outcome.id),
        outcome.result.value,
        json.dumps(messages, ensure_ascii=False),
    )


def input_text(record: Values, resource: Resource, spell: Spell, mask: Mask) -> str:
    """Return a record as it was sent: JSON of its values by their paths, as the dialect spells them; secrets masked."""
    values = dict(_spell_values(record, resource, (), spell, mask))
    return storable_text(json.dumps(values, ensure_ascii=False), server_settings().exchange_body_bytes)


def _spell_values(
    record: Values, resource: Resource, above: Path, spell: Spell, mask: Mask
) -> Iterator[tuple[str, object]]:
    for name, value in record.items():
        path, field = (*above, name), resource.by_name.get(name)
        if field is not None and field.kind is Kind.ROWS and (rows := _find_rows(value)):
            for number, row in enumerate(rows):
                yield from _spell_values(row, field.child, (*path, number), spell, mask)
        elif isinstance(value, Mapping):
            yield from (_pair((*path, key), entry, field, spell, mask) for key, entry in value.items())
        else:
            yield _pair(path, value, field, spell, mask)


def _find_rows(value: Value) -> list[Values]:
    """Return the rows of a value; none, if it is no list of rows."""
    rows: list[Values] = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    return rows if isinstance(value, list) and len(rows) == len(value) else []


def _pair(path: Path, value: Value, field: Field | None, spell: Spell, mask: Mask) -> tuple[str, object]:
    spelled = storable_text(mask.text(spell(path)), LONGEST_NAME)
    secret = (field is not None and field.secret) or mask.hides(plain_name(spelled))
    return spelled, MASK if secret else _mask_value(value, mask)


def _mask_value(value: Value, mask: Mask) -> object:
    if isinstance(value, list):
        return [_mask_value(each, mask) for each in value]
    if isinstance(value, Mapping):  # where none belongs: the record fails for it
        return {mask.text(key): _mask_value(each, mask) for key, each in value.items()}
    return mask.text(value) if isinstance(value, str) else ""
