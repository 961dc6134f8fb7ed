"""REST's statuses, by family of problem."""

from collections.abc import Mapping
from dataclasses import dataclass

from records.shapes.problems import Family, Problem
from webservices.wire.dialects.rest.context import RestContext
from webservices.wire.options import KEY_IN_USE


@dataclass(frozen=True)
class ErrorMapping:
    """An HTTP status, and the title of the problem."""

    status: int
    title: str


FAMILIES: Mapping[Family, ErrorMapping] = {
    Family.MISSING: ErrorMapping(422, "A required value is missing"),
    Family.INVALID: ErrorMapping(422, "A value is not valid"),
    Family.DUPLICATE: ErrorMapping(409, "It exists already"),
    Family.NOT_FOUND: ErrorMapping(404, "Not found"),
    Family.AMBIGUOUS: ErrorMapping(409, "Several records answer to it"),
    Family.UNRESOLVED: ErrorMapping(422, "It names something that is not known"),
    Family.IN_USE: ErrorMapping(409, "It is in use"),
    Family.FILTERED: ErrorMapping(422, "It would leave what this call may write"),
    Family.LOCKED: ErrorMapping(409, "It is locked"),
    Family.CONFLICT: ErrorMapping(409, "It has changed"),
    Family.ROLLED_BACK: ErrorMapping(409, "Nothing was kept"),
    Family.INTERNAL: ErrorMapping(500, "Something went wrong in the server"),
    Family.MALFORMED: ErrorMapping(400, "The request cannot be read"),
    Family.UNKNOWN_OPERATION: ErrorMapping(405, "Not offered here"),
    Family.TOO_LARGE: ErrorMapping(413, "The request is too large"),
    Family.UNAUTHENTICATED: ErrorMapping(401, "Who is calling is not known"),
    Family.FORBIDDEN: ErrorMapping(403, "Not allowed"),
    Family.BUSY: ErrorMapping(503, "The server is busy"),
}

# The statuses of single problems, by their codes, where they are not those of their families.
PROBLEM_STATUSES: Mapping[str, int] = {
    "unknown-address": 404,
    "not-acceptable": 406,
    "wrong-media-type": 415,
    "wrong-option": 400,
    "throttled": 429,
    KEY_IN_USE: 409,
}
PRECONDITION_FAILED = 412  # of what a condition of the request forbids (RFC 9110, 13.1)


def get_status(problem: Problem, context: RestContext) -> int:
    """Return the HTTP status of a problem: its own, or that of its family."""
    if problem.family is Family.CONFLICT and context.condition is not None:
        return PRECONDITION_FAILED
    return PROBLEM_STATUSES.get(problem.code) or FAMILIES[problem.family].status
