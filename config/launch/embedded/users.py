"""
Who uses the embedded server: a lock file that each user holds shared, and that the last one leaving holds alone.

The kernel drops the lock of a process that was killed, so nobody is remembered who is gone.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.launch.embedded.location import Place, make_place
from config.launch.embedded.owner import owner_of_database
from config.launch.embedded.server import start_server, stop_server
from config.launch.errors import CannotStart


@contextmanager
def in_use(place: Place) -> Iterator[None]:
    """
    Have the server run: start or adopt it, and stop it (fast) at the end unless somebody else uses it.

    Processes forked inside do not count as users, and leaving in one of them stops nothing.
    """
    owner = owner_of_database()
    me = os.getpid()
    try:
        make_place(place, owner)
        users = (place.folder / "users.lock").open("w")
    except OSError as error:
        raise CannotStart(f"The folder of the database cannot be used: {error}") from None
    fcntl.flock(users, fcntl.LOCK_SH)  # waits while the last user is stopping the server
    try:
        with alone(place.folder / "start.lock"):
            start_server(place, owner)
        yield
    finally:
        if os.getpid() == me:
            if _nobody_else(users.fileno()):
                stop_server(place)
            users.close()


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a lock file exclusively, waiting for it."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _nobody_else(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
