"""Gunicorn inside this process, on a socket that is listening already; it looks after the embedded database, too."""

import logging
import socket
import sys
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import Application
from gunicorn.arbiter import Arbiter

from config.launch import web_server
from config.launch.errors import StartError

log = logging.getLogger(__name__)


class Supervisor(Arbiter):
    """Gunicorn's arbiter, which starts the database again where it was killed, as it does its workers."""

    def __init__(self, app: "ServerProcess") -> None:
        super().__init__(app)
        self.restart_database = app.restart_database

    def manage_workers(self) -> None:
        """Look after workers and database: called once a second, and at once when a child of this process ends."""
        try:
            if self.restart_database():
                log.warning("The database was gone; it has been started again.")
        except StartError as error:
            log.warning("The database is gone, and it will be tried again in a second: %s", error)
        super().manage_workers()


class ServerProcess(Application):
    """
    The web server of `config.launch.web_server`, which greets when it is ready.

    restart_database  starts the database again where it was killed, and returns True if it was; may raise StartError
    """

    def __init__(self, listener: socket.socket, greeting: str, restart_database: Callable[[], bool]) -> None:
        self.listener = listener
        self.greeting = greeting
        self.restart_database = restart_database
        super().__init__()

    def run(self) -> None:
        Supervisor(self).run()

    def load_config(self) -> None:
        for name, value in vars(web_server).items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)
        # `detach` gives the descriptor away: gunicorn closes it, and our object must not do so a second time.
        self.cfg.set("bind", f"fd://{self.listener.detach()}")
        self.cfg.set("when_ready", lambda _arbiter: self.greet())

    def load(self) -> Any:
        from config.wsgi import application

        return application

    def greet(self) -> None:
        sys.stdout.write(f"Counterpart is ready. Ctrl-C stops it.\n\n{self.greeting}\n")
        sys.stdout.flush()
