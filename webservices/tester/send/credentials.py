"""
Credentials of another user, or an API key, for a call that is not sent as the signed-in user.

They go where the wire has them: into elements of the message, or into the header Authorization. A wire with neither (a
session id, a token that is fetched first) gets the name and the password passed to the endpoint.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping

from lxml import etree

from webservices.exchanges.masking import decode_text, encode_text
from webservices.tester.errors import TesterError
from webservices.wire.credentials import Bearer, Password
from webservices.wire.xml.documents import InvalidXml, has_document_type, parse_document
from webservices.wire.xml.spans import apply_edits, find_spans, replace_content

ME, USER, KEY = "me", "user", "key"


def read_credentials(form: Mapping[str, str]) -> Password | Bearer | None:
    """Read the credentials that were typed for one call; None: the signed-in user. Raises TesterError."""
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
    """The secret of credentials, which must not be shown again; "": there is none."""
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
    """Put name and password into their elements of the message; False: it has no such elements."""
    if isinstance(who, Bearer):
        return body, False
    root = parse_message(body)
    if root is None:
        return body, False
    for secret, name in find_secrets(root, tickets):
        if name is not None:
            return set_texts(body, root, {secret: who.secret, name: who.user_name}), True
    return body, False


def set_texts(body: bytes, root: etree._Element, texts: Mapping[etree._Element, str]) -> bytes:
    """Return the body with the content of these elements of it replaced by texts, and all else as it was written."""
    try:
        text, encoding = decode_text(body, root.getroottree().docinfo.encoding or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return body  # an encoding that only lxml knows: the endpoint refuses it
    spans = dict(zip(root.iter(etree.Element), find_spans(text), strict=True))
    edits = [replace_content(text, spans[element], value) for element, value in texts.items()]
    return encode_text(apply_edits(text, edits), encoding)


def parse_message(body: bytes) -> etree._Element | None:
    """Parse a message; None for one that cannot be read or has a document type, which the endpoint will refuse."""
    try:
        root = parse_document(body)
    except InvalidXml:
        return None
    return None if has_document_type(root) else root


def find_secrets(
    root: etree._Element, tickets: Mapping[str, str]
) -> Iterator[tuple[etree._Element, etree._Element | None]]:
    """
    Find the elements for secrets, each with the element before it that holds the user name; None: it needs none.

    tickets  as a Dialect has it: `{"Password": "Username"}`; `{"sessionId": ""}` for a secret without a user name
    """
    for element_name, user_element in tickets.items():
        for secret in root.iter(f"{{*}}{element_name}"):
            names = [f"{{*}}{name}" for name in user_element.split()]
            name = next(secret.itersiblings(*names, preceding=True), None) if names else None
            if name is not None or not user_element:
                yield secret, name


def is_empty(secret: etree._Element) -> bool:
    return not len(secret) and not (secret.text or "").strip()
