"""
The addresses that answers and contracts name are usable by who got them: scheme, host and port as the caller came.
"""

import json
import re
from urllib.parse import urlsplit

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from config.front import build_front
from customers.services import CUSTOMERS
from records.tests.cast import ADA, NOW, table
from webservices.tests.ecosys import REST_JSON, REST_XML, publish_sample
from webservices.views.environ import is_private, settle_forwarded_host
from webservices.views.tests.front.test_front import build_environ
from webservices.wire.messages import WireRequest

BASIC = {"authorization": "Basic YWRhOmFkYS1hZGEh"}
HUB = "hub.example"
CAME = {
    "as typed": ({"HTTP_HOST": HUB}, False, f"http://{HUB}"),
    "at a port": ({"HTTP_HOST": f"{HUB}:8443", "wsgi.url_scheme": "https"}, False, f"https://{HUB}:8443"),
    "through a proxy that nobody trusts": (
        {"HTTP_HOST": HUB, "HTTP_X_FORWARDED_HOST": "other.example", "HTTP_X_FORWARDED_PORT": "1"},
        False,
        f"http://{HUB}",
    ),
    "through a proxy": (
        {"HTTP_HOST": "inner:8000", "HTTP_X_FORWARDED_HOST": HUB, "HTTP_X_FORWARDED_PROTO": "https"},
        True,
        f"https://{HUB}",
    ),
    "through a proxy at a port": (
        {"HTTP_HOST": "inner", "HTTP_X_FORWARDED_HOST": f"{HUB}:8443", "HTTP_X_FORWARDED_PROTO": "https"},
        True,
        f"https://{HUB}:8443",
    ),
    "through a proxy that names the port apart": (
        {"HTTP_HOST": "i", "HTTP_X_FORWARDED_HOST": HUB, "HTTP_X_FORWARDED_PORT": "8443"},
        True,
        f"http://{HUB}:8443",
    ),
    "through a proxy that passes the host without its port": (
        {"HTTP_HOST": HUB, "HTTP_X_FORWARDED_PORT": "8443", "HTTP_X_FORWARDED_PROTO": "https"},
        True,
        f"https://{HUB}:8443",
    ),
    "through a proxy that names the port twice": (
        {"HTTP_HOST": f"{HUB}:8443", "HTTP_X_FORWARDED_PORT": "9000", "HTTP_X_FORWARDED_PROTO": "https"},
        True,
        f"https://{HUB}:8443",
    ),
    "through a proxy that names its inner port": (
        {"HTTP_HOST": HUB, "HTTP_X_FORWARDED_PORT": "80", "HTTP_X_FORWARDED_PROTO": "https"},
        True,
        f"https://{HUB}",
    ),
    "through several proxies": (
        {
            "HTTP_HOST": "inner",
            "HTTP_X_FORWARDED_HOST": f"{HUB}, middle.example",
            "HTTP_X_FORWARDED_PORT": "8443, 80",
            "HTTP_X_FORWARDED_PROTO": "https, http",
        },
        True,
        f"https://{HUB}:8443",
    ),
    "to a host of nobody": ({"HTTP_HOST": "evil.example"}, False, f"http://{HUB}"),
    "through a proxy to a host of nobody": (
        {"HTTP_HOST": HUB, "HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PORT": "1"}, True, f"http://{HUB}"
    ),
}  # fmt: skip
every_way = pytest.mark.parametrize("came, trusted, address", table(CAME))


@pytest.fixture
def site(ada, settings, monkeypatch):
    """A site of one host, with three customers, which an API of EcoSys gives."""
    publish_sample()
    records = [{"number": number, "last_name": number} for number in "ABC"]
    assert not [each for each in CUSTOMERS.add(records=records, by=ADA, at=NOW) if each.failed]
    settings.ALLOWED_HOSTS, settings.ALLOW_CLEAR_PASSWORDS = [HUB], True
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)

    def trust(trusted):
        settings.TRUST_PROXY = settings.USE_X_FORWARDED_HOST = trusted
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if trusted else None

    return trust


def ask(path, came, method="GET", body=b"", **headers):
    """Return headers and body of the front's answer, Django's included."""
    path, _, query = path.partition("?")
    request = WireRequest(method, path, body, {**BASIC, **headers}, query)
    started = []
    answer = build_front(WSGIHandler())(build_environ(request, **came), lambda *each: started.append(each))
    text = b"".join(answer).decode()
    answer.close()
    assert started[0][0].startswith("20"), text
    return dict(started[0][1]), text


# Where an answer names an address of the server, and how the rest of it begins.
NAMES = {
    "nextPage in JSON": (f"{REST_JSON}SampleObject/?_pageSize=2", f"{REST_JSON}SampleObject/?_pageId="),
    "nextPage in XML": (f"{REST_XML}SampleObject/?_pageSize=2", f"{REST_XML}SampleObject/?_pageId="),
    "the WSDL of EcoSys": ("/ecosys/api/soap/SampleObject?wsdl", "/ecosys/api/soap/SampleObject"),
    "words about EcoSys": ("/ecosys/api/soap/SampleObject", "/ecosys/api/restxml/SampleObject/?xsd"),
    "the WSDL of Oracle": ("/v2_0/receiver/parts?wsdl", "/v2_0/receiver/parts"),
    "the WSDL of Oracle 1.0": ("/v1_0/receiver?wsdl=parts", "/v1_0/receiver"),
    "the WSDL of SAP": ("/wsAPI/CPQAPI.asmx?wsdl", "/wsAPI/CPQAPI.asmx"),
    "the WSDL of CRM-service": (
        "/CrmIntegrationWebservice/service.php?class=contactManager&wsdl",
        "/CrmIntegrationWebservice/service.php?class=contactManager",
    ),
}


@every_way
def test_every_answer_names_the_address_by_which_the_caller_came(site, came, trusted, address):
    site(trusted)
    missing = {}

    for name, (path, rest) in NAMES.items():
        text = ask(path, came)[1].replace("&amp;", "&")
        if f"{address}{rest}" not in text:
            missing[name] = re.findall(r"https?://[^\s<\"]*" + re.escape(rest), text)

    assert missing == {}


@every_way
def test_next_page_is_followed_as_it_is(site, came, trusted, address):
    site(trusted)
    following = json.loads(ask(f"{REST_JSON}SampleObject/?_pageSize=2", came)[1])["nextPage"]
    split = urlsplit(following)
    last = json.loads(ask(f"{split.path}?{split.query}", came)[1])

    assert f"{split.scheme}://{split.netloc}" == address
    assert [each["CostObjectID"] for each in last["CustomerList"]] == ["C"]
    assert "nextPage" not in last


KNOWN = {name: row for name, row in CAME.items() if "of nobody" not in name}


@pytest.mark.parametrize("came, trusted, address", table(KNOWN))
def test_rest_names_it_too(site, came, trusted, address):
    """Hosts that are not allowed get no answer: Django refuses them, for REST is also for browsers."""
    site(trusted)
    page = json.loads(ask("/api/v1/customers/?limit=2", came)[1])
    made, _ = ask("/api/v1/customers/", came, "POST", b'{"number": "D"}', **{"content-type": "application/json"})
    root = json.loads(ask("/api/v1/", came, accept="application/json")[1])

    assert page["next"].startswith(f"{address}/api/v1/customers/?limit=2&cursor=")
    assert made["Location"] == f"{address}/api/v1/customers/D/"
    assert root["parts"] == f"{address}/api/v1/parts/"


def test_a_host_is_settled_once(settings):
    settings.TRUST_PROXY = True
    environ = {"HTTP_HOST": HUB, "HTTP_X_FORWARDED_PORT": "8443"}

    for _ in range(2):
        settle_forwarded_host(environ)

    assert environ["HTTP_X_FORWARDED_HOST"] == f"{HUB}:8443"


def test_who_came_without_a_proxy_stays_a_caller_of_this_machine(settings):
    settings.TRUST_PROXY = True
    environ = {"HTTP_HOST": HUB, "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http"}

    settle_forwarded_host(environ)

    assert is_private(environ)
    assert "HTTP_X_FORWARDED_HOST" not in environ


NO_PORT = {"[::1]": "[::1]:8443", "[::1]:9000": "[::1]:9000", "a:": "a:"}


@pytest.mark.parametrize("host, settled", NO_PORT.items())
def test_a_host_may_be_an_address(settings, host, settled):
    settings.TRUST_PROXY = True
    environ = {"HTTP_X_FORWARDED_HOST": host, "HTTP_X_FORWARDED_PORT": "8443"}

    settle_forwarded_host(environ)

    assert environ["HTTP_X_FORWARDED_HOST"] == settled
