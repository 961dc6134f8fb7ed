"""
The faultcodes of CRM-service, by what a problem is, and the sentences that say it in this wire's own words.

    Client.InvalidApiKey     at createSession: the key is not known, was revoked, has expired
    Client.InvalidSession    the session is not known, or it has ended
"""

from collections.abc import Callable, Mapping

from records.shapes.problems import Family, Path, Problem
from webservices.wire.dialects.crm.methods import Method

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
OF_SIGN_IN = "Client.AuthenticationFailed"  # of a portal user, who is not the caller
SIGN_IN = frozenset({"sign-in-failed"})
MEANING: Mapping[str, str] = {
    INVALID_API_KEY: "createSession needs an API key that is in use.",
    INVALID_SESSION: "Every method but createSession needs a session that has not ended.",
    OF_SIGN_IN: "The e-mail address, the password or the portal is wrong; all failures read the same.",
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
}  # by the problem's code; `{}` is its own sentence


def code_of(problem: Problem, method: Method | None) -> str:
    """The faultcode of a problem."""
    if problem.code in SIGN_IN:
        return OF_SIGN_IN
    if problem.family is Family.UNAUTHENTICATED and method is not None and method.credential == "apiKey":
        return INVALID_API_KEY
    return FAMILIES[problem.family]


def sentence_of(problem: Problem, method: Method | None, spell: Callable[[Path], str]) -> str:
    """What a problem is, with its field as this wire spells it; an operation goes by the method's name."""
    sentence = SENTENCES.get(problem.code, "{}").format(problem.sentence(spell))
    if problem.code == "not-listed" and method is not None:
        for plural, verb in method.operations:
            sentence = sentence.replace(f"{plural}.{verb}", method.name)
    return sentence
