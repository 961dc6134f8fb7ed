"""`GET` on a service address: its contract, or words."""

from base64 import b64encode

import pytest
from django.test import Client
from lxml import etree

from records.models import CustomField
from records.tests.cast import table

PARTS = "/v2_0/receiver/parts"


def get(query="", path=PARTS, **extra):
    return Client().get(f"{path}{query}", **extra)


def place(response):
    """Where the WSDL says that the service is."""
    return response.content.decode().partition('address location="')[2].partition('"')[0]


class TestWsdl:
    @pytest.mark.parametrize("query", ["?wsdl", "?WSDL", "?Wsdl=parts", "?a=1&wsdl", "?wsdl="])
    def test_in_any_case(self, db, query):
        response = get(query)

        assert response.status_code == 200
        assert response["Content-Type"] == "text/xml; charset=UTF-8"
        assert place(response) == "http://testserver/v2_0/receiver/parts"

    @pytest.mark.parametrize(
        "extra, trusted, address",
        table(
            {
                "another port": ({"HTTP_HOST": "localhost:9000"}, False, "http://localhost:9000"),
                "over TLS": ({"HTTP_HOST": "localhost", "wsgi.url_scheme": "https"}, False, "https://localhost"),
                "a host that is not ours": ({"HTTP_HOST": "evil.example"}, False, "http://hub.example"),
                "a host that is not ours, at our port": (
                    {"HTTP_HOST": "evil.example", "SERVER_PORT": "8000"},
                    False,
                    "http://hub.example:8000",
                ),
                "a host that is no host": ({"HTTP_HOST": "<a>"}, False, "http://hub.example"),
                "a proxy that is not trusted": (
                    {
                        "HTTP_HOST": "localhost",
                        "HTTP_X_FORWARDED_HOST": "hub.example",
                        "HTTP_X_FORWARDED_PROTO": "https",
                    },
                    False,
                    "http://localhost",
                ),
                "a proxy that is trusted": (
                    {"HTTP_HOST": "inner", "HTTP_X_FORWARDED_HOST": "hub.example", "HTTP_X_FORWARDED_PROTO": "https"},
                    True,
                    "https://hub.example",
                ),
                "a trusted proxy of a host that is not ours": (
                    {"HTTP_HOST": "inner", "HTTP_X_FORWARDED_HOST": "evil.example"},
                    True,
                    "http://hub.example",
                ),
            }
        ),
    )
    def test_names_the_address_as_the_caller_reached_it(self, db, settings, extra, trusted, address):
        settings.ALLOWED_HOSTS = ["hub.example", "localhost"]
        settings.TRUST_PROXY = settings.USE_X_FORWARDED_HOST = trusted
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if trusted else None

        assert place(get("?wsdl", **extra)) == f"{address}/v2_0/receiver/parts"

    def test_need_not_be_sent_again(self, db):
        first = get("?wsdl")

        again = get("?wsdl", HTTP_IF_NONE_MATCH=first["ETag"])

        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]

    def test_changes_with_the_custom_fields(self, db):
        before = get("?wsdl")
        CustomField.objects.create(resource="part", name="tier", label="Tier")

        after = get("?wsdl", HTTP_IF_NONE_MATCH=before["ETag"])

        assert after.status_code == 200
        assert b"tier" in after.content

    def test_to_head_only_its_headers(self, db):
        response = Client().head(f"{PARTS}?wsdl")

        assert response.content == b""
        assert int(response["Content-Length"]) > 1000

    def test_takes_one_statement(self, db, django_assert_num_queries):
        get("?wsdl")

        with django_assert_num_queries(1):
            get("?wsdl")


class TestWsdlForKnownCallersOnly:
    @pytest.fixture(autouse=True)
    def _site(self, settings):
        settings.PUBLIC_CONTRACTS = False

    def test_is_refused_to_strangers(self, db):
        response = get("?wsdl")

        assert response.status_code == 401
        assert response["WWW-Authenticate"].startswith("Basic")

    def test_is_given_with_a_password(self, bob):
        basic = "Basic " + b64encode(b"bob:bob-bob!").decode()

        assert get("?wsdl", HTTP_AUTHORIZATION=basic).status_code == 200
        assert get("?wsdl", HTTP_AUTHORIZATION=basic, REMOTE_ADDR="10.0.0.7").status_code == 403
        assert get("?wsdl", HTTP_AUTHORIZATION="Basic !").status_code == 401


OLD = "/v1_0/receiver"


class TestVersion10:
    """One address; the parameter says which service is described."""

    @pytest.mark.parametrize("service", ["security", "parts", "customers", "customerParts", "salesOrders", "users"])
    def test_describes_each_service(self, db, service):
        response = get(f"?wsdl={service}", path=OLD)

        assert response.status_code == 200
        assert place(response) == f"http://testserver{OLD}"
        assert f'name="{service[0].upper()}{service[1:]}Service"' in response.content.decode()
        assert b'targetNamespace="urn:soap.bigmachines.com"' in response.content

    @pytest.mark.parametrize("query", ["?WSDL=parts", "?wsdl=Parts", "?Wsdl=PARTS"])
    def test_in_any_case(self, db, query):
        assert get(query, path=f"{OLD}/").status_code == 200

    @pytest.mark.parametrize("query", ["?wsdl", "?wsdl=contacts", "?wsdl=sessions"])
    def test_names_those_there_are(self, db, query):
        response = get(query, path=OLD)

        assert response.status_code == 404
        assert response.content.count(b"/v1_0/receiver?wsdl=") == 6

    def test_says_where_they_are(self, db):
        response = get(path=OLD)

        assert response.status_code == 200
        assert b"http://testserver/v1_0/receiver?wsdl=security\n" in response.content

    def test_is_for_known_callers_only_where_the_site_says_so(self, db, settings):
        settings.PUBLIC_CONTRACTS = False

        assert get("?wsdl=parts", path=OLD).status_code == 401

    @pytest.mark.parametrize("path", ["/v2_0/receiver/security", "/v2_0/receiver/contacts"])
    def test_alone_has_a_security_service(self, db, path):
        assert get("?wsdl", path=path).status_code == 404


SCHEMA_ADDRESSES = {
    "of parts": ("/bmfsweb/counterpart/schema/v1_0/parts/Parts.xsd", "modifyParts"),
    "of another company": ("/bmfsweb/ge/schema/v1_0/parts/Parts.xsd", "modifyParts"),
    "in another case": ("/bmfsweb/acme/schema/v1_0/Security/security.XSD", "login"),
    "of one of our own services": ("/bmfsweb/acme/schema/v1_0/customerparts/customerparts.xsd", "getCustomerParts"),
}


class TestSchemas:
    @pytest.mark.parametrize("path, operation", table(SCHEMA_ADDRESSES))
    def test_are_at_the_addresses_that_messages_name(self, db, path, operation):
        response = Client().get(path)

        assert (response.status_code, response["Content-Type"]) == (200, "text/xml; charset=UTF-8")
        schema = etree.XMLSchema(etree.fromstring(response.content))
        assert schema is not None
        assert f'element name="{operation}"'.encode() in response.content

    def test_are_named_where_there_is_none(self, db):
        response = Client().get("/bmfsweb/acme/schema/v1_0/parts/Customers.xsd")

        assert response.status_code == 404
        assert b"/bmfsweb/counterpart/schema/v1_0/parts/Parts.xsd" in response.content

    def test_are_only_read(self, db):
        assert Client().post("/bmfsweb/acme/schema/v1_0/parts/Parts.xsd").status_code == 405


GENERIC = {"2.0": f"{PARTS}?wsdl=generic", "1.0": "/v1_0/receiver?wsdl=Generic"}


class TestGenericWsdl:
    @pytest.mark.parametrize("address", table({version: (address,) for version, address in GENERIC.items()}))
    def test_has_the_classic_fields_whatever_the_site_has_defined(self, db, address):
        CustomField.objects.create(resource="part", name="5", label="Weight", type="number", required=True)
        CustomField.objects.create(resource="part", name="tier", label="Tier")

        document = etree.fromstring(Client().get(address).content)

        elements = {
            each.get("name"): each.attrib
            for each in document.iterfind(".//{*}complexType[@name='RecordType']/{*}sequence/{*}element")
            if each.get("name").startswith("_part_")
        }
        names = sorted([*map(str, range(1, 31)), "tier"])
        assert list(elements) == [f"_part_custom_{'field' * name.isdigit()}{name}" for name in names]
        assert {(each["type"], each["minOccurs"]) for each in elements.values()} == {("bm:StringTo255", "0")}

    def test_is_not_that_of_the_site(self, db):
        assert b"_part_custom_field30" not in get("?wsdl").content


class TestWords:
    def test_say_what_this_is_and_where_the_wsdl_is(self, db):
        response = get()

        assert response.status_code == 200
        assert b"http://testserver/v2_0/receiver/parts?wsdl" in response.content

    @pytest.mark.parametrize(
        "path", ["/v2_0/receiver", "/v2_0/receiver/", "/v2_0/receiver/nothing", "/v2_0/receiver/a/parts"]
    )
    def test_name_the_services_where_there_is_none(self, db, path):
        response = get("?wsdl", path=path)

        assert response.status_code == 404
        assert b"/v2_0/receiver/parts?wsdl" in response.content

    def test_a_slash_at_the_end_is_no_matter(self, db):
        assert get("?wsdl", path=f"{PARTS}/").status_code == 200


class TestMiddleware:
    def test_asks_for_no_session_and_no_csrf_token(self, ada):
        client = Client(enforce_csrf_checks=True)

        response = client.post(PARTS, b"<a/>", content_type="text/xml")

        assert b"<faultstring>" in response.content
        assert not response.cookies
        assert "Vary" not in response

    def test_says_how_long_the_answer_is(self, db):
        response = get()

        assert int(response["Content-Length"]) == len(response.content)

    def test_leaves_the_rest_to_the_others(self, db):
        assert Client().get("/nothing/").status_code == 404
