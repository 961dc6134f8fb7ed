"""
Servers that measurements start and stop: the hub as `./start` runs it, and other programs beside it.

    with running_hub(make_data_folder("crash")) as hub:   hub.url, hub.postmaster, hub.process
    with running_program(command, …) as program:           a rival of the hub, program.url
    read_cpu(number)                                       the seconds that a process and all its descendants have used
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.launch.embedded import ClusterLocation, cluster_location
from config.launch.embedded.server import find_postmaster
from config.launch.paths import BASE_DIR

USER, PASSWORD = "admin", "correct horse battery staple"
PATIENCE = 60.0  # seconds
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Hub:
    """A running hub: its process, its data, its address."""

    folder: Path
    process: subprocess.Popen
    log: Path
    url: str = ""

    @property
    def location(self) -> ClusterLocation:
        return cluster_location(self.folder)

    @property
    def postmaster(self) -> int | None:
        return find_postmaster(self.location)

    def victims(self, kind: str) -> list[int]:
        """Return the ids of the processes of a kind: `web process`, `backend`, `postmaster`."""
        postmaster = self.postmaster
        if kind == "web process":
            return [each for each in children(self.process.pid) if each != postmaster]
        if kind == "postmaster" or postmaster is None:
            return [postmaster] if postmaster else []
        return children(postmaster)


def children(number: int) -> list[int]:
    """Return the ids of the processes that a process has started."""
    with suppress(OSError):
        return [*map(int, Path(f"/proc/{number}/task/{number}/children").read_text().split())]
    return []


def make_data_folder(purpose: str) -> Path:
    """Make a temporary folder for the data of a hub, which root's database user can walk into."""
    folder = Path(tempfile.mkdtemp(prefix=f"counterpart-{purpose}-"))
    folder.chmod(0o755)
    return folder


def use_data(folder: Path) -> None:
    """Make this process's Django use the database of a hub, which must run."""
    os.environ |= {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ.pop("DATABASE_URL", None)
    # Only now: importing Django's settings reads the variables that were set above.
    import django

    django.setup()


@contextmanager
def running_hub(folder: Path, *, log: Path | None = None, **variables: str) -> Iterator[Hub]:
    """
    Run a hub on data in this folder, empty but for the superuser, with these variables besides the usual.

    log  where its output goes; without it into the folder
    """
    settings = {"DATA_DIR": str(folder), "ADMIN_PASSWORD": PASSWORD, "DEMO": "0", "PORT": "0", "HOST": "127.0.0.1"}
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | settings | variables
    log = log or folder / "hub.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "config.launch.serve"]
        process = subprocess.Popen(  # noqa: S603 - our own program
            command, cwd=BASE_DIR, env=environment, stdout=output, stderr=output
        )
    hub = Hub(folder, process, log)
    try:
        hub.url = wait(hub, lambda: re.search(r"Home +(\S+)/\n", log.read_text()))[1]
        yield hub
    finally:
        process.terminate()
        process.wait(PATIENCE)


def wait(hub: Hub, condition: Callable[[], Any]) -> Any:
    """
    Wait until a condition holds, and return what it gives.

    Raises RuntimeError when the hub has ended, TimeoutError when it takes too long.
    """
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        if hub.process.poll() is not None:
            raise RuntimeError(f"The hub has ended; {hub.log} says why.")
        if time.monotonic() > deadline:
            raise TimeoutError(f"The hub does not come back; {hub.log} may say why.")
        time.sleep(0.02)
    return found


@dataclass(frozen=True)
class Program:
    """A server that is not the hub: its process and its address."""

    process: subprocess.Popen
    url: str


@contextmanager
def running_program(
    command: Callable[[int], Sequence[str]], *, log: Path, environment: Mapping[str, str], folder: Path = BASE_DIR
) -> Iterator[Program]:
    """
    Run a server until the end; raises RuntimeError with the last line of its log when it does not start.

    command  gives the command for a port of this machine
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - a command of ours
            command(port),
            cwd=folder,
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while not _is_listening(port):
            if process.poll() is not None or time.monotonic() > deadline:
                lines = log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
                raise RuntimeError(f"it did not start: {lines[-1]}")
            time.sleep(0.05)
        yield Program(process, f"http://127.0.0.1:{port}")
    finally:
        _stop(process)


def _is_listening(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _stop(process: subprocess.Popen) -> None:
    """Stop a server with all that it has started: it leads a session of its own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)


def read_cpu(number: int, but: Collection[int] = ()) -> float:
    """
    Return the seconds of CPU that a process and its descendants have used, those that have ended included.

    but  processes that are left out, with their descendants
    """
    rows = _read_processes()
    total, waiting = 0.0, [number]
    while waiting:
        process = waiting.pop()
        if process in rows and process not in but:
            total += rows[process][1]
            waiting += [child for child, (parent, _) in rows.items() if parent == process]
    return total


def _read_processes() -> dict[int, tuple[int, float]]:
    """Return the parent of each process of this machine, and its seconds with those of its ended children."""
    found = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name, in parentheses, may hold anything: what counts begins behind its last one.
            fields = each.read_text().rpartition(")")[2].split()
            found[int(each.parent.name)] = int(fields[1]), sum(map(int, fields[11:15])) / TICKS
    return found
