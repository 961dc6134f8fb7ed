"""
The users of the embedded server: each holds a lock file shared, and the last one to leave holds it alone.

The kernel drops the lock of a process that was killed, so nobody is counted who is gone.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from config.launch.embedded.location import ClusterLocation, make_cluster_folder
from config.launch.embedded.owner import find_owner, open_private
from config.launch.embedded.server import start_server, stop_server
from config.launch.errors import StartError


@contextmanager
def use_server(location: ClusterLocation) -> Iterator[None]:
    """
    Keep the server running: start or adopt it, and stop it (fast) at the end unless somebody else uses it.

    Processes forked inside do not count as users, and leaving in one of them stops nothing. Raises StartError.
    """
    owner = find_owner()
    this_process = os.getpid()
    try:
        make_cluster_folder(location, owner)
        users = open(location.folder / "users.lock", "w", opener=open_private)  # noqa: SIM115 - held to the end
    except OSError as error:
        raise StartError(f"The folder of the database cannot be used: {error}") from None
    fcntl.flock(users, fcntl.LOCK_SH)  # waits while the last user is stopping the server
    try:
        with exclusive_lock(location.folder / "start.lock"):
            start_server(location, owner)
        yield
    finally:
        if os.getpid() == this_process:  # gunicorn's workers end by SystemExit inside the parent's `with`
            if _is_last_user(users.fileno()):
                stop_server(location)
            users.close()


@contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """Hold a lock file exclusively, waiting for it."""
    with open(path, "w", opener=open_private) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def lock_at_once(path: Path) -> IO[str] | None:
    """Hold a lock file exclusively until it is unlocked, if nobody else does."""
    file = open(path, "w", opener=open_private)  # noqa: SIM115 - held by the caller
    if _is_last_user(file.fileno()):
        return file
    file.close()
    return None


def _is_last_user(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
