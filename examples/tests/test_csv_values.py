"""Values of fields: from a column, a template, a constant; by map, date, number; and what is no such value."""

import pytest

from examples.csv_loader.values import MappingError, Value

LINE = {
    "#": "7", "first": "Ann", "middle": "", "last": "Sea", "id": "5", "price": "1.234,505", "us": "1,234.50",
    "discount": "0.150000006", "day": "1996-07-04", "moment": "2011-05-31 00:00:00.0000000", "german": "31.12.2026",
    "region": "WA", "country": "USA", "none": "", "town": "50667 Köln",
}  # fmt: skip

VALUES = {
    "a column": (Value(column="first"), "Ann"),
    "a blank column": (Value(column="none"), None),
    "a constant": (Value(value=False), False),
    "the position of a child's line": (Value(position=True), "3"),
    "a template": (Value(template="{first} {last}"), "Ann Sea"),
    "a template in a width": (Value(template="NW-{id:0>3}"), "NW-005"),
    "a template with a blank in the middle": (Value(template="{first} {middle} {last}"), "Ann Sea"),
    "a template with a blank and its comma": (Value(template="{middle}, {last}, {none}"), "Sea"),
    "a template of blanks alone": (Value(template="Dear {none}"), None),
    "a template of two lines, a blank before": (Value(template="{none}\n{last}"), "Sea"),
    "a part of a column": (Value(column="town", pattern=r"^(\d+)"), "50667"),
    "a part that is not there": (Value(column="first", pattern=r"^(\d+)"), None),
    "a group that does not take part": (Value(column="first", pattern=r"Ann(\d)?"), None),
    "a map": (Value(column="country", map={"USA": "US"}), "US"),
    "a map to false": (Value(column="id", map={"5": False}), False),
    "a map to nothing": (Value(column="id", map={"5": ""}), None),
    "a map of a blank": (Value(column="none", map={"5": "A"}), None),
    "a replacement": (Value(column="region", replace={"WA": "Washington"}), "Washington"),
    "a replacement of others": (Value(column="region", replace={"OR": "Oregon"}), "WA"),
    "a day": (Value(column="day", date="iso"), "1996-07-04"),
    "a day with a time": (Value(column="moment", date="iso"), "2011-05-31"),
    "a day in a form": (Value(column="german", date="%d.%m.%Y"), "2026-12-31"),
    "percent of a float": (Value(column="discount", times=100, round=2), "15.00"),
    "a decimal comma, half up": (Value(column="price", number=",", round=2), "1234.51"),
    "a decimal point with thousands": (Value(column="us", number="."), "1234.50"),
    "a factor below 1": (Value(column="id", times=0.01), "0.05"),
    "a whole number": (Value(column="us", number=".", round=0), "1235"),
    "when it has a value": (Value(column="first", when={"last": True}), "Ann"),
    "when it has none": (Value(column="first", when={"last": False}), None),
    "when it is one of some": (Value(column="first", when={"country": ["USA", "CAN"], "region": "WA"}), "Ann"),
    "when one condition fails": (Value(column="first", when={"country": ["USA"], "region": "OR"}), None),
    "unless all are met": (Value(column="first", unless={"country": ["USA"], "region": "WA"}), None),
    "unless one fails": (Value(column="first", unless={"country": ["USA"], "region": "OR"}), "Ann"),
}

REJECTED = {
    "not in the map": (Value(column="country", map={"UK": "GB"}), "its map has no 'USA': add it, or use replace"),
    "no date": (Value(column="german", date="iso"), "'31.12.2026' is no date as date = 'iso' says"),
    "no such day": (Value(column="day", date="%Y-%d-%m", replace={"1996-07-04": "1996-31-02"}), "is no date"),
    "no number": (Value(column="town", round=2), "'50667 Köln' is no number"),
    "not a number": (Value(column="first", times=2, replace={"Ann": "NaN"}), "'NaN' is no number"),
}


@pytest.mark.parametrize("value, expected", [pytest.param(*row, id=name) for name, row in VALUES.items()])
def test_reads(value, expected):
    assert value.read(LINE, position=3) == expected


@pytest.mark.parametrize("value, reason", [pytest.param(*row, id=name) for name, row in REJECTED.items()])
def test_rejects(value, reason):
    with pytest.raises(MappingError, match=reason.replace("(", r"\(")):
        value.read(LINE, position=1)


def test_knows_its_columns():
    value = Value(template="{first}, {buyer.Name:0>6}", when={"last": True}, unless={"none": True})

    assert value.columns == ["first", "buyer.Name", "last", "none"]
