"""The body of a request about one kind of record: read into a record or criteria when the caller is known."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from records.shapes.criteria import Criterion
from records.shapes.fields import Field, Kind, item_field
from records.shapes.parsing import unknown
from records.shapes.problems import Family, Path, Problem, ProblemError, invalid_problem
from records.shapes.resources import Resource
from records.shapes.values import InvalidValue, Value, Values
from webservices.wire.dialects.expandable.context import ExpandableContext
from webservices.wire.dialects.expandable.criteria import parse_criterion
from webservices.wire.dialects.expandable.tables import AUDIT, NOT_SEARCHABLE, UNKNOWN_PREFIX, Lines, Program
from webservices.wire.dialects.expandable.values import path_with_key, read_flag, read_value
from webservices.wire.messages import Records, RequestError
from webservices.wire.operations import Operation, Verb

# A client that sends every field, most of them blank, must not bring back what was retired.
BLANK_IS_ABSENT = frozenset({"active"})
READ_ONLY = "{field} is read only; leave it out."
DIFFERS = "{field} is read only and differs from another field that says the same; leave it out, or send it as it is."


@dataclass(frozen=True)
class RequestBody:
    """
    The members of a body, as texts by their names on the wire.

    rows  the members of each of its lines; None: no list of lines was sent
    """

    program: Program
    operation: Operation
    context: ExpandableContext
    members: dict[str, str]
    rows: list[dict[str, str]] | None = None

    @property
    def resource(self) -> Resource:
        return self.operation.resource

    def defer(self, read: Callable[[], Iterator[Any]]) -> Records[Any]:
        """Return what `read` yields, read when it is first looked at."""

        def read_or_reject() -> Iterator[Any]:
            try:
                yield from read()
            except ProblemError as refused:
                raise RequestError(self.context, refused.problem, self.operation) from None

        return Records(read_or_reject())

    def record(self) -> Iterator[Values]:
        """Yield the one record; raises ProblemError for an update of nothing."""
        values: dict[str, Value] = {}
        for wire, text in self.members.items():
            for name, value in self._member(wire, text):
                _add_value(values, name, value, wire)
        if self.rows is not None and (lines := self.program.lines):
            rows: list[Value] = [self._line(lines, row) for row in self.rows]
            values[lines.name] = rows
        if self.operation.verb is not Verb.ADD:
            self._check_key(values)
        yield values

    def _member(self, wire: str, text: str) -> Iterator[tuple[str, Value]]:
        path = self.program.find_path(wire)
        if path is None:
            yield UNKNOWN_PREFIX + wire, InvalidValue(unknown_member(self.resource))
            return
        name, blank = str(path[0]), not text.strip()
        entry = self.resource.by_name.get(name)
        if wire in AUDIT or (entry is not None and entry.read_only):
            if not blank and self.operation.verb is Verb.UPDATE:  # as it was read, it says nothing
                yield name, {str(path[1]): text.strip()} if len(path) > 1 else text
            elif not blank:
                yield UNKNOWN_PREFIX + wire, InvalidValue(invalid_problem(READ_ONLY, code="read-only-field"))
        # A new record has its defaults where a field is blank; on an update blank clears.
        elif not blank or (self.operation.verb is not Verb.ADD and name not in BLANK_IS_ABSENT):
            yield name, self._value(entry, text)

    # A value that cannot be read fails its record only, together with all else that is wrong with it.
    def _value(self, entry: Field | None, text: str) -> Value:
        try:
            return read_value(entry, text, self.context.settings)
        except ProblemError as refused:
            return InvalidValue(refused.problem)

    def _line(self, lines: Lines, members: dict[str, str]) -> dict[str, Value]:
        row: dict[str, Value] = {}
        child = self.resource.rows_resource(lines.name)
        for wire, text in members.items():
            name = lines.fields.get(wire, "")
            entry = child.by_name.get(name)
            if entry is None:
                row[UNKNOWN_PREFIX + wire] = InvalidValue(unknown_member(child))
            elif entry.read_only and text.strip() and self.operation.verb is Verb.UPDATE:
                row[name] = text
            elif entry.read_only and text.strip():
                row[UNKNOWN_PREFIX + wire] = InvalidValue(invalid_problem(READ_ONLY, code="read-only-field"))
            elif not entry.read_only and (text.strip() or self.operation.verb is not Verb.ADD):
                row[name] = self._value(entry, text)
        return row

    def _check_key(self, values: dict[str, Value]) -> None:
        """
        Refuse what stands beside the key of a record that is to be deleted; the core finds a key that is missing.

        Raises ProblemError for an update of nothing.
        """
        key = self.resource.key
        others = [name for name in values if name not in key]
        spelled = ", ".join(wire for wire, name in self.program.fields.items() if name in key)
        if self.operation.verb is Verb.REMOVE:
            text = f"{{field}} is not taken here: a delete takes {spelled} and AUTH_TOKEN, and nothing else."
            values |= dict.fromkeys(others, InvalidValue(invalid_problem(text, code="not-accepted")))
        elif not others and all(values.get(entry.name) for entry in required_key(self.resource)):
            raise ProblemError(
                Problem("missing", Family.MISSING, f"Give at least one field to update beside {spelled}.")
            )

    def criteria(self) -> Iterator[Criterion]:
        """Yield all criteria; raises ProblemError when there is none, or one that cannot be understood."""
        criteria = [criterion for wire, text in self.members.items() for criterion in self._criterion(wire, text)]
        if self.rows and (lines := self.program.lines):
            text = f"{lines.member} cannot be asked for; ask for fields of {lines.head}."
            raise ProblemError(invalid_problem(text, code="not-accepted"))
        if not criteria:
            text = "Give at least one criterion; a blank one asks nothing, and '' asks for what has no value."
            raise ProblemError(Problem("missing", Family.MISSING, text))
        yield from criteria

    def _criterion(self, wire: str, text: str) -> Iterator[Criterion]:
        path = self.program.find_path(wire)
        if path is None:
            raise ProblemError(unknown_member(self.resource).under(UNKNOWN_PREFIX + wire))
        if not text.strip():
            return
        if wire in NOT_SEARCHABLE:
            text = "{field} cannot be asked for; leave it out."
            raise ProblemError(invalid_problem(text, code="not-accepted", path=path))
        entry = self.resource.by_name.get(str(path[0]))
        is_text = _is_text(entry, path)
        try:
            for comparator, operands in parse_criterion(text, is_text):
                yield Criterion(
                    path_with_key(entry, path, self.context.settings), comparator, _operands(entry, operands)
                )
        except ProblemError as refused:
            raise ProblemError(refused.problem.under(*path)) from None


def _add_value(values: dict[str, Value], name: str, value: Value, wire: str) -> None:
    """Add what a member says of a field, beside what others have said: its date and its time, or twice the same."""
    known = values.get(name, value)
    parts = known | value if isinstance(known, dict) and isinstance(value, dict) else value
    if isinstance(known, dict) and isinstance(parts, dict) and known | parts == parts | known:
        values[name] = parts
    elif known == value:
        values[name] = value
    else:
        values[UNKNOWN_PREFIX + wire] = InvalidValue(invalid_problem(DIFFERS, code="read-only-field"))


def required_key(resource: Resource) -> list[Field]:
    """Return the fields of the key that must have a value when a record is named; the others may be blank."""
    return [entry for entry in resource.key_fields if resource.needs(entry) or entry.auto_number]


def _is_text(entry: Field | None, path: Path) -> bool:
    if entry is None:
        return True
    value = item_field(entry)
    return value.kind is Kind.TEXT or path[-1] == "time"


def _operands(entry: Field | None, operands: tuple[str, ...]) -> tuple[str, ...]:
    is_flag = entry is not None and entry.kind is Kind.BOOLEAN
    return tuple(read_flag(text) if text.strip() else "" for text in operands) if is_flag else operands


def unknown_member(resource: Resource) -> Problem:
    """Return the problem of a name that is no field here, whose path its place adds."""
    return replace(unknown(resource, ""), path=())
