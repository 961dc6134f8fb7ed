"""Documents: the tests that they name are there, and no point of the standard is passed over."""

import re
from collections import Counter
from pathlib import Path

import pytest

from config.launch.paths import BASE_DIR

# Of each section of OWASP ASVS 5.0 the points of the levels 1 and 2, which come before those of level 3.
POINTS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip
ROW = re.compile(
    r"^\| (?P<points>\d+\.\d+\.\d+(?:, \d+\.\d+\.\d+)*) \| (?P<state>.+?) \| (?P<how>.+) \|$", re.MULTILINE
)
TEST = re.compile(r"`((?:[\w./]+/tests/[\w./]*)?(?:::\w+)*)`")


def read(name: str) -> str:
    return (BASE_DIR / "docs" / name).read_text(encoding="utf-8")


def find_missing_tests(text: str) -> list[str]:
    """Return the tests that a text names and that are not there; `::name` is in the file that was named last."""
    missing, path = [], Path()
    for reference in filter(None, TEST.findall(text)):
        file, *names = reference.split("::")
        path = BASE_DIR / file if file else path
        content = path.read_text(encoding="utf-8") if path.is_file() else ""
        is_there = path.exists() and all(re.search(rf"\b(?:def|class) {name}\b", content) for name in names)
        missing += [] if is_there else [reference]
    return missing


@pytest.mark.parametrize("name", ["promises.md", "security.md", "reliability.md"])
def test_every_test_that_is_named_is_there(name):
    assert find_missing_tests(read(name)) == []


def test_a_test_that_is_not_there_is_found():
    text = (
        "`config/tests/test_documents.py::ROW`, `::test_a_test_that_is_not_there_is_found`, `config/tests/test_no.py`"
    )

    assert find_missing_tests(text) == ["config/tests/test_documents.py::ROW", "config/tests/test_no.py"]


def test_every_point_of_the_standard_has_one_row():
    rows = [match["points"].split(", ") for match in ROW.finditer(read("security.md"))]

    expected = [f"{section}.{number}" for section, count in POINTS.items() for number in range(1, count + 1)]

    assert Counter(point for points in rows for point in points) == Counter(expected)


def test_every_point_holds_or_is_open_or_does_not_apply():
    assert {match["state"] for match in ROW.finditer(read("security.md"))} <= {"holds", "open", "–"}
