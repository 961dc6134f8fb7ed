"""
The body of a query: its criteria in the hub's words, where those are others than the wire's.

    {"PART_STATUS": "<>I", "PRICE_CODE": "LP", "TIME_LAST_UPDT": "10:01"}

A status is the vendor's word and whether a record is active, a code may spell the hub's blank, and a time of this wire
is a whole minute: each such criterion becomes one or more, some with alternatives.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from records.shapes.criteria import Comparator, Criterion, matches, understand
from records.shapes.fields import Field, Kind, ScalarField, ScalarKind, item_field
from records.shapes.parsing import reader
from records.shapes.problems import Family, Path, Problem, ProblemError, invalid_problem
from records.shapes.resources import VENDOR, Resource
from webservices.wire.dialects.expandable.body import RequestBody, unknown_member
from webservices.wire.dialects.expandable.criteria import Condition, parse_criterion
from webservices.wire.dialects.expandable.members import OLD_HEAD, list_members
from webservices.wire.dialects.expandable.tables import NOT_SEARCHABLE, UNKNOWN_PREFIX
from webservices.wire.dialects.expandable.types import vendor_type
from webservices.wire.dialects.expandable.values import (
    ACTIVE,
    INACTIVE,
    path_with_key,
    read_flag,
    read_old_date,
)

INACTIVE_RECORD = Criterion(("active",), Comparator.EQUAL, ("false",))
ACTIVE_RECORD = Criterion(("active",), Comparator.EQUAL, ("true",))
FIRST_SECOND, LAST_SECOND = ":00", ":59"
MINUTE = len("10:01")


def read_criteria(body: RequestBody) -> Iterator[Criterion]:
    """Yield all criteria; raises ProblemError when there is none, or one that cannot be understood."""
    members, program = body.members, body.program
    criteria = [criterion for wire, text in members.own.items() for criterion in _read_member(body, wire, text)]
    for member in members.lists:
        name = list_members(program)[member] if members.old else member
        head = OLD_HEAD if members.old else "the order itself"
        text = f"{name} cannot be asked for; ask for fields of {head}."
        raise ProblemError(invalid_problem(text, code="not-accepted"))
    if not criteria:
        text = "Give at least one criterion; a blank one asks nothing, and '' asks for what has no value."
        raise ProblemError(Problem("missing", Family.MISSING, text))
    yield from criteria


def _read_member(body: RequestBody, wire: str, text: str) -> list[Criterion]:
    program = body.program
    path = program.paths.get(wire)
    if path is None:
        raise ProblemError(unknown_member(body.resource).under(UNKNOWN_PREFIX + wire))
    if not text.strip():
        return []
    if wire in NOT_SEARCHABLE or wire in program.joined:
        text = "{field} cannot be asked for; leave it out."
        raise ProblemError(invalid_problem(text, code="not-accepted", path=path or (UNKNOWN_PREFIX + wire,)))
    entry = body.resource.by_name.get(str(path[0]))
    try:
        conditions = parse_criterion(text, is_text_field(entry, path, wire))
        return [criterion for each in conditions for criterion in _convert(body, wire, path, entry, each)]
    except ProblemError as refused:
        raise ProblemError(refused.problem.under(*path)) from None


def is_text_field(entry: Field | None, path: Path, wire: str) -> bool:
    """True if a field holds text, whose criteria may have wild cards."""
    if path[0] == VENDOR:
        return vendor_type(wire).kind is Kind.TEXT
    return entry is None or item_field(entry).kind is Kind.TEXT or path[-1] == "time"


def _convert(
    body: RequestBody, wire: str, path: Path, entry: Field | None, condition: Condition
) -> Sequence[Criterion]:
    """Return the criteria of the hub that say what a condition says of a field of this wire."""
    program, settings = body.program, body.context.settings
    comparator, operands = condition
    if body.context.old and _is_date(entry, path, wire):
        operands = tuple(map(read_old_date, operands))
    if wire == program.status:
        return status_criteria(path, (comparator, operands))
    if path[0] == VENDOR:
        return [vendor_criterion(path, comparator, operands)]
    if path[-1] == "time":
        return time_criteria(path, comparator, operands)
    if wire in program.codes and isinstance(entry, ScalarField):
        spellings = settings.spellings(program.codes[wire])
        return coded_criteria(path, entry.kind, spellings, (comparator, operands))
    if entry is not None and entry.kind is Kind.BOOLEAN:
        operands = tuple(read_flag(text) if text.strip() else "" for text in operands)
    return [Criterion(path_with_key(entry, path, settings), comparator, operands)]


def _is_date(entry: Field | None, path: Path, wire: str) -> bool:
    if path[0] == VENDOR:
        return vendor_type(wire).kind is Kind.DATE
    return path[-1] == "date" or (entry is not None and entry.kind is Kind.DATE)


def vendor_criterion(path: Path, comparator: Comparator, operands: tuple[str, ...]) -> Criterion:
    """
    Return the criterion of a field of the vendor's: as a number where both sides read as one, else as a text.

    Raises ProblemError where its type is known, and an operand is of another.
    """
    found = vendor_type(str(path[-1]))
    is_number = found.kind in (Kind.DECIMAL, Kind.INTEGER)
    texts = [text for text in operands if text.strip()]
    if found.kind is not Kind.TEXT and not (found.guessed and not _all_read(found.kind, texts)):
        read = reader(ScalarField("", found.kind))
        for text in texts:
            read(text)
    numbers = is_number and bool(texts) and _all_read(Kind.DECIMAL, texts) and comparator is not Comparator.LIKE
    return Criterion(path, comparator, operands, as_number=numbers)


def _all_read(kind: ScalarKind, texts: Sequence[str]) -> bool:
    read = reader(ScalarField("", kind))
    try:
        for text in texts:
            read(text)
    except ProblemError:
        return False
    return True


def time_criteria(path: Path, comparator: Comparator, operands: tuple[str, ...]) -> Sequence[Criterion]:
    """Return the criteria of a time of day, which is a whole minute unless it says its second."""
    if comparator in (Comparator.EQUAL, Comparator.NOT_EQUAL, Comparator.IN) and any(map(_is_minute, operands)):
        patterns = [Criterion(path, Comparator.LIKE, (f"{text}:__",)) for text in operands if _is_minute(text)]
        exact = [Criterion(path, Comparator.EQUAL, (text,)) for text in operands if not _is_minute(text)]
        if comparator is not Comparator.NOT_EQUAL:
            first, *others = [*patterns, *exact]
            return [replace(first, others=tuple(others))]
        before = Criterion(path, Comparator.LESS, (operands[0] + FIRST_SECOND,))
        after = Criterion(path, Comparator.MORE, (operands[0] + LAST_SECOND,))
        return [replace(before, others=(after,))]
    ending = LAST_SECOND if comparator in (Comparator.MORE, Comparator.AT_MOST) else FIRST_SECOND
    if comparator is Comparator.LIKE:
        return [Criterion(path, comparator, (_minute_pattern(operands[0]),))]
    return [Criterion(path, comparator, tuple(text + ending if _is_minute(text) else text for text in operands))]


def _is_minute(text: str) -> bool:
    return len(text.strip()) == MINUTE


def _minute_pattern(pattern: str) -> str:
    """`10:%` finds the times of an hour as it is; a pattern of one minute, `10:0_`, is about each of its seconds."""
    return pattern if "%" in pattern or len(pattern) > MINUTE else f"{pattern}:__"


def status_criteria(path: Path, condition: Condition) -> Sequence[Criterion]:
    """Return the criteria of a status: the word of a record is `I` where it is inactive, else its own, or `A`."""
    criteria = coded_criteria(path, Kind.TEXT, {"": ACTIVE}, condition)
    if _meets(Kind.TEXT, condition, INACTIVE):
        return [replace(each, others=(*each.others, INACTIVE_RECORD)) for each in criteria]
    return [*criteria, ACTIVE_RECORD]


def coded_criteria(
    path: Path, kind: ScalarKind, spellings: Mapping[str, str], condition: Condition
) -> Sequence[Criterion]:
    """
    Return the criteria of a field some of whose values are spelled in another way on this wire.

    A condition holds for such a value if it holds for its spelling, whatever it would say of the value itself.
    """
    comparator, operands = condition
    others, without = [], []
    for value, code in spellings.items():
        holds = _meets(kind if code else Kind.TEXT, condition, code)
        if holds and not _meets(kind, condition, value):
            others.append(Criterion(path, Comparator.EQUAL, (value,)))
        elif not holds and _meets(kind, condition, value):
            without.append(Criterion(path, Comparator.NOT_EQUAL, (value,)))
    return [Criterion(path, comparator, operands, others=tuple(others)), *without]


def _meets(kind: ScalarKind, condition: Condition, text: str) -> bool:
    """True if a value, as text, meets a condition; raises ProblemError for an operand of another kind."""
    field = ScalarField("value", kind, nullable=True)
    comparator, operands = condition
    understood = understand(Resource("", "", "", "", (field,), ()), [Criterion((field.name,), comparator, operands)])
    return matches(understood, {field.name: reader(field)(text) if text else None})
