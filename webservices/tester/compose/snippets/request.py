"""
A request as a snippet shows it: the message without its comments, with a placeholder where a secret was left empty.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from webservices.wire.contracts.annotations import strip_comments
from webservices.wire.dialects.base import Dialect
from webservices.wire.soap.versions import VERSIONS
from webservices.wire.xml.documents import InvalidXml, has_document_type, parse_document

PLACEHOLDER = "__SECRET__"  # stands in the body for the secret; no message of ours contains this word
VARIABLE = "COUNTERPART_SECRET"  # environment variable that holds the secret when a snippet is run
# Each program writes these by itself, from the address, the body and the secret.
OMITTED_HEADERS = frozenset({"authorization", "cookie", "host", "content-length"})


@dataclass(frozen=True)
class Request:
    """
    One request.

    url     absolute, with its query
    body    text; PLACEHOLDER stands in it for a secret
    user    user name for HTTP Basic; "": the message itself has the credentials
    wsdl    address of the contract; "": there is none
    bearer  the secret is an API key, in the header Authorization
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    user: str = ""
    wsdl: str = ""
    bearer: bool = False

    @property
    def needs_secret(self) -> bool:
        """True if the program needs the environment variable of the secret."""
        return bool(self.user or self.has_placeholder or self.bearer)

    @property
    def has_placeholder(self) -> bool:
        """True if the body has a placeholder for the secret."""
        return PLACEHOLDER in self.body


def build_snippet_request(
    dialect: Dialect,
    method: str,
    url: str,
    headers: Mapping[str, str],
    text: str,
    *,
    user: str,
    contract: str = "",
    bearer: bool = False,
) -> Request:
    """
    Build the request that the page would send.

    user      the signed-in user's name, for wires that carry it by HTTP
    contract  address of the contract as an absolute address
    bearer    the caller uses an API key, whatever user the message names
    """
    body = _prepare_xml(text, dialect.tickets) if dialect.media == "xml" else _prepare_json(text, dialect)
    sent_headers = {name.lower(): value for name, value in headers.items() if name.lower() not in OMITTED_HEADERS}
    body = body.replace(PLACEHOLDER, "") if bearer else body
    basic_user = "" if PLACEHOLDER in body or bearer else user
    wsdl = contract if "wsdl" in contract.lower() else ""
    return Request(method, url, sent_headers, body, basic_user, wsdl, bearer)


def _prepare_xml(text: str, tickets: Mapping[str, str]) -> str:
    """The message without comments, PLACEHOLDER in its first empty secret; as it is when it cannot be read."""
    try:
        root = parse_document(text.encode(), remove_comments=True)
    except InvalidXml:
        return text
    if has_document_type(root):
        return text
    empty = (
        secret
        for name in tickets
        for secret in root.iter(f"{{*}}{name}")
        if not len(secret) and not (secret.text or "").strip()
    )
    for secret in empty:
        secret.text = PLACEHOLDER
        break
    if etree.QName(root).namespace in VERSIONS:
        etree.indent(root, "  ")
    return etree.tostring(root, encoding="unicode")


def _prepare_json(text: str, dialect: Dialect) -> str:
    """The body without comments, PLACEHOLDER in its empty secret members; as it is when it cannot be read."""
    bare = strip_comments(text)
    secrets = {name.lower() for name in dialect.secrets.members}
    try:
        # Parsed only to find the members: the text itself goes on, so that numbers keep their spelling.
        found = json.loads(bare, parse_float=str, parse_int=str) if bare.strip() else None
    except ValueError:
        return bare
    for name, value in found.items() if isinstance(found, dict) else ():
        if name.lower() in secrets and value == "":
            bare = bare.replace(f'"{name}": ""', f'"{name}": "{PLACEHOLDER}"')
    return bare
