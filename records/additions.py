"""
Records that are added as other ones: a lead, say, as a contact and, where its company is new, a customer.

The app that declares such a resource reads its records here, has the services of the others write these, and answers in
the words of what was sent:

    additions = read_additions(LEAD, records, Lead)
    …                                                   CONTACTS.add(…) for `select_accepted(additions)`
    addition.settle(outcome, OF_CONTACT)
    return build_outcomes(LEAD, additions)
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeVar

from records.shapes.criteria import UNLIMITED, Scope
from records.shapes.matching import BY_KEY, Matching
from records.shapes.outcomes import Outcome, failed_outcome
from records.shapes.parsing import completer, record_reader
from records.shapes.problems import Path, Problem, ProblemError, invalid_problem
from records.shapes.resources import Resource
from records.shapes.values import Values


@dataclass
class Addition:
    """
    One record on its way: what was sent, all that is wrong with it, and the outcome of the record that it becomes.

    An app extends it by what else it needs to know.
    """

    sent: Values
    problems: list[Problem] = field(default_factory=list)
    outcome: Outcome | None = None

    def text(self, name: str) -> str:
        """Return a field that was sent, stripped; "": it was not."""
        value = self.sent.get(name)
        return value.strip() if isinstance(value, str) else ""

    def reject(self, problems: Iterable[Problem], fields: Mapping[str, str]) -> None:
        """Add the problems of a record that holds some fields; `fields` are its own, by those that they hold."""
        names = {held_as: name for name, held_as in fields.items()}

        def translate(path: Path) -> Path:
            return (names[str(path[0])],) if path and path[0] in names else path

        self.problems += [replace(each, path=translate(each.path), other=translate(each.other)) for each in problems]

    def settle(self, outcome: Outcome, fields: Mapping[str, str]) -> None:
        """Take the outcome of the record that it becomes, likewise."""
        self.reject(outcome.problems, fields)
        self.outcome = replace(outcome, problems=tuple(self.problems))


A = TypeVar("A", bound=Addition)


def refuse_search(resource: Resource, scope: Scope, matching: Matching) -> None:
    """Raise ProblemError for a scope or a matching: nothing of the kind is stored that could be found."""
    if scope != UNLIMITED or matching != BY_KEY:
        text = f"{resource.label_plural} are only added: there are none that could be found."
        raise ProblemError(invalid_problem(text, code="only-added"))


def read_additions(
    resource: Resource, records: Sequence[Values], build: Callable[[Values, list[Problem]], A]
) -> list[A]:
    """
    Read records with all that is wrong with each: what cannot be read, what is not known, what is missing.

    A custom field may be required of another record: that shows when one is added.
    """
    read, complete = _compile(resource)
    needed = {each.name for each in resource.fields if each.required and not each.custom}
    additions = []
    for values in records:
        parsed, problems = read(values)
        unread = {problem.path[0] for problem in problems if problem.path}
        missing = [each for each in complete(dict(parsed)) if each.path[0] in needed - unread]
        additions.append(build(values, [*problems, *missing]))
    return additions


@lru_cache(maxsize=16)
def _compile(resource: Resource) -> tuple[Callable, Callable]:
    return record_reader(resource), completer(resource)


def select_accepted(additions: Iterable[A]) -> Iterator[A]:
    """Yield those that nothing has been found wrong with."""
    return (addition for addition in additions if not addition.problems)


def build_outcomes(resource: Resource, additions: Iterable[Addition]) -> list[Outcome]:
    """Return the outcome of each: that of the record that it becomes, or that it was rejected before."""
    key = resource.key[0]
    return [each.outcome or failed_outcome(each.text(key), *each.problems) for each in additions]
