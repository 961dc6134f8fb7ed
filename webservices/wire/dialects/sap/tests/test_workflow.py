"""
The workflow of the vendor's page, sentence by sentence, over HTTP and in the database; and what follows from it.

The tests are named for what the sentences say.
"""

import pytest

from customers.models import Customer
from orders.models import SalesOrder
from orders.services import SALES_ORDERS
from records.tests.cast import ADA, NOW
from webservices.models import Exchange
from webservices.wire.dialects.sap.functions import CUSTOMER_ACTIONS
from webservices.wire.dialects.sap.tests.calls import add, customer, named, result, search

EVERY_ACTION = pytest.mark.parametrize("action", CUSTOMER_ACTIONS)
SEARCHING = pytest.mark.parametrize("action", ["UPDATE", "ADDORUPDATE", "DELETE"])
CHANGING = pytest.mark.parametrize("action", ["UPDATE", "ADDORUPDATE"])


@pytest.fixture(autouse=True)
def _user(ada):
    """The caller of all requests."""


def cities() -> dict[str, str]:
    return dict(Customer.objects.order_by("last_name").values_list("last_name", "city"))


def one(last_name: str) -> Customer:
    return Customer.objects.get(last_name=last_name)


def byron(**fields: str) -> dict[str, str]:
    return {"last_name": "Byron", "company": "Engines", "external_id": "C-7", **fields}


class TestWorkflow:
    @EVERY_ACTION
    def test_user_name_and_password_are_checked_and_if_the_check_fails_the_call_fails(self, client, action):
        add(byron())

        answered = result(client, action, named("Byron", ExternalId="C-7", City="Ockham"), word="guess")

        assert (answered.status, answered.codes) == ("NOK", ["101001"])
        assert cities() == {"Byron": ""}

    @SEARCHING
    def test_search_fields_are_read_for_update_add_or_update_and_delete(self, client, action):
        add(byron(crm_account_id="A1"), byron(crm_account_id="A2"))

        answered = result(client, action, customer(CRMAccountId="A2", City="Ockham"), search=search("CRMAccountId"))

        assert (answered.status, answered.message) == ("OK", "Action successful.")
        left = Customer.objects.values_list("crm_account_id", "city").order_by("id")
        assert [*left] == [("A1", "")] + [("A2", "Ockham")] * (action != "DELETE")

    def test_search_fields_are_not_read_for_add(self, client):
        answered = result(client, "ADD", named("Byron"), search="<SearchFields><Nonsense/></SearchFields>")

        assert answered.status == "OK"

    @EVERY_ACTION
    def test_more_than_50_customers_make_the_call_fail(self, client, action):
        add(byron())

        answered = result(client, action, *[named("Byron", ExternalId="C-7", City="Ockham")] * 51)

        assert (answered.status, answered.codes) == ("NOK", ["104002"])
        assert answered.messages == ["A call may have at most 50 customers; nothing was touched."]
        assert cities() == {"Byron": ""}

    def test_50_customers_do_not(self, client):
        answered = result(client, "ADD", *(named(f"N{number}") for number in range(50)))

        assert answered.status == "OK"
        assert Customer.objects.count() == 50

    def test_customers_are_read_one_by_one_and_one_that_cannot_be_read_stops_no_other(self, client):
        answered = result(client, "ADD", named("A"), named("B", Active="perhaps"), named("C"))

        assert (answered.status, answered.message, answered.codes) == ("NOK", "ADD failed", ["104008"])
        assert answered.customers == [{"Active": "perhaps", "LastName": "B", "Company": "Engines"}]
        assert [*cities()] == ["A", "C"]

    def test_add_saves_without_search(self, client):
        add(byron())

        answered = result(client, "ADD", named("Byron", ExternalId="C-7"), search=search("LastName"))

        assert answered.status == "OK"
        assert Customer.objects.filter(external_id="C-7").count() == 2

    @SEARCHING
    def test_the_other_actions_search(self, client, action):
        add(byron(), byron(last_name="Hall", external_id="C-8"))

        answered = result(client, action, customer(ExternalId="C-8", City="Oakland"))

        assert answered.status == "OK"
        assert cities() == ({"Byron": ""} if action == "DELETE" else {"Byron": "", "Hall": "Oakland"})

    @SEARCHING
    def test_a_search_that_finds_more_than_one_fails_for_that_customer_and_the_next_is_read(self, client, action):
        add(byron(), byron(last_name="Hall"), byron(last_name="Next", external_id="C-9"))

        answered = result(
            client, action, customer(ExternalId="C-7", City="Nowhere"), customer(ExternalId="C-9", City="There")
        )

        assert (answered.status, answered.message) == ("NOK", f"{action} failed")
        assert answered.codes == ["104005"]
        assert answered.messages == ["2 customers match ExternalId 'C-7'."]
        assert answered.customers == [{"ExternalId": "C-7", "City": "Nowhere"}]
        last = {} if action == "DELETE" else {"Next": "There"}
        assert cities() == {"Byron": "", "Hall": "", **last}

    def test_add_creates_though_a_search_would_find_more_than_one(self, client):
        add(byron(), byron())

        assert result(client, "ADD", named("Byron", ExternalId="C-7")).status == "OK"
        assert Customer.objects.count() == 3

    def test_add_or_update_that_finds_none_adds(self, client):
        answered = result(client, "ADDORUPDATE", named("Byron", ExternalId="C-7"))

        assert answered.status == "OK"
        assert (one("Byron").external_id, one("Byron").active) == ("C-7", True)

    @pytest.mark.parametrize("action", ["UPDATE", "DELETE"])
    def test_update_and_delete_that_find_none_fail_and_the_next_is_read(self, client, action):
        add(byron())

        answered = result(client, action, customer(ExternalId="C-0"), customer(ExternalId="C-7", City="Ockham"))

        assert (answered.codes, answered.messages) == (["104005"], ["0 customers match ExternalId 'C-0'."])
        assert answered.customers == [{"ExternalId": "C-0"}]
        assert cities() == ({} if action == "DELETE" else {"Byron": "Ockham"})

    @CHANGING
    def test_the_one_that_is_found_is_changed(self, client, action):
        add(byron(phone="1"))
        before = one("Byron")

        answered = result(client, action, customer(Id=before.id, ExternalId="C-8", FirstName="Ada", BusinessPhone=""))

        after = one("Byron")
        assert answered.status == "OK"
        assert (after.id, after.number, after.external_id) == (before.id, before.number, "C-8")
        assert (after.first_name, after.phone) == ("Ada", "")

    def test_the_one_that_is_found_is_deleted(self, client):
        add(byron())

        assert result(client, "DELETE", customer(ExternalId="C-7")).status == "OK"
        assert cities() == {}

    def test_one_that_cannot_be_deleted_is_inactivated_and_stays_on_its_orders_but_comes_on_no_other(self, client):
        add(
            {"number": "ACME", **byron()},
            {"number": "HALL", **byron(last_name="Hall", external_id="C-8")},
        )
        orders = [{"number": "SO-1", "customer": "ACME"}, {"number": "SO-2", "customer": "HALL"}]
        assert not any(outcome.failed for outcome in SALES_ORDERS.add(records=orders, by=ADA, at=NOW))

        answered = result(client, "DELETE", customer(ExternalId="C-7"))

        assert (answered.status, answered.message) == ("OK", "Action successful.")
        assert one("Byron").active is False
        assert SalesOrder.objects.get(number="SO-1").customer == one("Byron")
        [new] = SALES_ORDERS.add(records=[{"customer": "ACME"}], by=ADA, at=NOW)
        moved = [{"number": "SO-1", "customer": "ACME"}, {"number": "SO-2", "customer": "ACME"}]
        [same, existing] = SALES_ORDERS.update(records=moved, by=ADA, at=NOW)
        assert [new.failed, same.failed, existing.failed] == [True, False, True]

    @pytest.mark.parametrize("field", ["LastName", "Company"])
    def test_add_without_a_required_field_fails_with_its_input(self, client, field):
        sent = {"ExternalId": "C-7", "LastName": "Byron", "Company": "Engines", field: ""}

        for fields in (sent, {name: value for name, value in sent.items() if value}):
            answered = result(client, "ADD", customer(**fields), named("Next"))

            assert (answered.codes, answered.messages) == (["104008"], [f"{field} is required."])
            assert answered.customers == [fields]
        assert [*cities()] == ["Next"]

    def test_new_customers_are_active_if_nothing_else_is_said(self, client):
        answered = result(client, "ADD", named("A"), named("B", Active="0"), named("C", Active=""))

        assert answered.status == "OK"
        assert [one(name).active for name in "ABC"] == [True, False, True]

    @CHANGING
    def test_a_required_field_that_is_erased_fails_the_customer_and_the_call_moves_on(self, client, action):
        add(byron(), byron(last_name="Next", external_id="C-9"))

        answered = result(
            client, action, customer(ExternalId="C-7", LastName="", City="X"), customer(ExternalId="C-9", City="There")
        )

        assert (answered.codes, answered.messages) == (["104008"], ["LastName is required."])
        assert answered.customers == [{"ExternalId": "C-7", "LastName": "", "City": "X"}]
        assert cities() == {"Byron": "", "Next": "There"}

    @CHANGING
    def test_a_required_field_that_was_never_filled_fails_the_customer(self, client, action):
        add({"external_id": "C-7", "last_name": "Byron"})

        answered = result(client, action, customer(ExternalId="C-7", City="Ockham"))
        mended = result(client, action, customer(ExternalId="C-7", City="Ockham", Company="Engines"))

        assert (answered.codes, answered.messages) == (["104008"], ["Company is required."])
        assert (mended.status, cities()) == ("OK", {"Byron": "Ockham"})

    def test_the_id_is_ignored_by_add(self, client):
        add(byron())
        taken = one("Byron").id

        answered = result(client, "ADD", named("New", Id=taken), named("Other", Id="no number"))

        assert answered.status == "OK"
        assert one("Byron").id == taken
        assert len({taken, one("New").id, one("Other").id}) == 3

    @EVERY_ACTION
    def test_the_result_comes_when_the_action_is_performed_for_all(self, client, action):
        add(byron(), byron(last_name="Hall", external_id="C-8"))

        answered = result(client, action, named("A", ExternalId="C-7"), named("B", ExternalId="C-8"))

        assert [child.tag for child in answered.root] == ["Status", "Message"]
        assert (answered.status, answered.message) == ("OK", "Action successful.")


class TestInSequence:
    def test_later_customers_see_what_became_of_earlier_ones(self, client):
        answered = result(
            client,
            "ADDORUPDATE",
            named("Byron", ExternalId="C-7"),
            customer(ExternalId="C-7", City="Ockham"),
            customer(ExternalId="C-7", FirstName="Ada"),
        )

        assert answered.status == "OK"
        assert (one("Byron").city, one("Byron").first_name) == ("Ockham", "Ada")

    def test_a_customer_can_be_deleted_once(self, client):
        add(byron())

        answered = result(client, "DELETE", *[customer(ExternalId="C-7")] * 2)

        assert answered.codes == ["104005"]
        assert cities() == {}

    def test_one_that_lost_its_external_id_is_found_by_it_no_more(self, client):
        add(byron())

        answered = result(
            client, "UPDATE", customer(Id=one("Byron").id, ExternalId=""), customer(ExternalId="C-7", City="X")
        )

        assert (answered.codes, cities()) == (["104005"], {"Byron": ""})


class TestOptions:
    def test_all_or_none_undoes_the_whole_call(self, client):
        options = '<o:AllOrNone xmlns:o="urn:counterpart:options">true</o:AllOrNone>'

        answered = result(client, "ADD", named("A"), customer(LastName="B"), header=options)

        assert answered.codes == ["104004", "104008"]
        assert cities() == {}

    def test_a_dry_run_keeps_nothing(self, client):
        options = '<o:DryRun xmlns:o="urn:counterpart:options">true</o:DryRun>'

        answered = result(client, "ADD", named("A"), header=options)

        assert (answered.status, answered.message) == ("OK", "Action successful. Dry run: nothing was kept.")
        assert cities() == {}
        assert Exchange.objects.get().dry
