"""
Postman's collection, version 2.1: calls as requests, checks as `pm.test`, captures as variables of the collection.

A path that finds values in an answer becomes steps, which a few lines of the script walk; a script has no XPath. What a
script cannot say is in the warnings. Each script begins with what it was made of, so that an import loses nothing.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from webservices.tester.collections.assertions.checks import read_check
from webservices.tester.collections.files import CallContent, CollectionContent
from webservices.tester.collections.sign_in import (
    ADDRESS,
    PASSWORD,
    SIGN_IN,
    USERNAME,
    add_credentials,
    has_credentials,
)
from webservices.tester.send.parsed_answer import PREFIX
from webservices.wire.json import write_json

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
MADE_OF = "// counterpart: "
FIELDS = ("dialect", "operation", "checks", "captures", "ignored")

XPATH_STEP = re.compile(r"(//?)(@?[\w.-]+|\*|text\(\))((?:\[[^\[\]]*\])*)")
PREDICATE = re.compile(r"\[\s*(?:(\d+)|(@?[\w.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'))\s*\]")
JSONPATH_STEP = re.compile(r"(\.\.?)(?:([A-Za-z_][\w-]*)|(\*))|(\.\.)?\[(?:(\d+)|(\*)|'([^'\\]*)'|\"([^\"\\]*)\")\]")
PYTHON_ONLY = re.compile(r"\(\?[^:=!<]|\(\?<[^=!]|\\[AZ]|[+*?}]\+|\[\[")  # of regular expressions

LIBRARY = (Path(__file__).parent / "postman.js").read_text().splitlines()


def write_postman(content: CollectionContent, address: str) -> tuple[str, list[str]]:
    """Return the file of a collection, and a sentence for each thing that could not travel."""
    signed = add_credentials(content)
    warnings = [*signed.warnings, *(each for call in signed.content.calls for each in find_warnings(call))]
    variables = {ADDRESS: address, **signed.variables, **content.values}
    lost = "\n".join(warnings)
    collection = {
        "info": {
            "name": content.name,
            "description": content.description + (f"\n\n{WARNING}\n{lost}" if lost else ""),
            "schema": SCHEMA,
        },
        "auth": {
            "type": "basic",
            "basic": [
                {"key": "username", "value": f"{{{{{USERNAME}}}}}", "type": "string"},
                {"key": "password", "value": f"{{{{{PASSWORD}}}}}", "type": "string"},
            ],
        },
        "variable": [{"key": name, "value": value} for name, value in variables.items()],
        "item": [_write_item(call) for call in (*signed.opening, *signed.content.calls)],
    }
    return write_json(collection, indent=2), warnings


WARNING = "What this file cannot say:"


def _write_item(call: CallContent) -> dict[str, object]:
    request: dict[str, object] = {
        "method": call.method,
        "header": [{"key": name, "value": value} for name, value in call.headers.items()],
        "url": f"{{{{{ADDRESS}}}}}{call.target}",
    }
    if has_credentials(call) or call.name.startswith(SIGN_IN):
        request["auth"] = {"type": "noauth"}
    if call.body:
        language = "xml" if call.body.lstrip().startswith("<") else "json"
        request["body"] = {"mode": "raw", "raw": call.body, "options": {"raw": {"language": language}}}
    script = {"type": "text/javascript", "exec": [*write_script(call)]}
    return {"name": call.name, "request": request, "event": [{"listen": "test", "script": script}]}


def write_script(call: CallContent) -> Iterator[str]:
    """Yield the lines of a call's script: what it was made of, then its checks and captures."""
    yield MADE_OF + json.dumps({name: getattr(call, name) for name in FIELDS if getattr(call, name)})
    lines = [*_write_checks(call.checks), *_write_captures(call.captures)]
    if lines:
        yield from LIBRARY
        yield from lines


def _write_checks(checks: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for check in checks:
        if _find_reason(check):
            continue
        expression = _write_check(check)
        yield f"pm.test({json.dumps(get_name(check))}, () => {{ {expression} }});"


def get_name(check: Mapping[str, str]) -> str:
    """A check in words, as a run has it: `//number = P-1`."""
    return read_check(check).words()


def _write_check(check: Mapping[str, str]) -> str:
    comparator, value = check.get("comparator", "="), check.get("value", "")
    match check["kind"]:
        case "status" if value.endswith("xx"):
            return f"pm.expect(Math.floor(pm.response.code / 100)).to.equal({value[0]});"
        case "status":
            return f"pm.response.to.have.status({int(value)});"
        case "fault":
            fault = f"!isJson() && values(false, {json.dumps(read_steps('/*/Body/Fault'))}).length > 0"
            expected = "true" if value == "true" else "false"
            return f"pm.expect(pm.response.code >= 400 || ({fault})).to.equal({expected});"
        case "time":
            return f"check([String(pm.response.responseTime)], {json.dumps(comparator)}, {json.dumps(value)});"
    return f"check({_write_values(check['path'])}, {json.dumps(comparator)}, {json.dumps(value)});"


def _write_values(path: str) -> str:
    return f"values({json.dumps(path.startswith('$'))}, {json.dumps(read_steps(path))})"


def _write_captures(captures: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for capture in captures:
        if read_steps(capture["path"]) is not None:
            name = json.dumps(capture["name"])
            found = _write_values(capture["path"])
            keep = f"pm.expect(found, 'nothing').not.to.be.empty; pm.collectionVariables.set({name}, found[0]);"
            yield f"pm.test({json.dumps('value ' + capture['name'])}, () => {{ const found = {found}; {keep} }});"


def find_warnings(call: CallContent) -> Iterator[str]:
    """Yield a sentence for each check and capture of a call that a script cannot have."""
    for check in call.checks:
        if reason := _find_reason(check):
            yield f"{call.name}: the check {get_name(check)} is left out, as {reason}."
    for capture in call.captures:
        if read_steps(capture["path"]) is None:
            yield f"{call.name}: the value {capture['name']} is not captured, as its path {capture['path']} {TOO_RICH}."
    if call.ignored:
        yield f"{call.name}: answers are not compared with those of the run before."


TOO_RICH = "has more than steps, names and simple conditions"


def _find_reason(check: Mapping[str, str]) -> str:
    """Why a script cannot have a check; "": it can."""
    match check["kind"]:
        case "outcome":
            return "only this hub knows the outcome of each record"
        case "valid":
            return "only this hub has the contract at hand"
        case "value" if read_steps(check["path"]) is None:
            return f"its path {TOO_RICH}"
    if check.get("comparator") == "matches" and PYTHON_ONLY.search(check.get("value", "")):
        return "its regular expression has what JavaScript does not know"
    return ""


def read_steps(path: str) -> list[list[object]] | None:
    """Read a path as steps; None: it has more than steps, names and simple conditions."""
    return (
        _read_jsonpath(path[1:])
        if path.startswith("$")
        else _read_xpath(PREFIX.sub(lambda found: found[1] or "", path))
    )


def _read_xpath(path: str) -> list[list[object]] | None:
    steps: list[list[object]] = []
    position = 0
    while position < len(path):
        found = XPATH_STEP.match(path, position)
        if found is None:
            return None
        predicates: list[object] = []
        written = found[3]
        while written:
            condition = PREDICATE.match(written)
            if condition is None:
                return None
            number, name = condition[1], condition[2]
            predicates.append(int(number) if number else [name, condition[3] or condition[4] or ""])
            written = written[condition.end() :]
        steps.append([found[1] == "//", found[2], predicates])
        position = found.end()
    return steps or None


def _read_jsonpath(path: str) -> list[list[object]] | None:
    steps: list[list[object]] = []
    position = 0
    while position < len(path):
        found = JSONPATH_STEP.match(path, position)
        if found is None:
            return None
        dots, name, any_name, deep, index, any_item, *quoted = found.groups()
        key = (
            int(index)
            if index
            else next((each for each in (name, any_name, any_item, *quoted) if each is not None), "")
        )
        steps.append([".." in (dots, deep), key])
        position = found.end()
    return steps
