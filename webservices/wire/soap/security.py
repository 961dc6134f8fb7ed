"""
WS-Security, as far as a UsernameToken with its password in clear goes.

    <wsse:Security>
      <wsse:UsernameToken wsu:Id="UsernameToken-2">
        <wsse:Username>erp_sync</wsse:Username>
        <wsse:Password Type="…username-token-profile-1.0#PasswordText">s3cret</wsse:Password>
      </wsse:UsernameToken>
    </wsse:Security>

An empty Type means PasswordText; a Timestamp beside the token is accepted and not looked at.
"""

from collections.abc import Iterable

from records.shapes.problems import Family, Problem
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
            return _accept(
                # The name alone is stripped: a password may begin or end with a blank.
                Password(user_name.text.strip() if user_name else "", password.text if password else ""),
                kind,
            )
    return None


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
