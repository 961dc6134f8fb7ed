"""The security scheme of the token endpoint, as OpenAPI documents have it."""

from collections.abc import Iterable
from typing import Any

from webservices.wire.oauth import PATHS
from webservices.wire.operations import Kind, Operation

SCHEME = "oauth2"


def oauth_scheme(operations: Iterable[Operation]) -> dict[str, Any]:
    """
    Return the scheme of access tokens that are got with an API key.

    Its scopes are the permissions of these operations: each in the words of the first operation that needs no other.
    """
    scopes: dict[str, str] = {}
    for operation in operations:
        if operation.kind is not Kind.ACTION and len(operation.permissions) == 1:
            scopes.setdefault(operation.permissions[0], f"{operation.words[0].upper()}{operation.words[1:]}.")
    return {
        "type": "oauth2",
        "description": "An access token: client_id and client_secret are the name and the text of an API key.",
        "flows": {"clientCredentials": {"tokenUrl": PATHS[0], "scopes": scopes}},
    }
