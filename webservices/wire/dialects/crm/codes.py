"""
The faultcodes of CRM-service by families of problems, and the sentences of this wire's own.

    Client.InvalidApiKey     at createSession: the key is not known, was revoked, has expired
    Client.InvalidSession    the session is not known, or it has ended
"""

from collections.abc import Callable, Mapping

from records.shapes.problems import Family, Path, Problem
from webservices.wire.dialects.crm.methods import API_KEY, Method

VALIDATION = "Client.ValidationError"
NOT_FOUND = "not-found"
INVALID_API_KEY, INVALID_SESSION = "Client.InvalidApiKey", "Client.InvalidSession"

FAMILIES: Mapping[Family, str] = {
    Family.MISSING: VALIDATION,
    Family.INVALID: VALIDATION,
    Family.DUPLICATE: VALIDATION,
    Family.NOT_FOUND: "Client.NotFound",
    Family.AMBIGUOUS: VALIDATION,
    Family.UNRESOLVED: VALIDATION,
    Family.IN_USE: VALIDATION,
    Family.FILTERED: VALIDATION,
    Family.LOCKED: VALIDATION,
    Family.CONFLICT: VALIDATION,
    Family.ROLLED_BACK: VALIDATION,
    Family.MALFORMED: VALIDATION,
    Family.UNKNOWN_OPERATION: VALIDATION,
    Family.TOO_LARGE: VALIDATION,
    Family.INTERNAL: "Server.Internal",
    Family.UNAUTHENTICATED: INVALID_SESSION,
    Family.FORBIDDEN: "Client.MethodNotAllowed",
    Family.BUSY: "Server.Busy",
}
AUTHENTICATION_FAILED = "Client.AuthenticationFailed"  # of a portal user, who is not the caller
SIGN_IN_FAILED = "sign-in-failed"  # the code of the service's problem
MEANINGS: Mapping[str, str] = {
    INVALID_API_KEY: "createSession needs an API key that is in use.",
    INVALID_SESSION: "Every method but createSession needs a session that has not ended.",
    AUTHENTICATION_FAILED: "The e-mail address, the password or the portal is wrong; all failures read the same.",
    "Client.MethodNotAllowed": "The API key does not list the method, or its user may not do that.",
    "Client.NotFound": "There is no record with this id.",
    VALIDATION: "The message, a field or a search is not as it must be; the faultstring names it.",
    "Server.Busy": "Too much is going on; send the call again in a moment.",
    "Server.Internal": "Something went wrong in the server; nothing was kept.",
}
SENTENCES: Mapping[str, str] = {
    "unknown-token": "This API key is not known.",
    "no-session": "There is no session: call createSession first.",
    "session-ended": "This session is not known, or it has ended: call createSession again.",
}  # by the problem's code; any other problem has its own sentence


def find_fault_code(problem: Problem, method: Method) -> str:
    """Return the faultcode of a problem."""
    if problem.code == SIGN_IN_FAILED:
        return AUTHENTICATION_FAILED
    # createSession alone takes a key; everywhere else the same family means the session.
    if problem.family is Family.UNAUTHENTICATED and method.credential == API_KEY:
        return INVALID_API_KEY
    return FAMILIES[problem.family]


def build_sentence(problem: Problem, spell: Callable[[Path], str]) -> str:
    """Build the faultstring of a problem, its field as this wire spells it."""
    return SENTENCES.get(problem.code) or problem.sentence(spell)
