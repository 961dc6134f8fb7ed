"""
Clients in Go and in C++ with Qt change a subject, and everything else stays: those that once wiped rows and prices.

Qt's is what KDSoap's generator makes of the WSDLs as they are served. Go's generator is on no registry: its types are
written as its template writes them, and Go's own encoder makes the messages.
"""

import shlex
import subprocess
from itertools import chain

import pytest
import requests
from lxml import etree

from webservices.tests.full_order import CHANGED, ORDER, PART, FullOrder
from webservices.tests.test_generated_clients import CLIENTS, CRM, succeed

PLACES = {"SalesOrders": "/v2_0/receiver/salesOrders", "Parts": "/v2_0/receiver/parts"}
ECOSYS = "/ecosys/api/soap/SalesOrder"
NO_ROWS = ("new", "kept", "2026-12-24", 0, "0.00")
PART_CHANGED = ("new", 7, {"USD": "10.50"}, {"en": "Pump"})
# Namespaces of C++ and the WSDLs that they are made of; those that are only compiled stand apart.
USED = {"oracle": "/v2_0/receiver/salesOrders?wsdl", "parts": "/v2_0/receiver/parts?wsdl", "ecosys": f"{ECOSYS}?wsdl"}
COMPILED = {
    "sap": "/wsAPI/CPQAPI.asmx?wsdl",
    "order": CRM.format("salesorderManager"),
}
LIBRARIES = ("Qt5Core", "Qt5Network", "Qt5Xml")


def post(order: FullOrder, message: str) -> None:
    """Send a message of Go to the service that its element names; it must be done."""
    element = etree.fromstring(message)
    path = PLACES.get(etree.QName(element[0]).localname, ECOSYS)
    body = f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>{message}</e:Body></e:Envelope>'
    headers = {"Content-Type": "text/xml", "Authorization": f"Bearer {order.key}"}
    answer = requests.post(order.url + path, body.encode(), headers=headers, timeout=30)
    assert answer.ok, answer.text
    assert "<bm:records_updated>1<" in answer.text or 'successFlag="true"' in answer.text


@pytest.mark.process
def test_structs_of_go_change_what_they_set(go, full_order):
    program = CLIENTS / "value_structs.go"
    command = [go, "run", program, ORDER, PART, *full_order.account]
    *changes, clearing = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()

    assert any("<rows></rows>" in each for each in changes)
    assert any("<description></description><price></price>" in each for each in changes)
    for message in changes:
        full_order.restore()
        post(full_order, message)
        subject, notes = ("old", "new") if "<notes>" in message else ("new", "old")
        assert full_order.order() == (subject, *CHANGED[1:]), message
        assert full_order.part() == (notes, *PART_CHANGED[1:]), message
    post(full_order, clearing)
    assert full_order.order() == NO_ROWS


@pytest.mark.process
def test_classes_of_qt_change_what_they_set(kdsoap, full_order, tmp_path):
    flags = shlex.split(succeed(["pkg-config", "--cflags", "--libs", *LIBRARIES], tmp_path))
    compiler = ["g++", "-std=c++17", "-fPIC", "-I."]
    for name, path in {**USED, **COMPILED}.items():
        generator = [kdsoap, "-namespace", name, full_order.url + path]
        succeed([*generator, "-o", f"{name}.h"], tmp_path)
        succeed([*generator, "-impl", f"{name}.h", "-o", f"{name}.cpp"], tmp_path)
        succeed(["moc", f"{name}.h", "-o", f"moc_{name}.cpp"], tmp_path)
    succeed([*compiler, "-fsyntax-only", *(f"{name}.cpp" for name in COMPILED), *flags], tmp_path)
    sources = chain.from_iterable((f"{name}.cpp", f"moc_{name}.cpp") for name in USED)
    succeed([*compiler, "-o", "client", CLIENTS / "KdSoap.cpp", *sources, *flags, "-lkdsoap"], tmp_path)

    said = succeed(["./client", full_order.url, *full_order.account, full_order.key, ORDER, PART], tmp_path)

    assert dict(line.split(": ", 1) for line in said.splitlines()) == {
        "oracle updated": "1",
        "oracle updated with a list of nothing": "1",
        "oracle found": "2 rows, 30.00",
        "part updated": "1",
        "ecosys updated": "yes",
        "oracle cleared": "1",
    }
    assert full_order.order() == NO_ROWS
    assert full_order.part() == PART_CHANGED
