"""Gunicorn inside this process, on a socket that is listening already."""

import socket
import sys
from typing import Any

from gunicorn.app.base import Application

from config.launch import web_server


class ServerProcess(Application):
    """The web server of `config.launch.web_server`, which greets when it is ready."""

    def __init__(self, listener: socket.socket, greeting: str) -> None:
        self.listener = listener
        self.greeting = greeting
        super().__init__()

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
