"""An answer as checks see it, and the values that XPath or JSONPath find in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from records.shapes.outcomes import Result
from webservices.exchanges.store import body_text
from webservices.models import Exchange
from webservices.tester.errors import TesterError
from webservices.tester.send.expression_worker import parse_bare
from webservices.tester.send.expressions import evaluate

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
        return parse_bare(self.body)

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


def find_values(answer: ParsedAnswer, path: str) -> Sequence[str]:
    """
    Find the texts at a path, in order: JSONPath (`$.records[0].id`) in JSON, XPath (`//bm:status/bm:success`, or
    `//status/success`) in XML.

    Raises TesterError.
    """
    if len(path) > MAX_PATH_LENGTH:
        raise TesterError(f"A path has at most {MAX_PATH_LENGTH} characters.")
    if answer.is_json:
        return evaluate("jsonpath", answer.body, path)
    return evaluate("xpath", answer.body, _strip_prefixes(path))


def _strip_prefixes(path: str) -> str:
    """Strip prefixes from the names of an XPath; texts in quotes and axes (`child::`) stay."""
    return PREFIX.sub(lambda found: found[1] or "", path)
