"""A user whom credentials have proved, and the refusal of credentials that have not."""

from datetime import datetime
from typing import NamedTuple

from records.shapes.problems import CounterpartError, Family, Problem
from webservices.access import tickets
from webservices.access.users import User, find_user_by_id

NOT_ACTIVE = Problem("not-active", Family.UNAUTHENTICATED, "This user is not active.")


class Identity(NamedTuple):
    """
    A user and the credential that proved who it is.

    credential  its label, as exchanges and changes name it
    operations  those that it allows; None: all that the user may
    session     id of the session, if it is one
    key         id of the API key, if it is one
    proof       of the password, if one was shown or the user is signed in; "": none
    """

    user: User
    credential: str
    operations: frozenset[str] | None = None
    session: int | None = None
    key: int | None = None
    proof: str = ""


class AuthenticationFailed(CounterpartError):
    """
    A refusal of credentials, for the problem that it carries.

    user  the user that was named, if there is one: exchanges name nobody who does not exist
    """

    def __init__(self, problem: Problem, *, retry_after: int | None = None, user: User | None = None):
        super().__init__(problem)
        self.retry_after = retry_after
        self.user = user


def check_ticket(text: str, *, at: datetime) -> Identity | None:
    """Return the user of a ticket of the test page that stands in the place of a token; None when it is none."""
    ticket_owner = tickets.use(text, at=at)
    user = find_user_by_id(ticket_owner) if ticket_owner is not None else None
    return Identity(user, "ticket", proof=user.proof) if user else None
