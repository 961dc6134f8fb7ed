"""
Credentials as a message carries them: a dialect reads one of these, `access` finds whose they are.
"""

from dataclasses import dataclass, field

from records.shapes.problems import Problem


@dataclass(frozen=True)
class Password:
    """A user's name and password, or a single-use ticket of the test page in the password's place."""

    user_name: str
    secret: str = field(repr=False)


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
