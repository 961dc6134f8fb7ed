"""
REST's contract: an OpenAPI 3.1 document, made of the operations as they are for one generation of the definitions.

    document(operations)   {"openapi": "3.1.0", "paths": {"/api/v1/parts/": {"get": …}}, "components": {…}}
"""

from webservices.wire.contracts.security import SCHEME, oauth_scheme
from webservices.wire.dialects.rest.names import addressed_resources, has_batch
from webservices.wire.dialects.rest.openapi.components import (
    HEADERS,
    PARAMETERS,
    batch_schema,
    fixed_schemas,
    outcome_schema,
    problem_responses,
)
from webservices.wire.dialects.rest.openapi.paths import paths
from webservices.wire.dialects.rest.openapi.schemas import Schema, camel_case, record_schemas, reference
from webservices.wire.messages import CALL_LIMITS
from webservices.wire.operations import Operations

DESCRIPTION = """\
Every record has one address, one shape and one meaning; what is said here holds for all of them.

**Fields.** What is absent stays as it is; null or an empty text clears. An unknown field fails the record. Whole
numbers and flags are JSON's own; **other numbers are text**, such as `"250.00"`, so that no client makes a float of
money (a JSON number is taken too). Dates are `2026-01-31`, moments ISO 8601 in UTC. No text holds control characters,
but for tabs and the ends of lines.

**Versions.** Every record has a `version`, which is also its `ETag`. Send it back, as `If-Match` or in the record, and
the call fails when somebody else has changed the record meanwhile.

**Options.** Every write takes the header `X-Dry-Run: true`: nothing is kept, and one record too is answered as a
batch is; of a list, `X-All-Or-None: true` undoes all when one fails. `Prefer: return=minimal` leaves the written
record out of the answer, which is then 204, or 201 without a body. As these change the shape of an answer, only
batches, which have one shape, list them as parameters. Options that go with some operations only are listed there; any
other write refuses them.

**Totals** are computed. One that is sent is compared: where it differs, the outcome has `warnings`, or the answer with
a single record the header `X-Warnings`.

**Problems** are RFC 9457 (`application/problem+json`); `errors` says what is wrong with which field, `instance` names
the call, as the header `X-Call-Id` of every answer does.

**Getting in.** HTTP Basic with a user's name and password, a bearer token, or the admin site's own sign-in; the latter
needs the header `X-CSRFToken` for everything that writes.
"""

SECURITY: dict[str, Schema] = {
    "basic": {"type": "http", "scheme": "basic", "description": "A user's name and password."},
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key, or an access token."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "The admin site's sign-in; what writes needs the header X-CSRFToken too.",
    },
}


def document(operations: Operations, limits: str = CALL_LIMITS) -> Schema:
    """Return the whole document; the same for the same operations and limits."""
    resources = addressed_resources(operations)
    security = {**SECURITY, SCHEME: oauth_scheme(each for each in operations if each.resource in resources.values())}
    schemas = fixed_schemas()
    for resource in resources.values():
        name = camel_case(resource.name)
        schemas |= {**record_schemas(resource, name), f"{name}Page": _page(name)}
        if has_batch(resource):
            schemas |= {
                f"{name}Outcome": outcome_schema(name),
                f"{name}Batch": batch_schema(resource, name, operations),
                f"{name}BatchAnswer": _batch_answer(name),
            }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Counterpart", "version": "1", "description": f"{DESCRIPTION}\n**Limits.** {limits}\n"},
        "servers": [{"url": "/"}],
        "tags": [{"name": resource.label_plural, "description": resource.help} for resource in resources.values()],
        "security": [{name: []} for name in security],
        "paths": paths(operations),
        "components": {
            "schemas": schemas,
            "parameters": PARAMETERS,
            "headers": HEADERS,
            "responses": problem_responses(),
            "securitySchemes": security,
        },
    }


def _page(name: str) -> Schema:
    """The schema of a page of a list."""
    return {
        "type": "object",
        "properties": {
            "results": {"type": "array", "items": reference(name)},
            "next": {"type": ["string", "null"], "description": "Where the list goes on; null: this is the end."},
        },
        "required": ["results", "next"],
    }


def _batch_answer(name: str) -> Schema:
    """The schema of a batch's answer: outcomes of a write, or what was found."""
    return {
        "type": "object",
        "description": "A write has `dry_run` and `outcomes`, a find has `results` and `cursor`.",
        "properties": {
            "dry_run": {"type": "boolean", "description": "Nothing was kept."},
            "outcomes": {"type": "array", "items": reference(f"{name}Outcome")},
            "results": {"type": "array", "items": reference(name)},
            "cursor": {
                "type": ["string", "null"],
                "description": "What a next batch sends as `cursor`; null: this is the end.",
            },
        },
    }
