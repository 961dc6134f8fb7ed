"""
While others guess, a right secret is taken in time and a wrong one told as wrong, in the words of each wire, and at the
sign-in to the admin site.
"""

from dataclasses import replace
from itertools import count, cycle
from threading import Event, Thread
from time import monotonic, sleep

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from records.tests.cast import table
from webservices import endpoint
from webservices.access.password_cache import VERIFIER, hash_fits
from webservices.access.sign_in_queue import Source
from webservices.declarations import OPERATIONS
from webservices.models import Exchange
from webservices.publishing import dialect_settings
from webservices.tests.api_keys import SECRET, key_for
from webservices.tests.test_endpoint import PARTS, envelope
from webservices.wire.credentials import Bearer, Password
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import Call, WireRequest
from webservices.wire.operations import Verb

GET = "<getParts><Parts/></getParts>"
PAGE = "/admin/login/"
HASHING = 0.05  # seconds
MOST_TURNS = 40  # of hashing until a secret is taken: two seconds of them
GUESSERS, ADDRESSES = 8, [f"10.0.0.{number}" for number in range(1, 250)]
# The call that shows a secret, and what the wire says of a wrong one and of one that finds no place in the queue.
WIRES = {
    "oracle-2.0": ("parts.find", b"SECURITY-ERR</bm:exceptionCode>", b"PARTS-ERR</bm:exceptionCode>"),
    "oracle-1.0": ("sessions.open", b"faultcode>soapenv:Server</", b"faultcode>soapenv:Server</"),
    "oracle-rest": ("parts.find", b'"status":401', b'"status":503'),
    "crm-service": ("sessions.open", b"soapenv:Client.InvalidApiKey", b"soapenv:Server.Busy"),
    "ecosys": ("parts.find", b"faultcode>soapenv:Client</", b"faultcode>soapenv:Server</"),
    "ecosys-rest-xml": ("parts.find", b'successFlag="false"><PartError>', b'successFlag="false"><PartError>'),
    "ecosys-rest-json": ("parts.find", b'"successFlag":false},"PartError"', b'"successFlag":false},"PartError"'),
    "expandable": ("auth_tokens.open", b'"MESSAGE_CODE":"LOGIN_FAILURE"', b'"MESSAGE_CODE":"BUSY"'),
    "rest": ("parts.find", b'"status":401', b'"status":503'),
    "sap-cpq": ("sessions.show", b"101001", b"100000"),
}
BUSY = b"The server is verifying other credentials. Come back in a second."
ROWS = {dialect.name: (dialect, *WIRES[dialect.name]) for dialect in DIALECTS}
every_wire = pytest.mark.parametrize("dialect, name, wrong, busy", table(ROWS))


class Newcomer:
    """A user whom no process knows, with a secret for a wire: a password, or the key that CRM-service takes."""

    def __init__(self, dialect, stored_hash):
        self.dialect = dialect
        self.user = User.objects.create(
            username=f"new-{dialect.name}", password=stored_hash("right-1"), is_superuser=True
        )
        self.key = key_for(self.user, "sessions.open")

    def credentials(self, is_right):
        if self.dialect.name == "crm-service":
            return Bearer(self.key if is_right else self.key.replace(SECRET, f"wrong{monotonic()}"))
        return Password(self.user.username, "right-1" if is_right else f"wrong{monotonic()}")

    def ask(self, *, is_right, peer="172.16.0.9"):
        """Ask as a client of the wire does: return the code of the refusal ("": none), and the response."""
        spoken = self.dialect.for_site(dialect_settings(self.dialect))
        operation = next(each for each in OPERATIONS if each.name == WIRES[self.dialect.name][0])
        records = [{"data_source": "DEMO"}] if operation.name == "auth_tokens.open" else []
        criteria = () if operation.verb is Verb.FIND else None
        call = Call(operation, records=records, criteria=criteria, credentials=self.credentials(is_right))
        request = spoken.build_request(call, spoken.contexts(operation)[0])
        completed = endpoint.serve_and_report(self.dialect, replace(request, peer=peer))
        return Exchange.objects.get(call_id=completed.call_id).code, completed.response


def sign_in(secret, peer, user="ada"):
    """The answer of the admin site's page."""
    return Client().post(PAGE, {"username": user, "password": secret}, secure=True, REMOTE_ADDR=peer)


def guess(begin, is_over):
    """Guess until it is over, in calls and at the page: as an owner, and as somebody who does not exist."""
    try:
        for number, peer in zip(count(), cycle(ADDRESSES[begin:] + ADDRESSES[:begin]), strict=False):
            if is_over.is_set():
                return
            user, secret = ("ada", "eve")[number % 2], f"guess {begin} {number}"
            if begin == 0:
                sign_in(secret, peer, user)
                continue
            body = envelope(GET, user=user, word=secret)
            endpoint.serve(ORACLE_2_0, WireRequest("POST", PARTS, body, peer=peer))
    finally:
        connection.close()


@pytest.fixture
def attack(transactional_db, django_db_serialized_rollback, monkeypatch, stored_hash):
    """Eight guessers from 249 addresses, where a hash takes as long as a quick machine needs; all that is hashed."""
    hashed = []

    def compare(secret, stored):
        hashed.append(secret)
        sleep(HASHING)
        return hash_fits(secret, stored)

    monkeypatch.setattr(VERIFIER, "_check", compare)
    User.objects.create(username="ada", password=stored_hash("ada-ada!"), is_superuser=True, is_staff=True)
    is_over = Event()
    threads = [Thread(target=guess, args=(number * 31, is_over)) for number in range(GUESSERS)]
    for thread in threads:
        thread.start()
    yield hashed
    is_over.set()
    for thread in threads:
        thread.join(20)


def test_keep_no_newcomer_out(attack, stored_hash):
    """At each wire a wrong secret is told as wrong and a right one is taken in time, from a guesser's address, too."""
    sleep(1)
    codes, turns = {}, {}
    for number, dialect in enumerate(DIALECTS):
        newcomer = Newcomer(dialect, stored_hash)
        peer = ("172.16.0.9", "10.0.0.251", ADDRESSES[number])[number % 3]
        wrong, _ = newcomer.ask(is_right=False, peer=peer)
        before = len(attack)
        right, _ = newcomer.ask(is_right=True, peer=peer)
        codes[dialect.name], turns[dialect.name] = (wrong, right), len(attack) - before

    assert codes == {
        dialect.name: ("unknown-token" if dialect.name == "crm-service" else "wrong-password", "")
        for dialect in DIALECTS
    }
    assert {name: count for name, count in turns.items() if count > MOST_TURNS} == {}


@pytest.mark.parametrize("peer", ["172.16.0.9", ADDRESSES[7]])
def test_keep_no_owner_out_of_the_admin_site(attack, peer):
    sleep(1)

    wrong = sign_in("wrong", peer)
    before = len(attack)
    right = sign_in("ada-ada!", peer)

    assert (wrong.status_code, right.status_code) == (403, 302)
    assert b"The user name or the password is wrong." in wrong.content
    assert len(attack) - before <= MOST_TURNS


@every_wire
def test_one_wrong_secret_is_told_as_wrong_and_the_next_right_one_taken(db, stored_hash, dialect, name, wrong, busy):
    newcomer = Newcomer(dialect, stored_hash)

    for _ in range(3):
        code, response = newcomer.ask(is_right=False)
        assert code in ("wrong-password", "unknown-token")
        assert wrong in response.body
        assert BUSY not in response.body
    code, response = newcomer.ask(is_right=True)

    assert (code, response.status) == ("", 200)


@every_wire
def test_who_finds_no_place_is_told_to_come_back(db, stored_hash, settings, dialect, name, wrong, busy):
    settings.SIGN_IN_QUEUE = 0
    newcomer = Newcomer(dialect, stored_hash)

    with VERIFIER.queue.turn(Source("another"), proven=False):
        code, response = newcomer.ask(is_right=True)

    assert (code, response.headers["Retry-After"]) == ("busy", "1")
    assert busy in response.body
    assert BUSY in response.body
    assert newcomer.ask(is_right=True)[0] == ""


def test_who_finds_no_place_at_the_admin_site_is_told_so_on_the_page(ada, settings):
    settings.SIGN_IN_QUEUE = 0

    with VERIFIER.queue.turn(Source("another"), proven=False):
        busy = sign_in("ada-ada!", "172.16.0.9")

    assert (busy.status_code, busy["Retry-After"]) == (503, "1")
    assert BUSY in busy.content
    assert sign_in("ada-ada!", "172.16.0.9").status_code == 302


def test_who_is_known_is_not_kept_out_though_all_share_an_address(attack):
    def ask():
        body = envelope(GET, user="ada", word="ada-ada!")
        return endpoint.serve(ORACLE_2_0, WireRequest("POST", PARTS, body, peer=ADDRESSES[0])).status

    assert [ask() for _ in range(10)] == [200] * 10
