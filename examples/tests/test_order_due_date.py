"""The program as its user runs it, with the client that openapi-python-client makes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from webservices.tests.openapi.generators import generated_client

PROGRAM = Path(__file__).parents[1] / "order_due_date.py"


@pytest.fixture
def rest(live_server_process):
    """`rest(path, record)` puts a record and returns it as it is."""
    who = (live_server_process.username, live_server_process.password)

    def put(path: str, record: dict) -> dict:
        response = requests.put(f"{live_server_process.url}/api/v1/{path}/", json=record, auth=who)
        assert response.status_code in (200, 201), response.text
        return response.json()

    return put


def run(server, *arguments: str):
    command = [sys.executable, str(PROGRAM), *arguments, "--url", server.url, "--user", server.username]
    package = generated_client("openapi-python-client", "rest")
    environment = os.environ | {"HUB_PASSWORD": server.password, "PYTHONPATH": str(package)}
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=120)


@pytest.mark.process
def test_moves_due_dates_and_leaves_the_rest(live_server_process, rest):
    rest("parts/DUE", {})
    rest("customers/DUE", {})
    rows = [{"part_number": "DUE", "quantity": "2", "unit_price": "10.00"}]
    orders = [rest(f"sales-orders/DUE-{n}", {"customer": "DUE", "subject": "kept", "rows": rows}) for n in (1, 2)]

    ran = run(live_server_process, "2027-05-01", "DUE-1", "DUE-2")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "was DUE-1: due at no date, 1 rows, total 20.00",
        "was DUE-2: due at no date, 1 rows, total 20.00",
        "DUE-1: updated",
        "DUE-2: updated",
        "is  DUE-1: due 2027-05-01, 1 rows, total 20.00",
        "is  DUE-2: due 2027-05-01, 1 rows, total 20.00",
    ]
    for order in orders:
        assert rest(f"sales-orders/{order['number']}", {}) == order | {
            "due_date": "2027-05-01",
            "version": order["version"] + 1,
            "changed_at": rest(f"sales-orders/{order['number']}", {})["changed_at"],
        }


@pytest.mark.process
def test_tells_that_there_is_no_such_order(live_server_process):
    ran = run(live_server_process, "2027-05-01", "NONE")

    assert (ran.returncode, ran.stdout) == (1, "")
    assert "NONE" in ran.stderr
