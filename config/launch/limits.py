"""The patience of a web process with its callers, as the environment's variables have it."""

import resource
from dataclasses import dataclass

from config.launch.variables import read_number

MEMORY_BYTES = 64 * 1024  # of a body, and of an answer that is not taken yet; the rest is in a file


@dataclass(frozen=True)
class Limits:
    """
    The patience of a web process: times in seconds, sizes in bytes, rates in bytes a second.

    head_seconds    from the first byte of a head to its last, and from the opening of a connection to its first byte
    idle_seconds    between an answer and the next request
    grace_seconds   for a body or an answer, besides what the least rate allows; and while nothing of an answer is taken
    least_rate      at which a body must come and an answer be taken, on the average
    body_bytes      of a body that are kept for the application; what follows is read and dropped
    discard_bytes   of a body at which the connection ends with a 413
    unread_bytes    of all answers that wait to be taken; beyond it, the largest of them is given up
    connections     that may be open; beyond it, the oldest that waits for its caller is given up
    """

    head_seconds: float = 10.0
    idle_seconds: float = 15.0
    grace_seconds: float = 20.0
    least_rate: int = 1000
    head_bytes: int = 64 * 1024
    body_bytes: int = 50 * 1024 * 1024
    discard_bytes: int = 1024 * 1024 * 1024
    unread_bytes: int = 1024 * 1024 * 1024
    connections: int = 900


def read_limits(body_bytes: int) -> Limits:
    """Return the limits as the environment's variables have them."""
    return Limits(
        head_seconds=read_number("WEB_HEAD_SECONDS"),
        idle_seconds=read_number("WEB_IDLE_SECONDS"),
        grace_seconds=read_number("WEB_GRACE_SECONDS"),
        least_rate=read_number("WEB_LEAST_RATE"),
        body_bytes=body_bytes,
        discard_bytes=max(Limits.discard_bytes, 4 * body_bytes),
        unread_bytes=read_number("WEB_UNREAD_MB") * 1024 * 1024,
        connections=min(read_number("WEB_CONNECTIONS"), _free_descriptors()),
    )


def _free_descriptors() -> int:
    """Return how many connections this process may open: a third of its files, for each may have two files more."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(10, wanted // 3)
