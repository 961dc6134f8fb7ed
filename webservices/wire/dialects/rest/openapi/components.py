"""The components of OpenAPI that all resources share: problems, outcomes, batches, options, headers."""

from records.shapes.outcomes import Result
from records.shapes.problems import Family
from records.shapes.resources import Resource
from webservices.wire.dialects.rest.batch import MEMBERS
from webservices.wire.dialects.rest.codes import FAMILIES, PRECONDITION_FAILED, PROBLEM_STATUSES
from webservices.wire.dialects.rest.context import RestSettings
from webservices.wire.dialects.rest.names import COMPARATORS, PROBLEM_TYPE
from webservices.wire.dialects.rest.openapi.schemas import Schema, reference
from webservices.wire.operations import Action, Verb
from webservices.wire.options import KEY_HELP, REPLAYED

TEXT: Schema = {"type": "string"}
# An option that is left out is false, so this default says what happens; a field's would not.
FLAG: Schema = {"type": "boolean", "default": False}

ERROR: Schema = {
    "type": "object",
    "description": "One thing that is wrong.",
    "properties": {
        "code": {"type": "string", "description": "Stable: what programs look at.", "examples": ["too-small"]},
        "family": {"enum": [str(family) for family in Family]},
        "detail": {"type": "string", "description": "One sentence for people."},
        "field": {"type": "string", "description": "The field, as `price.USD`.", "examples": ["price.USD"]},
        "pointer": {
            "type": "string",
            "description": "The place in the body that was sent: a JSON pointer as a fragment.",
            "examples": ["#/records/3/price/USD"],
        },
    },
    "required": ["code", "family", "detail"],
    "additionalProperties": False,
}

OUTCOME: Schema = {
    "type": "object",
    "description": "What became of one record.",
    "properties": {
        "became": {"enum": [str(result) for result in Result]},
        "key": TEXT,
        "id": {"type": ["integer", "null"], "description": "null: it has none, or not yet."},
        "version": {"type": ["integer", "null"], "description": "Its version now."},
        "problems": {"type": "array", "items": reference("Error")},
    },
    "required": ["became", "key", "id", "version", "problems"],
}

PROBLEM: Schema = {
    "type": "object",
    "description": "A problem of a whole call (RFC 9457).",
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["urn:counterpart:problem:too-small"]},
        "title": {"type": "string", "description": "The kind of problem."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "One sentence for people."},
        "instance": {
            "type": "string",
            "format": "uri-reference",
            "description": "The call, by its id.",
            "examples": ["urn:counterpart:call:7c1e8f3a"],
        },
        "code": {"type": "string", "description": "The last part of `type`."},
        "errors": {"type": "array", "items": reference("Error")},
        "outcomes": {"type": "array", "items": reference("Outcome"), "description": "Of a batch that failed whole."},
        "dry_run": {"type": "boolean"},
    },
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "additionalProperties": False,
}

CRITERION: Schema = {
    "type": "object",
    "description": "One condition; all must be met.",
    "properties": {
        "field": {"type": "string", "description": "Its name, or an entry of a map: `price.USD`."},
        "comparator": {"enum": [str(comparator) for comparator in COMPARATORS.values()], "default": "="},
        "value": {
            "description": "null or an empty text asks for no value; a list goes with IN.",
            "type": ["string", "number", "boolean", "null", "array"],
            "items": {"type": ["string", "number", "boolean"]},
        },
    },
    "required": ["field"],
    "additionalProperties": False,
    "examples": [{"field": "price.USD", "comparator": "<", "value": "10.00"}],
}


def fixed_schemas() -> dict[str, Schema]:
    """Return the schemas that are the same for all resources, by name."""
    return {"Error": ERROR, "Outcome": OUTCOME, "Problem": PROBLEM, "Criterion": CRITERION}


def batch_schema(resource: Resource, name: str) -> Schema:
    """Return the schema of a batch's body: one shape for each verb."""
    record = reference(f"{name}Input")
    known = {"allOf": [record], "anyOf": [{"required": list(resource.key)}, {"required": ["id"]}]}
    # Records whose key the hub gives can be put without one: then they are new.
    put = record if all(field.auto_number for field in resource.key_fields) else known
    records: dict[Verb | Action, Schema] = {
        Verb.ADD: reference(f"New{name}"),
        Verb.UPDATE: known,
        Verb.PUT: put,
        Verb.REMOVE: known,
    }
    settings = RestSettings()
    members: Schema = {
        "criteria": {"type": "array", "items": reference("Criterion")},
        "search": {"type": "string"},
        "limit": {"type": "integer", "minimum": 1, "maximum": settings.longest_page, "default": settings.page},
        "cursor": {"type": "string"},
        "dry_run": FLAG,
        "all_or_none": FLAG,
    }
    # An object for each verb; its title is what generators call their class.
    kinds = []
    for verb, names in MEMBERS.items():
        takes = {"verb": {"const": str(verb)}, **members}
        if verb in records:
            takes["records"] = {"type": "array", "items": records[verb]}
        needed = [] if verb is Verb.FIND or "criteria" in names else ["records"]
        kind: Schema = {
            "type": "object",
            "title": str(verb),
            "properties": {member: takes[member] for member in names},
            "required": ["verb", *needed],
            "additionalProperties": False,
        }
        # The one verb that can choose its records by criteria and not by their keys.
        if verb is Verb.REMOVE:
            kind["oneOf"] = [{"required": ["records"]}, {"required": ["criteria"]}]
        kinds.append(kind)
    return {"oneOf": kinds}


def _option(name: str, description: str, schema: Schema) -> Schema:
    return {"name": name, "in": "header", "description": description, "schema": schema}


PARAMETERS: dict[str, Schema] = {
    "DryRun": _option("X-Dry-Run", "Nothing is kept; the outcomes say what would happen.", FLAG),
    "AllOrNone": _option("X-All-Or-None", "One record that fails undoes the whole call.", FLAG),
    "IfMatch": _option(
        "If-Match", 'The version that the record must have, such as `"7"`, else 412.', {"type": "string"}
    ),
    "IdempotencyKey": _option("Idempotency-Key", KEY_HELP, {"type": "string", "maxLength": 255}),
    "Prefer": _option(
        "Prefer",
        "Whether the written records are answered: they are, but for batches.",
        {"enum": ["return=minimal", "return=representation"]},
    ),
}

HEADERS: dict[str, Schema] = {
    "X-Call-Id": {"description": "The id of this call, in every answer.", "schema": TEXT},
    "X-Outcome": {
        "description": "What became of the one record.",
        "schema": {"enum": [str(result) for result in Result if result is not Result.FAILED]},
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
