"""Schemas of an OpenAPI document: those of the bodies of a request and of its answer, with all that they refer to."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from webservices.wire.messages import WireRequest

Document = Mapping[str, Any]  # JSON by the rules of OpenAPI, written by this code itself


def find_request_schemas(document: Document, request: WireRequest) -> Sequence[Document]:
    """Return the schema of the operation at the request's path, whose `$ref`s lead into the same mapping; (): none."""
    found = next(_operations(document, request), {})
    return _schemas(document, found.get("requestBody", {}))


def find_answer_schemas(document: Document, request: WireRequest, status: int) -> Sequence[Document]:
    """Return the schema of the answer with a status, likewise."""
    responses = next(_operations(document, request), {}).get("responses", {})
    found = responses.get(str(status), responses.get("default", {}))
    if name := found.get("$ref", "").rpartition("/")[2]:
        found = document["components"]["responses"][name]
    return _schemas(document, found)


def _operations(document: Document, request: WireRequest) -> Iterator[Document]:
    """The operations at a path, that of the path without a place for a key first."""
    # `/parts/batch/` fits `/parts/{number}/` as well.
    exact_first = sorted(document["paths"].items(), key=lambda each: each[0].count("{"))
    for template, item in exact_first:
        if _pattern(template).fullmatch(request.path):
            yield item.get(request.method.lower(), {})


def _schemas(document: Document, body: Document) -> Sequence[Document]:
    media = next(iter(body.get("content", {}).values()), None)
    return [{**media["schema"], "components": document["components"]}] if media and "schema" in media else ()


def _pattern(template: str) -> re.Pattern[str]:
    """`/api/v1/parts/{number}/`, whose number may hold anything that is no slash."""
    fixed = "[^/]+".join(map(re.escape, re.split(r"\{[^}]*\}", template.rstrip("/"))))
    return re.compile(fixed + "/?")
