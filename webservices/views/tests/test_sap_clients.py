"""
Strangers' clients of SAP CPQ against a live server: zeep, PHP's SoapClient, and what an old .NET client sends.

Each but the last loads the WSDL as it is served, unedited; they add a customer, change it, and delete it.
"""

import pytest
import requests
import zeep
from lxml import etree

from webservices.tests.test_soap_clients import CLIENTS, VERSIONS, run
from webservices.wire.dialects.sap.functions import NAMESPACE, PATH

DAY = {
    "seen": "ICANSEEYOU",
    "added": ["OK", "Action successful.", []],
    "updated": ["NOK", "UPDATE failed", ["104005"]],
    "deleted": ["OK", "Action successful.", []],
}


@pytest.fixture
def address(live_server_process) -> str:
    return live_server_process.url + PATH


@VERSIONS
def test_php(php, address, account, version):
    day = run([php, str(CLIENTS / "cpq.php"), f"{address}?wsdl", *account, f"PHP-{version}", version])

    assert "well-formed" in day.pop("fault")
    assert day == DAY


@VERSIONS
def test_zeep(address, account, version):
    client = zeep.Client(f"{address}?WSDL")
    service = client.bind("CpqApi", "CpqApiSoap12" if version == "1.2" else "CpqApiSoap")
    user, password = account
    known = f"<ExternalId>ZEEP-{version}</ExternalId>"

    def administration(action: str, *customers: str) -> list:
        inside = "".join(f"<Customer>{customer}</Customer>" for customer in customers)
        root = etree.fromstring(f"<Root><Customers>{inside}</Customers></Root>")
        result = service.CustomerAdministration(user, password, action, {"_value_1": root})
        codes = [code.text for code in result.iterfind("Errors/Error/ErrorCode")]
        return [result.findtext("Status"), result.findtext("Message"), codes]

    day = {
        "seen": etree.fromstring(service.doUSeeMe(user, password)).tag,
        "added": administration("ADD", f"{known}<LastName>Byron</LastName><Company>Engines &amp; Co</Company>"),
        "updated": administration("UPDATE", f"{known}<City>Ockham</City>", "<ExternalId>nobody</ExternalId>"),
        "deleted": administration("DELETE", known),
    }

    assert day == DAY


def test_dot_net(address, account):
    """As a generated proxy of .NET 2.0 writes it: three namespaces declared, the SOAPAction in quotes."""
    user, password = account
    body = f"""<?xml version="1.0" encoding="utf-8"?><soap:Envelope
        xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
        xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><CustomerAdministration xmlns="{NAMESPACE}">
        <username>{user}#ACME</username><password>{password}</password><action>AddOrUpdate</action>
        <xml><Root xmlns=""><Customers><Customer><ExternalId>NET</ExternalId><LastName>Byron</LastName>
        <Company>Engines</Company><Email>ada@example.org</Email><Active>True</Active></Customer></Customers></Root></xml>
        </CustomerAdministration></soap:Body></soap:Envelope>"""
    headers = {
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": f'"{NAMESPACE}CustomerAdministration"',
        "User-Agent": "Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 2.0.50727.5420)",
        "X-Return-Ids": "true",
    }

    added, changed = (requests.post(address, body.encode(), headers=headers, timeout=30) for _ in range(2))
    lower_case = requests.post(address.replace(PATH, PATH.lower()), body.encode(), headers=headers, timeout=30)

    assert [answer.status_code for answer in (added, changed, lower_case)] == [200, 200, 200]
    result = etree.fromstring(added.content).find(".//Result")
    assert result.findtext("Status") == "OK"
    assert result.findtext("Added/Customer/Position") == "1"
    assert result.findtext("Added/Customer/Id").isdigit()
    assert [*etree.fromstring(changed.content).iterfind(".//Added/*")] == []
