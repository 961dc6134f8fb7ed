"""
Criteria that name a record by another column than the one it is shown by: `country = US` becomes `country = USA`.

They are rewritten before anything is compared, so that SQL and memory find the same records.
"""

from collections.abc import Sequence
from dataclasses import replace

from records import sql
from records.shapes.criteria import Comparator, Condition
from records.sql import quote_name
from records.write.plan import Plan

BY_NAME = (Comparator.EQUAL, Comparator.NOT_EQUAL, Comparator.IN)


def replace_other_names(plan: Plan, conditions: Sequence[Condition]) -> list[Condition]:
    """Rewrite the conditions to the names by which records are shown; one query for each that may hold another."""
    return [_replace_operands(plan, each) if _may_differ(each) else each for each in conditions]


def _may_differ(condition: Condition) -> bool:
    reference = condition.field.reference
    return (
        reference is not None and len(reference.by) > 1 and condition.comparator in BY_NAME and bool(condition.operands)
    )


def _replace_operands(plan: Plan, condition: Condition) -> Condition:
    target = plan.columns[condition.field.stored_as].target
    shown, *others = condition.field.reference.by
    known: dict[object, object] = {}
    for other in map(quote_name, others):
        statement = (
            f"SELECT {other}, {quote_name(shown)} FROM {quote_name(target.table)} WHERE {other} = ANY(%s::text[])"
        )
        known.update(sql.rows(statement, [list(condition.operands)]))
    return replace(condition, operands=tuple(known.get(each, each) for each in condition.operands))
