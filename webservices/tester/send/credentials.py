"""
Who a call is sent as, when not as the signed-in user: another user's name and password, or an API key, for one call.

They go where the wire has them: into the message's own places, or into the header Authorization. Where a wire has
neither (a session id, a token that is got first), the door is given the name and the password.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping

from lxml import etree

from webservices.tester.errors import TesterError
from webservices.wire.credentials import Bearer, Password
from webservices.wire.xml.documents import InvalidXml, has_document_type, parse_document

ME, USER, KEY = "me", "user", "key"


def read_credentials(form: Mapping[str, str]) -> Password | Bearer | None:
    """What was typed into the form for this one send; None: the signed-in user. Raises TesterError."""
    match form.get("as", ME):
        case "user":
            name, secret = form.get("as-name", "").strip(), form.get("as-password", "")
            if not name or not secret:
                raise TesterError("Another user needs a name and a password.")
            return Password(name, secret)
        case "key":
            token = form.get("as-key", "").strip()
            if not token:
                raise TesterError("Enter the API key.")
            return Bearer(token)
    return None


def get_secret(who: Password | Bearer | None) -> str:
    """What must not be shown again; "": nothing."""
    match who:
        case Password(_, secret):
            return secret
        case Bearer(token):
            return token
    return ""


def authorization_header(who: Password | Bearer | None) -> dict[str, str]:
    """The header Authorization."""
    match who:
        case Password(name, secret):
            return {"authorization": "Basic " + b64encode(f"{name}:{secret}".encode()).decode()}
        case Bearer(token):
            return {"authorization": f"Bearer {token}"}
    return {}


def insert_credentials(body: bytes, who: Password | Bearer, tickets: Mapping[str, str]) -> tuple[bytes, bool]:
    """The message with name and password in its own places, whatever stood there; False: it has none."""
    if isinstance(who, Bearer):
        return body, False
    root = parse_message(body)
    for secret, name in find_secrets(root, tickets):
        if name is not None:
            return _insert_texts(root, body, {secret: who.secret, name: who.user_name})
    return body, False


def _insert_texts(root: etree._Element, body: bytes, texts: Mapping[etree._Element, str]) -> tuple[bytes, bool]:
    try:
        for element, text in texts.items():
            del element[:]
            element.text = text
    except ValueError:  # a character that XML cannot hold
        return body, False
    return etree.tostring(root, encoding="UTF-8", xml_declaration=False), True


def parse_message(body: bytes) -> etree._Element | None:
    """The message; None for one that cannot be read or has a document type: the door says what is wrong with it."""
    try:
        root = parse_document(body)
    except InvalidXml:
        return None
    return None if has_document_type(root) else root


def find_secrets(
    root: etree._Element | None, tickets: Mapping[str, str]
) -> Iterator[tuple[etree._Element, etree._Element | None]]:
    """
    The elements for secrets, each with the element before it that names whose it is; None: nobody need be named.

    tickets  as a Dialect has it: `{"Password": "Username"}`; `{"sessionId": ""}` where nobody is named
    """
    for element_name, beside in tickets.items() if root is not None else ():
        for secret in root.iter(f"{{*}}{element_name}"):
            name = next(secret.itersiblings(f"{{*}}{beside}", preceding=True), None) if beside else None
            if name is not None or not beside:
                yield secret, name


def is_empty(secret: etree._Element) -> bool:
    return not len(secret) and not (secret.text or "").strip()
