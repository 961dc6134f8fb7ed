"""A replay is the message: only the failed records are sent again, and of these nothing is lost."""

import json
import re
from html import escape

import pytest
from django.test import Client
from lxml import html

from customers.models import Customer
from parts.models import Part
from records.tests.cast import table
from webservices.exchanges.masking import encode_text
from webservices.exchanges.store import body_text
from webservices.models import Exchange
from webservices.tester.collections.services import build_call
from webservices.tester.exchanges import replay
from webservices.tester.send import client as sending
from webservices.tester.send.addresses import parse_address
from webservices.tester.send.client import Sender, send_call
from webservices.tests.test_endpoint import ADD, WSSE, envelope, post
from webservices.wire.dialects.crm.tests.messages import envelope as crm_envelope
from webservices.wire.dialects.sap.functions import NAMESPACE, PATH

SOAP_11, SOAP_12 = "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"
PARTS = "/v2_0/receiver/parts"
XML, JSON = {"content-type": "text/xml; charset=UTF-8"}, {"content-type": "application/json"}

# In these messages ⟦ and ⟧ are around what is cut out; of the records the second fails, and in some the fourth.
PRETTY = f"""<?xml version="1.0" encoding="utf-8"?>
<!-- made by hand: keep -->
<soapenv:Envelope xmlns:soapenv='{SOAP_11}' xmlns:bm="http://xmlns.oracle.com/cpqcloud/parts">
  <soapenv:Header>
    <!-- who is calling -->
    <o:Security xmlns:o="{WSSE}" soapenv:mustUnderstand = "1"><o:UsernameToken>
      <o:Username>ada</o:Username><o:Password></o:Password></o:UsernameToken></o:Security>
    <x:Trace xmlns:x="urn:trace" level='high'>a &gt; b</x:Trace>
  </soapenv:Header>
  <soapenv:Body>
    <bm:addParts><bm:Parts>
      <!-- the first -->
      ⟦<bm:each_record><bm:part_number>P-1</bm:part_number></bm:each_record>⟧
      <bm:each_record  note='kept'>
        <bm:part_number>P-2</bm:part_number><!-- why --><bm:colour><![CDATA[<red> & blue]]></bm:colour>
        <bm:notes>Größe&#160;7 – 大</bm:notes>
      </bm:each_record >
      ⟦<bm:each_record><bm:part_number>P-3</bm:part_number></bm:each_record>⟧
    </bm:Parts></bm:addParts>
  </soapenv:Body>
</soapenv:Envelope>
<!-- the end -->
"""
LINE = (
    f'<e:Envelope xmlns:e="{SOAP_12}"><e:Header><w:Security xmlns:w="{WSSE}"><w:UsernameToken><w:Username>ada'
    "</w:Username><w:Password></w:Password></w:UsernameToken></w:Security></e:Header><e:Body><modifyParts><Parts>"
    "⟦<each_record><part_number>P-1</part_number></each_record>⟧"
    "<each_record><part_number>P-2</part_number><colour>red</colour></each_record>"
    "⟦<each_record><part_number>P-3</part_number></each_record>⟧"
    "<each_record><part_number>P-4</part_number><size/></each_record></Parts></modifyParts></e:Body></e:Envelope>"
)
VERSION_1_0 = (
    f'<e:Envelope xmlns:e="{SOAP_11}" xmlns:bm="urn:soap.bigmachines.com"><e:Header><bm:userInfo><bm:sessionId>'
    "</bm:sessionId></bm:userInfo></e:Header><e:Body><bm:addParts><bm:Parts>"
    "⟦<bm:each_record><bm:part_number>P-1</bm:part_number></bm:each_record>⟧\r\n"
    "<bm:each_record><bm:part_number>P-2</bm:part_number><bm:colour>red</bm:colour></bm:each_record>\r\n"
    "</bm:Parts></bm:addParts></e:Body></e:Envelope>"
)
ECOSYS = (
    f'<s:Envelope xmlns:s="{SOAP_11}"><s:Body><PartCreateOrUpdateRequestElement xmlns="http://ecosys.net/api/Part">'
    "<PartOptions><Username>ada</Username><Password></Password></PartOptions>"
    "⟦<Part><PartID>P-1</PartID></Part>⟧<Part><PartID>P-2</PartID><Colour>red</Colour></Part>"
    "⟦<Part><PartID>P-3</PartID></Part>⟧</PartCreateOrUpdateRequestElement></s:Body></s:Envelope>"
)
ECOSYS_XML = (
    '<?xml version="1.0"?><PartRequest xmlns="http://ecosys.net/api/Part">\n\t⟦<Part><PartID>P-1</PartID></Part>⟧\n'
    "\t<Part><PartID>P-2</PartID><Colour>red</Colour></Part>\n\t⟦<Part><PartID>P-3</PartID></Part>⟧\n</PartRequest>"
)
ECOSYS_JSON = '{"PartList": [⟦{"PartID": "P-1"},⟧ {"PartID": "P-2", "Colour": "red"}⟦,⟧ ⟦{"PartID": "P-3"}⟧]}'
REST = """{"verb": "put", "records": [
  ⟦{"number": "P-1", "units": 1},⟧
  {"number": "P-2", "colour": "röd [1, 2] 大", "price": {"USD": 1.50}},
  ⟦{"number": "P-3"},⟧
  {"number" : "P-4", "size": [1, 2]}
]}"""
SAP_CUSTOMERS = (
    '<Root xmlns=""><Customers>{}<Customer><LastName>A</LastName><Company>E</Company></Customer>{}<!-- two -->'
    "<Customer><LastName>B</LastName><Company>E</Company><Colour>red &amp; blue</Colour></Customer></Customers></Root>"
)


def sap(document):
    return (
        f'<soap:Envelope xmlns:soap="{SOAP_11}"><soap:Body><CustomerAdministration xmlns="{NAMESPACE}">'
        f"<username>ada</username><password></password><action>ADD</action><xml>{document}</xml>"
        "</CustomerAdministration></soap:Body></soap:Envelope>"
    )


def crm(datas):
    session = "<session><sessionID></sessionID></session>"
    return crm_envelope("bulkEntitySave", f"{session}<type>Products</type><datas>{datas}</datas>").decode()


CASES = {
    "Oracle 2.0, SOAP 1.1, laid out, with comments, CDATA, prefixes": (PARTS, XML, PRETTY, "utf-8"),
    "the same in UTF-8 with its mark": (PARTS, XML, PRETTY, "utf-8-sig"),
    "the same in UTF-16": (PARTS, XML, PRETTY.replace("utf-8", "utf-16"), "utf-16-le-sig"),
    "the same in ISO 8859-1": (
        PARTS, XML, PRETTY.replace("utf-8", "ISO-8859-1").replace(" – 大", ""), "iso-8859-1",
    ),
    "Oracle 2.0, SOAP 1.2, in one line, two that fail": (
        PARTS, {"content-type": "application/soap+xml; charset=UTF-8"}, LINE, "utf-8",
    ),
    "Oracle 1.0, with a session": ("/v1_0/receiver", XML, VERSION_1_0, "utf-8"),
    "EcoSys over SOAP": ("/ecosys/api/soap/Part", XML, ECOSYS, "utf-8"),
    "EcoSys over REST in XML": ("/ecosys/api/restxml/Part/", {"content-type": "application/xml"}, ECOSYS_XML, "utf-8"),
    "EcoSys over REST in JSON": ("/ecosys/api/restjson/Part/", JSON, ECOSYS_JSON, "utf-8"),
    "REST": ("/api/v1/parts/batch/", JSON, REST, "utf-8"),
    "SAP CPQ, elements": (PATH, XML, sap(SAP_CUSTOMERS.format("⟦", "⟧")), "utf-8"),
    "SAP CPQ, text": (PATH, XML, sap(escape(SAP_CUSTOMERS.format("⟦", "⟧"), quote=False)), "utf-8"),
    "SAP CPQ, CDATA": (PATH, XML, sap(f"<![CDATA[\n{SAP_CUSTOMERS.format('⟦', '⟧')}]]>"), "utf-8"),
    "CRM-service, JSON in XML": (
        "/CrmIntegrationWebservice/service.php?class=entityManager", XML,
        crm('[⟦{"product_no": "P-1"},⟧\n {"product_no": "P-2", "colour": "a &amp; b"}⟦,⟧ ⟦{"product_no": "P-3"}⟧]'),
        "utf-8",
    ),
}  # fmt: skip


@pytest.fixture
def wire(ada, monkeypatch):
    """Send texts as the test page does, and remember the bodies that arrived, their tickets left out."""
    return Wire(ada, monkeypatch)


class Wire:
    def __init__(self, user, monkeypatch):
        self.user, self.bodies, self.tickets = user, [], []
        self.page = Client()
        self.page.force_login(user)
        serve, issue = sending.serve_and_report, sending.issue_ticket

        def serve_and_remember(dialect, request, *rest, **more):
            self.bodies.append(request.body)
            return serve(dialect, request, *rest, **more)

        def issue_and_remember(user_id):
            self.tickets.append(issue(user_id))
            return self.tickets[-1]

        monkeypatch.setattr(sending, "serve_and_report", serve_and_remember)
        monkeypatch.setattr(sending, "issue_ticket", issue_and_remember)

    def send(self, path, headers, text, encoding="utf-8", method="POST"):
        sender = Sender(self.user.pk, self.user.username, "http://testserver", "127.0.0.1", secure=True)
        send_call(parse_address(path), method, text, headers, sender, encoding)
        return Exchange.objects.latest("id")

    def again(self, exchange, act="again", **wishes):
        response = self.page.post(f"/admin/webservices/exchanges/{exchange.call_id}/{act}/", wishes, follow=True)
        assert response.status_code == 200
        return response.content.decode()

    def last_body(self, encoding):
        body = self.bodies[-1]
        for ticket in self.tickets:
            body = body.replace(ticket.encode(encoding.removesuffix("-sig")), b"")
        return body


def whole(text):
    return text.replace("⟦", "").replace("⟧", "")


def rest(text):
    return re.sub("⟦.*?⟧", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path, headers, text, encoding", table(CASES))
def test_a_message_is_sent_again_byte_for_byte(wire, path, headers, text, encoding):
    exchange = wire.send(path, headers, whole(text), encoding)

    wire.again(exchange)

    assert wire.last_body(encoding) == encode_text(whole(text), encoding)


class TestFailedRecords:
    @pytest.mark.parametrize("path, headers, text, encoding", table(CASES))
    def test_are_cut_out_of_the_bytes_that_came(self, wire, path, headers, text, encoding):
        """An unknown element was dropped once, and so a record was created that the call had refused."""
        exchange = wire.send(path, headers, whole(text), encoding)
        stored = Part.objects.count() + Customer.objects.count()
        assert (exchange.created, exchange.failed) == (stored, exchange.records_in - stored)
        assert 0 < stored < exchange.records_in, exchange.problem

        page = wire.again(exchange, failed="on")

        assert "Not sent." not in page
        assert wire.last_body(encoding) == encode_text(rest(text), encoding)
        latest = Exchange.objects.latest("id")
        assert (latest.records_in, latest.failed) == (exchange.failed, exchange.failed)
        assert stored == Part.objects.count() + Customer.objects.count()

    def test_are_all_that_is_opened_as_an_input(self, wire):
        exchange = wire.send(PARTS, XML, whole(PRETTY))

        page = wire.again(exchange, "open", failed="on", dry="on")

        form = html.fromstring(page).xpath("//form[.//textarea[@name='input']]")[0]
        assert form.fields["input"].strip() == rest(PRETTY).strip()
        assert (form.fields["dry"], form.fields["original"]) == ("1", exchange.call_id)

    def test_are_opened_in_the_version_that_was_chosen(self, wire):
        text = LINE.replace("<colour>red</colour>", "<lead_time>soon</lead_time>").replace(
            "<size/>", "<units>x</units>"
        )
        exchange = wire.send(PARTS, {"content-type": "application/soap+xml"}, whole(text))

        page = wire.again(exchange, "open", failed="on", version="rest")

        form = html.fromstring(page).xpath("//form[.//textarea[@name='input']]")[0]
        records = json.loads(form.fields["input"])["records"]
        assert records == [{"number": "P-2", "lead_time": "soon"}, {"number": "P-4", "units": "x"}]
        assert form.fields["version"] == "rest"

    def test_are_not_said_in_a_version_that_would_drop_what_failed(self, wire):
        exchange = wire.send(PARTS, XML, whole(PRETTY))

        page = wire.again(exchange, failed="on", version="rest")

        assert "Record 1 has &#x27;colour&#x27;, which cannot be said in REST as it was sent" in page
        assert not Part.objects.filter(number="P-2").exists()

    def test_that_have_no_place_of_their_own_are_not_sent(self, wire, monkeypatch):
        monkeypatch.setattr(replay, "cut_records", lambda *rest: None)
        exchange = wire.send(PARTS, XML, whole(PRETTY))

        assert "The failed records cannot be cut out of this call" in wire.again(exchange, failed="on")
        assert Exchange.objects.count() == 1

    def test_go_without_the_key_of_the_whole_message(self, wire):
        exchange = wire.send(PARTS, {**XML, "idempotency-key": "order-7"}, whole(PRETTY))

        page = wire.again(exchange, failed="on")

        assert "Not sent." not in page
        assert Exchange.objects.latest("id").failed == 1

    def test_do_not_go_with_a_key_that_stands_inside(self, wire):
        key = '<c:IdempotencyKey xmlns:c="urn:counterpart:options">order-7</c:IdempotencyKey></soapenv:Header>'
        exchange = wire.send(PARTS, XML, whole(PRETTY).replace("</soapenv:Header>", key))

        assert "Its idempotency key &#x27;order-7&#x27; stands for the whole message." in wire.again(
            exchange, failed="on"
        )
        assert Exchange.objects.count() == 1


class TestSecrets:
    def test_are_those_of_whoever_sends_it_again(self, wire, bob):
        post(envelope(user="bob", word="bob-bob!"))
        exchange = Exchange.objects.get()

        page = wire.again(exchange)

        assert "Not sent." not in page
        latest = Exchange.objects.latest("id")
        assert (latest.user_name, latest.credential, latest.created) == ("ada", "ticket", 1)
        assert wire.last_body("utf-8") == envelope(user="ada", word="")

    def test_that_are_repeated_elsewhere_are_not_replaced_by_nothing(self, wire):
        post(envelope(ADD.replace("</part_number>", "</part_number><notes>ada-ada!</notes>")))
        exchange = Exchange.objects.get()
        Part.objects.all().delete()

        assert "It has *** in the place of a value that repeats a secret" in wire.again(exchange)
        assert not Part.objects.exists()
        assert "In the place of *** was a value that repeats a secret" in wire.again(exchange, "open")

    @pytest.mark.parametrize("path, headers, text", table({
        "XML": (PARTS, XML, "<notes>***</notes>"), "JSON": ("/api/v1/parts/", JSON, '"***"'),
    }))  # fmt: skip
    def test_are_not_what_was_sent_as_three_asterisks(self, wire, path, headers, text):
        """Such a note was emptied once: a replay cleared it."""
        message = {PARTS: envelope(ADD.replace("</part_number>", f"</part_number>{text}"), word="").decode()}
        exchange = wire.send(path, headers, message.get(path, f'{{"number": "P-1", "notes": {text}}}'))

        assert text in body_text(exchange.request_body)
        assert text in build_call(exchange).body

    @pytest.mark.parametrize("headers, body", table({
        "a key": (JSON | {"idempotency-key": "Zk3vX9qLm2Rt7Yb4Nc8Hd6Wf"}, '{"number": "P-1"}'),
        "a name": (JSON, '{"number": "P-1", "user_token": "hunter2"}'),
        "a form": (JSON, '{"number": "P-1", "notes": "Bearer Zk3vX9qLm2Rt7Yb4Nc8Hd6Wf"}'),
    }))  # fmt: skip
    def test_that_nobody_would_fill_in_are_not_sent_as_three_asterisks(self, wire, headers, body):
        exchange = wire.send("/api/v1/parts/", headers, body)

        assert "It has *** in the place of a value that repeats a secret or looks like one" in wire.again(exchange)
        assert "In the place of *** was a value" in wire.again(exchange, "open") or "user_token" in body
        assert Exchange.objects.count() == 1

    def test_are_no_ids_hashes_and_keys_of_the_usual_forms(self, wire):
        headers = JSON | {"idempotency-key": "8e03978e-40d5-43e8-bc93-6894a57f9324"}
        notes = "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12 Zk3vX9qLm2Rt7Yb4Nc8Hd6Wf JVBERi0xLjQKJcfsj6IKNSAwIG9iag"
        exchange = wire.send("/api/v1/parts/", headers, f'{{"number": "HX-200-A12/B", "notes": "{notes}"}}')

        assert exchange.request_headers["idempotency-key"] == headers["idempotency-key"]
        assert notes in body_text(exchange.request_body)
        assert "Not sent." not in wire.again(exchange)

    def test_no_part_of_a_message_is_sent_for_the_whole(self, wire, settings):
        settings.EXCHANGE_BODY_BYTES = 900
        exchange = wire.send(PARTS, XML, whole(PRETTY))

        page = wire.page.get(f"/admin/webservices/exchanges/{exchange.call_id}/").content.decode()

        assert "It cannot be sent again. Only a part of this call was saved: The first 900 of" in page
        wire.again(exchange)
        wire.again(exchange, failed="on")
        assert Exchange.objects.count() == 1
