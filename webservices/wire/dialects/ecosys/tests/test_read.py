"""EcoSys requests over SOAP, read as Calls."""

from base64 import b64encode

import pytest

from records.shapes.criteria import Comparator, Criterion, Scope
from records.shapes.values import EMPTY
from records.tests.cast import table
from webservices.wire.credentials import Password, SessionToken
from webservices.wire.dialects.ecosys.tests.apis import CUSTOMERS, envelope, request, soap
from webservices.wire.dialects.ecosys.tests.seed import DELETE, UPDATE
from webservices.wire.messages import LogOptions, RequestError, SessionOption
from webservices.wire.operations import Verb
from webservices.wire.soap.versions import SOAP_12

ABC = (Criterion(("province",), Comparator.EQUAL, ("ABC",)),)
READ_ONLY_FIELDS = ("city",)


class TestTheBaseText:
    def test_update(self):
        call = soap(UPDATE)

        assert call.operation is CUSTOMERS[Verb.UPDATE]
        assert call.credentials == Password("admin", "secret")
        assert call.session is SessionOption.END
        assert call.log == LogOptions("DETAIL", "UpdateSampleObject")
        assert call.scope == Scope(before=ABC, after=ABC, read_only=READ_ONLY_FIELDS)
        assert list(call.records) == [
            {"number": "Project ABC", "company": "Project ABC New Name"},
            {"number": "Project DEF", "company": "Project DEF New Name"},
        ]

    def test_delete(self):
        call = soap(DELETE)

        assert call.operation is CUSTOMERS[Verb.REMOVE]
        assert (call.credentials, call.log) == (Password("admin", "secret"), None)
        assert list(call.records) == [{"number": "Project ABC"}, {"number": "Project DEF"}]


ONE = "<SampleObject><CostObjectID>A</CostObjectID></SampleObject>"
BASIC = "Basic " + b64encode(b"bob:bob-bob!").decode()


class TestOperations:
    NAMES = {
        "Read": ("Read", Verb.FIND, ""),
        "Create": ("Create", Verb.ADD, ONE),
        "Update": ("Update", Verb.UPDATE, ONE),
        "CreateOrUpdate": ("CreateOrUpdate", Verb.PUT, ONE),
        "Delete": ("Delete", Verb.REMOVE, ONE.replace("SampleObject", "SampleObjectKey")),
    }

    @pytest.mark.parametrize("name, verb, content", table(NAMES))
    def test_are_named_by_the_child_of_the_body(self, name, verb, content):
        call = soap(request("SampleObject", name, content))

        assert call.operation.verb is verb
        assert list(call.records) == ([{"number": "A"}] if content else [])

    def test_take_qualified_children_too(self):
        body = request("SampleObject", "Create", ONE).replace(b"<S", b"<p:S").replace(b"</S", b"</p:S")

        assert list(soap(body).records) == [{"number": "A"}]

    def test_are_asked_in_soap_1_2_too(self):
        body = request("SampleObject", "Create", ONE).replace(
            b"http://schemas.xmlsoap.org/soap/envelope/", SOAP_12.namespace.encode()
        )

        assert soap(body).context.version is SOAP_12

    def test_read_is_within_the_filter_and_the_parameters(self):
        asked = soap(request("North", "Read", parameters="<sites>Oslo, Bergen</sites><filter> </filter>"), "North")

        assert asked.criteria == (
            Criterion(("territory",), Comparator.EQUAL, ("North",)),
            Criterion(("city",), Comparator.IN, ("Oslo", "Bergen")),
        )

    ACTIONS = {
        "its own": ('"UpdateSampleObject"', True),
        "blank": ('""', True),
        "another system's": ("urn:x#addParts", True),
        "another operation": ("http://ecosys.net/api/SampleObject/CreateSampleObject", False),
        "another operation's element": ('"SampleObjectDeleteRequestElement"', False),
    }

    @pytest.mark.parametrize("action, taken", table(ACTIONS))
    def test_a_soap_action_that_names_another_is_refused(self, action, taken):
        if taken:
            assert soap(UPDATE, soapaction=action).operation.verb is Verb.UPDATE
        else:
            with pytest.raises(RequestError, match="SOAPAction names"):
                soap(UPDATE, soapaction=action)


class TestCredentials:
    WHO = {
        "the address goes first": ("_username=eve&_password=e", "", BASIC, Password("eve", "e")),
        "two underscores": ("__username=eve&__password=e", "", BASIC, Password("eve", "e")),
        "then the options": ("", "", BASIC, Password("ada", "ada-ada!")),
        "then HTTP": ("", None, BASIC, Password("bob", "bob-bob!")),
        "then the cookie": ("", None, "", SessionToken("t0k3n")),
    }

    @pytest.mark.parametrize("query, options, basic, expected", table(WHO))
    def test_precedence(self, query, options, basic, expected):
        body = request("SampleObject", "Read", options=options)

        call = soap(body, query=query, authorization=basic, cookie="a=b; ECOSYSSESSION=t0k3n; c=d")

        assert call.credentials == expected

    def test_none_where_nothing_is_said(self):
        assert soap(request("SampleObject", "Read", options=None)).credentials is None


class TestOptions:
    SESSIONS = {
        "kept": ("<LogoutSession>false</LogoutSession>", SessionOption.KEEP),
        "ended": ("<LogoutSession>true</LogoutSession>", SessionOption.END),
        "none by default": ("", SessionOption.NONE),
        "blank": ("<LogoutSession/>", SessionOption.NONE),
    }

    @pytest.mark.parametrize("options, wish", table(SESSIONS))
    def test_session(self, options, wish):
        assert soap(request("SampleObject", "Read", options=options)).session is wish

    def test_a_session_that_comes_as_a_cookie_ends_by_default(self):
        call = soap(request("SampleObject", "Read", options=None), cookie="ECOSYSSESSION=t0k3n")

        assert (call.session, call.context.ends_session) == (SessionOption.END, True)

    LOGS = {
        "a level": ("<LogLevel>FAIL</LogLevel>", LogOptions("FAIL", "UpdateSampleObject")),
        "a title": ("<LogLevel>SUMMARY</LogLevel><LogTitle>Nightly</LogTitle>", LogOptions("SUMMARY", "Nightly")),
        "the input": (
            "<LogLevel>DETAIL</LogLevel><LogDebug>INPUT_DATA</LogDebug>",
            LogOptions("DETAIL", "UpdateSampleObject", input=True),
        ),
        "the input of a summary": (
            "<LogLevel>SUMMARY</LogLevel><LogDebug>INPUT_DATA</LogDebug>",
            LogOptions("SUMMARY", "UpdateSampleObject"),
        ),
        "a title alone": ("<LogTitle>Nightly</LogTitle>", None),
    }

    @pytest.mark.parametrize("options, wish", table(LOGS))
    def test_log(self, options, wish):
        assert soap(request("SampleObject", "Update", ONE, options=options)).log == wish

    def test_a_read_is_not_logged(self):
        assert soap(request("SampleObject", "Read", options="<LogLevel>DETAIL</LogLevel>")).log is None

    def test_meta_is_for_the_answer(self):
        options = "<IncludeMetaData>true</IncludeMetaData>"

        assert soap(request("SampleObject", "Read", options=options)).context.meta

    def test_of_every_door_come_in_the_header(self):
        header = '<e:Header><o:DryRun xmlns:o="urn:counterpart:options">true</o:DryRun></e:Header>'
        body = request("SampleObject", "Create", ONE).replace(b"<e:Body>", header.encode() + b"<e:Body>")

        assert soap(body).options.dry_run


class TestValues:
    def values(self, content, name="Part"):
        (record,) = soap(request(name, "Update", f"<{name}>{content}</{name}>"), name).records
        return record

    VALUES = {
        "text": ("<DisplayNumber>P100</DisplayNumber>", {"display_number": "P100"}),
        "nothing": ("<Notes/>", {"notes": EMPTY}),
        "nil is absent": (
            '<Notes xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true">x</Notes>',
            {},
        ),
        "an empty flag is absent": ("<Active> </Active>", {}),
        "a list": (
            "<CompanyAssociations>A</CompanyAssociations><CompanyAssociations>B</CompanyAssociations>",
            {"company_associations": ["A", "B"]},
        ),
        "a list of one": ("<CompanyAssociations>A</CompanyAssociations>", {"company_associations": ["A"]}),
        "the site's language": ("<Description>Pump</Description>", {"description": {"en": "Pump"}}),
        "the site's currency": ("<Price/>", {"price": {"USD": EMPTY}}),
        "an unknown column": ("<Colour>red</Colour>", {":Colour": "red"}),
        "a field that is no column": ("<id>7</id><version>1</version>", {":id": "7", ":version": "1"}),
        "a value with elements": ("<Notes><a>1</a></Notes>", {"notes": {"a": "1"}}),
        "a comment": ("<Notes>a<!-- -->b</Notes>", {"notes": "ab"}),
    }

    @pytest.mark.parametrize("content, expected", table(VALUES))
    def test_of_an_object(self, content, expected):
        assert self.values(content) == expected

    def test_of_rows(self):
        first, second = "<PartID>P</PartID><Quantity>2</Quantity>", "<PartInternalID>7</PartInternalID>"
        rows = f"<Row>{first}</Row><Row>{second}</Row>"

        assert self.values(f"<OrderID>S</OrderID><Rows>{rows}</Rows>", "SalesOrder") == {
            "number": "S",
            "rows": [{"part_number": "P", "quantity": "2"}, {"part_id": "7"}],
        }

    def test_of_rows_that_are_empty_or_cleared(self):
        assert self.values("<Rows/>", "SalesOrder") == {}
        assert self.values('<Rows clear="true"/>', "SalesOrder") == {"rows": EMPTY}

    def test_of_several_entries_of_one_map(self):
        content = "<PartID>P</PartID><Price>1</Price><Euro>2</Euro><Text>T</Text>"

        assert self.values(content, "Price.List") == {
            "number": "P",
            "price": {"USD": "1", "EUR": "2"},
            "description": {"en": "T"},
        }


LATE = "<SampleObjectOptions><Username>ada</Username></SampleObjectOptions>"
REFUSED = {
    "an unknown API": (request("Nothing", "Read"), "Nothing", "There is no API 'Nothing' here; published are Part,"),
    "an operation that is off": (
        request("ReadOnly", "Create", "<ReadOnly/>"),
        "ReadOnly",
        "Create is not enabled for the API ReadOnly; enabled are Read.",
    ),
    "an unknown operation": (request("SampleObject", "Destroy"), "SampleObject", "is no request of the API"),
    "another API's request": (request("Part", "Read"), "SampleObject", "'PartReadRequestElement' is no request"),
    "another namespace": (
        request("SampleObject", "Read").replace(b"/api/SampleObject", b"/api/Part"),
        "SampleObject",
        "in the namespace 'http://ecosys.net/api/Part'",
    ),
    "an undefined parameter": (
        request("SampleObject", "Read", parameters="<colour>red</colour>"),
        "SampleObject",
        "'colour' is no runtime parameter of SampleObject; defined are filter, sites.",
    ),
    "a parameter twice": (
        request("SampleObject", "Read", parameters="<filter>A</filter><filter>B</filter>"),
        "SampleObject",
        "The runtime parameter filter comes twice.",
    ),
    "a missing parameter": (request("Strict", "Read"), "Strict", "The runtime parameter filter of Strict is required."),
    "an unknown option": (
        request("SampleObject", "Read", options="<SystemMode>1</SystemMode>"),
        "SampleObject",
        "'SystemMode' is no option; the options are Username,",
    ),
    "a level that there is not": (
        request("SampleObject", "Update", ONE, options="<LogLevel>ALL</LogLevel>"),
        "SampleObject",
        "LogLevel is one of SUMMARY, FAIL, DETAIL, not 'ALL'.",
    ),
    "a debug that there is not": (
        request("SampleObject", "Update", ONE, options="<LogLevel>FAIL</LogLevel><LogDebug>ALL</LogDebug>"),
        "SampleObject",
        "LogDebug is INPUT_DATA, not 'ALL'.",
    ),
    "no flag": (
        request("SampleObject", "Read", options="<LogoutSession>maybe</LogoutSession>"),
        "SampleObject",
        "LogoutSession is true or false, not 'maybe'.",
    ),
    "objects of a read": (
        request("SampleObject", "Read", ONE),
        "SampleObject",
        "SampleObjectReadRequestElement takes SampleObjectOptions, SampleObjectParameters, not 'SampleObject'.",
    ),
    "options after the objects": (
        request("SampleObject", "Update", ONE, LATE),
        "SampleObject",
        "SampleObjectOptions comes before the objects",
    ),
    "objects in the place of keys": (
        request("SampleObject", "Delete", ONE),
        "SampleObject",
        "SampleObjectKey, not 'SampleObject'.",
    ),
    "no objects": (request("SampleObject", "Update"), "SampleObject", "has no SampleObject."),
    "a second operation": (envelope("<a/><b/>"), "SampleObject", "'a' is no request of the API"),
}


@pytest.mark.parametrize("body, name, sentence", table(REFUSED))
def test_refuses(body, name, sentence):
    with pytest.raises(RequestError) as refusal:
        list(soap(body, name).records)

    assert sentence in refusal.value.problem.sentence()
