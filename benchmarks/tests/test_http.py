"""Real servers for a moment, the hub and the floor alone; the long form is `python -m benchmarks --http`."""

import re
import subprocess
import sys

import pytest

from benchmarks.http_checks import NoRival, _compare, _expect_values, _read_tree
from benchmarks.http_ground import FLOOR
from benchmarks.http_works import Side, Work
from config.launch.paths import BASE_DIR

CONTENT = b'<a xmlns="urn:a"><message>%s</message><number>%s</number></a>'
ENVELOPE = b'<s:Envelope xmlns:s="urn:s"><s:Body>' + CONTENT + b"</s:Body></s:Envelope>"


@pytest.mark.process
def test_measures_hub_and_floor():
    command = [sys.executable, "-m", "benchmarks", "--http", "--brief"]

    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, timeout=300)

    assert done.returncode == 0, done.stdout + done.stderr
    sections = done.stdout.split("\n## Over HTTP: ")
    # The figures of a work have several columns; that which follows, of ratios, has one where all rivals are left out.
    row = r"^\| (hub, [^\s,]+|floor on gunicorn)[^|\n]*\| ([\d,]+) (?:ms )?\|(?=(?:[^|\n]*\|){3})"
    rows = [re.findall(row, each, re.M) for each in sections]
    reads = ["SOAP", "EcoSys", "Expandable", "CRM-service", "REST", "SAP"]
    assert [[name.removeprefix("hub, ") for name, _ in each] for each in rows] == [
        [*reads, "floor on gunicorn"],
        *[["SOAP", "REST", "floor on gunicorn"]] * 3,
        [],
        ["SOAP", "REST"],
        ["SOAP", "REST", "REST"],
    ]
    assert all(int(figure.replace(",", "")) > 0 for each in rows for _, figure in each)
    exports = re.findall(r"^\| ([^|]+) \| ([\d,]+) \| \*\*", sections[-3], re.M)
    assert [name for name, _ in exports] == ["Oracle CPQ 2.0", "EcoSys SOAP", "EcoSys REST JSON", "REST"]
    assert {*re.findall("not measured: ([^|]+) [|]", done.stdout)} == {"it was left out"}


def work(stored=None):
    return Work("a work", "", [], {}, stored)


def test_a_rival_that_answers_other_than_the_hub_is_none():
    hub, late, other = (
        {"body": body, "tree": _read_tree(body)}
        for body in (ENVELOPE % (b"at ten", b"1"), ENVELOPE % (b"at eleven", b"1"), ENVELOPE % (b"at ten", b"2"))
    )
    side = Side(FLOOR, FLOOR, build=str)

    _compare(work(), side, hub, late)
    with pytest.raises(NoRival, match="other tree"):
        _compare(work(), side, hub, other)


def test_a_rival_that_writes_other_rows_is_none():
    side = Side(FLOOR, FLOOR, build=str)

    with pytest.raises(NoRival, match="other history"):
        _compare(work(stored=list), side, {"rows": [1], "history": [2]}, {"rows": [1], "history": [3]})
    _compare(work(stored=list), side, {"rows": [1], "history": [2]}, {"rows": [1]})


def test_values_are_looked_for_however_a_wire_writes_them():
    part = b'{"number": "READ-05433", "description": "Pump of size 5433, edition 1", "price": %s, "lead_time": 4, '
    part += b'"notes": "Comes with gasket 10, edition 1."}'

    _expect_values(part % b'"381.27000"')
    with pytest.raises(NoRival, match=r"no 381\.27"):
        _expect_values(part % b"381.26")
