"""
Authentication: from the credentials of a call to its Caller.

`identify` reads the user's row in each call, so that a changed password or a disabled user counts at once; whether a
password fits is known for a minute (`password_cache`).
"""

from datetime import UTC, datetime

from records.customization import current_generation
from records.shapes.callers import Caller
from records.shapes.problems import Family, Problem
from webservices.access import tickets
from webservices.access.bearer_tokens import check_token
from webservices.access.identity import NOT_ACTIVE, AuthenticationFailed, Identity
from webservices.access.passwords import check_password
from webservices.access.session_tokens import check_session, check_signed_token
from webservices.access.users import find_user_by_id
from webservices.access.verification import refuse_plain_http
from webservices.wire.credentials import (
    Bearer,
    Credentials,
    Password,
    RejectedCredentials,
    SessionToken,
    SignedIn,
    SignedToken,
)

NO_CREDENTIALS = Problem(
    "no-credentials", Family.UNAUTHENTICATED, "This needs credentials: a user name and password, or a bearer token."
)
NOT_SIGNED_IN = Problem("not-signed-in", Family.UNAUTHENTICATED, "Nobody is signed in.")


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


def _find_identity(
    credentials: Credentials | None, *, secure: bool, at: datetime, peer: str, call_key: str
) -> Identity:
    match credentials:
        case Password():
            return check_password(credentials, secure=secure, at=at, peer=peer, call_key=call_key)
        case Bearer(token):
            return check_token(token, secure=secure, at=at, peer=peer)
        case SessionToken(token):
            return check_session(token, secure=secure, at=at)
        case SignedToken(token):
            return check_signed_token(token, secure=secure, at=at)
        case SignedIn(user_id):
            user = find_user_by_id(user_id)
            if user is None:
                raise AuthenticationFailed(NOT_SIGNED_IN)
            return Identity(user, "session", proof=user.proof)
        case RejectedCredentials(problem):
            raise AuthenticationFailed(problem)
    raise AuthenticationFailed(NO_CREDENTIALS)
