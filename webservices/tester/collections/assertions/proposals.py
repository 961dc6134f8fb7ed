"""
What could be expected of a call when it is sent again: checks that its answer has met, and the values in its answer.

    proposed_of(exchange) status is 200, no fault, records created = 1, records failed = 0, valid
    values_of(body)       ("//status/success", "true")  ("//each_record[2]/units", "3")  ("$.results[0].number", "P-1")
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
from webservices.tester.compose.validate.answers import problems_in
from webservices.tester.send.parsed_answer import LONGEST_PATH, Seen, seen_in
from webservices.tester.send.routing import service_at
from webservices.wire.json import Json, read_json, write_json
from webservices.wire.messages import WireRequest
from webservices.wire.operations import Operations

MOST_VALUES = 80
LONGEST_VALUE = 200
PLAIN = NAME  # a member that a JSONPath may name after a point


@dataclass(frozen=True)
class Found:
    """One value of an answer: where it is, what it is, and what it could be called when it is taken."""

    path: str
    value: str
    name: str


def proposed_of(exchange: Exchange, operations: Operations) -> list[Check]:
    """The checks that the answer of an exchange meets; with `valid`, when it is as its contract has it."""
    path, _, query = exchange.path.partition("?")
    body = body_text(exchange.request_body).encode()
    request = WireRequest(exchange.method, path, body, exchange.request_headers, query)
    seen = seen_in(exchange)
    valid = not problems_in(service_at(path), request, seen, operations)
    return [*proposed(seen), *([Check("valid")] if valid else [])]


def proposed(seen: Seen) -> list[Check]:
    """The checks that this answer meets, whatever its contract."""
    checks = [Check("status", value=str(seen.status)), Check("fault", value="true" if seen.is_fault else "false")]
    written = any(seen.outcomes.get(name) for name in map(str, Result))
    wanted = [(name, n) for name, n in seen.outcomes.items() if n or (name == Result.FAILED and written)]
    return [*checks, *(Check("outcome", name, "=", str(count)) for name, count in wanted)]


def met_again(checks: Sequence[Check]) -> list[Check]:
    """Of some checks those that the same call meets a second time, too: what was created is there by then."""
    return [_again(check) for check in checks if check.kind != "outcome" or check.path in (Result.FAILED, "returned")]


def _again(check: Check) -> Check:
    """Of a status that all is well no more than that: 201 becomes 200."""
    return replace(check, value="2xx") if check.kind == "status" and check.value.startswith("2") else check


def values_of(body: str, content_type: str) -> list[Found]:
    """The first values of an answer, each where it is; none of one that is neither XML nor JSON."""
    seen = Seen(200, body, content_type)
    found = _in_json(body) if seen.is_json else _in_xml(seen.tree)
    return list(islice((each for each in found if _fits_a_line(each)), MOST_VALUES))


def _fits_a_line(found: Found) -> bool:
    short = len(found.path) <= LONGEST_PATH and len(found.value) <= LONGEST_VALUE
    return bool(found.value) and short and len(found.value.splitlines()) == 1


def _in_xml(root: etree._Element | None) -> Iterator[Found]:
    """Each leaf, from the last element above it that has its name alone: `//records_inserted`."""
    if root is None:
        return
    often = Counter(element.tag for element in root.iter(etree.Element))
    yield from _below(root, f"/{root.tag}", often)


def _below(element: etree._Element, path: str, often: Mapping[str, int]) -> Iterator[Found]:
    if often[element.tag] == 1:
        path = f"//{element.tag}"
    children = list(element.iterchildren(tag=etree.Element))
    if not children:
        yield Found(path, "".join(element.itertext()).strip(), _name(str(element.tag)))
    alike, numbers = Counter(child.tag for child in children), Counter()
    for child in children:
        numbers[child.tag] += 1
        place = f"[{numbers[child.tag]}]" if alike[child.tag] > 1 else ""
        yield from _below(child, f"{path}/{child.tag}{place}", often)


def _in_json(body: str) -> Iterator[Found]:
    try:
        yield from _of_json(read_json(body.encode()), "$", "value")
    except ProblemError:
        return


def _of_json(found: Json, path: str, name: str) -> Iterator[Found]:
    match found:
        case dict():
            for member, value in found.items():
                step = f".{member}" if PLAIN.fullmatch(member) else f"[{write_json(member)}]"
                yield from _of_json(value, path + step, member)
        case list():
            for number, value in enumerate(found):
                yield from _of_json(value, f"{path}[{number}]", name)
        case str():
            yield Found(path, found.strip(), _name(name))
        case _:
            yield Found(path, write_json(found), _name(name))


def _name(text: str) -> str:
    """As a captured value may be called."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in text).strip("_")[:40]
    return plain if NAME.fullmatch(plain) else "value"
