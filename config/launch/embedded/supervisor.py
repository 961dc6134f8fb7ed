"""
The supervisor of the embedded server, in the process that `./start` becomes: starts it again, and watches its disk.

    supervisor = Supervisor(location, low_bytes=2**30)
    supervisor.step()               # once a second; never waits for long
    read_state()                    # in any process forked from this one, for `/readyz`

A server that has ended is started as soon as its last process has; one that does not start is tried again after 1, 2,
4 … 30 seconds, and at once when a full disk has room again.
"""

import fcntl
import logging
import math
import mmap
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from config.launch.embedded import server
from config.launch.embedded.binaries import find_binaries
from config.launch.embedded.location import ClusterLocation
from config.launch.embedded.owner import find_owner
from config.launch.embedded.server import (
    FULL_BYTES,
    StartingServer,
    StartInterruptedError,
    end_orphans,
    find_orphans,
    find_postmaster,
    free_bytes,
)
from config.launch.embedded.users import lock_at_once
from config.launch.errors import StartError

log = logging.getLogger(__name__)

LONGEST_PAUSE = 30.0  # seconds between two attempts
SHORT_WAIT = 0.5  # seconds that a step takes at most, in which most servers have ended or started
KILLED_START = 0.25  # of a failure is a start that was killed: it may well succeed the next time
ROOM = 1.1  # of the least free space: as much more must be free until it counts as enough again
MEGABYTE = 2**20

# Shared with the web processes, which are forked later, and no file: the disk may be full, and nothing is left behind.
_page = mmap.mmap(-1, 4096)


@dataclass(frozen=True)
class State:
    """The state of the server and of its disk, a sentence each; empty: all is well."""

    server: str = ""
    disk: str = ""


def read_state() -> State:
    """Return the state that the supervisor has published last."""
    return State(*_page[:].rstrip(b"\0").decode(errors="replace").split("\n", 1))


def publish(state: State) -> None:
    text = f"{state.server}\n{state.disk}".encode()[: len(_page)]
    _page[:] = text.ljust(len(_page), b"\0")


class Supervisor:
    """
    Keeps the server of a location running, for one of its users.

    low_bytes  of free space at which it warns; 0: never
    """

    def __init__(self, location: ClusterLocation, *, low_bytes: int) -> None:
        self.location = location
        self.disk = DiskWatch(location, low_bytes)
        self.process_id = os.getpid()
        self.starting: StartingServer | None = None
        self.lock: IO[str] | None = None
        self.end_time = self.next_time = 0.0  # since when it is gone, and when it is tried again
        self.failures = 0.0
        self.sentence = ""
        self.has_ended_orphans = self.was_full = False

    def step(self) -> None:
        """Start the server again where it has ended, and look at the disk; never raises."""
        try:
            self.sentence = self._keep_running()
        except (StartError, OSError) as error:
            self._put_off(error)
        publish(State(self.sentence, self.disk.look()))

    def end(self) -> None:
        """End a start that is not done; in another process than the one that made the supervisor, do nothing."""
        if self.starting is None or os.getpid() != self.process_id:
            return
        self.starting.process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            self.starting.process.wait(server.PATIENCE)
        self._unlock()

    def _keep_running(self) -> str:
        """Do what can be done at once; return the state of the server."""
        if self.starting is None:
            if find_postmaster(self.location):
                self.end_time = 0.0
                return ""
            now = time.monotonic()
            self.end_time = self.end_time or now
            if now < self.next_time and not self._has_room_again():
                return self.sentence
            if orphans := self._wait_for_orphans(now):
                return f"The database has ended; {orphans} of its processes are still at work and are waited for."
            self.lock = lock_at_once(self.location.folder / "start.lock")
            if self.lock is None:
                return "The database has ended and is started again by another hub on the same data."
            owner = find_owner()
            self.starting = server.launch(self.location, owner, find_binaries(owner))
        if not _wait(self.starting.is_ready):
            return "The database has ended and is starting again."
        log.warning(
            "The database had ended; it has been started again, after %.1f s.", time.monotonic() - self.end_time
        )
        self._unlock()
        self.failures, self.end_time, self.has_ended_orphans = 0.0, 0.0, False
        return ""

    def _has_room_again(self) -> bool:
        """True if the disk was full at the last attempt, and is no longer."""
        return self.was_full and free_bytes(self.location) >= 2 * FULL_BYTES

    def _wait_for_orphans(self, now: float) -> int:
        """Return how many processes of the killed server there are still; those that take long are ended."""
        if _wait(lambda: not find_orphans(self.location)):
            return 0
        orphans = find_orphans(self.location)
        if not self.sentence:
            log.warning("The database has ended, but for %d of its processes, which are waited for.", len(orphans))
        if now - self.end_time > server.ORPHAN_SECONDS and not self.has_ended_orphans:
            self.has_ended_orphans = True
            log.warning("The database's last processes took too long and have been told to end.")
            end_orphans(orphans)
        return len(orphans)

    def _put_off(self, error: Exception) -> None:
        self._unlock()
        with suppress(OSError):
            self.was_full = free_bytes(self.location) < FULL_BYTES
        pause = min(LONGEST_PAUSE, 2.0**self.failures)
        self.failures += KILLED_START if isinstance(error, StartInterruptedError) else 1.0
        self.next_time = time.monotonic() + pause
        reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        log.warning(
            "The database has ended and cannot be started: %s It is tried again in %.0f s.", _end(reason), pause
        )
        # Anybody may ask for the state: it names no folder.
        public = re.sub(r" \(all of it: .*\)$|(?:/[^\s/\"':,]+)+/", "", reason)
        self.sentence = f"The database has ended and cannot be started: {_end(public)}"

    def _unlock(self) -> None:
        self.starting = None
        if self.lock is not None:
            # Not by closing it alone: a web process that was forked meanwhile has it open, too.
            fcntl.flock(self.lock, fcntl.LOCK_UN)
            self.lock.close()
            self.lock = None


class DiskWatch:
    """
    Watches what is free on the disk of the data, and warns in the log: at a number of bytes, at its half, and so on.
    """

    def __init__(self, location: ClusterLocation, low_bytes: int) -> None:
        self.location, self.low_bytes = location, low_bytes
        self.warnings = 0

    def look(self) -> str:
        """Return a sentence when the disk is nearly full."""
        try:
            free = free_bytes(self.location)
        except OSError as error:
            return f"The disk of the database cannot be seen: {error.strerror}."
        if free >= self.low_bytes:
            if self.warnings and free >= self.low_bytes * ROOM:
                self.warnings = 0
                log.warning("The disk of the database has room again: %d MB are free.", free // MEGABYTE)
            return ""
        sentence = f"The disk of the database is nearly full: {free // MEGABYTE} MB are free."
        halvings = 1 + int(math.log2(self.low_bytes / max(free, MEGABYTE)))
        if halvings > self.warnings:
            self.warnings = halvings
            log.warning("%s", sentence)
        return sentence


def _wait(condition: Callable[[], bool]) -> bool:
    """Wait for a condition, but not for long; return True if it holds."""
    deadline = time.monotonic() + SHORT_WAIT
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _end(sentence: str) -> str:
    return sentence if sentence.endswith(".") else f"{sentence}."
