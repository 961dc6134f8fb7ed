"""What cannot be a Call is refused with one sentence and Oracle's own fault, in the request's version of SOAP."""

import pytest

from records.tests.cast import table
from webservices.wire.dialects.oracle.context import OracleSettings
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.dialects.oracle.names import NAMESPACE_OF_SERVICE
from webservices.wire.dialects.oracle.tests.parts import (
    GET_PARTS,
    OLD,
    PARTS,
    asked,
    body_of,
    criterion,
    message,
    read,
    record,
    text,
)
from webservices.wire.messages import Failure, RequestError
from webservices.wire.soap.versions import SOAP_12

KEY = "<bm:part_number>A</bm:part_number>"
GOOD = message(record(KEY))
MUST = '<x:Trace xmlns:x="urn:x" soapenv:mustUnderstand="1">1</x:Trace>'
MISSPELT = '<o:DryRunn xmlns:o="urn:counterpart:options">true</o:DryRunn>'
NO_FLAG = '<o:DryRun xmlns:o="urn:counterpart:options">maybe</o:DryRun>'
ENTITY = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'

REFUSED = {
    "malformed": (GOOD.replace(b"</bm:part_number>", b""), {}, "XML-ERR", "not well-formed"),
    "nothing": (b"", {}, "XML-ERR", "no body"),
    "an empty Body": (message(""), {}, "XML-ERR", "Body is empty"),
    "a document type": (b"<!DOCTYPE a>" + GOOD, {}, "XML-ERR", "document type"),
    "an entity": (ENTITY + GOOD, {}, "XML-ERR", "document type"),
    "1,000 levels": (message(record("<bm:a>" * 1000 + "</bm:a>" * 1000)), {}, "XML-ERR", "100 levels"),
    "10,000 attributes": (
        message(record("<bm:notes " + " ".join(f"a{n}='1'" for n in range(10_000)) + "/>")),
        {},
        "XML-ERR",
        "200 attributes",
    ),
    "an unknown operation": (message(asked("burnParts", "")), {}, "XML-ERR", "getParts, addParts"),
    "an operation of another service": (message(asked("addCustomers", "")), {}, "XML-ERR", "'addCustomers' is no op"),
    "a foreign namespace": (message(asked("getParts", "", "urn:x")), {}, "XML-ERR", "namespace 'urn:x'"),
    "an action that contradicts": (
        GOOD,
        {"soapaction": '"urn:x#deleteParts"'},
        "XML-ERR",
        "SOAPAction names deleteParts",
    ),
    "an action of SOAP 1.2": (
        GOOD,
        {"content_type": 'application/soap+xml; action="deleteParts"'},
        "XML-ERR",
        "SOAPAction names deleteParts",
    ),
    "another service's address": (GOOD, {"path": "/v2_0/receiver/boats"}, "XML-ERR", "no service 'boats'"),
    "an option that is none": (message(record(KEY), MISSPELT), {}, "PARTS-ERR", "'DryRunn' is no option"),
    "an option of the wrong form": (message(record(KEY), NO_FLAG), {}, "PARTS-ERR", "DryRun is true or false"),
    "an option of HTTP of the wrong form": (GOOD, {"if_match": "new"}, "PARTS-ERR", "If-Match"),
    "no record": (message(asked("addParts", "")), {}, "XML-ERR", "addParts has no each_record"),
    "criteria in a write": (
        message(asked("addParts", criterion("notes", "", "="))),
        {},
        "XML-ERR",
        "takes each_record",
    ),
    "records in a search": (message(record(KEY, "getParts")), {}, "XML-ERR", "takes criteria"),
    "another wrapper": (
        message(f'<a:addParts xmlns:a="{PARTS}"><a:Part/></a:addParts>'),
        {},
        "XML-ERR",
        "holds Parts, not",
    ),
    "a second operation": (message(record(KEY) + record(KEY)), {}, "XML-ERR", "second operation"),
    "an unknown comparator": (
        message(asked("getParts", criterion("notes", "x", "~"))),
        {},
        "PARTS-ERR",
        "no comparator",
    ),
    "no comparator": (message(asked("getParts", criterion("notes", "x", ""))), {}, "PARTS-ERR", "'' is no comparator"),
    "no field": (message(asked("getParts", criterion("", "x", "="))), {}, "XML-ERR", "has no field"),
    "an unknown child of criteria": (
        message(asked("getParts", "<bm:criteria><bm:operator>=</bm:operator></bm:criteria>")),
        {},
        "XML-ERR",
        "field, value, comparator, not 'operator'",
    ),
    "101 criteria": (message(asked("getParts", criterion("notes", "x", "=") * 101)), {}, "PARTS-ERR", "at most 100"),
    "a removal of everything": (message(asked("deleteParts", "")), {}, "PARTS-ERR", "part_number with = or IN"),
    "a removal by a blank key": (
        message(asked("deleteParts", criterion("part_number", " ", "="))),
        {},
        "PARTS-ERR",
        "part_number with = or IN",
    ),
    "a removal by a blank list": (
        message(asked("deleteParts", criterion("part_number", " ,", "IN"))),
        {},
        "PARTS-ERR",
        "IN",
    ),
    "a removal by a pattern": (
        message(asked("deleteParts", criterion("part_number", "%", "LIKE"))),
        {},
        "PARTS-ERR",
        "part_number with = or IN",
    ),
    "a removal by blank companies": (
        message(asked("deleteParts", criterion("company_associations", "", "="))),
        {},
        "PARTS-ERR",
        "part_number with = or IN",
    ),
}


ONE = criterion("customer_number", "ACME", "=")
OF_CUSTOMER_PARTS = {
    "nothing": ("", False),
    "a customer": (ONE, False),
    "a part": (criterion("part_number", "A", "="), False),
    "a part and a number": (criterion("part_number", "A", "=") + criterion("customer_part_number", "B", "="), False),
    "a customer and a blank part": (ONE + criterion("part_number", "", "="), False),
    "a customer and a pattern": (ONE + criterion("part_number", "%", "LIKE"), False),
    "a customer and a part": (ONE + criterion("part_number", "A", "="), True),
    "a customer and its number": (ONE + criterion("customer_part_number", "A, B", "IN"), True),
    "all three": (ONE + criterion("part_number", "A", "=") + criterion("customer_part_number", "B", "="), True),
}


@pytest.mark.parametrize("criteria, enough", table(OF_CUSTOMER_PARTS))
def test_a_removal_of_customer_parts_names_the_customer_and_what(criteria, enough):
    body = asked("deleteCustomerParts", criteria, NAMESPACE_OF_SERVICE + "customerParts")
    body = body.replace("<bm:Parts>", "<bm:CustomerParts>").replace("</bm:Parts>", "</bm:CustomerParts>")
    how = {"path": "/v2_0/receiver/customerParts"}

    if enough:
        assert read(message(body), **how).criteria
    else:
        sentence = refusal(message(body), **how).problem.sentence()
        assert "customer_number and part_number or on customer_number and customer_part_number with" in sentence


@pytest.mark.parametrize("service", ["contacts", "portals", "security", "sessions"])
def test_refuses_a_service_that_version_2_0_does_not_have(service):
    refused = refusal(GOOD, path=f"/v2_0/receiver/{service}")

    assert "the services are: parts, customers, customerParts, salesOrders, users." in refused.problem.sentence()


def refusal(body, **how):
    """The refusal of a request, at once or when its records are looked at."""
    with pytest.raises(RequestError) as refused:
        list(read(body, **how).records)
    return refused.value


@pytest.mark.parametrize("body, how, code, reason", table(REFUSED))
@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_refuses(version, body, how, code, reason):
    if version == "1.2":
        how = {"content_type": "application/soap+xml", **how}
        body = body.replace(b"http://schemas.xmlsoap.org/soap/envelope/", SOAP_12.namespace.encode())

    refused = refusal(body, **how)
    response = ORACLE_2_0.write(Failure((refused.problem,), refused.operation), refused.context)

    fault = body_of(response)
    assert reason in refused.problem.sentence()
    assert fault.findtext(".//{*}exceptionCode") == code
    assert reason in fault.findtext(".//{*}exceptionMessage")
    if version == "1.1":
        assert response.status == 500
        assert response.content_type == "text/xml; charset=UTF-8"
    else:
        assert response.status == 400
        assert response.content_type == "application/soap+xml; charset=UTF-8"
        assert fault.findtext("{*}Code/{*}Value") == "soapenv:Sender"


def test_a_wrong_envelope_is_a_version_mismatch_without_detail():
    refused = refusal(b'<e:Envelope xmlns:e="urn:soap-9"><e:Body/></e:Envelope>')
    response = ORACLE_2_0.write(Failure((refused.problem,)), refused.context)

    fault = body_of(response)
    assert (response.status, fault.findtext("faultcode")) == (500, "soapenv:VersionMismatch")
    assert fault.find("detail") is None
    assert b"SupportedEnvelope" in response.body


def test_an_unknown_header_that_must_be_understood_is_a_fault_without_detail():
    refused = refusal(message(record(KEY), MUST))
    response = ORACLE_2_0.write(Failure((refused.problem,)), refused.context)

    fault = body_of(response)
    assert fault.findtext("faultcode") == "soapenv:MustUnderstand"
    assert "'Trace'" in fault.findtext("faultstring")
    assert fault.find("detail") is None


def test_the_answer_to_a_refusal_has_the_namespace_of_the_request():
    refused = refusal(message(asked("addParts", "", OLD)))
    response = ORACLE_2_0.write(Failure((refused.problem,)), refused.context)

    assert text(body_of(response), ".//bm:fault/bm:exceptionCode", {"bm": OLD}) == "XML-ERR"


def test_the_caller_is_known_before_the_first_record_is_read():
    start, end = GET_PARTS.replace(b"getParts", b"addParts").split(b"<bm:criteria>")[0], b"</bm:Parts>"
    call = read(start + b"<bm:each_record><bm:part_number>A</bm:part_number></bm:each_record>" * 5_000 + b"<" + end)

    assert call.credentials.user_name == "erp_sync"
    with pytest.raises(RequestError, match="not well-formed") as refused:
        list(call.records)
    assert refused.value.operation is call.operation


def test_a_site_may_allow_removals_without_a_key():
    body = message(asked("deleteParts", criterion("notes", "old", "=")))

    assert read(body, settings=OracleSettings(delete_needs_key=False)).criteria is not None
