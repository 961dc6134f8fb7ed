"""Where the Web Services Test page may reach."""

import pytest

from webservices.tester.errors import TesterError
from webservices.tester.send.addresses import LocalAddress, RemoteAddress, find_dialect, parse_address

PARTS = LocalAddress("/v2_0/receiver/parts")

HERE = {
    "a path": ("/v2_0/receiver/parts", PARTS),
    "this server": ("http://127.0.0.1:8000/v2_0/receiver/parts", PARTS),
    "blanks around it": ("  /v2_0/receiver/parts \n", PARTS),
    "whatever host is typed": ("https://evil.example/v2_0/receiver/parts", PARTS),
    "the address of cloud secrets": ("http://169.254.169.254/v2_0/receiver/parts", PARTS),
    "a host with a port that is not named": ("http://twin.example.evil:80/v2_0/receiver/parts", PARTS),
    "a query": ("/api/v1/parts/?number=A%26B", LocalAddress("/api/v1/parts/", "number=A%26B")),
    "a key with a slash": ("/api/v1/parts/SERVICE%2FDAY/", LocalAddress("/api/v1/parts/SERVICE%2FDAY/")),
    "a key with dots": ("/api/v1/parts/A..B/", LocalAddress("/api/v1/parts/A..B/")),
}

REFUSED = {
    "nothing": "",
    "a file": "file:///etc/passwd",
    "a file of this server by a host": "file://localhost/etc/passwd",
    "another protocol": "gopher://127.0.0.1:5432/_x",
    "a script": "javascript:alert(1)",
    "a host without a scheme": "//evil.example/v2_0/receiver/parts",
    "three slashes": "///evil.example/x",
    "no host": "http:///v2_0/receiver/parts",
    "a relative path": "v2_0/receiver/parts",
    "a user in the address": "http://twin.example@evil.example/v2_0/receiver/parts",
    "a backslash": "http://evil.example\\@twin.example/x",
    "an empty step": "/v2_0//receiver/parts",
    "a step up": "/v2_0/receiver/../../admin/",
    "a step aside": "/v2_0/./receiver/parts",
    "an encoded step up": "/v2_0/receiver/%2e%2e/%2E%2E/admin/",
    "a step up behind an encoded slash": "/api/v1/parts/..%2f..%2fadmin/",
    "a step up encoded twice": "/api/v1/parts/%252e%252e%252fadmin/",
    "an encoded backslash": "/api/v1/parts/%5c..%5cadmin/",
    "a line break": "/v2_0/receiver/parts\r\nHost: evil.example",
    "an encoded line break": "/v2_0/receiver/parts%0d%0aX: y",
    "an encoded null": "/v2_0/receiver/parts%00",
    "half an escape": "/api/v1/parts/50%/",
    "a fragment": "http://evil.example/v2_0/receiver/parts#@twin.example",
    "a port that is none": "http://twin.example:99999/x",
    "brackets that hold no address": "http://[evil]/x",
    "a very long one": "/" + "a" * 4001,
}

HOSTS = ["twin.example", "other.example:8443"]

THERE = {
    "a named host": ("https://twin.example/v2_0/receiver/parts", "twin.example"),
    "a named host in other letters": ("https://TWIN.example/x", "twin.example"),
    "a named host and port": ("https://other.example:8443/x", "other.example"),
}


@pytest.mark.parametrize("text, address", HERE.values(), ids=HERE)
def test_is_dispatched_by_path(text, address):
    assert parse_address(text, HOSTS) == address


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_is_refused(text):
    with pytest.raises(TesterError):
        parse_address(text, HOSTS)


@pytest.mark.parametrize("text, host", THERE.values(), ids=THERE)
def test_reaches_a_host_that_the_setting_names(text, host):
    address = parse_address(text, HOSTS)

    assert isinstance(address, RemoteAddress)
    assert address.host == host


def test_reaches_no_other_port_of_a_host_named_with_one():
    assert isinstance(parse_address("https://other.example/x", HOSTS), LocalAddress)


SPOKEN = {
    "/v2_0/receiver/parts/": "oracle-2.0",
    "/wsAPI/CPQAPI.asmx": "sap-cpq",
    "/wsapi/cpqapi.asmx": "sap-cpq",
    "/wsAPI/wssrv.asmx": "sap-cpq",
    "/rest/v16/parts": "oracle-rest",
    "/rest/v19/partSetups/7/prices/118540933": "oracle-rest",
    "/rest/v99/partSetups/PUMP%20100/extendedDescriptions/1/translations/2/": "oracle-rest",
    "/ecosys/api/soap/Part": "ecosys",
    "/ecosys/api/restxml/Part": "ecosys-rest-xml",
    "/ecosys/api/restxml/Part/PUMP-100": "ecosys-rest-xml",
    "/ecosys/api/restjson/CustomerPart/ACME/PUMP-100/": "ecosys-rest-json",
}


@pytest.mark.django_db
@pytest.mark.parametrize("path, name", SPOKEN.items())
def test_knows_what_is_spoken_at_every_address_to_which_callers_send(path, name):
    assert find_dialect(path).name == name


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/admin/", "/ecosys/api/", "/wsAPI/other.asmx", "/rest/v0/parts", "/v3_0/receiver/parts"]
)
def test_knows_where_nothing_is_spoken(path):
    assert find_dialect(path) is None
