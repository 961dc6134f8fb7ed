"""
The two addresses for monitoring.

`/healthz` answers 200 while the process lives, and looks nothing up; `/readyz` answers 200 once the database is
reachable and migrated, else 503. The middleware comes first of all, so that neither needs credentials, a session or an
allowed Host.
"""

import logging
from collections.abc import Callable
from threading import Event

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

_migrated = Event()

Handler = Callable[[HttpRequest], HttpResponse]


def health_middleware(get_response: Handler) -> Handler:
    answers = {"/healthz": _alive, "/readyz": _ready}

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = answers.get(request.path)
        return answer() if answer else get_response(request)

    return middleware


def _alive() -> HttpResponse:
    return _plain("alive\n")


def _ready() -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        migrated = _is_migrated()
    except Error as error:
        connection.close()  # else this thread would keep the broken connection, and never be ready again
        logger.warning("Not ready: %s", str(error).strip().splitlines()[0])
        return _plain("The database is not reachable.\n", status=503)
    return _plain("ready\n") if migrated else _plain("The database is not migrated.\n", status=503)


def _is_migrated() -> bool:
    """True if no migration of this code is missing; looked up until it is so, for it stays so."""
    if not _migrated.is_set():
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            _migrated.set()
    return _migrated.is_set()


def _plain(text: str, status: int = 200) -> HttpResponse:
    headers = {"Cache-Control": "no-store", "Content-Length": str(len(text))}
    return HttpResponse(text, status=status, content_type="text/plain", headers=headers)
