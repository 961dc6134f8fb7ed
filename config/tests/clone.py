"""A copy of the project as it is now, and `./start` run in it as a newcomer would."""

import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from config.launch.embedded import ClusterLocation, cluster_location
from config.launch.embedded.location import remove_socket_folder
from config.launch.embedded.server import find_postmaster
from config.launch.paths import BASE_DIR

PATIENCE = 120.0  # seconds
EXCLUDED = shutil.ignore_patterns(".*", "var", "node_modules", "__pycache__")
PROJECT_VARIABLES = ("DATABASE_URL", "DATA_DIR", "VENV", "PYTHON", "DJANGO_SETTINGS_MODULE", "PYTHONPATH")


@dataclass
class Clone:
    """The copy in a folder; `user` runs everything in it (None: whoever runs the tests)."""

    folder: Path
    user: str | None = None
    settings: dict[str, str] = field(default_factory=dict)
    processes: list["StartProcess"] = field(default_factory=list)

    def __post_init__(self) -> None:
        shutil.copytree(BASE_DIR, self.folder, ignore=EXCLUDED)
        if self.user:
            for path in (self.folder, *self.folder.rglob("*")):
                shutil.chown(path, self.user)

    @property
    def location(self) -> ClusterLocation:
        return cluster_location(self.folder / "var")

    def start(self, **settings: str) -> "StartProcess":
        """Run `./start`, and do not wait for it."""
        usual = {name: value for name, value in os.environ.items() if name not in PROJECT_VARIABLES}
        identity = {"user": self.user, "group": _group_of(self.user), "extra_groups": []} if self.user else {}
        process = subprocess.Popen(
            ["./start"],
            cwd=self.folder,
            env=usual | {"HOME": str(self.folder), "PORT": "0"} | self.settings | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            **identity,
        )
        self.processes.append(StartProcess(process))
        return self.processes[-1]

    def end(self) -> None:
        """Kill what a failed test left running; the files go with the folder of the run."""
        for start in self.processes:
            if start.process.poll() is None:
                os.killpg(start.process.pid, signal.SIGKILL)
        if number := self.postmaster():
            os.kill(number, signal.SIGQUIT)
        remove_socket_folder(self.location)

    def postmaster(self) -> int | None:
        """Return the process id of the embedded server of this clone, if it runs."""
        return find_postmaster(self.location)


class StartProcess:
    """A process of `./start`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.start_time = time.monotonic()
        self.output = ""
        self.url = ""

    def wait_until_ready(self) -> "StartProcess":
        """Wait until it has printed its whole greeting, and answers."""
        for line in self.process.stdout:
            self.output += line
            if found := re.search(r"Home +(\S+)/$", line):
                self.url = found[1]
            if line == "\n" and self.url:
                break
        assert self.url, self.output
        assert self.get("/readyz") == 200, self.output
        self.seconds = time.monotonic() - self.start_time
        return self

    def get(self, path: str) -> int:
        with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as answer:
            return answer.status

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; return the exit status."""
        self.process.send_signal(number)
        return self.end()

    def end(self) -> int:
        """Wait for it to end by itself; return the exit status. The output is in `output`."""
        rest, _ = self.process.communicate(timeout=PATIENCE)
        self.output += rest
        return self.process.returncode


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid
