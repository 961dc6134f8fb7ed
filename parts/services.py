"""
What can be done with parts, whole batches at a time.

Every function runs inside the caller's transaction; `resource` is PART as the site has extended it.
"""

from collections.abc import Sequence
from datetime import datetime

from parts.models import Part
from parts.resources import PART
from records.find import Found, Search, find_records
from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope
from records.shapes.outcomes import Outcome
from records.shapes.resources import Resource
from records.shapes.values import Values
from records.write.batch import Write
from records.write.engine import write_records
from records.write.plan import plan
from records.write.removal import remove_records


def find_parts(*, search: Search, resource: Resource = PART, keys_only: bool = False) -> Found:
    """The parts that a search finds, in the order of their numbers; inactive ones too."""
    return find_records(plan(Part, resource), search, keys_only=keys_only)


def add_parts(
    *, parts: Sequence[Values], by: Caller, at: datetime, resource: Resource = PART, scope: Scope = UNLIMITED
) -> list[Outcome]:
    """
    Add parts to the catalogue; one outcome per part, in order.

    A part whose number is taken fails as a duplicate, even if that part is inactive.
    """
    return write_records(plan(Part, resource), Write.ADD, parts, by=by, at=at, scope=scope)


def update_parts(
    *, parts: Sequence[Values], by: Caller, at: datetime, resource: Resource = PART, scope: Scope = UNLIMITED
) -> list[Outcome]:
    """Change parts that exist; what is absent stays. A number that is not known fails as not found."""
    return write_records(plan(Part, resource), Write.UPDATE, parts, by=by, at=at, scope=scope)


def put_parts(
    *, parts: Sequence[Values], by: Caller, at: datetime, resource: Resource = PART, scope: Scope = UNLIMITED
) -> list[Outcome]:
    """Add the parts that do not exist and change those that do; what is absent stays."""
    return write_records(plan(Part, resource), Write.PUT, parts, by=by, at=at, scope=scope)


def remove_parts(
    *, parts: Sequence[Values], by: Caller, at: datetime, resource: Resource = PART, scope: Scope = UNLIMITED
) -> list[Outcome]:
    """Remove parts by number; a part in use becomes inactive instead, and its outcome says so."""
    return remove_records(plan(Part, resource), parts, by=by, at=at, scope=scope)
