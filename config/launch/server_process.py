"""Gunicorn inside this process, on a socket that is listening already; it looks after the embedded database, too."""

import logging
import signal
import socket
import sys
from typing import Any

from gunicorn.app.base import Application
from gunicorn.arbiter import Arbiter

from config.launch import web_server
from config.launch.embedded import Supervisor
from config.launch.memory import freeze_objects, resident_bytes
from config.launch.privileges import find_user_to_drop_to
from config.launch.variables import read_number

log = logging.getLogger(__name__)


class SupervisingArbiter(Arbiter):
    """Gunicorn's arbiter, which looks after the embedded database as it does after its workers."""

    def __init__(self, app: "ServerProcess") -> None:
        super().__init__(app)
        self.supervisor = app.supervisor
        self.most_bytes = read_number("WEB_MEMORY_MB") * 2**20
        self.replaced: set[int] = set()

    def manage_workers(self) -> None:
        """Look after workers and database: called once a second, and at once when a child of this process ends."""
        if self.supervisor:
            self.supervisor.step()
        self._replace_large_workers()
        wanted = self.num_workers
        # Those that leave do not count; gunicorn would end the oldest of the others for them.
        self.num_workers = wanted + len(self.replaced)
        super().manage_workers()
        self.num_workers = wanted

    def _replace_large_workers(self) -> None:
        """Start a process for each that holds too much memory, and let that one leave when its callers have."""
        self.replaced &= self.WORKERS.keys()
        for number in self.WORKERS.keys() - self.replaced:
            if (size := resident_bytes(number)) > self.most_bytes:
                log.warning("A web process held %d MB and has been replaced.", size // 2**20)
                self.spawn_worker()
                self.replaced.add(number)
                self.kill_worker(number, signal.SIGWINCH)


class ServerProcess(Application):
    """
    The web server of `config.launch.web_server`, which greets when it is ready.

    supervisor  of the embedded database, if that is the hub's
    """

    def __init__(self, listener: socket.socket, greeting: str, supervisor: Supervisor | None) -> None:
        self.listener = listener
        self.greeting = greeting
        self.supervisor = supervisor
        self.web_user = find_user_to_drop_to()
        super().__init__()

    def run(self) -> None:
        SupervisingArbiter(self).run()

    def load_config(self) -> None:
        for name, value in vars(web_server).items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)
        # `detach` gives the descriptor away: gunicorn closes it, and our object must not do so a second time.
        self.cfg.set("bind", f"fd://{self.listener.detach()}")
        if self.web_user:
            self.cfg.set("user", str(self.web_user.owner.uid))
            self.cfg.set("group", str(self.web_user.owner.gid))
        self.cfg.set("when_ready", lambda _arbiter: self.greet())

    def load(self) -> Any:
        """Load all that the first calls would have to load, once for all processes."""
        from django.urls import get_resolver

        from config.wsgi import application

        _ = get_resolver().url_patterns
        freeze_objects()
        return application

    def greet(self) -> None:
        sys.stdout.write(f"Counterpart is ready. Ctrl-C stops it.\n\n{self.greeting}\n")
        sys.stdout.flush()
