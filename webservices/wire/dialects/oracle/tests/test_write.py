"""Answers as Oracle's clients expect them: the specification's example first."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from records.shapes.outcomes import Outcome, Result, failed_outcome
from records.shapes.problems import Family, Problem, invalid_problem, missing_problem
from records.shapes.values import EMPTY
from records.tests.cast import table
from webservices.wire.dialects.oracle.codes import FAMILIES
from webservices.wire.dialects.oracle.context import OracleContext
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.dialects.oracle.tests.parts import NOW, OLD, PARTS, body_of, context, operation, text
from webservices.wire.dialects.oracle.write import java_date
from webservices.wire.messages import Answer, Failure
from webservices.wire.operations import Verb
from webservices.wire.soap.versions import SOAP_11

PUMP = {
    "id": "1",
    "number": "PUMP-100",
    "display_number": "P100",
    "direct_buy": "1",
    "description": {"en": "Pump, small"},
    "price": {"USD": "250.00", "EUR": "230.00"},
    "prices": [{"currency": "USD", "amount": "250.00"}],
    "lead_time": "-1",
    "custom_field1": "Pumps",
    "version": "3",
}


def found(*records, **more):
    return ORACLE_2_0.write(Answer(operation(Verb.FIND), records=records, at=NOW, **more), context(Verb.FIND))


def done(*outcomes, verb=Verb.PUT, **more):
    return ORACLE_2_0.write(Answer(operation(verb), tuple(outcomes), at=NOW, **more), context(verb))


def fault_of(*problems, which=0, **more):
    response = ORACLE_2_0.write(Failure(problems, operation(Verb.PUT), **more), context(which=which))
    return response, body_of(response)


class TestFound:
    def test_is_the_example_of_the_specification(self):
        response = found(PUMP)

        assert response.status == 200
        assert response.content_type == "text/xml; charset=UTF-8"
        assert response.body.decode().endswith(
            '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
            '<bm:getPartsResponse xmlns:bm="http://xmlns.oracle.com/cpqcloud/parts">'
            "<bm:status><bm:success>true</bm:success>"
            "<bm:message>Sun Jun 04 18:43:24 UTC 2017 - Counterpart processed getParts</bm:message>"
            "<bm:records_returned>1</bm:records_returned></bm:status>"
            "<bm:Parts><bm:each_record>"
            "<bm:part_number>PUMP-100</bm:part_number><bm:part_display_number>P100</bm:part_display_number>"
            "<bm:direct_buy>1</bm:direct_buy>"
            "<bm:description><bm:en>Pump, small</bm:en></bm:description>"
            "<bm:price><bm:USD>250.00</bm:USD><bm:EUR>230.00</bm:EUR></bm:price>"
            "<bm:lead_time>-1</bm:lead_time><bm:_part_custom_field1>Pumps</bm:_part_custom_field1>"
            "</bm:each_record></bm:Parts>"
            "</bm:getPartsResponse></soapenv:Body></soapenv:Envelope>"
        )

    def test_nothing_is_a_success(self):
        answer = body_of(found())

        assert text(answer, "bm:status/bm:success") == "true"
        assert text(answer, "bm:status/bm:records_returned") == "0"
        assert len(answer.find("{*}Parts")) == 0

    def test_says_when_there_are_more(self):
        answer = body_of(found(PUMP, cut=True))

        assert text(answer, "bm:status/bm:warning") == "Only the first 1 records are returned; there are more."

    def test_what_has_no_value_is_empty(self):
        answer = body_of(found({"number": "A", "notes": EMPTY, "price": EMPTY, "company_associations": EMPTY}))

        record = answer.find("{*}Parts/{*}each_record")
        assert [(child.tag.split("}")[1], child.text) for child in record] == [
            ("part_number", "A"),
            ("price", None),
            ("company_associations", None),
            ("notes", None),
        ]

    def test_what_came_after_the_first_contracts_is_left_out_where_it_has_no_value(self):
        blank = dict.fromkeys(
            ("external_key_1", "default_unit_of_measure", "eligible_to_sell", "extended_description_1"), EMPTY
        )

        record = body_of(found({"number": "A", **blank, "external_key_2": "K"})).find("{*}Parts/{*}each_record")
        assert [(child.tag.split("}")[1], child.text) for child in record] == [
            ("part_number", "A"),
            ("external_key2", "K"),
        ]

    @pytest.mark.parametrize("stamps", [True, False])
    def test_has_the_dates_for_who_asked_for_them(self, stamps):
        moment = "2017-10-19T01:28:51Z"
        answer = Answer(operation(Verb.FIND), records=[{"number": "A", "created_at": moment, "changed_at": moment}])

        response = ORACLE_2_0.write(answer, replace(context(Verb.FIND), stamps=stamps))

        record = body_of(response).find("{*}Parts/{*}each_record")
        assert [text(record, f"bm:{name}") for name in ("date_added", "date_modified")] == [
            moment if stamps else None
        ] * 2

    def test_repeats_the_namespace_of_the_request(self):
        asked = OracleContext(SOAP_11, OLD, "parts")
        response = ORACLE_2_0.write(Answer(operation(Verb.FIND)), asked)

        assert body_of(response).tag == f"{{{OLD}}}getPartsResponse"

    def test_speaks_soap_12_when_asked_in_it(self):
        response = ORACLE_2_0.write(Answer(operation(Verb.FIND)), context(Verb.FIND, 1))

        assert response.content_type == "application/soap+xml; charset=UTF-8"
        assert b"http://www.w3.org/2003/05/soap-envelope" in response.body


COUNTS = ("read", "failed", "deleted", "inserted", "updated")


class TestDone:
    ROWS = {
        "created": ([Outcome(Result.CREATED, "A")], (1, 0, 0, 1, 0)),
        "updated": ([Outcome(Result.UPDATED, "A")], (1, 0, 0, 0, 1)),
        "unchanged": ([Outcome(Result.UNCHANGED, "A")], (1, 0, 0, 0, 1)),
        "deleted": ([Outcome(Result.DELETED, "A")], (1, 0, 1, 0, 0)),
        "inactivated": ([Outcome(Result.INACTIVATED, "A")], (1, 0, 1, 0, 0)),
        "nothing": ([], (0, 0, 0, 0, 0)),
        "some of each": (
            [Outcome(Result.CREATED, "A"), Outcome(Result.UPDATED, "B"), failed_outcome("C", invalid_problem("No."))],
            (3, 1, 0, 1, 1),
        ),
    }

    @pytest.mark.parametrize("outcomes, counts", table(ROWS))
    def test_counts(self, outcomes, counts):
        response = done(*outcomes)

        answer = body_of(response)
        assert response.status == 200
        assert answer.tag == f"{{{PARTS}}}modifyPartsResponse"
        assert text(answer, "bm:status/bm:success") == "true"
        assert tuple(int(text(answer, f"bm:status/bm:records_{name}")) for name in COUNTS) == counts
        assert answer.find("bm:status/bm:records_returned", {"bm": PARTS}) is None

    def test_some_failed_is_a_success_that_gives_the_reasons(self):
        answer = body_of(
            done(
                Outcome(Result.CREATED, "A"),
                failed_outcome(
                    "B",
                    invalid_problem("{field} is wrong.", path=("price", "USD")),
                    missing_problem(("custom_field1",)),
                ),
                failed_outcome("", missing_problem(("number",))),
            )
        )

        assert text(answer, "bm:status/bm:detail") == (
            "Record 2 (B): price.USD is wrong. _part_custom_field1 is required.\nRecord 3: part_number is required."
        )
        assert text(answer, "bm:status/bm:warning") == "2 of 3 records failed; detail says why."

    def test_all_failed_is_a_fault_with_the_reason_of_each(self):
        response = done(failed_outcome("A", missing_problem(("number",))), failed_outcome("B", invalid_problem("No.")))

        fault = body_of(response)
        reasons = "Record 1 (A): part_number is required.\nRecord 2 (B): No."
        assert response.status == 500
        assert fault.findtext("faultcode") == "soapenv:Server"
        assert fault.findtext("faultstring") == f"PARTS-ERR:{reasons}"
        assert text(fault, "detail/bm:fault/bm:exceptionCode") == "PARTS-ERR"
        assert text(fault, "detail/bm:fault/bm:exceptionMessage") == reasons

    def test_the_only_record_failed_is_the_fault_of_the_specification(self):
        fault = body_of(
            done(failed_outcome("", Problem("missing", Family.MISSING, "{field} is required", ("number",))))
        )

        assert fault.findtext("faultstring") == "PARTS-ERR:part_number is required"

    def test_what_was_in_use_is_told(self):
        answer = body_of(done(Outcome(Result.INACTIVATED, "A"), verb=Verb.REMOVE))

        assert text(answer, "bm:status/bm:warning") == "A is in use: it was not deleted but made inactive."

    def test_a_dry_run_is_told(self):
        answer = body_of(done(Outcome(Result.CREATED, "A"), dry=True))

        assert text(answer, "bm:status/bm:warning") == "Dry run: nothing was kept."


class TestFaults:
    @pytest.mark.parametrize("family", Family)
    def test_every_family_has_a_code(self, family):
        response, fault = fault_of(Problem("x", family, "No."))

        assert fault.findtext(".//{*}exceptionCode") == FAMILIES[family].text_for("parts")
        assert fault.findtext(".//{*}exceptionMessage") == "No."
        assert response.status == 500

    BLAME = [
        (Family.INVALID, 400, "soapenv:Sender"),
        (Family.MALFORMED, 400, "soapenv:Sender"),
        (Family.FORBIDDEN, 400, "soapenv:Sender"),
        (Family.INTERNAL, 500, "soapenv:Receiver"),
        (Family.BUSY, 500, "soapenv:Receiver"),
    ]

    @pytest.mark.parametrize("family, status, code", BLAME)
    def test_soap_12_says_who_is_to_blame(self, family, status, code):
        response, fault = fault_of(Problem("x", family, "No."), which=1)

        assert (response.status, fault.findtext("{*}Code/{*}Value")) == (status, code)

    def test_a_failed_login_is_a_fault_of_ws_security_with_a_detail(self):
        response, fault = fault_of(Problem("x", Family.UNAUTHENTICATED, "Wrong name or password."))

        assert response.status == 500
        assert fault.findtext("faultcode") == "ns1:FailedAuthentication"
        assert fault.find("faultcode").nsmap["ns1"].endswith("wssecurity-secext-1.0.xsd")
        assert fault.findtext("faultstring") == "The security token could not be authenticated or authorized"
        assert text(fault, "detail/bm:fault/bm:exceptionCode") == "SECURITY-ERR"
        assert text(fault, "detail/bm:fault/bm:exceptionMessage") == "Wrong name or password."

    def test_in_soap_12_it_is_a_subcode(self):
        response, fault = fault_of(Problem("x", Family.UNAUTHENTICATED, "No."), which=1)

        assert response.status == 400
        assert fault.findtext("{*}Code/{*}Subcode/{*}Value") == "ns1:FailedAuthentication"

    def test_says_when_to_come_back(self):
        response, _ = fault_of(Problem("x", Family.BUSY, "Later."), retry_after=5)

        assert response.headers == {"Retry-After": "5"}

    def test_before_a_service_is_known_the_message_is_at_fault(self):
        response = ORACLE_2_0.write(Failure((invalid_problem("No."),)), OracleContext())

        assert text(body_of(response), ".//bm:exceptionCode", {"bm": OLD}) == "XML-ERR"


def test_dates_are_java_s():
    assert java_date(datetime(2026, 11, 1, 5, 6, 7, tzinfo=UTC)) == "Sun Nov 01 05:06:07 UTC 2026"
