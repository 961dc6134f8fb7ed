"""A web process: gunicorn starts, watches and stops it, waitress reads and writes its connections."""

import logging
import os
import tempfile
import time
from typing import Any

from gunicorn.workers.base import Worker

from config.launch.connections import Server
from config.launch.limits import read_limits
from config.launch.memory import return_memory
from config.launch.thread_pool import ThreadPool

DISK = "/var/tmp"  # noqa: S108 - the files have no names in it
STOP_LINGER = 1.0  # seconds that a stopping process waits for the next request of a connection that is kept alive
LONGEST_LEAVE = 600.0  # seconds after which a replaced process ends with what it still serves
MEMORY_SECONDS = 30.0


class WebProcess(Worker):
    """
    Serves until it is told to end.

    SIGTERM   stop: no more connections, finish what was asked for; gunicorn kills what takes longer than it may
    SIGWINCH  leave: the same, but for the callers that are connected, who get the usual time for their next request
    """

    is_replaced = False

    def handle_winch(self, sig: int, frame: Any) -> None:
        self.is_replaced = True

    def init_process(self) -> None:
        web_user = getattr(self.app, "web_user", None)  # elsewhere than under `./start` gunicorn's own options say it
        if web_user:
            web_user.prepare_drop()
        super().init_process()

    def load_wsgi(self) -> None:
        """Finish to drop: gunicorn has just changed the user, and nothing has been served yet."""
        if web_user := getattr(self.app, "web_user", None):
            web_user.finish_drop()
        super().load_wsgi()

    def run(self) -> None:
        # These may be read now: the application is loaded.
        from django.conf import settings

        from webservices.access.password_cache import VERIFIER
        from webservices.exchanges.queue import QUEUE

        self.limits = read_limits(settings.MAX_BODY_BYTES)
        # /tmp is memory on many systems, and large bodies and answers lie in files to spare it.
        if "TMPDIR" not in os.environ and os.access(DISK, os.W_OK):
            tempfile.tempdir = DISK
        for name in ("waitress", "waitress.queue"):
            logging.getLogger(name).setLevel(logging.ERROR)
        sockets: list[Any] = self.sockets  # gunicorn's own, around those of Python
        pool = ThreadPool(self.cfg.threads)
        VERIFIER.queue.extra_thread = pool.extra_thread
        servers = [Server(self.wsgi, each.sock, pool, self.limits) for each in sockets]
        timeout = 0.25 if len(servers) == 1 else 0.05  # seconds until a signal is heard
        next_return = time.monotonic() + MEMORY_SECONDS
        while self.alive and not self.is_replaced:
            self._step(servers, timeout)
            if time.monotonic() > next_return:
                next_return = time.monotonic() + MEMORY_SECONDS
                return_memory()
        self._leave(servers)
        QUEUE.close()

    def _step(self, servers: list[Server], timeout: float) -> None:
        self.notify()
        for server in servers:
            server.run_once(timeout)
        if self.ppid != os.getppid():
            self.alive = False

    def _leave(self, servers: list[Server]) -> None:
        for server in servers:
            server.leave()
        for each in self.sockets:
            each.close()
        start = time.monotonic()
        while time.monotonic() < start + LONGEST_LEAVE:
            linger = STOP_LINGER if not self.alive else self.limits.idle_seconds
            if all(server.is_idle(linger) for server in servers):
                return
            self._step(servers, 0.05)
