"""REST for customers, contacts, customer parts and orders: addresses, nested rows, references, filters, paging."""

import pytest

from customers.models import Portal, PortalUser
from records.models import CustomField
from records.tests.cast import table
from webservices.tests.rest_client import Rest
from webservices.views.rest.tests.test_contract import openapi, problems, schema_of


@pytest.fixture
def rest(ada):
    """A client of a site with two customers, two parts and three customers' numbers for them."""
    rest = Rest("ada", "ada-ada!")
    Portal.objects.create(name="Customers")
    for place, records in (
        ("parts/", [{"number": "PUMP", "price": {"USD": 250}}, {"number": "VALVE", "price": {"USD": "10"}}]),
        ("customers/", [{"number": "ACME", "country": "US", "state": "OH"}, {"number": "BETA"}]),
        ("contacts/", [{"number": "A1", "customer": "ACME"}]),
        (
            "customer-parts/",
            [
                {"customer": "ACME", "part": "PUMP", "number": "OUR/NO", "discount": "2.5"},
                {"customer": "ACME", "part": "VALVE", "number": "V"},
                {"customer": "BETA", "part": "PUMP", "number": "OUR/NO"},
            ],
        ),
    ):
        assert rest.post(place, records).status == 201
    return rest


ORDER = {
    "number": "SO-1",
    "customer": "ACME",
    "contact": "A1",
    "currency": "USD",
    "rows": [
        {"part_number": "PUMP", "quantity": "2", "discount": "10"},
        {"customer_part_number": "V", "quantity": "3", "unit_price": "9.99"},
    ],
}


@pytest.fixture
def order(rest):
    reply = rest.post("sales-orders/", ORDER)
    assert reply.status == 201
    return reply.json


def ids(rest, query=""):
    return [record["id"] for record in rest.get(f"customer-parts/{query}").json["results"]]


class TestOrders:
    def test_answer_their_rows_with_prices_and_totals(self, order):
        rows = [
            (row["line_number"], row["part_number"], row["unit_price"], row["total"], type(row["part_id"]))
            for row in order["rows"]
        ]

        assert rows == [(1, "PUMP", "250.00", "450.00", int), (2, "VALVE", "9.99", "29.97", int)]
        assert (order["total"], order["status"], order["currency"]) == ("479.97", "Quote", "USD")

    def test_may_be_put_back_as_they_were_got(self, rest, order):
        reply = rest.put("sales-orders/SO-1/", order)

        assert (reply.status, reply["X-Outcome"]) == (200, "unchanged")

    def test_keep_their_rows_when_none_are_sent_and_lose_those_that_are_left_out(self, rest, order):
        assert len(rest.patch("sales-orders/SO-1/", {"subject": "x"}).json["rows"]) == 2
        assert [
            row["line_number"] for row in rest.patch("sales-orders/SO-1/", {"rows": order["rows"][1:]}).json["rows"]
        ] == [2]
        assert rest.patch("sales-orders/SO-1/", {"rows": []}).json["total"] == "0.00"

    def test_take_a_part_by_its_id(self, rest, order):
        row = {"part_id": order["rows"][0]["part_id"], "quantity": 1}

        assert rest.post("sales-orders/", {"customer": "ACME", "rows": [row]}).json["rows"][0]["part_number"] == "PUMP"

    def test_point_to_the_row_that_is_wrong(self, rest):
        reply = rest.post("sales-orders/", {"customer": "ACME", "rows": [{"part_number": "NONE", "quantity": 1}]})

        error = reply.json["errors"][0]
        assert (reply.status, error["family"], error["pointer"]) == (422, "unresolved", "#/rows/0/part_number")

    def test_step_on_and_not_back(self, rest, order):
        assert rest.patch("sales-orders/SO-1/", {"status": "Created"}).json["status"] == "Created"
        refused = rest.patch("sales-orders/SO-1/", {"status": "Delivered"})

        assert (refused.status, refused.json["code"]) == (409, "wrong-step")


class TestDrawnNumbers:
    @pytest.mark.parametrize("place", ["customers/", "contacts/", "sales-orders/"])
    @pytest.mark.parametrize("number", [{}, {"number": ""}, {"number": None}], ids=["absent", "blank", "null"])
    def test_are_drawn(self, rest, place, number):
        reply = rest.post(place, number | ({} if place == "customers/" else {"customer": "ACME"}))

        assert reply.status == 201
        assert reply.json["number"].isdigit()
        assert reply["Location"].endswith(f"/api/v1/{place}{reply.json['number']}/")


class TestCustomerParts:
    def test_are_addressed_by_their_ids(self, rest):
        [first, *_] = ids(rest)

        got = rest.get(f"customer-parts/{first}/")

        assert (got.json["customer"], got.json["part"], got.json["number"]) == ("ACME", "PUMP", "OUR/NO")
        assert rest.patch(f"customer-parts/{first}/", {"contract": "C-1"}).json["contract"] == "C-1"
        assert rest.put(f"customer-parts/{first}/", {"contract": "C-2"}).json["contract"] == "C-2"
        assert rest.delete(f"customer-parts/{first}/").status == 204
        assert rest.get(f"customer-parts/{first}/").status == 404

    def test_say_where_they_are_when_they_are_made(self, rest):
        reply = rest.post("customer-parts/", {"customer": "BETA", "part": "VALVE", "number": "N"})

        assert reply["Location"].endswith(f"/api/v1/customer-parts/{reply.json['id']}/")

    def test_may_be_put_back_as_they_were_got(self, rest):
        got = rest.get(f"customer-parts/{ids(rest)[0]}/").json

        assert rest.put(f"customer-parts/{got['id']}/", got)["X-Outcome"] == "unchanged"

    @pytest.mark.parametrize("method", ["put", "patch"])
    def test_are_never_written_at_the_address_of_another(self, rest, method):
        first, second, _ = ids(rest)
        other = rest.get(f"customer-parts/{second}/").json

        reply = getattr(rest, method)(f"customer-parts/{first}/", {**other, "id": first, "contract": "C-9"})

        assert (reply.status, reply.json["code"]) == (422, "keys-disagree")
        assert rest.get("customer-parts/?contract=C-9").json["results"] == []

    def test_are_not_made_at_an_address(self, rest):
        new = {"customer": "BETA", "part": "VALVE", "number": "N"}

        assert rest.put("customer-parts/999/", new).status == 404
        assert rest.delete("customer-parts/999/").status == 404
        assert len(ids(rest)) == 3

    def test_are_found_in_a_batch_by_key_or_by_id(self, rest):
        [first, *_] = ids(rest)
        records = [
            {"id": first, "contract": "A"},
            {"customer": "ACME", "part": "VALVE", "number": "V", "contract": "B"},
            {"customer": "BETA", "part": "VALVE", "number": "NEW", "contract": "C"},
        ]

        reply = rest.post("customer-parts/batch/", {"verb": "put", "records": records})

        assert [outcome["became"] for outcome in reply.json["outcomes"]] == ["updated", "updated", "created"]

    @pytest.mark.parametrize("limit", [1, 2, 3])
    def test_are_paged_by_id(self, rest, limit):
        found, address = [], f"customer-parts/?limit={limit}"
        while address:
            page = rest.get(address).json
            found += [record["id"] for record in page["results"]]
            address = page["next"]

        assert found == sorted(ids(rest))
        assert len(found) == 3

    @pytest.mark.parametrize("cursor", ["WyIiXQ", "WyI5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OSJd", "WyJhIl0"])
    def test_take_no_forged_cursor(self, rest, cursor):
        assert rest.get(f"customer-parts/?cursor={cursor}").status == 400


FILTERS = {
    "customer parts of a customer": ("customer-parts/?customer=ACME", "number", ["OUR/NO", "V"]),
    "customer parts of a part": ("customer-parts/?part=PUMP", "customer", ["ACME", "BETA"]),
    "customer parts by number": ("customer-parts/?number=OUR/NO&customer=BETA", "part", ["PUMP"]),
    "customer parts of some customers": ("customer-parts/?customer__in=BETA,GAMMA", "customer", ["BETA"]),
    "parts by a customer's number": ("parts/?customer_part_numbers=V", "number", ["VALVE"]),
    "parts by any customers' number": ("parts/?customer_part_numbers__like=OUR%25", "number", ["PUMP"]),
    "parts that no customer has a number for": ("parts/?customer_part_numbers=", "number", []),
    "parts by words that begin a customer's number": ("parts/?search=OUR", "number", ["PUMP"]),
    "customers of a country": ("customers/?country=USA", "number", ["ACME"]),
    "customers of no country": ("customers/?country=", "number", ["BETA"]),
    "contacts of a customer": ("contacts/?customer=ACME", "number", ["A1"]),
    "orders of a customer": ("sales-orders/?customer=ACME", "number", ["SO-1"]),
    "orders of another": ("sales-orders/?customer=BETA", "number", []),
    "orders of a contact": ("sales-orders/?contact=A1&status=Quote", "number", ["SO-1"]),
    "orders by total": ("sales-orders/?total__gt=400", "number", ["SO-1"]),
}


@pytest.mark.parametrize("query, field, values", table(FILTERS))
def test_finds(rest, order, query, field, values):
    assert [record[field] for record in rest.get(query).json["results"]] == values


class TestPortalUsers:
    PORTALS = [{"portal": "Customers", "email": "Ada@Acme.example", "password": "pass-word-1"}]

    def test_have_a_password_that_is_never_answered(self, rest):
        reply = rest.patch("contacts/A1/", {"portals": self.PORTALS})

        assert reply.json["portals"] == [
            {"portal": "Customers", "email": "ada@acme.example", "active": True, "last_sign_in": None}
        ]
        assert PortalUser.objects.get().password.startswith("argon2")

    def test_keep_it_when_they_are_put_back(self, rest):
        got = rest.patch("contacts/A1/", {"portals": self.PORTALS}).json
        before = PortalUser.objects.get().password

        assert rest.put("contacts/A1/", got)["X-Outcome"] == "unchanged"
        assert PortalUser.objects.get().password == before


REPLIES = {
    "customers": ("get", "customers/", None, "/api/v1/customers/"),
    "a customer": ("get", "customers/ACME/", None, "/api/v1/customers/{number}/"),
    "a customer that is added": ("post", "customers/", {}, "/api/v1/customers/"),
    "a customer that is in use": ("delete", "customers/ACME/", None, "/api/v1/customers/{number}/"),
    "a contact": ("put", "contacts/A1/", {"portals": TestPortalUsers.PORTALS}, "/api/v1/contacts/{number}/"),
    "customer parts": ("get", "customer-parts/", None, "/api/v1/customer-parts/"),
    "orders": ("get", "sales-orders/", None, "/api/v1/sales-orders/"),
    "an order": ("get", "sales-orders/SO-1/", None, "/api/v1/sales-orders/{number}/"),
    "an order that is changed": ("patch", "sales-orders/SO-1/", {"rows": []}, "/api/v1/sales-orders/{number}/"),
    "an order that may not go": ("delete", "sales-orders/SO-1/", None, "/api/v1/sales-orders/{number}/"),
    "an order of nobody": ("post", "sales-orders/", {"customer": "NONE"}, "/api/v1/sales-orders/"),
    "orders in a batch": (
        "post",
        "sales-orders/batch/",
        {"verb": "put", "records": [{"customer": "BETA"}]},
        "/api/v1/sales-orders/batch/",
    ),
}


@pytest.mark.parametrize("method, target, body, path", table(REPLIES))
def test_answers_as_the_contract_says(rest, order, method, target, body, path):
    if method == "delete":
        rest.patch("sales-orders/SO-1/", {"status": "Cancelled"})

    reply = getattr(rest, method)(target, body)

    assert problems(schema_of(reply, method, path), reply.json) == []


def test_customer_parts_answer_as_the_contract_says(rest):
    path = "/api/v1/customer-parts/{id}/"
    reply = rest.get(f"customer-parts/{ids(rest)[0]}/")

    assert problems(schema_of(reply, "get", path), reply.json) == []
    assert problems(openapi()["components"]["schemas"]["CustomerPartInput"], reply.json) == []


SENT = {
    "an order without a number": ("NewSalesOrder", {"customer": "ACME"}, True),
    "an order with its rows": ("NewSalesOrder", ORDER, True),
    "an order of nobody": ("NewSalesOrder", {"number": "A"}, False),
    "an order of a customer by id": ("NewSalesOrder", {"customer_id": 7}, True),
    "a row without a quantity": ("NewSalesOrder", {"customer": "ACME", "rows": [{"part_number": "PUMP"}]}, False),
    "a password": ("NewContact", {"customer": "ACME", "portals": TestPortalUsers.PORTALS}, True),
    "a customer of nothing": ("NewCustomer", {}, True),
    "a put of a drawn number": ("CustomerBatch", {"verb": "put", "records": [{"company": "A"}]}, True),
    "an update of no number": ("CustomerBatch", {"verb": "update", "records": [{"company": "A"}]}, False),
    "an update by id": ("CustomerPartBatch", {"verb": "update", "records": [{"id": 7, "contract": "A"}]}, True),
    "an update by half a key": ("CustomerPartBatch", {"verb": "update", "records": [{"customer": "ACME"}]}, False),
}


@pytest.mark.parametrize("name, body, taken", table(SENT))
def test_takes_what_the_contract_says(name, body, taken):
    assert (problems(openapi()["components"]["schemas"][name], body) == []) is taken


def test_describes_references_drawn_keys_computed_figures_and_secrets():
    schemas = openapi()["components"]["schemas"]
    order, row = schemas["SalesOrderInput"]["properties"], schemas["NewSalesOrderRow"]["properties"]

    assert "names a customer by its number" in order["customer"]["description"]
    assert "drawn when absent" in order["number"]["description"]
    assert schemas["NewSalesOrder"]["then"] == {"required": ["customer"]}
    assert schemas["NewSalesOrderRow"]["required"] == ["quantity"]
    assert all("changed, it is refused." in each["total"]["description"] for each in (order, row))
    assert schemas["NewContactPortalUser"]["properties"]["password"]["writeOnly"] is True
    assert "password" not in schemas["ContactPortalUser"]["properties"]


@pytest.mark.parametrize("place, record", [("contacts/A1/", {}), ("sales-orders/SO-1/", ORDER)])
def test_contacts_and_orders_have_the_custom_fields_that_an_admin_defines(place, record, rest):
    resource = {"contacts": "contact", "sales-orders": "sales_order"}[place.split("/")[0]]
    CustomField.objects.create(resource=resource, name="reason", label="Reason", type="menu", choices=["Web", "Fair"])
    CustomField.objects.create(resource=resource, name="7", label="Score", type="number")

    assert rest.put(place, record | {"custom_reason": "Fair", "custom_field7": "1.5"}).status < 300
    assert rest.put(place, {"custom_field7": None}).json["custom_reason"] == "Fair"

    found = rest.get(place).json
    assert (found["custom_reason"], found["custom_field7"]) == ("Fair", None)
    refused = rest.put(place, {"custom_reason": "Letter"})
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "custom_reason")
