"""
The two addresses for monitoring.

`/healthz` answers 200 while the process lives, and looks nothing up; `/readyz` answers 200 once the database is
reachable and migrated, else 503 and why. A disk that is nearly full is said in a second line and stays a 200: what is
read is still answered, so no balancer shall take the hub out for it. The middleware comes first of all, so that neither
needs credentials, a session or an allowed Host.
"""

import logging
from collections.abc import Callable
from threading import Event

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

from config.launch.embedded import read_state
from webservices.views.http import mark_logged

logger = logging.getLogger(__name__)

# By what the database says to whom it does not let in.
REASONS = {
    "starting up": "The database is starting.",
    "in recovery mode": "The database is recovering from the end of one of its processes.",
    "shutting down": "The database is stopping.",
    "too many clients": "The database takes no more connections.",
    "connection slots": "The database takes no more connections.",
    "too many connections": "The database takes no more connections.",
}

_migrated = Event()
_logged = [""]

Handler = Callable[[HttpRequest], HttpResponse]


def health_middleware(get_response: Handler) -> Handler:
    answers = {"/healthz": _alive, "/readyz": _ready}

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = answers.get(request.path)
        return answer() if answer else get_response(request)

    return middleware


def _alive() -> HttpResponse:
    return _plain("alive")


def _ready() -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        migrated = _is_migrated()
    except Error as error:
        connection.close()  # else this thread would keep the broken connection, and never be ready again
        _log_once(str(error).strip().splitlines()[0])
        return _unready(read_state().server or _find_reason(str(error)))
    _log_once("")
    return _plain("ready", read_state().disk) if migrated else _unready("The database is not migrated.")


def _log_once(reason: str) -> None:
    """Log why the database cannot be reached, when it is not what was logged last; empty: it can."""
    if reason != _logged[0]:
        _logged[0] = reason
        if reason:
            logger.warning("Not ready: %s", reason)


def _unready(reason: str) -> HttpResponse:
    response = _plain(reason, read_state().disk, status=503)
    mark_logged(response)
    return response


def _find_reason(message: str) -> str:
    """Return why the database cannot be reached; of its message, which may name hosts and users, no more."""
    known = (sentence for words, sentence in REASONS.items() if words in message)
    return next(known, "The database is not reachable.")


def _is_migrated() -> bool:
    """True if no migration of this code is missing; looked up until it is so, for it stays so."""
    if not _migrated.is_set():
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            _migrated.set()
    return _migrated.is_set()


def _plain(*lines: str, status: int = 200) -> HttpResponse:
    text = "".join(f"{line}\n" for line in lines if line)
    headers = {"Cache-Control": "no-store", "Content-Length": str(len(text.encode()))}
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=headers)
