"""
The document in the parameter `xml`: SearchFields and the customers, as elements, or the same as text.

    <xml><Root xmlns="">
      <SearchFields Priority="1"><SearchField>CRMAccountId</SearchField></SearchFields>
      <Customers><Customer>…</Customer>…</Customers>
    </Root></xml>

Names are matched by their local part. The document is read step by step, so that of a million customers no more are
held than a call may have. Its faults are reported when the customers are looked at, after the caller is known.
"""

import codecs
from dataclasses import replace

from records.shapes.problems import Family, Problem, ProblemError
from records.shapes.values import quote_text
from webservices.wire.dialects.sap.codes import NONE_GIVEN, TOO_MANY
from webservices.wire.dialects.sap.context import SapSettings
from webservices.wire.dialects.sap.criteria import unreadable
from webservices.wire.dialects.sap.names import SEARCH_FIELDS
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.parsing import MAX_HEADER, Allowance, parse

ROOT, CUSTOMERS, CUSTOMER = "Root", "Customers", "Customer"
LEVELS = 3  # Root, Customers, Customer: what lies deeper comes complete with its customer
ELEMENTS_PER_CUSTOMER = 400  # on average: one customer may have more, if others have less


class Payload:
    """
    The document in `xml`, as far as it was read.

    customers  their elements
    search     the element SearchFields; None: there is none
    problem    the first fault that was found; no customer is held after that
    """

    def __init__(self, settings: SapSettings, allowance: Allowance):
        self.customers: list[Node] = []
        self.search: Node | None = None
        self.problem: Problem | None = None
        self._limit = settings.customers_limit
        self._allowance = allowance
        self._left = MAX_HEADER + ELEMENTS_PER_CUSTOMER * settings.customers_limit
        self._path: list[Node] = []

    @property
    def has_elements(self) -> bool:
        """True if the document has come as elements."""
        return bool(self._path)

    def add_step(self, starts: bool, node: Node, depth: int) -> None:
        """Add one step of the parser; Root has depth 1."""
        if starts:
            del self._path[depth - 1 :]
            self._path.append(node)
            if depth < LEVELS and node.name not in _WRAPPERS[depth]:
                expected = " and ".join(_WRAPPERS[depth])
                self._reject(unreadable(f"xml holds {expected} here, not {quote_text(node.name)}."))
        elif depth == LEVELS and self._path[1].name == CUSTOMERS:
            self._end_of_customer(node)
        elif depth == LEVELS - 1 and node.name == SEARCH_FIELDS:
            if self.search is not None:
                self._reject(unreadable(f"{SEARCH_FIELDS} comes more than once."))
            self.search = node

    def _end_of_customer(self, node: Node) -> None:
        if node.name != CUSTOMER:
            self._reject(unreadable(f"{CUSTOMERS} holds {CUSTOMER}, not {quote_text(node.name)}."))
        elif len(self.customers) == self._limit:
            text = f"A call may have at most {self._limit} customers; nothing was touched."
            self._reject(Problem(TOO_MANY, Family.INVALID, text))
        self._left -= MAX_HEADER - self._allowance.elements
        if self._left < 0:
            self._reject(unreadable("A customer has too many elements."))
        if self.problem is None:
            self.customers.append(node)
        node.forget_earlier()
        # The allowance is for what is read at once: it begins anew with each customer, `_left` counts them all.
        self._allowance.elements = MAX_HEADER

    def _reject(self, problem: Problem) -> None:
        self.problem = self.problem or problem

    def read_text(self, text: str) -> None:
        """Read the document as text, through the one entrance of XML."""
        allowance = self._allowance = Allowance()
        if not text.strip():
            return
        # The text was decoded with the envelope: a byte order mark outranks the encoding that it may declare itself.
        body = codecs.BOM_UTF8 + text.strip().encode()
        try:
            for starts, node, depth in parse(body, "", allowance, LEVELS):
                self.add_step(starts, node, depth)
        except ProblemError as refused:
            # The envelope is in order: this is a customer's fault with an error code, not a SOAP fault.
            self._reject(replace(refused.problem, family=Family.INVALID, text=f"In xml: {refused.problem.text}"))

    def check(self) -> None:
        """Raise ProblemError for the first fault, or when there are no customers."""
        if self.problem is None and not self.customers:
            self._reject(Problem(NONE_GIVEN, Family.INVALID, "xml holds no customers: Root, Customers, Customer."))
        if self.problem is not None:
            raise ProblemError(self.problem)


_WRAPPERS = {1: (ROOT,), 2: (SEARCH_FIELDS, CUSTOMERS)}
