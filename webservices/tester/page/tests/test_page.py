"""The Web Services Test page: who may open it, what it generates, as whom it sends, and where it may reach."""

import re
from base64 import b64encode
from html import unescape
from time import perf_counter

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from parts.models import Part
from webservices.access import tickets
from webservices.declarations import OPERATIONS
from webservices.models import Exchange
from webservices.tester.compose.choices import tabs
from webservices.tester.compose.redact import redact
from webservices.tester.models import Collection
from webservices.tester.send.tests.test_addresses import REFUSED
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.operations import Verb
from webservices.wire.reference.catalog import offers, service_offers

PAGE = "/admin/webservices/test/"
SCRIPT = {"HX-Request": "true"}  # of the page's script, which gets the regions without the page around them

KEYS = {"parts": "PUMP-100", "customers": "ACME"}  # a dialect's tests are on the first of these that it offers
OFFERED = {
    f"{dialect.name} {offer.label}": (dialect, offer)
    for dialect in DIALECTS
    for tab in tabs(dialect, OPERATIONS)
    for offer in service_offers(dialect, tab.name, OPERATIONS)
    if offer.operation.resource.plural == "parts"
}
every_offer = pytest.mark.parametrize("dialect, offer", OFFERED.values(), ids=OFFERED)
every_dialect = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)


WRONG_HEADERS = {
    "If-Match": "'If-Match' is no header, Name: value.",
    "If Match: 7": "'If Match' is no name of a header.",
    "Authorization: Basic x": "Authorization is no header to be typed: the sender is selected when the call is sent.",
    "cookie: a=b": "cookie is no header to be typed",
    "Content-Length: 3": "Content-Length is no header to be typed: it follows from the address and the input.",
    "X-Name: \u00e4\u4e2d": "The value of X-Name has characters that a header cannot carry",
}


@pytest.fixture
def world(demo_world, db):
    """The demo world, as each test begins with it."""


@pytest.fixture
def ada(world, client):
    client.force_login(User.objects.get(username="ada"))
    return client


@pytest.fixture
def bob(world):
    client = Client()
    client.force_login(User.objects.get(username="bob"))
    return client


def chosen(dialect, offer, **more):
    tab = dialect.service(offer.operation, offer.context)
    return {"version": dialect.name, "tab": tab, "api": offer.name, **more}


def generate(client, dialect, offer, key=""):
    """The form after Generate Input, ready to be sent."""
    key = key or KEYS[offer.operation.resource.plural]
    response = client.post(PAGE, chosen(dialect, offer, do="generate", **{"key-number": key}), headers=SCRIPT)
    page = response.context["page"]
    return chosen(dialect, offer, url=page.url, method=page.method, input=page.text, **{"made-for": page.offer_name})


def send(client, form, **changed):
    return client.post(PAGE, {**form, **changed, "do": "send"})


def send_by_script(client, form, **changed):
    """The answer to the page's script, after Send."""
    return client.post(PAGE, {**form, **changed, "do": "send"}, headers=SCRIPT)


def offer_of(dialect, verb):
    return next(offer for offer in offers(dialect, "parts", OPERATIONS) if offer.operation.verb is verb)


def some_offer(dialect):
    """What a dialect offers that changes nothing: to find a part, or to change a customer into what it is."""
    found = [offer for plural in KEYS for offer in offers(dialect, plural, OPERATIONS)]
    verbs = (Verb.FIND, Verb.UPDATE)
    return next(offer for verb in verbs for offer in found if offer.operation.verb is verb)


class TestEntrance:
    def test_asks_strangers_to_sign_in(self, client, db):
        assert client.get(PAGE).url.startswith("/admin/login/")

    def test_refuses_users_who_are_no_staff(self, client, db):
        client.force_login(User.objects.create(username="eve"))

        assert client.get(PAGE).status_code == 302
        assert client.post(PAGE, {"do": "send", "url": "/v2_0/receiver/parts"}).status_code == 302

    def test_refuses_a_post_from_another_site(self, world):
        client = Client(enforce_csrf_checks=True)
        client.force_login(User.objects.get(username="ada"))

        assert client.post(PAGE, {"do": "send", "url": "/v2_0/receiver/parts"}).status_code == 403

    def test_opens_for_staff_with_the_admin_around_it(self, bob):
        page = bob.get(PAGE).content.decode()

        assert "Integration Platform" in page
        assert "<h2>Answer</h2>" in page

    def test_is_never_cached(self, bob):
        assert "no-store" in bob.get(PAGE)["Cache-Control"]


class TestChoice:
    def test_preselects_version_2_0_and_parts(self, ada):
        chosen = ada.get(PAGE).context["page"].selection

        assert (chosen.dialect.name, chosen.tab.name) == ("oracle-2.0", "parts")

    @pytest.mark.parametrize(
        "version, labels",
        [
            ("oracle-1.0", ["Security", "Users", "Parts", "Customers", "Customer Parts", "Sales Orders"]),
            ("oracle-2.0", ["Users", "Parts", "Customers", "Customer Parts", "Sales Orders"]),
            ("ecosys", ["Parts", "Customers", "Contacts", "Customer Parts", "Sales Orders"]),
            ("rest", [
                "Parts", "Prices", "Customers", "Contacts", "Customer Parts", "Sales Orders", "Shipments",
                "Territories", "Customer Types", "Countries", "States", "Portals", "Order Statuses", "Languages",
                "Currencies", "Users",
            ]),
            ("sap-cpq", ["doUSeeMe", "Parts", "Customers"]),
        ],
    )  # fmt: skip
    def test_has_the_tabs_of_each_version(self, version, labels, ada):
        page = ada.get(PAGE, {"version": version}).context["page"]

        assert [tab.label for tab in page.tabs] == labels
        assert [each.name for each in page.versions] == sorted(dialect.name for dialect in DIALECTS)

    @pytest.mark.parametrize(
        "tab, labels",
        [
            ("parts", ["Part number"]),
            ("customer_parts", ["Customer", "Part", "Customer's part number"]),
            ("sessions", []),
        ],
    )
    def test_has_an_input_for_each_field_of_the_key(self, tab, labels, ada):
        page = ada.get(PAGE, {"version": "oracle-1.0", "tab": tab}).context["page"]

        assert [field.label for field in page.key_fields] == labels

    def test_says_what_a_blank_key_means(self, ada):
        blank = {
            verb: ada.get(PAGE, {"tab": "customers", "api": f"{verb}-0"}).context["page"].key_fields[0].blank
            for verb in ("add", "put")
        }

        assert blank == {"add": "blank: it is drawn", "put": "blank: the example"}

    def test_names_the_operations_as_the_dialect_spells_them(self, ada):
        soap, rest = (
            {api.label for api in ada.get(PAGE, {"version": name}).context["page"].apis}
            for name in ("oracle-2.0", "rest")
        )

        assert soap == {"getParts", "addParts", "updateParts", "modifyParts", "deleteParts"}
        assert {"GET /api/v1/parts/{number}/", "PUT /api/v1/parts/{number}/", "POST /api/v1/parts/"} <= rest

    @pytest.mark.parametrize("label, has_options", [("modifySalesOrders", True), ("getSalesOrders", False)])
    def test_tells_of_the_options_that_only_some_operations_have(self, ada, label, has_options):
        oracle = next(dialect for dialect in DIALECTS if dialect.name == "oracle-2.0")
        offer = next(each for each in service_offers(oracle, "sales_orders", OPERATIONS) if each.label == label)

        response = ada.get(PAGE, {"version": "oracle-2.0", "tab": "sales_orders", "api": offer.name})

        assert ("X-Import: true" in response.content.decode()) is has_options

    def test_has_no_link_to_a_contract_that_there_is_not(self, ada):
        soap, rest = (ada.get(PAGE, {"version": name}).content for name in ("oracle-2.0", "oracle-rest"))

        assert b">description</span>WSDL</a>" in soap
        assert b">description</span>" not in rest

    @every_dialect
    def test_links_to_contracts_that_open(self, dialect, ada):
        for tab in ada.get(PAGE, {"version": dialect.name}).context["page"].tabs:
            link = ada.get(PAGE, {"version": dialect.name, "tab": tab.name}).context["page"].contract

            assert ada.get(link).status_code == 200

    def test_falls_back_to_what_there_is(self, ada):
        page = ada.get(PAGE, {"version": "none", "tab": "none", "api": "none"}).context["page"]

        assert (page.selection.dialect.name, page.selection.tab.name) == ("oracle-2.0", "parts")

    @every_offer
    def test_prefills_an_address_of_this_server(self, dialect, offer, ada):
        assert ada.get(PAGE, chosen(dialect, offer)).context["page"].url.startswith("http://testserver/")

    def test_gives_the_script_the_regions_alone(self, ada):
        page = ada.post(PAGE, {"do": "choose"}, headers=SCRIPT).content.decode()

        assert "<html" not in page
        assert 'hx-swap-oob="innerHTML:#wst-choice"' in page


class TestGenerateInput:
    @every_offer
    def test_fills_in_the_live_record(self, dialect, offer, ada):
        form = generate(ada, dialect, offer, "PUMP-200")

        part = Part.objects.get(number="PUMP-200").pk
        by_id = f">{part}</id>" in form["input"] or f"/{part}" in form["url"]
        assert "PUMP-200" in form["input"] + form["url"] or by_id
        if offer.operation.verb in (Verb.ADD, Verb.UPDATE, Verb.PUT):
            assert "Pump, medium" in form["input"]

    @every_offer
    def test_shows_nothing_of_a_record_to_who_may_not_see_it(self, dialect, offer, bob):
        form = generate(bob, dialect, offer, "PUMP-200")

        assert "Pump, medium" not in form["input"]


class TestSend:
    @every_offer
    def test_works_with_the_rights_of_the_signed_in_user(self, dialect, offer, ada):
        page = send(ada, generate(ada, dialect, offer)).context["page"]

        assert page.answer.response.status < 300
        exchange = Exchange.objects.get(call_id=page.answer.response.call_id)
        assert (exchange.user_name, exchange.code) == ("ada", "")

    @every_offer
    def test_does_nothing_for_a_user_without_rights(self, dialect, offer, bob):
        before = list(Part.objects.values())

        page = send(bob, generate(bob, dialect, offer)).context["page"]

        # SAP CPQ says everything in a Result, which is under 200.
        assert page.answer.response.status >= (200 if dialect.name == "sap-cpq" else 400)
        exchange = Exchange.objects.get(call_id=page.answer.response.call_id)
        assert (exchange.user_name, exchange.code) == ("bob", "forbidden")
        assert list(Part.objects.values()) == before

    def test_gives_a_user_no_more_than_their_rights(self, bob):
        User.objects.get(username="bob").user_permissions.add(Permission.objects.get(codename="view_part"))
        soap = DIALECTS[0]

        found = send(bob, generate(bob, soap, offer_of(soap, Verb.FIND))).context["page"].answer
        written = send(bob, generate(bob, soap, offer_of(soap, Verb.PUT))).context["page"].answer

        assert "PUMP-100" in found.raw
        assert "may not put parts" in written.raw

    def test_shows_status_time_size_and_call(self, ada):
        soap = DIALECTS[0]

        response = send(ada, generate(ada, soap, offer_of(soap, Verb.FIND)))

        text = unescape(re.sub(r"<[^>]+>", "", response.content.decode()))
        shown = response.context["page"].answer
        assert "200 OK" in text
        assert shown.size in text
        assert shown.time in text
        assert shown.response.call_id in text

    def test_links_the_call_to_its_exchange(self, ada):
        soap = DIALECTS[0]

        response = send(ada, generate(ada, soap, offer_of(soap, Verb.FIND)))

        exchange = Exchange.objects.get(call_id=response.context["page"].answer.response.call_id)
        link = reverse("webservices-exchange", args=[exchange.call_id])
        assert f'href="{link}"' in response.content.decode()
        assert ada.get(link).status_code == 200

    def test_shows_the_dialects_own_answer_to_what_it_cannot_read(self, ada):
        soap = DIALECTS[0]
        form = generate(ada, soap, offer_of(soap, Verb.FIND))

        shown = send(ada, form, input="<not xml").context["page"].answer

        assert shown.response.status == 500
        assert "XML-ERR" in shown.raw

    def test_escapes_what_it_shows(self, ada):
        rest = REST
        form = generate(ada, rest, offer_of(rest, Verb.ADD), "<script>alert(1)</script>")

        page = send(ada, form).content.decode()

        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page

    def test_sends_for_the_operation_that_the_input_was_made_for(self, ada):
        """A SOAPAction of the API chosen meanwhile must not contradict the body."""
        soap = DIALECTS[0]
        form = generate(ada, soap, offer_of(soap, Verb.FIND))

        shown = send(ada, form, api=offer_of(soap, Verb.REMOVE).name).context["page"].answer

        assert shown.response.status == 200


SIGNED_DIALECTS = [dialect for dialect in DIALECTS if dialect.media == "xml" and dialect.tickets]
WITH_A_PASSWORD = [dialect for dialect in SIGNED_DIALECTS if "Password" in dialect.tickets]


class TestHeaders:
    PUT = next(offer for offer in offers(REST, "parts", OPERATIONS) if offer.operation.verb is Verb.PUT)

    def test_are_sent_beside_those_that_the_api_needs(self, ada):
        shown = send(ada, generate(ada, REST, self.PUT), headers='If-Match: "9"\n').context["page"].answer

        assert shown.response.status == 412
        assert Exchange.objects.get().request_headers == {"content-type": "application/json", "if-match": '"9"'}

    def test_are_sent_in_their_place(self, ada):
        shown = send(ada, generate(ada, REST, self.PUT), headers="content-type: text/plain").context["page"].answer

        assert shown.response.status == 415

    @pytest.mark.parametrize("do", ["send", "build", "check", "keep"])
    @pytest.mark.parametrize("typed, sentence", WRONG_HEADERS.items())
    def test_that_are_none_are_named(self, typed, sentence, do, ada):
        form = {**generate(ada, REST, self.PUT), "headers": typed, "collection": "x"}
        response = ada.post("/admin/webservices/collections/keep/" if do == "keep" else PAGE, {**form, "do": do})

        assert sentence in unescape(response.content.decode())
        assert typed in unescape(response.content.decode())
        assert not Exchange.objects.exists()
        assert not Collection.objects.exists()

    def test_are_built(self, ada):
        form = {**generate(ada, REST, self.PUT), "headers": 'If-Match: "9"'}

        code = ada.post(PAGE, {**form, "do": "build"}).context["page"].snippet.code

        assert "-H 'if-match: \"9\"'" in code

    def test_are_kept_and_there_again_when_it_is_opened(self, ada):
        form = {**generate(ada, REST, self.PUT), "headers": 'If-Match: "9"', "collection": "Kept", "dry": "1"}
        page = ada.post("/admin/webservices/collections/keep/", form, follow=True)
        (call,) = page.context["calls"]

        opened = ada.post(PAGE, {**call["reopen_fields"], "do": "open"}).context["page"]

        assert (opened.form.headers, opened.form.dry) == ('if-match: "9"', True)


@pytest.mark.parametrize("dialect", WITH_A_PASSWORD, ids=lambda dialect: dialect.name)
class TestPassword:
    def typed(self, client, dialect, name, password):
        form = generate(client, dialect, offer_of(dialect, Verb.FIND))
        text = re.sub(r"(Username>)\w+<", rf"\1{name}<", form["input"])
        return {**form, "input": re.sub(r"></((?:wsse:)?Password)>", rf">{password}</\1>", text)}

    def test_typed_is_used_as_it_is(self, dialect, ada):
        bob = User.objects.get(username="bob")
        bob.set_password("s3cret of bob")
        bob.save()

        shown = send(ada, self.typed(ada, dialect, "bob", "s3cret of bob")).context["page"].answer

        assert Exchange.objects.get(call_id=shown.response.call_id).user_name == "bob"
        assert "bob may not find parts" in shown.raw

    def test_typed_is_never_shown_again_nor_stored(self, dialect, ada):
        response = send(ada, self.typed(ada, dialect, "ada", "hunter2-hunter2"))

        assert "hunter2-hunter2" not in response.content.decode()
        exchange = Exchange.objects.get(call_id=response.context["page"].answer.response.call_id)
        assert exchange.code == "wrong-password"
        assert b"hunter2-hunter2" not in zlib_text(exchange.request_body)

    def test_empty_beside_another_users_name_is_refused(self, dialect, ada):
        shown = send(ada, self.typed(ada, dialect, "bob", "")).context["page"].answer

        assert shown.response.status in (401, 500)
        assert "empty password" in shown.raw


@pytest.mark.parametrize("dialect", SIGNED_DIALECTS, ids=lambda dialect: dialect.name)
class TestTicket:
    def test_empty_in_a_message_with_a_document_type_gets_no_ticket(self, dialect, ada, issued):
        form = generate(ada, dialect, some_offer(dialect))

        send(ada, form, input='<!DOCTYPE a [<!ENTITY b "c">]>' + form["input"])

        assert issued == []

    def test_ticket_is_used_up_and_leaves_no_trace(self, dialect, ada, issued):
        response = send(ada, generate(ada, dialect, some_offer(dialect)))

        (ticket,) = issued
        exchange = Exchange.objects.get(call_id=response.context["page"].answer.response.call_id)
        assert exchange.credential == "ticket"
        assert ticket not in response.content.decode()
        assert ticket.encode() not in zlib_text(exchange.request_body)
        assert tickets.use(ticket, at=exchange.at) is None

    def test_without_any_place_for_it_is_refused_as_for_everybody(self, dialect, ada):
        form = generate(ada, dialect, some_offer(dialect))
        find_secrets = "|".join(["soapenv:Header", *dialect.tickets, *" ".join(dialect.tickets.values()).split()])

        sent = send(ada, form, input=re.sub(rf"(?s)<({find_secrets})\b.*?</\1>", "", form["input"]))

        exchange = Exchange.objects.get(call_id=sent.context["page"].answer.response.call_id)
        assert (exchange.user_name, exchange.code) in [("", "no-credentials"), ("", "no-session")]


class TestSession:
    """Version 1.0, where a session id stands in place of a name and a password."""

    def form(self, client, api="open-0", tab="sessions", key=""):
        asked = {"version": "oracle-1.0", "tab": tab, "api": api}
        page = client.post(PAGE, {**asked, "key-number": key, "do": "generate"}).context["page"]
        return {**asked, "url": page.url, "method": page.method, "input": page.text, "made-for": page.offer_name}

    def sent(self, client, form, **changed):
        return send(client, form, **changed).context["page"].answer

    @pytest.mark.parametrize("api", ["open-0", "show-0", "set_currency-0", "close-0"])
    def test_security_works_with_the_rights_of_the_signed_in_user(self, api, ada):
        shown = self.sent(ada, self.form(ada, api))

        exchange = Exchange.objects.get(call_id=shown.response.call_id)
        expected = ("ada", "ticket", "no-session") if api == "set_currency-0" else ("ada", "ticket", "")
        assert (exchange.user_name, exchange.credential, exchange.code) == expected

    def test_that_was_opened_here_lets_in_and_is_not_shown_again(self, ada):
        opened = self.sent(ada, self.form(ada))
        session = re.search(r"sessionId>([^<]+)<", opened.raw)[1]
        form = self.form(ada, "find-0", "parts", "PUMP-100")
        form["input"] = form["input"].replace("sessionId></", f"sessionId>{session}</")

        response = send(ada, form)

        shown = response.context["page"].answer
        assert "PUMP-100" in shown.raw
        assert Exchange.objects.get(call_id=shown.response.call_id).credential == "session"
        assert session not in response.content.decode()

    def test_that_is_not_known_is_refused(self, ada):
        form = self.form(ada, "find-0", "parts")

        shown = self.sent(ada, form, input=form["input"].replace("sessionId></", "sessionId>a!1!2</"))

        assert "SESSION-ERR" in shown.raw

    def test_is_not_opened_for_another_user(self, ada):
        form = self.form(ada)

        shown = self.sent(ada, form, input=form["input"].replace(">ada<", ">bob<"))

        assert "empty password" in shown.raw


@pytest.fixture
def issued(monkeypatch):
    """The tickets that were issued."""
    found = []
    issue = tickets.issue

    def issue_and_tell(*arguments, **named):
        found.append(issue(*arguments, **named))
        return found[-1]

    monkeypatch.setattr(tickets, "issue", issue_and_tell)
    return found


def zlib_text(body):
    import zlib

    return zlib.decompress(bytes(body)) if body else b""


BLANKED = {
    "an element": ("<a:Password x='1'>s3cret</a:Password>", "<a:Password x='1'></a:Password>"),
    "other letters": ("<PASSWORD>s3cret</PASSWORD>", "<PASSWORD></PASSWORD>"),
    "a CDATA section": ("<Password><![CDATA[s3<cret]]></Password>", "<Password></Password>"),
    "a CDATA section without an end": ("<Password><![CDATA[s3<cret</Password>", "<Password>"),
    "a comment inside": ("<Password>s3<!-- < -->cret</Password>", "<Password></Password>"),
    "a forgotten end": ("<Password>s3cret <b>kept</b>", "<Password><b>kept</b>"),
    "an empty element": ("<Password/><b>kept</b>", "<Password/><b>kept</b>"),
    "a token": ("<BinarySecurityToken>s3cret</BinarySecurityToken>", "<BinarySecurityToken></BinarySecurityToken>"),
    "a member of JSON": ('{"password": "s3\\"cret", "a": "kept"}', '{"password": "", "a": "kept"}'),
    "a member with a forgotten quote": ('{"password": "s3cret\n"a": 1}', '{"password": ""\n"a": 1}'),
    "no secret": ("<Passage>kept</Passage>", "<Passage>kept</Passage>"),
    "a name that is misspelled": ("<a><Pasword>s3cret</Pasword></a>", "<a><Pasword></Pasword></a>"),
    "an attribute": ("<a userPassword='s3cret' b=\"1\"/>", '<a userPassword="" b="1"/>'),
    "a parameter of a form": ("a=1&j_password=s3cret", "a=1&j_password="),
    "no placeholder": ("<sessionId>{{session}}</sessionId>", "<sessionId>{{session}}</sessionId>"),
}


class TestBlanked:
    @pytest.mark.parametrize("typed, shown", BLANKED.values(), ids=BLANKED)
    def test_is_the_input_without_its_secrets(self, typed, shown):
        assert redact(typed, DIALECTS[0].secrets) == shown

    @pytest.mark.parametrize("begun", ["<Password>", "<a ", '"a": ', 'x="', " a=", "&a="])
    def test_takes_no_long_time(self, begun):
        started = perf_counter()
        redact(begun * 20_000, DIALECTS[0].secrets)
        assert perf_counter() - started < 2

    def test_stays_without_what_has_no_end(self):
        assert redact("<Password>" + "<![CDATA[" * 20_000, DIALECTS[0].secrets) == "<Password>"

    def test_shows_no_user_in_an_address_again(self, ada):
        response = ada.post(PAGE, {"do": "send", "url": "https://ada:s3cret@hub.example/v2_0/receiver/parts"})

        assert response.context["page"].problem
        assert "s3cret" not in response.content.decode()


NO_SERVICE = {
    "the admin": "/admin/",
    "this page": PAGE,
    "a user's row": "http://testserver/admin/auth/user/1/change/",
    "the sign-in": "/admin/login/",
    "the home page": "/",
    "health": "/healthz",
    "a static file": "/static/tester/testpage.js",
    "the schema": "/api/v1/schema/",
    "the root of REST": "/api/v1/",
    "the root of the receiver": "/v2_0/receiver",
    "an unknown service": "/v2_0/receiver/vouchers",
    "an unknown resource": "/rest/v19/vouchers",
    "an unknown host's secrets": "http://169.254.169.254/latest/meta-data/",
}


class TestReach:
    @pytest.mark.parametrize("url", NO_SERVICE.values(), ids=NO_SERVICE)
    @every_dialect
    def test_ends_at_the_services(self, dialect, url, ada):
        self.is_not_sent(ada, dialect, url)

    @pytest.mark.parametrize("url", REFUSED.values(), ids=REFUSED)
    def test_ends_at_what_is_no_address(self, url, ada):
        self.is_not_sent(ada, DIALECTS[0], url)

    def is_not_sent(self, client, dialect, url):
        form = generate(client, dialect, some_offer(dialect))

        response = send_by_script(client, form, url=url)

        assert response.context["page"].problem
        assert response.context["page"].answer is None
        assert "Not sent." in response.content.decode()

    @every_offer
    def test_is_this_server_whatever_host_is_typed(self, dialect, offer, ada):
        form = generate(ada, dialect, offer)

        shown = (
            send_by_script(ada, form, url=form["url"].replace("testserver", "evil.example:8443")).context["page"].answer
        )

        assert shown.response.host == ""
        assert Exchange.objects.filter(call_id=shown.response.call_id, user_name="ada").exists()

    @every_offer
    def test_never_leaves_the_services_by_a_trick_in_the_path(self, dialect, offer, ada):
        form = generate(ada, dialect, offer)
        path = form["url"].removeprefix("http://testserver").partition("?")[0]

        for trick in (
            f"//evil.example{path}",
            f"/admin/..{path}",
            f"{path}/../../admin/",
            f"{path}%2f..%2f",
            f"/{path}",
        ):
            assert send_by_script(ada, form, url=trick).context["page"].answer is None

    def test_takes_no_method_that_is_none(self, ada):
        rest = REST
        form = generate(ada, rest, offer_of(rest, Verb.FIND))

        assert send(ada, form, method="TRACE").context["page"].problem


def test_this_server_is_never_reached_over_http(ada, settings):
    settings.TEST_PAGE_HOSTS = ["testserver", "testserver:80"]
    soap = DIALECTS[0]

    shown = send(ada, generate(ada, soap, offer_of(soap, Verb.FIND))).context["page"].answer

    assert (shown.response.status, shown.response.host) == (200, "")


def test_basic_is_not_needed_for_what_http_carries(ada):
    """REST is told who is signed in; the browser's own Authorization header plays no part."""
    rest = REST
    form = generate(ada, rest, offer_of(rest, Verb.FIND))
    wrong = b64encode(b"bob:wrong").decode()

    response = ada.post(PAGE, {**form, "do": "send"}, headers={"Authorization": f"Basic {wrong}"})

    assert response.context["page"].answer.response.status == 200
