"""The statuses of Oracle CPQ's REST interface, by family of problem; it has no 409 and no 422."""

from collections.abc import Mapping
from dataclasses import dataclass

from records.shapes.problems import Family, Problem
from webservices.wire.options import KEY_IN_USE


@dataclass(frozen=True)
class ErrorMapping:
    """An HTTP status, and the title of the error."""

    status: int
    title: str


FAMILIES: Mapping[Family, ErrorMapping] = {
    Family.MISSING: ErrorMapping(400, "A required value is missing"),
    Family.INVALID: ErrorMapping(400, "A value is not valid"),
    Family.DUPLICATE: ErrorMapping(400, "It exists already"),
    Family.NOT_FOUND: ErrorMapping(404, "Not found"),
    Family.AMBIGUOUS: ErrorMapping(400, "Several records answer to it"),
    Family.UNRESOLVED: ErrorMapping(400, "It names something that is not known"),
    Family.IN_USE: ErrorMapping(400, "It is in use"),
    Family.FILTERED: ErrorMapping(400, "It is outside of what this call may write"),
    Family.LOCKED: ErrorMapping(400, "It is locked"),
    Family.CONFLICT: ErrorMapping(412, "It has changed"),
    Family.ROLLED_BACK: ErrorMapping(400, "Nothing was kept"),
    Family.INTERNAL: ErrorMapping(500, "Something went wrong in the server"),
    Family.MALFORMED: ErrorMapping(400, "The request cannot be read"),
    Family.UNKNOWN_OPERATION: ErrorMapping(405, "Not offered here"),
    Family.TOO_LARGE: ErrorMapping(413, "The request is too large"),
    Family.UNAUTHENTICATED: ErrorMapping(401, "Who is calling is not known"),
    Family.FORBIDDEN: ErrorMapping(403, "Not allowed"),
    Family.BUSY: ErrorMapping(503, "The server is busy"),
}

# The statuses of single problems, by their codes, where they are not those of their families.
PROBLEM_STATUSES: Mapping[str, int] = {"not-acceptable": 406, "wrong-media-type": 415, KEY_IN_USE: 409}


def get_status(problem: Problem) -> int:
    """Return the HTTP status of a problem: its own, or that of its family."""
    return PROBLEM_STATUSES.get(problem.code) or FAMILIES[problem.family].status
