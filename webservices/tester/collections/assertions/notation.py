"""
Notation in which people type checks and captures, a line each.

    status = 2xx
    fault = false
    //records_inserted = 1              XPath, JSONPath: $.results[0].number = P-1
    records failed = 0
    time <= 500
    valid

    order = //order_number              a capture: a name and the path of its value
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from records.shapes.values import quote_text
from webservices.tester.collections.assertions.captures import NAME
from webservices.tester.collections.assertions.checks import COMPARE, Check, read_check
from webservices.tester.errors import TesterError

# The longest first: `<=` must not be read as `<`, and `contains` only as a whole word.
COMPARATORS = "|".join(
    sorted((rf"\b{re.escape(c)}\b" if c.isalpha() else re.escape(c) for c in COMPARE), key=len)[::-1]
)
COMPARED = re.compile(rf"(.*?)\s*({COMPARATORS})\s*(.*)", re.DOTALL)
CAPTURE = re.compile(rf"\s*({NAME.pattern})\s*=\s*(\S.*?)\s*")
PATH = re.compile(r"/|\$|[a-z-]*\(")  # XPath, JSONPath, a function of XPath
OUTCOME = "records "
HELP = "status = 2xx, fault = false, //path = value, $.path = value, records failed = 0, time <= 500, valid"


def parse_checks(text: str) -> list[dict[str, str]]:
    """Parse checks, a line each, into the form in which they are stored; raises TesterError, naming the line."""
    return [_check(number, line).to_json() for number, line in _lines(text)]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip())


def _check(number: int, line: str) -> Check:
    try:
        return read_check(_parts(line))
    except TesterError as wrong:
        raise TesterError(f"Line {number}, {quote_text(line)}: {wrong}") from None


def _parts(line: str) -> Mapping[str, str]:
    if line == "valid":
        return {"kind": "valid"}
    path, comparator, value = _split(line)
    if path in ("status", "fault"):
        if comparator != "=":
            raise TesterError(f"Only = is allowed here, as in: {HELP}.")
        return {"kind": path, "value": value}
    if path == "time":
        return {"kind": "time", "comparator": comparator, "value": value}
    if path.startswith(OUTCOME):
        return {"kind": "outcome", "path": path.removeprefix(OUTCOME), "comparator": comparator, "value": value}
    if PATH.match(path):
        return {"kind": "value", "path": path, "comparator": comparator, "value": value}
    raise TesterError(f"A check is one of: {HELP}.")


def _split(line: str) -> tuple[str, str, str]:
    """Split a line into path, comparator and value, at the first comparator outside of brackets."""
    # A path may have comparators of its own in brackets, `//row[@n="1"]`: those are blanked out for the search.
    depth, bare = 0, []
    for character in line:
        depth += (character in "[(") - (character in "])")
        # NUL in place of what is left out keeps the length, so that a position found here holds for the line itself.
        bare.append(character if depth <= 0 and character not in "])" else "\x00")
    found = COMPARED.fullmatch("".join(bare))
    if found is None:
        raise TesterError(f"A check is one of: {HELP}.")
    return line[: found.end(1)].strip(), found[2], line[found.start(3) :].strip()


def format_checks(checks: Sequence[Mapping[str, str]]) -> str:
    """Undo `parse_checks`."""
    return "\n".join(_line(read_check(check)) for check in checks)


def _line(check: Check) -> str:
    subject = {"value": check.path, "outcome": OUTCOME + check.path}.get(check.kind, check.kind)
    return subject if check.kind == "valid" else f"{subject} {check.comparator} {check.value}".strip()


def parse_captures(text: str) -> list[dict[str, str]]:
    """Parse captures, a line each; raises TesterError, naming the line."""
    found = []
    for number, line in _lines(text):
        match = CAPTURE.fullmatch(line)
        if match is None:
            raise TesterError(
                f"Line {number}, {quote_text(line)}: a value is captured by a name and a path, order = //number."
            )
        found.append({"name": match[1], "path": match[2]})
    return found


def format_captures(captures: Sequence[Mapping[str, str]]) -> str:
    """Undo `parse_captures`."""
    return "\n".join(f"{capture['name']} = {capture['path']}" for capture in captures)
