"""
Failures of schemathesis that are none: what an OpenAPI document has no words for, each with its reason.

All checks of schemathesis run; a failure is dropped when one of `EXCEPTIONS` knows it, and fails the test otherwise.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import schemathesis
from jsonschema import Draft202012Validator
from schemathesis.core.failures import AcceptedNegativeData, Failure, ServerError
from schemathesis.specs.openapi.checks import RejectedPositiveData

from records.shapes.problems import Family
from webservices.declarations import OPERATIONS
from webservices.wire.dialects.expandable.calls import call_name, call_path
from webservices.wire.dialects.expandable.codes import FAMILIES, PROBLEM_MAPPINGS
from webservices.wire.dialects.expandable.names import PROGRAMS
from webservices.wire.dialects.expandable.tables import TOKEN
from webservices.wire.json import DIGITS
from webservices.wire.operations import Operation, Verb
from webservices.wire.options import KEY_REUSED

# What depends on the records that are stored, and so on more than a document can say.
STATE_FAMILIES = {
    Family.NOT_FOUND, Family.AMBIGUOUS, Family.UNRESOLVED, Family.IN_USE, Family.FILTERED, Family.LOCKED,
    Family.CONFLICT, Family.DUPLICATE, Family.ROLLED_BACK,
}  # fmt: skip
STATE_CODES = {
    "keys-disagree": "JSON Schema cannot say that a member equals a parameter of the path.",
    KEY_REUSED: "What a key stood for before is what the server remembers.",
    "wrong-cursor": "A cursor is good where a list has given it.",
    "read-only-field": "What is only read may come back as it is stored.",
    "control-character": "Said in words: a pattern that names them does not compile in clients of PHP.",
    "if-match-needs-one-record": "A condition goes with a single record.",
}
# Expandable's one code has no finer ones below it.
STATE_MESSAGES = {FAMILIES[family].code for family in STATE_FAMILIES} | {
    PROBLEM_MAPPINGS[code].code for code in STATE_CODES if code in PROBLEM_MAPPINGS
}
# JSON Schema compares numbers alone, and a decimal is a text, lest a client round it.
RANGE_CODES = {"too-small", "too-large"}
# What a criterion of a batch may hold depends on the field that it names.
CRITERION_CODES = {"needs-a-value", "wrong-comparator", "not-a-number", "not-a-date", "not-a-moment", "not-a-flag"}
SERVER_FAULTS = {FAMILIES[Family.INTERNAL].code, FAMILIES[Family.BUSY].code}


def read_body(response) -> Any:
    try:
        return json.loads(response.content)
    except ValueError:
        return None


def list_problems(found: Any) -> list[Mapping[str, str]]:
    """The problems of a whole call and of its records."""
    if not isinstance(found, dict):
        return []
    outcomes = found.get("outcomes", ())
    return [*found.get("errors", ()), *(each for one in outcomes for each in one["problems"])]


def resolve(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        *_, kind, name = schema["$ref"].split("/")
        schema = whole["components"][kind][name]
    return schema


def list_types(schema: Mapping[str, Any]) -> list[str]:
    types = schema.get("type", ())
    return [types] if isinstance(types, str) else [*types]


def body_schema(case) -> Mapping[str, Any] | None:
    contents = case.operation.definition.raw.get("requestBody", {}).get("content", {})
    return next((each["schema"] for each in contents.values()), None)


def is_text_at(pointer: str, case) -> bool:
    """True if the document has a text at a place in the body, `#/records/3/price/USD`."""
    whole = case.operation.schema.raw_schema
    schema = resolve(body_schema(case) or {}, whole)
    for part in pointer.removeprefix("#/").split("/"):
        inner = schema.get("items") if part.isdigit() and "items" in schema else schema.get("properties", {}).get(part)
        schema = resolve(inner or schema.get("additionalProperties") or {}, whole)
    return "string" in list_types(schema)


def is_excused(problem: Mapping[str, str], case) -> bool:
    code, pointer = problem["code"], problem.get("pointer", "")
    return (
        problem["family"] in STATE_FAMILIES
        or code in STATE_CODES
        or (code in RANGE_CODES and is_text_at(pointer, case))
        or (code in CRITERION_CODES and pointer.startswith("#/criteria/"))
    )


def stands_against_what_is_stored(failure: Failure, case, response) -> bool:
    """A valid request is refused for what is stored, or for what JSON Schema cannot say: all of its problems."""
    if not isinstance(failure, RejectedPositiveData):
        return False
    found = read_body(response)
    problems = list_problems(found)
    if problems:
        return all(is_excused(problem, case) for problem in problems)
    return isinstance(found, dict) and found.get("MESSAGE_CODE") in STATE_MESSAGES


def has_number_of_many_digits(failure: Failure, case, response) -> bool:
    """JSON Schema has no word for how many digits a number has when it is written out: `1e-298` has 298."""
    said = f"at most {DIGITS} digits, written out"
    problems = list_problems(read_body(response))
    return isinstance(failure, RejectedPositiveData) and any(said in each.get("detail", "") for each in problems)


def list_header_schemas(case) -> Iterator[tuple[str, Mapping[str, Any]]]:
    whole = case.operation.schema.raw_schema
    for each in case.operation.definition.raw.get("parameters", ()):
        parameter = resolve(each, whole)
        if parameter["in"] == "header":
            yield parameter["name"], parameter["schema"] | {"components": whole["components"]}


def has_header_of_letters_only(failure: Failure, case, response) -> bool:
    """A request that is called valid is none: the coverage phase writes letters and digits alone into headers."""
    return isinstance(failure, RejectedPositiveData) and any(
        name in case.headers and "pattern" in schema and not Draft202012Validator(schema).is_valid(case.headers[name])
        for name, schema in list_header_schemas(case)
    )


def is_failure_of_expandable(failure: Failure, case, response) -> bool:
    """Expandable answers 500 to whatever it refuses; a fault of the server has a code of its own."""
    found = read_body(response)
    code = found.get("MESSAGE_CODE") if isinstance(found, dict) else None
    return isinstance(failure, ServerError) and code is not None and code not in SERVER_FAULTS


def is_unknown_preference(failure: Failure, case, response) -> bool:
    """RFC 7240: a preference that is not understood is ignored."""
    data = case.meta.phase.data
    mutations = getattr(data, "mutations", ()) or ()
    names = {getattr(data, "parameter", None), *(each.parameter for each in mutations)} - {None}
    return isinstance(failure, AcceptedNegativeData) and {name.lower() for name in names} == {"prefer"}


def is_told_record_by_record(failure: Failure, case, response) -> bool:
    """A batch is answered 200, and says of each record what is wrong with it."""
    return isinstance(failure, AcceptedNegativeData) and bool(list_problems(read_body(response)))


def read_as_text(value: Any, schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Any:
    """The value as the server reads it: a number, true or false as the text that it is, or the other way round."""
    schema = resolve(schema, whole)
    types = list_types(schema)
    match value:
        case dict() if "object" in types:
            rest, inner = schema.get("additionalProperties") or {}, schema.get("properties", {})
            return {name: read_as_text(each, inner.get(name, rest), whole) for name, each in value.items()}
        case list() if "array" in types:
            return [read_as_text(each, schema.get("items", {}), whole) for each in value]
        case bool() | int() | float() if "string" in types:
            return json.dumps(value)
        case 0 | 1 if "boolean" in types:
            return bool(value)
        case "" if "null" in types:
            return None
        case str() if {"integer", "boolean"} & {*types}:
            text = value.strip().lower()
            try:
                read = json.loads(text if "integer" in types else {"1": "true", "0": "false"}.get(text, text))
            except ValueError:
                return value if text else None
            return read
    return value


def means_the_same_as_text(failure: Failure, case, response) -> bool:
    """The document names the type that a client sends; the same value is read as another type, too: `"5"` for `5`."""
    schema = body_schema(case)
    if not isinstance(failure, AcceptedNegativeData) or schema is None or case.media_type is None:
        return False
    whole = case.operation.schema.raw_schema
    validator = Draft202012Validator({**schema, "components": whole["components"]})
    return not validator.is_valid(case.body) and validator.is_valid(read_as_text(case.body, schema, whole))


EXCEPTIONS: tuple[Callable[..., bool], ...] = (
    stands_against_what_is_stored,
    has_number_of_many_digits,
    has_header_of_letters_only,
    is_failure_of_expandable,
    is_unknown_preference,
    is_told_record_by_record,
    means_the_same_as_text,
)


@schemathesis.hook
def filter_failure(context, failure: Failure, case, response) -> bool:
    """Keep a failure that none of the exceptions knows."""
    return not any(is_known(failure, case, response) for is_known in EXCEPTIONS)


@schemathesis.hook
def before_load_schema(context, raw_schema) -> None:
    """
    Link what creates a record over Expandable to what can be done with it.

    Not in the document itself: the parser of openapi-generator takes no object for the body of a link.
    """
    for path, item in raw_schema["paths"].items():
        operation = EXPANDABLE_ADDS.get(path)
        if operation is not None:
            item["post"]["responses"]["200"]["links"] = build_links(operation)


EXPANDABLE_ADDS = {
    call_path(operation): operation
    for operation in OPERATIONS
    if operation.verb is Verb.ADD and operation.resource.plural in PROGRAMS
}


def build_links(operation: Operation) -> dict[str, Any]:
    """Build the links by the names of the calls: their body is the key, in the place where the answer has it."""
    key = {wire: f"$response.body#/{wire}" for wire in PROGRAMS[operation.resource.plural].key}
    body = {**key, TOKEN: f"$request.body#/{TOKEN}"}
    called = [call_name(replace(operation, verb=verb)) for verb in (Verb.FIND, Verb.UPDATE, Verb.REMOVE)]
    return {name: {"operationId": name, "requestBody": body} for name in called if name}
