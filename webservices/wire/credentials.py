"""
Credentials as a message, or its `Authorization` header, carries them: a dialect reads one of these, `access` finds
whose they are.
"""

from base64 import b64decode
from binascii import Error
from dataclasses import dataclass, field
from datetime import datetime

from records.shapes.problems import Problem

# Basic first: a browser asks its user for a password by it. Its charset says that names may have umlauts (RFC 7617).
CHALLENGE = 'Basic realm="Counterpart", charset="UTF-8", Bearer realm="Counterpart"'


@dataclass(frozen=True)
class Password:
    """
    A user's name and password, or a single-use ticket of the test page in the password's place.

    created, nonce  of a UsernameToken that says when it was made, and what no other says; None, "": it does not
    """

    user_name: str
    # Not in the repr, as below: tracebacks and logs show reprs.
    secret: str = field(repr=False)
    created: datetime | None = None
    nonce: str = field(default="", repr=False)


@dataclass(frozen=True)
class Bearer:
    """A token that names its user by itself."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class SessionToken:
    """The id of a session that was opened before; "" where it is missing. A ticket may stand in its place."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class SignedToken:
    """A token that this server has signed for a user; "" where it is missing."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class SignedIn:
    """A user who has signed in to the admin site in this browser."""

    user_id: int


@dataclass(frozen=True)
class RejectedCredentials:
    """Credentials of a kind that is never accepted, and why; others that go before them may still be good."""

    problem: Problem


Credentials = Password | Bearer | SessionToken | SignedToken | SignedIn | RejectedCredentials


def read_authorization(header: str) -> Credentials | None:
    """Read `Bearer <token>` or `Basic <base64 of name:password in UTF-8>`; None for anything else."""
    scheme, _, value = header.strip().partition(" ")
    match scheme.lower():
        case "bearer":
            return Bearer(value.strip()) if value.strip() else None
        case "basic":
            return _read_basic(value.strip())
    return None


def _read_basic(value: str) -> Password | None:
    try:
        # validate=True: else what is no base64 would be dropped, and many headers would mean the same password.
        name, colon, secret = b64decode(value, validate=True).decode().partition(":")
    except (Error, ValueError):
        return None
    return Password(name, secret) if colon else None
