"""
The comparison of secrets with stored hashes, at a cost that no caller can make others pay.

Hashing is slow on purpose. So in one process

    one hash is computed at a time, in the order of `sign_in_queue`, and one more of those whose source has failed,
    by a thread that gets what of the processor others leave;
    what fitted is known for a minute and what did not for 30 seconds, while the stored hash is the same;
    callers with the credential that is hashed share its result.

What is remembered is a hash of the credential under a key of this process (BLAKE2b), never the secret.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b
from threading import Lock

from django.contrib.auth.hashers import check_password, identify_hasher, make_password

from records.shapes.lru import LruCache
from webservices.access.low_priority import LowPriorityThread
from webservices.access.sign_in_queue import FairQueue, Lane, Source
from webservices.conf import server_settings

KNOWN_FOR = timedelta(minutes=1)
REFUSED_FOR = timedelta(seconds=30)
AT_MOST = 10_000
NOWHERE = Source()


class Verifier:
    """
    The knowledge of one process about credentials.

    check  the slow comparison, of a secret with what is stored
    queue  of those who wait for it
    """

    def __init__(self, check: Callable[[str, str], bool], queue: FairQueue | None = None):
        self._check = check
        self.queue = FairQueue(lambda: server_settings().sign_in_queue) if queue is None else queue
        self._low_priority = LowPriorityThread()
        self._key = secrets.token_bytes(32)
        self._lock = Lock()
        self._fitted: LruCache[bytes, tuple[str, datetime]] = LruCache(AT_MOST)
        self._refused: LruCache[bytes, tuple[str, datetime]] = LruCache(AT_MOST)

    def fits(self, scheme: str, name: str, secret: str, stored: str, *, at: datetime, source: Source = NOWHERE) -> bool:
        """
        Return True if the secret fits the stored hash; raises Busy.

        scheme, name  tell credentials apart: `password` of `ada`, `key` of `cp_k3m9x2aq`
        source        where it comes from: those that have failed least come first
        """
        key = self._digest(scheme, name, secret)
        fitted = self._recall(key, stored, at)
        if fitted is None:
            with self.queue.turn(source, key, proven=self._is_proven(key, stored)) as lane:
                # Who had the turn before may have had this credential.
                fitted = self._recall(key, stored, at)
                if fitted is None:
                    fitted = self._compare(key, secret, stored, at, source, lane)
        return fitted

    def _compare(self, key: bytes, secret: str, stored: str, at: datetime, source: Source, lane: Lane) -> bool:
        # No lock is held while the hash is computed: what is known already is answered meanwhile.
        if lane is Lane.CLEAN:
            fitted = self._check(secret, stored)
        else:
            fitted = self._low_priority.run(self._check, secret, stored)
        with self._lock:
            (self._fitted if fitted else self._refused).put(key, (stored, at))
        self.queue.decide(key)
        if not fitted:
            self.queue.count_failure(source)
        return fitted

    def forget(self) -> None:
        """Begin anew, as after a restart."""
        with self._lock:
            self._fitted.clear()
            self._refused.clear()
        self.queue.forget()

    def _digest(self, *parts: str) -> bytes:
        # With their lengths, so that no two lists of parts give one text.
        text = "".join(f"{len(part)}:{part}" for part in parts)
        return blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=32).digest()

    def _recall(self, key: bytes, stored: str, at: datetime) -> bool | None:
        for memory, span, result in ((self._fitted, KNOWN_FOR, True), (self._refused, REFUSED_FOR, False)):
            with self._lock:
                remembered = memory.get(key)
            # The stored hash belongs to what is known: a changed password counts with the next call.
            if remembered and hmac.compare_digest(remembered[0], stored) and at - remembered[1] < span:
                return result
        return None

    def _is_proven(self, key: bytes, stored: str) -> bool:
        with self._lock:
            remembered = self._fitted.get(key)
        # However long ago: the time only decides whether it is hashed again.
        return remembered is not None and hmac.compare_digest(remembered[0], stored)


def hash_fits(secret: str, stored: str) -> bool:
    """
    Compare a password with its hash as Django does.

    A user who does not exist, or who has no usable password, costs one hash like everybody else.
    """
    nobody = _hash_of_nobody()
    try:
        identify_hasher(stored)
    except ValueError:
        # Django itself would answer at once, and the time would tell which users there are.
        check_password(secret, nobody)
        return False
    return check_password(secret, stored)


@cache
def _hash_of_nobody() -> str:
    return make_password(secrets.token_urlsafe(32))


VERIFIER = Verifier(hash_fits)
