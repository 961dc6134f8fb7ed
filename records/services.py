"""
What can be done with one kind of record, whole batches at a time: the verbs that every record has.

They run inside the caller's transaction. An app adds what is its own as rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import models

from records.find import FindResult, Search, find_records
from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope
from records.shapes.matching import BY_KEY, Matching
from records.shapes.outcomes import Outcome
from records.shapes.resources import Resource
from records.shapes.values import Values
from records.write.batch import Write
from records.write.decide import NO_RULES, Rules
from records.write.engine import write_records
from records.write.plan import plan
from records.write.removal import remove_records
from records.write.sequential import run_in_sequence


@dataclass(frozen=True)
class Services:
    """
    The services of one kind of record.

    Each takes the resource as the site has extended it; without one, as it is declared. Each gives one outcome per
    record, in order. Stored records are found by their keys, unless a matching says otherwise; `add` looks for none.
    """

    model: type[models.Model]
    resource: Resource
    rules: Rules = NO_RULES

    def find(
        self, *, search: Search, resource: Resource | None = None, keys_only: bool = False, page_size: int | None = None
    ) -> FindResult:
        """The records that a search finds, in their order; inactive ones too."""
        where = plan(self.model, resource or self.resource)
        return find_records(where, search, keys_only=keys_only, page_size=page_size)

    def add(
        self, *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource | None = None,
        scope: Scope = UNLIMITED, matching: Matching = BY_KEY,
    ) -> list[Outcome]:  # fmt: skip
        """Add new records. A key that is taken fails as a duplicate, even if what has it is inactive."""
        return self._write(Write.ADD, records, by, at, resource, scope, matching)

    def update(
        self, *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource | None = None,
        scope: Scope = UNLIMITED, matching: Matching = BY_KEY,
    ) -> list[Outcome]:  # fmt: skip
        """Change records that exist; what is absent stays. A key that is not known fails as not found."""
        return self._write(Write.UPDATE, records, by, at, resource, scope, matching)

    def put(
        self, *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource | None = None,
        scope: Scope = UNLIMITED, matching: Matching = BY_KEY,
    ) -> list[Outcome]:  # fmt: skip
        """Add the records that do not exist and change those that do; what is absent stays."""
        return self._write(Write.PUT, records, by, at, resource, scope, matching)

    def remove(
        self, *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource | None = None,
        scope: Scope = UNLIMITED, matching: Matching = BY_KEY,
    ) -> list[Outcome]:  # fmt: skip
        """Remove records; one in use becomes inactive instead, and its outcome says so."""
        return self._write(None, records, by, at, resource, scope, matching)

    def _write(
        self, write: Write | None, records: Sequence[Values], by: Caller, at: datetime, resource: Resource | None,
        scope: Scope, matching: Matching,
    ) -> list[Outcome]:  # fmt: skip
        where = plan(self.model, resource or self.resource)
        options = {"by": by, "at": at, "scope": scope, "matching": matching, "rules": self.rules}
        run = partial(remove_records, where) if write is None else partial(write_records, where, write)
        if matching.sequential:
            return run_in_sequence(where, write, records, matching, self.rules.fills, partial(run, **options))
        return run(records, **options)
