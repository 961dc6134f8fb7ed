"""A secret is put into every place of a saved call, in every way that one is saved; then all tables are searched."""

import json

import pytest

from records.tests.cast import table
from webservices.exchanges.tests.test_canary import SECRET, TELLING, leaks
from webservices.tester.collections.files import CallContent, CollectionContent, remove_secrets, save_content
from webservices.tester.collections.imports import import_file
from webservices.tester.collections.services import (
    CallForm,
    create_collection,
    save_call,
    update_call,
    update_collection,
)
from webservices.tester.compose.headers import format_headers
from webservices.tester.models import SavedCall
from webservices.tests.test_endpoint import PARTS, envelope

pytestmark = pytest.mark.django_db
KEPT = "PUMP-100"
JWT = f"eyJhbGciOiJIUzI1NiJ9.{SECRET[2:12]}.{SECRET[2:12]}"
NOTE = envelope(word=SECRET).decode().replace("</e:Body>", f"<n>{KEPT}</n></e:Body>")

PLACES = {
    "the query": {"target": f"/api/v1/parts/?password={SECRET}&number={KEPT}"},
    "the query, escaped": {"target": f"/api/v1/parts/?p%61ssword={SECRET}&number={KEPT}"},
    "the user of the address": {"target": f"https://ada:{SECRET}@partner.example/parts/{KEPT}"},
    "a header": {"headers": {"x-api-key": SECRET, "x-note": KEPT}},
    "a header with a token": {"headers": {"x-note": f"{KEPT} Bearer {JWT}"}},
    "WS-Security": {"target": PARTS, "body": NOTE},
    "an element that is misspelled": {"target": PARTS, "body": f"<a><Pasword>{SECRET}</Pasword><n>{KEPT}</n></a>"},
    "an attribute": {"target": PARTS, "body": f'<a userPassword="{SECRET}"><n>{KEPT}</n></a>'},
    "CDATA": {"target": PARTS, "body": f"<a><pwd><![CDATA[{SECRET}]]></pwd><n>{KEPT}</n></a>"},
    "what is not well-formed": {"target": PARTS, "body": f"<a><n>{KEPT}</n><password>{SECRET}"},
    "JSON": {"body": json.dumps({"number": KEPT, "api_key": SECRET})},
    "JSON of no dialect": {"target": "/elsewhere", "body": json.dumps({"number": KEPT, "j_password": SECRET})},
    "a form": {"target": "/oauth2/token", "body": f"a={KEPT}&client_secret={SECRET}"},
    "a token": {"body": json.dumps({"number": KEPT, "notes": JWT})},
}
PLACES |= {f"the query, as {name}": {"target": f"/x?{name}={SECRET}&number={KEPT}"} for name in TELLING}


def save(call):
    save_call(create_collection(name="Parts", owner_id=None), call)


def type_in(call):
    save_call(create_collection(name="Parts", owner_id=None), CallContent("new", "GET", "/x"))
    form = CallForm("typed", call.method, call.target, headers=format_headers(call.headers), body=call.body)
    update_call(SavedCall.objects.get(), form)


def import_own(call):
    save_content(CollectionContent("Parts", "", {}, [call]), owner_id=None)


def import_postman(call):
    request = {"method": "POST", "url": call.target, "body": {"mode": "raw", "raw": call.body}}
    request["header"] = [{"key": name, "value": value} for name, value in call.headers.items()]
    info = {"name": "Parts", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}
    save_content(
        import_file(json.dumps({"info": info, "item": [{"name": "a", "request": request}]}).encode()), owner_id=None
    )


WAYS = {"saved": (save,), "typed": (type_in,), "in a file of ours": (import_own,), "in Postman's": (import_postman,)}


@pytest.mark.parametrize("way", table(WAYS))
@pytest.mark.parametrize("place", table({name: (place,) for name, place in PLACES.items()}))
def test_no_secret_is_saved_and_the_rest_is(way, place, caplog):
    call = CallContent(**{"name": "a", "method": "POST", "target": "/api/v1/parts/", **place})

    way(call)

    saved = SavedCall.objects.get()
    assert not leaks(caplog)
    assert KEPT in f"{saved.target} {saved.headers} {saved.body}"


@pytest.mark.parametrize("name", ["password", "api_key", "token2"])
def test_no_value_of_a_collection_is_a_secret(name, caplog):
    collection = create_collection(name="Parts", owner_id=None)

    update_collection(collection, name="Parts", description="", values=f"{name} = {SECRET}\nnumber = {KEPT}")
    save_content(CollectionContent("Others", "", {name: SECRET, "number": KEPT}, []), owner_id=None)

    assert not leaks(caplog)
    assert collection.values == {name: "", "number": KEPT}


def test_what_is_captured_is_filled_in_still():
    body = '<a sessionId="{{session}}"><password>{{word}}</password><b>*** {{b}}</b></a>'
    call = CallContent("a", "POST", "/x?token={{token}}&q=1", headers={"x-token": "{{token}}"}, body=body)

    assert remove_secrets(call) == call


def test_a_header_that_was_masked_is_not_saved_as_three_asterisks():
    call = CallContent("a", "POST", "/x", headers={"idempotency-key": "***", "accept": "text/xml"})

    assert remove_secrets(call).headers == {"accept": "text/xml"}
