"""The environment of a measurement: a temporary database on the embedded server, and Django's own handler."""

import os
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from config.launch.embedded import test_cluster

USER, PASSWORD = "ada", "ada-ada!"
AUTHORIZATION = {"authorization": "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()}
SHORTEST_WAY = ["django.middleware.common.CommonMiddleware"]

JSON = "application/json"
DIALECT_TERMS = {"oracle-2.0": {"get_limit": 10_000_000}}  # so that one call may take all parts
PIECE = 64 * 1024  # bytes that are read at a time


@dataclass(frozen=True)
class Wire:
    """A WSGI handler, called with what a client sends."""

    handler: Callable

    def call(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, query: str = ""
    ) -> bytes:
        """Return the body of the answer; raises AssertionError for any status but a success."""
        return b"".join(self.stream(method, path, body, headers, query))

    def stream(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, query: str = ""
    ) -> Iterator[bytes]:
        """Yield the body of the answer, as it comes; likewise."""
        statuses = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": "http",
        }
        for name, value in (headers or {}).items():
            environ["CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"] = value
        response = self.handler(environ, lambda status, headers: statuses.append(status))
        with closing(response):
            if not statuses[0].startswith("2"):
                content = b"".join(response)
                raise AssertionError(f"{method} {path} answered {statuses[0]}: {content[:2000].decode()}")
            yield from response


@dataclass(frozen=True)
class HttpWire:
    """A server, called over HTTP with what a client sends; one connection that is kept alive."""

    connection: HTTPConnection

    def call(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, query: str = ""
    ) -> bytes:
        """Return the body of the answer; raises AssertionError for any status but a success."""
        return b"".join(self.stream(method, path, body, headers, query))

    def stream(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, query: str = ""
    ) -> Iterator[bytes]:
        """Yield the body of the answer, as it comes; likewise."""
        address = f"{path}?{query}" if query else path
        try:
            self.connection.request(method, address, body or None, headers or {})
            response = self.connection.getresponse()
        except ConnectionError:  # the server has closed what was idle while others had their turns
            self.connection.close()
            self.connection.request(method, address, body or None, headers or {})
            response = self.connection.getresponse()
        if response.status >= 300:
            content = response.read()
            raise AssertionError(f"{method} {path} answered {response.status}: {content[:2000].decode()}")
        while content := response.read1(PIECE):
            yield content
        response.read()  # the end of what is chunked, so that the connection can go on


def http_wire(url: str) -> HttpWire:
    place = urlsplit(url)
    return HttpWire(HTTPConnection(place.hostname or "", place.port, timeout=600))


@contextmanager
def temporary_database() -> Iterator[None]:
    """Make a migrated database for this run, with `ada`, who may do everything; it is removed afterwards."""
    os.environ.pop("DATABASE_URL", None)  # never measure on a database of the user's
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["LOG_LEVEL"] = "WARNING"  # lines of the log are the terminal's business
    folder, watcher = test_cluster.make_run_folder()
    os.environ["DATA_DIR"] = str(Path(folder) / "var")
    try:
        # Only now: importing Django's settings reads the variables that were set above.
        import django

        django.setup()
        test_cluster.ensure_template(folder, test_cluster.migrate)
        test_cluster.use_database(test_cluster.clone(folder, "benchmark"))
        create_user()
        try:
            yield
        finally:
            _store_exchanges()
    finally:
        test_cluster.stop_watcher(watcher)


def _store_exchanges() -> None:
    """Store what waits, while there is a database."""
    from webservices.exchanges.queue import QUEUE

    QUEUE.close()


def create_user() -> None:
    """Add `ada`, who may do everything, to the database that Django uses."""
    from django.contrib.auth.models import User

    User.objects.create_superuser(USER, password=PASSWORD)


def hub() -> Wire:
    """Return the hub, through all of its middleware."""
    from django.core.handlers.wsgi import WSGIHandler

    return Wire(WSGIHandler())


def baseline() -> Wire:
    """Return the DRF baseline, through the least middleware that Django needs: no session, no CSRF."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    # A handler loads its middleware once, when it is made, and keeps it after the override.
    with override_settings(MIDDLEWARE=SHORTEST_WAY):
        return Wire(WSGIHandler())
