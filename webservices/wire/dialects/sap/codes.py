"""
SAP CPQ's error codes: one for each family of problems, and others for single problems and fields.

    <ErrorCode>104007</ErrorCode>      the country or the state names nothing that is known
"""

from collections.abc import Mapping
from dataclasses import dataclass

from records.shapes.problems import Family, Problem
from webservices.wire.options import KEY_IN_USE, KEY_REUSED


@dataclass(frozen=True)
class ErrorCode:
    """
    The answer to a family of problems: an error code, or a SOAP fault.

    text    the code; "": there is none, as it is a fault
    delete  the code where customers were to be deleted, if that is another
    fault   the faultcode of SOAP 1.1; "": it is no fault
    """

    text: str
    delete: str = ""
    fault: str = ""


UNEXPECTED, NOT_AUTHENTICATED = ErrorCode("100000"), ErrorCode("101001")
NOT_SAVED = ErrorCode("104004", delete="104003")
WRONG_CUSTOMER = ErrorCode("104008")
NOT_FOUND = ErrorCode("104005")
SOAP_FAULT = ErrorCode("", fault="Client")

FAMILIES: Mapping[Family, ErrorCode] = {
    Family.MISSING: WRONG_CUSTOMER,
    Family.INVALID: WRONG_CUSTOMER,
    Family.DUPLICATE: NOT_SAVED,
    Family.NOT_FOUND: NOT_FOUND,
    Family.AMBIGUOUS: NOT_FOUND,
    Family.UNRESOLVED: WRONG_CUSTOMER,
    Family.IN_USE: NOT_SAVED,
    Family.FILTERED: NOT_SAVED,
    Family.LOCKED: NOT_SAVED,
    Family.CONFLICT: NOT_SAVED,
    Family.ROLLED_BACK: NOT_SAVED,
    Family.INTERNAL: UNEXPECTED,
    Family.MALFORMED: SOAP_FAULT,
    Family.UNKNOWN_OPERATION: SOAP_FAULT,
    Family.TOO_LARGE: SOAP_FAULT,
    Family.UNAUTHENTICATED: NOT_AUTHENTICATED,
    Family.FORBIDDEN: NOT_AUTHENTICATED,
    Family.BUSY: UNEXPECTED,
}
TOO_MANY, NONE_GIVEN, NO_ACTION = "too-many-customers", "no-customers", "unknown-action"
ID_ON_ADD, NO_CUSTOM_FIELD = "id-on-add", "unknown-custom-field"
PROBLEM_CODES: Mapping[str, ErrorCode] = {
    TOO_MANY: ErrorCode("104002"),  # our own: the vendor's is not public
    NONE_GIVEN: ErrorCode("104011"),
    NO_ACTION: ErrorCode("104012"),
    ID_ON_ADD: ErrorCode("104013"),
    NO_CUSTOM_FIELD: ErrorCode("104014"),
    KEY_REUSED: SOAP_FAULT,  # no customer is wrong, so it is no Error of the vendor's
    KEY_IN_USE: ErrorCode("", fault="Server"),
}  # by the problem's code, before its family
FIELD_CODES: Mapping[str, ErrorCode] = {
    "territory": ErrorCode("104006"),
    "country": ErrorCode("104007"),
    "state": ErrorCode("104007"),
    "owner": ErrorCode("104009"),
    "owner_id": ErrorCode("104010"),
}  # by the field, where its value names nothing that is known
ID_FIELDS = frozenset({"owner_id"})  # a text that is no number names nothing either


def find_code(problem: Problem) -> ErrorCode:
    """Return the code of a problem: by its field, by its own code, or by its family."""
    name = str(problem.path[0]) if problem.path else ""
    names_nothing = problem.family is Family.UNRESOLVED or (problem.family is Family.INVALID and name in ID_FIELDS)
    if names_nothing and name in FIELD_CODES:
        return FIELD_CODES[name]
    return PROBLEM_CODES.get(problem.code) or FAMILIES[problem.family]
