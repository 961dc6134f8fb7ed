"""Whether a secret fits, at a cost that no caller can make others pay."""

from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread, current_thread
from time import monotonic, sleep

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password

from records.tests.cast import NOW, table
from webservices.access.password_cache import Verifier, hash_fits
from webservices.access.sign_in_queue import TOLERANCE, Busy, FairQueue, Lane, Source, locate_source

SECOND = timedelta(seconds=1)


class SlowComparison:
    """Compares as told and counts; with `hold`, each comparison waits until it is let go."""

    def __init__(self, hold=False):
        self.compared = []
        self.begun, self.go = Event(), Event()
        if not hold:
            self.go.set()

    def __call__(self, secret, stored):
        self.compared.append(secret)
        self.begun.set()
        assert self.go.wait(10)
        return stored == f"hash of {secret}"


def in_thread(function, *args, **kwargs):
    """The function begun beside us; its result or exception is put in the list."""
    results = []

    def run():
        try:
            results.append(function(*args, **kwargs))
        except Exception as error:
            results.append(error)

    thread = Thread(target=run)
    thread.start()
    return thread, results


def wait_until(holds):
    until = monotonic() + 5
    while not holds():
        assert monotonic() < until
        sleep(0.001)


def fits(verifier, name="ada", offered="right", stored="hash of right", at=NOW, peer=""):
    return verifier.fits("password", name, offered, stored, at=at, source=locate_source(peer, name))


class TestRemembers:
    @pytest.mark.parametrize(
        "offered, seconds, times",
        [("right", 59, 1), ("right", 60, 2), ("wrong", 29, 1), ("wrong", 30, 2)],
    )
    def test_a_minute_what_fitted_and_30_seconds_what_did_not(self, offered, seconds, times):
        compare = SlowComparison()
        verifier = Verifier(compare)

        first = fits(verifier, offered=offered)
        second = fits(verifier, offered=offered, at=NOW + seconds * SECOND)

        assert first is second is (offered == "right")
        assert len(compare.compared) == times

    def test_nothing_of_a_hash_that_has_changed(self):
        verifier = Verifier(SlowComparison())

        assert fits(verifier)
        assert not fits(verifier, stored="hash of new")
        assert fits(verifier, offered="new", stored="hash of new")

    def test_no_secret_in_its_memory(self):
        verifier = Verifier(SlowComparison())

        fits(verifier, offered="right")
        fits(verifier, offered="wrong-one")

        memory = repr(verifier._fitted._items) + repr(verifier._refused._items)
        assert "wrong-one" not in memory
        assert "right'" not in memory.replace("hash of right'", "")

    def test_at_most_so_many(self):
        verifier = Verifier(SlowComparison())
        verifier._refused.size = 3

        for number in range(10):
            fits(verifier, offered=f"guess {number}")

        assert len(verifier._refused) == 3

    def test_name_and_secret_apart(self):
        verifier = Verifier(SlowComparison())

        assert not fits(verifier, name="a", offered="bright")
        assert fits(verifier, name="ab", offered="right")


class TestOneAtATime:
    def test_the_same_credential_waits_and_is_compared_once(self):
        compare = SlowComparison(hold=True)
        verifier = Verifier(compare)

        started = [in_thread(fits, verifier) for _ in range(8)]
        assert compare.begun.wait(5)
        compare.go.set()
        for thread, _ in started:
            thread.join(5)

        assert [results for _, results in started] == [[True]] * 8
        assert len(compare.compared) == 1

    def test_who_is_known_is_answered_meanwhile(self):
        compare = SlowComparison()
        verifier = Verifier(compare)
        fits(verifier)
        compare.go.clear()
        compare.begun.clear()
        thread, _ = in_thread(fits, verifier, name="eve", offered="guess", stored="")
        assert compare.begun.wait(5)

        assert fits(verifier, at=NOW + SECOND)

        compare.go.set()
        thread.join(5)

    def test_who_was_known_waits_for_a_turn_and_goes_before_strangers(self):
        compare = SlowComparison()
        verifier = Verifier(compare)
        fits(verifier)
        later = NOW + timedelta(minutes=2)
        compare.go.clear()
        compare.begun.clear()
        guessing, _ = in_thread(fits, verifier, name="eve", offered="guess", stored="", at=later)
        assert compare.begun.wait(5)

        waiting, results = in_thread(fits, verifier, at=later)
        wait_until(lambda: len(verifier.queue) == 1)
        compare.go.set()
        waiting.join(5)
        guessing.join(5)

        assert results == [True]
        assert compare.compared == ["right", "guess", "right"]

    def test_a_guess_of_a_source_that_has_failed_is_hashed_by_a_thread_of_low_priority(self):
        threads = []

        def compare(secret, stored):
            threads.append(current_thread().name)
            return secret == "right"

        verifier = Verifier(compare, FairQueue(lambda: 5, clock=lambda: 100.0))

        for number in range(TOLERANCE + 2):
            assert not fits(verifier, offered=f"wrong {number}", peer="10.0.0.66")
        assert fits(verifier, peer="10.0.0.66")
        assert fits(verifier, name="bob", peer="10.9.0.1")

        own = current_thread().name
        assert [name == own for name in threads] == [True] * TOLERANCE + [False] * 3 + [True]

    def test_an_error_of_the_comparison_at_low_priority_keeps_nobody_waiting(self):
        def broken(secret, stored):
            raise RuntimeError("no memory for a hash")

        verifier = Verifier(broken, FairQueue(lambda: 5, clock=lambda: 100.0))
        for _ in range(TOLERANCE):
            verifier.queue.count_failure(locate_source("10.0.0.66", "ada"))
        with pytest.raises(RuntimeError, match="no memory for a hash"):
            fits(verifier, peer="10.0.0.66")
        verifier._check = SlowComparison()

        assert fits(verifier, peer="10.0.0.66")

    def test_an_error_of_the_comparison_keeps_nobody_waiting(self):
        def broken(secret, stored):
            raise RuntimeError("no memory for a hash")

        verifier = Verifier(broken)
        with pytest.raises(RuntimeError):
            fits(verifier)
        verifier._check = SlowComparison()

        assert fits(verifier)


class TestQueue:
    """The order in which strangers are called who come one after the other while a hash is computed."""

    GUESSERS = [(f"10.0.0.{number}", "admin") for number in range(1, 250)]
    G1, G2 = (*GUESSERS[0], "g1"), (*GUESSERS[1], "g2")
    ALL = ["new", "g1", "g2"]
    CALLED = {
        "a newcomer before guessers of other networks": (3, [G1, G2, ("10.9.0.1", "ada", "new")], ALL),
        "a newcomer in their network": (3, [G1, G2, ("10.0.0.250", "ada", "new")], ALL),
        "another user at their address": (3, [G1, G2, ("10.0.0.1", "ada", "new")], ALL),
        "the owner whose name they guess": (3, [G1, G2, ("10.9.0.1", "admin", "new")], ALL),
        "a newcomer takes the place of a guesser": (2, [G1, G2, ("10.9.0.1", "ada", "new")], ["new", "g1"]),
        "one more guesser has no place": (2, [("10.9.0.1", "ada", "new"), G1, G2], ["new", "g1"]),
    }

    @pytest.mark.parametrize("places, arrivals, called", table(CALLED))
    def test_the_least_failed_work_comes_first(self, places, arrivals, called):
        queue = FairQueue(lambda: places, clock=lambda: 100.0)
        for peer, user in self.GUESSERS * 9:
            queue.count_failure(locate_source(peer, user))

        assert self.order(queue, arrivals) == called

    def test_one_wrong_password_sends_nobody_away(self):
        verifier = Verifier(SlowComparison(), FairQueue(lambda: 1, clock=lambda: 100.0))

        assert [fits(verifier, offered=f"wrong {number}", peer="10.0.0.66") for number in range(3)] == [False] * 3
        assert fits(verifier, peer="10.0.0.66")

    def test_who_waits_long_comes_first_whatever_failed(self):
        now = [100.0]
        queue = FairQueue(lambda: 5, clock=lambda: now[0])
        for _ in range(99):
            queue.count_failure(locate_source("10.0.0.1", "ada"))
        for number in range(20):
            queue.count_failure(locate_source(f"10.1.0.{number}", "x"))
        arrivals = [("10.0.0.1", "ada", "1"), *((f"10.1.0.{number}", "x", f"{number}") for number in (2, 3, 4))]

        def pass_time():
            now[0] += 0.4

        assert self.order(queue, arrivals, pass_time)[0] == "1"

    def test_a_newcomer_waits_for_no_guess(self):
        queue = FairQueue(lambda: 5, clock=lambda: 100.0)
        self.suspect(queue, "10.0.0.1")

        with (
            queue.turn(locate_source("10.0.0.1", "eve"), proven=False) as guess,
            queue.turn(locate_source("10.9.0.1", "ada"), proven=False) as newcomer,
        ):
            assert len(queue) == 0

        assert (guess, newcomer) == (Lane.SUSPECT, Lane.CLEAN)

    def test_one_guess_has_its_turn_at_a_time(self):
        queue = FairQueue(lambda: 5, clock=lambda: 100.0)
        self.suspect(queue, "10.0.0.1")
        called = []

        def guess():
            with queue.turn(locate_source("10.0.0.1", "eve"), proven=False):
                called.append(True)

        with queue.turn(locate_source("10.0.0.1", "eve"), proven=False):
            thread, _ = in_thread(guess)
            wait_until(lambda: len(queue) == 1)
            assert called == []
        thread.join(5)

        assert called == [True]

    def test_who_computes_at_a_low_priority_holds_no_thread_of_others(self):
        queue, extra = FairQueue(lambda: 5, clock=lambda: 100.0), []
        self.suspect(queue, "10.0.0.1")

        @contextmanager
        def extra_thread():
            extra.append("begun")
            yield
            extra.append("ended")

        queue.extra_thread = extra_thread

        with queue.turn(locate_source("10.9.0.1", "ada"), proven=False):
            assert extra == []
        with queue.turn(locate_source("10.0.0.1", "eve"), proven=False):
            assert extra == ["begun"]
        assert extra == ["begun", "ended"]

    def test_whose_credential_is_decided_goes_before_all_others(self):
        queue = FairQueue(lambda: 5, clock=lambda: 100.0)
        for peer in ("10.0.0.1", "10.0.0.2"):
            self.suspect(queue, peer)
        arrivals = [("10.9.0.1", "eve", "new"), ("10.0.0.1", "ada", "same"), ("10.0.0.2", "ada", "same")]

        called = self.order(queue, arrivals, lambda: queue.decide(b"same"))

        assert called == ["same", "same", "new"]

    def test_an_address_of_ipv6_is_a_customers_network(self):
        assert locate_source("2001:db8:1:2::9", "ada") == locate_source("2001:db8:1:2:ffff::1", "ada")
        assert locate_source("::ffff:10.0.0.1", "ada") == locate_source("10.0.0.1", "ada")

    @staticmethod
    def suspect(queue, peer):
        """Let the address have failed so often that it counts."""
        for _ in range(TOLERANCE):
            queue.count_failure(locate_source(peer, ""))

    def order(self, queue, arrivals, after_each=lambda: None):
        """
        The labels in the order in which they had their turn; who was sent away is missing.

        Both lanes are taken when they come. First the one for those of whom nothing bad is known gets free.
        """
        called, gone, threads = [], [], []

        def come(source, label):
            try:
                with queue.turn(source, label.encode(), proven=False):
                    called.append(label)
            except Busy:
                gone.append(label)

        self.suspect(queue, "192.0.2.1")
        with queue.turn(locate_source("192.0.2.1", ""), proven=False):
            with queue.turn(Source("first"), proven=False):
                for number, (peer, user, label) in enumerate(arrivals, 1):
                    threads.append(Thread(target=come, args=(locate_source(peer, user), label)))
                    threads[-1].start()
                    wait_until(lambda number=number: len(queue) + len(gone) == number)
                    after_each()
            wait_until(lambda: Lane.CLEAN not in queue._current)
        for thread in threads:
            thread.join(5)
        return called


class TestHashFits:
    def test_a_hash_that_is_none_costs_as_much_as_a_wrong_password(self, stored_hash, monkeypatch):
        hashed = []
        monkeypatch.setattr(
            "webservices.access.password_cache.check_password",
            lambda secret, stored: hashed.append(stored.split("$")[0]),
        )

        for stored in ("", "!unusable", "md5$salt$hash", stored_hash("right")):
            assert not hash_fits("guess", stored)

        assert hashed == ["argon2"] * 4

    def test_a_new_hash_is_computed_on_one_core_and_older_ones_are_taken(self, full_hash_cost):
        older = Argon2PasswordHasher().encode("right", "0penSesame")

        assert make_password("right").startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")
        assert older.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
        assert hash_fits("right", older)

    def test_takes_the_right_password_only(self, stored_hash):
        assert hash_fits("right", stored_hash("right"))
        assert not hash_fits("Right", stored_hash("right"))
