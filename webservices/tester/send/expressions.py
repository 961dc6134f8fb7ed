"""Evaluation of what testers write, one at a time, in a process that the kernel can end: see `expression_worker`."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from typing import IO, cast

from django.conf import settings

from records.shapes.values import quote_text
from webservices.tester.errors import TesterError

WORKER = (sys.executable, "-m", "webservices.tester.send.expression_worker")
# Nothing of the server's environment, which holds its secrets.
ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}

_lock = Lock()
_worker: subprocess.Popen[bytes] | None = None


def evaluate(kind: str, text: str, expression: str) -> Sequence[str]:
    """
    Return the texts that an expression finds in a text, in order.

    kind  `xpath`, `jsonpath` or `pattern`, a regular expression

    Raises TesterError for an expression that cannot be read, or that needs too much of time, memory or room.
    """
    request = json.dumps({"kind": kind, "text": text, "expression": expression}).encode() + b"\n"
    with _lock:
        answer = _ask(request, expression)
    if "wrong" in answer:
        raise TesterError(answer["wrong"])
    return answer["found"]


def _ask(request: bytes, expression: str) -> dict:
    while True:
        worker = _start()
        try:
            cast(IO[bytes], worker.stdin).write(request)
            cast(IO[bytes], worker.stdin).flush()
            if line := cast(IO[bytes], worker.stdout).readline():
                return json.loads(line)
        except BrokenPipeError:
            pass
        ended = stop()
        if ended == -signal.SIGPROF:
            raise TesterError(f"{quote_text(expression)} takes too long.")
        if ended != 0:
            raise TesterError(f"{quote_text(expression)} could not be evaluated: it needs too much memory.")
        # It ended by itself, as nobody had asked for a while, in the moment in which it was asked.


def _start() -> subprocess.Popen[bytes]:
    global _worker
    if _worker is None or _worker.poll() is not None:
        _worker = subprocess.Popen(  # noqa: S603 - a program of our own, without arguments
            WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=settings.BASE_DIR, env=ENVIRONMENT
        )
    return _worker


def stop() -> int:
    """End the process, if there is one; return its exit code."""
    global _worker
    worker, _worker = _worker, None
    if worker is None:
        return 0
    with suppress(BrokenPipeError):  # it ended before it had read all
        cast(IO[bytes], worker.stdin).close()
    cast(IO[bytes], worker.stdout).close()
    return worker.wait()
