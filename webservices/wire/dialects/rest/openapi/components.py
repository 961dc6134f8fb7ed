"""The components of OpenAPI that all resources share: problems, outcomes, batches, options, headers."""

from collections.abc import Mapping, Sequence

from records.shapes.criteria import PARTS_OF_MOMENTS, Comparator
from records.shapes.fields import Kind
from records.shapes.outcomes import Result
from records.shapes.problems import Family
from records.shapes.resources import Resource
from webservices.wire.dialects.rest.batch import MEMBERS, list_members
from webservices.wire.dialects.rest.codes import FAMILIES, PRECONDITION_FAILED, PROBLEM_STATUSES
from webservices.wire.dialects.rest.context import RestSettings
from webservices.wire.dialects.rest.names import COMPARATORS, PROBLEM_TYPE
from webservices.wire.dialects.rest.openapi.parameters import CURSOR, SEARCH, ordering_schema
from webservices.wire.dialects.rest.openapi.schemas import Schema, reference
from webservices.wire.operations import Action, Operations, Verb
from webservices.wire.options import KEY_HELP, KEY_PATTERN, OPTIONS, REPLAYED, TAGS_PATTERN, own_options
from webservices.wire.record_notes import WARNINGS

TEXT: Schema = {"type": "string"}
# No option has a `default`: generated clients send it, to batches that do not take it, and it says nothing new.
FLAG: Schema = {"type": "boolean"}

# Not called Error: that is a name of the language itself in Java and TypeScript.
ERROR_DETAIL: Schema = {
    "type": "object",
    "description": "One thing that is wrong.",
    "properties": {
        "code": {"type": "string", "description": "Stable: what programs look at.", "examples": ["too-small"]},
        "family": reference("ProblemFamily"),
        "detail": {"type": "string", "description": "One sentence for people."},
        "field": {"type": "string", "description": "The field, as `price.USD`.", "examples": ["price.USD"]},
        "pointer": {
            "type": "string",
            "description": "The place in the body that was sent: a JSON pointer as a fragment.",
            "examples": ["#/records/3/price/USD"],
        },
    },
    "required": ["code", "family", "detail"],
}

OUTCOME: Schema = {
    "type": "object",
    "description": "What became of one record.",
    "properties": {
        "became": reference("Result"),
        "key": TEXT,
        "id": {"type": ["integer", "null"], "format": "int64", "description": "null: it has none, or not yet."},
        "version": {"type": ["integer", "null"], "format": "int64", "description": "Its version now."},
        "problems": {"type": "array", "items": reference("ErrorDetail")},
        "warnings": {
            "type": "array",
            "items": reference("ErrorDetail"),
            "description": "What should be known of a record that did not fail; left out where there is nothing.",
        },
    },
    "required": ["became", "key", "id", "version", "problems"],
}

PROBLEM: Schema = {
    "type": "object",
    "description": "A problem of a whole call (RFC 9457).",
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["urn:counterpart:problem:too-small"]},
        "title": {"type": "string", "description": "The kind of problem."},
        "status": {"type": "integer", "format": "int32", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "One sentence for people."},
        "instance": {
            "type": "string",
            "format": "uri-reference",
            "description": "The call, by its id.",
            "examples": ["urn:counterpart:call:7c1e8f3a"],
        },
        "code": {"type": "string", "description": "The last part of `type`."},
        "errors": {"type": "array", "items": reference("ErrorDetail")},
        "outcomes": {"type": "array", "items": reference("Outcome"), "description": "Of a batch that failed whole."},
        "dry_run": {"type": "boolean"},
    },
    "required": ["type", "title", "status", "detail", "code", "errors"],
}

# In a place that generators pass over: a union of types is more than they can say.
PLAIN_VALUE: Schema = {"type": ["string", "number", "boolean", "null"]}
LISTED_VALUES: Schema = {
    "if": {"type": "array"},
    "then": {"minItems": 1, "items": PLAIN_VALUE},
    "else": PLAIN_VALUE,
}
CRITERION: Schema = {
    "type": "object",
    "description": "One condition; all must be met.",
    "properties": {
        "field": {"type": "string", "description": "Its name, or an entry of a map: `price.USD`."},
        "comparator": reference("Comparator"),
        "value": {
            "description": (
                "A text, a number, true or false, as the field's kind is; null or an empty text asks for no value; "
                "a list goes with IN."
            ),
        },
    },
    "required": ["field"],
    "additionalProperties": False,
    "if": {"properties": {"comparator": {"const": str(Comparator.IN)}}, "required": ["comparator"]},
    "then": {"properties": {"value": LISTED_VALUES}},
    "else": {"properties": {"value": PLAIN_VALUE}},
    "examples": [{"field": "price.USD", "comparator": "<", "value": "10.00"}],
}


def fixed_schemas() -> dict[str, Schema]:
    """Return the schemas that are the same for all resources, by name."""
    return {
        "Result": {"type": "string", "enum": [str(result) for result in Result]},
        "ProblemFamily": {"type": "string", "enum": [str(family) for family in Family]},
        "Comparator": {
            "type": "string",
            "enum": [str(comparator) for comparator in COMPARATORS.values()],
            "description": "Left out: `=`.",
        },
        "BatchVerb": {"type": "string", "enum": [str(verb) for verb in MEMBERS]},
        "Preference": {"type": "string", "enum": ["return=minimal", "return=representation"]},
        "ErrorDetail": ERROR_DETAIL,
        "Outcome": OUTCOME,
        "Problem": PROBLEM,
        "Criterion": CRITERION,
    }


def outcome_schema(name: str) -> Schema:
    """Return the schema of one outcome of a write; with the record, when the caller prefers it."""
    return OUTCOME | {"properties": OUTCOME["properties"] | {"record": reference(name)}}


def batch_schema(resource: Resource, name: str, operations: Operations) -> Schema:
    """Return the schema of a batch's body: one shape for all verbs, and what each of them takes for validators."""
    settings = RestSettings()
    offered = {verb: operation for verb in MEMBERS if (operation := operations.get(resource.plural, verb))}
    members = {verb: list_members(operation) for verb, operation in offered.items()}
    words = {verb: ", ".join(member for member in names if member != "verb") for verb, names in members.items()}
    return {
        "type": "object",
        "description": "Each verb takes these, and no others: "
        + "; ".join(f"{verb}: {members}" for verb, members in words.items())
        + ". null is the same as absent.",
        "properties": {
            "verb": reference("BatchVerb"),
            "records": {"type": ["array", "null"], "items": reference(f"{name}Input")},
            "criteria": {"type": ["array", "null"], "items": reference("Criterion")},
            "search": SEARCH | {"type": ["string", "null"], "description": "Words, as in a list."},
            "ordering": ordering_schema(resource)
            | {"type": ["string", "null"], "description": "The fields to order by, as in a list."},
            "limit": {
                "type": ["integer", "null"],
                "minimum": 1,
                "maximum": settings.longest_page,
                "description": f"How many records are found at once; left out: {settings.page}.",
            },
            "cursor": CURSOR
            | {"type": ["string", "null"], "description": "Where `cursor` of the last answer goes on."},
            "dry_run": {"type": ["boolean", "null"], "description": "Nothing is kept."},
            "all_or_none": {"type": ["boolean", "null"], "description": "One record that fails undoes all."},
            **{
                option.member: {"type": ["boolean", "null"], "description": option.help}
                for option in own_options(offered.values())
            },
        },
        "required": ["verb"],
        "additionalProperties": False,
        **_verb_rules(resource, name, members),
    }


def _verb_rules(resource: Resource, name: str, members: Mapping[Verb | Action, Sequence[str]]) -> Schema:
    """
    Return what each verb takes, as a chain of `if`, `then` and `else`.

    Generators pass over these, where they would make five classes of an `oneOf`, or leave the batch out.
    """
    known = {"anyOf": [{"required": list(resource.key)}, {"required": ["id"]}]}
    # Records whose key the hub gives can be put without one: then they are new.
    put: Schema = {} if all(field.auto_number for field in resource.key_fields) else known
    records: dict[Verb | Action, Schema] = {
        Verb.ADD: reference(f"New{name}"),
        Verb.UPDATE: known,
        Verb.PUT: put,
        Verb.REMOVE: known,
    }
    rules: Schema = {}
    for verb, names in reversed(tuple(members.items())):
        taken: Schema = {"propertyNames": {"enum": list(names)}}
        if verb in records:
            taken["properties"] = {"records": {"items": records[verb]}}
        # The one verb that can choose its records by criteria and not by their keys.
        if verb is Verb.REMOVE:
            taken["oneOf"] = [_demand_list("records"), _demand_list("criteria")]
            taken["properties"]["criteria"] = {"minItems": 1}
        if "criteria" in names:
            criteria = taken.setdefault("properties", {}).setdefault("criteria", {})
            criteria["items"] = {"properties": {"field": {"pattern": _criterion_fields(resource)}}}
        elif verb in records:
            taken |= {"allOf": [_demand_list("records")]}
        named = {"properties": {"verb": {"const": str(verb)}}, "required": ["verb"]}
        rules = {"if": named, "then": taken} | ({"else": rules} if rules else {})
    return rules


def _demand_list(name: str) -> Schema:
    # null is the same as absent.
    return {"required": [name], "properties": {name: {"type": "array"}}}


def _criterion_fields(resource: Resource) -> str:
    """The pattern of what a criterion may name: a field, an entry of a map, a part of a moment."""
    names = []
    for field in resource.fields:
        if field.secret or field.kind is Kind.ROWS:
            continue
        rest = {Kind.MAP: r"(\..+)?", Kind.DATETIME: rf"(\.({'|'.join(PARTS_OF_MOMENTS)}))?"}
        names.append(field.name + rest.get(field.kind, ""))
    return f"^({'|'.join(names)})$"


def _option(name: str, description: str, schema: Schema) -> Schema:
    return {"name": name, "in": "header", "description": description, "schema": schema}


PARAMETERS: dict[str, Schema] = {
    "DryRun": _option("X-Dry-Run", "Nothing is kept; the outcomes say what would happen.", FLAG),
    "AllOrNone": _option("X-All-Or-None", "One record that fails undoes the whole call.", FLAG),
    **{each.name: _option(each.header, each.help, FLAG) for each in OPTIONS if not each.general},
    "IfMatch": _option(
        "If-Match",
        'The version that the record must have, such as `"7"`, else 412; one of several, or `*`: any.',
        {"type": "string", "pattern": TAGS_PATTERN, "examples": ["*"]},
    ),
    "IdempotencyKey": _option(
        "Idempotency-Key", KEY_HELP, {"type": "string", "minLength": 1, "maxLength": 255, "pattern": KEY_PATTERN}
    ),
    "Prefer": _option(
        "Prefer",
        "Whether the written records are answered: they are, but for batches.",
        reference("Preference"),
    ),
}

HEADERS: dict[str, Schema] = {
    "X-Call-Id": {"description": "The id of this call, in every answer.", "schema": TEXT},
    "X-Outcome": {
        "description": "What became of the one record.",
        "schema": {"type": "string", "enum": [str(result) for result in Result if result is not Result.FAILED]},
    },
    WARNINGS: {
        "description": (
            "What should be known of records that did not fail, as JSON: "
            '`[{"record":1,"warning":"total is sent as \'449\', but comes to 450.00."}]`.'
        ),
        "schema": TEXT,
    },
    "ETag": {"description": 'The version of the record, in quotes: `"7"`.', "schema": TEXT},
    "Location": {
        "description": "Where the created record is.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    REPLAYED: {
        "description": "true: this is the stored answer of the first call with this Idempotency-Key.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Link": {"description": 'Where the list goes on: `rel="next"`.', "schema": TEXT},
    "Retry-After": {"description": "In so many seconds it is worth coming back.", "schema": {"type": "integer"}},
    "WWW-Authenticate": {"description": "How to get in.", "schema": TEXT},
}

STATUS_HEADERS = {401: ("WWW-Authenticate",), 409: ("Retry-After",), 429: ("Retry-After",), 503: ("Retry-After",)}


def problem_responses() -> dict[str, Schema]:
    """Return a response for each status that a problem can have, by name: `Problem422`."""
    # A status stands for several families: its description has the titles of all of them.
    titles: dict[int, list[str]] = {PRECONDITION_FAILED: ["The version is not the one that If-Match demanded"]}
    for mapping in FAMILIES.values():
        titles.setdefault(mapping.status, []).append(mapping.title)
    for code, status in PROBLEM_STATUSES.items():
        titles.setdefault(status, []).append(code.replace("-", " ").capitalize())
    return {f"Problem{status}": _problem(status, titles[status]) for status in sorted(titles)}


def _problem(status: int, titles: list[str]) -> Schema:
    headers = ("X-Call-Id", *STATUS_HEADERS.get(status, ()))
    return {
        "description": "; ".join(dict.fromkeys(titles)) + ".",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {PROBLEM_TYPE: {"schema": reference("Problem")}},
    }
