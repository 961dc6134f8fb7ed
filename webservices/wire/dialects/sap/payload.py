"""
What the parameter `xml` holds: how customers are searched, and the customers. As elements, or the same as text.

    <xml><Root xmlns="">
      <SearchFields Priority="1">
        <SearchField>CRMAccountId</SearchField>
        <SearchCustomFields><CustomField><Name>Tier</Name></CustomField></SearchCustomFields>
      </SearchFields>
      <Customers><Customer>…</Customer>…</Customers>
    </Root></xml>

Names are matched by their local part. It is read step by step, so that of a million customers no more are kept than a
call may have; what is wrong with it is said when the customers are looked at, after who is calling is known.
"""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import replace

from records.shapes.matching import Matching, MatchRule
from records.shapes.problems import Family, Problem, ProblemError, invalid
from records.shapes.resources import Resource
from records.shapes.values import quoted
from webservices.wire.dialects.sap.context import SapSettings
from webservices.wire.dialects.sap.customers import no_custom_field
from webservices.wire.dialects.sap.names import (
    CUSTOM_FIELD,
    FINDS_BY,
    LISTS,
    NONE_GIVEN,
    PRIORITY,
    SEARCH_CUSTOM,
    SEARCH_FIELD,
    SEARCH_FIELDS,
    TOO_MANY,
    custom_field,
    field_named,
)
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.parsing import MAX_HEADER, Allowance, parse

ROOT, CUSTOMERS, CUSTOMER = "Root", "Customers", "Customer"
LEVELS = 3  # Root, Customers, Customer
PER_CUSTOMER = 400  # elements, on an average
BY_ID = MatchRule(FINDS_BY, first_only=True)


class Payload:
    """
    The document in `xml`, as far as it was read.

    customers  their elements
    search     the element SearchFields; None: there is none
    problem    what is wrong with it; nothing is kept after that
    """

    def __init__(self, settings: SapSettings, allowance: Allowance):
        self.customers: list[Node] = []
        self.search: Node | None = None
        self.problem: Problem | None = None
        self._limit = settings.customers_limit
        self._allowance = allowance
        self._left = MAX_HEADER + PER_CUSTOMER * settings.customers_limit
        self._path: list[Node] = []

    @property
    def touched(self) -> bool:
        """Whether it has come as elements."""
        return bool(self._path)

    def take(self, starts: bool, node: Node, depth: int) -> None:
        """One step; Root has depth 1."""
        if starts:
            del self._path[depth - 1 :]
            self._path.append(node)
            if depth < LEVELS and node.name not in _WRAPPERS[depth]:
                expected = " and ".join(_WRAPPERS[depth])
                self._refuse(_unreadable(f"xml holds {expected} here, not {quoted(node.name)}."))
        elif depth == LEVELS and self._path[1].name == CUSTOMERS:
            self._end_of_customer(node)
        elif depth == LEVELS - 1 and node.name == SEARCH_FIELDS:
            if self.search is not None:
                self._refuse(_unreadable(f"{SEARCH_FIELDS} comes more than once."))
            self.search = node

    def _end_of_customer(self, node: Node) -> None:
        if node.name != CUSTOMER:
            self._refuse(_unreadable(f"{CUSTOMERS} holds {CUSTOMER}, not {quoted(node.name)}."))
        elif len(self.customers) == self._limit:
            text = f"A call may have at most {self._limit} customers; nothing was touched."
            self._refuse(Problem(TOO_MANY, Family.INVALID, text))
        self._left -= MAX_HEADER - self._allowance.elements
        if self._left < 0:
            self._refuse(_unreadable("A customer has too many elements."))
        if self.problem is None:
            self.customers.append(node)
        node.forget_earlier()
        self._allowance.elements = MAX_HEADER

    def _refuse(self, problem: Problem) -> None:
        self.problem = self.problem or problem

    def read_text(self, text: str) -> None:
        """The document as text, through the one entrance of XML; what it declares of its encoding means nothing."""
        allowance = self._allowance = Allowance()
        if not text.strip():
            return
        try:
            for starts, node, depth in parse(codecs.BOM_UTF8 + text.strip().encode(), "", allowance, LEVELS):
                self.take(starts, node, depth)
        except ProblemError as refused:
            self._refuse(replace(refused.problem, family=Family.INVALID, text=f"In xml: {refused.problem.text}"))

    def check(self) -> None:
        """Raises ProblemError for what is wrong with it, or when there are no customers."""
        if self.problem is None and not self.customers:
            self._refuse(Problem(NONE_GIVEN, Family.INVALID, "xml holds no customers: Root, Customers, Customer."))
        if self.problem is not None:
            raise ProblemError(self.problem)

    def matching(self, resource: Resource) -> tuple[Matching, str]:
        """
        How customers are searched, and the custom field that each of them must carry for that; "": none.

        Raises ProblemError for SearchFields that cannot be read.
        """
        if self.search is None:
            return Matching((BY_ID,), sequential=True), ""
        priority = self.search.attributes.get(PRIORITY, "").strip()
        if not priority:
            raise ProblemError(
                _unreadable(f"{SEARCH_FIELDS} needs the attribute {PRIORITY}: 1 searches by them first.")
            )
        fields, custom = _searched(resource, self.search)
        ways = (MatchRule(fields), BY_ID) if priority == "1" else (BY_ID, MatchRule(fields))
        return Matching(ways if fields else (BY_ID,), sequential=True), custom


_WRAPPERS = {1: (ROOT,), 2: (SEARCH_FIELDS, CUSTOMERS)}


def _unreadable(text: str) -> Problem:
    return invalid(text, code="unreadable-xml")


def _searched(resource: Resource, search: Node) -> tuple[tuple[str, ...], str]:
    names, custom = [], [*_custom_names(search)]
    for node in search.children:
        if node.name == SEARCH_FIELD:
            if spelled := node.text.strip():
                name = field_named(spelled)
                if name not in LISTS[resource.plural]:
                    raise ProblemError(_unreadable(f"{SEARCH_FIELD} {quoted(spelled)} is no field of a customer."))
                names.append(name)
        elif node.name != SEARCH_CUSTOM:
            text = f"{SEARCH_FIELDS} holds {SEARCH_FIELD} and {SEARCH_CUSTOM}, not {quoted(node.name)}."
            raise ProblemError(_unreadable(text))
    if len(custom) > 1:
        raise ProblemError(_unreadable(f"{SEARCH_CUSTOM} names at most one custom field; {len(custom)} are named."))
    for spelled in custom:
        field = custom_field(resource, spelled)
        if field is None:
            raise ProblemError(no_custom_field(resource, spelled))
        return (*dict.fromkeys(names), field.name), field.name
    return tuple(dict.fromkeys(names)), ""


def _custom_names(search: Node) -> Iterator[str]:
    """The names in SearchCustomFields/CustomField/Name; a blank one says nothing."""
    for group in _named(search.children, SEARCH_CUSTOM):
        for entry in _named(group.children, CUSTOM_FIELD):
            for name in _named(entry.children, "Name"):
                if name.text.strip():
                    yield name.text.strip()


def _named(nodes: Iterable[Node], name: str) -> Iterator[Node]:
    return (node for node in nodes if node.name == name)
