"""
Rules of a domain app: all that it sees of a write.

    def check_states(drafts: Sequence[Draft], at: datetime) -> None:
        for draft in drafts:
            if draft.changes("state") and draft.after["state"] not in STATES:
                draft.reject("unknown-state", "{field} is no state.", "state")

    CUSTOMER_RULES = Rules(check_states)

A rule takes the whole batch, so that it asks the database once for all records. It sees only records that nothing has
been found wrong with, unless it is `partial`: then all that is wrong with a record is told at once. Relations are Refs;
all other values are typed as they are stored.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from records.shapes.options import NO_WRITE_OPTIONS, WriteOptions
from records.shapes.problems import Family, Problem
from records.write.child_table import ChildTable
from records.write.decide import NO_HOOKS, Hooks
from records.write.drafts import DraftState
from records.write.plan import Plan

Columns = Mapping[str, Any]  # a value is what its column holds


class After:
    """The values that a record, or a row, shall have, by field; to set one adds it to what is written."""

    __slots__ = ("_others", "_settable", "_values")

    def __init__(self, values: dict[str, Any], others: Columns, settable: Container[str] = ()):
        self._values, self._others, self._settable = values, others, settable

    def __getitem__(self, field: str) -> Any:
        try:
            return self._values[field]
        except KeyError:
            return self._others[field]

    def __setitem__(self, field: str, value: object) -> None:
        if field not in self._values and field not in self._settable:
            raise KeyError(field)  # a slip of the rule's author, which would otherwise be written nowhere
        self._values[field] = value


class RowDraft:
    """
    One row of a record: as it is and as it shall be.

    before  its values as they are stored, without its key; empty when it is new
    after   its values and its key; the key cannot be set
    number  its place in the list, from 0 on
    """

    __slots__ = ("_sent", "after", "before", "draft", "field", "number")

    def __init__(self, draft: "Draft", field: str, number: int, before: Columns, after: After, sent: Columns):
        self.draft, self.field, self.number = draft, field, number
        self.before, self.after, self._sent = before, after, sent

    def is_sent(self, field: str) -> bool:
        """True if the caller sent the field of this row."""
        return field in self._sent

    def is_read(self, *fields: str) -> bool:
        """True if the fields have the values that were meant: none of them is missing or wrong already."""
        return self.draft.is_row_read(self.field, self.number, *fields)

    def changes(self, *fields: str) -> bool:
        """True if one of the fields becomes another than it is."""
        after, before = self.after, self.before
        for field in fields:  # noqa: SIM110 - a generator for each row of a load costs more than what it compares
            if after[field] != before.get(field):
                return True
        return False

    def reject(self, code: str, sentence: str, field: str, *, family: Family = Family.INVALID) -> None:
        """Reject the record for a field of this row; in the sentence the field is `{field}`."""
        self.draft.add_problem(Problem(code, family, sentence, (self.field, self.number, field)))


class Draft:
    """
    One record on its way through a write, as a rule sees it.

    before   its values as they are stored; empty when it is new
    after    its values as they shall be
    options  those of the call
    """

    __slots__ = ("_plan", "_rows", "_state", "_tables", "after", "before", "options")

    def __init__(
        self, plan: Plan, state: DraftState, tables: Mapping[str, ChildTable], options: WriteOptions = NO_WRITE_OPTIONS
    ):
        self._plan, self._state, self._tables, self.options = plan, state, tables, options
        self.before: Columns = state.stored or {}
        self.after = After(state.columns, self.before, settable=self.before)
        self._rows: dict[str, list[RowDraft]] = {}

    @property
    def id(self) -> int | None:
        """The id of the stored record; None: it is new."""
        return self._state.id

    @property
    def is_new(self) -> bool:
        return self._state.stored is None

    @property
    def is_rejected(self) -> bool:
        return bool(self._state.problems)

    def is_read(self, *fields: str) -> bool:
        """True if the fields have the values that were meant: none of them is missing or wrong already."""
        # Of most records all is read, and rules ask for each field of each row.
        return not self._state.unread or all(self._state.is_read(field) for field in fields)

    def is_row_read(self, rows: str, number: int, *fields: str) -> bool:
        """True if the fields of a row have the values that were meant."""
        return not self._state.unread or all(self._state.is_read(rows, number, field) for field in fields)

    @property
    def minor_digits(self) -> Mapping[str, int]:
        """The digits of the site's currencies, by code."""
        return self._plan.minor_digits

    def is_sent(self, field: str) -> bool:
        """True if the caller sent the field."""
        return field in self._state.parsed

    def sent_name(self, relation: str) -> str:
        """Return the name of the record that a relation shall lead to, in the caller's words as far as it was sent."""
        fields = (field for field in self._plan.resource.writable if field.stored_as == relation)
        texts = (self._state.sent.get(field.name) for field in fields)
        return next((text for text in texts if isinstance(text, str) and text), str(self.after[relation]))

    def changes(self, *fields: str) -> bool:
        """True if one of the fields becomes another than it is; of a new record, if it has one."""
        return any(self._changes_rows(f) if f in self._tables else self._changes_value(f) for f in fields)

    def _changes_value(self, field: str) -> bool:
        return self.after[field] != self.before.get(field)

    def _changes_rows(self, field: str) -> bool:
        source = self._tables[field].source
        # Without a target the rows that are stored stay.
        return source in self._state.targets and self._state.targets[source] != self._state.stored_children.get(
            source, {}
        )

    def rows(self, field: str) -> list[RowDraft]:
        """
        Return the rows that the record shall have, in their order: those that were sent, or else those that it has.

        Raises KeyError for a field that the Rules do not list: its rows may not have been read. Those of
        `Rules.sent_rows` are there only where they were sent.
        """
        if field not in self._rows:
            self._rows[field] = self._draft_rows(field, self._tables[field])
        return self._rows[field]

    def _draft_rows(self, field: str, table: ChildTable) -> list[RowDraft]:
        stored = self._state.stored_children.get(table.source, {})
        if table.source not in self._state.targets:
            # Copies: what a rule sets must differ from what is stored, else it would never be written.
            self._state.targets[table.source] = {key: dict(values) for key, values in stored.items()}
        # Rows that were sent are the target, in the same order; a stored row that stays was not sent at all.
        # Nor was what a map of the same children adds after them, which contradicts them.
        sent = self._state.parsed.get(field) or ()
        names = [column.field for column in table.key]
        rows = []
        for number, (key, values) in enumerate(self._state.targets[table.source].items()):
            after = After(values, dict(zip(names, key, strict=True)))
            rows.append(
                RowDraft(self, field, number, stored.get(key, {}), after, sent[number] if number < len(sent) else {})
            )
        return rows

    def removed_rows(self, field: str) -> list[Columns]:
        """Return the values of the rows that the record has and shall not have, with their keys."""
        table = self._tables[field]
        stored = self._state.stored_children.get(table.source, {})
        target = self._state.targets.get(table.source, stored)
        names = [column.field for column in table.key]
        removed = ((key, values) for key, values in stored.items() if key not in target)
        return [{**dict(zip(names, key, strict=True)), **values} for key, values in removed]

    def reject(self, code: str, sentence: str, field: str = "", *, family: Family = Family.INVALID) -> None:
        """Reject the record, for one more reason if it is rejected already; in the sentence the field is `{field}`."""
        self.add_problem(Problem(code, family, sentence, (field,) if field else ()))

    def add_problem(self, problem: Problem) -> None:
        """Reject the record for a problem, after those that it has."""
        self._state.add_problem(problem)


@dataclass(frozen=True)
class Rules:
    """
    The rules of one kind of record, for a whole batch at a time.

    check          may reject drafts and set what they shall hold; `at` is the moment of the call
    check_removal  may reject drafts that are to be removed
    needs          the fields whose rows the rules look at, sent or not
    sent_rows      the fields whose rows the rules look at where they were sent; others are not read for them
    auto_columns   the columns that the rules may set by themselves
    partial        `check` also takes records with problems, and judges by no field that is not `is_read`
    """

    check: Callable[[Sequence[Draft], datetime], None] | None = None
    check_removal: Callable[[Sequence[Draft]], None] | None = None
    needs: frozenset[str] = frozenset()
    sent_rows: frozenset[str] = frozenset()
    auto_columns: frozenset[str] = frozenset()
    partial: bool = False

    def build_hooks(self, options: WriteOptions = NO_WRITE_OPTIONS) -> Hooks:
        """Build the rules as the engine calls them: on its own drafts, of which it shows the rules their face."""
        if not (self.check or self.check_removal):
            return NO_HOOKS
        return Hooks(partial(self._apply, options), self._apply_to_removal, self.needs)

    def _apply(self, options: WriteOptions, plan: Plan, batch: Sequence[DraftState], at: datetime) -> None:
        if self.check is not None:
            self.check(self._drafts(plan, [s for s in batch if self.partial or not s.problems], options), at)

    def _apply_to_removal(self, plan: Plan, batch: Sequence[DraftState]) -> None:
        if self.check_removal is not None:
            self.check_removal(self._drafts(plan, batch))

    # Drafts live for one call of a rule only: the engine replaces what they show when it decides a record anew.
    def _drafts(self, plan: Plan, batch: Sequence[DraftState], options: WriteOptions = NO_WRITE_OPTIONS) -> list[Draft]:
        tables = {name: table for table in plan.children for name in table.names & (self.needs | self.sent_rows)}
        return [Draft(plan, state, tables, options) for state in batch]


NO_RULES = Rules()
