"""Totals of orders by the files' own arithmetic, and how the hub's differ, in words."""

from decimal import Decimal

import pytest

from examples.csv_loader.totals import Totals, add_totals, read_totals, sum_up, tell_difference
from examples.csv_loader.values import MappingError

ROWS = [
    {"quantity": "3", "unit_price": "0.335", "discount": "0"},
    {"quantity": "3", "unit_price": "0.335"},
    {"quantity": "1", "unit_price": "10", "discount": "12.5"},
]
# The rounding, the currency; each row, the total, the grand total with a tax of 1.5 and a freight of 2.25.
ROUNDED = {
    "each row": ("row", "USD", ["1.01", "1.01", "8.75"], "10.77", "14.52"),
    "the order": ("order", "USD", ["1.00500", "1.00500", "8.75000"], "10.76", "14.51"),
    "a currency without digits": ("row", "JPY", ["1", "1", "9"], "11", "14.75"),
}


@pytest.mark.parametrize(
    "rounding, currency, rows, total, grand_total", [pytest.param(*row, id=name) for name, row in ROUNDED.items()]
)
def test_rounds(rounding, currency, rows, total, grand_total):
    order = {"currency": currency, "tax": "1.5", "freight": "2.25", "rows": [dict(row) for row in ROWS]}

    totals = add_totals(order, rounding, {"JPY": 0})

    assert [row["total"] for row in order["rows"]] == rows
    assert (order["total"], order["grand_total"]) == (total, grand_total)
    assert totals == Totals(
        currency, tuple(map(Decimal, rows)), Decimal(total), Decimal("1.5"), Decimal("2.25"), Decimal(grand_total)
    )


def test_leaves_the_totals_of_the_files_as_they_are():
    order = {"rows": [{"quantity": "1", "unit_price": "2", "total": "3"}], "total": "3", "grand_total": "4"}

    totals = add_totals(order, "row", {})

    assert (order["rows"][0]["total"], order["total"], order["grand_total"]) == ("3", "3", "4")
    assert totals.grand_total == 2


def test_rejects_a_row_without_a_price():
    with pytest.raises(MappingError, match="A row has no unit_price: map it, or leave out rounding"):
        add_totals({"rows": [{"quantity": "1"}]}, "row", {})


def test_reads_an_answer_and_tells_how_it_differs():
    order = {"currency": "USD", "rows": [{"line_number": n, "quantity": n, "unit_price": "1"} for n in ("10", "9")]}
    answer = {
        "currency": "USD", "rows": [{"total": "9.00"}, {"total": "10.00"}],
        "total": "19.00", "tax": "0.00", "freight": "0.00", "grand_total": "19.00",
    }  # fmt: skip

    ours = add_totals(order, "row", {})

    assert ours == read_totals(answer)
    assert tell_difference(ours, None) == "it is not at the hub."
    other = read_totals(answer | {"freight": "1.00", "grand_total": "20.00"})
    assert tell_difference(ours, other) == (
        "freight 1.00 at the hub, 0 by the files; grand_total 20.00 at the hub, 19.00 by the files."
    )
    fewer = read_totals(answer | {"rows": []})
    assert tell_difference(ours, fewer) == "its rows are none at the hub, 9.00, 10.00 by the files."


def test_sums_up_by_currency():
    orders = [add_totals({"currency": c, "rows": ROWS[2:], "freight": "1"}, "row", {}) for c in ("USD", "EUR", "USD")]

    assert {currency: str(total) for currency, total in sum_up(orders).items()} == {
        "USD": "2 rows 17.50 + tax 0 + freight 2 = 19.50",
        "EUR": "1 rows 8.75 + tax 0 + freight 1 = 9.75",
    }
