"""
The entries of a batch job: what became of records, and what they were sent as.

    0  INFO                        {"PartID": "PUMP-100", "Units": "0"}                      with LogDebug
    0  ERROR    PUMP-100  failed   ESRC_VALIDATION_FAULT  Units must be 1 or more, not 0.
    1  WARNING  PUMP-200  inactivated  …
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from records import sql
from records.shapes.fields import Field
from records.shapes.outcomes import Became, Outcome
from records.shapes.problems import Path
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values
from webservices.exchanges.masking import MASK, Mask, plain
from webservices.exchanges.passage import Passage
from webservices.exchanges.texts import line
from webservices.messages import Answer
from webservices.models import BatchJob, BatchJobEntry
from webservices.terms import server_terms

LONGEST_KEY = 400
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


def entries_of(passage: Passage, hidden: Mask) -> list[Entry]:
    """What the caller asked to be logged of each record, in their order; nothing when the whole call failed."""
    answer, wish = passage.answer, passage.call.log
    if not isinstance(answer, Answer) or wish.level == Wanted.SUMMARY:
        return []
    resource, spell = answer.operation.resource, passage.dialect.speller(passage.manner, answer.operation)
    sent = passage.call.records if wish.input and server_terms().job_inputs else ()
    found: list[Entry] = []
    for number, outcome in enumerate(answer.outcomes):
        if number < len(sent):
            found.append(Entry(str(number), Level.INFO, input=input_text(sent[number], resource, spell, hidden)))
        if outcome.failed or wish.level == Wanted.DETAIL:
            found.append(_entry(number, outcome, passage, hidden))
    return found


def _entry(number: int, outcome: Outcome, passage: Passage, hidden: Mask) -> Entry:
    told = passage.dialect.told(outcome, passage.answer.operation, passage.manner)
    messages = [{"code": code, "text": line(hidden.text(text), LONGEST_MESSAGE)} for code, text in told]
    warns = messages or outcome.became is Became.INACTIVATED
    return Entry(
        str(number),
        Level.ERROR if outcome.failed else Level.WARNING if warns else Level.INFO,
        line(hidden.text(outcome.key), LONGEST_KEY),
        None if outcome.id is None else str(outcome.id),
        outcome.became.value,
        json.dumps(messages, ensure_ascii=False),
    )


def input_text(record: Values, resource: Resource, spell: Spell, hidden: Mask) -> str:
    """A record as it was sent, in the dialect's names, as JSON; what is secret is masked."""
    shown = dict(_shown(record, resource, (), spell, hidden))
    return line(json.dumps(shown, ensure_ascii=False), server_terms().exchange_body_bytes)


def _shown(record: Values, resource: Resource, above: Path, spell: Spell, hidden: Mask) -> Iterator[tuple[str, object]]:
    for name, value in record.items():
        path = (*above, name)
        spelled = line(hidden.text(spell(path)), 200)
        field = resource.by_name.get(name)
        secret = (field is not None and field.secret) or plain(spelled) in hidden.elements | hidden.members
        yield spelled, MASK if secret else _plainly(value, field, path, spell, hidden)


def _plainly(value: Value, field: Field | None, path: Path, spell: Spell, hidden: Mask) -> object:
    if value is EMPTY:
        return ""
    if isinstance(value, Mapping):
        return {hidden.text(key): _plainly(each, None, path, spell, hidden) for key, each in value.items()}
    if isinstance(value, str):
        return hidden.text(value)
    if field is None or field.child is None:
        return [_plainly(each, None, path, spell, hidden) for each in value]
    return [dict(_shown(row, field.child, (*path, n), spell, hidden)) for n, row in enumerate(value)]
