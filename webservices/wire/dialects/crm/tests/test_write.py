"""Answers and faults as CRM-service writes them."""

import json
from datetime import UTC, datetime

import pytest
from lxml import etree

from records.shapes.fields import Kind, ScalarField
from records.shapes.outcomes import Outcome, Result, failed_outcome
from records.shapes.problems import Family, Problem
from records.shapes.values import EMPTY
from records.tests.cast import table
from webservices.declarations import OPERATIONS
from webservices.wire.dialects.crm.context import CrmContext, CrmSettings
from webservices.wire.dialects.crm.dialect import CRM
from webservices.wire.dialects.crm.methods import METHODS, find_operation
from webservices.wire.messages import Answer, Failure

PUMP = {
    "id": "77",
    "number": "PRO2124",
    "description": {"en": "Pump", "fi": "Pumppu"},
    "notes": EMPTY,
    "active": "false",
}
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


def context(name, plural="", **settings):
    method = next(method for method in METHODS if method.name == name)
    return CrmContext(method.manager, method, "'7'", CrmSettings(**settings)), find_operation(
        method, OPERATIONS, plural
    )


def body(answer, context):
    return etree.fromstring(CRM.write(answer, context).body)[-1][0]


def write_answer(name, *records, outcomes=(), **settings):
    """The return value of a method."""
    how, operation = context(name, **settings)
    return body(Answer(operation, tuple(outcomes), records), how)[0]


def fault(name, *problems, plural=""):
    how, operation = context(name, plural)
    written = body(Failure(problems, operation), how)
    return written.findtext("faultcode").removeprefix("soapenv:"), written.findtext("faultstring")


class TestRecords:
    def test_say_what_they_are(self):
        item = write_answer("searchProducts", PUMP)[0]

        assert item.get(f"{XSI}type") == "tns:Product"
        assert [(each.tag, each.text, each.get(f"{XSI}type")) for each in item] == [
            ("id", "77", "xsd:int"),
            ("product_no", "PRO2124", "xsd:string"),
            ("description", "Pump", "xsd:string"),
            ("notes", None, "xsd:string"),
            ("active", "0", "xsd:boolean"),
            ("name", "Pump", "xsd:string"),
        ]

    def test_have_the_first_line_as_a_name_unless_the_site_says_no(self):
        pump = {"description": {"en": "Pump\nsmall"}}

        assert write_answer("getProduct", pump).findtext("name") == "Pump"
        assert write_answer("getAccount", {"company": EMPTY}).findtext("name") == ""
        assert write_answer("getProduct", pump, answer_names=False).find("name") is None

    def test_have_moments_in_the_form_of_the_vendor(self):
        changed = write_answer("getProduct", {"changed_at": "2026-01-31T13:45:00.123456Z"})

        assert changed.findtext("modifiedtime") == "2026-01-31 13:45:00"

    def test_have_what_this_wire_alone_says_of_them_where_it_does(self):
        assert write_answer("getContact", {"vendor": {"leadsource": "Web"}}).findtext("leadsource") == "Web"
        assert write_answer("getContact", {"vendor": EMPTY}).find("leadsource") is None

    def test_are_nil_where_a_number_has_no_value(self):
        price = write_answer("getProduct", {"price": EMPTY}).find("unit_price")

        assert (price.text, price.get(f"{XSI}nil")) == (None, "true")

    def test_are_of_the_site(self):
        assert write_answer("getProduct", PUMP, language="fi").findtext("description") == "Pumppu"
        order = write_answer("createSalesOrder", {"status": "Created"}, statuses={"Luotu": "Created"})
        assert order.findtext("status") == "Luotu"

    def test_have_fields_of_the_site(self):
        how, operation = context("getProduct")
        tier = ScalarField("custom_rank", Kind.DECIMAL, custom=True, nullable=True)
        resource = operation.resource.add_custom_fields([tier], 7)
        written = body(Answer(type(operation)(operation.verb, resource, (), print), (), ({"custom_rank": "1.5"},)), how)

        assert written[0].findtext("cf_rank") == "1.5"

    def test_are_nil_when_there_is_none_any_more(self):
        gone = write_answer("deleteProduct", {}, outcomes=[Outcome(Result.DELETED, "A", 7)])

        assert gone.get(f"{XSI}nil") == "true"

    @pytest.mark.parametrize("use", ["literal", "encoded"])
    def test_are_in_the_style_of_the_site(self, use):
        how, operation = context("searchProducts", use=use)
        written = body(Answer(operation, (), (PUMP,)), how)

        style = written.get("{http://schemas.xmlsoap.org/soap/envelope/}encodingStyle")
        assert (style is not None) is (use == "encoded")
        assert written[0].get("{http://schemas.xmlsoap.org/soap/encoding/}arrayType") == "tns:Product[1]"


WRONG = Problem("not-a-number", Family.INVALID, "{field} must be a whole number, not \N{PILE OF POO}.", ("lead_time",))


class TestBulk:
    def write(self, *outcomes, **settings):
        """Entries, and the header with the reasons of what has none."""
        how, operation = context("bulkEntitySave", "parts", **settings)
        response = CRM.write(Answer(operation, outcomes), how)
        [entries] = etree.fromstring(response.body).itertext()
        return json.loads(entries), response.headers.get("X-Problems")

    def test_has_an_entry_for_each_record_that_was_saved(self):
        entries, header = self.write(failed_outcome("B", WRONG), Outcome(Result.CREATED, "A", 7, 1))

        assert entries == [{"id": 7, "product_no": "A", "result": "created"}]
        assert header == r'[{"record":1,"error":"lead_time must be a whole number, not \ud83d\udca9."}]'

    def test_has_the_warnings_of_a_record_in_its_entry(self):
        entries, header = self.write(Outcome(Result.UPDATED, "A", 7, 2, warnings=(WRONG,)))

        assert (entries[0]["warning"], header) == (WRONG.sentence(lambda path: "".join(path)), None)

    def test_says_nothing_beside_it_when_all_were_saved(self):
        assert self.write(Outcome(Result.UPDATED, "A", 7, 2))[1] is None

    def test_says_how_many_reasons_a_header_does_not_hold(self):
        _, header = self.write(*[failed_outcome("B", WRONG)] * 1000)

        *reasons, rest = json.loads(header)
        assert len(header) < 4_100
        assert len(reasons) + rest["more"] == 1000

    def test_has_an_entry_for_each_record_where_the_site_says_so(self):
        entries, _ = self.write(Outcome(Result.CREATED, "A", 7, 1), failed_outcome("B", WRONG), answer_failed=True)

        assert entries[1] == {
            "product_no": "B",
            "result": "failed",
            "error": WRONG.sentence(lambda path: "".join(path)),
        }


def test_tells_the_fields_of_a_module():
    told = {"module": "customers", "label": "", "length": EMPTY, "picklist_id": EMPTY, "names": EMPTY, "active": "true"}
    records = [
        {**told, "name": "number", "kind": "text", "label": "Customer number", "length": "20"},
        {**told, "name": "owner_id", "kind": "integer", "names": "user"},
        {**told, "name": "customer_type", "kind": "text", "picklist_id": "1"},
        {**told, "name": "notes", "kind": "text", "length": "32765"},
        {**told, "name": "custom_until", "kind": "date"},
        {**told, "name": "attachments", "kind": "list"},
    ]

    items = write_answer("getCrmFields", *records)

    assert [(each.findtext("name"), each.findtext("datatype"), each.findtext("uitype")) for each in items] == [
        ("account_no", "string", "1"),
        ("assigned_user_id", "integer", "53"),
        ("account_type", "string", "15"),
        ("notes", "string", "19"),
        ("cf_until", "date", "5"),
    ]
    leads = write_answer("getCrmFields", {**told, "module": "leads", "name": "street", "kind": "text", "length": "100"})
    assert [(each.findtext("name"), each.findtext("uitype"), each.findtext("label")) for each in leads] == [
        ("street", "24", ""),
        ("leadsource", "1", "Lead source"),
    ]
    assert (items[0].findtext("lenght"), json.loads(items[0].findtext("translations"))) == (
        "20",
        {"en_us": "Customer number"},
    )


FAULTS = {
    "a key that is not known": ("createSession", "unknown-token", Family.UNAUTHENTICATED, "Client.InvalidApiKey"),
    "a key that has ended": ("createSession", "key-ended", Family.UNAUTHENTICATED, "Client.InvalidApiKey"),
    "no session": ("getProduct", "no-session", Family.UNAUTHENTICATED, "Client.InvalidSession"),
    "a session that has ended": ("getProduct", "session-ended", Family.UNAUTHENTICATED, "Client.InvalidSession"),
    "a method that a key does not list": ("getProduct", "not-listed", Family.FORBIDDEN, "Client.MethodNotAllowed"),
    "a wrong sign-in": (
        "authenticatePortalUser", "sign-in-failed", Family.INVALID, "Client.AuthenticationFailed",
    ),
    "a record that is not there": ("updateProduct", "no-match", Family.NOT_FOUND, "Client.NotFound"),
    "a record that is wrong": ("updateProduct", "missing", Family.MISSING, "Client.ValidationError"),
    "too much": ("updateProduct", "contended", Family.BUSY, "Server.Busy"),
    "what nobody anticipated": ("updateProduct", "unexpected", Family.INTERNAL, "Server.Internal"),
}  # fmt: skip


class TestFaults:
    @pytest.mark.parametrize("name, code, family, faultcode", table(FAULTS))
    def test_have_codes(self, name, code, family, faultcode):
        assert fault(name, Problem(code, family, "{field} is wrong.", ("number",)))[0] == faultcode

    def test_spell_fields_as_this_wire_does(self):
        missing = Problem("missing", Family.MISSING, "{field} is required.", ("rows", 1, "quantity"))

        assert fault("createSalesOrder", missing) == ("Client.ValidationError", "rows[2].qty is required.")

    def test_name_the_id_that_was_asked_for(self):
        how, operation = context("getProduct")

        written = body(Answer(operation, at=datetime.now(UTC)), how)

        assert written.findtext("faultstring") == "There is no part with id '7'."

    def test_stand_for_records_that_all_failed_where_the_site_says_so(self):
        how, operation = context("bulkEntitySave", "parts", answer_failed=True)
        problem = Problem("missing", Family.MISSING, "{field} is required.", ("number",))

        response = CRM.write(Answer(operation, (failed_outcome("", problem), failed_outcome("", problem))), how)

        assert response.status == 500
        assert b"<faultstring>product_no is required.</faultstring>" in response.body
