"""The supervisor of the embedded PostgreSQL: what has ended is started again, and a disk that fills up is told."""

import logging
import os
import shutil
import signal
import subprocess
import time
from collections import namedtuple
from contextlib import suppress
from pathlib import Path
from threading import Thread

import psycopg
import pytest
import requests

from benchmarks.servers import running_hub
from config.launch.embedded import ClusterLocation, Supervisor, read_state, server, use_server
from config.launch.embedded.server import find_orphans, find_postmaster
from config.launch.embedded.supervisor import DiskWatch, State, publish

pytestmark = pytest.mark.process

Disk = namedtuple("Disk", "f_bavail f_frsize")
MEGABYTE = 2**20
PATIENCE = 30.0  # seconds


@pytest.fixture
def location(run_folder: Path, request):
    folder = run_folder / f"supervisor-{os.getpid()}-{abs(hash(request.node.nodeid))}"
    folder.mkdir()
    location = ClusterLocation(folder / "postgresql", durable=False)
    with use_server(location):
        yield location
    publish(State())
    shutil.rmtree(folder)


@pytest.fixture
def lines(caplog):
    """Return what lists the lines of the log."""
    caplog.set_level(logging.WARNING)
    return lambda: [record.getMessage() for record in caplog.records if "supervisor" in record.name]


def connect(location: ClusterLocation, **options) -> psycopg.Connection:
    return psycopg.connect(host=str(location.socket), user="counterpart", dbname="counterpart", **options)


def kill_postmaster(location: ClusterLocation) -> int:
    number = find_postmaster(location)
    os.kill(number, signal.SIGKILL)
    wait(lambda: find_postmaster(location) != number)
    return number


def wait(condition) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def fill_disk(path: Path) -> None:
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(bytes(MEGABYTE)):
            pass
    assert not os.statvfs(path).f_bavail


def step_until(supervisor: Supervisor, condition) -> None:
    def done() -> bool:
        supervisor.step()
        return condition()

    wait(done)


def test_starts_again_what_was_killed(location, lines):
    supervisor = Supervisor(location, low_bytes=0)
    supervisor.step()
    assert (lines(), read_state()) == ([], State())
    killed = kill_postmaster(location)

    step_until(supervisor, lambda: not read_state().server)

    assert find_postmaster(location) not in (None, killed)
    assert connect(location).execute("SELECT 1").fetchone() == (1,)
    assert [line[:58] for line in lines()] == ["The database had ended; it has been started again, after 0"]


def test_starts_nothing_beside_an_orphan_that_still_works(location, lines, monkeypatch):
    monkeypatch.setattr(server, "ORPHAN_SECONDS", 1.5)
    supervisor = Supervisor(location, low_bytes=0)
    busy = connect(location, autocommit=True)

    def work() -> None:
        with pytest.raises(psycopg.OperationalError):
            busy.execute("DO $$ BEGIN LOOP END LOOP; END $$")

    loop = Thread(target=work)
    loop.start()
    time.sleep(0.2)
    kill_postmaster(location)

    supervisor.step()

    assert "still at work and are waited for" in read_state().server
    assert find_orphans(location) == [busy.info.backend_pid]
    assert find_postmaster(location) is None

    step_until(supervisor, lambda: not read_state().server)

    loop.join(PATIENCE)
    assert busy.broken
    assert [" ".join(line.split()[:4]) for line in lines()] == [
        "The database has ended,",
        "The database's last processes",
        "The database had ended;",
    ]


def test_tries_what_does_not_start_less_and_less_often(location, lines):
    supervisor = Supervisor(location, low_bytes=0)
    settings = location.data / "postgresql.auto.conf"
    settings.write_text("no_such_setting = 1\n")
    kill_postmaster(location)

    for _ in range(3):
        supervisor.next_time = 0.0  # the pause is over
        step_until(supervisor, lambda: "cannot be started" in read_state().server)
        supervisor.step()  # the pause is not: nothing is tried

    assert [line.rpartition("It is tried again in ")[2] for line in lines()] == ["1 s.", "2 s.", "4 s."]
    assert all(f"{location.log}" in line and "\n" not in line for line in lines())
    assert "postgresql.auto.conf" in read_state().server
    assert str(location.home) not in read_state().server
    settings.write_text("")
    supervisor.next_time = 0.0
    step_until(supervisor, lambda: not read_state().server)
    assert supervisor.failures == 0


def test_a_start_that_is_killed_is_no_reason_to_wait_for_long(location, lines):
    supervisor = Supervisor(location, low_bytes=0)
    kill_postmaster(location)
    for _ in range(4):  # a process that ends without a word, as one that is killed does
        silent = subprocess.Popen(["true"])
        supervisor.starting = server.StartingServer(silent, location, location.log.stat().st_size)
        step_until(supervisor, lambda: supervisor.starting is None)

    assert [line.partition("did not start: ")[2][:26] for line in lines()] == ["it was killed as it starte"] * 4
    assert supervisor.failures == 1.0
    supervisor.next_time = 0.0
    step_until(supervisor, lambda: not read_state().server)


def test_warns_of_a_disk_that_fills_up(location, lines, monkeypatch):
    watch = DiskWatch(location, 1024 * MEGABYTE)

    def look(megabytes: int) -> str:
        monkeypatch.setattr(os, "statvfs", lambda path: Disk(megabytes, MEGABYTE))
        return watch.look()

    told = [look(free) for free in (4000, 1000, 990, 500, 0, 1050, 4000, 1000)]

    assert [bool(sentence) for sentence in told] == [False, True, True, True, True, False, False, True]
    assert told[1] == "The disk of the database is nearly full: 1000 MB are free."
    assert [line.rpartition(": ")[2] for line in lines()] == [
        *("1000 MB are free.", "500 MB are free.", "0 MB are free."),
        *("4000 MB are free.", "1000 MB are free."),
    ]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")
def test_comes_back_after_a_full_disk(run_folder, lines):
    disk = run_folder / f"small-disk-{os.getpid()}"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128m,mode=755", "counterpart", disk]).returncode:
        pytest.skip("No disk can be mounted here.")
    location = ClusterLocation(disk / "postgresql", durable=False)
    try:
        with use_server(location):
            supervisor = Supervisor(location, low_bytes=100 * MEGABYTE)
            fill = disk / "fill"
            fill_disk(fill)
            kill_postmaster(location)

            step_until(supervisor, lambda: "cannot be started" in read_state().server)

            assert "o space left" in read_state().server or "disk is full" in read_state().server
            assert read_state().disk == "The disk of the database is nearly full: 0 MB are free."
            fill.unlink()
            step_until(supervisor, lambda: not read_state().server)
            assert connect(location).execute("SELECT 1").fetchone() == (1,)
    finally:
        publish(State())
        subprocess.run(["umount", "--lazy", disk], check=True)


def test_readiness_says_why_and_liveness_goes_on(run_folder):
    """With the hub as `./start` runs it: it is the web processes that say what the supervisor sees."""
    folder = run_folder / f"ready-{os.getpid()}"
    folder.mkdir()
    with running_hub(folder, DISK_LOW_MB="1000000000") as hub:

        def ready() -> tuple[int, str]:
            answer = requests.get(f"{hub.url}/readyz", timeout=PATIENCE)
            return answer.status_code, answer.text

        wait(lambda: ready()[0] == 200)
        assert "\nThe disk of the database is nearly full: " in ready()[1]
        settings = hub.location.data / "postgresql.auto.conf"
        settings.write_text("no_such_setting = 1\n")
        os.kill(hub.postmaster, signal.SIGKILL)

        wait(lambda: "cannot be started" in ready()[1])

        assert ready()[0] == 503
        assert requests.get(f"{hub.url}/healthz", timeout=1).text == "alive\n"
        settings.write_text("")
        wait(lambda: ready()[0] == 200)
        wait(lambda: "it has been started again" in hub.log.read_text())
