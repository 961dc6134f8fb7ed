"""
The document of a function: SearchFields and the customers, or products, as elements, or the same as text.

    <xml><Root xmlns="">
      <SearchFields Priority="1"><SearchField>CRMAccountId</SearchField></SearchFields>
      <Customers><Customer>…</Customer>…</Customers>
    </Root></xml>

    <xDoc><Products SkipCategoriesOnProductUpdate="true"><Product>…</Product>…</Products></xDoc>

Names are matched by their local part. The document is read step by step, so that of a million records no more are held
than a call may have. Its faults are reported when the records are looked at, after the caller is known.
"""

import codecs
from dataclasses import replace

from records.shapes.problems import Family, Problem, ProblemError
from records.shapes.values import quote_text
from webservices.wire.dialects.sap.codes import NONE_GIVEN, TOO_MANY
from webservices.wire.dialects.sap.criteria import unreadable
from webservices.wire.dialects.sap.functions import Function
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.parsing import MAX_HEADER, Allowance, parse

ELEMENTS_PER_RECORD = 400  # on average: one record may have more, if others have less


class Payload:
    """
    The document of a call, as far as it was read.

    records    their elements
    search     the element that says how they are found; None: there is none
    root       the outermost element; None: there is none
    problem    the first fault that was found; no record is held after that
    """

    def __init__(self, function: Function, limit: int, allowance: Allowance):
        self.records: list[Node] = []
        self.search: Node | None = None
        self.root: Node | None = None
        self.problem: Problem | None = None
        self._function, self._form, self._limit = function, function.form, limit
        self._allowance = allowance
        self._left = MAX_HEADER + ELEMENTS_PER_RECORD * limit
        self._path: list[Node] = []

    @property
    def has_elements(self) -> bool:
        """True if the document has come as elements."""
        return bool(self._path)

    def add_step(self, starts: bool, node: Node, depth: int) -> None:
        """Add one step of the parser; the root has depth 1."""
        form = self._form
        if depth > form.levels:
            return
        if starts:
            del self._path[depth - 1 :]
            self._path.append(node)
            self.root = self.root or node
            names = self._names_at(depth)
            if depth < form.levels and not form.is_named(node.name, *names):
                document, expected = self._function.document, " and ".join(names)
                self._reject(unreadable(f"{document} holds {expected} here, not {quote_text(node.name)}."))
        elif depth == form.levels and self._holds_records(depth):
            self._end_of_record(node)
        elif depth == form.levels - 1 and form.search and node.name == form.search:
            if self.search is not None:
                self._reject(unreadable(f"{form.search} comes more than once."))
            self.search = node

    def _names_at(self, depth: int) -> tuple[str, ...]:
        """The names that an element around records may have."""
        name = self._form.path[depth - 1]
        return (self._form.search, name) if depth == self._form.levels - 1 and self._form.search else (name,)

    def _holds_records(self, depth: int) -> bool:
        return self._form.is_named(self._path[depth - 2].name, self._form.path[depth - 2])

    def _end_of_record(self, node: Node) -> None:
        form = self._form
        if not form.is_named(node.name, form.record):
            self._reject(unreadable(f"{form.path[-2]} holds {form.record}, not {quote_text(node.name)}."))
        elif len(self.records) == self._limit:
            text = f"A call may have at most {self._limit:,} {form.noun}; nothing was touched."
            self._reject(Problem(TOO_MANY, Family.INVALID, text))
        self._left -= MAX_HEADER - self._allowance.elements
        if self._left < 0:
            self._reject(unreadable(f"A {form.record.lower()} has too many elements."))
        if self.problem is None:
            self.records.append(node)
        node.forget_earlier()
        # The allowance is for what is read at once: it begins anew with each record, `_left` counts them all.
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
            for starts, node, depth in parse(body, "", allowance, self._form.levels):
                self.add_step(starts, node, depth)
        except ProblemError as refused:
            # The envelope is in order: this is the document's fault with an error code, not a SOAP fault.
            self._reject(
                replace(
                    refused.problem, family=Family.INVALID, text=f"In {self._function.document}: {refused.problem.text}"
                )
            )

    def check(self) -> None:
        """Raise ProblemError for the first fault, or when there are no records."""
        if self.problem is None and not self.records:
            where = f"{self._function.document} holds no {self._form.noun}: {', '.join(self._form.path)}."
            self._reject(Problem(NONE_GIVEN, Family.INVALID, where))
        if self.problem is not None:
            raise ProblemError(self.problem)
