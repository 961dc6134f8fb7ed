"""
Oracle CPQ's exception codes, by family of problem.

    <bm:exceptionCode>PARTS-ERR</bm:exceptionCode>     a service's own, by its name in capitals
    <bm:exceptionCode>XML-ERR</bm:exceptionCode>       a message that cannot be read
"""

from collections.abc import Mapping
from dataclasses import dataclass

from records.shapes.problems import Family, Problem
from webservices.wire.dialects.oracle.names import USERS_SERVICE, words


@dataclass(frozen=True)
class ErrorCode:
    """An exception code, `{service}` to be filled in, and who is to blame in SOAP 1.2: `Sender` or `Receiver`."""

    text: str
    blame: str = "Sender"

    def text_for(self, plural: str) -> str:
        """`PARTS-ERR`, `CUSTOMER-PARTS-ERR`, `SECURITY-ERR`; without a service it is the message that is at fault."""
        return self.text.format(service=words(USERS_SERVICE.get(plural, plural)).upper().replace(" ", "-") or "XML")


SERVICE = ErrorCode("{service}-ERR")
XML = ErrorCode("XML-ERR")
SECURITY = ErrorCode("SECURITY-ERR")
SESSION = ErrorCode("SESSION-ERR")

FAMILIES: Mapping[Family, ErrorCode] = {
    Family.MISSING: SERVICE,
    Family.INVALID: SERVICE,
    Family.DUPLICATE: SERVICE,
    Family.NOT_FOUND: SERVICE,
    Family.AMBIGUOUS: SERVICE,
    Family.UNRESOLVED: SERVICE,
    Family.IN_USE: SERVICE,
    Family.FILTERED: SERVICE,
    Family.LOCKED: SERVICE,
    Family.CONFLICT: SERVICE,
    Family.ROLLED_BACK: SERVICE,
    Family.INTERNAL: ErrorCode("{service}-ERR", "Receiver"),
    Family.MALFORMED: XML,
    Family.UNKNOWN_OPERATION: XML,
    Family.TOO_LARGE: XML,
    Family.UNAUTHENTICATED: SECURITY,
    Family.FORBIDDEN: SECURITY,
    Family.BUSY: ErrorCode("{service}-ERR", "Receiver"),
}

# A client tells by this code that it has to log in again, which the family alone does not say.
PROBLEM_CODES: Mapping[str, ErrorCode] = {"no-session": SESSION, "session-ended": SESSION}


def get_code(problem: Problem) -> ErrorCode:
    """Return the exception code of a problem: its own, or that of its family."""
    return PROBLEM_CODES.get(problem.code) or FAMILIES[problem.family]
