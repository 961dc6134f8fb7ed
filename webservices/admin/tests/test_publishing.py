"""Published APIs in the admin site."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from records.models import CustomField
from records.shapes.criteria import Comparator, Criterion
from records.tests.cast import table
from records.tests.pages import ABSENT, errors, filled, queries, said
from webservices.models import PublishedApi
from webservices.tests.test_publishing import publish, the
from webservices.wire.dialects.ecosys.published import Column, Parameter
from webservices.wire.operations import Action

LIST = "/admin/webservices/publishedapi/"
COLUMNS = [("CostObjectID", "number"), ("CostObjectName", "company")]


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def browser(ada):
    return signed_in(ada)


def page_of(api):
    return f"{LIST}{api.pk}/change/"


def rows(prefix, *typed, first=0):
    """New rows of an inline, as the page's script adds them: `columns-0-field` and the count of them."""
    names = {"columns": ("field", "name", "read_only"), "filter": ("field", "comparator", "value"),
             "parameters": ("field", "name", "comparator", "required")}[prefix]  # fmt: skip
    sent = {f"{prefix}-TOTAL_FORMS": str(first + len(typed))}
    for number, row in enumerate(typed, first):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in zip(names, row, strict=False) if value != ""}
    return sent


def save(browser, api, rows=(), **typed):
    """Opens the API's page, types, adds rows, and presses Save."""
    return browser.post(page_of(api), {**filled(browser.get(page_of(api)), **typed), **dict(rows)})


class TestPublishing:
    def test_begins_with_a_name_and_a_kind_of_record(self, browser):
        typed = filled(browser.get(f"{LIST}add/"), name="SampleObject", resource="customers", may_delete=ABSENT)

        response = browser.post(f"{LIST}add/", typed, follow=True)

        api = PublishedApi.objects.get(name="SampleObject")
        assert response.redirect_chain == [(page_of(api), 302)]
        assert "published with every field" in said(response)
        assert (the().plural, the().columns, the().may_delete) == ("customers", (), False)

    def test_of_an_event_goes_on_with_what_it_is_about(self, browser):
        typed = filled(browser.get(f"{LIST}add/"), name="Retire", resource="customers", event="inactivate")

        response = browser.post(f"{LIST}add/", typed, follow=True)

        assert "Retire is an event. Choose here what it is about." in said(response)
        assert "needs a filter or a required parameter" in response.content.decode()
        assert "columns-TOTAL_FORMS" not in response.content.decode()
        assert the("Retire") is None
        api = PublishedApi.objects.get(name="Retire")
        save(browser, api, rows=rows("parameters", ("territory", "Region", "=", "on")), log_level="FAIL")
        assert (the("Retire").event, the("Retire").log_level) == (Action.INACTIVATE, "FAIL")
        assert "/ecosys/api/soap/Retire?wsdl" in browser.get(page_of(api)).content.decode()
        assert "trigger it" in browser.get(LIST).content.decode()

    WRONG_EVENTS = {
        "what is never inactive": (("sales_orders", "inactivate", ""), "Sales orders cannot be made inactive."),
        "a log of nothing": (("customers", "log", ""), "An event that only logs its calls needs a log level."),
    }

    @pytest.mark.parametrize("event, sentence", table(WRONG_EVENTS))
    def test_of_an_event_says_what_cannot_be(self, browser, event, sentence):
        names = dict(zip(("resource", "event", "log_level"), event, strict=True))

        response = browser.post(f"{LIST}add/", filled(browser.get(f"{LIST}add/"), name="Wrong", **names))

        assert errors(response) == {"event": [sentence]}
        assert not PublishedApi.objects.filter(name="Wrong").exists()

    def test_goes_on_with_what_is_shown(self, browser):
        api = publish()

        save(browser, api, rows={
            **rows("columns", ("number", "CostObjectID"), ("company", "CostObjectName", "on")),
            **rows("filter", ("territory", "=", "North"), ("customer_type", "IN", "dealer, maker")),
            **rows("parameters", ("state", "filter", "=", "on")),
        })  # fmt: skip

        assert the().columns == (Column("CostObjectID", "number"), Column("CostObjectName", "company", True))
        assert the().filter == (
            Criterion(("territory",), Comparator.EQUAL, ("North",)),
            Criterion(("customer_type",), Comparator.IN, ("dealer", "maker")),
        )
        assert the().parameters == (Parameter("filter", "state", Comparator.EQUAL, True),)

    def test_names_columns_and_parameters_by_rule_when_nobody_does(self, browser):
        api = publish(resource="parts")

        columns = rows("columns", ("number",), ("lead_time",), ("price.EUR",))
        save(browser, api, rows={**columns, **rows("parameters", ("number", "", "LIKE"))})

        assert [column.id for column in the().columns] == ["PartID", "LeadTime", "PriceEUR"]
        assert the().parameters == (Parameter("PartID", "number", Comparator.LIKE),)

    def test_offers_the_fields_of_the_record_as_the_site_has_them(self, browser):
        CustomField.objects.create(resource="customer", name="tier", label="Tier")

        content = browser.get(page_of(publish())).content.decode()

        assert '<option value="company">' in content
        assert '<option value="custom_tier">' in content
        assert '<option value="lead_time">' not in content
        assert 'list="fields-of-the-record"' in content

    def test_offers_the_kinds_of_record_that_can_be_written(self, browser):
        response = browser.get(f"{LIST}add/")

        offered = {value for value, _ in response.context["adminform"].form.fields["resource"].choices}
        assert {"parts", "customers", "contacts", "customer_parts", "sales_orders"} <= offered
        assert "sessions" not in offered

    def test_keeps_the_kind_of_record(self, browser):
        api = publish()

        browser.post(page_of(api), {**filled(browser.get(page_of(api))), "resource": "parts"})

        assert the().plural == "customers"

    def test_is_in_the_sites_log(self, browser):
        save(browser, publish(), may_delete=ABSENT)

        assert "may delete" in LogEntry.objects.get().get_change_message().lower()


class TestProposingColumns:
    def test_lists_every_field_to_choose_among_them(self, browser):
        CustomField.objects.create(resource="part", name="tier", label="Tier")
        api = publish(resource="parts")
        assert "shows every field" in said(browser.get(page_of(api)))

        proposed = filled(browser.get(f"{page_of(api)}?list=fields"))
        browser.post(f"{page_of(api)}?list=fields", proposed)

        assert [(column.id, column.field) for column in the().columns][:2] == [
            ("PartID", "number"), ("DisplayNumber", "display_number"),
        ]  # fmt: skip
        assert {"CustomTier", "Description", "Price"} <= {column.id for column in the().columns}
        assert "shows every field" not in said(browser.get(page_of(api)))

    def test_is_done_only_where_there_is_none(self, browser):
        api = publish(columns=COLUMNS)

        assert (
            browser.get(f"{page_of(api)}?list=fields").context["inline_admin_formsets"][0].formset.total_form_count()
            == 2
        )


class TestRows:
    def test_are_kept_in_the_order_in_which_they_are_shown(self, browser):
        api = publish(columns=COLUMNS)

        save(browser, api, columns_0_position="2", columns_1_position="1")

        assert [column.id for column in the().columns] == ["CostObjectName", "CostObjectID"]

    def test_that_are_new_come_last(self, browser):
        api = publish(columns=COLUMNS)

        save(browser, api, rows=rows("columns", ("email",), ("phone",), first=2))

        assert [column.field for column in the().columns] == ["number", "company", "email", "phone"]

    def test_are_deleted(self, browser):
        api = publish(columns=COLUMNS, filter=[("state", "=", "IN")], parameters=[("p", "state", "=", False)])

        save(browser, api, rows={f"{prefix}-DELETE": "on" for prefix in ("columns-1", "filter-0", "parameters-0")})

        assert (the().columns, the().filter, the().parameters) == ((Column("CostObjectID", "number"),), (), ())


ROWS = {
    "an unknown field": ("columns", ("colour", "Colour"), "columns-0-field", "not a field of a customer"),
    "an entry of what is no map": ("columns", ("company.en", "Name"), "columns-0-field", "company has no entries"),
    "an id that is no element's name": ("columns", ("number", "1st"), "columns-0-name", "beginning with a letter"),
    "no field": ("columns", ("", "Name"), "columns-0-field", "required"),
    "a filter on an unknown field": ("filter", ("colour", "=", "red"), "filter-0-field", "colour"),
    "a filter with a wrong value": ("filter", ("active", "=", "maybe"), "filter-0-field", "maybe"),
    "a filter with a wrong comparator": ("filter", ("active", "<", "true"), "filter-0-field", "no order"),
    "a comparator that there is not": ("filter", ("active", "~", "true"), "filter-0-comparator", "~"),
    "a parameter on an unknown field": ("parameters", ("colour", "c", "="), "parameters-0-field", "colour"),
    "a parameter that cannot be compared so": ("parameters", ("active", "a", "LIKE"), "parameters-0-field", "LIKE"),
}


class TestRefuses:
    @pytest.mark.parametrize("prefix, row, field, words", table(ROWS))
    def test_a_row(self, browser, prefix, row, field, words):
        api = publish(may_update=False, may_delete=False)

        response = save(browser, api, rows=rows(prefix, row))

        assert words in " ".join(errors(response)[field])
        assert (the().columns, the().filter, the().parameters) == ((), (), ())

    @pytest.mark.parametrize("prefix", ["columns", "parameters"])
    def test_two_of_one_id(self, browser, prefix):
        row = ("company", "Same") if prefix == "columns" else ("company", "Same", "=")

        response = save(browser, publish(), rows=rows(prefix, ("number", *row[1:]), row))

        assert any("called Same" in text for text in errors(response)[prefix])

    @pytest.mark.parametrize("switch", ["may_update", "may_delete"])
    def test_to_update_or_delete_what_cannot_be_named(self, browser, switch):
        others = {other: ABSENT for other in ("may_update", "may_delete") if other != switch}
        api = publish()

        response = save(browser, api, rows=rows("columns", ("company", "Name")), **others)

        assert any("must show number" in text for text in errors(response)["columns"])
        save(browser, api, rows=rows("columns", ("company", "Name")), may_update=ABSENT, may_delete=ABSENT)
        assert the().columns == (Column("Name", "company"),)

    def test_a_switch_that_the_stored_columns_do_not_allow(self, browser):
        api = publish(columns=[("Name", "company")], may_update=False, may_delete=False)

        response = save(browser, api, may_update="on")

        assert any("must show number" in text for text in errors(response)["columns"])
        assert not the().may_update

    @pytest.mark.parametrize(
        "name, field, words",
        table(
            {
                "two dots": ("a..b", "name", "single dots"),
                "a digit first": ("1a", "name", "begins with a letter"),
                "a name in use": ("Part", "", "An API of this name is published"),
                "nothing": ("", "name", "required"),
            }
        ),
    )
    def test_a_name(self, browser, name, field, words):
        typed = filled(browser.get(f"{LIST}add/"), name=name, resource="customers")

        assert words in " ".join(errors(browser.post(f"{LIST}add/", typed))[field])

    @pytest.mark.parametrize("resource", ["", "ships", "sessions"])
    def test_a_kind_of_record_that_there_is_not(self, browser, resource):
        typed = filled(browser.get(f"{LIST}add/"), name="Ship", resource=resource)

        assert errors(browser.post(f"{LIST}add/", typed))["resource"]


class TestPages:
    def test_the_list_says_what_callers_may_and_where_the_contracts_are(self, browser):
        publish(columns=COLUMNS, may_insert=False)

        response = browser.get(LIST)

        assert "SampleObject Customers read, update, delete 2" in said(response)
        assert "/ecosys/api/soap/SampleObject?wsdl" in response.content.decode()
        assert "every field" in said(response)

    def test_cost_as_many_statements_for_many_as_for_one(self, browser):
        api = publish(columns=COLUMNS)
        few = queries(browser, LIST), queries(browser, page_of(api))
        for number in range(9):
            publish(f"Api{number}", columns=COLUMNS)
        for field in ("email", "phone", "city"):
            api.columns.create(name=field, field=field, position=5)

        assert (queries(browser, LIST), queries(browser, page_of(api))) == few
        assert few[0] <= 6
        assert few[1] <= 11

    def test_escape_what_was_typed(self, browser):
        api = publish(filter=[("company", "=", "<script>alert(1)</script>")])

        assert "<script>alert" not in browser.get(page_of(api)).content.decode()


class TestRights:
    def staff(self, user, *permissions):
        type(user).objects.filter(pk=user.pk).update(is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=[f"{r}_publishedapi" for r in permissions]))
        return signed_in(type(user).objects.get(pk=user.pk))

    def test_who_may_change_an_api_may_change_its_rows(self, bob):
        client, api = self.staff(bob, "view", "change"), publish(columns=COLUMNS)

        save(client, api, rows=rows("columns", ("email",), first=2))

        assert len(the().columns) == 3
        assert client.get(f"{LIST}add/").status_code == 403

    def test_who_may_view_it_may_not_change_it(self, bob):
        client, api = self.staff(bob, "view"), publish(columns=COLUMNS)

        assert "CostObjectName" in said(client.get(page_of(api)))
        assert client.post(page_of(api), {"name": "Other"}).status_code == 403

    def test_others_see_none(self, bob):
        client = self.staff(bob)

        assert client.get(LIST).status_code == 403
        assert "Published APIs" not in said(client.get("/admin/"))
