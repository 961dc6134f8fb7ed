"""What the database refused, as a problem fit for the caller; the log has its own words."""

import logging

from django.db import DatabaseError

from records.shapes.problems import Family, Problem
from records.write.plan import Plan

log = logging.getLogger(__name__)

REFUSABLE = Problem(
    "refused-with-others",
    Family.INVALID,
    "The database refused this record or one that was sent with it, and they could not be told apart; send fewer.",
)

CLASSES = {
    "22": ("refused-value", "The database refused a value of this record."),
    "23": ("refused-by-constraint", "This record breaks a rule of the database."),
    "54": ("refused-as-too-big", "This record is more than the database can hold."),
}


def refusal(plan: Plan, error: DatabaseError) -> Problem | None:
    """The problem of a record that the database refused; None when the error is not a record's fault."""
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None) or ""
    if state[:2] not in CLASSES:
        return None
    code, text = CLASSES[state[:2]]
    diagnosis = cause.diag
    log.warning("%s refused by the database: %s %s", plan.resource.name, state, diagnosis.message_primary)
    column = next((c.field for c in plan.columns.values() if c.name == diagnosis.column_name), None)
    if diagnosis.constraint_name:
        text = text.removesuffix(".") + f" ({diagnosis.constraint_name})."
    if column:
        return Problem(code, Family.INVALID, "{field}: " + text, (column,))
    return Problem(code, Family.INVALID, text)
