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

from records.shapes.problems import Family, Problem, Refused
from webservices.messages import Password
from webservices.soap.nodes import Node
from webservices.soap.writing import Markup, element

OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
SECURITY = OASIS + "wssecurity-secext-1.0.xsd"
UTILITY = OASIS + "wssecurity-utility-1.0.xsd"
PASSWORD_TEXT = OASIS + "username-token-profile-1.0#PasswordText"

LONGEST = 1000

FAILED = "FailedAuthentication"
REASON = "The security token could not be authenticated or authorized"


def is_security(block: Node) -> bool:
    """Whether a header block is one that this module understands."""
    return block.namespace == SECURITY and block.name == "Security"


def user_name_token(blocks: Iterable[Node]) -> Password | None:
    """
    Who the header says is calling; None if it does not say.

    Raises Refused, unauthenticated, for a password that is not in clear.
    """
    for block in filter(is_security, blocks):
        if token := block.child("UsernameToken"):
            user_name, password = token.child("Username"), token.child("Password")
            if password is not None:
                _check_type(password.attributes.get("Type", ""))
            return _checked(Password(user_name.text.strip() if user_name else "", password.text if password else ""))
    return None


def _checked(credentials: Password) -> Password:
    if max(len(credentials.user_name), len(credentials.secret)) > LONGEST:
        text = f"A Username and a Password have at most {LONGEST:,} characters."
        raise Refused(Problem("too-long", Family.UNAUTHENTICATED, text))
    return credentials


def _check_type(kind: str) -> None:
    if kind and not kind.endswith("#PasswordText"):
        raise Refused(Problem("password-type", Family.UNAUTHENTICATED, "A Password must be of type PasswordText."))


def security_block(credentials: Password) -> Markup:
    """The header block that says who is calling."""
    token = element(
        "wsse:UsernameToken",
        element("wsse:Username", credentials.user_name),
        element("wsse:Password", credentials.secret, attributes={"Type": PASSWORD_TEXT}),
        attributes={"wsu:Id": "UsernameToken-2"},
    )
    return element("wsse:Security", token, attributes={"xmlns:wsse": SECURITY, "xmlns:wsu": UTILITY})
