"""
Signed tokens: the server keeps nothing of them, they say by themselves whose they are.

    WzcsICI5ZjM…:Xk2…      user id, mark of the stored password, data source and the second it was issued; signature

A token lives for the setting TOKEN_MINUTES. It dies when its user's password changes or the user is disabled, for good.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare, salted_hmac

from webservices.access.users import is_unicode
from webservices.conf import server_settings

SALT = "webservices.signed_tokens"
LONGEST = 1000  # characters


@dataclass(frozen=True, slots=True)
class TokenContent:
    """The content of a token whose signature fits."""

    user_id: int
    mark: str
    data_source: str
    issued_at: datetime

    def holds(self, proof: str, *, at: datetime) -> bool:
        """True if it is young enough, for this site, and of the password that the proof stands for."""
        age = at - self.issued_at
        return (
            age < timedelta(minutes=server_settings().token_minutes)
            and self.data_source == server_settings().data_source
            and constant_time_compare(self.mark, _mark(proof))
        )


def signed_token(user_id: int, proof: str, *, at: datetime) -> str:
    """Return a token for a user who has just proven a password; `proof` as the user's row gave it."""
    content = [user_id, _mark(proof), server_settings().data_source, int(at.timestamp())]
    return Signer(salt=SALT).sign_object(content)


def read_token(token: str) -> TokenContent | None:
    """Return the content of a token; None when it is none of ours."""
    if len(token) > LONGEST or not is_unicode(token):
        return None
    try:
        user_id, mark, data_source, issued = Signer(salt=SALT).unsign_object(token)
    except (BadSignature, ValueError):  # no signature of ours, or what another version of us has signed
        return None
    return TokenContent(user_id, mark, data_source, datetime.fromtimestamp(issued, UTC))


def _mark(proof: str) -> str:
    """Return the proof as a token may carry it: nobody but this server can tell what it is made of."""
    return salted_hmac(SALT, proof, algorithm="sha256").hexdigest()
