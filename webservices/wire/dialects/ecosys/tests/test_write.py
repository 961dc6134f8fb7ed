"""EcoSys answers over SOAP."""

import pytest
from lxml import etree

from records.shapes.outcomes import Outcome, Result, failed_outcome
from records.shapes.problems import Family, Problem, missing_problem
from records.tests.cast import table
from webservices.declarations import OPERATIONS
from webservices.wire.contracts.examples import stored_example
from webservices.wire.contracts.pretty import schema_file
from webservices.wire.dialects.ecosys.codes import FAMILIES
from webservices.wire.dialects.ecosys.context import SoapContext
from webservices.wire.dialects.ecosys.dialect import ECOSYS
from webservices.wire.dialects.ecosys.names import DEFAULT_APIS_BY_PLURAL
from webservices.wire.dialects.ecosys.tests.apis import CUSTOMERS, SAMPLE, soap
from webservices.wire.dialects.ecosys.tests.seed import RESPONSE, UPDATE
from webservices.wire.dialects.ecosys.wsdl import wsdl
from webservices.wire.messages import Answer, Failure, Timing
from webservices.wire.operations import Verb
from webservices.wire.soap.versions import SOAP_11, SOAP_12

NOT_FOUND = Problem("not-found", Family.NOT_FOUND, "There is no customer with {field} B.", ("number",))


def shape(body):
    """Local names and attributes of all that is inside the Body, in their order."""
    inside = etree.fromstring(body)[-1][0]
    return [(etree.QName(each).localname, list(each.attrib)) for each in inside.iter(etree.Element)]


def write_answer(verb, *outcomes, context=None, **more):
    return ECOSYS.write(Answer(CUSTOMERS[verb], outcomes, **more), context or SoapContext(SAMPLE))


class TestWrites:
    def test_have_the_shape_of_the_base_text(self):
        context = soap(UPDATE).context
        outcomes = (Outcome(Result.UPDATED, "Project ABC", 53377, 2), failed_outcome("Project DEF", NOT_FOUND))

        response = write_answer(Verb.UPDATE, *outcomes, context=context)

        assert (response.status, response.content_type) == (200, "text/xml; charset=UTF-8")
        assert shape(response.body) == RESPONSE
        root = etree.fromstring(response.body)[-1][0]
        assert root.tag == "{http://ecosys.net/api/SampleObject}SampleObjectWriteResponseElement"
        assert [each.tag for each in root.iterdescendants()] == [name for name, _ in RESPONSE[1:]]
        assert dict(root[0].attrib) == {
            "index": "0", "successFlag": "true", "internalId": "53377", "externalId": "Project ABC",
        }  # fmt: skip
        assert dict(root[1].attrib) == {
            "index": "1", "successFlag": "false", "internalId": "", "externalId": "Project DEF",
        }  # fmt: skip
        assert dict(root[1][0].attrib) == {"level": "FAILURE", "reasonCode": "ESRC_OBJECT_NOT_FOUND_BY_KEY"}
        assert [each.text for each in root[1][0]] == ["Project DEF", "There is no customer with CostObjectID B."]

    def test_all_of_which_failed_are_no_fault(self):
        assert write_answer(Verb.ADD, failed_outcome("A", missing_problem(("number",)))).status == 200

    def test_of_what_is_in_use_succeed_with_a_warning(self):
        body = write_answer(Verb.REMOVE, Outcome(Result.INACTIVATED, "A", 7, 2)).body.decode()

        assert '<ObjectResult index="0" successFlag="true" internalId="7" externalId="A"><ResultMessage' in body
        assert 'level="WARNING"><KeyName>A</KeyName><Message>A is in use: it was not deleted but made' in body

    def test_that_are_not_kept_say_so(self):
        assert b"Dry run: nothing was kept." in write_answer(Verb.ADD, Outcome(Result.CREATED, "A"), dry=True).body

    def test_have_a_message_for_each_problem(self):
        two = failed_outcome("A", missing_problem(("company",)), NOT_FOUND)

        assert [name for name, _ in shape(write_answer(Verb.UPDATE, two).body)].count("ResultMessage") == 2

    SENTENCES = {
        "a column": (missing_problem(("company",)), "CostObjectName is required."),
        "an unknown column": (
            Problem("unknown-field", Family.INVALID, "{field}", (":CostObjectNam",), hint="CostObjectName"),
            "CostObjectNam is not a column here. Did you mean CostObjectName?",
        ),
        "an unknown column like none": (
            Problem("unknown-field", Family.INVALID, "{field}", (":zzzzzz",)),
            "zzzzzz is not a column here.",
        ),
        "a field that is no column": (missing_problem(("owner",)), "Owner is required."),
    }

    @pytest.mark.parametrize("problem, sentence", table(SENTENCES))
    def test_name_the_column(self, problem, sentence):
        message = etree.fromstring(write_answer(Verb.UPDATE, failed_outcome("A", problem)).body).findtext(".//Message")

        assert message == sentence

    def test_name_the_row_and_its_column(self):
        problem = Problem("unknown-field", Family.INVALID, "{field}", ("rows", 1, ":Quantiti"), hint="Quantity")
        outcomes = (failed_outcome("S", problem), failed_outcome("S", missing_problem(("rows", 0, "quantity"))))
        answer = Answer(OPERATIONS.get("sales_orders", Verb.ADD), outcomes)

        body = ECOSYS.write(answer, SoapContext(DEFAULT_APIS_BY_PLURAL["sales_orders"])).body.decode()

        assert "Rows[2].Quantiti is not a column here. Did you mean Quantity?" in body
        assert "Rows[1].Quantity is required." in body

    @pytest.mark.parametrize("family", [each for each in Family if FAMILIES[each].status == 400])
    def test_have_one_of_the_seven_reason_codes(self, family):
        body = write_answer(Verb.UPDATE, failed_outcome("A", Problem("x", family, "Why."))).body

        assert f'reasonCode="{FAMILIES[family].reason}"'.encode() in body

    @pytest.mark.parametrize("verb", [Verb.ADD, Verb.PUT])
    def test_of_what_is_there_but_out_of_sight_are_disallowed_by_the_filter(self, verb):
        body = write_answer(verb, failed_outcome("B", NOT_FOUND)).body.decode()

        assert 'reasonCode="ESRC_DISALLOWED_BY_FILTER"' in body
        assert "Customer is known, but outside of what this call may see and write." in body


class TestMeta:
    def test_comes_when_it_is_asked_for(self):
        context = SoapContext(SAMPLE, meta=True)
        timing = Timing(0.0312, 0.02, 0.0049)

        body = write_answer(Verb.ADD, Outcome(Result.CREATED, "A", 7, 1), context=context, timing=timing).body.decode()

        assert "<Meta><ObjectCount>1</ObjectCount><AttributeCount>3</AttributeCount></Meta><ObjectResult" in body
        assert (
            "<Performance><ElapsedSeconds>0.031</ElapsedSeconds><CpuSeconds>0.020</CpuSeconds>"
            "<DbSeconds>0.005</DbSeconds></Performance></ns1:SampleObjectWriteResponseElement>"
        ) in body

    def test_leaves_out_a_time_that_was_not_taken(self):
        assert b"Performance" not in write_answer(Verb.ADD, context=SoapContext(SAMPLE, meta=True)).body

    def test_stays_away_otherwise(self):
        assert b"Meta" not in write_answer(Verb.ADD, timing=Timing(1, 1, 1)).body


class TestReads:
    def test_give_every_column_and_nothing_else(self):
        record = {"number": "A", "company": "B & C", "city": "", "owner": "ada", "id": "7"}

        body = write_answer(Verb.FIND, records=(record,)).body.decode()

        assert (
            "<SampleObject><CostObjectID>A</CostObjectID><CostObjectName>B &amp; C</CostObjectName><Site/>"
            "</SampleObject></ns1:SampleObjectReadResponseElement>"
        ) in body


class TestCookie:
    def cookie(self, **more):
        given = {name: more.pop(name) for name in ("session",) if name in more}
        return write_answer(Verb.FIND, context=SoapContext(SAMPLE, **more), **given).headers.get("Set-Cookie")

    def test_keeps_a_session(self):
        kept = "ECOSYSSESSION=t0k3n; Path=/ecosys; HttpOnly; SameSite=Lax"

        assert self.cookie(session="t0k3n") == kept
        assert self.cookie(session="t0k3n", secure=True) == f"{kept}; Secure"

    def test_is_let_go_with_its_session(self):
        assert self.cookie(ends_session=True) == "ECOSYSSESSION=; Path=/ecosys; HttpOnly; SameSite=Lax; Max-Age=0"

    def test_is_not_set_otherwise(self):
        assert self.cookie() is None


class TestFaults:
    def fault(self, family, version=SOAP_11, code="x"):
        failure = Failure((Problem(code, family, "This is why."),), retry_after=1)
        return ECOSYS.write(failure, SoapContext(SAMPLE, version=version))

    FAULTS = {
        "the caller's": (Family.MALFORMED, SOAP_11, 500, b"<faultcode>soapenv:Client</faultcode>"),
        "the server's": (Family.INTERNAL, SOAP_11, 500, b"<faultcode>soapenv:Server</faultcode>"),
        "who is not let in": (Family.UNAUTHENTICATED, SOAP_11, 401, b"<faultcode>soapenv:Client</faultcode>"),
        "the caller's in 1.2": (Family.MALFORMED, SOAP_12, 400, b"<soapenv:Value>soapenv:Sender</soapenv:Value>"),
        "the server's in 1.2": (Family.INTERNAL, SOAP_12, 500, b"<soapenv:Value>soapenv:Receiver</soapenv:Value>"),
    }

    @pytest.mark.parametrize("family, version, status, code", table(FAULTS))
    def test_say_whose_they_are(self, family, version, status, code):
        response = self.fault(family, version)

        assert response.status == status
        assert code in response.body
        assert b"This is why." in response.body
        assert ("WWW-Authenticate" in response.headers) is (status == 401)
        assert response.headers["Retry-After"] == "1"

    @pytest.mark.parametrize("version, status", [(SOAP_11, 500), (SOAP_12, 400)])
    def test_of_credentials_that_the_message_had_are_no_challenge(self, version, status):
        failure = Failure((Problem("x", Family.UNAUTHENTICATED, "This is why."),))

        response = ECOSYS.write(failure, SoapContext(SAMPLE, version=version, challenges=False))

        assert (response.status, "WWW-Authenticate" in response.headers) == (status, False)


@pytest.mark.parametrize("plural, api", DEFAULT_APIS_BY_PLURAL.items())
def test_answers_are_valid_against_the_wsdl(plural, api):
    context = SoapContext(api, meta=True)
    schema = etree.XMLSchema(etree.fromstring(schema_file(wsdl(context, "https://hub.example/", OPERATIONS))))
    outcomes = (
        Outcome(Result.CREATED, "A", 7, 1),
        failed_outcome("B", NOT_FOUND),
        Outcome(Result.INACTIVATED, "C", 8, 2),
    )
    find, add = OPERATIONS.get(plural, Verb.FIND), OPERATIONS.get(plural, Verb.ADD)
    timing = Timing(1, 1, 1)

    for answer in (
        Answer(add, outcomes, timing=timing),
        Answer(find, records=(stored_example(find.resource),), timing=timing),
        Answer(find),
    ):
        content = etree.fromstring(ECOSYS.write(answer, context).body)[-1][0]
        schema.assertValid(etree.fromstring(etree.tostring(content)))
