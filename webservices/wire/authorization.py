"""Credentials from the `Authorization` header of HTTP."""

from base64 import b64decode
from binascii import Error

from webservices.wire.credentials import Bearer, Credentials, Password


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
        name, colon, secret = b64decode(value, validate=True).decode().partition(":")
    except (Error, ValueError):
        return None
    return Password(name, secret) if colon else None
