"""
CRM-service's own examples with PHP's SoapClient against a live server, and a working hour with zeep.

The rows of the base text are there as it has them: the product PRO2124, the account 10000, its contact 10001.
"""

import json
import subprocess
from datetime import UTC, date, datetime

import pytest
import zeep
from django.contrib.auth.models import User
from django.db import transaction

from config.launch.paths import BASE_DIR
from customers.models import Contact, Customer, Portal
from customers.services import CONTACTS, CUSTOMERS
from orders.models import SalesOrder
from parts.services import PARTS
from records.tests.cast import ADA, NOW
from webservices.tests.api_keys import ALL, key_for

CLIENTS = BASE_DIR / "webservices/tests/clients"
WHO = ("liisa@base.example.com", "kesä-2024", "Web shop")


def done(service, record):
    with transaction.atomic():
        [outcome] = service(records=[record], by=ADA, at=NOW)
    assert outcome.problems == ()


@pytest.fixture(scope="module")
def key(live_server_process):
    """An API key of the live server, where there is what the base text names."""
    with live_server_process.database():
        Portal.objects.get_or_create(name=WHO[2])
        done(PARTS.put, {"number": "PRO2124", "description": {"en": "Small < pump"}, "price": {"USD": "250"}})
        if not Customer.objects.filter(id=10000).exists():
            done(CUSTOMERS.add, {"number": "BASE", "company": "Base Oy"})
            Customer.objects.filter(number="BASE").update(id=10000)
            done(CONTACTS.add, {"number": "BASE-1", "customer": "BASE", "first_name": "Liisa", "last_name": "Aho"})
            Contact.objects.filter(number="BASE-1").update(id=10001)
        portal = {"portal": WHO[2], "email": WHO[0], "password": WHO[1]}
        done(CONTACTS.update, {"number": "BASE-1", "portals": [portal]})
        return key_for(User.objects.get(username=live_server_process.username), *ALL)


def test_php_runs_the_examples_of_the_base_text(php, live_server_process, key):
    command = [php, str(CLIENTS / "crm_base_text.php"), live_server_process.url, key, *WHO]

    ran = subprocess.run(command, capture_output=True, text=True, timeout=120)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    told = json.loads(ran.stdout)
    order, [row] = told["order"], told["order"]["rows"]
    assert told["session"] == ["CrmIntegrationWebserviceSession", True]
    assert (told["user"]["id"], told["user"]["account_id"], told["user"]["first_name"]) == (10001, 10000, "Liisa")
    assert told["product"] == [1, "Product", "PRO2124", "Small < pump"]
    assert (order["account_id"], order["contact_id"], order["assigned_user_id"]) == (10000, 10001, 1)
    assert (order["status"], order["bill_city"]) == ("Created", "Helsinki")
    assert date.fromisoformat(order["duedate"]) <= datetime.now(UTC).date()
    assert (row["description"], row["qty"], row["unit_price"], order["total"]) == ("Small < pump", 2, 200, 400)
    assert (told["row"], told["end"]) == ("OrderProductRow", True)
    assert told["stranger"][0].endswith("Client.AuthenticationFailed")
    assert told["ended"][0].endswith("Client.InvalidSession")


def test_php_does_as_the_plugin_of_the_vendor_does_with_a_form(php, live_server_process, key):
    text = "Soittakaa \N{EURO SIGN} & <pian>"
    lead = {"Last name": "Virtanen", "First name": "Aino", "Company": "base OY", "City": "Helsinki"}
    forms = [
        ["Leads", {**lead, "E-mail": "aino@example.com", "Lead source": "Web", "Description": text}],
        ["Leads", {**lead, "Last name": "", "E-mail": ""}],
        ["Leads", {**lead, "Company": "Uusi Yritys", "Country": "FIN", "Phone": "", "Mobile": ""}],
        ["Potentials", {"Potential name": "Pumppuja", "Amount": "2500.50", "Closing date": "2026-12-31"}],
        ["Potentials", {"Potential name": "Pumppuja", "Account name": "BASE oy", "Amount": "paljon"}],
    ]
    command = [php, str(CLIENTS / "crm_plugin.php"), live_server_process.url, key, "en_us"]

    ran = subprocess.run(command, input=json.dumps(forms), capture_output=True, text=True, timeout=120)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    told = json.loads(ran.stdout)
    assert [each["saved"] for each in told] == [True, False, True, True, False]
    fields = told[0]["fields"]
    assert fields["Last name"] == ["last_name", "text", None]
    assert fields["E-mail"][:2] == ["email", "email"]
    name, kind, countries = fields["Country"]
    assert (name, kind, countries["FIN"]) == ("country", "select", "Finland")
    assert told[3]["fields"]["Closing date"] == ["closingdate", "date", None]
    with live_server_process.database():
        order = SalesOrder.objects.select_related("customer", "status").get(subject="Pumppuja")
        found = (order.status.name, order.customer.company, str(order.total), order.due_date.isoformat())
        assert found == ("Quote", "Pumppuja", "2500.50000", "2026-12-31")
        known, new = Contact.objects.filter(last_name="Virtanen").select_related("customer__country").order_by("id")
        assert known.vendor == {"crm-service": {"leadsource": "Web"}}
        assert (known.customer_id, known.email, known.notes) == (
            10000,
            "aino@example.com",
            f"{text}\n\nCity: Helsinki",
        )
        assert (new.customer.company, new.customer.city, new.customer.country.code) == (
            "Uusi Yritys",
            "Helsinki",
            "FIN",
        )


class Zeep:
    """The managers as zeep has them, with an open session."""

    def __init__(self, url: str, key: str):
        self.url, self.clients = f"{url}/CrmIntegrationWebservice/service.php", {}
        self.session = {"sessionID": self.of("sessionManager").service.createSession(key)}

    def of(self, manager: str) -> zeep.Client:
        if manager not in self.clients:
            self.clients[manager] = zeep.Client(f"{self.url}?class={manager}&wsdl")
        return self.clients[manager]

    def call(self, manager: str, method: str, *arguments):
        return self.of(manager).service[method](self.session, *arguments)

    def fault(self, *call) -> str:
        with pytest.raises(zeep.exceptions.Fault) as raised:
            self.call(*call)
        return raised.value.code.rpartition(":")[2]


def test_zeep_works_an_hour(live_server_process, key):
    crm = Zeep(live_server_process.url, key)

    made = crm.call(
        "productManager", "createProduct", {"product_no": "HOUR-1", "description": "A & B", "unit_price": 12.5}
    )
    changed = crm.call("productManager", "updateProduct", {"id": made.id, "lead_time": 3})
    found = crm.call("productManager", "searchProducts", {"field": "product_no", "value": "hour%", "limit": 5})
    order = {"account_id": 10000, "rows": {"item": [{"productid": made.id, "qty": 2}]}}
    ordered = crm.call("salesorderManager", "createSalesOrder", order)
    kept = crm.call("productManager", "deleteProduct", made.id)
    crm.call("salesorderManager", "deleteSalesOrder", ordered.id)
    gone = crm.call("productManager", "deleteProduct", made.id)
    fields = crm.call("fieldManager", "getCrmFields", "Products")
    picklist = crm.call("picklistManager", "getPicklistValues", 2, "en")
    saved = json.loads(
        crm.call("entityManager", "bulkEntitySave", "Products", '[{"product_no": "HOUR-2", "units": 4}]')
    )

    assert (made.unit_price, changed.description, changed.lead_time) == (12.5, "A & B", 3)
    assert [each.id for each in found] == [made.id]
    assert (ordered.rows[0].unit_price, ordered.total) == (12.5, 25)
    assert (kept.active, gone.id) == (False, None)
    assert {"product_no", "unit_price"} < {each.name for each in fields}
    assert "Created" in {each.value for each in picklist}
    assert [(each["product_no"], each["result"]) for each in saved] == [("HOUR-2", "created")]
    assert crm.fault("productManager", "getProduct", made.id) == "Client.NotFound"
    assert (
        crm.fault("productManager", "searchProducts", {"field": "colour", "value": "red"}) == "Client.ValidationError"
    )
    assert crm.call("sessionManager", "destroySession") is True
    assert crm.fault("productManager", "getProduct", saved[0]["id"]) == "Client.InvalidSession"
