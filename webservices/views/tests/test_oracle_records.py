"""Customers, customer parts and orders over Oracle's wire, in both versions: what comes of a message."""

from datetime import datetime

import pytest

from customers.models import Customer, CustomerPart
from orders.models import SalesOrder
from parts.models import Part
from records.tests.cast import table
from webservices.tests.version_1_0 import Client

PART = "<bm:addParts><bm:Parts>{}</bm:Parts></bm:addParts>"
CUSTOMER = "<bm:modifyCustomers><bm:Customers>{}</bm:Customers></bm:modifyCustomers>"
NUMBER = "<bm:modifyCustomerParts><bm:CustomerParts>{}</bm:CustomerParts></bm:modifyCustomerParts>"
ORDER = "<bm:{}SalesOrders><bm:SalesOrders>{}</bm:SalesOrders></bm:{}SalesOrders>"


def record(name="each_record", **fields: str) -> str:
    inner = "".join(f"<bm:{field}>{value}</bm:{field}>" for field, value in fields.items())
    return f"<bm:{name}>{inner}</bm:{name}>"


def order(verb: str = "modify", rows: str | None = None, **fields: str) -> str:
    content = record(**{"sales_order_number": "S-1", **fields}, **({} if rows is None else {"rows": rows}))
    return ORDER.format(verb, content, verb)


def row(**fields: str) -> str:
    return record("each_row", **{"quantity": "1", **fields})


def criteria(plural: str, verb: str, **wanted: str) -> str:
    held = "".join(
        f"<bm:criteria><bm:field>{field}</bm:field><bm:value>{value}</bm:value><bm:comparator>=</bm:comparator>"
        "</bm:criteria>"
        for field, value in wanted.items()
    )
    return f"<bm:{verb}{plural}><bm:{plural}>{held}</bm:{plural}></bm:{verb}{plural}>"


@pytest.fixture
def client(ada):
    client = Client()
    client.login()
    client.send(PART.format(record(part_number="PUMP", price="<bm:USD>10.50</bm:USD>") + record(part_number="HOSE")))
    client.send(CUSTOMER.format(record(customer_number="ACME", country="US") + record(customer_number="OTHER")))
    client.send(NUMBER.format(record(customer_number="ACME", part_number="PUMP", customer_part_number="MY-1")))
    return client


class TestOrder:
    def test_names_its_parts_in_three_ways(self, client):
        rows = (
            row(part_number="PUMP", quantity="2")
            + row(customer_part_number="MY-1", unit_price="1")
            + row(part_id=str(Part.objects.get(number="HOSE").pk), unit_price="2", discount="50")
        )

        client.send(order("add", rows, customer_number="ACME"))
        answer = client.send(criteria("SalesOrders", "get", sales_order_number="S-1"))

        found = answer.find(".//{*}each_record")
        names = ("part_number", "customer_part_number", "unit_price", "total")
        assert [
            [each.findtext(f"{{*}}{name}") for name in names] for each in found.iterfind("{*}rows/{*}each_row")
        ] == [
            ["PUMP", "", "10.50", "21.00"],
            ["PUMP", "MY-1", "1.00", "1.00"],
            ["HOSE", "", "2.00", "1.00"],
        ]
        assert (found.findtext("{*}customer_number"), found.findtext("{*}total")) == ("ACME", "23.00")
        assert found.findtext("{*}status") == "Quote"

    def test_that_was_read_may_be_sent_again_unchanged(self, client):
        client.send(order("add", row(part_number="PUMP"), customer_number="ACME"))
        answer = client.send(criteria("SalesOrders", "get", sales_order_number="S-1"))
        version = SalesOrder.objects.get().version
        inner = client.response.body.decode().partition("<bm:SalesOrders>")[2].partition("</bm:SalesOrders>")[0]

        answer = client.send(ORDER.format("update", inner, "update"))

        assert answer.findtext("{*}status/{*}records_updated") == "1"
        assert SalesOrder.objects.get().version == version

    ROWS = {
        "absent: they stay": (None, 1),
        "empty: they stay, as nothing is said": ("", 1),
        "the whole list": (row(part_number="HOSE", unit_price="1") + row(part_number="PUMP"), 2),
    }

    @pytest.mark.parametrize("rows, left", table(ROWS))
    def test_rows_are(self, client, rows, left):
        client.send(order("add", row(part_number="PUMP"), customer_number="ACME"))

        client.send(order("update", rows, subject="x"))

        assert SalesOrder.objects.get().rows.count() == left

    REFUSED = {
        "an unknown part": (row(part_number="NONE"), "rows[1].part_number"),
        "an unknown number": (row(customer_part_number="MY-9"), "rows[1].customer_part_number MY-9"),
        "a negative quantity": (row(part_number="PUMP") + row(part_number="PUMP", quantity="-1"), "rows[2].quantity"),
        "no price": (row(part_number="HOSE"), "send rows[1].unit_price"),
        "an unknown field": (row(part_number="PUMP", colour="red"), "rows[1].colour"),
    }

    @pytest.mark.parametrize("rows, said", table(REFUSED))
    def test_is_refused_and_told_which_row(self, client, rows, said):
        fault = client.send(order("add", rows, customer_number="ACME"))

        assert fault.findtext(".//{*}exceptionCode") == "SALES-ORDERS-ERR"
        assert said in fault.findtext(".//{*}exceptionMessage")
        assert not SalesOrder.objects.exists()

    def test_names_the_customer_that_is_not_known(self, client):
        fault = client.send(order("add", row(part_number="PUMP"), customer_number="NOBODY"))

        assert "customer_number" in fault.findtext(".//{*}exceptionMessage")

    def test_without_a_number_draws_one(self, client):
        sent = order("add", row(part_number="PUMP"), customer_number="ACME", sales_order_number="")

        answer = client.send(sent)

        number = SalesOrder.objects.get().number
        assert answer.findtext(".//{*}detail") == f"It has been given sales_order_number {number}."

    def test_among_others_says_which_record_was_given_which_number(self, client):
        given, none = record(customer_number="GIVEN"), record(company="Drawn")
        wrong = record(customer_number="LONG", country="Nowhere")

        answer = client.send(CUSTOMER.format(given + none + wrong))

        number = Customer.objects.get(company="Drawn").number
        lines = answer.findtext(".//{*}detail").splitlines()
        assert lines[0].startswith("Record 3 (LONG): country")
        assert lines[1:] == [f"Record 2: It has been given customer_number {number}."]

    def test_is_found_by_its_customer(self, client):
        client.send(order("add", row(part_number="PUMP"), customer_number="ACME"))

        def count(customer):
            answer = client.send(criteria("SalesOrders", "get", customer_number=customer))
            return answer.findtext("{*}status/{*}records_returned")

        assert (count("ACME"), count("OTHER")) == ("1", "0")


class TestCustomer:
    def test_that_is_used_is_made_inactive_and_told(self, client):
        answer = client.send(criteria("Customers", "delete", customer_number="ACME"))

        assert answer.findtext("{*}status/{*}records_deleted") == "1"
        assert "ACME is in use" in answer.findtext("{*}status/{*}warning")
        assert Customer.objects.get(number="ACME").active is False

    def test_that_is_not_used_is_deleted(self, client):
        client.send(criteria("Customers", "delete", customer_number="OTHER"))

        assert not Customer.objects.filter(number="OTHER").exists()


class TestCustomerPart:
    def test_is_deleted_by_customer_and_number(self, client):
        client.send(criteria("CustomerParts", "delete", customer_number="ACME", customer_part_number="MY-1"))

        assert not CustomerPart.objects.exists()

    def test_is_not_deleted_by_its_customer_alone(self, client):
        assert client.code(criteria("CustomerParts", "delete", customer_number="ACME")) == "CUSTOMER-PARTS-ERR"
        assert CustomerPart.objects.exists()

    def test_finds_a_part(self, client):
        answer = client.send(criteria("Parts", "get", customer_part_numbers="MY-1"))

        assert answer.findtext(".//{*}part_number") == "PUMP"


class TestPart:
    FULL = record(
        part_number="NEW",
        partner_std_pbook_entry_id="01u",
        external_key1="K1",
        default_uom="EA",
        eligible_to_sell="Y",
        enable_self_service="0",
        extended_description2="<bm:en>Long</bm:en>",
        date_modified="1999-01-01",
    )
    ANSWERED = {
        "partner_std_pbook_entry_id": "01u",
        "external_key1": "K1",
        "external_key2": None,
        "default_uom_code": "EA",
        "eligible_to_sell": "true",
        "eligible_for_service": None,
        "enable_self_service": "false",
        "extended_description1": None,
        "extended_description2/{*}en": "Long",
        "date_modified": None,
    }

    def test_has_its_optional_columns(self, client):
        client.send(PART.format(self.FULL))

        found = client.send(criteria("Parts", "get", part_number="NEW", enable_self_service="n")).find(
            ".//{*}each_record"
        )

        assert {name: found.findtext(f"{{*}}{name}") for name in self.ANSWERED} == self.ANSWERED

    def test_is_found_by_when_it_was_changed_and_says_so(self, client):
        moment = Part.objects.get(number="HOSE").changed_at
        Part.objects.filter(number="PUMP").update(changed_at="2017-10-19T01:28:51Z")
        since = criteria("Parts", "get", date_modified="2017-10-20T00:00:00Z").replace(">=<", ">&gt;=<")

        found = client.send(since).findall(".//{*}each_record")

        assert [each.findtext("{*}part_number") for each in found] == ["HOSE"]
        assert datetime.fromisoformat(found[0].findtext("{*}date_modified")) == moment
        assert found[0].findtext("{*}date_added") is not None

    def test_with_a_classic_field_that_nobody_defined_is_told_so(self, client):
        sent = PART.format(record(part_number="NEW", _part_custom_field7="1"))

        answer = client.send(sent)

        assert answer.findtext(".//{*}exceptionMessage") == "_part_custom_field7 is not defined on this site."

    def test_is_added_by_a_client_that_sends_every_classic_field(self, client):
        blank = {f"_part_custom_field{n}": "0.0" if n in (5, 6, 7) else "" for n in range(1, 31)}

        answer = client.send(PART.format(record(part_number="NEW", **blank)))

        assert answer.findtext(".//{*}records_inserted") == "1"
