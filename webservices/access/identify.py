"""
Getting in: from the credentials of a call to its Caller.

`identify` reads the user's row in each call, so that a changed password or a disabled user counts at once; whether a
password fits is known for a minute (`verification`).
"""

from datetime import UTC, datetime
from typing import NamedTuple

from records.customization import current_generation
from records.shapes.callers import Caller
from records.shapes.problems import Family, Problem
from webservices.access import keys, sessions, signed_tokens, tickets
from webservices.access.password_cache import VERIFIER, Busy
from webservices.access.users import User, is_unicode, user_named, user_numbered
from webservices.conf import server_settings
from webservices.wire.credentials import (
    Bearer,
    Credentials,
    Password,
    RejectedCredentials,
    SessionToken,
    SignedIn,
    SignedToken,
)

LONGEST_SECRET = 1000  # characters

NO_CREDENTIALS = Problem(
    "no-credentials", Family.UNAUTHENTICATED, "This needs credentials: a user name and password, or a bearer token."
)
EMPTY_PASSWORD = Problem("empty-password", Family.UNAUTHENTICATED, "An empty password is never taken.")
WRONG_PASSWORD = Problem("wrong-password", Family.UNAUTHENTICATED, "The user name or the password is wrong.")
UNKNOWN_TOKEN = Problem("unknown-token", Family.UNAUTHENTICATED, "This bearer token is not known.")
NOT_ACTIVE = Problem("not-active", Family.UNAUTHENTICATED, "This user is not active.")
NO_SESSION = Problem("no-session", Family.UNAUTHENTICATED, "There is no session: log in first.")
SESSION_ENDED = Problem(
    "session-ended", Family.UNAUTHENTICATED, "This session is not known, or it has ended: log in again."
)
NO_TOKEN = Problem("no-token", Family.UNAUTHENTICATED, "There is no auth token: get one first.")
TOKEN_MALFORMED = Problem("token-malformed", Family.UNAUTHENTICATED, "This is no auth token of this server.")
TOKEN_REFUSED = Problem(
    "token-refused", Family.UNAUTHENTICATED, "This auth token is not taken any more: get another one."
)
NOT_SIGNED_IN = Problem("not-signed-in", Family.UNAUTHENTICATED, "Nobody is signed in.")
IN_CLEAR = Problem(
    "clear-password",
    Family.FORBIDDEN,
    "Passwords and tokens are taken over TLS only. Use https; behind a proxy that ends TLS, the server must be told so "
    "(TRUST_PROXY), and ALLOW_CLEAR_PASSWORDS lifts the rule.",
)
BUSY = Problem("busy", Family.BUSY, "The server is verifying other credentials. Come back in a second.")


class AuthenticationFailed(Exception):
    """
    The caller is not let in, for the problem it carries.

    retry_after  seconds, when coming back helps
    user         the user that was named, if there is one: exchanges name nobody who does not exist
    """

    def __init__(self, problem: Problem, *, retry_after: int | None = None, user: User | None = None):
        super().__init__(problem.sentence())
        self.problem = problem
        self.retry_after = retry_after
        self.user = user


def identify(credentials: Credentials | None, *, call_id: str, secure: bool, at: datetime, peer: str = "") -> Caller:
    """
    Who is calling; raises AuthenticationFailed.

    secure  whether the request came over TLS or from this machine itself
    peer    the address it came from: one that guesses is slowed down
    """
    entrant = _entrant(credentials, secure=secure, at=at, peer=peer)
    user = entrant.user
    if not user.active:
        raise AuthenticationFailed(NOT_ACTIVE, user=user)
    return Caller(
        user_id=user.id,
        user_name=user.name,
        credential=entrant.credential,
        call_id=call_id,
        permissions=user.permissions,
        superuser=user.superuser,
        generation=user.generation,
        operations=entrant.operations,
        session=entrant.session,
        key=entrant.key,
        proof=entrant.proof,
    )


def anybody(call_id: str) -> Caller:
    """Who asks what needs no credentials: nobody in particular, without rights."""
    return Caller(None, "", "anybody", call_id, generation=current_generation())


def issue_ticket(user_id: int, *, at: datetime | None = None) -> str:
    """What the test page puts in a password's place, for one call of this user within 30 seconds."""
    return tickets.issue(user_id, at=at or datetime.now(UTC))


class Identity(NamedTuple):
    """
    Who comes in, with the label of the credential, the operations that it allows if it narrows, the id of the session
    or of the API key if it is one, and the proof of the password if it, or who is signed in, stands for one.
    """

    user: User
    credential: str
    operations: frozenset[str] | None = None
    session: int | None = None
    key: int | None = None
    proof: str = ""


def _entrant(credentials: Credentials | None, *, secure: bool, at: datetime, peer: str) -> Identity:
    match credentials:
        case Password():
            return _with_password(credentials, secure=secure, at=at, peer=peer)
        case Bearer(token):
            return _with_token(token, secure=secure, at=at, peer=peer)
        case SessionToken(token):
            return _with_session(token, secure=secure, at=at)
        case SignedToken(token):
            return _with_signed_token(token, secure=secure, at=at)
        case SignedIn(user_id):
            user = user_numbered(user_id)
            if user is None:
                raise AuthenticationFailed(NOT_SIGNED_IN)
            return Identity(user, "session", proof=sessions.proof_of(user))
        case RejectedCredentials(problem):
            raise AuthenticationFailed(problem)
    raise AuthenticationFailed(NO_CREDENTIALS)


def _with_ticket(text: str, *, at: datetime) -> Identity | None:
    """A ticket of the test page in the place of a token; None when it is none."""
    ticket_of = tickets.use(text, at=at)
    user = user_numbered(ticket_of) if ticket_of is not None else None
    return Identity(user, "ticket", proof=sessions.proof_of(user)) if user else None


def _refuse_in_clear(secure: bool) -> None:
    if not secure and not server_settings().allow_clear_passwords:
        raise AuthenticationFailed(IN_CLEAR)


def _with_token(token: str, *, secure: bool, at: datetime, peer: str) -> Identity:
    """
    An API key, or a ticket in its place.

    A token whose prefix is not known costs no hash: prefixes are no secrets, so nothing is to be hidden.
    """
    if entrant := _with_ticket(token, at=at):
        return entrant
    _refuse_in_clear(secure)
    prefix, secret = keys.parts_of(token) or ("", "")
    key = keys.key_of(prefix) if prefix else None
    if key is None:
        raise AuthenticationFailed(UNKNOWN_TOKEN)
    if not _fits("key", prefix, secret, key.stored, key.user, at=at, peer=peer):
        raise AuthenticationFailed(UNKNOWN_TOKEN, user=key.user)
    if key.revoked_at is not None:
        raise AuthenticationFailed(_ended(f"The API key {prefix} was revoked."), user=key.user)
    if key.expires_at is not None and key.expires_at <= at:
        raise AuthenticationFailed(_ended(f"The API key {prefix} has expired."), user=key.user)
    if key.user.active:
        keys.STAMP.renew(key.id, key.used_at, at=at)
    return Identity(key.user, prefix, key.operations, key=key.id)


def _with_session(token: str, *, secure: bool, at: datetime) -> Identity:
    """A session, or a ticket in its place; one that an API key has opened allows what the key does."""
    if entrant := _with_ticket(token, at=at):
        return entrant
    if not token:
        raise AuthenticationFailed(NO_SESSION)
    _refuse_in_clear(secure)
    session = sessions.session_of(token, at=at)
    if session is None:
        raise AuthenticationFailed(SESSION_ENDED)
    if session.user.active:
        sessions.stamp(session, at=at)
    return Identity(session.user, session.prefix or "session", session.operations, session=session.id)


def _with_signed_token(token: str, *, secure: bool, at: datetime) -> Identity:
    """A token that this server has signed, or a ticket in its place."""
    if entrant := _with_ticket(token, at=at):
        return entrant
    if not token:
        raise AuthenticationFailed(NO_TOKEN)
    _refuse_in_clear(secure)
    signed = signed_tokens.read_token(token)
    if signed is None:
        raise AuthenticationFailed(TOKEN_MALFORMED)
    user = user_numbered(signed.user_id)
    if user is None or not user.active or not signed.holds(sessions.proof_of(user), at=at):
        raise AuthenticationFailed(TOKEN_REFUSED, user=user)
    return Identity(user, "token")


def _ended(sentence: str) -> Problem:
    return Problem("key-ended", Family.UNAUTHENTICATED, sentence)


def _with_password(password: Password, *, secure: bool, at: datetime, peer: str) -> Identity:
    if not password.secret:
        raise AuthenticationFailed(EMPTY_PASSWORD)
    ticket_of = tickets.use(password.secret, at=at)
    if ticket_of is None:
        _refuse_in_clear(secure)
    user = user_named(password.user_name)
    if ticket_of is not None:
        if user is None or user.id != ticket_of:
            raise AuthenticationFailed(WRONG_PASSWORD, user=user)
        return Identity(user, "ticket", proof=sessions.proof_of(user))
    stored = user.stored if user else ""
    if not _fits("password", password.user_name, password.secret, stored, user, at=at, peer=peer):
        raise AuthenticationFailed(WRONG_PASSWORD, user=user)
    return Identity(user, "password", proof=sessions.proof_of(user))


def _fits(scheme: str, name: str, secret: str, stored: str, user: User | None, *, at: datetime, peer: str) -> bool:
    if len(secret) > LONGEST_SECRET or not is_unicode(secret):
        return False
    try:
        return VERIFIER.fits(scheme, name, secret, stored, at=at, peer=peer)
    except Busy as busy:
        raise AuthenticationFailed(BUSY, retry_after=busy.retry_after, user=user) from None
