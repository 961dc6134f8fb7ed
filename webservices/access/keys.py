"""Tokens that say by themselves who is calling: the place where API keys go."""

from datetime import datetime

from webservices.access.users import User


def user_of_token(token: str, *, at: datetime) -> tuple[User, str] | None:
    """The user that a token acts as, with the label of its credential; None when the token is not known."""
    return None
