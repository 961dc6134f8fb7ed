"""The program as its user runs it, with the WSDL that the real server gives."""

import os
import subprocess
import sys
from pathlib import Path

import zeep
from zeep.wsse.username import UsernameToken

PROGRAM = Path(__file__).parents[1] / "order_subject.py"


def service(server, plural: str):
    token = UsernameToken(server.username, server.password)
    return zeep.Client(f"{server.url}/v2_0/receiver/{plural}?wsdl", wsse=token).service


def run(server, *arguments: str):
    command = [sys.executable, str(PROGRAM), *arguments, "--url", server.url, "--user", server.username]
    environment = os.environ | {"HUB_PASSWORD": server.password}
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=120)


def order(server, **fields):
    record = {"sales_order_number": "ZEEP-1", **fields}
    assert service(server, "salesOrders").modifySalesOrders(SalesOrders={"each_record": [record]}).success == "true"


def test_changes_the_subject_and_leaves_the_rows(live_server_process):
    rows = {"each_row": [{"part_number": "ZEEP", "quantity": n, "unit_price": "10"} for n in (1, 2)]}
    customers, parts = [{"customer_number": "ZEEP"}], [{"part_number": "ZEEP"}]
    service(live_server_process, "customers").modifyCustomers(Customers={"each_record": customers})
    service(live_server_process, "parts").modifyParts(Parts={"each_record": parts})
    order(live_server_process, customer_number="ZEEP", subject="old", rows=rows)

    ran = run(live_server_process, "ZEEP-1", "Spring order")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "was ZEEP-1: old, 2 rows, total 30.00",
        "is  ZEEP-1: Spring order, 2 rows, total 30.00",
    ]
    order(live_server_process, rows={"clear": True})
    assert "is  ZEEP-1: none, 0 rows" in run(live_server_process, "ZEEP-1", "none").stdout


def test_tells_that_there_is_no_such_order(live_server_process):
    ran = run(live_server_process, "NONE", "x")

    assert (ran.returncode, ran.stderr.strip()) == (1, "There is no order NONE.")
