"""Validation of JSON by the JSON Schema of a contract."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from itertools import groupby, islice
from typing import Any

from jsonschema import Draft202012Validator, TypeChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from records.shapes.problems import ProblemError
from records.shapes.recognition import is_secret_name, plain_name
from records.shapes.resources import LONGEST_NAME
from webservices.tester.compose.validate.positions import Steps, extract_line, find_lines
from webservices.tester.compose.validate.problem import Problem
from webservices.wire.json import read_json

TYPES = {
    "string": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
    "array": "a list", "object": "an object", "null": "null",
}  # fmt: skip


def _keyword_value(error: ValidationError) -> Any:
    """The value of the keyword in the schema: a number, a list, a text, as the keyword has it."""
    return error.validator_value


def _allowed_values(error: ValidationError) -> list[object]:
    # Enums of optional fields hold null or "" as well, which nobody wants to be told to send.
    return [each for each in _keyword_value(error) if each not in (None, "")]


def _is_number(checker: TypeChecker, found: object) -> bool:
    return isinstance(found, int | Decimal) and not isinstance(found, bool)


def _check_type(validator: Any, types: Any, found: object, schema: Mapping[str, object]) -> Iterator[ValidationError]:
    # Contracts announce a decimal as text alone, for the sake of generators; a number is taken too.
    if not (schema.get("x-decimal") and _is_number(validator.TYPE_CHECKER, found)):
        yield from Draft202012Validator.VALIDATORS["type"](validator, types, found, schema) or ()


# `read_json` reads numbers as Decimal, not float: 0.1 must stay 0.1 when it is compared with a limit.
VALIDATOR = extend(
    Draft202012Validator,
    {"type": _check_type},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number),
)

MOST_PROBLEMS = 1_000  # that are looked for: the names near to each take their time
WORDS: Mapping[str, Callable[[ValidationError], str]] = {
    "maxLength": lambda error: (
        f"has {len(str(error.instance)):,} characters, at most {_keyword_value(error):,} are allowed."
    ),
    "enum": lambda error: f"{error.instance!r} is not one of {', '.join(map(str, _allowed_values(error)))}.",
    "const": lambda error: f"{error.instance!r} should be {_keyword_value(error)!r}.",
    "type": lambda error: f"is {_kind(error.instance)}, not {_kinds(_keyword_value(error))}.",
    "minimum": lambda error: f"{error.instance} is less than {_keyword_value(error)}.",
    "maximum": lambda error: f"{error.instance} is more than {_keyword_value(error)}.",
    "pattern": lambda error: f"{error.instance!r} is not a value that it may have.",
    "minItems": lambda error: "is an empty list.",
    "propertyNames": lambda error: "has an entry whose name is not allowed.",
}


def validate(body: bytes, schemas: Sequence[Mapping[str, object]], limits: Mapping[str, str]) -> list[Problem]:
    """Validate a body without comments; `limits` as for XML."""
    text = body.decode("utf-8", "replace")
    try:
        found = read_json(body)
    except ProblemError as refused:
        sentence = refused.problem.sentence()
        return [Problem(extract_line(sentence), "", sentence)]
    lines = find_lines(text)
    problems = (
        problem
        for schema in schemas
        for error in VALIDATOR(schema).iter_errors(found)
        for problem in _problems(error, lines, limits)
    )
    return [*islice(problems, MOST_PROBLEMS)]


def _problems(error: ValidationError, lines: Mapping[Steps, int], limits: Mapping[str, str]) -> Iterator[Problem]:
    steps = tuple(error.absolute_path)
    if error.validator in ("oneOf", "anyOf") and error.context:
        for inner in _nearest_branch(error):
            yield from _problems(inner, lines, limits)
        return
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = list(error.schema.get("properties", {})) if isinstance(error.schema, Mapping) else []
        for name in error.instance:
            if name not in known:
                yield Problem(_line((*steps, name), lines), _path_text((*steps, name)), _unknown(name, known))
        return
    name = str(next((step for step in reversed(steps) if isinstance(step, str)), ""))
    if error.validator == "required":
        missing = [each for each in _keyword_value(error) if each not in _members(error)]
        yield Problem(_line(steps, lines), _path_text(steps), f"{', '.join(missing[:1]) or 'A member'} is missing.")
        return
    if error.instance == "" and is_secret_name(plain_name(name)):
        return  # inputs leave a secret for whoever sends them to type
    say = WORDS.get(str(error.validator))
    words = say(error) if say else f"{error.message}."
    limit = f" Allowed: {limits[name]}." if name in limits and error.validator in ("type", "pattern") else ""
    mark = ":" if words[:1] in "'0123456789-" or not say else ""
    yield Problem(_line(steps, lines), _path_text(steps), f"{name or 'The body'}{mark} {words}{limit}")


def _nearest_branch(error: ValidationError) -> list[ValidationError]:
    """The errors of the branch that was probably meant: the one with the fewest errors at its root."""
    branches = [list(group) for _, group in groupby(error.context, key=lambda each: each.schema_path[0])]
    depth = len(error.absolute_path)

    def distance(branch: list[ValidationError]) -> tuple[int, int]:
        telling = [each for each in branch if each.validator in ("const", "type") and _is_near(each, depth)]
        return len(telling), len(branch)

    return min(branches, key=distance)


def _is_near(error: ValidationError, depth: int) -> bool:
    # A `const` tells the branches apart by a member of the object: one step further down.
    return len(error.absolute_path) <= depth + (error.validator == "const")


def _members(error: ValidationError) -> Collection[object]:
    return error.instance if isinstance(error.instance, Mapping) else ()


def _unknown(name: str, known: Sequence[str]) -> str:
    nearest = get_close_matches(name, known, n=1, cutoff=0.5) if len(name) <= LONGEST_NAME else []
    return f"{name} is no field here" + (f"; nearest: {nearest[0]}." if nearest else ".")


def _line(steps: Steps, lines: Mapping[Steps, int]) -> int:
    while steps and steps not in lines:
        steps = steps[:-1]
    return lines.get(steps, 1)


def _path_text(steps: Steps) -> str:
    """`records[1].price.USD`; items are counted from 1, as records are."""
    text = ""
    for step in steps:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def _kind(found: object) -> str:
    match found:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | Decimal():
            return f"the number {found}"
        case str():
            return "a text"
        case list():
            return "a list"
    return "an object"


def _kinds(types: str | Sequence[str]) -> str:
    return " or ".join(TYPES.get(each, each) for each in ([types] if isinstance(types, str) else types))
