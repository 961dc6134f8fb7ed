"""An answer as checks see it, and the values that XPath or JSONPath find in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from jsonpath_rfc9535 import JSONPathError
from jsonpath_rfc9535 import find as find_json
from lxml import etree

from records.shapes.outcomes import Result
from records.shapes.problems import ProblemError
from webservices.exchanges.store import body_text
from webservices.models import Exchange
from webservices.tester.errors import TesterError
from webservices.wire.json import Json, read_json, write_json
from webservices.wire.xml.documents import InvalidXml, parse_document

MAX_PATH_LENGTH = 500
PREFIX = re.compile(r"""("[^"]*"|'[^']*')|(?<![\w.-])[A-Za-z_][\w.-]*:(?=[\w*])""")
COUNTED = (*map(str, Result), "returned")


@dataclass(frozen=True)
class ParsedAnswer:
    """
    One answer.

    outcomes  number of records by result (`created`, … , `failed`, `returned`), when this server answered
    """

    status: int
    body: str = ""
    content_type: str = ""
    milliseconds: float = 0.0
    outcomes: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_json(self) -> bool:
        return "json" in self.content_type

    @cached_property
    def tree(self) -> etree._Element | None:
        """The XML without namespaces, so that paths need no prefixes; None: the body is no XML."""
        try:
            root = parse_document(self.body.strip().encode(), remove_comments=True, remove_pis=True)
        except InvalidXml:
            return None
        for element in root.iter(etree.Element):
            element.tag = etree.QName(element).localname
            # A list first: an element's attributes cannot be renamed while they are iterated.
            for name in [name for name in element.attrib if name.startswith("{")]:
                element.set(etree.QName(name).localname, element.attrib.pop(name))
        return root

    @property
    def is_fault(self) -> bool:
        """True if the whole call failed: a SOAP fault, or a status of 400 or more."""
        return self.status >= 400 or (self.tree is not None and self.tree.find("Body/Fault") is not None)


def count_outcomes(exchange: Exchange | None) -> Mapping[str, int]:
    """Number of records by result; empty for a call of another server."""
    return {name: getattr(exchange, name) for name in COUNTED} if exchange else {}


def parse_exchange(exchange: Exchange) -> ParsedAnswer:
    """The answer of an exchange as it was recorded, secrets masked."""
    body = body_text(exchange.response_body)
    return ParsedAnswer(exchange.status, body, exchange.response_type, exchange.duration_ms, count_outcomes(exchange))


def find_values(answer: ParsedAnswer, path: str) -> list[str]:
    """
    Find the texts at a path, in order: JSONPath (`$.records[0].id`) in JSON, XPath (`//bm:status/bm:success`, or
    `//status/success`) in XML.

    Raises TesterError.
    """
    if len(path) > MAX_PATH_LENGTH:
        raise TesterError(f"A path has at most {MAX_PATH_LENGTH} characters.")
    return _find_in_json(answer, path) if answer.is_json else _find_in_xml(answer, path)


def _find_in_json(answer: ParsedAnswer, path: str) -> list[str]:
    try:
        # Its types know no Decimal, which it passes through untouched.
        found = find_json(path, cast(Any, read_json(answer.body.encode()))).values()
    except JSONPathError as error:
        raise TesterError(f"{path} is no JSONPath: {error}.") from None
    except ProblemError as refused:
        raise TesterError(refused.problem.sentence()) from None
    return [each if isinstance(each, str) else write_json(cast(Json, each)) for each in found]


def _find_in_xml(answer: ParsedAnswer, path: str) -> list[str]:
    if answer.tree is None:
        raise TesterError("The answer is not XML.")
    try:
        # regexp=False: EXSLT's regular expressions have no time limit, and testers write the path.
        # smart_strings=False: texts that know their element would keep the whole tree in memory.
        found = etree.XPath(_strip_prefixes(path), regexp=False, smart_strings=False)(answer.tree)
    except etree.XPathError as error:
        raise TesterError(f"{path} is no XPath: {error}.") from None
    return [_text(each) for each in found] if isinstance(found, list) else [_text(found)]


def _strip_prefixes(path: str) -> str:
    """Strip prefixes from the names of an XPath; texts in quotes and axes (`child::`) stay."""
    return PREFIX.sub(lambda found: found[1] or "", path)


def _text(found: object) -> str:
    match found:
        case bool():
            return "true" if found else "false"
        # XPath has floats only: the `count()` of two elements is 2.0, and a tester writes 2.
        case float():
            return f"{found:g}"
        case str():
            return found
    return "".join(found.itertext()).strip() if isinstance(found, etree._Element) else str(found)
