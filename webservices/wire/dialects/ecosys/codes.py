"""
EcoSys' reason codes, HTTP statuses and faults, by families of problems.

    <ResultMessage level="FAILURE" reasonCode="ESRC_OBJECT_NOT_FOUND_BY_KEY">      one object of a write
    HTTP/1.1 403 Forbidden                                                         a whole call over REST
    <faultcode>soapenv:Server</faultcode>                                          a whole call over SOAP
"""

from collections.abc import Mapping
from dataclasses import dataclass

from records.shapes.problems import Family, Problem
from webservices.wire.operations import Action, Verb
from webservices.wire.options import KEY_IN_USE, KEY_REUSED

FAILURE, WARNING = "FAILURE", "WARNING"
DUPLICATE = "ESRC_DUPLICATE_IDENTIFIER"
DISALLOWED_BY_FILTER = "ESRC_DISALLOWED_BY_FILTER"
VALIDATION = "ESRC_VALIDATION_FAULT"


@dataclass(frozen=True)
class ErrorMapping:
    """
    The answer to a family of problems.

    reason  the reason code of a failed object
    status  the HTTP status of REST, when the whole call failed
    blame   the faultcode of SOAP 1.1, when the whole call failed
    """

    reason: str = VALIDATION
    status: int = 400
    blame: str = "Client"


FAMILIES: Mapping[Family, ErrorMapping] = {
    Family.MISSING: ErrorMapping("ESRC_MISSING_REQUIRED_VALUE"),
    Family.INVALID: ErrorMapping(),
    Family.DUPLICATE: ErrorMapping(DUPLICATE),
    Family.NOT_FOUND: ErrorMapping("ESRC_OBJECT_NOT_FOUND_BY_KEY"),
    Family.AMBIGUOUS: ErrorMapping("ESRC_UNRESOLVED_IDENTIFIER"),
    Family.UNRESOLVED: ErrorMapping("ESRC_UNRESOLVED_IDENTIFIER"),
    Family.IN_USE: ErrorMapping(),
    Family.FILTERED: ErrorMapping(DISALLOWED_BY_FILTER),
    Family.LOCKED: ErrorMapping("ESRC_DISALLOWED_BY_CONDFORMAT"),
    Family.CONFLICT: ErrorMapping(),
    Family.ROLLED_BACK: ErrorMapping(),
    Family.INTERNAL: ErrorMapping(status=500, blame="Server"),
    Family.MALFORMED: ErrorMapping(),
    Family.UNKNOWN_OPERATION: ErrorMapping(status=403),
    Family.TOO_LARGE: ErrorMapping(status=413),
    Family.UNAUTHENTICATED: ErrorMapping(status=401),
    Family.FORBIDDEN: ErrorMapping(status=403),
    Family.BUSY: ErrorMapping(status=503, blame="Server"),
}
UNKNOWN_API, UNKNOWN_METHOD = "unknown-api", "unknown-method"
STATUSES: Mapping[str, int] = {
    UNKNOWN_API: 404,
    UNKNOWN_METHOD: 405,
    KEY_IN_USE: 409,
    KEY_REUSED: 422,
}  # by the problem's code, before its family


def find_error_code(problem: Problem, verb: Verb | Action | None = None) -> ErrorMapping:
    """Return the answer to a problem of an object that was to be read or written by `verb`."""
    # A new object is never looked for by its key. If the core says that it was not found, it is stored, but outside of
    # what the filter lets this call see.
    if problem.family is Family.NOT_FOUND and verb in (Verb.ADD, Verb.PUT):
        return FAMILIES[Family.FILTERED]
    return FAMILIES[problem.family]


def find_status(problem: Problem) -> int:
    """Return the HTTP status of REST for a whole call that failed."""
    return STATUSES.get(problem.code) or FAMILIES[problem.family].status
