"""
The server process: made, started, adopted, stopped.

It runs as a child in a session of its own, so that Ctrl-C at the terminal reaches it only through us and it outlives
a user of it that is killed.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from psycopg import pq

from config.launch.embedded.binaries import Binaries, find_binaries
from config.launch.embedded.bootstrap import prepare_roles, write_access_rules
from config.launch.embedded.location import ROLE, Place, make_socket_folder, remove_socket_folder
from config.launch.embedded.owner import Owner
from config.launch.errors import CannotStart

LARGEST_LOG = 10_000_000
PATIENCE = 5.0  # seconds until a line says that we wait

DURABLE = {"max_connections": "200"}
THROWN_AWAY = {
    "max_connections": "200",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def start_server(place: Place, owner: Owner) -> None:
    """Have a server answer at this place, whoever started it. To be called by one process at a time."""
    if _answers(place):
        return
    binaries = find_binaries(owner)
    _refuse_other_version(place, binaries)
    if running := postmaster(place):  # it runs and cannot be reached: its socket is gone, or it is stopping
        _interrupt(running, place)
    if not (place.data / "PG_VERSION").exists():
        _make_cluster(place, owner, binaries)
    (place.data / "postmaster.pid").unlink(missing_ok=True)  # of a process that is gone: its number may be in use again
    make_socket_folder(place, owner)
    write_access_rules(place, owner)
    _wait_for(_launch(place, owner, binaries), place)
    prepare_roles(place)


def stop_server(place: Place) -> None:
    """Stop the server fast: running statements end, what is committed is kept."""
    if running := postmaster(place):
        _interrupt(running, place)
    remove_socket_folder(place)


def postmaster(place: Place) -> int | None:
    """The process id of the server that runs on this data, or None; a number that others took is not believed."""
    try:
        number = int((place.data / "postmaster.pid").read_text().split("\n")[0])
        os.kill(number, 0)
    except (OSError, ValueError):
        return None
    working_folder = Path(f"/proc/{number}/cwd")
    if not working_folder.parent.exists():  # no such thing on this system
        return number
    try:
        return number if working_folder.samefile(place.data) else None
    except OSError:
        return None


def _answers(place: Place) -> bool:
    """Whether a server answers; one that is still starting is waited for."""
    while (ping := _ping(place)) == pq.Ping.REJECT and postmaster(place):
        time.sleep(0.05)
    return ping == pq.Ping.OK


def _ping(place: Place) -> pq.Ping:
    address = f"host='{place.socket}' port=5432 user={ROLE} dbname=postgres connect_timeout=3"
    return pq.Ping(pq.PGconn.ping(address.encode()))


def _refuse_other_version(place: Place, binaries: Binaries) -> None:
    try:
        found = (place.data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return
    except OSError as error:
        raise CannotStart(f"The database cannot be read: {error}") from None
    if found != str(binaries.major):
        raise CannotStart(
            f"{place.data} was written by PostgreSQL {found}, and this is PostgreSQL {binaries.major}: "
            "dump it with the old version and load it into a new DATA_DIR, or set DATABASE_URL."
        )


def _make_cluster(place: Place, owner: Owner, binaries: Binaries) -> None:
    """Make a cluster; one that is half made never bears the final name."""
    half_made = place.home / "data.new"
    shutil.rmtree(half_made, ignore_errors=True)
    owner.make_private(half_made)
    locale = ["--locale-provider=builtin", "--locale=C.UTF-8"] if binaries.major >= 17 else ["--locale=C.UTF-8"]
    options = ["--username=postgres", "--encoding=UTF8", *locale, "--auth-local=peer", "--auth-host=reject"]
    sync = [] if place.durable else ["--no-sync"]
    answer = owner.run([binaries["initdb"], "--pgdata", half_made, *options, *sync])
    if answer.returncode:
        raise CannotStart(f"PostgreSQL could not make its data folder: {_last_line(answer.stderr)}")
    half_made.rename(place.data)


def _launch(place: Place, owner: Owner, binaries: Binaries) -> subprocess.Popen[bytes]:
    settings = {
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_directories": str(place.socket),
        "unix_socket_permissions": "0700",
        "hba_file": str(place.home / "pg_hba.conf"),
        "ident_file": str(place.home / "pg_ident.conf"),
        **(DURABLE if place.durable else THROWN_AWAY),
    }
    if place.log.exists() and place.log.stat().st_size > LARGEST_LOG:
        place.log.replace(place.log.with_suffix(".log.1"))
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with place.log.open("ab") as log:
        return subprocess.Popen(
            [binaries["postgres"], "-D", place.data, *options],
            stdout=log,
            stderr=log,
            start_new_session=True,
            **owner.child(),
        )


def _wait_for(process: subprocess.Popen[bytes], place: Place) -> None:
    """Wait until the server answers, as long as it lives: after a crash it may have much to recover."""
    said, began = False, time.monotonic()
    while _ping(place) != pq.Ping.OK:
        if process.poll() is not None:
            reason = _last_line(place.log.read_text(errors="replace"), "FATAL")
            raise CannotStart(f"PostgreSQL did not start: {reason} (all of it: {place.log})")
        if not said and time.monotonic() - began > PATIENCE:
            said = bool(sys.stderr.write("PostgreSQL is recovering; waiting for it.\n"))
        time.sleep(0.02)


def _interrupt(number: int, place: Place) -> None:
    """Ask for a fast stop and wait for its end."""
    try:
        os.kill(number, signal.SIGINT)
    except ProcessLookupError:
        return
    while postmaster(place) == number:
        time.sleep(0.01)


def _last_line(text: str, word: str = "") -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in reversed(lines) if word in line), lines[-1] if lines else "it does not say why")
