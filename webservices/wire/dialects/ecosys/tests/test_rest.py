"""EcoSys over REST: requests read as Calls, and answers."""

import json
from dataclasses import replace

import pytest
from lxml import etree

from records.shapes.criteria import Comparator, Criterion
from records.shapes.outcomes import Outcome, Result, failed_outcome
from records.shapes.problems import Family, Problem
from records.shapes.values import EMPTY
from records.tests.cast import table
from webservices.declarations import OPERATIONS
from webservices.wire.credentials import Password
from webservices.wire.dialects.ecosys.dialect import ECOSYS_REST_JSON, ECOSYS_REST_XML
from webservices.wire.dialects.ecosys.tests.apis import CUSTOMERS, SETTINGS, rest
from webservices.wire.messages import Answer, Failure, LogOptions, RequestError, SessionOption, Timing
from webservices.wire.operations import Verb

API = "{http://ecosys.net/api/SampleObject}"
XML = b"<SampleObjectRequest><SampleObject><CostObjectID>A</CostObjectID></SampleObject></SampleObjectRequest>"
JSON = b'{"CustomerList": [{"CostObjectID": "A"}]}'


class TestMethods:
    METHODS = {
        "GET": ("GET", "", Verb.FIND),
        "HEAD": ("HEAD", "", Verb.FIND),
        "POST": ("POST", "", Verb.PUT),
        "PUT": ("PUT", "", Verb.ADD),
        "DELETE": ("DELETE", "", Verb.REMOVE),
        "PATCH": ("PATCH", "", Verb.UPDATE),
        "PATCH by override": ("POST", "_method=PATCH", Verb.UPDATE),
        "DELETE by override": ("POST", "__method=delete", Verb.REMOVE),
    }

    @pytest.mark.parametrize("method, query, verb", table(METHODS))
    @pytest.mark.parametrize("media, body", [("xml", XML), ("json", JSON)])
    @pytest.mark.parametrize("slash", ["", "/"])
    def test_say_what_is_asked(self, method, query, verb, media, body, slash):
        call = rest(method, f"SampleObject{slash}", query, body, media)

        assert call.operation.verb is verb
        if verb is not Verb.FIND:
            assert list(call.records) == [{"number": "A"}]

    def test_a_key_may_be_called_so(self):
        body = XML.replace(b"SampleObject>", b"SampleObjectKey>", 1).replace(b"</SampleObject>", b"</SampleObjectKey>")

        assert list(rest("DELETE", "SampleObject", body=body).records) == [{"number": "A"}]


class TestParameters:
    ABC = (Criterion(("province",), Comparator.EQUAL, ("ABC",)),)
    OSLO = Criterion(("city",), Comparator.IN, ("Oslo", "Bergen"))

    WAYS = {
        "by id": ("SampleObject/", "filter=ABC", ABC),
        "by their place": ("SampleObject/ABC", "", ABC),
        "by their places": ("SampleObject/ABC/Oslo,Bergen/", "", (*ABC, OSLO)),
        "both": ("SampleObject/ABC/", "sites=Oslo%2CBergen", (*ABC, OSLO)),
    }

    @pytest.mark.parametrize("path, query, criteria", table(WAYS))
    def test_come(self, path, query, criteria):
        assert rest("GET", path, query).criteria == criteria
        assert rest("POST", path, query, XML).scope.before == criteria

    SEEN = {
        "an underscore against caches": ("SampleObject/", "filter=ABC&_=1735689600000", {}),
        "no slash at the end": ("SampleObject", "filter=ABC", {}),
        "a content type of what is not sent": ("SampleObject", "filter=ABC", {"content-type": "application/json"}),
        "a name and a password": ("SampleObject", "filter=ABC&_username=ada&_password=p", {}),
    }

    @pytest.mark.parametrize("path, query, headers", table(SEEN))
    @pytest.mark.parametrize("media", ["xml", "json"])
    def test_come_as_clients_send_them(self, media, path, query, headers):
        call = rest("GET", path, query, media=media, **headers)

        assert call.criteria == self.ABC
        assert ("filter", "ABC") in call.context.query
        assert not {name for name, _ in call.context.query} & {"_", "_username", "_password"}

    LOOKUPS = {
        "its own number": ("Part", "PartID=7", True),
        "another record": ("CustomerPart", "CustomerID=7", True),
        "a part of a key": ("CustomerPart", "CustomerPartID=7", False),
        "no record": ("SampleObject", "filter=7", False),
    }

    @pytest.mark.parametrize("name, query, is_lookup", table(LOOKUPS))
    def test_that_name_a_record_may_be_its_id(self, name, query, is_lookup):
        (criterion,) = rest("GET", name, query).criteria

        assert criterion.or_id is is_lookup

    def test_options_begin_with_an_underscore(self):
        query = (
            "_username=ada&_password=p&_logoutSession=false&__includeMetaData=true&_logLevel=DETAIL"
            "&_logTitle=Nightly+load&_logDebug=INPUT_DATA"
        )

        call = rest("POST", "SampleObject", query, XML)

        assert (call.credentials, call.session) == (Password("ada", "p"), SessionOption.KEEP)
        assert call.log == LogOptions("DETAIL", "Nightly load", input=True)
        assert call.context.meta


REFUSED = {
    "an override of GET": ("GET", "SampleObject", "_method=PATCH", b"", "_method is not valid on GET."),
    "a method that there is not": ("TRACE", "SampleObject", "", b"", "TRACE means nothing here"),
    "an override to GET": ("POST", "SampleObject", "_method=GET", XML, "_method is one of POST, PUT,"),
    "an unknown option": ("GET", "SampleObject", "_systemMode=1", b"", "'_systemMode' is no option."),
    "an undefined parameter": ("GET", "SampleObject", "colour=red", b"", "defined are filter, sites."),
    "too many steps": ("GET", "SampleObject/a/b/c", "", b"", "has 2 (filter, sites)."),
    "a parameter by id and by place": ("GET", "SampleObject/a", "filter=b", b"", "filter comes twice."),
    "an unknown API": ("GET", "Nothing", "", b"", "There is no API 'Nothing' here"),
    "an operation that is off": ("DELETE", "ReadOnly", "", XML, "Delete is not enabled for the API ReadOnly"),
    "a size of nothing": ("GET", "SampleObject", "_pageSize=0", b"", "_pageSize is a whole number from 1 to 10,000"),
    "a size beyond the longest": ("GET", "SampleObject", "_pageSize=10001", b"", "not '10001'."),
    "a start without a page": ("GET", "SampleObject", "_startRow=5", b"", "go with the _pageId of a nextPage."),
    "a page that nobody gave": ("GET", "SampleObject", "_pageId=x&_count=1", b"", "is no cursor"),
    "a page of a write": ("POST", "SampleObject", "_pageSize=5", XML, "go with GET alone."),
    "no body": ("POST", "SampleObject", "", b" ", "The request has no body."),
    "another root": ("POST", "SampleObject", "", b"<PartRequest/>", "The body is a SampleObjectRequest"),
    "another object": (
        "POST", "SampleObject", "", b"<SampleObjectRequest><Part/></SampleObjectRequest>",
        "SampleObjectRequest holds SampleObject, not 'Part'.",
    ),
    "no object": ("POST", "SampleObject", "", b"<SampleObjectRequest/>", "The body has no object of SampleObject."),
}  # fmt: skip
REFUSED_JSON = {
    "no JSON": (b"<a/>", "The body is not JSON"),
    "a list": (b"[]", 'The body is an object with one list, {"CustomerList": [...]}.'),
    "another list": (b'{"PartList": []}', "The body is an object with one list"),
    "two lists": (b'{"CustomerList": [], "SampleObjectList": []}', "The body is an object with one list"),
    "no list": (b'{"CustomerList": "A"}', "The body is an object with one list"),
    "an object that is none": (b'{"CustomerList": [{}, 5]}', "Object 2 of CustomerList is no object."),
    "no object": (b'{"CustomerList": []}', "The body has no object of SampleObject."),
}


@pytest.mark.parametrize("method, path, query, body, sentence", table(REFUSED))
def test_refuses(method, path, query, body, sentence):
    with pytest.raises(RequestError) as refusal:
        list(rest(method, path, query, body).records)

    assert sentence in refusal.value.problem.sentence()


@pytest.mark.parametrize("body, sentence", table(REFUSED_JSON))
def test_refuses_in_json(body, sentence):
    with pytest.raises(RequestError) as refusal:
        list(rest("POST", "SampleObject", body=body, media="json").records)

    assert sentence in refusal.value.problem.sentence()


class TestJson:
    def test_reads_its_own_kinds_of_value(self):
        body = {
            "PartList": [
                {
                    "PartID": "P",
                    "Units": 2,
                    "Price": 12.50,
                    "Active": False,
                    "Notes": None,
                    "Attachments": [],
                    "CompanyAssociations": ["A"],
                    "Colour": "red",
                }
            ]
        }

        (record,) = rest("PUT", "Part", body=json.dumps(body).encode(), media="json").records

        assert record == {
            "number": "P",
            "units": "2",
            "price": {"USD": "12.5"},
            "active": "false",
            "notes": EMPTY,
            "attachments": EMPTY,
            "company_associations": ["A"],
            ":Colour": "red",
        }

    def test_reads_the_list_by_the_name_of_the_api_too(self):
        body = JSON.replace(b"CustomerList", b"SampleObjectList")

        assert list(rest("POST", "SampleObject", body=body, media="json").records) == [{"number": "A"}]

    def test_reads_one_where_a_list_is_meant(self):
        one = json.loads(JSON)["CustomerList"][0]
        order = {"OrderID": "S", "Rows": {"PartID": "P", "Quantity": 2}}

        assert list(rest("POST", "SampleObject", body=json.dumps({"CustomerList": one}).encode(), media="json").records)
        (record,) = rest(
            "POST", "SalesOrder", body=json.dumps({"SalesOrderList": order}).encode(), media="json"
        ).records
        assert record["rows"] == [{"part_number": "P", "quantity": "2"}]

    @pytest.mark.parametrize("count", [0, 1, 2])
    def test_writes_a_list_whatever_it_holds(self, count):
        call = rest("GET", "SampleObject", media="json")

        body = ECOSYS_REST_JSON.write(Answer(call.operation, records=({"number": "A"},) * count), call.context).body

        assert len(json.loads(body)["CustomerList"]) == count

    def test_writes_its_own_kinds_of_value(self):
        call = rest("GET", "SalesOrder", media="json")
        rows = [{"line_number": "1", "quantity": "2.5", "part_number": "P", "description": EMPTY}]
        record = {"number": "S", "subject": EMPTY, "due_date": EMPTY, "total": "10.00", "rows": rows}

        write_answer = ECOSYS_REST_JSON.write(Answer(call.operation, records=(record,)), call.context)

        (found,) = json.loads(write_answer.body)["SalesOrderList"]
        assert (found["OrderID"], found["Subject"], found["DueDate"], found["Total"]) == ("S", "", None, 10.0)
        assert b'"Total":10.00' in write_answer.body
        assert found["Rows"][0]["Quantity"] == 2.5


def write_body(media, answer, context):
    return {"xml": ECOSYS_REST_XML, "json": ECOSYS_REST_JSON}[media].write(answer, context)


class TestResults:
    @pytest.fixture
    def answer(self):
        problem = Problem("not-found", Family.NOT_FOUND, "There is no customer with {field} B.", ("number",))
        outcomes = (Outcome(Result.UPDATED, "A", 7, 2), failed_outcome("B", problem))
        return Answer(CUSTOMERS[Verb.UPDATE], outcomes, timing=Timing(0.5, 0.25, 0.125))

    def test_in_xml(self, answer):
        response = write_body("xml", answer, rest("PATCH", "SampleObject", body=XML).context)

        assert response.content_type == "application/xml; charset=UTF-8"
        assert response.body.decode().endswith(
            '<SampleObjectResult xmlns="http://ecosys.net/api/SampleObject" successFlag="true">'
            '<ObjectResult index="0" successFlag="true" internalId="7" externalId="A"/>'
            '<ObjectResult index="1" successFlag="false" internalId="" externalId="B">'
            '<ResultMessage Level="FAILURE" ReasonCode="ESRC_OBJECT_NOT_FOUND_BY_KEY">'
            "<KeyName>Cost Object ID &quot;B&quot;</KeyName>"
            "<Message>There is no customer with CostObjectID B.</Message></ResultMessage></ObjectResult>"
            "</SampleObjectResult>"
        )

    def test_in_json(self, answer):
        context = rest("PATCH", "SampleObject", "_includeMetaData=true", JSON, "json").context

        assert json.loads(write_body("json", answer, context).body) == {
            "Result": {
                "successFlag": True,
                "ObjectResult": [
                    {"index": 0, "successFlag": True, "internalId": "7", "externalId": "A"},
                    {
                        "index": 1,
                        "successFlag": False,
                        "internalId": "",
                        "externalId": "B",
                        "ResultMessage": [
                            {
                                "Level": "FAILURE",
                                "ReasonCode": "ESRC_OBJECT_NOT_FOUND_BY_KEY",
                                "KeyName": 'Cost Object ID "B"',
                                "Message": "There is no customer with CostObjectID B.",
                            }
                        ],
                    },
                ],
                "Meta": {"ObjectCount": 2, "AttributeCount": 3},
                "Performance": {"ElapsedSeconds": "0.500", "CpuSeconds": "0.250", "DbSeconds": "0.125"},
            }
        }

    STATUSES = {
        Family.MALFORMED: 400,
        Family.MISSING: 400,
        Family.UNAUTHENTICATED: 401,
        Family.FORBIDDEN: 403,
        Family.UNKNOWN_OPERATION: 403,
        Family.TOO_LARGE: 413,
        Family.INTERNAL: 500,
        Family.BUSY: 503,
    }

    @pytest.mark.parametrize("family, status", STATUSES.items())
    @pytest.mark.parametrize("setting", [None, 200])
    @pytest.mark.parametrize("media", ["xml", "json"])
    def test_a_call_that_fails_has_a_status_and_a_sentence(self, media, setting, family, status):
        failure = Failure((Problem("x", family, "This is why."),))
        context = replace(rest("GET", "SampleObject", media=media).context, error_status=setting)

        write_answer = write_body(media, failure, context)

        assert write_answer.status == (401 if status == 401 else setting or status)
        assert ("WWW-Authenticate" in write_answer.headers) is (status == 401)
        if media == "json":
            assert json.loads(write_answer.body) == {
                "Result": {"successFlag": False}, "SampleObjectError": "This is why.",
            }  # fmt: skip
        else:
            root = etree.fromstring(write_answer.body)
            assert (root.tag, root.get("successFlag")) == (f"{API}SampleObjectResult", "false")
            assert [(each.tag, each.text) for each in root] == [(f"{API}SampleObjectError", "This is why.")]

    NAMES = {"a name": ("Nothing", "Nothing"), "no name": ("1%3Ca%3E", ""), "a long one": ("N" * 81, "")}

    @pytest.mark.parametrize("asked, name", table(NAMES))
    @pytest.mark.parametrize("media", ["xml", "json"])
    def test_an_unknown_api_is_404_under_the_name_that_was_asked_for(self, media, asked, name):
        with pytest.raises(RequestError) as refusal:
            rest("GET", f"{asked}/", media=media)

        response = write_body(media, Failure((refusal.value.problem,)), refusal.value.context)
        assert response.status == 404
        if media == "json":
            assert f"{name}Error" in json.loads(response.body)
        else:
            root = etree.fromstring(response.body)
            assert etree.QName(root).localname == f"{name}Result"
            assert etree.QName(root[0]).localname == f"{name}Error"


class TestPages:
    QUERY = "filter=ABC&_pageSize=2&_username=ada&_password=s3cret"

    def page(self, media, cut=True, query=QUERY):
        call = rest("GET", "SampleObject/", query, media=media)
        assert call.limit == 2
        records = ({"number": "A"}, {"number": "B & Co"})
        return call, write_body(media, Answer(call.operation, records=records, cut=cut), call.context).body

    def next_page(self, media, body):
        if media == "json":
            return json.loads(body).get("nextPage")
        return etree.fromstring(body).findtext("{*}nextPage")

    @pytest.mark.parametrize("media", ["xml", "json"])
    def test_go_on_where_the_last_one_ended(self, media):
        _, body = self.page(media)

        address = self.next_page(media, body)
        path, _, query = address.removeprefix("https://hub.example").partition("?")
        assert address.startswith(f"https://hub.example/ecosys/api/rest{media}/SampleObject/?filter=ABC&_pageId=")
        assert query.endswith("&_startRow=3&_count=2")
        assert "s3cret" not in address
        follows = rest("GET", path.removeprefix(f"/ecosys/api/rest{media}/"), query, media=media)
        assert (follows.after, follows.limit) == (("B & Co",), 2)
        again = write_body(media, Answer(follows.operation, records=({"number": "C"},), cut=True), follows.context).body
        assert "_startRow=4&_count=2" in self.next_page(media, again)

    @pytest.mark.parametrize("media", ["xml", "json"])
    def test_end_with_the_last_one(self, media):
        assert self.next_page(media, self.page(media, cut=False)[1]) is None

    def test_are_cdata(self):
        assert b"<nextPage><![CDATA[https://hub.example" in self.page("xml")[1]

    @pytest.mark.parametrize("dialect", [ECOSYS_REST_XML, ECOSYS_REST_JSON], ids=lambda each: each.name)
    def test_are_asked_as_they_are_read(self, dialect):
        media = dialect.media
        _, body = self.page(media)
        query = self.next_page(media, body).partition("?")[2]
        follows = rest("GET", "SampleObject/", query, media=media)

        asked = dialect.build_request(follows, follows.context)

        again = dialect.read(replace(asked, address="https://hub.example"), OPERATIONS, SETTINGS)
        assert again == follows
        assert again.context.start_row == follows.context.start_row == 3
