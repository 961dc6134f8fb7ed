"""
Proposals for the checks of a call: those that its answer passes, and the values in its answer.

    propose_for_exchange(…)status is 200, no fault, records created = 1, records failed = 0, valid
    list_values(body)      ("//status/success", "true")  ("//each_record[2]/units", "3")  ("$.results[0].number", "P-1")
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from lxml import etree

from records.shapes.outcomes import Result
from records.shapes.problems import ProblemError
from webservices.exchanges.store import body_text
from webservices.models import Exchange
from webservices.tester.collections.assertions.captures import NAME
from webservices.tester.collections.assertions.checks import Check
from webservices.tester.compose.validate.answers import validate_answer
from webservices.tester.send.addresses import find_dialect
from webservices.tester.send.parsed_answer import MAX_PATH_LENGTH, ParsedAnswer, parse_exchange
from webservices.wire.json import Json, read_json, write_json
from webservices.wire.messages import WireRequest
from webservices.wire.operations import Operations

MAX_VALUES = 80
MAX_VALUE_LENGTH = 200
MEMBER_NAME = NAME  # a member that a JSONPath may name after a point


@dataclass(frozen=True)
class AnswerValue:
    """One value of an answer with its path, and a name under which it could be captured."""

    path: str
    value: str
    name: str


def propose_for_exchange(exchange: Exchange, operations: Operations) -> list[Check]:
    """The checks that the answer of an exchange passes; with `valid`, if it is valid by its contract."""
    path, _, query = exchange.path.partition("?")
    body = body_text(exchange.request_body).encode()
    request = WireRequest(exchange.method, path, body, exchange.request_headers, query)
    answer = parse_exchange(exchange)
    valid = not validate_answer(find_dialect(path), request, answer, operations)
    return [*propose_checks(answer), *([Check("valid")] if valid else [])]


def propose_checks(answer: ParsedAnswer) -> list[Check]:
    """The checks that an answer passes, but for `valid`."""
    checks = [Check("status", value=str(answer.status)), Check("fault", value="true" if answer.is_fault else "false")]
    # That no record failed says something about a write only: a find counts no failures.
    written = any(answer.outcomes.get(name) for name in map(str, Result))
    wanted = [(name, n) for name, n in answer.outcomes.items() if n or (name == Result.FAILED and written)]
    return [*checks, *(Check("outcome", name, "=", str(count)) for name, count in wanted)]


def keep_repeatable(checks: Sequence[Check]) -> list[Check]:
    """Keep the checks that the same call passes a second time, too: a record that it created exists by then."""
    return [
        _relax_status(check) for check in checks if check.kind != "outcome" or check.path in (Result.FAILED, "returned")
    ]


def _relax_status(check: Check) -> Check:
    """Check for any success in place of a certain one: the second time, 201 becomes 200."""
    return replace(check, value="2xx") if check.kind == "status" and check.value.startswith("2") else check


def list_values(body: str, content_type: str) -> list[AnswerValue]:
    """The first MAX_VALUES values of an answer with their paths; [] for one that is neither XML nor JSON."""
    answer = ParsedAnswer(200, body, content_type)
    found = _json_values(body) if answer.is_json else _xml_values(answer.tree)
    return list(islice((each for each in found if _fits_line(each)), MAX_VALUES))


def _fits_line(found: AnswerValue) -> bool:
    short = len(found.path) <= MAX_PATH_LENGTH and len(found.value) <= MAX_VALUE_LENGTH
    return bool(found.value) and short and len(found.value.splitlines()) == 1


def _xml_values(root: etree._Element | None) -> Iterator[AnswerValue]:
    """Each leaf, from the last element above it that has its name alone: `//records_inserted`."""
    if root is None:
        return
    often = Counter(str(element.tag) for element in root.iter(etree.Element))
    yield from _walk_element(root, f"/{root.tag!s}", often)


def _walk_element(element: etree._Element, path: str, often: Mapping[str, int]) -> Iterator[AnswerValue]:
    if often[str(element.tag)] == 1:
        path = f"//{element.tag!s}"
    children = list(element.iterchildren(tag=etree.Element))
    if not children:
        yield AnswerValue(path, "".join(element.itertext()).strip(), _suggest_name(str(element.tag)))
    totals, seen = Counter(str(child.tag) for child in children), Counter[str]()
    for child in children:
        name = str(child.tag)
        seen[name] += 1
        index = f"[{seen[name]}]" if totals[name] > 1 else ""
        yield from _walk_element(child, f"{path}/{name}{index}", often)


def _json_values(body: str) -> Iterator[AnswerValue]:
    try:
        yield from _walk_json(read_json(body.encode()), "$", "value")
    except ProblemError:
        return


def _walk_json(found: Json, path: str, name: str) -> Iterator[AnswerValue]:
    match found:
        case dict():
            for member, value in found.items():
                step = f".{member}" if MEMBER_NAME.fullmatch(member) else f"[{write_json(member)}]"
                yield from _walk_json(value, path + step, member)
        case list():
            for number, value in enumerate(found):
                yield from _walk_json(value, f"{path}[{number}]", name)
        case str():
            yield AnswerValue(path, found.strip(), _suggest_name(name))
        case _:
            yield AnswerValue(path, write_json(found), _suggest_name(name))


def _suggest_name(text: str) -> str:
    """A name for a captured value, from that of its element or member."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in text).strip("_")[:40]
    return plain if NAME.fullmatch(plain) else "value"
