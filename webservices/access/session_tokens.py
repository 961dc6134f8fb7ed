"""
Tokens of sessions, and tokens that this server has signed, as credentials.
"""

from datetime import datetime

from records.shapes.problems import Family, Problem
from webservices.access import sessions, signed_tokens
from webservices.access.identity import AuthenticationFailed, Identity, check_ticket
from webservices.access.users import find_user_by_id
from webservices.access.verification import refuse_in_clear

NO_SESSION = Problem("no-session", Family.UNAUTHENTICATED, "There is no session: log in first.")
SESSION_ENDED = Problem(
    "session-ended", Family.UNAUTHENTICATED, "This session is not known, or it has ended: log in again."
)
NO_TOKEN = Problem("no-token", Family.UNAUTHENTICATED, "There is no auth token: get one first.")
TOKEN_MALFORMED = Problem("token-malformed", Family.UNAUTHENTICATED, "This is no auth token of this server.")
TOKEN_REFUSED = Problem(
    "token-refused", Family.UNAUTHENTICATED, "This auth token is not taken any more: get another one."
)


def check_session(token: str, *, secure: bool, at: datetime) -> Identity:
    """A session, or a ticket in its place; one that an API key has opened allows what the key does."""
    if identity := check_ticket(token, at=at):
        return identity
    if not token:
        raise AuthenticationFailed(NO_SESSION)
    refuse_in_clear(secure)
    session = sessions.find_session(token, at=at)
    if session is None:
        raise AuthenticationFailed(SESSION_ENDED)
    if session.user.active:
        sessions.record_use(session, at=at)
    return Identity(session.user, session.prefix or "session", session.operations, session=session.id)


def check_signed_token(token: str, *, secure: bool, at: datetime) -> Identity:
    """A token that this server has signed, or a ticket in its place."""
    if identity := check_ticket(token, at=at):
        return identity
    if not token:
        raise AuthenticationFailed(NO_TOKEN)
    refuse_in_clear(secure)
    signed = signed_tokens.read_token(token)
    if signed is None:
        raise AuthenticationFailed(TOKEN_MALFORMED)
    user = find_user_by_id(signed.user_id)
    if user is None or not user.active or not signed.holds(user.proof, at=at):
        raise AuthenticationFailed(TOKEN_REFUSED, user=user)
    return Identity(user, "token")
