"""
Expandable's statuses: each is a status code with a reason phrase of its own, and the body repeats it.

    HTTP/1.1 401 Auth Token is malformed.

    {"MESSAGE": "Auth Token is malformed. …", "MESSAGE_CODE": "TOKEN_MALFORMED"}

Every other failure is a 500, whose reason phrase is the message itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from records.shapes.problems import Family, Problem

LONGEST_REASON = 300  # characters; the message in the body is whole


@dataclass(frozen=True)
class Standing:
    """What a family of problem is on this wire; `reason` "": the message is the reason phrase."""

    code: str
    status: int = 500
    reason: str = ""


INVALID_JSON = Standing("INVALID_JSON", 400, "Request JSON is invalid.")
LOGIN_FAILURE = Standing("LOGIN_FAILURE", 401, "Auth Token login failure.")
NO_TOKEN = Standing("TOKEN_MISSING", 401, "Auth Token was not provided.")

FAMILIES: Mapping[Family, Standing] = {
    Family.MISSING: Standing("REQUIRED_FIELD"),
    Family.INVALID: Standing("INVALID_VALUE"),
    Family.DUPLICATE: Standing("DUPLICATE"),
    Family.NOT_FOUND: Standing("NOT_FOUND"),
    Family.AMBIGUOUS: Standing("AMBIGUOUS"),
    Family.UNRESOLVED: Standing("UNKNOWN_REFERENCE"),
    Family.IN_USE: Standing("IN_USE"),
    Family.FILTERED: Standing("NOT_PERMITTED"),
    Family.LOCKED: Standing("LOCKED"),
    Family.CONFLICT: Standing("CONFLICT"),
    Family.ROLLED_BACK: Standing("ROLLED_BACK"),
    Family.INTERNAL: Standing("INTERNAL"),
    Family.MALFORMED: INVALID_JSON,
    Family.UNKNOWN_OPERATION: Standing("METHOD_NOT_POST", 405, "Request method must be POST."),
    Family.TOO_LARGE: Standing("TOO_LARGE"),
    Family.UNAUTHENTICATED: LOGIN_FAILURE,
    Family.FORBIDDEN: Standing("NOT_PERMITTED"),
    Family.BUSY: Standing("BUSY"),
}
CODES: Mapping[str, Standing] = {  # where a code has a standing of its own
    "unknown-field": Standing("UNKNOWN_FIELD"),
    "read-only-field": Standing("READ_ONLY_FIELD"),
    "not-accepted": Standing("FIELD_NOT_ACCEPTED"),
    "too-long": Standing("FIELD_TOO_LONG"),
    "too-many-rows": Standing("TOO_MANY_ROWS"),
    "unknown-address": Standing("UNKNOWN_CALL", 404, "Not Found"),
    "unknown-data-source": LOGIN_FAILURE,
    "no-token": NO_TOKEN,
    "no-credentials": NO_TOKEN,
    "token-malformed": Standing("TOKEN_MALFORMED", 401, "Auth Token is malformed."),
}


def standing_of(problem: Problem) -> Standing:
    return CODES.get(problem.code) or FAMILIES[problem.family]


def reason_phrase(message: str) -> str:
    """The message as a reason phrase: one line of Latin-1, without what no header may hold."""
    line = "".join(c if c.isprintable() else " " for c in message.replace("…", "..."))
    return line.encode("latin-1", "replace").decode("latin-1")[:LONGEST_REASON].strip()


def statuses(*, with_token: bool) -> tuple[str, ...]:
    """The failures that a call may come to, as a help page lists them: `400/Request JSON is invalid.`"""
    usual = (INVALID_JSON, NO_TOKEN, CODES["token-malformed"], LOGIN_FAILURE, FAMILIES[Family.UNKNOWN_OPERATION])
    told = [f"{each.status}/{each.reason}" for each in usual if with_token or each.status != LOGIN_FAILURE.status]
    return (*told, "500/(Error Message)")
