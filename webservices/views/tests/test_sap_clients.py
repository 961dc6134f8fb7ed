"""
Strangers' clients of SAP CPQ against a live server: zeep, PHP's SoapClient, and what an old .NET client sends.

Each but the last loads the WSDL as it is served, unedited; they add a customer, change it, and delete it.
"""

import pytest
import requests
import zeep
from lxml import etree

from webservices.tests.test_soap_clients import CLIENTS, VERSIONS, run
from webservices.wire.dialects.sap.functions import ADMIN_PATH, NAMESPACE, PATH

DAY = {
    "seen": "ICANSEEYOU",
    "added": ["OK", "Action successful.", []],
    "updated": ["NOK", "UPDATE failed", ["104005"]],
    "deleted": ["OK", "Action successful.", []],
}
DONE = ["OK", "Action successful.", ""]
PRODUCTS = {
    "product": DONE,
    "refused": ["NOK", "ADDORUPDATE failed", "ProductType is required. ({}-2)"],
    "material": DONE,
    "languages": "USEnglish",
    "gone": DONE,
}


def products_day(prefix: str) -> dict:
    """The answers about products, in which a sentence names one by its number."""
    status, message, sentence = PRODUCTS["refused"]
    return PRODUCTS | {"refused": [status, message, sentence.format(prefix)]}


@pytest.fixture
def address(live_server_process) -> str:
    return live_server_process.url + PATH


@pytest.fixture
def admin_address(live_server_process) -> str:
    return live_server_process.url + ADMIN_PATH


@VERSIONS
def test_php(php, admin_address, account, version):
    day = run([php, str(CLIENTS / "cpq.php"), f"{admin_address}?wsdl", *account, f"PHP-{version}", version])

    assert "well-formed" in day.pop("fault")
    assert day == DAY | products_day(f"PHP-{version}")


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


@VERSIONS
def test_zeep_for_products(admin_address, account, version):
    client = zeep.Client(f"{admin_address}?WSDL")
    service = client.bind("WsSrv", "WsSrvSoap12" if version == "1.2" else "WsSrvSoap")
    user, password = account
    number = f"ZEEP-{version}"
    named = f"<PartNumber>{number}</PartNumber>"
    new = "<ProductName><USEnglish>Pump</USEnglish></ProductName><Categories><USEnglish>All</USEnglish></Categories>"

    def document(product: str) -> dict:
        return {"_value_1": etree.fromstring(f"<Products><Product>{product}</Product></Products>")}

    def summary(result) -> list:
        return [result.findtext(f"{{*}}{name}") for name in ("Status", "Message")] + [
            result.findtext(".//{*}Description") or ""
        ]

    def administration(action: str, product: str) -> list:
        return summary(service.SimpleProductAdministration(user, password, action, document(product)))

    material = f"<ProductSystemId>{number}_cpq</ProductSystemId><Active>0</Active>"
    day = {
        "product": administration("ADDORUPDATE", f"{named}{new}<ProductType>Hardware</ProductType>"),
        "refused": administration("ADDORUPDATE", f"<PartNumber>{number}-2</PartNumber>{new}"),
        "material": summary(service.ImportMaterialsFromERP(user, password, document(material))),
        "languages": service.SimpleProductAdministration(user, password, "GETLANGUAGES").findtext("{*}Message")[:9],
        "gone": administration("DELETE", named),
    }

    assert day == products_day(number)


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
