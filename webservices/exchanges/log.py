"""The log of calls, and of sign-ins at pages: one line for each, by the logger `webservices.calls`."""

import logging

from records.shapes.problems import Problem

calls = logging.getLogger("webservices.calls")


def log_call(
    call_id: str,
    *,
    operation: str,
    user_name: str,
    status: int,
    duration_ms: float,
    problem: Problem | None = None,
    peer: str = "",
) -> None:
    """
    Write the line: who did what, and no secret.

        call=8e03… operation=parts.put user=ada status=200 ms=12.3
        call=91b2… operation=parts.put user=- status=401 ms=330.1 code=wrong-password peer=10.0.0.66

    problem  for which the whole of it was refused
    """
    failure = f" code={problem.code} peer={_escape(peer[:64])}" if problem else ""
    line = "call=%s operation=%s user=%s status=%s ms=%.1f%s"
    calls.info(line, call_id, operation or "-", _escape(user_name), status, duration_ms, failure)


def _escape(text: str) -> str:
    return text.encode("unicode_escape").decode().replace(" ", "\\x20") or "-"
