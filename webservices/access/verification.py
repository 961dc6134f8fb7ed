"""
Verification of a secret that was shown: over a safe connection only, against a hash, in the queue of all sign-ins.
"""

from datetime import datetime

from records.shapes.problems import Family, Problem
from webservices.access.identity import AuthenticationFailed
from webservices.access.password_cache import VERIFIER
from webservices.access.sign_in_queue import Busy, locate_source
from webservices.access.users import User, is_unicode
from webservices.conf import server_settings

LONGEST_SECRET = 1000  # characters
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


def refuse_plain_http(secure: bool) -> None:
    """Raise AuthenticationFailed for plain HTTP from another machine, where the site is reached over TLS."""
    if not secure and server_settings().https and not server_settings().allow_clear_passwords:
        raise AuthenticationFailed(NOT_OVER_TLS)


def takes_secrets(*, secure: bool) -> bool:
    """True if passwords and tokens are taken over such a connection."""
    return secure or server_settings().allow_clear_passwords


def refuse_in_clear(secure: bool) -> None:
    """Raise AuthenticationFailed for a secret over a connection that others may read."""
    if not takes_secrets(secure=secure):
        raise AuthenticationFailed(IN_CLEAR)


def fits(scheme: str, name: str, secret: str, stored: str, user: User | None, *, at: datetime, peer: str) -> bool:
    """True if a secret is the one that is stored as a hash; raises AuthenticationFailed while too many others wait."""
    # Before any hash: a secret of megabytes, or one that no password can be, must cost nothing.
    if len(secret) > LONGEST_SECRET or not is_unicode(secret):
        return False
    try:
        return VERIFIER.fits(scheme, name, secret, stored, at=at, source=locate_source(peer, name))
    except Busy as busy:
        raise AuthenticationFailed(BUSY, retry_after=busy.retry_after, user=user) from None
