"""
Sign-ins at pages of the site and requests for access tokens: each has a row among the exchanges, with nothing that was
sent or answered, and a line in the log.

In the place of a dialect these rows have SITE. Failed sign-ins at all entrances, calls included, are told by the code
of their problem.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from records.retry import first_line
from records.shapes.problems import Problem
from webservices.access.bearer_tokens import KEY_ENDED, UNKNOWN_TOKEN, WRONG_CLIENT
from webservices.access.identity import NOT_ACTIVE
from webservices.access.passwords import EMPTY_PASSWORD, NOT_STAFF, WRONG_PASSWORD
from webservices.access.portal_services import SIGN_IN_FAILED
from webservices.access.session_tokens import TOKEN_MALFORMED
from webservices.access.username_tokens import NONCE_USED, WRONG_CREATED
from webservices.access.verification import IN_CLEAR
from webservices.exchanges.log import log_call
from webservices.exchanges.masking import storable_text
from webservices.exchanges.queue import build_row, insert_row
from webservices.models import Exchange

log = logging.getLogger(__name__)

SITE = "site"
LABEL = "Pages of this site"
SIGN_IN, CHANGE_PASSWORD, READ_CONTRACT = "site.sign_in", "site.change_password", "site.read_contract"
ASK_FOR_ACCESS = "site.get_access_token"
PAGES: Mapping[str, str] = {
    SIGN_IN: "sign in to the admin site",
    CHANGE_PASSWORD: "change a password",
    READ_CONTRACT: "read a contract",
    ASK_FOR_ACCESS: "get an access token",
}  # by their names as operations, the words for them
NOTE = "Not kept: it was no call, but a page."
NOTE_OF_ACCESS = "Not kept: it was no call, but asked for an access token."

# Codes of failed sign-ins; not those of a busy server, nor of what was valid and has ended.
FAILURES = {KEY_ENDED, WRONG_CREATED} | {
    problem.code
    for problem in (
        *(EMPTY_PASSWORD, WRONG_PASSWORD, WRONG_CLIENT, UNKNOWN_TOKEN, TOKEN_MALFORMED, NONCE_USED),
        *(NOT_ACTIVE, NOT_STAFF, IN_CLEAR, SIGN_IN_FAILED),
    )
}


@dataclass(frozen=True)
class SignIn:
    """
    An attempt to sign in at a page, or to get an access token.

    path        without its query, in which anything may stand
    user        id and name; (None, "") when there is no such user
    problem     for which it was refused; None: it was not
    credential  label of what was shown
    """

    call_id: str
    at: datetime
    operation: str
    method: str
    path: str
    peer: str
    status: int
    duration_ms: float
    user: tuple[int | None, str]
    problem: Problem | None = None
    credential: str = "password"


def record_sign_in(sign_in: SignIn) -> None:
    """Store the row and write the line; an error is logged, never raised."""
    user_id, user_name = sign_in.user
    problem = sign_in.problem
    note = NOTE_OF_ACCESS if sign_in.operation == ASK_FOR_ACCESS else NOTE
    try:
        columns: dict[str, object] = {
            "call_id": sign_in.call_id,
            "at": sign_in.at,
            "duration_ms": round(sign_in.duration_ms, 3),
            "dialect": SITE,
            "operation": sign_in.operation,
            "user_id": user_id,
            "user_name": user_name,
            "credential": "" if problem else sign_in.credential,
            "peer": sign_in.peer[:64],
            "method": storable_text(sign_in.method, 10),
            "path": storable_text(sign_in.path, 2000),
            "status": sign_in.status,
            "code": problem.code if problem else "",
            "problem": problem.sentence() if problem else "",
            "request_size": 0,  # that of a form would tell how long a password is
            "request_note": note,
            "response_size": 0,
            "response_note": note,
        }
        insert_row(build_row(columns))
    except Exception as error:  # whatever it is, it must not keep anybody out
        log.warning("sign-in %s: its row could not be kept: %s", sign_in.call_id, first_line(error))
    log_call(
        sign_in.call_id,
        operation=sign_in.operation,
        user_name=user_name,
        status=sign_in.status,
        duration_ms=sign_in.duration_ms,
        problem=problem,
        peer=sign_in.peer,
    )


def count_failures(*, since: datetime) -> int:
    """Return how many sign-ins have failed since then, at all entrances."""
    return Exchange.objects.filter(code__in=FAILURES, at__gte=since).count()
