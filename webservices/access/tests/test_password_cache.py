"""Whether a secret fits, at a cost that no caller can make others pay."""

from datetime import timedelta
from threading import Event, Thread

import pytest

from records.tests.cast import NOW
from webservices.access.password_cache import Busy, Verifier, hash_fits

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


def fits(verifier, name="ada", offered="right", stored="hash of right", at=NOW, peer=""):
    return verifier.fits("password", name, offered, stored, at=at, peer=peer)


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

    def test_a_stranger_is_told_to_come_back(self):
        compare = SlowComparison(hold=True)
        verifier = Verifier(compare)
        thread, results = in_thread(fits, verifier)
        assert compare.begun.wait(5)

        with pytest.raises(Busy):
            fits(verifier, name="eve", offered="guess", stored="")
        compare.go.set()
        thread.join(5)

        assert results == [True]
        assert compare.compared == ["right"]

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
        while not verifier._waiting:
            pass
        with pytest.raises(Busy):
            fits(verifier, name="mallory", offered="another", stored="", at=later)
        compare.go.set()
        waiting.join(5)
        guessing.join(5)

        assert results == [True]
        assert compare.compared == ["right", "guess", "right"]

    def test_an_error_of_the_comparison_keeps_nobody_waiting(self):
        def broken(secret, stored):
            raise RuntimeError("no memory for a hash")

        verifier = Verifier(broken)
        with pytest.raises(RuntimeError):
            fits(verifier)
        verifier._check = SlowComparison()

        assert fits(verifier)


class TestSlowsDownGuessing:
    def test_an_address_that_guessed_wrong_waits_a_second(self):
        verifier = Verifier(SlowComparison())
        fits(verifier, offered="guess 1", peer="10.0.0.66")

        with pytest.raises(Busy):
            fits(verifier, offered="guess 2", peer="10.0.0.66")

        assert fits(verifier, peer="10.0.0.1")
        assert not fits(verifier, offered="guess 2", peer="10.0.0.66", at=NOW + SECOND)

    def test_who_is_proven_does_not_wait_though_others_guess_from_the_same_address(self):
        verifier = Verifier(SlowComparison())
        fits(verifier, peer="10.0.0.66")
        later = NOW + timedelta(minutes=5)
        fits(verifier, offered="guess", peer="10.0.0.66", at=later)

        assert fits(verifier, peer="10.0.0.66", at=later)


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

    def test_takes_the_right_password_only(self, stored_hash):
        assert hash_fits("right", stored_hash("right"))
        assert not hash_fits("Right", stored_hash("right"))
