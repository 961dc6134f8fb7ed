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
    return [_replace_operands(plan, each) for each in conditions]


def _replace_operands(plan: Plan, condition: Condition) -> Condition:
    reference = condition.field.reference
    if reference is None or condition.comparator not in BY_NAME or not condition.operands:
        return condition
    target = plan.columns[condition.field.stored_as].relation_target
    name_column, *others = reference.by
    names: dict[object, object] = {}
    for other in map(quote_name, others):
        statement = (
            f"SELECT {other}, {quote_name(name_column)} FROM {quote_name(target.table)} WHERE {other} = ANY(%s::text[])"
        )
        names.update(sql.rows(statement, [list(condition.operands)]))
    return replace(condition, operands=tuple(names.get(each, each) for each in condition.operands))
