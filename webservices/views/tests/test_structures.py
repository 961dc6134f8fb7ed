"""
An empty structure clears nothing: the messages of strangers' generated clients, each as their code writes it.

Go's encoding/xml writes the element of every struct that is no pointer, set or not, and gowsdl made such structs of
anonymous types; KDSoap writes what it merged from them; .NET writes an array of nothing as an empty element.
"""

import json

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser

from customers.services import CUSTOMERS
from orders.models import SalesOrder
from orders.services import SALES_ORDERS
from parts.models import Part
from parts.services import PARTS
from records.tests.cast import ADA, NOW, table
from webservices.tests.api_keys import ALL, key_for
from webservices.tests.ecosys import REST_JSON, REST_XML, basic, call, results
from webservices.tests.version_1_0 import Client
from webservices.views.tests.test_crm import call as call_crm
from webservices.views.tests.test_crm import opened

GO = (
    '<updateSalesOrders xmlns="urn:soap.bigmachines.com"><SalesOrders><each_record xmlns="urn:soap.bigmachines.com">'
    "<sales_order_number>S-1</sales_order_number><subject>new</subject>{}</each_record></SalesOrders>"
    "</updateSalesOrders>"
)
GO_PART = (
    '<updateParts xmlns="urn:soap.bigmachines.com"><Parts><each_record><part_number>PUMP</part_number>'
    "<notes>new</notes>{}</each_record></Parts></updateParts>"
)
QT = (
    '<n1:updateSalesOrders xmlns:n1="urn:soap.bigmachines.com"><n1:SalesOrders><n1:each_record>'
    "<n1:sales_order_number>S-1</n1:sales_order_number><n1:subject>new</n1:subject>{}</n1:each_record>"
    "</n1:SalesOrders></n1:updateSalesOrders>"
)
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


@pytest.fixture
def world(ada):
    """A part with two prices and a description, and an order with a row."""
    part = {"number": "PUMP", "price": {"USD": "10.50", "EUR": "9"}, "description": {"en": "Pump"}}
    order = {"number": "S-1", "customer": "ACME", "subject": "old", "rows": [{"part_number": "PUMP", "quantity": "1"}]}
    for service, record in ((PARTS, part), (CUSTOMERS, {"number": "ACME"}), (SALES_ORDERS, order)):
        (outcome,) = service.add(records=[record], by=ADA, at=NOW)
        assert not outcome.failed, outcome
    return ada


@pytest.fixture
def oracle(world):
    client = Client()
    client.login()
    return client


def rows_and_subject() -> tuple[int, str]:
    order = SalesOrder.objects.get()
    return order.rows.count(), order.subject


ORDERS = {
    "gowsdl: a struct that nobody set": (GO, "<rows></rows>", 1),
    "KDSoap: an element that it merged": (QT, "<n1:rows/>", 1),
    "an attribute of Axis, which writes every flag": (GO, '<rows clear="false"></rows>', 1),
    ".NET: a member that is null": (GO, f'<rows {XSI} xsi:nil="true" />', 1),
    "all rows are nil": (GO, f'<rows {XSI}><each_row xsi:nil="true"/></rows>', 1),
    "indented": (GO, "<rows>\n    </rows>", 1),
    "cleared": (GO, '<rows clear="true"></rows>', 0),
    "cleared, by .NET's flag": (QT, '<n1:rows clear="1"/>', 0),
}


@pytest.mark.parametrize("form, rows, left", table(ORDERS))
def test_oracle_leaves_the_rows(oracle, form, rows, left):
    answer = oracle.send(form.format(rows))

    assert answer.findtext("{*}status/{*}records_updated") == "1"
    assert rows_and_subject() == (left, "new")


EMPTY_STRUCTURES = {
    "gowsdl: structs that nobody set": ("<description></description><price></price>", ["EUR", "USD"], ["en"]),
    "one entry is removed by its own element": ("<price><USD></USD></price>", ["EUR"], ["en"]),
    "cleared": ('<price clear="true"></price><description clear="true"/>', [], []),
}


@pytest.mark.parametrize("content, currencies, languages", table(EMPTY_STRUCTURES))
def test_oracle_leaves_prices_and_descriptions(oracle, content, currencies, languages):
    answer = oracle.send(GO_PART.format(content))

    part = Part.objects.get()
    assert answer.findtext("{*}status/{*}records_updated") == "1"
    assert sorted(part.prices.values_list("currency", flat=True)) == currencies
    assert sorted(part.descriptions.values_list("language", flat=True)) == languages
    assert part.notes == "new"


REFUSED = {
    "sent and cleared": ('<rows clear="true"><each_row><quantity>1</quantity></each_row></rows>', "rows has content"),
    "no flag": ('<rows clear="yes"/>', "rows has clear='yes'; it is true or false."),
}


@pytest.mark.parametrize("rows, sentence", table(REFUSED))
def test_oracle_refuses_what_contradicts_itself(oracle, rows, sentence):
    fault = oracle.send(GO.format(rows))

    assert sentence in fault.findtext(".//{*}exceptionMessage")
    assert rows_and_subject() == (1, "old")


ECOSYS = {
    "gowsdl: a struct that nobody set": ("<Rows></Rows>", 1),
    "all rows are nil": (f'<Rows {XSI}><Row xsi:nil="true"/></Rows>', 1),
    "cleared": ('<Rows clear="true"/>', 0),
}


@pytest.mark.parametrize("rows, left", table(ECOSYS))
def test_ecosys_leaves_the_rows(world, rows, left):
    answer = call(
        "SalesOrder", "Update", f"<SalesOrder><OrderID>S-1</OrderID><Subject>new</Subject>{rows}</SalesOrder>"
    )

    assert results(answer) == [(True, [])]
    assert rows_and_subject() == (left, "new")


REST = {
    "XML, an empty element": (REST_XML, "<Rows/>", 1),
    "XML, cleared": (REST_XML, '<Rows clear="true"/>', 0),
    "JSON, by hand": (REST_JSON, [], 0),
}


@pytest.mark.parametrize("place, rows, left", table(REST))
def test_ecosys_rest_leaves_the_rows(world, place, rows, left):
    if place == REST_XML:
        order = f"<SalesOrder><OrderID>S-1</OrderID><Subject>new</Subject>{rows}</SalesOrder>"
        body = f'<SalesOrderRequest xmlns="http://ecosys.net/api/SalesOrder">{order}</SalesOrderRequest>'
    else:
        body = json.dumps({"SalesOrderList": [{"OrderID": "S-1", "Subject": "new", "Rows": rows}]})
    kind = "application/xml" if place == REST_XML else "application/json"

    response = Browser().patch(
        f"{place}SalesOrder/", body, content_type=kind, HTTP_AUTHORIZATION=basic("ada", "ada-ada!")
    )

    assert response.status_code == 200, response.content
    assert rows_and_subject() == (left, "new")


CRM = {
    "an array that nobody filled": ("<rows></rows>", 1),
    "PHP: an empty array": (
        '<rows SOAP-ENC:arrayType="ns1:OrderProductRow[0]" xsi:type="ns1:OrderProductRowArray"/>',
        1,
    ),
    "cleared": ("<clear_rows>true</clear_rows>", 0),
    "cleared by PHP, encoded": ('<clear_rows xsi:type="xsd:boolean">1</clear_rows>', 0),
    "not cleared": ("<rows/><clear_rows>false</clear_rows>", 1),
}


@pytest.mark.parametrize("rows, left", table(CRM))
def test_crm_service_leaves_the_rows(world, rows, left):
    session = opened(key_for(User.objects.get(username="ada"), *ALL))
    spaces = 'xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
    order = f'<salesOrder {XSI} {spaces} xmlns:ns1="https://crmservice.fi/CrmIntegrationWebservice">'

    answer = call_crm(
        "updateSalesOrder",
        f"{session}{order}<salesorder_no>S-1</salesorder_no><subject>new</subject>{rows}</salesOrder>",
    )

    assert not isinstance(answer, tuple), answer
    assert rows_and_subject() == (left, "new")


BULK = {"an empty list": ({"rows": []}, 1), "cleared": ({"clear_rows": True}, 0)}


@pytest.mark.parametrize("rows, left", table(BULK))
def test_crm_service_leaves_the_rows_of_many_at_once(world, rows, left):
    session = opened(key_for(User.objects.get(username="ada"), *ALL))
    datas = json.dumps([{"salesorder_no": "S-1", "subject": "new", **rows}])

    answer = call_crm("bulkEntitySave", f"{session}<type>SalesOrder</type><datas>{datas}</datas>")

    assert "updated" in answer.text
    assert rows_and_subject() == (left, "new")


JSON = {
    "null clears": (None, 0),
    "an empty list clears, as the whole list is sent": ([], 0),
    "absent: they stay": (..., 1),
}


@pytest.mark.parametrize("rows, left", table(JSON))
def test_rest_takes_the_whole_list(world, rows, left):
    body = {"subject": "new"} | ({} if rows is ... else {"rows": rows})

    response = Browser().patch(
        "/api/v1/sales-orders/S-1/",
        json.dumps(body),
        content_type="application/json",
        HTTP_AUTHORIZATION=basic("ada", "ada-ada!"),
    )

    assert response.status_code == 200, response.content
    assert rows_and_subject() == (left, "new")


@pytest.mark.parametrize("price, left", table({"an empty map says nothing": ({}, 2), "null clears": (None, 0)}))
def test_rest_takes_the_entries_of_a_map(world, price, left):
    response = Browser().patch(
        "/api/v1/parts/PUMP/",
        json.dumps({"notes": "new", "price": price}),
        content_type="application/json",
        HTTP_AUTHORIZATION=basic("ada", "ada-ada!"),
    )

    part = Part.objects.get()
    assert response.status_code == 200, response.content
    assert (part.prices.count(), part.notes) == (left, "new")
