"""Collections out of files of Postman and SoapUI."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from records.tests.cast import table
from webservices.tester.collections.files import remove_secrets
from webservices.tester.collections.imports import import_file
from webservices.tester.errors import TesterError
from webservices.tester.models import Collection

pytestmark = pytest.mark.django_db
INFO = {"name": "Theirs", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}
TOKEN = "<w:UsernameToken><w:Username>ada</w:Username><w:Password>hunter2</w:Password></w:UsernameToken>"
SOAPUI = """<?xml version="1.0" encoding="UTF-8"?>
<con:soapui-project name="Theirs" xmlns:con="http://eviware.com/soapui/config">
  <con:interface name="PartsBinding" soapVersion="1_1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
    <con:endpoints><con:endpoint>https://cpq.example/v2_0/receiver/parts</con:endpoint></con:endpoints>
    <con:operation name="getParts"><con:call name="Request 1">
      <con:endpoint>https://cpq.example/v2_0/receiver/parts</con:endpoint>
      <con:request><![CDATA[<a xmlns:w="urn:w">%s${number}</a>]]></con:request>
    </con:call></con:operation>
  </con:interface>
  <con:testSuite name="S"><con:testCase name="C">
    <con:testStep type="request" name="gets a part"><con:config><con:operation>getParts</con:operation>
      <con:request name="gets a part"><con:endpoint>https://cpq.example/v2_0/receiver/parts</con:endpoint>
        <con:request>&lt;b>${#Project#number}&lt;/b></con:request></con:request></con:config></con:testStep>
  </con:testCase></con:testSuite>
  <con:properties><con:property><con:name>number</con:name><con:value>P-1</con:value></con:property></con:properties>
</con:soapui-project>"""


def postman(*items, **more):
    return json.dumps({"info": INFO, "item": items, **more}).encode()


def test_postmans_folders_forms_and_variables():
    folder = {
        "name": "Parts",
        "item": [
            {"name": "all", "request": "https://cpq.example/api/v1/parts/"},
            {
                "name": "form",
                "request": {
                    "method": "post",
                    "url": {"raw": "{{baseUrl}}/api/v1/parts/?units=1"},
                    "header": [
                        {"key": "Authorization", "value": "Basic never"},
                        {"key": "X-All-Or-None", "value": "true"},
                        {"key": "X-Off", "value": "1", "disabled": True},
                    ],
                    "body": {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "b c"}]},
                },
            },
        ],
    }
    found = import_file(
        postman(folder, folder, variable=[{"key": "n", "value": "1"}, {"key": "base-url", "value": "x"}])
    )

    assert [call.name for call in found.calls] == ["Parts / all", "Parts / form", "Parts / all 2", "Parts / form 2"]
    form = found.calls[1]
    assert (form.method, form.target, form.body) == ("POST", "/api/v1/parts/?units=1", "a=b+c")
    assert form.headers == {"content-type": "application/x-www-form-urlencoded", "x-all-or-none": "true"}
    assert found.values == {"n": "1"}


def test_soapuis_interfaces_and_steps_without_their_passwords():
    found = import_file((SOAPUI % TOKEN).encode())

    first, second = map(remove_secrets, found.calls)
    assert [call.name for call in found.calls] == ["Request 1", "gets a part"]
    assert (first.method, first.target, first.dialect) == ("POST", "/v2_0/receiver/parts", "oracle-2.0")
    assert first.headers == {"content-type": "text/xml; charset=UTF-8"}
    assert first.body == f'<a xmlns:w="urn:w">{TOKEN.replace("hunter2", "")}{{{{number}}}}</a>'
    assert second.body == "<b>{{number}}</b>"
    assert found.values == {"number": "P-1"}


WRONG = {
    "no request": (postman(), "The file has 0 requests; a collection has 1 to 1,000."),
    "another method": (postman({"name": "a", "request": {"method": "TRACE", "url": "/x"}}), "'a': A method is one of"),
    "a NUL": (postman({"name": "a", "request": "/x\x00"}), "holds a NUL"),
    "another XML": (b"<a/>", "no project of SoapUI"),
    "no XML": (b"<a", "no project of SoapUI"),
    "a document type": (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "no project of SoapUI"),
    "neither": (b"[]", "no collection of this hub"),
}


@pytest.mark.parametrize("file, sentence", table(WRONG))
def test_a_file_that_is_none_says_why(file, sentence):
    with pytest.raises(TesterError, match=r"\.$") as refused:
        import_file(file)

    assert sentence in str(refused.value)


def test_is_read_on_the_page(client, ada):
    client.force_login(ada)
    file = SimpleUploadedFile("theirs.xml", (SOAPUI % TOKEN).encode())

    client.post("/admin/webservices/collections/", {"do": "import", "file": file})

    calls = Collection.objects.get().calls.all()
    assert len(calls) == 2
    assert not [call for call in calls if "hunter2" in call.body]
