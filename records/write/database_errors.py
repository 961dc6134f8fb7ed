"""Errors of the database as problems fit for the caller; its own words go to the log."""

import logging

import psycopg
from django.db import DatabaseError, models

from records.shapes.problems import Family, Problem
from records.write.plan import Plan

log = logging.getLogger(__name__)

REFUSABLE = Problem(
    "refused-with-others",
    Family.INVALID,
    "The database refused this record or one that was sent with it, and they could not be told apart; send fewer.",
)

CLASSES = {  # of SQLSTATE: data exception, integrity constraint violation, program limit exceeded
    "22": ("refused-value", "The database refused a value of this record."),
    "23": ("refused-by-constraint", "This record breaks a rule of the database."),
    "54": ("refused-as-too-big", "This record is more than the database can hold."),
}


def _find_taken(plan: Plan, name: str | None) -> Problem | None:
    """Return the problem of values that another record of the same kind has; None: the constraint is none of those."""
    constraints = (each for each in plan.model._meta.constraints if isinstance(each, models.UniqueConstraint))
    fields = next((each.fields for each in constraints if each.name == name), ())
    field = next((field.name for field in plan.resource.fields if fields and field.stored_as == fields[-1]), "")
    if not field:
        return None
    text = f"Another {plan.resource.label.lower()} has this {{field}} already."
    return Problem("already-exists", Family.DUPLICATE, text, (field,))


def refusal_problem(plan: Plan, error: DatabaseError) -> Problem | None:
    """Return the problem of a record that the database refused; None when the error is no record's fault."""
    cause = error.__cause__
    state = (cause.sqlstate or "") if isinstance(cause, psycopg.Error) else ""
    if not isinstance(cause, psycopg.Error) or state[:2] not in CLASSES:
        return None
    code, text = CLASSES[state[:2]]
    diagnosis = cause.diag
    log.warning("%s refused by the database: %s %s", plan.resource.name, state, diagnosis.message_primary)
    if problem := _find_taken(plan, diagnosis.constraint_name):
        return problem
    column = next((c.field for c in plan.columns.values() if c.name == diagnosis.column_name), None)
    if diagnosis.constraint_name:
        text = text.removesuffix(".") + f" ({diagnosis.constraint_name})."
    if column:
        return Problem(code, Family.INVALID, "{field}: " + text, (column,))
    return Problem(code, Family.INVALID, text)
