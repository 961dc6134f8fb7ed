"""The WSDLs, the schemas of the documents, and the pages: what `GET` gives at the addresses."""

import re
from html import unescape

import pytest
from lxml import etree

from records.models import CustomField
from records.tests.cast import table
from webservices.declarations import OPERATIONS
from webservices.wire.dialects.sap.functions import ADMIN_PATH, PATH, SERVICES, functions_at
from webservices.wire.dialects.sap.names import FIELDS
from webservices.wire.dialects.sap.nodes import ALL_NODES
from webservices.wire.dialects.sap.tests.calls import (
    SEE_ME,
    add,
    custom,
    customer,
    envelope,
    named,
    result,
    root,
    search,
)
from webservices.wire.dialects.sap.tests.products import document, product
from webservices.wire.dialects.sap.wsdl import schema, wsdl

WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
DOCUMENT = etree.fromstring(wsdl("https://hub.example" + PATH, OPERATIONS))


class TestWsdl:
    def test_names_the_service_its_ports_and_its_actions(self):
        service = DOCUMENT.find(f"{WSDL}service")
        actions = {
            each.get("soapAction") for each in DOCUMENT.iterfind(f"{WSDL}binding/{WSDL}operation/*[@soapAction]")
        }

        assert (DOCUMENT.get("targetNamespace"), service.get("name")) == ("http://webcominc.com/", "CpqApi")
        assert [port.get("name") for port in service] == ["CpqApiSoap", "CpqApiSoap12"]
        assert actions == {f"http://webcominc.com/{name}" for name in ("CustomerAdministration", "doUSeeMe")}

    def test_takes_any_element_for_the_customers(self):
        parameters = DOCUMENT.find(".//{*}complexType[@name='CustomerAdministrationType']/{*}sequence")

        assert [(each.get("name"), each.get("type")) for each in parameters] == [
            ("username", "xsd:string"), ("password", "xsd:string"), ("action", "xsd:string"),
            ("xml", "tns:DocumentType"),
        ]  # fmt: skip
        mixed = DOCUMENT.find(".//{*}complexType[@name='DocumentType']")
        assert (mixed.get("mixed"), len(mixed.findall("{*}sequence/{*}any"))) == ("true", 1)

    def test_is_a_schema(self):
        etree.XMLSchema(DOCUMENT.find(".//{*}schema"))


@pytest.fixture
def valid(db):
    """Check a document against the schema that the server gives."""
    CustomField.objects.create(resource="customer", name="tier", label="Tier of sales")

    def check(client, document: str) -> bool:
        given = etree.XMLSchema(etree.fromstring(client.get(f"{PATH}?xsd").content))
        return given.validate(etree.fromstring(document))

    return check


PRODUCTS = {
    "all nodes": (document(product(**dict.fromkeys(ALL_NODES, "") | {"DisplayType": "Simple"})), True),
    "the attributes": (document("", attributes=' SkipCategoriesOnProductUpdate="1"'), True),
    "several identificators": (document(product("P", identificator="PriceCode PartNumber")), True),
    "no products": (document(), False),
    "an unknown node": (document(product(Colour="red")), False),
    "a long number": (document(product("x" * 51)), False),
    "no flag": (document(product(Obsolete="perhaps")), False),
}


@pytest.mark.parametrize("sent, is_valid", table(PRODUCTS))
def test_a_schema_describes_products(client, db, sent, is_valid):
    given = etree.XMLSchema(etree.fromstring(client.get(f"{ADMIN_PATH}?xsd").content))

    assert given.validate(etree.fromstring(sent)) is is_valid, given.error_log


DOCUMENTS = {
    "all fields": (root(customer(**dict.fromkeys(FIELDS, ""))), True),
    "flags": (root(customer(Active="True"), customer(Active="0")), True),
    "no flag": (root(customer(Active="perhaps")), False),
    "a long name": (root(customer(LastName="x" * 101)), False),
    "a long owner": (root(customer(OwnerUserName="x" * 21)), False),
    "an id that is none": (root(customer(Id="x")), False),
    "another order": (root(customer(LastName="a", FirstName="b")), False),
    "a custom field": (root(custom("tier", "x"), custom("Tier of sales", "x")), True),
    "no custom field": (root(custom("colour", "x")), False),
    "a search": (root("", search=search("EMail", custom="tier")), True),
    "a search without a priority": (root("", search="<SearchFields/>"), False),
    "a search by what is no field": (root("", search=search("Colour")), False),
    "no customers": (root(), False),
}


class TestSchema:
    @pytest.mark.parametrize("document, is_valid", table(DOCUMENTS))
    def test_describes_the_document(self, client, valid, document, is_valid):
        assert valid(client, document) is is_valid

    def test_describes_the_result(self, client, ada):
        add({"external_id": "C-7", "last_name": "Byron", "company": "Engines"})
        given = etree.XMLSchema(etree.fromstring(schema(OPERATIONS)))

        for sent in (customer(ExternalId="C-7"), customer(ExternalId="C-0", City="x")):
            given.assertValid(etree.fromstring(etree.tostring(result(client, "UPDATE", sent).root)))
        given.assertValid(etree.fromstring(etree.tostring(result(client, "ADD", named("A")).root)))


class TestAddress:
    @pytest.mark.parametrize("path", [PATH, PATH.lower(), f"{PATH}/"])
    @pytest.mark.parametrize("query", ["wsdl", "WSDL", "Wsdl=1"])
    def test_gives_the_wsdl(self, client, db, path, query):
        response = client.get(f"{path}?{query}")

        assert response["Content-Type"] == "text/xml; charset=UTF-8"
        assert b'location="http://testserver/wsAPI/CPQAPI.asmx"' in response.content

    @pytest.mark.parametrize("path, service", SERVICES.items())
    def test_lists_the_functions(self, client, db, path, service):
        response = client.get(path)

        assert response["Content-Type"].startswith("text/html")
        links = [f"{path}?op={function.name}" for function in functions_at(path)]
        for words in (*links, "doUSeeMe", f"{path}?wsdl", "ADDORUPDATE", f"<h1>{service}</h1>"):
            assert words in response.content.decode()

    @pytest.mark.parametrize(
        "path, function", [(path, function) for path in SERVICES for function in functions_at(path)], ids=str
    )
    def test_has_a_page_for_each_function_with_samples_of_both_versions(self, client, db, path, function):
        page = client.get(f"{path}?OP={function.name.upper()}").content.decode()

        samples = [unescape(each) for each in re.findall("(?s)<pre>(.*?)</pre>", page)]
        assert [sample.partition("\n")[0] for sample in samples] == [f"POST {path} HTTP/1.1", "HTTP/1.1 200 OK"] * 2
        assert [f'SOAPAction: "http://webcominc.com/{function.name}"' in sample for sample in samples] == [
            True, False, False, False,
        ]  # fmt: skip
        for sample in samples:
            message = etree.fromstring(sample.partition("\n\n")[2])
            given = etree.XMLSchema(etree.fromstring(client.get(f"{path}?wsdl").content).find(".//{*}schema"))
            given.assertValid(message[0][0])
        assert [child.text for child in etree.fromstring(samples[0].partition("\n\n")[2])[0][0]] == [
            "xml" if name == function.document else "string" for name in function.parameters
        ]

    def test_lists_the_functions_where_the_one_that_is_asked_for_is_none(self, client, db):
        assert b"<dl>" in client.get(f"{PATH}?op=SimpleProductAdministration").content

    def test_is_also_the_one_of_the_service_for_administrators(self, client, ada):
        described = client.get(f"{ADMIN_PATH}?wsdl").content
        seen = client.post(ADMIN_PATH, envelope(SEE_ME.format(user="ada#ACME", word="ada-ada!")), "text/xml")

        assert b'<wsdl:service name="WsSrv">' in described
        assert b'location="http://testserver/wsAPI/wssrv.asmx"' in described
        assert b"ICANSEEYOU" in seen.content

    def test_gives_contracts_to_known_callers_only_where_the_site_says_so(self, client, db, settings):
        settings.PUBLIC_CONTRACTS = False

        assert [client.get(f"{PATH}?{query}").status_code for query in ("wsdl", "xsd")] == [401, 401]

    def test_takes_no_other_method(self, client, db):
        assert client.put(PATH).status_code == 405
        assert client.head(PATH).content == b""
