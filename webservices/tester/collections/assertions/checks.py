"""
Checks that an answer must pass: one row of KINDS for each kind of check.

    {"kind": "status", "value": "200"}                                             2xx is any of them
    {"kind": "fault", "value": "false"}
    {"kind": "value", "path": "//records_inserted", "comparator": "=", "value": "1"}
    {"kind": "outcome", "path": "failed", "comparator": "=", "value": "0"}
    {"kind": "time", "comparator": "<=", "value": "500"}                           milliseconds
    {"kind": "valid"}                                                              against the contract's schema
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation

from records.shapes.values import quote_text
from webservices.tester.errors import TesterError
from webservices.tester.send.expressions import evaluate as find_expression
from webservices.tester.send.parsed_answer import ParsedAnswer, find_values

Validate = Callable[[ParsedAnswer], Sequence[str]]

STATUS = re.compile("[1-5](?:[0-9]{2}|xx)")
COMPARE: Mapping[str, Callable[[str, str], bool]] = {
    "=": lambda found, value: found == value or _compare_numbers(found, value, lambda a, b: a == b),
    "!=": lambda found, value: not COMPARE["="](found, value),
    "<": lambda found, value: _compare_numbers(found, value, lambda a, b: a < b),
    "<=": lambda found, value: _compare_numbers(found, value, lambda a, b: a <= b),
    ">": lambda found, value: _compare_numbers(found, value, lambda a, b: a > b),
    ">=": lambda found, value: _compare_numbers(found, value, lambda a, b: a >= b),
    "contains": lambda found, value: value in found,
    "matches": lambda found, value: _matches(found, value),
    # A path that finds nothing has no value to compare, so the `any` below is false for it.
    "exists": lambda found, value: True,
}


@dataclass(frozen=True)
class Check:
    """One check, as a collection stores it."""

    kind: str
    path: str = ""
    comparator: str = "="
    value: str = ""

    def words(self) -> str:
        """`//records_inserted = 1`"""
        return KINDS[self.kind].words(self)

    def to_json(self) -> dict[str, str]:
        """The check as a collection stores it, without blank fields."""
        return {name: text for name, text in asdict(self).items() if text}


@dataclass(frozen=True)
class Finding:
    """The result of a check, with the value that was found."""

    check: str
    passed: bool
    found: str = ""

    def to_json(self) -> dict[str, object]:
        """The finding as a run stores it: results of earlier releases have the key `met`, so it stays."""
        return {"check": self.check, "met": self.passed, "found": self.found}


@dataclass(frozen=True)
class Kind:
    """
    A kind of check.

    words     of one check
    evaluate  gives whether an answer passes it, and the value that was found
    needs     the fields of a check that may not be blank
    """

    label: str
    words: Callable[[Check], str]
    evaluate: Callable[[Check, ParsedAnswer, Validate], tuple[bool, str]]
    needs: tuple[str, ...] = ("value",)


def read_check(to_json: Mapping[str, str]) -> Check:
    """Read a check as it is stored; raises TesterError."""
    known = {"kind", "path", "comparator", "value"}
    if unknown := set(to_json) - known:
        raise TesterError(f"A check has {', '.join(sorted(known))}, not {quote_text(sorted(unknown)[0])}.")
    if to_json.get("kind") not in KINDS:
        raise TesterError(f"A check is of one of the kinds {', '.join(KINDS)}.")
    check = Check(**{name: str(text).strip() for name, text in to_json.items()})
    if check.comparator not in COMPARE:
        raise TesterError(f"A comparator is one of {' '.join(COMPARE)}.")
    for name in KINDS[check.kind].needs:
        if not getattr(check, name) and not (name == "value" and check.comparator == "exists"):
            raise TesterError(f"A check of {KINDS[check.kind].label.lower()} needs a {name}.")
    if check.kind == "status" and not STATUS.fullmatch(check.value):
        raise TesterError("A status is three digits, or 2xx for any of them.")
    return check


def evaluate(checks: Sequence[Check], answer: ParsedAnswer, validate: Validate) -> list[Finding]:
    """Evaluate each check for an answer; `validate` returns the problems of an answer by its contract."""
    return [_evaluate(check, answer, validate) for check in checks]


def _evaluate(check: Check, answer: ParsedAnswer, validate: Validate) -> Finding:
    try:
        passed, found = KINDS[check.kind].evaluate(check, answer, validate)
    # A path that cannot be read fails its own check; the others are still evaluated.
    except TesterError as wrong:
        passed, found = False, str(wrong)
    # A path may find megabytes, and every run stores its findings.
    return Finding(check.words(), passed, found[:500])


def _status(check: Check, answer: ParsedAnswer, validate: Validate) -> tuple[bool, str]:
    found = str(answer.status)
    return (found[0] == check.value[0] if check.value.endswith("xx") else found == check.value), found


def _fault(check: Check, answer: ParsedAnswer, validate: Validate) -> tuple[bool, str]:
    found = "true" if answer.is_fault else "false"
    return found == check.value, found


def _value(check: Check, answer: ParsedAnswer, validate: Validate) -> tuple[bool, str]:
    found = find_values(answer, check.path)
    compare = COMPARE[check.comparator]
    # A path may find several values: != must hold for all of them, every other comparator for one.
    if check.comparator == "!=":
        return all(compare(each, check.value) for each in found), ", ".join(found) or "nothing"
    return any(compare(each, check.value) for each in found), ", ".join(found) or "nothing"


def _outcome(check: Check, answer: ParsedAnswer, validate: Validate) -> tuple[bool, str]:
    if not answer.outcomes:
        return False, "The answer is not this server's own, so its outcomes are not known."
    if check.path not in answer.outcomes:
        return False, f"An outcome is one of {', '.join(answer.outcomes)}."
    found = str(answer.outcomes[check.path])
    return COMPARE[check.comparator](found, check.value), found


def _time(check: Check, answer: ParsedAnswer, validate: Validate) -> tuple[bool, str]:
    found = f"{answer.milliseconds:.1f}"
    return COMPARE[check.comparator](found, check.value), f"{found} ms"


def _valid(check: Check, answer: ParsedAnswer, validate: Validate) -> tuple[bool, str]:
    problems = validate(answer)
    return not problems, " ".join(problems) or "valid"


# Numbers are compared as numbers, so that 13 equals 13.00; text that is no number is neither less nor greater.
def _compare_numbers(found: str, value: str, compare: Callable[[Decimal, Decimal], bool]) -> bool:
    try:
        return compare(Decimal(found), Decimal(value))
    except InvalidOperation:
        return False


def _matches(found: str, value: str) -> bool:
    return bool(find_expression("pattern", found, value))


def _condition_words(check: Check) -> str:
    return f"{check.path} {check.comparator} {check.value}".strip()


KINDS: Mapping[str, Kind] = {
    "status": Kind("Status", lambda check: f"status is {check.value}", _status),
    "fault": Kind("Fault", lambda check: "a fault" if check.value == "true" else "no fault", _fault),
    "value": Kind("Value", _condition_words, _value, needs=("path", "value")),
    "outcome": Kind("Outcome", lambda check: f"records {_condition_words(check)}", _outcome, needs=("path", "value")),
    "time": Kind("Time", lambda check: f"time {check.comparator} {check.value} ms", _time),
    "valid": Kind("Valid", lambda check: "valid against the contract", _valid, needs=()),
}
