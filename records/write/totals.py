"""
Totals that are sent, compared with those that the write computes: a difference is a warning or, on demand, a problem.

    sent 450, computed 450.00        the same
    sent 449.9998, computed 450.00   the same: what is computed has no more digits than the currency
    sent 450, computed 450.33        total is sent as '450', but comes to 450.33.

Of a new record and of a stored one alike: who changes a record and sends the old total with it is told, too.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from records.shapes.fields import ScalarField
from records.shapes.money import minor_digits, money_text
from records.shapes.parsing import is_blank, reader
from records.shapes.problems import Path, ProblemError, invalid_problem
from records.shapes.values import Value, quote_text
from records.write.drafts import DraftState
from records.write.plan import Plan
from records.write.read_only import pair_rows

EXACT = Context(prec=100)  # digits: more than a number may be sent with
TOTAL_DIFFERS = "total-differs"  # code of a warning, or of a problem


def compare_totals(plan: Plan, batch: Sequence[DraftState], *, fail: bool) -> None:
    """Add a warning for each total that is sent and differs, or a problem; one that is no number is a problem."""
    if not (plan.totals or plan.totals_of_rows):
        return
    for draft in batch:
        # Of a record that is rejected not all totals have been computed.
        if not draft.problems:
            for field, sent, computed, path in list(_pair_totals(plan, draft)):
                _compare(plan, draft, field, sent, computed, path, fail=fail)


def _pair_totals(plan: Plan, draft: DraftState) -> Iterator[tuple[ScalarField, Value, Any, Path]]:
    """Yield each total that was sent, with the computed one and its path."""
    for field in plan.totals:
        if field.name in draft.sent:
            yield field, draft.sent[field.name], _find_value(draft, field.name), (field.name,)
    for table, rows, totals in plan.totals_of_rows:
        for number, row, _, target in pair_rows(table, draft):
            for field in totals:
                if field.name in row:
                    yield field, row[field.name], target[field.name], (rows.name, number, field.name)


def _find_value(draft: DraftState, name: str) -> Any:
    return draft.columns[name] if name in draft.columns else (draft.stored or {})[name]


def _compare(
    plan: Plan, draft: DraftState, field: ScalarField, sent: Value, computed: Decimal, path: Path, *, fail: bool
) -> None:
    if is_blank(sent):  # as programs write what they do not know
        return
    try:
        value: Any = reader(ScalarField(field.name, field.kind))(sent)
    except ProblemError as error:
        for problem in error.problems:
            draft.add_problem(problem.under(*path))
        return
    digits = minor_digits(str(_find_value(draft, field.money)), plan.minor_digits) if field.money else 0
    if _is_same(value, computed, digits):
        return
    text = f"{{field}} is sent as {quote_text(str(sent).strip())}, but comes to {money_text(computed, digits)}."
    if fail:
        draft.add_problem(invalid_problem(f"{text} Leave it out, or send that.", code=TOTAL_DIFFERS, path=path))
    else:
        draft.warnings[invalid_problem(text, code=TOTAL_DIFFERS, path=path)] = None


def _is_same(sent: Decimal, computed: Decimal, digits: int) -> bool:
    """Compare two amounts with as many digits as both have, but no fewer than `digits`."""
    common = max(digits, min(_count_digits(sent), _count_digits(computed)))
    return _round(sent, common) == _round(computed, common)


def _count_digits(number: Decimal) -> int:
    exponent = number.normalize(EXACT).as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _round(number: Decimal, digits: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, EXACT)
