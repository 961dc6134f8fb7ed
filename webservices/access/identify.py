"""
Authentication: from the credentials of a call to its Caller.

`identify` reads the user's row in each call, so that a changed password or a disabled user counts at once; whether a
password fits is known for a minute (`password_cache`).
"""

from datetime import UTC, datetime
from typing import NamedTuple

from records.customization import current_generation
from records.shapes.callers import Caller
from records.shapes.problems import CounterpartError, Family, Problem
from webservices.access import access_tokens, keys, sessions, signed_tokens, tickets
from webservices.access.keys import Key
from webservices.access.password_cache import VERIFIER
from webservices.access.sign_in_queue import Busy, locate_source
from webservices.access.username_tokens import NONCE_USED, find_age_problem, use_nonce
from webservices.access.users import User, find_user_by_id, find_user_by_name, is_unicode
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
KEY_ENDED = "key-ended"
TOKEN_ENDED = Problem(
    "access-token-ended",
    Family.UNAUTHENTICATED,
    "This access token is not known, or it has ended: get another one.",
)
WRONG_CLIENT = Problem(
    "wrong-client",
    Family.UNAUTHENTICATED,
    "The client_id or the client_secret is wrong: they are the name and the text of an API key.",
)
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
NOT_STAFF = Problem("not-staff", Family.UNAUTHENTICATED, "This user may not enter the admin site.")
NOT_SIGNED_IN = Problem("not-signed-in", Family.UNAUTHENTICATED, "Nobody is signed in.")
IN_CLEAR = Problem(
    "clear-password",
    Family.FORBIDDEN,
    "Passwords and tokens are taken over TLS only. Use https; behind a proxy that ends TLS, the server must be told so "
    "(TRUST_PROXY), and ALLOW_CLEAR_PASSWORDS lifts the rule.",
)
NOT_OVER_TLS = Problem(
    "https-required",
    Family.FORBIDDEN,
    "This site is reached over HTTPS, and this came over plain HTTP: nothing was done. Send it to the same address "
    "with https://, and change a password or token that it held, for it could be read on the way.",
)
BUSY = Problem("busy", Family.BUSY, "The server is verifying other credentials. Come back in a second.")


class AuthenticationFailed(CounterpartError):
    """
    A refusal of credentials, for the problem that it carries.

    user  the user that was named, if there is one: exchanges name nobody who does not exist
    """

    def __init__(self, problem: Problem, *, retry_after: int | None = None, user: User | None = None):
        super().__init__(problem)
        self.retry_after = retry_after
        self.user = user


def identify(
    credentials: Credentials | None,
    *,
    call_id: str,
    secure: bool,
    at: datetime,
    peer: str = "",
    call_key: str = "",
    is_public: bool = False,
) -> Caller:
    """
    Return the caller; raises AuthenticationFailed.

    secure     the request came over TLS or from this machine itself
    peer       the address it came from: while others sign in, who has failed least comes first
    call_key   the idempotency key of a call that is done once for it
    is_public  of an operation that anybody may call: whoever has no good credentials is nobody in particular
    """
    refuse_plain_http(secure)
    if is_public and credentials is None:
        return nobody(call_id)
    try:
        return _build_caller(_find_identity(credentials, secure=secure, at=at, peer=peer, call_key=call_key), call_id)
    except AuthenticationFailed:
        if is_public:
            return nobody(call_id)
        raise


def refuse_plain_http(secure: bool) -> None:
    """Raise AuthenticationFailed for plain HTTP from another machine, where the site is reached over TLS."""
    if not secure and server_settings().https and not server_settings().allow_clear_passwords:
        raise AuthenticationFailed(NOT_OVER_TLS)


def _build_caller(identity: "Identity", call_id: str) -> Caller:
    user = identity.user
    if not user.active:
        raise AuthenticationFailed(NOT_ACTIVE, user=user)
    return Caller(
        user_id=user.id,
        user_name=user.name,
        credential=identity.credential,
        call_id=call_id,
        permissions=user.permissions,
        superuser=user.superuser,
        generation=user.generation,
        operations=identity.operations,
        session=identity.session,
        key=identity.key,
        proof=identity.proof,
    )


def nobody(call_id: str) -> Caller:
    """Return the caller of a public operation who shows no credentials: without permissions."""
    return Caller(None, "", "anybody", call_id, generation=current_generation())


def issue_ticket(user_id: int, *, at: datetime | None = None) -> str:
    """Return a ticket that the test page puts in a password's place, for one call of this user within 30 seconds."""
    return tickets.issue(user_id, at=at or datetime.now(UTC))


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


def _find_identity(
    credentials: Credentials | None, *, secure: bool, at: datetime, peer: str, call_key: str
) -> Identity:
    match credentials:
        case Password():
            return _check_password(credentials, secure=secure, at=at, peer=peer, call_key=call_key)
        case Bearer(token):
            return _check_token(token, secure=secure, at=at, peer=peer)
        case SessionToken(token):
            return _check_session(token, secure=secure, at=at)
        case SignedToken(token):
            return _check_signed_token(token, secure=secure, at=at)
        case SignedIn(user_id):
            user = find_user_by_id(user_id)
            if user is None:
                raise AuthenticationFailed(NOT_SIGNED_IN)
            return Identity(user, "session", proof=user.proof)
        case RejectedCredentials(problem):
            raise AuthenticationFailed(problem)
    raise AuthenticationFailed(NO_CREDENTIALS)


def _check_ticket(text: str, *, at: datetime) -> Identity | None:
    """Return the user of a ticket of the test page that stands in the place of a token; None when it is none."""
    ticket_owner = tickets.use(text, at=at)
    user = find_user_by_id(ticket_owner) if ticket_owner is not None else None
    return Identity(user, "ticket", proof=user.proof) if user else None


def takes_secrets(*, secure: bool) -> bool:
    """True if passwords and tokens are taken over such a connection."""
    return secure or server_settings().allow_clear_passwords


def _refuse_in_clear(secure: bool) -> None:
    if not takes_secrets(secure=secure):
        raise AuthenticationFailed(IN_CLEAR)


def _check_token(token: str, *, secure: bool, at: datetime, peer: str) -> Identity:
    """An API key, an access token, or a ticket in their place."""
    if identity := _check_ticket(token, at=at):
        return identity
    if access_tokens.is_token(token):
        return _check_access_token(token, secure=secure, at=at)
    key = check_key(token, secure=secure, at=at, peer=peer)
    if key.user.active:
        keys.LAST_USED.renew(key.id, key.used_at, at=at)
    return Identity(key.user, key.prefix, key.operations, key=key.id)


def check_key(token: str, *, secure: bool, at: datetime, peer: str) -> Key:
    """
    Return the API key of this text; raises AuthenticationFailed.

    A token whose prefix is not known costs no hash: prefixes are no secrets, so the time may tell which there are.
    """
    _refuse_in_clear(secure)
    prefix, secret = keys.parse_token(token) or ("", "")
    key = keys.find_key(prefix) if prefix else None
    if key is None:
        raise AuthenticationFailed(UNKNOWN_TOKEN)
    if not _fits("key", prefix, secret, key.stored, key.user, at=at, peer=peer):
        raise AuthenticationFailed(UNKNOWN_TOKEN, user=key.user)
    # Only who knows the secret learns that the key has ended.
    if key.revoked_at is not None:
        raise AuthenticationFailed(_ended_problem(f"The API key {prefix} was revoked."), user=key.user)
    if key.expires_at is not None and key.expires_at <= at:
        raise AuthenticationFailed(_ended_problem(f"The API key {prefix} has expired."), user=key.user)
    return key


def _check_access_token(token: str, *, secure: bool, at: datetime) -> Identity:
    """One that was got with an API key allows what the key does; nothing can be got with it that outlives it."""
    _refuse_in_clear(secure)
    found = access_tokens.find_token(token, at=at)
    if found is None:
        raise AuthenticationFailed(TOKEN_ENDED)
    if found.key is not None and found.user.active:
        keys.LAST_USED.renew(found.key, found.key_used_at, at=at)
    return Identity(found.user, found.prefix or "access token", found.operations)


def identify_client(names: frozenset[str], secret: str, *, secure: bool, at: datetime, peer: str) -> Key:
    """Return the API key that has one of these names and this text; raises AuthenticationFailed."""
    refuse_plain_http(secure)
    try:
        key = check_key(secret, secure=secure, at=at, peer=peer)
    except AuthenticationFailed as failure:
        if failure.problem is UNKNOWN_TOKEN:
            raise AuthenticationFailed(WRONG_CLIENT, user=failure.user) from None
        raise
    if key.name not in names:
        raise AuthenticationFailed(WRONG_CLIENT, user=key.user)
    if not key.user.active:
        raise AuthenticationFailed(NOT_ACTIVE, user=key.user)
    return key


def _check_session(token: str, *, secure: bool, at: datetime) -> Identity:
    """A session, or a ticket in its place; one that an API key has opened allows what the key does."""
    if identity := _check_ticket(token, at=at):
        return identity
    if not token:
        raise AuthenticationFailed(NO_SESSION)
    _refuse_in_clear(secure)
    session = sessions.find_session(token, at=at)
    if session is None:
        raise AuthenticationFailed(SESSION_ENDED)
    if session.user.active:
        sessions.record_use(session, at=at)
    return Identity(session.user, session.prefix or "session", session.operations, session=session.id)


def _check_signed_token(token: str, *, secure: bool, at: datetime) -> Identity:
    """A token that this server has signed, or a ticket in its place."""
    if identity := _check_ticket(token, at=at):
        return identity
    if not token:
        raise AuthenticationFailed(NO_TOKEN)
    _refuse_in_clear(secure)
    signed = signed_tokens.read_token(token)
    if signed is None:
        raise AuthenticationFailed(TOKEN_MALFORMED)
    user = find_user_by_id(signed.user_id)
    if user is None or not user.active or not signed.holds(user.proof, at=at):
        raise AuthenticationFailed(TOKEN_REFUSED, user=user)
    return Identity(user, "token")


def _ended_problem(sentence: str) -> Problem:
    return Problem(KEY_ENDED, Family.UNAUTHENTICATED, sentence)


def identify_at_page(password: Password, *, secure: bool, at: datetime, peer: str) -> User:
    """
    Return the user who signs in at a page of the site; raises AuthenticationFailed.

    The rules are those of `identify`, but that a ticket, which is for one call, opens no page.
    """
    if not password.secret:
        raise AuthenticationFailed(EMPTY_PASSWORD)
    user = _find_user_of_password(password, secure=secure, at=at, peer=peer)
    if not user.active:
        raise AuthenticationFailed(NOT_ACTIVE, user=user)
    return user


def _check_password(password: Password, *, secure: bool, at: datetime, peer: str, call_key: str) -> Identity:
    """
    A password, or a ticket in its place, which never leaves this process and so needs no TLS.

    Nor need the message around a ticket be young or new: it may be one that a tester sends again.
    """
    if not password.secret:
        raise AuthenticationFailed(EMPTY_PASSWORD)
    ticket_owner = tickets.use(password.secret, at=at)
    if ticket_owner is not None:
        user = find_user_by_name(password.user_name)
        if user is None or user.id != ticket_owner:
            raise AuthenticationFailed(WRONG_PASSWORD, user=user)
        return Identity(user, "ticket", proof=user.proof)
    if problem := find_age_problem(password, at=at):
        raise AuthenticationFailed(problem)
    user = _find_user_of_password(password, secure=secure, at=at, peer=peer)
    if not use_nonce(user.id, password, call_key=call_key, at=at):
        raise AuthenticationFailed(NONCE_USED, user=user)
    return Identity(user, "password", proof=user.proof)


def _find_user_of_password(password: Password, *, secure: bool, at: datetime, peer: str) -> User:
    _refuse_in_clear(secure)
    user = find_user_by_name(password.user_name)
    # Somebody who does not exist is hashed like everybody else: the time does not tell which users there are.
    stored = user.stored if user else ""
    fits = _fits("password", password.user_name, password.secret, stored, user, at=at, peer=peer)
    if user is None or not fits:
        raise AuthenticationFailed(WRONG_PASSWORD, user=user)
    return user


def _fits(scheme: str, name: str, secret: str, stored: str, user: User | None, *, at: datetime, peer: str) -> bool:
    # Before any hash: a secret of megabytes, or one that no password can be, must cost nothing.
    if len(secret) > LONGEST_SECRET or not is_unicode(secret):
        return False
    try:
        return VERIFIER.fits(scheme, name, secret, stored, at=at, source=locate_source(peer, name))
    except Busy as busy:
        raise AuthenticationFailed(BUSY, retry_after=busy.retry_after, user=user) from None
