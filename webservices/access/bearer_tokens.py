"""
Bearer tokens as credentials: API keys, and the access tokens that are got with them.
"""

from datetime import datetime

from records.shapes.problems import Family, Problem
from webservices.access import access_tokens, keys
from webservices.access.identity import NOT_ACTIVE, AuthenticationFailed, Identity, check_ticket
from webservices.access.keys import Key
from webservices.access.verification import fits, refuse_in_clear, refuse_plain_http

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


def check_token(token: str, *, secure: bool, at: datetime, peer: str) -> Identity:
    """An API key, an access token, or a ticket in their place."""
    if identity := check_ticket(token, at=at):
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
    refuse_in_clear(secure)
    prefix, secret = keys.parse_token(token) or ("", "")
    key = keys.find_key(prefix) if prefix else None
    if key is None:
        raise AuthenticationFailed(UNKNOWN_TOKEN)
    if not fits("key", prefix, secret, key.stored, key.user, at=at, peer=peer):
        raise AuthenticationFailed(UNKNOWN_TOKEN, user=key.user)
    # Only who knows the secret learns that the key has ended.
    if key.revoked_at is not None:
        raise AuthenticationFailed(_ended_problem(f"The API key {prefix} was revoked."), user=key.user)
    if key.expires_at is not None and key.expires_at <= at:
        raise AuthenticationFailed(_ended_problem(f"The API key {prefix} has expired."), user=key.user)
    return key


def _ended_problem(sentence: str) -> Problem:
    return Problem(KEY_ENDED, Family.UNAUTHENTICATED, sentence)


def _check_access_token(token: str, *, secure: bool, at: datetime) -> Identity:
    """One that was got with an API key allows what the key does; nothing can be got with it that outlives it."""
    refuse_in_clear(secure)
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
