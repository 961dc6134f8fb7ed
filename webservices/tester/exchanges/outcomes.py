"""
The result of each record of a call that was sent from here, and the line of the input where that record begins.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from records.shapes.problems import ProblemError
from webservices.exchanges.context import CompletedCall
from webservices.tester.compose.validate.positions import Steps, find_lines
from webservices.wire.contracts.annotations import strip_comments
from webservices.wire.dialects.base import Dialect
from webservices.wire.json import read_json
from webservices.wire.messages import Answer
from webservices.wire.operations import Operation
from webservices.wire.xml.documents import InvalidXml, parse_document

MAX_ROWS, MAX_FAILED_ROWS = 100, 100  # rows that are shown


@dataclass(frozen=True)
class RecordOutcome:
    """
    One record.

    line      of the input, where it begins; 0: unknown
    problems  code and sentence, in the dialect's spelling
    """

    number: int
    key: str
    result: str
    version: int | None
    problems: Sequence[tuple[str, str]] = ()
    line: int = 0

    @property
    def is_failed(self) -> bool:
        return self.result == "failed"


@dataclass(frozen=True)
class Outcomes:
    """
    The outcomes of a call.

    rows      at most MAX_ROWS, and MAX_FAILED_ROWS failed ones after them
    counts    number of records by result
    returned  number of records in the answer; None: it returns none
    dry       nothing was saved
    """

    rows: Sequence[RecordOutcome] = ()
    counts: Mapping[str, int] | None = None
    returned: int | None = None
    dry: bool = False

    @property
    def omitted_count(self) -> int:
        """The number of records that are not shown."""
        return sum((self.counts or {}).values()) - len(self.rows)


NO_OUTCOMES = Outcomes()


def build_outcomes(call: CompletedCall | None, text: str) -> Outcomes:
    """The outcomes of the records of an input; NO_OUTCOMES when the call failed as a whole."""
    answer = call.answer if call is not None else None
    if call is None or not isinstance(answer, Answer):
        return NO_OUTCOMES
    if not answer.outcomes:
        return Outcomes(returned=None if answer.operation.writes else len(answer.records), dry=answer.dry)
    lines = find_record_lines(call.dialect, answer.operation, text, len(answer.outcomes))
    rows = [
        RecordOutcome(
            number,
            outcome.key,
            str(outcome.result),
            outcome.version,
            call.dialect.messages(outcome, answer.operation, call.context)
            if outcome.problems or outcome.warnings
            else (),
            line,
        )
        for number, (outcome, line) in enumerate(zip(answer.outcomes, lines, strict=True), 1)
    ]
    visible = [*rows[:MAX_ROWS], *[row for row in rows[MAX_ROWS:] if row.is_failed][:MAX_FAILED_ROWS]]
    return Outcomes(visible, dict(Counter(row.result for row in rows)), dry=answer.dry)


def find_record_lines(dialect: Dialect, operation: Operation, text: str, count: int) -> list[int]:
    """The line of each of `count` records of an input; zeros where they cannot be found."""
    find = {"xml": _find_in_xml, "json": _find_in_json}[dialect.media]
    lines = find(text, _names(dialect, operation), count)
    return lines if len(lines) == count else [0] * count


def _names(dialect: Dialect, operation: Operation) -> frozenset[str]:
    """The names on the wire of the fields of a record."""
    plural = operation.resource.plural
    spelled = (dialect.spell(plural, (entry.name,)) for entry in operation.resource.fields)
    return frozenset(each.rpartition(".")[2] for each in spelled)


def _find_in_xml(text: str, names: frozenset[str], count: int) -> list[int]:
    """The lines of the elements whose children are fields: of the last group that has `count` of them."""
    try:
        root = parse_document(text.encode())
    except InvalidXml:
        return []
    # The header has elements, too, whose names may be those of fields.
    body = root.find("{*}Body")
    groups: dict[tuple[etree._Element | None, str], list[int]] = {}
    for record in _records(root if body is None else body, names):
        groups.setdefault((record.getparent(), str(record.tag)), []).append(record.sourceline or 0)
    return next((lines for lines in reversed(groups.values()) if len(lines) == count), [])


def _records(parent: etree._Element, names: frozenset[str]) -> Iterator[etree._Element]:
    if any(etree.QName(child).localname in names for child in parent.iterchildren(tag=etree.Element)):
        yield parent
        return
    for child in parent.iterchildren(tag=etree.Element):
        yield from _records(child, names)


def _find_in_json(text: str, names: frozenset[str], count: int) -> list[int]:
    bare = strip_comments(text)
    try:
        found = read_json(bare.encode("utf-8", "surrogatepass"))
    except ProblemError:
        return []
    lines = find_lines(bare)
    groups: dict[Steps, list[int]] = {}
    for steps in _objects(found, names, ()):
        groups.setdefault(steps[:-1], []).append(lines.get(steps, 0))
    return next((lines for lines in reversed(groups.values()) if len(lines) == count), [])


def _objects(value: object, names: frozenset[str], steps: Steps) -> Iterator[Steps]:
    """The outermost objects that have a field as a member."""
    match value:
        case dict() if not names.isdisjoint(value):
            yield steps
        case dict():
            for name, entry in value.items():
                yield from _objects(entry, names, (*steps, name))
        case list():
            for number, entry in enumerate(value):
                yield from _objects(entry, names, (*steps, number))
