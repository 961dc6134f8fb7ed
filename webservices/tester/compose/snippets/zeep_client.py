"""
The request as a client of Python's zeep: the operation by its name, its arguments as Python values.

    client.service.getParts(Parts={"criteria": {"field": "part_number", "value": "PUMP-100", "comparator": "="}})
"""

from collections.abc import Iterator
from pprint import pformat
from typing import Any

from lxml import etree

from webservices.tester.compose.snippets.request import PLACEHOLDER, VARIABLE, Request
from webservices.wire.xml.documents import parse_document
from webservices.wire.xml.namespaces import NIL, WSSE

ZEEP_HEADERS = ("content-type", "soapaction")  # zeep sends these headers by itself


class Expression(str):
    """Code: its repr is the text itself, so that it can stand among values that are printed by repr."""

    __slots__ = ()

    # pprint breaks a long str into several literals, but leaves a class with a __repr__ of its own whole.
    def __repr__(self) -> str:
        return str(self)


SECRET = Expression(f"os.environ[{VARIABLE!r}]")


def zeep_client(request: Request) -> str:
    """The program, or a comment that says why there is none: zeep needs an envelope that can be read."""
    try:
        envelope = parse_document(request.body.encode())
        (operation,) = envelope[-1]
    except (IndexError, ValueError):
        return "# zeep is not for this request: it is no SOAP envelope with one operation.\n"
    blocks = list(envelope[0]) if len(envelope) > 1 else []
    users = (_user(block) for block in blocks if etree.QName(block).namespace == WSSE)
    user = None if request.bearer else next(users, None)
    others = [block for block in blocks if etree.QName(block).namespace != WSSE]
    needs_secret = user is not None or request.has_placeholder or request.bearer
    lines = [
        *(["import os", ""] if needs_secret else []),
        *(["from lxml import etree"] if others else []),
        "from zeep import Client",
        *(["from zeep.wsse.username import UsernameToken"] if user is not None else []),
        "",
        *(
            [f"client = Client({request.wsdl!r}, wsse=UsernameToken({user!r}, {SECRET!r}))"]
            if user is not None
            else [f"client = Client({request.wsdl!r})"]
        ),
        *_headers(request),
        f"answer = client.service.{etree.QName(operation).localname}(",
        *_arguments(operation, others),
        ")",
        "print(answer)",
    ]
    return "\n".join(lines) + "\n"


def _user(block: etree._Element) -> str:
    return block.findtext(f".//{{{WSSE}}}Username") or ""


def _headers(request: Request) -> Iterator[str]:
    headers = {name: value for name, value in request.headers.items() if name not in ZEEP_HEADERS}
    if request.bearer:
        headers["authorization"] = Expression(f"'Bearer ' + {SECRET!r}")
    if headers:
        yield f"client.transport.session.headers.update({headers!r})"


def _arguments(operation: etree._Element, blocks: list[etree._Element]) -> Iterator[str]:
    for name, value in _members(operation).items():
        written = pformat(value, sort_dicts=False, width=100).replace("\n", "\n    ")
        yield f"    {name}={written},"
    if blocks:
        written = ", ".join(
            f"etree.fromstring({etree.tostring(block, with_tail=False).decode()!r})" for block in blocks
        )
        secret = f".replace({PLACEHOLDER!r}, {SECRET!r})" if PLACEHOLDER in written else ""
        yield f"    _soapheaders=[{written.replace(')', secret + ')') if secret else written}],"


def _members(element: etree._Element) -> dict[str, Any]:
    """The children by name; several of the same name as a list."""
    members: dict[str, Any] = {}
    for child in element.iterchildren(tag=etree.Element):
        name, value = etree.QName(child).localname, _value(child)
        if name not in members:
            members[name] = value
        elif isinstance(members[name], list):
            members[name].append(value)
        else:
            members[name] = [members[name], value]
    return members


def _value(element: etree._Element) -> object:
    if element.get(NIL) in ("true", "1"):
        return None
    if len(element):
        return _members(element)
    text = element.text or ""
    return SECRET if text == PLACEHOLDER else text
