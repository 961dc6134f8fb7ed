"""
Clients of the WSDLs as they were before their types had names go on working: those files, unchanged, with zeep.

Each reads a record, changes one field of it and reads it again. Every answer is valid against the former schema, which
classes in Java and C# were generated from, and nothing that the client did not send is changed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import zeep
from lxml import etree
from zeep.plugins import HistoryPlugin
from zeep.wsse.username import UsernameToken

from records.tests.cast import table
from webservices.tests.full_order import CHANGED, CUSTOMER, ORDER, PART, FullOrder

FORMER = Path(__file__).parent / "former_contracts"
CRM = "/CrmIntegrationWebservice/service.php?class="


@dataclass
class Former:
    """A client of a former WSDL, against this server: `call` returns an answer once it is valid."""

    name: str
    address: str
    wsse: object = None
    headers: dict = field(default_factory=dict)

    def __post_init__(self):
        self.history = HistoryPlugin()
        file = FORMER / f"{self.name}.wsdl"
        self.client = zeep.Client(str(file), wsse=self.wsse, plugins=[self.history])
        binding = next(iter(self.client.wsdl.bindings))
        self.service = self.client.create_service(binding, self.address)
        self.schema = etree.parse(file).find(".//{*}schema")

    def call(self, operation: str, **content):
        answer = self.service[operation](**content, **({"_soapheaders": self.headers} if self.headers else {}))
        self.validate(self.history.last_received["envelope"].find("{*}Body")[0])
        return answer

    def validate(self, content) -> None:
        """Hold an answer against the schema; one of SOAP's encoding has none that lxml reads, zeep has read it."""
        if self.schema.find("{*}import") is None:
            etree.XMLSchema(etree.fromstring(etree.tostring(self.schema))).assertValid(
                etree.fromstring(etree.tostring(content))
            )


def criteria(name: str, number: str) -> dict:
    return {"criteria": [{"field": name, "value": number, "comparator": "="}]}


def oracle_order(client: Former) -> list:
    wanted = criteria("sales_order_number", ORDER)
    (before,) = client.call("getSalesOrders", SalesOrders=wanted).SalesOrders.each_record
    changed = {"sales_order_number": ORDER, "subject": "new"}
    assert client.call("updateSalesOrders", SalesOrders={"each_record": [changed]}).records_updated == 1
    (after,) = client.call("getSalesOrders", SalesOrders=wanted).SalesOrders.each_record
    return [(each.subject, len(each.rows.each_row), float(each.total)) for each in (before, after)]


def oracle_2_0(order: FullOrder) -> list:
    address = f"{order.url}/v2_0/receiver/salesOrders"
    return oracle_order(Former("oracle-2.0-salesOrders", address, UsernameToken(*order.account)))


def oracle_1_0(order: FullOrder) -> list:
    security = zeep.Client(f"{order.url}/v1_0/receiver?wsdl=security").service
    user, password = order.account
    token = security.login(userInfo={"username": user, "password": password}).userInfo.sessionId
    headers = {"userInfo": {"sessionId": token}, "category": {"_value_1": "salesOrders"}}
    return oracle_order(Former("oracle-1.0-salesOrders", f"{order.url}/v1_0/receiver", headers=headers))


def ecosys(order: FullOrder) -> list:
    client = Former("ecosys-salesOrders", f"{order.url}/ecosys/api/soap/SalesOrder")
    user, password = order.account
    options = {"SalesOrderOptions": {"Username": user, "Password": password}}
    wanted = {**options, "SalesOrderParameters": {"OrderID": ORDER}}
    (before,) = client.call("ReadSalesOrder", **wanted).SalesOrder
    changed = {"OrderID": ORDER, "Subject": "new"}
    (result,) = client.call("UpdateSalesOrder", **options, SalesOrder=[changed]).ObjectResult
    assert result.successFlag
    (after,) = client.call("ReadSalesOrder", **wanted).SalesOrder
    return [(each.Subject, len(each.Rows.Row), float(each.Total)) for each in (before, after)]


def crm_service(order: FullOrder) -> list:
    sessions = zeep.Client(f"{order.url}{CRM}sessionManager&wsdl").service
    client = Former("crm-service-salesorderManager", f"{order.url}{CRM}salesorderManager")
    session = sessions.createSession(order.key)
    wanted = {"session": session, "criteria": {"field": "salesorder_no", "value": ORDER}}
    (before,) = client.call("searchSalesOrders", **wanted)
    changed = {"id": before.id, "subject": "new"}
    client.call("updateSalesOrder", session=session, salesOrder=changed)
    (after,) = client.call("searchSalesOrders", **wanted)
    return [(each.subject, len(each.rows), float(each.total)) for each in (before, after)]


CLIENTS = {name.__name__: (name,) for name in (oracle_2_0, oracle_1_0, ecosys, crm_service)}


@pytest.mark.parametrize("work", table(CLIENTS))
def test_an_order_keeps_what_its_client_did_not_send(full_order, work: Callable[[FullOrder], list]):
    found = work(full_order)

    assert found == [("old", 2, 30.0), ("new", 2, 30.0)]
    assert full_order.order() == CHANGED


@pytest.mark.usefixtures("no_custom_fields")
def test_a_part_keeps_what_its_client_did_not_send_and_blanks_are_taken(full_order):
    address = f"{full_order.url}/v2_0/receiver/parts"
    client = Former("oracle-2.0-parts", address, UsernameToken(*full_order.account))
    (part,) = client.call("getParts", Parts=criteria("part_number", PART)).Parts.each_record
    assert (part.lead_time, part.price.USD, part.description.en) == ("7", "10.50", "Pump")

    # A union was a text to it, so its blanks are texts too: each clears its field.
    client.call("updateParts", Parts={"each_record": [{"part_number": PART, "notes": "new", "lead_time": ""}]})

    assert full_order.part() == ("new", -1, {"USD": "10.50"}, {"en": "Pump"})
    client.call("getParts", Parts=criteria("part_number", PART))


def oracle_customer(order: FullOrder) -> Callable[..., str]:
    """Return a function that changes the company of the customer, and reads it unless it may not."""
    address = f"{order.url}/v2_0/receiver/customers"
    client = Former("oracle-2.0-customers", address, UsernameToken(*order.account))

    def change(company: str, *, reads: bool = True) -> str:
        changed = {"customer_number": CUSTOMER, "company": company}
        assert client.call("updateCustomers", Customers={"each_record": [changed]}).records_updated == 1
        if not reads:
            return company
        (found,) = client.call("getCustomers", Customers=criteria("customer_number", CUSTOMER)).Customers.each_record
        return found.company

    return change


def ecosys_customer(order: FullOrder) -> Callable[..., str]:
    """Return a function that changes the company of the customer, and reads it unless it may not."""
    client = Former("ecosys-customers", f"{order.url}/ecosys/api/soap/Customer")
    user, password = order.account
    options = {"CustomerOptions": {"Username": user, "Password": password}}

    def change(company: str, *, reads: bool = True) -> str:
        (result,) = client.call(
            "UpdateCustomer", **options, Customer=[{"CustomerID": CUSTOMER, "Company": company}]
        ).ObjectResult
        assert result.successFlag
        if not reads:
            return company
        (found,) = client.call("ReadCustomer", **options, CustomerParameters={"CustomerID": CUSTOMER}).Customer
        return found.Company

    return change


@pytest.mark.usefixtures("no_custom_fields")
@pytest.mark.parametrize("client", [oracle_customer, ecosys_customer])
def test_a_customer_reads_as_it_did_before_there_were_addresses_and_keeps_those_it_has(full_order, client):
    change = client(full_order)

    assert change("new") == "new"  # the answer is valid for a client that knows of no addresses

    full_order.send("PUT", f"customers/{CUSTOMER}/", addresses=[{"label": "Works", "city": "Akron"}])
    change("newer", reads=False)
    customer = full_order.send("GET", f"customers/{CUSTOMER}/")
    assert (customer["company"], [each["city"] for each in customer["addresses"]]) == ("newer", ["Akron"])
