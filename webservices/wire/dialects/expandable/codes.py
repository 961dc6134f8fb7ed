"""
Expandable's errors, by family of problem: a status with a reason phrase of its own, and a code in the body.

    HTTP/1.1 401 Auth Token is malformed.

    {"MESSAGE": "Auth Token is malformed. …", "MESSAGE_CODE": "TOKEN_MALFORMED"}

Every other failure is a 500, whose reason phrase is the message itself; one that will pass is a 503 of that form.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from records.shapes.problems import Family, Problem
from webservices.wire.options import KEY_IN_USE, KEY_REUSED

LONGEST_REASON = 300  # characters; the message in the body is whole


@dataclass(frozen=True)
class ErrorMapping:
    """A MESSAGE_CODE, a status and its reason phrase; `reason` "": the message is the reason phrase."""

    code: str
    status: int = 500
    reason: str = ""


INVALID_JSON = ErrorMapping("INVALID_JSON", 400, "Request JSON is invalid.")
INVALID_VALUE = ErrorMapping("INVALID_VALUE")
LOGIN_FAILURE = ErrorMapping("LOGIN_FAILURE", 401, "Auth Token login failure.")
NO_TOKEN = ErrorMapping("TOKEN_MISSING", 401, "Auth Token was not provided.")

FAMILIES: Mapping[Family, ErrorMapping] = {
    Family.MISSING: ErrorMapping("REQUIRED_FIELD"),
    Family.INVALID: INVALID_VALUE,
    Family.DUPLICATE: ErrorMapping("DUPLICATE"),
    Family.NOT_FOUND: ErrorMapping("NOT_FOUND"),
    Family.AMBIGUOUS: ErrorMapping("AMBIGUOUS"),
    Family.UNRESOLVED: ErrorMapping("UNKNOWN_REFERENCE"),
    Family.IN_USE: ErrorMapping("IN_USE"),
    Family.FILTERED: ErrorMapping("NOT_PERMITTED"),
    Family.LOCKED: ErrorMapping("LOCKED"),
    Family.CONFLICT: ErrorMapping("CONFLICT"),
    Family.ROLLED_BACK: ErrorMapping("ROLLED_BACK"),
    Family.INTERNAL: ErrorMapping("INTERNAL"),
    Family.MALFORMED: INVALID_JSON,
    Family.UNKNOWN_OPERATION: ErrorMapping("METHOD_NOT_POST", 405, "Request method must be POST."),
    Family.TOO_LARGE: ErrorMapping("TOO_LARGE"),
    Family.UNAUTHENTICATED: LOGIN_FAILURE,
    Family.FORBIDDEN: ErrorMapping("NOT_PERMITTED"),
    Family.BUSY: ErrorMapping("BUSY", 503),
}
# Of single problems, by their codes, where they are not those of their families.
PROBLEM_MAPPINGS: Mapping[str, ErrorMapping] = {
    "unknown-field": ErrorMapping("UNKNOWN_FIELD"),
    "read-only-field": ErrorMapping("READ_ONLY_FIELD"),
    "not-accepted": ErrorMapping("FIELD_NOT_ACCEPTED"),
    "too-long": ErrorMapping("FIELD_TOO_LONG"),
    "too-many-rows": ErrorMapping("TOO_MANY_ROWS"),
    "unknown-address": ErrorMapping("NOT_FOUND", 404, "Not Found"),
    "no-header": ErrorMapping(INVALID_JSON.code, 400, "Request has no Sales Order Header."),
    "header-without-key": ErrorMapping(INVALID_JSON.code, 400, "Request Sales Order Header has no SO_ID."),
    "unknown-data-source": LOGIN_FAILURE,
    "no-token": NO_TOKEN,
    "no-credentials": NO_TOKEN,
    "token-malformed": ErrorMapping("TOKEN_MALFORMED", 401, "Auth Token is malformed."),
    KEY_IN_USE: ErrorMapping("IDEMPOTENCY_KEY_IN_USE", 409),
    KEY_REUSED: ErrorMapping("IDEMPOTENCY_KEY_REUSED", 422),
}
# In the older generation, whose tokens end.
OLD_PROBLEM_MAPPINGS: Mapping[str, ErrorMapping] = {
    "no-session": NO_TOKEN,
    "session-ended": ErrorMapping("TOKEN_EXPIRED", 401, "AuthToken is expired."),
}
ERROR_NAMES, OLD_ERROR_NAMES = ("MESSAGE", "MESSAGE_CODE"), ("Message", "MessageCode")
# What the vendor says of a problem, by its code; the reason follows.
VENDOR_WORDS: Mapping[str, str] = {"already-exists": "{title} already exists."}


def get_error(problem: Problem, *, old: bool = False) -> ErrorMapping:
    """Return the mapping of a problem: its own, or that of its family."""
    own = (OLD_PROBLEM_MAPPINGS.get(problem.code) if old else None) or PROBLEM_MAPPINGS.get(problem.code)
    return own or FAMILIES[problem.family]


def reason_phrase(message: str) -> str:
    """Return a message as a reason phrase: one line of Latin-1, without what no header may hold."""
    # A line break here would end the status line, and what follows it would be a header of the caller's making.
    line = "".join(c if c.isprintable() else " " for c in message.replace("…", "..."))
    return line.encode("latin-1", "replace").decode("latin-1")[:LONGEST_REASON].strip()


def failure_lines(*, needs_token: bool) -> tuple[str, ...]:
    """Return the failures that a call may come to, as a help page lists them: `400/Request JSON is invalid.`"""
    usual = (
        INVALID_JSON,
        NO_TOKEN,
        PROBLEM_MAPPINGS["token-malformed"],
        LOGIN_FAILURE,
        FAMILIES[Family.UNKNOWN_OPERATION],
    )
    lines = [f"{each.status}/{each.reason}" for each in usual if needs_token or each.status != LOGIN_FAILURE.status]
    return (*lines, "500/(Error Message)")
