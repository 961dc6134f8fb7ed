"""
WS-Security, as far as a UsernameToken with its password in clear goes.

    <wsse:Security>
      <wsse:UsernameToken wsu:Id="UsernameToken-2">
        <wsse:Username>erp_sync</wsse:Username>
        <wsse:Password Type="…username-token-profile-1.0#PasswordText">s3cret</wsse:Password>
        <wsse:Nonce>kOFTNB6qkJ2M8gGx</wsse:Nonce>
        <wsu:Created>2026-11-29T12:00:00Z</wsu:Created>
      </wsse:UsernameToken>
    </wsse:Security>

Nonce and Created may be absent. An empty Type means PasswordText; a Timestamp beside the token is accepted and not
looked at.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from records.shapes.fields import Kind, ScalarField
from records.shapes.problems import Family, Problem, ProblemError
from records.shapes.scalars import datetime_reader
from webservices.wire.credentials import Password, RejectedCredentials
from webservices.wire.xml.namespaces import USERNAME_TOKEN_PROFILE, WSSE, WSU
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.writing import Markup, element

PASSWORD_TEXT = f"{USERNAME_TOKEN_PROFILE}#PasswordText"

LONGEST = 1000
TOO_LONG = Problem(
    "too-long", Family.UNAUTHENTICATED, f"A Username and a Password have at most {LONGEST:,} characters."
)
NOT_IN_CLEAR = Problem("password-type", Family.UNAUTHENTICATED, "A Password must be of type PasswordText.")

NO_DATETIME = Problem(
    "wrong-created",
    Family.UNAUTHENTICATED,
    "Created of a UsernameToken must be a date and time such as 2026-01-31T12:00:00Z.",
)

_READ_MOMENT = datetime_reader(ScalarField("created", Kind.DATETIME))

FAILED = "FailedAuthentication"
REASON = "The security token could not be authenticated or authorized"


def is_security(block: Node) -> bool:
    """True if a header block is one that this module understands."""
    return block.namespace == WSSE and block.name == "Security"


def user_name_token(blocks: Iterable[Node]) -> Password | RejectedCredentials | None:
    """Return the password of the UsernameToken; None without one, RejectedCredentials if it is not in clear."""
    for block in filter(is_security, blocks):
        if token := block.child("UsernameToken"):
            user_name, password = token.child("Username"), token.child("Password")
            kind = password.attributes.get("Type", "") if password is not None else ""
            try:
                created = _read_creation(token)
            except ProblemError:
                return RejectedCredentials(NO_DATETIME)
            nonce = token.child("Nonce")
            return _accept(
                # The name alone is stripped: a password may begin or end with a blank.
                Password(
                    user_name.text.strip() if user_name else "",
                    password.text if password else "",
                    created,
                    nonce.text.strip() if nonce else "",
                ),
                kind,
            )
    return None


def _read_creation(token: Node) -> datetime | None:
    """Return when a token was created; None when it does not say. Raises ProblemError when that is no moment."""
    node = token.child("Created")
    return cast(datetime, _READ_MOMENT(node.text)) if node and node.text.strip() else None


def _accept(credentials: Password, kind: str) -> Password | RejectedCredentials:
    # The end alone: clients put several addresses of the profile before it.
    if kind and not kind.endswith("#PasswordText"):
        return RejectedCredentials(NOT_IN_CLEAR)
    if max(len(credentials.user_name), len(credentials.secret)) > LONGEST:
        return RejectedCredentials(TOO_LONG)
    return credentials


def security_block(credentials: Password) -> Markup:
    """Return the header block with a UsernameToken."""
    token = element(
        "wsse:UsernameToken",
        element("wsse:Username", credentials.user_name),
        element("wsse:Password", credentials.secret, attributes={"Type": PASSWORD_TEXT}),
        attributes={"wsu:Id": "UsernameToken-2"},
    )
    return element("wsse:Security", token, attributes={"xmlns:wsse": WSSE, "xmlns:wsu": WSU})
