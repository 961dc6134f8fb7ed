"""The tables of the site over REST: who reads and writes them, what is in use, steps of statuses, users by name."""

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer, State, Territory
from orders.models import OrderStatus
from parts.models import Currency
from records.models import Change
from records.tests.cast import table
from webservices.declarations import OPERATIONS, TABLES
from webservices.tests.rest_client import Rest
from webservices.views.rest.tests.test_contract import problems, schema_of
from webservices.wire.dialects.rest.names import collection_path, has_id_address, record_target
from webservices.wire.operations import Verb

RESOURCES = {services.resource.plural: services.resource for services in TABLES}


@pytest.fixture
def clerk(bob):
    """Make bob's REST client, with these permissions."""

    def permit(*permissions: str) -> Rest:
        for permission in permissions:
            app, codename = permission.split(".")
            bob.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
        return Rest("bob", "bob-bob!")

    return permit


def sentences(reply) -> list[str]:
    return [error["detail"] for error in reply.json["errors"]]


@pytest.mark.parametrize("plural", RESOURCES)
class TestEach:
    def test_is_added_read_changed_and_removed(self, rest, plural):
        resource = RESOURCES[plural]
        example = {**resource.examples[0]}

        added = rest.post(collection_path(resource), example)
        key = str(added.json["id"]) if has_id_address(resource) else example[resource.key[0]]
        address, _ = record_target(resource, key)

        assert (added.status, added.json["version"]) == (201, 1)
        assert problems(schema_of(added, "post", collection_path(resource)), added.json) == []
        read = rest.get(address).json
        assert read == added.json
        assert rest.put(address, {**example, "version": 1}).json["version"] == 1  # unchanged
        changed = "name" if "name" not in resource.key else "active" if "active" in resource.by_name else None
        if changed:
            reply = rest.patch(address, {changed: False if changed == "active" else "Another"})
            assert (reply.status, reply.json["version"]) == (200, 2)
        assert rest.delete(address).status == 204
        results = Change.objects.filter(resource=resource.name, record_id=added.json["id"]).order_by("id")
        assert [each.result for each in results] == ["created", *["updated"] * bool(changed), "deleted"]

    def test_may_be_read_by_whoever_may_see_what_names_it(self, rest, clerk, plural):
        address = collection_path(RESOURCES[plural])
        allowed = OPERATIONS.get(plural, Verb.FIND)

        assert clerk().get(address).status == 403
        assert clerk(allowed.or_permissions[-1]).get(address).status == 200
        assert clerk().post(address, {**RESOURCES[plural].examples[0]}).status == 403


STATES = (("USA", "OH"), ("USA", "IA"), ("AUS", "NSW"))


class TestRights:
    def test_to_write_are_those_of_the_table(self, clerk):
        bob = clerk("customers.add_territory")

        assert bob.post("territories/", {"name": "North"}).status == 201
        assert bob.get("territories/").status == 403
        assert bob.patch("territories/North/", {}).status == 403

    def test_of_a_table_alone_let_read_it(self, clerk):
        assert clerk("customers.view_territory").get("territories/").status == 200


class TestInUse:
    @pytest.fixture(autouse=True)
    def world(self, rest):
        assert rest.post("territories/", [{"name": "North"}, {"name": "South"}]).status == 201
        customer = {"number": "ACME", "territory": "North", "customer_type": "Bill To", "country": "US", "state": "OH"}
        customer |= {"addresses": [{"label": "Works", "country": "AUS", "state": "NSW"}]}
        assert rest.post("customers/", customer).status == 201
        part = {"number": "P", "price": {"EUR": "1"}, "description": {"fi": "Pumppu"}}
        assert rest.post("parts/", part).status == 201
        assert rest.post("sales-orders/", {"number": "S", "customer": "ACME", "status": "Quote"}).status == 201

    REFUSED = {
        "a territory": ("territories/North/", "Territory North is in use and cannot be removed."),
        "a customer type": ("customer-types/Bill%20To/", "Customer type Bill To is in use and cannot be removed."),
        "a country of a customer": ("countries/USA/", "Country USA is in use and cannot be removed."),
        "a country with states": ("countries/FRA/", "Country FRA is in use and cannot be removed."),
        "a status of an order": ("order-statuses/Quote/", "Order status Quote is in use and cannot be removed."),
        "a status that others lead to": ("order-statuses/Delivered/", "Order status Delivered is in use and cannot be"),
        "what a setting names": ("currencies/USD/", "The setting DEFAULT_CURRENCY names USD, so it cannot be removed."),
    }

    @pytest.mark.parametrize("address, sentence", table(REFUSED))
    def test_is_refused_in_one_sentence(self, rest, address, sentence):
        reply = rest.delete(address)

        assert reply.status == 409
        assert [each.startswith(sentence) for each in sentences(reply)] == [True]

    def test_is_refused_of_a_state_that_a_customer_has(self, rest):
        ohio, iowa, wales = (State.objects.get(code=code, country__code=country).pk for country, code in STATES)

        assert sentences(rest.delete(f"states/{ohio}/")) == ["State OH of USA is in use and cannot be removed."]
        assert sentences(rest.delete(f"states/{wales}/")) == ["State NSW of AUS is in use and cannot be removed."]
        assert rest.delete(f"states/{iowa}/").status == 204
        assert "is no state of USA" in sentences(rest.patch("customers/ACME/", {"state": "IA"}))[0]

    @pytest.mark.parametrize("address", ["currencies/EUR/", "languages/fi/"])
    def test_codes_are_switched_off_instead(self, rest, address):
        reply = rest.delete(address)

        assert (reply.status, reply.json["active"], reply.json["version"]) == (200, False, 2)

    def test_leaves_what_is_not(self, rest):
        assert rest.delete("territories/South/").status == 204
        assert Territory.objects.get().name == "North"

    def test_what_a_setting_names_is_not_switched_off(self, rest):
        reply = rest.patch("currencies/USD/", {"active": False})

        assert sentences(reply) == ["The setting DEFAULT_CURRENCY names USD, so it stays active."]
        assert Currency.objects.get(code="USD").active


class TestCodes:
    def test_that_are_added_are_in_every_contract_and_taken(self, rest):
        assert "gsw" not in str(rest.get("schema/").json["components"]["schemas"]["PartInput"])
        assert rest.post("languages/", {"code": "gsw", "name": "Swiss German"}).status == 201

        assert rest.put("parts/P/", {"description": {"gsw": "Pumpi"}}).status == 201
        assert "gsw" in str(rest.get("schema/").json["components"]["schemas"])


class TestStatuses:
    def test_tell_of_their_steps_and_take_others(self, rest):
        quote = rest.get("order-statuses/Quote/").json
        assert (quote["starts"], quote["rows_change"], quote["removable"]) == (True, True, True)
        assert {row["status"] for row in quote["next"]} == {"Created", "Cancelled"}

        reply = rest.patch("order-statuses/Quote/", {"next": [{"status": "Created"}, {"status": "Delivered"}]})

        assert {row["status"] for row in reply.json["next"]} == {"Created", "Delivered"}
        assert Change.objects.latest("id").fields == {
            "next.Cancelled": ["true", None],
            "next.Delivered": [None, "true"],
        }
        rest.post("customers/", {"number": "ACME"})
        rest.post("sales-orders/", {"number": "S", "customer": "ACME"})
        assert rest.patch("sales-orders/S/", {"status": "Delivered"}).status == 200

    def test_leave_one_that_orders_start_with(self, rest):
        OrderStatus.objects.filter(name="Created").update(starts=False)

        refused = rest.patch("order-statuses/Quote/", {"starts": False})
        at_once = [{"name": "Quote", "starts": False}, {"name": "Approved", "starts": True}]
        moved = rest.post("order-statuses/batch/", {"verb": "update", "records": at_once})

        assert sentences(refused) == ["New orders start with some status; let another one start first."]
        assert [each["became"] for each in moved.json["outcomes"]] == ["updated", "updated"]
        assert "New orders start" in sentences(rest.delete("order-statuses/Approved/"))[0]


class TestUsers:
    def test_are_found_by_name_and_say_nothing_more(self, rest, clerk):
        bob = clerk("customers.view_customer")
        User.objects.filter(username="ada").update(first_name="Ada", last_name="Lovelace", email="ada@hub.example")

        found = bob.get("users/?username=ada").json["results"]

        ada = User.objects.get(username="ada")
        assert found == [{"username": "ada", "first_name": "Ada", "last_name": "Lovelace", "id": ada.pk}]
        assert [user["username"] for user in bob.get("users/").json["results"]] == ["ada", "bob"]
        assert bob.get("users/bob/").status == 200

    @pytest.mark.parametrize("query", ["password=x", "email=ada@hub.example", "is_superuser=true"])
    def test_are_not_asked_for_by_anything_else(self, rest, query):
        assert rest.get(f"users/?{query}").status == 422

    def test_are_for_those_who_see_what_names_them(self, clerk):
        assert clerk("parts.view_part").get("users/").status == 403
        assert clerk("orders.view_salesorder").get("users/").status == 200

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    def test_are_not_written(self, rest, method):
        assert rest.send(method, "users/bob/" if method != "POST" else "users/", {"first_name": "X"}).status == 405


def test_a_list_costs_the_same_for_any_number(rest):
    def queries():
        with CaptureQueriesContext(connection) as found:
            rest.get("territories/?limit=100")
        return len(found)

    rest.post("territories/", {"name": "T0"})
    queries()
    few = queries()
    rest.post("territories/", [{"name": f"T{n}"} for n in range(1, 90)])

    assert queries() == few


def test_customers_keep_what_they_name_when_its_name_changes(rest):
    rest.post("territories/", {"name": "North"})
    rest.post("customers/", {"number": "ACME", "territory": "North"})
    Territory.objects.update(name="Far north")

    assert rest.get("customers/ACME/").json["territory"] == "Far north"
    assert Customer.objects.count() == 1
