"""Four clients that guess passwords as fast as they can, in real threads, do not starve one that has a right one."""

from collections import Counter
from itertools import count
from threading import Event, Thread
from time import monotonic, sleep

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import connection

from webservices import endpoint
from webservices.models import Exchange
from webservices.tests.test_endpoint import PARTS, envelope
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.messages import WireRequest

GET = "<getParts><Parts/></getParts>"


def ask(word, peer, user="ada"):
    """The status of a call, and when it was refused why."""
    response = endpoint.serve(ORACLE_2_0, WireRequest("POST", PARTS, envelope(GET, user=user, word=word), peer=peer))
    return response.status if response.status == 200 else f"busy {response.headers.get('Retry-After', '')}".strip()


@pytest.fixture
def guessers(transactional_db, django_db_serialized_rollback):
    """Begins four of them, at these addresses, and stops them when the test is over."""
    User.objects.create(username="ada", password=make_password("ada-ada!"), is_superuser=True)
    over, threads = Event(), []

    def guess(name, peer):
        try:
            for number in count():
                if over.is_set():
                    return
                ask(f"guess {name} {number}", peer, user=("ada", "eve")[number % 2])
        finally:
            connection.close()

    def begin(*peers):
        for name, peer in enumerate(peers):
            threads.append(Thread(target=guess, args=(name, peer)))
            threads[-1].start()

    yield begin
    over.set()
    for thread in threads:
        thread.join(20)


class TestGuessing:
    def test_does_not_keep_a_newcomer_out(self, guessers):
        guessers("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4")
        sleep(0.3)

        begun, answers = monotonic(), Counter()
        while monotonic() - begun < 60 and answers[200] < 10:
            answer = ask("ada-ada!", "10.0.0.9")
            answers[answer] += 1
            if answer != 200:
                sleep(0.1)

        assert answers[200] == 10

    def test_does_not_keep_out_who_is_known_though_all_share_an_address(self, guessers):
        assert ask("ada-ada!", "10.0.0.1") == 200
        guessers(*["10.0.0.1"] * 4)
        sleep(0.3)

        answers = [ask("ada-ada!", "10.0.0.1") for _ in range(10)]

        assert answers == [200] * 10

    def test_is_told_to_come_back(self, guessers):
        guessers("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4")

        begun, codes = monotonic(), Counter()
        while monotonic() - begun < 60 and not codes["busy"] > codes["wrong-password"] > 0:
            sleep(0.3)
            codes = Counter(Exchange.objects.filter(status=500).values_list("code", flat=True))

        assert set(codes) <= {"busy", "wrong-password"}
        assert codes["busy"] > codes["wrong-password"] > 0
