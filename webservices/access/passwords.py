"""
Passwords as credentials: of a call, and of a page of the site.
"""

from datetime import datetime

from records.shapes.problems import Family, Problem
from webservices.access import tickets
from webservices.access.identity import NOT_ACTIVE, AuthenticationFailed, Identity
from webservices.access.username_tokens import NONCE_USED, find_age_problem, use_nonce
from webservices.access.users import User, find_user_by_name
from webservices.access.verification import fits, refuse_in_clear
from webservices.wire.credentials import Password

EMPTY_PASSWORD = Problem("empty-password", Family.UNAUTHENTICATED, "An empty password is never taken.")
WRONG_PASSWORD = Problem("wrong-password", Family.UNAUTHENTICATED, "The user name or the password is wrong.")
NOT_STAFF = Problem("not-staff", Family.UNAUTHENTICATED, "This user may not enter the admin site.")


def check_password(password: Password, *, secure: bool, at: datetime, peer: str, call_key: str) -> Identity:
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


def _find_user_of_password(password: Password, *, secure: bool, at: datetime, peer: str) -> User:
    refuse_in_clear(secure)
    user = find_user_by_name(password.user_name)
    # Somebody who does not exist is hashed like everybody else: the time does not tell which users there are.
    stored = user.stored if user else ""
    is_right = fits("password", password.user_name, password.secret, stored, user, at=at, peer=peer)
    if user is None or not is_right:
        raise AuthenticationFailed(WRONG_PASSWORD, user=user)
    return user
