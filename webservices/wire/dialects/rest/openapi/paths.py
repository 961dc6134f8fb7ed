"""The paths of OpenAPI: three addresses for each resource, their parameters, bodies and answers."""

from collections.abc import Iterable, Mapping
from typing import Any

from records.shapes.fields import Kind
from records.shapes.resources import Resource
from webservices.wire.dialects.rest.names import (
    JSON_TYPE,
    LINES_TYPE,
    METHODS,
    Entry,
    address_field,
    batch_path,
    collection_path,
    find_entries,
    has_batch,
    has_id_address,
)
from webservices.wire.dialects.rest.openapi.parameters import COMPARISONS, describe_rows, list_parameters
from webservices.wire.dialects.rest.openapi.schemas import Schema, camel_case, reference, width
from webservices.wire.operations import Action, Operation, Verb
from webservices.wire.options import REPLAYED, own_options
from webservices.wire.record_notes import WARNINGS

BATCH_OPTIONS = ("DryRun", "AllOrNone", "IdempotencyKey", "Prefer")
# What each verb can come to; a test holds the answers of the server against it.
PROBLEMS: Mapping[Verb, tuple[int, ...]] = {
    Verb.FIND: (400, 401, 403, 404, 422, 500, 503),
    Verb.ADD: (400, 401, 403, 404, 409, 413, 415, 422, 500, 503),
    Verb.UPDATE: (400, 401, 403, 404, 409, 412, 413, 415, 422, 500, 503),
    Verb.PUT: (400, 401, 403, 409, 412, 413, 415, 422, 500, 503),
    Verb.REMOVE: (400, 401, 403, 404, 409, 412, 422, 500, 503),
}

SUMMARIES = {
    Verb.FIND: "Read one {one}",
    Verb.ADD: "Add {many}, one or a list",
    Verb.UPDATE: "Change a {one} that exists",
    Verb.PUT: "Put a {one}: create or change it",
    Verb.REMOVE: "Remove a {one}",
}
TEXTS = {
    Verb.ADD: (
        "A {one} whose key is taken fails. A list of them is taken too, and answered as a batch is: with one outcome "
        "for each, in order; 201 when all were created, else 200."
    ),
    Verb.UPDATE: "What is absent stays; null or an empty text clears.",
    Verb.PUT: (
        "Creates the {one} when there is none, else changes it. **What is absent from the body stays as it is**: this "
        "is no replacement of the whole. null or an empty text clears. What a GET answered may be sent back as it is "
        "and changes nothing; its `version` makes sure that nobody else has changed it meanwhile."
    ),
    Verb.REMOVE: "What is in use is not removed but becomes inactive: then the answer is 200 with the record.",
}
ID_TEXTS = {
    Verb.PUT: (
        "Changes the {one} with this id. **What is absent from the body stays as it is**; null or an empty text "
        "clears. A {one} that is not there yet is made by a POST to the collection, or by a batch that puts it: the "
        "server gives the id. What the body says of the key must agree with the record."
    ),
}
LINES: Schema = {"type": "string", "description": "All records, or `limit` of them: a line of JSON for each."}
LINES_TEXT = (
    f"Asked with `Accept: {LINES_TYPE}` it answers no pages but all that meets the conditions, in the same order: each "
    "line is a record as JSON. The lines come as they are found, all as of one moment; if something fails on the way, "
    "the connection is cut before the end."
)
WITHOUT_ACTIVE = {Verb.REMOVE: "What its present state does not allow to be removed is refused."}


def paths(operations: Iterable[Operation]) -> dict[str, Schema]:
    """Return the path items of all resources, by path."""
    by_resource: dict[str, dict[Verb | Action, Operation]] = {}
    for operation in operations:
        if find_entries(operation):
            by_resource.setdefault(operation.resource.plural, {})[operation.verb] = operation
    found: dict[str, Schema] = {}
    for verbs in by_resource.values():
        resource = next(iter(verbs.values())).resource
        found[collection_path(resource)] = _collection(resource, verbs)
        if has_batch(resource):
            found[batch_path(resource)] = _batch(resource, verbs)
        found[f"{collection_path(resource)}{{{address_field(resource).name}}}/"] = _record(resource, verbs)
    return found


def _operation(resource: Resource, name: str, summary: str, problems: Iterable[int], **more: Any) -> Schema:
    responses = {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in problems}
    takes_key = _parameters("IdempotencyKey")[0] in more.get("parameters", ())
    for response in more.get("responses", {}).values() if takes_key else ():
        response["headers"] |= {REPLAYED: {"$ref": f"#/components/headers/{REPLAYED}"}}
    return {
        "operationId": name,
        "tags": [resource.label_plural],
        "summary": summary,
        **more,
        "responses": more.get("responses", {}) | responses,
    }


def _words(resource: Resource, text: str) -> str:
    return text.format(one=resource.label.lower(), many=resource.label_plural.lower())


def _parameters(*names: str) -> list[Schema]:
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def _answer(description: str, schema: Schema, *headers: str) -> Schema:
    return _empty(description, *headers) | {"content": {JSON_TYPE: {"schema": schema}}}


def _empty(description: str, *headers: str) -> Schema:
    names = ("X-Call-Id", *headers)
    return {
        "description": description,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
    }


def _body(schema: Schema) -> Schema:
    return {"required": True, "content": {JSON_TYPE: {"schema": schema}}}


def _collection(resource: Resource, verbs: Mapping[Verb | Action, Operation]) -> Schema:
    item: Schema = {}
    name, plural = camel_case(resource.name), camel_case(resource.plural)
    if Verb.FIND in verbs:
        order = "ids" if resource.order == ("id",) else "keys"
        answer = _answer(
            f"A page, in the order of the {order} unless `ordering` says otherwise.", reference(f"{name}Page"), "Link"
        )
        answer["content"][LINES_TYPE] = {"schema": LINES}
        item["get"] = _operation(
            resource, f"list{plural}", _words(resource, "Find {many}"), (400, 401, 403, 422, 500, 503),
            description=f"{COMPARISONS}{describe_rows(resource)} {LINES_TEXT}", parameters=list_parameters(resource),
            responses={"200": answer},
        )  # fmt: skip
    if Verb.ADD in verbs:
        item["post"] = _operation(
            resource, f"add{plural}", _words(resource, SUMMARIES[Verb.ADD]), PROBLEMS[Verb.ADD],
            description=_words(resource, TEXTS[Verb.ADD]),
            parameters=_parameters("IdempotencyKey", *_own_options(verbs[Verb.ADD])),
            requestBody=_body(reference(f"New{name}")),
            responses={
                "201": _answer("Created.", reference(name), "ETag", "Location", *_outcome_headers(verbs[Verb.ADD]))
                | _links(resource, verbs)
            },
        )  # fmt: skip
    return item


def _links(resource: Resource, verbs: Iterable[Verb | Action]) -> Schema:
    """Return the links to what can be done next with the record of an answer, by the operation's name."""
    name = address_field(resource).name
    operations = [_record_operation_id(resource, verb) for verb in METHODS[Entry.ONE].values() if verb in verbs]
    parameters = {"parameters": {name: f"$response.body#/{name}"}}
    return {"links": {operation: {"operationId": operation, **parameters} for operation in operations}}


def _record_operation_id(resource: Resource, verb: Verb | Action) -> str:
    return ("get" if verb is Verb.FIND else str(verb)) + camel_case(resource.name)


def _record(resource: Resource, verbs: Mapping[Verb | Action, Operation]) -> Schema:
    return {
        method.lower(): _record_operation(resource, verb, verbs[verb])
        for method, verb in METHODS[Entry.ONE].items()
        if verb in verbs
    }


def _key(resource: Resource) -> Schema:
    key = address_field(resource)
    text = f"Percent-encoded, `/` included. A key that no path can name goes as a parameter: `?{key.name}=batch`."
    schema = {"type": "integer" if key.kind is Kind.INTEGER else "string"} | width(key)
    return {"name": key.name, "in": "path", "required": True, "description": text, "schema": schema}


def _own_options(*operations: Operation) -> list[str]:
    """List the parameters of the options that these operations have, and not every write."""
    return [option.name for option in own_options(operations)]


def _outcome_headers(operation: Operation) -> tuple[str, ...]:
    """List the headers of an answer with one record that was written; only what has totals warns."""
    return ("X-Outcome", WARNINGS) if operation.takes_option("check_totals") else ("X-Outcome",)


def _record_operation(resource: Resource, verb: Verb, operation: Operation) -> Schema:
    name = camel_case(resource.name)
    record = reference(name)
    more: Schema = {"parameters": [_key(resource)]}
    texts = (
        TEXTS
        | (ID_TEXTS if has_id_address(resource) else {})
        | ({} if "active" in resource.by_name else WITHOUT_ACTIVE)
    )
    if verb in texts:
        more["description"] = _words(resource, texts[verb])
    if verb is Verb.FIND:
        responses = {"200": _answer("The record.", record, *(("ETag",) if "version" in resource.by_name else ()))}
    else:
        more["parameters"] += _parameters("IfMatch", "IdempotencyKey", *_own_options(operation))
        meaning = "It was inactivated, as it is in use." if verb is Verb.REMOVE else "The record as it is now."
        responses = {"200": _answer(meaning, record, "ETag", *_outcome_headers(operation))}
        if verb is Verb.REMOVE:
            responses["204"] = _empty("Removed.", "X-Outcome")
    # A PUT to an id makes nothing, as the server gives the ids: it is a change like PATCH.
    makes = verb is Verb.PUT and not has_id_address(resource)
    if makes:
        responses["201"] = _answer("Created.", record, "ETag", "Location", *_outcome_headers(operation))
    if verb in (Verb.PUT, Verb.UPDATE):
        more["requestBody"] = _body(reference(f"{name}Input"))
    summary = SUMMARIES[verb if makes or verb is not Verb.PUT else Verb.UPDATE]
    problems = PROBLEMS[verb] if makes else {*PROBLEMS[verb], 404}
    words = _words(resource, summary)
    return _operation(
        resource, _record_operation_id(resource, verb), words, sorted(problems), **more, responses=responses
    )


def _batch(resource: Resource, verbs: Mapping[Verb | Action, Operation]) -> Schema:
    name, plural = camel_case(resource.name), camel_case(resource.plural)
    text = (
        "One outcome for each record, in order; a record that fails leaves the others alone, unless `all_or_none`. "
        "When every record failed, the answer is the problem, with the outcomes in it."
    )
    return {
        "post": _operation(
            resource, f"batch{plural}", _words(resource, "Any verb with any number of {many}"), PROBLEMS[Verb.UPDATE],
            description=text,
            parameters=_parameters(*BATCH_OPTIONS, *_own_options(*verbs.values())),
            requestBody=_body(reference(f"{name}Batch")),
            responses={"200": _answer("What became of each, or what was found.", reference(f"{name}BatchAnswer"))},
        )
    }  # fmt: skip
