"""
A collection in the forms of other programs: Postman, SoapUI, OpenAPI. One row of EXPORTS each.

None of them has a secret, since a collection has none: where one is needed, there is a variable.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from webservices.tester.collections.assertions.captures import PLACEHOLDER
from webservices.tester.collections.export_postman import write_postman
from webservices.tester.collections.export_soapui import write_soapui
from webservices.tester.collections.files import EXTENSION, CallContent, CollectionContent, write_file
from webservices.tester.collections.sign_in import add_credentials, has_credentials
from webservices.wire.json import write_json

UNSAID = "OpenAPI has no word for checks, captures and what is not compared; a collection here reads them again."


@dataclass(frozen=True)
class Export:
    """
    One form of export.

    write  returns the file of a collection, and a sentence for each thing that could not travel; its second argument is
           scheme and host of this server
    """

    name: str
    label: str
    suffix: str
    content_type: str
    write: Callable[[CollectionContent, str], tuple[str, Sequence[str]]]


def write_openapi(content: CollectionContent, address: str) -> tuple[str, list[str]]:
    """OpenAPI 3.1: the address of each call, bodies as examples by the names of the calls; all else as extension."""
    signed = add_credentials(content)
    warnings = [f"{call.name}: {UNSAID}" for call in content.calls if call.checks or call.captures or call.ignored]
    paths: dict[str, dict[str, dict]] = {}
    for call in signed.content.calls:
        split = urlsplit(call.target)
        described = paths.setdefault(_path_template(split.path), {}).setdefault(call.method.lower(), _operation(call))
        _add_example(described, call)
        _add_parameters(described, split.path, split.query)
    described = {
        "openapi": "3.1.0",
        "info": {"title": content.name, "version": "1", "description": content.description},
        "servers": [{"url": address}],
        "components": {"securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}},
        "security": [{"basic": []}],
        "paths": paths,
        EXTENSION: json.loads(write_file(content)),
    }
    return write_json(described, indent=2), warnings


def _path_template(path: str) -> str:
    return PLACEHOLDER.sub(r"{\1}", path)


def _operation(call: CallContent) -> dict[str, object]:
    return {
        "operationId": re.sub(r"[^A-Za-z0-9]+", "_", call.name).strip("_") or "call",
        "summary": call.name,
        **({"security": []} if has_credentials(call) else {}),
        "responses": {"default": {"description": "The answer."}},
    }


def _add_example(described: dict, call: CallContent) -> None:
    if call.body:
        kind = call.headers.get("content-type", "text/xml").partition(";")[0].strip()
        content = described.setdefault("requestBody", {"content": {}})["content"]
        content.setdefault(kind, {"examples": {}})["examples"][call.name] = {"value": call.body}


def _add_parameters(described: dict, path: str, query: str) -> None:
    wanted = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in PLACEHOLDER.findall(path)
    ]
    wanted += [
        {"name": name, "in": "query", "schema": {"type": "string"}, "example": value}
        for name, value in parse_qsl(query, keep_blank_values=True)
    ]
    if wanted:
        known = described.setdefault("parameters", [])
        # Calls of the same method and address share their parameters.
        have = {(each["name"], each["in"]) for each in known}
        known += [each for each in wanted if (each["name"], each["in"]) not in have]


EXPORTS: tuple[Export, ...] = (
    Export(
        "counterpart",
        "Collection",
        "collection.json",
        "application/json",
        lambda content, address: (write_file(content), []),
    ),
    Export("postman", "Postman", "postman_collection.json", "application/json", write_postman),
    Export("soapui", "SoapUI", "soapui-project.xml", "text/xml", write_soapui),
    Export("openapi", "OpenAPI", "openapi.json", "application/json", write_openapi),
)
