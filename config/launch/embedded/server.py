"""
The server process: make a cluster, start or adopt its server, give it access rules, role and database, stop it.

    start_server    starts and waits until it answers: `./start`
    launch          starts and does not wait: the supervisor

It runs as a child in a session of its own, so that Ctrl-C at the terminal reaches it only through us and it outlives
a user of it that is killed.
"""

import math
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import pq, sql

from config.launch.embedded.binaries import Binaries, find_binaries
from config.launch.embedded.location import DATABASE, ROLE, ClusterLocation, make_socket_folder, remove_socket_folder
from config.launch.embedded.owner import Owner, find_web_user, get_user_name, open_private
from config.launch.errors import StartError

MAX_LOG_BYTES = 10_000_000
PATIENCE = 5.0  # seconds until a line says that we wait
FAST_SECONDS = 20.0  # for a fast stop, which writes what is in memory to the disk
ORPHAN_SECONDS = 10.0  # for processes of a killed server to end by themselves
FULL_BYTES = 16 * 2**20  # PostgreSQL writes its journal in files of this size

DURABLE_SETTINGS = {"max_connections": "200"}
TEMPORARY_SETTINGS = {
    "max_connections": "200",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class StartInterruptedError(StartError):
    """The error of a server that was killed as it started."""


@dataclass(frozen=True)
class StartingServer:
    """A server that was launched; `log_size` is that of its log before."""

    process: subprocess.Popen[bytes]
    location: ClusterLocation
    log_size: int

    def is_ready(self) -> bool:
        """True if it answers; raises StartError when it has ended."""
        if _ping_server(self.location) == pq.Ping.OK:
            return True
        if self.process.poll() is not None:
            told = self._find_reason()
            error, reason = (StartError, told) if told else (StartInterruptedError, "it was killed as it started")
            raise error(f"PostgreSQL did not start: {reason} (all of it: {self.location.log})")
        return False

    def _find_reason(self) -> str:
        """Return why it has ended, from what it has written since it was launched; empty: it does not know."""
        with open(self.location.log, "rb") as log:
            log.seek(self.log_size)
            text = log.read().decode(errors="replace")
        # What it says to clients is no reason: that they come too early, as our own ping does, or have to go.
        if told := re.search(r"(?:FATAL|PANIC): +(?! |the database system is |terminating connection )(.*)", text):
            return told[1]
        if free_bytes(self.location) < FULL_BYTES:
            return "the disk is full"  # which takes no line
        bare = [line for line in text.splitlines() if line.strip() and not re.match(r"\d{4}-\d\d-\d\d |\s", line)]
        return bare[-1] if bare else ""


def start_server(location: ClusterLocation, owner: Owner) -> None:
    """
    Start a server at this location, unless one answers there already, whoever started it.

    The caller holds `start.lock`: one process at a time. Raises StartError.
    """
    if _is_answering(location):
        return
    binaries = find_binaries(owner)
    _refuse_other_version(location, binaries)
    if running := find_postmaster(location):  # it runs and cannot be reached: its socket is gone, or it is stopping
        _interrupt(running, location)
    _wait_for_orphans(location)
    _wait_for(launch(location, owner, binaries))
    try:
        prepare_roles(location)
    except psycopg.OperationalError as error:
        raise StartError(f"PostgreSQL was lost again as it started: {error}") from None


def launch(location: ClusterLocation, owner: Owner, binaries: Binaries) -> StartingServer:
    """
    Start a server where none runs, and return while it is starting.

    The caller holds `start.lock`. Raises StartError, and OSError when the disk is full.
    """
    if not (location.data / "PG_VERSION").exists():
        _make_cluster(location, owner, binaries)
    # The file of a process that is gone: its number may be another's by now, and PostgreSQL would refuse to start.
    (location.data / "postmaster.pid").unlink(missing_ok=True)
    make_socket_folder(location, owner)
    write_access_rules(location, owner)
    return _run(location, owner, binaries)


def stop_server(location: ClusterLocation) -> None:
    """Stop the server fast: running statements end, what is committed is kept."""
    if running := find_postmaster(location):
        _interrupt(running, location)
    remove_socket_folder(location)


def find_postmaster(location: ClusterLocation) -> int | None:
    """Return the process id of the server that runs on this data, or None; an id that others took is not believed."""
    try:
        number = int((location.data / "postmaster.pid").read_text().split("\n")[0])
        os.kill(number, 0)
    except (OSError, ValueError):
        return None
    working_folder = Path(f"/proc/{number}/cwd")
    if not working_folder.parent.exists():  # no such thing on this system
        return number
    try:
        return number if working_folder.samefile(location.data) else None
    except OSError:
        return None


def find_orphans(location: ClusterLocation) -> list[int]:
    """
    Return the ids of processes that a killed server left behind, which may still write; call it without a postmaster.

    Empty where the system does not tell: PostgreSQL itself starts no second server beside them.
    """
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if each.joinpath("cwd").samefile(location.data) and os.readlink(each / "exe").endswith("/postgres"):
                found.append(int(each.name))
    return found


def end_orphans(numbers: list[int]) -> None:
    """Have orphans end at once, as their postmaster would have done when one of its processes died."""
    for number in numbers:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGQUIT)


def free_bytes(location: ClusterLocation) -> int:
    """Return what is free for the server on the disk of its data."""
    disk = os.statvfs(location.home)
    return disk.f_bavail * disk.f_frsize


def _wait_for_orphans(location: ClusterLocation) -> None:
    start, has_reported = time.monotonic(), False
    while orphans := find_orphans(location):
        if not has_reported and time.monotonic() - start > PATIENCE:
            has_reported = bool(
                sys.stderr.write("A killed PostgreSQL left processes that are at work; waiting for them.\n")
            )
        if time.monotonic() - start > ORPHAN_SECONDS:
            end_orphans(orphans)
        time.sleep(0.1)


def _is_answering(location: ClusterLocation) -> bool:
    """True if a server answers; one that is still starting is waited for."""
    while (ping := _ping_server(location)) == pq.Ping.REJECT and find_postmaster(location):
        time.sleep(0.05)
    return ping == pq.Ping.OK


def _ping_server(location: ClusterLocation) -> pq.Ping:
    target = f"host='{location.socket}' port=5432 user={ROLE} dbname=postgres connect_timeout=3"
    return pq.Ping(pq.PGconn.ping(target.encode()))


def _refuse_other_version(location: ClusterLocation, binaries: Binaries) -> None:
    try:
        found = (location.data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return
    except OSError as error:
        raise StartError(f"The database cannot be read: {error}") from None
    if found != str(binaries.major):
        raise StartError(
            f"{location.data} was written by PostgreSQL {found}, and this is PostgreSQL {binaries.major}: "
            "dump it with the old version and load it into a new DATA_DIR, or set DATABASE_URL."
        )


def _make_cluster(location: ClusterLocation, owner: Owner, binaries: Binaries) -> None:
    """Make a cluster; one that is half made never bears the final name."""
    partial = location.home / "data.new"
    shutil.rmtree(partial, ignore_errors=True)
    owner.make_private(partial)
    # By code point, so that no update of the machine's C library changes the order of an index.
    locale = ["--locale-provider=builtin", "--locale=C.UTF-8"] if binaries.major >= 17 else ["--locale=C.UTF-8"]
    options = ["--username=postgres", "--encoding=UTF8", *locale, "--auth-local=peer", "--auth-host=reject"]
    sync = [] if location.durable else ["--no-sync"]
    answer = owner.run([binaries["initdb"], "--pgdata", partial, *options, *sync])
    if answer.returncode:
        raise StartError(f"PostgreSQL could not make its data folder: {_last_line(answer.stderr)}")
    partial.rename(location.data)


def _run(location: ClusterLocation, owner: Owner, binaries: Binaries) -> StartingServer:
    settings = {
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_directories": str(location.socket),
        # The folder of the socket says who may reach it; with two users, the file has to let both in.
        "unix_socket_permissions": "0777" if owner.is_other_user else "0700",
        "hba_file": str(location.home / "pg_hba.conf"),
        "ident_file": str(location.home / "pg_ident.conf"),
        **(DURABLE_SETTINGS if location.durable else TEMPORARY_SETTINGS),
    }
    if location.log.exists() and location.log.stat().st_size > MAX_LOG_BYTES:
        location.log.replace(location.log.with_suffix(".log.1"))
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command: list[str | Path] = [binaries["postgres"], "-D", location.data, *options]
    with open(location.log, "ab", opener=open_private) as log:
        log_size = log.tell()
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **owner.process_arguments())
    return StartingServer(process, location, log_size)


def _wait_for(starting: StartingServer) -> None:
    """Wait until the server answers, as long as it lives: after a crash it may have much to recover."""
    has_reported, start = False, time.monotonic()
    while not starting.is_ready():
        if not has_reported and time.monotonic() - start > PATIENCE:
            has_reported = bool(sys.stderr.write("PostgreSQL is recovering; waiting for it.\n"))
        time.sleep(0.02)


def _interrupt(number: int, location: ClusterLocation) -> None:
    """Request a fast stop and wait for the end of the process; one that does not come to it is ended at once."""
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGINT)  # SIGTERM would wait for every client to leave by itself
        deadline = time.monotonic() + FAST_SECONDS
        while find_postmaster(location) == number:
            if time.monotonic() > deadline:
                # A process of it may hang: now all of them are killed, and the next start recovers from the journal.
                os.kill(number, signal.SIGQUIT)
                deadline = math.inf
            time.sleep(0.01)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it does not say why"


ACCESS = "local all all peer map=counterpart\n"


def write_access_rules(location: ClusterLocation, owner: Owner) -> None:
    """Let in the users of this process, the cluster and the web, whom the kernel names; nobody else, no password."""
    # `peer` asks the kernel who is at the other end of the socket; `pg_ident.conf` says which roles that user may take.
    users = sorted({get_user_name(), owner.name})
    rules = [f'counterpart "{user}" {role}\n' for user in users for role in (ROLE, "postgres")]
    if web_user := find_web_user():  # who is not the superuser of the cluster
        rules.append(f'counterpart "{web_user.name}" {ROLE}\n')
    for name, text in {"pg_hba.conf": ACCESS, "pg_ident.conf": "".join(rules)}.items():
        owner.write_private(location.folder / name, text)


def prepare_roles(location: ClusterLocation) -> None:
    """Create the application's role, which is no superuser, and its database, unless they exist."""
    with connect_as_superuser(location) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(ROLE)))
            if not location.durable:  # tests clone a template database for each worker
                connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(ROLE)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(ROLE))
            )


def connect_as_superuser(location: ClusterLocation) -> psycopg.Connection:
    """Open a connection as the superuser of the cluster, for what the application's role may not do."""
    return psycopg.connect(host=str(location.socket), port=5432, user="postgres", dbname="postgres", autocommit=True)
