"""The real server for tests: the process that `./start` becomes, on a clone of the template database."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from config.launch.paths import BASE_DIR

PATIENCE = 60.0  # seconds


class LiveServer:
    """
    A server process that answers at `url`, empty but for the superuser `username` with `password`.

    What a test commits stays for the tests after it on this worker: use keys of your own. Fill it with
    `manage("load_demo")`, or in this process, for good:

        with live_server_process.database():
            Part.objects.create(...)
    """

    username = "admin"
    password = "correct horse battery staple"

    def __init__(self, address: dict[str, str], log: Path, blocker) -> None:
        self.address = address
        self.log = log
        self.url = ""
        self._blocker = blocker
        self._environment = os.environ | {
            "DATABASE_URL": f"postgres://{address['USER']}@/{address['NAME']}?host={quote(address['HOST'])}",
            "ADMIN_PASSWORD": self.password,
            "DEMO": "0",
            "HOST": "127.0.0.1",
            "PORT": "0",
        }

    def start(self) -> None:
        with self.log.open("wb") as log:
            command = [sys.executable, "-m", "config.launch.serve"]
            self.process = subprocess.Popen(
                command, cwd=BASE_DIR, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )
        until = time.monotonic() + PATIENCE
        while not (found := re.search(r"Home +(\S+)/\n", self.log.read_text())):
            if self.process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise AssertionError(f"The server does not start:\n{self.log.read_text()}")
            time.sleep(0.05)
        self.url = found[1]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)

    def manage(self, *arguments: str) -> str:
        """Run a management command on the server's database; return its output."""
        command = [sys.executable, "manage.py", *arguments]
        answer = subprocess.run(command, cwd=BASE_DIR, env=self._environment, capture_output=True, text=True)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    @contextmanager
    def database(self) -> Iterator[None]:
        """Use the server's database in this process, without a transaction around it; not inside a `db` test."""
        assert not connection.in_atomic_block, "inside the transaction of a test: leave out its `db` mark"
        usual = dict(connection.settings_dict)
        with self._blocker.unblock():
            connection.close()
            connection.settings_dict.update(self.address)
            try:
                yield
            finally:
                connection.close()
                connection.settings_dict.update(usual)
