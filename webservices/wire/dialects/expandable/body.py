"""The body of a write: read into a record when the caller is known."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from records.shapes.fields import Field
from records.shapes.parsing import unknown
from records.shapes.problems import Family, Path, Problem, ProblemError, invalid_problem, missing_problem
from records.shapes.resources import VENDOR, Resource
from records.shapes.values import EMPTY, InvalidValue, Value, Values
from webservices.wire.dialects.expandable.context import ExpandableContext
from webservices.wire.dialects.expandable.lists import read_list
from webservices.wire.dialects.expandable.members import Members
from webservices.wire.dialects.expandable.tables import LINE_NUMBER, TOKEN, UNKNOWN_PREFIX, FieldList, Lines, Program
from webservices.wire.dialects.expandable.trees import PART_ACTIVE
from webservices.wire.dialects.expandable.values import (
    ACTIVE,
    INACTIVE,
    read_code,
    read_old_date,
    read_value,
    read_vendor_text,
)
from webservices.wire.messages import Records, RequestError
from webservices.wire.operations import Operation, Verb

# Joined to a price: the words of its part that are more than one text.
JOINED_STATUS, JOINED_DESCRIPTION = "PART_STATUS", "PART_DESC"
READ_ONLY = "{field} is read only; leave it out."
DIFFERS = "{field} is read only and differs from another field that says the same; leave it out, or send it as it is."


@dataclass(frozen=True)
class RequestBody:
    """The members of a body about one kind of record."""

    program: Program
    operation: Operation
    context: ExpandableContext
    members: Members

    @property
    def resource(self) -> Resource:
        return self.operation.resource

    @property
    def is_new(self) -> bool:
        return self.operation.verb is Verb.ADD

    def defer(self, read: Callable[[], Iterator[Any]]) -> Records[Any]:
        """Return what `read` yields, read when it is first looked at."""

        def read_or_reject() -> Iterator[Any]:
            try:
                yield from read()
            except ProblemError as refused:
                raise RequestError(self.context, refused.problem, self.operation) from None

        return Records(read_or_reject())

    def records_of_lines(self) -> Iterator[Values]:
        """Yield a record for each line of a transaction, with the head's values; raises ProblemError for no line."""
        program = self.program
        head: dict[str, Value] = {}
        for wire, text in self.members.own.items():
            for name, value in self._member(wire, text):
                _add_value(head, name, value, wire)
        head |= {UNKNOWN_PREFIX + wire: InvalidValue(missing_problem(())) for wire in self._missing(self.members.own)}
        lines = program.lines
        entries = self.members.lists.get(lines.member) if lines else None
        if lines is None or not entries:
            raise ProblemError(missing_problem((UNKNOWN_PREFIX + (lines.member if lines else ""),)))
        for number, entry in enumerate(entries):
            unknown_names = [wire for wire in entry if wire not in lines.paths]
            row = self._line(lines, {wire: text for wire, text in entry.items() if wire in lines.paths})
            if unknown_names:
                problem = unknown_member(self.resource).under(number, UNKNOWN_PREFIX + unknown_names[0])
                row[UNKNOWN_PREFIX + lines.member] = InvalidValue(problem)
            record = {**head, **row}
            if VENDOR in head and VENDOR in row:
                record[VENDOR] = {**_texts(head[VENDOR]), **_texts(row[VENDOR])}
            yield record

    def record(self) -> Iterator[Values]:
        """Yield the one record; raises ProblemError for an update of nothing."""
        values: dict[str, Value] = {}
        own = self._with_defaults()
        for wire, text in own.items():
            for name, value in self._member(wire, text):
                _add_value(values, name, value, wire)
        for member, entries in self.members.lists.items():
            self._add_list(values, member, entries)
        for wire in self._missing(own):
            if not self.is_new:  # what is to be changed is not known, so nothing else can be said of it
                raise ProblemError(missing_problem(self.program.paths[wire]))
            values[UNKNOWN_PREFIX + wire] = InvalidValue(missing_problem(()))
        if not self.is_new:
            self._check_key(values)
        yield values

    def _with_defaults(self) -> Mapping[str, str]:
        if not self.is_new:
            return self.members.own
        blank = {wire for wire, text in self.members.own.items() if not text.strip()}
        site = {wire: str(getattr(self.context.settings, name)) for wire, name in self.program.site_defaults.items()}
        defaults = {**self.program.defaults, **site}.items()
        return {**self.members.own, **{w: text for w, text in defaults if w in blank or w not in self.members.own}}

    def _missing(self, own: Mapping[str, str]) -> list[str]:
        """Return the names without which the call is refused, whatever the hub says."""
        program = self.program
        if self.is_new:
            return [wire for wire in program.required if not own.get(wire, "").strip()]
        return [
            wire for wire in program.key if wire not in own or (wire not in program.named and not own[wire].strip())
        ]

    def _member(self, wire: str, text: str) -> Iterator[tuple[str, Value]]:
        program, blank = self.program, not text.strip()
        path = program.paths.get(wire)
        if wire in program.not_taken:
            text = f"{{field}} is not taken here: {program.not_taken[wire]}."
            yield UNKNOWN_PREFIX + wire, InvalidValue(invalid_problem(text, code="not-accepted"))
        elif path is None:
            yield UNKNOWN_PREFIX + wire, InvalidValue(unknown_member(self.resource))
        elif wire in program.audit or wire in program.joined or wire == program.count or self._is_read_only(path):
            yield from self._read_only(wire, path, text)
        elif wire == program.status:
            yield from self._status(wire, text)
        elif path[0] == VENDOR:
            yield from self._vendor_member(wire, text)
        # A new record has its defaults where a field is blank; on an update blank clears.
        elif not blank or not self.is_new or wire in program.named:
            yield self._value(program, self.resource, wire, str(path[0]), text)

    def _is_read_only(self, path: Path) -> bool:
        entry = self.resource.by_name.get(str(path[0]))
        return entry is not None and entry.read_only

    def _read_only(self, wire: str, path: Path, text: str) -> Iterator[tuple[str, Value]]:
        if not text.strip():
            return
        if self.is_new or not path:
            yield UNKNOWN_PREFIX + wire, InvalidValue(invalid_problem(READ_ONLY, code="read-only-field"))
            return
        # As it was read, it says nothing; whether it is so, the core finds.
        text = read_old_date(text.strip()) if self.context.old else text.strip()
        if wire == JOINED_STATUS:
            yield PART_ACTIVE, "false" if text == INACTIVE else "true"
            text = "" if text in (ACTIVE, INACTIVE) else text
        if wire == JOINED_DESCRIPTION:
            path = (*path, self.context.settings.language)
        yield str(path[0]), {str(path[1]): text} if len(path) > 1 else text

    def _status(self, wire: str, text: str) -> Iterator[tuple[str, Value]]:
        """`I` makes a record inactive, any other word active; a blank one forgets the word and leaves it as it is."""
        word = text.strip()
        if word:
            yield "active", "false" if word == INACTIVE else "true"
        # A is what an active record without a word of its own answers: so it is stored as none.
        if word != INACTIVE and not (self.is_new and word in ("", ACTIVE)):
            yield from self._vendor_member(wire, "" if word == ACTIVE else text)

    def _vendor_member(self, wire: str, text: str) -> Iterator[tuple[str, Value]]:
        if not text.strip() and self.is_new:
            return
        try:
            yield VENDOR, {wire: read_vendor_text(wire, text, self.context.settings, old=self.context.old)}
        except ProblemError as refused:
            yield UNKNOWN_PREFIX + wire, InvalidValue(refused.problem)

    # A value that cannot be read fails its record only, together with all else that is wrong with it.
    def _value(self, fields: FieldList, resource: Resource, wire: str, name: str, text: str) -> tuple[str, Value]:
        entry: Field | None = resource.by_name.get(name)
        try:
            if wire in fields.codes and text.strip():
                text = read_code(self.context.settings.spellings(fields.codes[wire]), text)
            return name, read_value(entry, text, self.context.settings, old=self.context.old)
        except ProblemError as refused:
            return name, InvalidValue(refused.problem)

    def _add_list(self, values: dict[str, Value], member: str, entries: list[dict[str, str]]) -> None:
        lines = self.program.lines
        if lines is not None and member == lines.member:
            rows: list[Value] = [self._line(lines, entry) for entry in entries]
            values[lines.name] = rows
            return
        texts = next(each for each in self.program.lists if each.member == member)
        stored = read_list(texts, entries, self.resource, self.context.settings)
        if isinstance(stored, InvalidValue):
            name = texts.old_member if self.context.old_body else member
            values[UNKNOWN_PREFIX + name] = stored
        elif not (self.is_new and stored is EMPTY):
            _add_value(values, VENDOR, {texts.stored_name: stored}, member)

    def _line(self, lines: Lines, members: dict[str, str]) -> dict[str, Value]:
        row: dict[str, Value] = {}
        child = self.resource if self.program.is_entry else self.resource.rows_resource(lines.name)
        # A line without a number is a new one.
        if self.is_new or not members.get(LINE_NUMBER, "").strip():
            members = {**members, **{w: text for w, text in lines.defaults.items() if not members.get(w, "").strip()}}
        for wire, text in members.items():
            path = lines.paths.get(wire)
            if path is None:
                row[UNKNOWN_PREFIX + wire] = InvalidValue(unknown_member(child))
            elif path[0] == VENDOR:
                for name, value in self._vendor_member(wire, text):
                    _add_value(row, name, value, wire)
            elif text.strip() or not self.is_new:
                name, value = self._value(lines, child, wire, str(path[0]), text)
                row[name] = value
        return row

    def _check_key(self, values: dict[str, Value]) -> None:
        """
        Refuse what stands beside the key of a record that is to be deleted.

        Raises ProblemError for an update of nothing.
        """
        program = self.program
        taken = program.delete_names if self.operation.verb is Verb.REMOVE else program.key
        names = [str(program.paths[wire][0]) for wire in taken]
        others = [name for name in values if name not in names]
        spelled = ", ".join(taken)
        if self.operation.verb is Verb.REMOVE:
            token = "" if self.context.old else f" and {TOKEN}"
            text = f"{{field}} is not taken here: a delete takes {spelled}{token}, and nothing else."
            refused = InvalidValue(invalid_problem(text, code="not-accepted"))
            for name in others:
                values.update(self._refuse(name, refused, values.pop(name)))
            return
        read_only = {entry.name for entry in self.resource.fields if entry.read_only}
        if all(name in read_only for name in others):
            raise ProblemError(
                Problem("missing", Family.MISSING, f"Give at least one field to update beside {spelled}.")
            )

    @staticmethod
    def _refuse(name: str, refused: InvalidValue, value: Value) -> dict[str, Value]:
        """Return a refusal of a field, or of each name of the vendor's."""
        if name == VENDOR and isinstance(value, dict):
            return {UNKNOWN_PREFIX + wire: refused for wire in value}
        return {name: refused}


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


def _texts(value: Value) -> Mapping[str, Value]:
    return value if isinstance(value, dict) else {}


def unknown_member(resource: Resource) -> Problem:
    """Return the problem of a name that is no field here, whose path its place adds."""
    return replace(unknown(resource, ""), path=())
