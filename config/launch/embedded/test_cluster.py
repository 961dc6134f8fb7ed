"""
A cluster for one run of the tests: nothing in it survives, so nothing of it is written safely.

The run's own process makes a folder and starts a watcher; whoever needs a database first starts the cluster in it. When
the run ends, even killed, the watcher sees the end of its input, stops the cluster and removes the folder.

    python -m config.launch.embedded.test_cluster FOLDER         # the watcher
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from config.launch.embedded.location import Place, address, make_place
from config.launch.embedded.owner import owner_of_database
from config.launch.embedded.server import start_server, stop_server
from config.launch.embedded.users import alone
from config.launch.paths import BASE_DIR

TEMPLATE = "template_of_tests"


def migrate(address: dict[str, str]) -> None:
    """Make the project's tables in the database at this address."""
    from django.core.management import call_command
    from django.db import connection

    connect_to(address)
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()


def connect_to(address: dict[str, str]) -> None:
    """Have Django use the database at this address from now on."""
    from django.db import connection

    connection.close()
    connection.settings_dict.update(address)


def place_in(folder: Path) -> Place:
    return Place(folder / "postgresql", durable=False)


def make_folder() -> tuple[Path, subprocess.Popen[bytes]]:
    """A new short folder, and the watcher that removes it when its input, held open by us, ends."""
    folder = Path(tempfile.mkdtemp(prefix="cp-", dir="/tmp"))  # short, or the socket would not fit
    folder.chmod(0o711)
    watcher = subprocess.Popen(
        [sys.executable, "-m", "config.launch.embedded.test_cluster", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=BASE_DIR,
        start_new_session=True,
    )
    return folder, watcher


def end(watcher: subprocess.Popen[bytes]) -> None:
    """Have the cluster stopped; its folder is removed in the background."""
    watcher.stdin.close()
    watcher.stdout.read()


def have_template(folder: Path, fill: Callable[[dict[str, str]], None]) -> None:
    """Have the cluster and its template database: made by the first who asks, waited for by the others."""
    place, done = place_in(folder), folder / "template.done"
    with alone(folder / "template.lock"):
        if done.exists():
            return
        owner = owner_of_database()
        make_place(place, owner)
        start_server(place, owner)
        with _connection(place) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        fill(address(place, TEMPLATE))
        done.touch()


def clone(folder: Path, database: str) -> dict[str, str]:
    """Make a database as the template is, instead of one of that name; its address."""
    place = place_in(folder)
    with _connection(place) as connection:
        name = sql.Identifier(database)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(TEMPLATE)))
    return address(place, database)


def _connection(place: Place) -> psycopg.Connection:
    return psycopg.connect(host=str(place.socket), user="counterpart", dbname="counterpart", autocommit=True)


def _watch(folder: Path) -> None:
    sys.stdin.buffer.read()
    place = place_in(folder)
    stop_server(place)
    os.close(sys.stdout.fileno())
    if place.folder.is_symlink():
        shutil.rmtree(place.folder.resolve(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _watch(Path(sys.argv[1]))
