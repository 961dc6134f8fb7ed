"""
A cluster for one run of the tests: nothing in it survives, so nothing of it is written safely.

The process of the run makes a folder and starts a watcher; the first worker that needs a database starts the cluster.
When the run ends, even killed, the watcher sees the end of its input, stops the cluster and removes the folder.

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

from config.launch.embedded.location import ClusterLocation, connection_settings, make_cluster_folder
from config.launch.embedded.owner import find_owner
from config.launch.embedded.server import start_server, stop_server
from config.launch.embedded.users import exclusive_lock
from config.launch.paths import BASE_DIR

TEMPLATE = "template_of_tests"


def migrate(settings: dict[str, str]) -> None:
    """Make the project's tables in the database of these connection settings."""
    from django.core.management import call_command
    from django.db import connection

    use_database(settings)
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()


def use_database(settings: dict[str, str]) -> None:
    """Make Django use the database of these connection settings from now on."""
    from django.db import connection

    connection.close()
    connection.settings_dict.update(settings)


def run_location(folder: Path) -> ClusterLocation:
    return ClusterLocation(folder / "postgresql", durable=False)


def make_run_folder() -> tuple[Path, subprocess.Popen[bytes]]:
    """Make a short folder, and start the watcher that removes it when its input, held open by us, ends."""
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


def stop_watcher(watcher: subprocess.Popen[bytes]) -> None:
    """Stop the cluster; its folder is removed in the background."""
    if watcher.stdin and watcher.stdout:
        watcher.stdin.close()
        watcher.stdout.read()  # returns when the watcher closes its output, which it does once the server is down


def ensure_template(folder: Path, fill: Callable[[dict[str, str]], None]) -> None:
    """Start the cluster and `fill` its template database, once per run: the first caller does it, the others wait."""
    location, marker = run_location(folder), folder / "template.done"
    with exclusive_lock(folder / "template.lock"):
        if marker.exists():
            return
        owner = find_owner()
        make_cluster_folder(location, owner)
        start_server(location, owner)
        with _connection(location) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        fill(connection_settings(location, TEMPLATE))
        marker.touch()


def clone(folder: Path, database: str) -> dict[str, str]:
    """Replace a database by a copy of the template; return its connection settings."""
    location = run_location(folder)
    with _connection(location) as connection:
        name = sql.Identifier(database)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(TEMPLATE)))
    return connection_settings(location, database)


def _connection(location: ClusterLocation) -> psycopg.Connection:
    return psycopg.connect(host=str(location.socket), user="counterpart", dbname="counterpart", autocommit=True)


def _watch(folder: Path) -> None:
    sys.stdin.buffer.read()
    location = run_location(folder)
    stop_server(location)
    os.close(sys.stdout.fileno())
    if location.folder.is_symlink():
        shutil.rmtree(location.folder.resolve(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _watch(Path(sys.argv[1]))
