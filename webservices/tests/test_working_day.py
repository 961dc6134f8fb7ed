"""
A working day against a live server, by strangers' clients in both versions of Oracle's services.

200 parts, 100 customers and what they call the parts; 50 orders of 1 to 20 rows that name parts in three ways; some
are cancelled, and a customer with an order is given up. Every figure agrees with what was computed here, with REST, and
with the admin's pages.
"""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
import requests
import zeep
from lxml import html
from zeep.helpers import serialize_object
from zeep.wsse.username import UsernameToken

from webservices.tests.office import CANCELLED, CUSTOMERS, ORDERS, PARTS, Office
from webservices.tests.test_soap_clients import CLIENTS, run

PLACES = {"1.0": "{url}/v1_0/receiver?wsdl={name}", "2.0": "{url}/v2_0/receiver/{name}?wsdl"}
VERSIONS = pytest.mark.parametrize("version", ["1.0", "2.0"])


class Rest:
    """The other API, to compare."""

    def __init__(self, url: str, account: tuple[str, str]):
        self.url, self.account = url, account

    def records(self, plural: str, **filters: str) -> list[dict]:
        place, asked = f"{self.url}/api/v1/{plural}/", {"limit": "1000", **filters}
        answer = requests.get(place, asked, auth=self.account, timeout=60)
        assert answer.ok, answer.text
        return answer.json()["results"]


class Admin:
    """The pages that people see."""

    def __init__(self, url: str, account: tuple[str, str]):
        self.url, self.browser = url, requests.Session()
        place = f"{url}/admin/login/"
        self.browser.get(place, timeout=60)
        sent = {
            "username": account[0],
            "password": account[1],
            "csrfmiddlewaretoken": self.browser.cookies["csrftoken"],
        }
        assert "sessionid" in self.browser.post(place, sent, timeout=60).request.headers["Cookie"]

    def cells(self, path: str, names: Sequence[str]) -> list[list[str]]:
        """The lines of a page's table: of each the texts of the cells with these names."""
        page = html.fromstring(self.browser.get(f"{self.url}/admin/{path}", timeout=60).text)
        lines = ([self._text(line, name) for name in names] for line in page.xpath("//tr"))
        return [line for line in lines if all(line)]

    @staticmethod
    def _text(line: html.HtmlElement, name: str) -> str:
        return " ".join("".join(line.xpath(f".//*[contains(@class, 'field-{name} ')][1]//text()")).split())

    def orders(self, prefix: str) -> dict[str, tuple[str, str]]:
        """Status and total by number, as the list has them."""
        found = self.cells(f"orders/salesorder/?q={prefix}-", ("number", "status", "order_total"))
        return {number: (status, total) for number, status, total in found}

    def rows(self, order_id: int) -> list[str]:
        """The totals of an order's rows, as its page has them."""
        return [total for (total,) in self.cells(f"orders/salesorder/{order_id}/change/", ("row_total",))]


def rows_of(found: object) -> list[dict]:
    """The rows, or records, of an answer: clients give one alone as itself or in a list."""
    return found if isinstance(found, list) else [found]


def figures(order: dict) -> tuple[str, str, list]:
    """Of an order as a client gives it: what `Office.expected` has."""
    rows = [(row["part_number"], str(row["total"])) for row in rows_of(order["rows"]["each_row"])]
    return order["status"], str(order["total"]), rows


def figures_of_rest(order: dict) -> tuple[str, str, list]:
    rows = [(row["part_number"], row["total"]) for row in order["rows"]]
    return order["status"], order["total"], rows


def count(answers: list[dict], name: str) -> int:
    return sum(int(answer["status"].get(name) or 0) for answer in answers)


def work(office: Office, call, rest: Rest) -> None:
    """The day; `call(plan)` has a client make the calls of a plan."""
    morning = call(office.morning())
    assert count(morning, "records_inserted") == PARTS + CUSTOMERS + len(office.numbers)
    again = call(office.morning())
    assert (count(again, "records_inserted"), count(again, "records_failed")) == (0, 0)

    parts = rest.records("parts", number__like=f"{office.prefix}-%")
    office.ids = {part["number"]: str(part["id"]) for part in parts}
    assert office.ids.keys() == set(office.parts)

    placed, changed, found, removed, kept = call(office.afternoon())
    assert count([placed], "records_inserted") == ORDERS, placed["status"].get("detail")
    assert count([changed], "records_updated") == CANCELLED
    orders = {order["sales_order_number"]: figures(order) for order in rows_of(found["SalesOrders"]["each_record"])}
    same = rest.records("sales-orders", number__like=f"{office.prefix}-%")
    assert orders == office.expected()
    assert {order["number"]: figures_of_rest(order) for order in same} == orders
    admin = Admin(rest.url, rest.account)
    assert admin.orders(office.prefix) == {
        each: (status, f"{total} USD") for each, (status, total, _) in orders.items()
    }
    assert admin.rows(same[0]["id"]) == [total for _, total in orders[same[0]["number"]][2]]

    assert int(removed["status"]["records_deleted"]) == 1
    assert office.given_up in removed["status"]["warning"]
    customer = rows_of(kept["Customers"]["each_record"])[0]
    assert str(customer["active"]).lower() == "false"
    [same] = rest.records("customers", number=office.given_up)
    assert same["active"] is False


@pytest.fixture
def rest(live_server_process, account):
    return Rest(live_server_process.url, account)


def by_program(command: list[str], rest: Rest, version: str, folder: Path):
    """Calls made by a program that is given a plan."""

    def call(plan: list[dict]) -> list[dict]:
        path = folder / "plan.json"
        path.write_text(json.dumps(plan))
        return run([*command, rest.url, *rest.account, version, str(path)])

    return call


@VERSIONS
def test_php(php, rest, version, tmp_path):
    work(Office(f"PHP{version}"), by_program([php, str(CLIENTS / "office.php")], rest, version, tmp_path), rest)


@VERSIONS
def test_node(node, rest, version, tmp_path):
    work(Office(f"NODE{version}"), by_program([node, str(CLIENTS / "office.mjs")], rest, version, tmp_path), rest)


class Zeep:
    """The same with zeep, which takes the header blocks as the WSDL declares them."""

    def __init__(self, url: str, account: tuple[str, str], version: str):
        self.url, self.account, self.version = url, account, version
        self.clients: dict[str, zeep.Client] = {}
        self.headers: dict[str, object] = {}
        if version == "1.0":
            user, password = account
            opened = self.service("security").login(userInfo={"username": user, "password": password})
            self.headers = {"userInfo": {"sessionId": opened.userInfo.sessionId}, "category": {"_value_1": "Parts"}}

    def service(self, name: str):
        if name not in self.clients:
            place = PLACES[self.version].format(url=self.url, name=name)
            signed = None if self.version == "1.0" else UsernameToken(*self.account)
            self.clients[name] = zeep.Client(place, wsse=signed)
        return self.clients[name].service

    def ask(self, step: dict) -> dict:
        """The answer; one that is a status alone is given as such by zeep."""
        operation = self.service(step["service"])[step["operation"]]
        answer = serialize_object(operation(**step["content"], _soapheaders=self.headers), dict)
        return answer if "status" in answer else {"status": answer}

    def call(self, plan: list[dict]) -> list[dict]:
        return [self.ask(step) for step in plan]


@VERSIONS
def test_zeep(rest, version):
    client = Zeep(rest.url, rest.account, version)

    work(Office(f"ZEEP{version}"), client.call, rest)


def test_a_session_ends_with_its_logout(rest):
    client = Zeep(rest.url, rest.account, "1.0")
    security = client.service("security")

    user = security.getUserInfo(_soapheaders=client.headers)
    security.setSessionCurrency(sessionCurrency="EUR", _soapheaders=client.headers)
    again = security.getUserInfo(_soapheaders=client.headers)
    security.logout(_soapheaders=client.headers)

    assert user.userInfo.login == rest.account[0]
    assert (user.userInfo.session_currency, again.userInfo.session_currency) == ("USD", "EUR")
    with pytest.raises(zeep.exceptions.Fault, match="SESSION-ERR"):
        security.getUserInfo(_soapheaders=client.headers)


def test_the_clients_are_given_a_port_for_each_service(rest):
    for name in ("security", "parts", "customers", "customerParts", "salesOrders"):
        client = zeep.Client(f"{rest.url}/v1_0/receiver?wsdl={name}")
        [service] = client.wsdl.services.values()
        assert len(service.ports) == 2


def test_php_loads_every_wsdl(php, rest):
    code = "foreach (array_slice($argv, 1) as $wsdl) { echo count((new SoapClient($wsdl))->__getFunctions()), ' '; }"
    names = ("security", "parts", "customers", "customerParts", "salesOrders")
    places = [f"{rest.url}/v1_0/receiver?wsdl={name}" for name in names]

    done = subprocess.run([php, "-r", code, *places], capture_output=True, text=True, timeout=60)

    assert [int(count) for count in done.stdout.split()] == [8, 10, 10, 10, 10], done.stderr
