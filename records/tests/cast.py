"""Who and when: the cast of the tests."""

from datetime import UTC, datetime

from records.shapes.callers import Caller

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ADA = Caller(1, "ada", credential="password", call_id="call-1", superuser=True)
BOB = Caller(2, "bob", credential="password", call_id="call-2")


def table(cases: dict) -> list:
    """Parameters for a test from a table: the names of the cases become its ids."""
    import pytest

    return [pytest.param(*(case if isinstance(case, tuple) else (case,)), id=name) for name, case in cases.items()]
