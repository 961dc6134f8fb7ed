"""
What became of each record of a call that was sent from here, and where in the input that record stands.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from records.shapes.problems import ProblemError
from webservices.exchanges.context import RequestContext
from webservices.tester.compose.validate.positions import Steps, lines_of
from webservices.wire.contracts.annotations import strip_comments
from webservices.wire.dialects.base import Dialect
from webservices.wire.json import read_json
from webservices.wire.messages import Answer
from webservices.wire.operations import Operation
from webservices.wire.xml.documents import InvalidXml, parse_document

FIRST, MORE_FAILED = 100, 100  # rows that are shown


@dataclass(frozen=True)
class Row:
    """
    One record.

    line      of the input, where it begins; 0: that cannot be told
    problems  code and sentence, in the dialect's spelling
    """

    number: int
    key: str
    result: str
    version: int | None
    problems: Sequence[tuple[str, str]] = ()
    line: int = 0

    @property
    def failed(self) -> bool:
        return self.result == "failed"


@dataclass(frozen=True)
class Outcomes:
    """
    Those of a call.

    counts    how many became what
    returned  how many records the answer holds; None: it is not about that
    dry       nothing was kept
    """

    rows: Sequence[Row] = ()
    counts: Mapping[str, int] | None = None
    returned: int | None = None
    dry: bool = False

    @property
    def more(self) -> int:
        """How many are not shown."""
        return sum((self.counts or {}).values()) - len(self.rows)


NONE = Outcomes()


def outcomes_of(passage: RequestContext | None, text: str) -> Outcomes:
    """What became of the records of an input."""
    answer = passage.answer if passage else None
    if not isinstance(answer, Answer):
        return NONE
    if not answer.outcomes:
        return Outcomes(returned=None if answer.operation.writes else len(answer.records), dry=answer.dry)
    lines = lines_of_records(passage.dialect, answer.operation, text, len(answer.outcomes))
    rows = [
        Row(
            number,
            outcome.key,
            str(outcome.result),
            outcome.version,
            passage.dialect.messages(outcome, answer.operation, passage.context) if outcome.problems else (),
            line,
        )
        for number, (outcome, line) in enumerate(zip(answer.outcomes, lines, strict=True), 1)
    ]
    shown = [*rows[:FIRST], *[row for row in rows[FIRST:] if row.failed][:MORE_FAILED]]
    return Outcomes(shown, dict(Counter(row.result for row in rows)), dry=answer.dry)


def lines_of_records(dialect: Dialect, operation: Operation, text: str, count: int) -> list[int]:
    """The line of each of so many records of an input; zeros where that cannot be told."""
    find = {"xml": _in_xml, "json": _in_json}[dialect.media]
    lines = find(text, _names(dialect, operation), count)
    return lines if len(lines) == count else [0] * count


def _names(dialect: Dialect, operation: Operation) -> frozenset[str]:
    """The names on the wire of the fields of a record."""
    plural = operation.resource.plural
    spelled = (dialect.spell(plural, (entry.name,)) for entry in operation.resource.fields)
    return frozenset(each.rpartition(".")[2] for each in spelled)


def _in_xml(text: str, names: frozenset[str], count: int) -> list[int]:
    """The lines of the elements whose children are fields: of the last group that has so many."""
    try:
        root = parse_document(text.encode())
    except InvalidXml:
        return []
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


def _in_json(text: str, names: frozenset[str], count: int) -> list[int]:
    bare = strip_comments(text)
    try:
        found = read_json(bare.encode("utf-8", "surrogatepass"))
    except ProblemError:
        return []
    lines = lines_of(bare)
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
