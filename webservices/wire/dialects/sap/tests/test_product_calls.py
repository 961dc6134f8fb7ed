"""Calls about products as a whole: refusals, options, addresses, headers, secrets, and what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.services import CUSTOMERS
from parts.models import Part
from parts.services import PARTS
from records.models import Change
from records.tests.cast import table
from records.write.match_fields import build_comparison, find_match_field
from records.write.plan import plan
from records.write.statements import select_matches
from webservices.exchanges.search import search_bodies
from webservices.exchanges.store import body_text
from webservices.models import Exchange
from webservices.tests.api_keys import key_for
from webservices.wire.dialects.sap.functions import NAMESPACE, PATH
from webservices.wire.dialects.sap.tests.calls import add, envelope, named
from webservices.wire.dialects.sap.tests.calls import result as customer_result
from webservices.wire.dialects.sap.tests.products import (
    Result,
    document,
    material_request,
    new,
    post,
    product,
    request,
    send,
    send_materials,
)
from webservices.wire.xml.writing import escape


@pytest.fixture(autouse=True)
def _users(ada, bob):
    """The callers of all requests."""


def one(number: str) -> Part:
    return Part.objects.get(number=number)


def change_settings(settings, **changes):
    settings.DIALECT_TERMS = {"sap-cpq": changes}


CALLS = {
    "a wrong password": (request(document(new("P")), word="guess"), "ADDORUPDATE failed", "101001"),
    "a user who may not": (request(document(new("P")), user="bob", word="bob-bob!"), "ADDORUPDATE failed", "101001"),
    "no products": (request(document(), "DELETE"), "DELETE failed", "100000"),
    "no document": (request(""), "ADDORUPDATE failed", "100000"),
    "another document": (request("<Rooted/>"), "ADDORUPDATE failed", "100000"),
    "another element among products": (request("<Products><Item/></Products>"), "ADDORUPDATE failed", "100000"),
    "no known action": (request(document(new("P")), "UPSERT"), "Action failed", "100000"),
    "a material and a wrong password": (material_request(document(), word="guess"), "ADDORUPDATE failed", "101001"),
    "an unknown action and a wrong password": (request("", "UPSERT", word="guess"), "Action failed", "101001"),
}


@pytest.mark.parametrize("body, message, code", table(CALLS))
def test_a_call_fails_as_a_whole(client, body, message, code):
    answered = Result(post(client, body))

    assert (answered.status, answered.message, answered.code) == ("NOK", message, code)
    assert not Part.objects.exists()


@pytest.mark.parametrize("user", ["", "<userName>bob</userName><password>wrong</password>"])
def test_a_bearer_token_counts_before_what_the_body_says(client, ada, user):
    token = key_for(ada, "parts.put")
    authorized = {"Authorization": f"Bearer {token}"}

    def call(action: str) -> Result:
        words = f"<action>{action}</action><xDoc>{document(new('P'))}</xDoc>"
        body = f'<SimpleProductAdministration xmlns="{NAMESPACE}">{user}{words}</SimpleProductAdministration>'
        return Result(post(client, envelope(body), **authorized))

    assert call("ADDORUPDATE").status == "OK"
    assert (call("DELETE").code, one("P").active) == ("101001", True)


def test_a_call_may_have_so_many_products(client, settings):
    change_settings(settings, products_limit=2)

    assert send(client, new("A"), new("B"), new("C")).description == (
        "A call may have at most 2 products; nothing was touched."
    )
    assert not Part.objects.exists()


def test_the_ids_of_added_products_are_told_to_who_asks(client):
    answered = Result(post(client, request(document(new("A"))), x_return_ids="true"))

    assert answered.root.findtext("{*}Added/{*}Product/{*}Id") == str(one("A").id)


class TestOptions:
    def test_all_or_none_undoes_the_whole_call(self, client):
        options = '<o:AllOrNone xmlns:o="urn:counterpart:options">true</o:AllOrNone>'

        assert send(client, new("A"), product("B"), header=options).status == "NOK"
        assert not Part.objects.exists()

    def test_a_dry_run_keeps_nothing(self, client):
        options = '<o:DryRun xmlns:o="urn:counterpart:options">true</o:DryRun>'

        assert send(client, new("A"), header=options).message == "Action successful. Dry run: nothing was kept."
        assert not Part.objects.exists()


class TestAddress:
    @pytest.mark.parametrize("path", ["/wsAPI/wssrv.asmx", "/WSAPI/WSSRV.ASMX", "/wsapi/WsSrv.asmx/", PATH])
    def test_is_taken_in_any_case(self, client, path):
        assert Result(post(client, request(document(new("A"))), path)).status == "OK"

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_of_a_function_names_that_of_soap_messages(self, client, method):
        response = client.generic(method, "/wsAPI/wssrv.asmx/SimpleProductAdministration?userName=ada")

        assert response.status_code == 404
        assert b"send them by POST to http://testserver/wsAPI/wssrv.asmx." in response.content


class TestChangeSet:
    def test_is_stored_with_the_exchange_and_changes_nothing(self, client):
        assert Result(post(client, request(document(new("A"))), ChangeSetId="CPQ-10")).status == "OK"
        assert Exchange.objects.get().request_headers["changesetid"] == "CPQ-10"

    def test_is_found_among_exchanges(self, client):
        post(client, request(document(new("A"))))
        post(client, request(document(new("B"))), ChangeSetId="CPQ-10")

        [found] = search_bodies(Exchange.objects.all(), "cpq-10").ids
        assert Exchange.objects.get(id=found).keys == ["B"]

    def test_of_another_form_is_not_stored(self, client):
        assert Result(post(client, request(document(new("A"))), ChangeSetId="pass word")).status == "OK"
        assert "changesetid" not in Exchange.objects.get().request_headers

    def test_is_refused_where_the_site_says_so(self, client, settings):
        change_settings(settings, change_sets=False)

        answered = Result(post(client, request(document(new("A"))), ChangeSetId="CPQ-10"))

        assert "takes no change sets" in answered.description
        assert not Part.objects.exists()


def test_secrets_are_masked_in_exchanges(client):
    post(client, request(document(new("A")), user="ada#s3cr3t-tail", word="ada-ada!"))
    post(client, material_request(escape("<Products><password>pa55-inside</password></Products>"), word="ada-ada!"))

    bodies = "".join(body_text(each.request_body) for each in Exchange.objects.all())
    assert "New" in bodies
    for secret in ("ada-ada!", "s3cr3t-tail", "pa55-inside"):
        assert secret not in bodies


def test_a_change_tells_of_vendor_data(client):
    send(client, new("A"))
    send(client, product("A", ProductType="Software"))

    assert Change.objects.latest("id").fields == {"sap-cpq.ProductType": ["Hardware", "Software"]}


def test_costs_the_same_for_few_and_many(client):
    def cost(count):
        sent = [new(f"{count}-{n}", f"Name {n}", ProductSystemId=f"{count}-{n}") for n in range(count)]
        with CaptureQueriesContext(connection) as queries:
            assert send(client, *sent).status == "OK"
            assert send_materials(client, *sent).status == "OK"
        return len(queries)

    cost(1)
    assert cost(3) == cost(60)


@pytest.mark.parametrize("caseless, index", [(False, "parts_part_system_id "), (True, "parts_part_system_id_caseless")])
def test_materials_are_found_by_an_index(caseless, index):
    where = plan(Part, PARTS.resource.add_vendor_data("sap-cpq"))
    compared = build_comparison(where, find_match_field(where, "vendor.ProductSystemId"), caseless=caseless)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {select_matches(where.table, where.key, (compared,))}", [["S-1"]])
        assert index in "".join(row[0] for row in cursor.fetchall())


def test_credentials_come_before_the_action_of_customers(client):
    add({"external_id": "C", "last_name": "A", "company": "B"})

    assert customer_result(client, "UPSERT", named("A"), word="guess").codes == ["101001"]
    assert customer_result(client, "UPSERT", named("A"), user="bob", word="bob-bob!").codes == ["104012"]
    assert CUSTOMERS.model.objects.count() == 1
