"""The headers of every answer, by what it is; and what becomes of plain HTTP where a site is reached over TLS."""

import re
from urllib.parse import quote, unquote

import pytest
from django.contrib.auth.models import User
from django.test import Client

from config.headers import ADMIN, CSP, EVERYWHERE, MESSAGE, PAGE, SCRIPTS, XML, format_policy
from records.models import Change
from webservices.access.verification import NOT_OVER_TLS
from webservices.models import Exchange
from webservices.tests.test_idempotency import superuser
from webservices.views.tests.test_hostile import PARAMETERS, Wire, list_addresses
from webservices.wire.dialects.registry import DIALECTS

HSTS = "Strict-Transport-Security"
HEALTH = ["/healthz", "/readyz"]
STATIC = [
    "/static/webservices/home.css",
    "/static/unfold/js/app.js",
    "/static/unfold/fonts/inter/styles.css",
    "/static/0",
]
POLICIES = {"/admin/": ADMIN, "/api/v1/": SCRIPTS, "/help/": SCRIPTS, "/": PAGE}
STRANGER = "10.0.0.7"


@pytest.fixture
def tls(settings):
    """The settings of a site that is reached over TLS."""
    settings.HTTPS, settings.TRUST_PROXY = True, True
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 3600, True


def find_faults(address, response, *, secure):
    """Return the headers that an answer has, where the table wants others."""
    own_sheets = r"(style-src 'self')( '(sha256|nonce)-[^']*')*"
    hsts = "max-age=3600; includeSubDomains" if secure else None
    wanted = {**EVERYWHERE, HSTS: hsts, "Server": None, "X-Powered-By": None}
    found = dict.fromkeys(wanted) | dict(response.items())
    found[CSP] = re.sub(own_sheets, r"\1", found.get(CSP, ""))
    is_page = found.get("Content-Type", "").startswith("text/html")
    policy = next(policy for prefix, policy in POLICIES.items() if address.startswith(prefix))
    is_xml = "xml" in found.get("Content-Type", "")
    wanted[CSP] = format_policy(policy if is_page else XML if is_xml else MESSAGE)
    if not address.startswith("/static/") and "no-store" not in found["Cache-Control"]:
        wanted["Cache-Control"] = "no-cache" if "ETag" in found else "no-store"
        found["Cache-Control"] = found["Cache-Control"].removeprefix("private, ")
    faults = {name: found[name] for name in wanted if found[name] != wanted[name]}
    is_error = response.status_code == 500 and "X-Call-Id" not in response  # that of a call may be a fault of SOAP
    return faults | ({"status": 500} if is_error else {})


def addresses():
    """List the address of every view, each once."""
    noise = [quote(each) for each in PARAMETERS[1:]]
    return [each for each in list_addresses() if not any(part in each for part in noise)]


def walk(client, places, methods=("GET",), **options):
    for address in sorted(set(places)):
        for method in methods:
            yield f"{method} {address}", address, client.generic(method, address, **options)


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "TLS"])
def test_every_address_has_the_headers_of_its_kind(demo_world, db, request, secure):
    if secure:
        request.getfixturevalue("tls")
    client = Client(raise_request_exception=False)

    answers = walk(client, [*addresses(), *HEALTH, *STATIC], ("GET", "POST"), secure=secure)
    faults = {name: find_faults(address, answer, secure=secure) for name, address, answer in answers}

    assert not {name: fault for name, fault in faults.items() if fault}


def test_every_page_of_who_has_signed_in_has_them(db, tls, stored_hash):
    superuser("ada", stored_hash)
    User.objects.filter(username="ada").update(is_staff=True)
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username="ada"))
    pages = {each for each in addresses() if each.startswith("/admin/") and each != "/admin/logout/"}

    answers = [*walk(client, pages, secure=True)]
    faults = {name: find_faults(address, answer, secure=True) for name, address, answer in answers}

    assert not {name: fault for name, fault in faults.items() if fault}
    assert sum(answer.status_code == 200 for *_, answer in answers) > 60
    assert not [name for name, _, answer in answers if "no-store" not in answer["Cache-Control"]]


def test_nothing_is_answered_to_plain_http(demo_world, db, tls):
    """But for health: pages and contracts are redirected, whatever else there is is refused."""
    ada = {"HTTP_AUTHORIZATION": "Basic YWRhOmFkYS1hZGEh"}
    client = Client(raise_request_exception=False, REMOTE_ADDR=STRANGER)
    faults = {}

    for who, options in (("nobody", {}), ("ada", ada)):
        for name, address, answer in walk(client, addresses(), ("GET", "POST", "OPTIONS"), **options):
            is_read = name.startswith("GET") and who == "nobody"
            target = f"https://testserver{unquote(address).rstrip('?')}"
            is_redirected = is_read and answer.status_code == 301 and unquote(answer["Location"]).rstrip("?") == target
            if not is_redirected and (answer.status_code < 400 or "text/html" in answer["Content-Type"]):
                faults[f"{who} {name}"] = answer.status_code, answer.content[:100]

    assert not faults
    assert [client.get(address).status_code for address in HEALTH] == [200, 200]


def test_no_address_answers_to_trace_or_shows_a_folder(demo_world, db):
    client = Client(raise_request_exception=False)
    folders = ["/static/", "/static/admin/", "/static/webservices/", "/.git/config", "/requirements.txt", "/var/"]

    traced = [*walk(client, addresses(), ("TRACE",), HTTP_X_MARK="traced back")]

    assert {answer.status_code for *_, answer in traced} <= {302, 403, 404, 405}  # to the sign-in
    assert not [name for name, _, answer in traced if b"traced back" in answer.content]
    assert {client.get(folder).status_code for folder in folders} == {404}


@pytest.fixture(params=DIALECTS, ids=lambda dialect: dialect.name)
def wire(request, demo_world, db, stored_hash):
    return Wire(request.param, superuser("ada", stored_hash))


def send(request, **options):
    headers = {name: value for name, value in request.headers.items() if name != "content-type"}
    address = f"{request.path}?{request.query}" if request.query else request.path
    kind = request.headers.get("content-type", "")
    return Client().generic(request.method, address, request.body, kind, headers=headers, **options)


def test_a_call_over_plain_http_is_refused_in_the_form_of_its_wire(wire, tls, settings):
    """It is not from this machine itself, nor where the site allows it."""
    request = wire.build_request("Over plain HTTP")
    before = Change.objects.count()

    refusal = send(request, REMOTE_ADDR=STRANGER)

    sentence = NOT_OVER_TLS.sentence()
    assert sentence in refusal.content.decode()
    assert Exchange.objects.get(call_id=refusal["X-Call-Id"]).code == NOT_OVER_TLS.code
    assert Change.objects.count() == before
    assert sentence not in send(request).content.decode()
    settings.ALLOW_CLEAR_PASSWORDS = True
    assert sentence not in send(request, REMOTE_ADDR=STRANGER).content.decode()


def test_what_a_browser_has_stored_keeps_its_policy(db):
    """A 304 has no policy, which a browser would put in the place of the page's."""
    place = "/docs/reference/"
    tag = Client().get(place)["ETag"]

    answer = Client().get(place, headers={"if-none-match": tag})

    assert answer.status_code == 304
    assert CSP not in answer
    assert "X-Content-Type-Options" in answer
