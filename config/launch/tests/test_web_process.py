"""The web processes of `./start`: whose they are, how they are replaced under load, how they stop."""

import http.client
import os
import stat
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from benchmarks.servers import children
from config.tests.clone import Clone, StartProcess

pytestmark = pytest.mark.process

PATIENCE = 60.0  # seconds
CLIENTS, CALLS = 4, 100


@pytest.fixture
def clone(run_folder: Path, request) -> Iterator[Clone]:
    base = run_folder / f"web-{os.getpid()}-{abs(hash(request.node.nodeid))}"
    base.mkdir()
    made = Clone(base / "clone", settings={"VENV": sys.prefix, "DEMO": "0", "ADMIN_PASSWORD": "chosen for this"})
    yield made
    made.end()


def web_processes(clone: Clone, started: StartProcess) -> list[int]:
    return [number for number in children(started.process.pid) if number != clone.postmaster()]


def user_ids(number: int) -> set[int]:
    """The real, effective, saved and file-system user of a process, and those of its groups."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{number}/status").read_text().splitlines())
    return {int(each) for name in ("Uid", "Gid", "Groups") for each in lines[name].split()}


DROPPED = (0, 1 << 2)  # capabilities: none, or reading past a closed folder


def wait_until_dropped(number: int) -> None:
    """Wait for a process that is just beginning: one answers already when another one starts."""
    deadline = time.monotonic() + PATIENCE
    # The user goes first, and what it may do as root a moment later.
    while 0 in user_ids(number) or capabilities(number) not in DROPPED:
        assert time.monotonic() < deadline, f"it stays {user_ids(number)} with {capabilities(number):b}"
        time.sleep(0.05)


def capabilities(number: int) -> int:
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{number}/status").read_text().splitlines())
    return int(lines["CapEff"], 16) | int(lines["CapPrm"], 16)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_drops_to_its_own_user_and_keeps_its_files_to_itself(clone):
    started = clone.start().wait_until_ready()
    found = web_processes(clone, started)
    folder = clone.location.folder

    assert found
    for number in found:
        wait_until_dropped(number)
    assert started.get("/admin/login/") == 200
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.is_file()}
    assert set(modes) == {"postgres.log", "users.lock", "start.lock", "pg_hba.conf", "pg_ident.conf"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(clone.location.socket.stat().st_mode) == 0o710
    assert started.stop() == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_drops_also_where_a_folder_above_is_closed(clone):
    clone.folder.chmod(0o700)

    started = clone.start().wait_until_ready()
    found = web_processes(clone, started)

    for number in found:
        wait_until_dropped(number)
        assert capabilities(number) == 1 << 2
    assert started.get("/admin/login/") == 200, "its templates are read late"
    assert started.stop() == 0


def test_replaces_processes_without_a_call_lost(clone):
    """With a limit below what any process holds, each is replaced as soon as it is looked at."""
    started = clone.start(WEB_MEMORY_MB="64", WEB_IDLE_SECONDS="2").wait_until_ready()
    seen, answers, place = set(web_processes(clone, started)), Counter(), urlsplit(started.url)

    def call() -> None:
        with closing(http.client.HTTPConnection(place.hostname, place.port, timeout=PATIENCE)) as connection:
            for _ in range(CALLS):
                connection.request("GET", "/readyz")
                response = connection.getresponse()
                response.read()
                answers[response.status] += 1
                seen.update(web_processes(clone, started))
                time.sleep(0.03)

    first = len(seen)
    threads = [threading.Thread(target=call) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == {200: CLIENTS * CALLS}
    assert len(seen) > first
    assert started.stop() == 0
    assert "has been replaced" in started.output


def test_stops_although_a_call_is_stuck(clone):
    started = clone.start().wait_until_ready()
    place = urlsplit(started.url)
    socket = str(clone.location.socket)
    with (
        closing(psycopg.connect(host=socket, user="counterpart", dbname="counterpart")) as blocker,
        closing(psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True)) as watcher,
        closing(http.client.HTTPConnection(place.hostname, place.port, timeout=PATIENCE)) as stuck,
    ):
        blocker.execute("LOCK TABLE auth_user IN ACCESS EXCLUSIVE MODE")
        credentials = {"Authorization": "Basic YWRtaW46Y2hvc2VuIGZvciB0aGlz"}
        stuck.request("GET", "/api/v1/parts/", headers=credentials)
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        while not watcher.execute(waiting).fetchone()[0]:
            time.sleep(0.05)

        started.process.terminate()
        started.process.wait(10)

    assert started.process.returncode == 0
    assert clone.postmaster() is None
