"""
The services of one kind of record, whole batches at a time: the verbs that every record has.

They run inside the caller's transaction. An app adds its own rules (`records.rules`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial

from django.conf import settings
from django.db import models

from records.customization import definitions
from records.find import FindResult, Search, find_records
from records.rules import NO_RULES, Rules
from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Criterion, Scope
from records.shapes.fields import Field, RowsField
from records.shapes.matching import BY_KEY, Matching
from records.shapes.options import NO_WRITE_OPTIONS, WriteOptions
from records.shapes.outcomes import Outcome
from records.shapes.problems import ProblemError, invalid_problem, too_many_matches_problem
from records.shapes.resources import Resource
from records.shapes.values import Values
from records.write.blocks import run_in_blocks
from records.write.child_records import write_child_records
from records.write.drafts import Write
from records.write.engine import write_records
from records.write.optional_keys import Moves, complete_keys
from records.write.plan import Plan, plan
from records.write.removal import remove_records
from records.write.sequential import run_in_sequence
from records.write.several import run_for_each_match, takes_several


@lru_cache(maxsize=256)
def _narrow(resource: Resource, names: frozenset[str]) -> Resource:
    wanted = {"id", *resource.key, *names}
    return replace(resource, fields=tuple(field for field in resource.fields if field.name in wanted))


def present_fields(storage: Plan, ids: Sequence[int], names: frozenset[str]) -> Mapping[int, Values]:
    """Present stored records, by their ids, with their keys and some of their fields (one query)."""
    narrow = plan(storage.model, _narrow(storage.resource, names))
    return {int(str(record["id"])): record for record in find_records(narrow, Search(ids=ids)).records}


def log_call(
    *, criteria: Sequence[Criterion], most: int, by: Caller, at: datetime, resource: Resource | None = None
) -> Sequence[Outcome]:
    """Do nothing for any record: that the call was made is what its caller wants to have logged."""
    return []


def _fields_of_rows(field: Field) -> Sequence[Field]:
    return field.child.fields if isinstance(field, RowsField) else ()


def _find_keys(storage: Plan, criteria: Sequence[Criterion]) -> Sequence[Values]:
    """Find the keys of stored records (one query)."""
    return tuple(find_records(storage, Search(criteria), keys_only=True).records)


@dataclass(frozen=True)
class Services:
    """
    The services of one kind of record.

    Each takes the resource as the site has extended it; without one, as it is declared. Each returns one outcome per
    record, in order. Stored records are found by their keys, unless a matching says otherwise; `add` looks for none.

    import_permission  the permission to add finished business under the option for it; "": there is none of this kind
    """

    model: type[models.Model]
    resource: Resource
    rules: Rules = NO_RULES
    import_permission: str = ""

    @property
    def has_totals(self) -> bool:
        """True if a record has a total, or one of its rows."""
        fields = (each for field in self.resource.fields for each in (field, *_fields_of_rows(field)))
        return any(field.computed for field in fields)

    def site_resource(self, by: Caller, vendor: str = "") -> Resource:
        """Return the resource as the site has it in the caller's generation, with the data of a vendor."""
        return definitions(by.generation).extend(self.resource, vendor)

    def find(
        self, *, search: Search, resource: Resource | None = None, keys_only: bool = False, page_size: int | None = None
    ) -> FindResult:
        """
        Find records, in the order of the search, inactive ones too; without a page size, all of them at once.

        Raises ProblemError for criteria or an order that cannot be understood.
        """
        storage = plan(self.model, resource or self.resource)
        return find_records(storage, search, keys_only=keys_only, page_size=page_size)

    def add(
        self, *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource | None = None,
        scope: Scope = UNLIMITED, matching: Matching = BY_KEY, options: WriteOptions = NO_WRITE_OPTIONS,
    ) -> Sequence[Outcome]:  # fmt: skip
        """Add new records. A key that is taken fails as a duplicate, even if the record that has it is inactive."""
        return self._write(Write.ADD, records, by, at, resource, scope, matching, options)

    def update(
        self, *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource | None = None,
        scope: Scope = UNLIMITED, matching: Matching = BY_KEY, options: WriteOptions = NO_WRITE_OPTIONS,
    ) -> Sequence[Outcome]:  # fmt: skip
        """Change records that exist; what is absent stays. A key that is not known fails as not found."""
        return self._write(Write.UPDATE, records, by, at, resource, scope, matching, options)

    def put(
        self, *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource | None = None,
        scope: Scope = UNLIMITED, matching: Matching = BY_KEY, options: WriteOptions = NO_WRITE_OPTIONS,
    ) -> Sequence[Outcome]:  # fmt: skip
        """Add the records that do not exist and change those that do; what is absent stays."""
        return self._write(Write.PUT, records, by, at, resource, scope, matching, options)

    def remove(
        self, *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource | None = None,
        scope: Scope = UNLIMITED, matching: Matching = BY_KEY,
    ) -> Sequence[Outcome]:  # fmt: skip
        """Remove records; one in use becomes inactive instead, and its outcome says so."""
        return self._write(None, records, by, at, resource, scope, matching)

    def check(
        self, *, criteria: Sequence[Criterion], most: int, by: Caller, at: datetime, resource: Resource | None = None
    ) -> Sequence[Outcome]:
        """
        Write the records that criteria match as they are, so that all limits and rules of today look at them.

        For a caller who undoes it. Raises ProblemError where more than `most` match.
        """
        resource = resource or self.resource
        writable = {field.name for field in resource.writable}
        found = self._find_at_most(criteria, most, resource)
        records = [{name: value for name, value in record.items() if name in writable} for record in found]
        return self.update(records=records, by=by, at=at, resource=resource)

    def inactivate(
        self, *, criteria: Sequence[Criterion], most: int, by: Caller, at: datetime, resource: Resource | None = None
    ) -> Sequence[Outcome]:
        """Make the records that criteria match inactive; raises ProblemError where more than `most` match."""
        keys = self._find_at_most(criteria, most, resource, keys_only=True)
        # A record that no longer matches when it is locked is not found.
        scope = Scope(before=tuple(criteria))
        records = [{**{name: key[name] for name in self.resource.key}, "active": "false"} for key in keys]
        return self.update(records=records, by=by, at=at, resource=resource, scope=scope)

    def _find_at_most(
        self, criteria: Sequence[Criterion], most: int, resource: Resource | None, *, keys_only: bool = False
    ) -> Sequence[Values]:
        found = self.find(search=Search(criteria, limit=most), resource=resource, keys_only=keys_only)
        if found.cut:
            raise ProblemError(too_many_matches_problem(self.resource, most))
        return tuple(found.records)

    def _write(
        self, write: Write | None, records: Sequence[Values], by: Caller, at: datetime, resource: Resource | None,
        scope: Scope, matching: Matching, options: WriteOptions = NO_WRITE_OPTIONS,
    ) -> Sequence[Outcome]:  # fmt: skip
        storage = plan(self.model, resource or self.resource)

        hooks = replace(
            self.rules.build_hooks(options),
            present=partial(present_fields, storage),
            checks_totals=options.check_totals or settings.CHECK_TOTALS,
        )
        write_block = partial(remove_records, storage) if write is None else partial(write_records, storage, write)
        run_block = partial(write_block, by=by, at=at, scope=scope, matching=matching, hooks=hooks)
        names = matching.rules[0].fields if matching.rules else storage.resource.key
        run = partial(run_in_blocks, names, run_block)
        if matching.rules and write is not Write.ADD and takes_several(records, matching):
            run = partial(run_for_each_match, storage, matching, run)
        if matching.sequential:
            return run_in_sequence(storage, write, records, matching, self.rules.auto_columns, run)
        return run(records)


@dataclass(frozen=True, kw_only=True)
class ChildServices(Services):
    """
    The services of children as records of their own, such as one price of a part.

    Writing a child is a change of its parent: the parent is locked, its version moves, its Change tells of the child.
    The rules are the parent's, which look at the child as at one of its list. Children are found by their keys alone,
    of which a matching may say that a part is optional.

    parent  the services of the records that have the children
    rows    the parent's field that lists the children
    """

    parent: Services
    rows: str

    def _write(
        self, write: Write | None, records: Sequence[Values], by: Caller, at: datetime, resource: Resource | None,
        scope: Scope, matching: Matching, options: WriteOptions = NO_WRITE_OPTIONS,
    ) -> Sequence[Outcome]:  # fmt: skip
        resource = resource or self.resource
        if matching != replace(BY_KEY, optional=matching.optional):
            text = f"{self.resource.label_plural} are found by their keys alone."
            raise ProblemError(invalid_problem(text, code="by-key-alone"))
        # Problems of a child's key are about its last field: the first one names the parent, which is stored.
        children, parents = plan(self.model, resource, resource.key[-1]), plan(self.parent.model, self.parent.resource)
        present = partial(present_fields, children)
        moves: Moves = {}
        if matching.optional:
            records, moves = complete_keys(children, records, matching.optional, partial(_find_keys, children))
        run_block = partial(
            write_child_records, children, parents, self.rows, write,
            by=by, at=at, scope=scope, present=present, hooks=self.parent.rules.build_hooks(options),
            optional=matching.optional, moves=moves,
        )  # fmt: skip
        # All children of a parent in one block: its version moves once.
        return run_in_blocks(resource.key, run_block, records, together=1)
