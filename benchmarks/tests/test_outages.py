"""The judgement of the script; what it does to a hub is done in short in `test_supervisor` and `test_outages`."""

import pytest

from benchmarks.outages import Caller, find_problems

LIFE, READER = "GET /healthz", "GET /api/v1/parts/"
CASES = {
    "busy, in it": (READER, ("in it", "503", "1"), 5.0, ""),
    "a fault, in it": (READER, ("in it", "500", "60"), 0.1, ""),
    "busy, before": (READER, ("before", "503", "1"), 0.1, "was told 503 1 (before)"),
    "no time to come back at": (READER, ("in it", "503", ""), 0.1, "was told 503  (in it)"),
    "no answer": (READER, ("in it", "ReadTimeout", ""), 60.0, "waited for 60.0 s (in it)"),
    "a sign of life that is busy": (LIFE, ("in it", "503", "5"), 0.1, "was told 503 5 (in it)"),
    "a sign of life that is late": (LIFE, ("in it", "200", ""), 1.5, "waited for 1.5 s (in it)"),
}


@pytest.mark.parametrize("name, told, longest, problem", CASES.values(), ids=CASES)
def test_judges(name, told, longest, problem):
    caller = Caller(name, send=print)
    caller.told[told] = 1
    caller.longest[told[0]] = longest

    found = [*find_problems([caller], back=1.0)]

    assert problem in " ".join(found)
    assert bool(found) == bool(problem)
