"""REST as a Dialect."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from http import HTTPStatus

from records.shapes.fields import Kind as FieldKind
from records.shapes.problems import Path, format_path
from webservices.wire.contracts.openapi_schemas import Document, find_answer_schemas, find_request_schemas
from webservices.wire.dialects.base import Dialect, Schemas, Secrets, SkeletonHints
from webservices.wire.dialects.rest.codes import FAMILIES
from webservices.wire.dialects.rest.context import RestContext, RestSettings, contexts
from webservices.wire.dialects.rest.names import (
    BASE,
    BATCH,
    COMPARATORS,
    DOCUMENTATION,
    Entry,
    address_field,
    prefers_lines,
)
from webservices.wire.dialects.rest.openapi.document import document
from webservices.wire.dialects.rest.read import LIST, read
from webservices.wire.dialects.rest.request import build_request
from webservices.wire.dialects.rest.write import write
from webservices.wire.json import write_json
from webservices.wire.messages import Answer, Call, DialectSettings, Failure, WireRequest, WireResponse
from webservices.wire.operations import Operation, Operations, Verb
from webservices.wire.options import options_from_headers


class Rest(Dialect):
    """The hub's own API, in the hub's own names."""

    name = "rest"
    label = "REST"
    media = "json"
    clear_help = {FieldKind.MAP: "{} says nothing; null clears it.", FieldKind.ROWS: "[] or null clears it."}
    codes = FAMILIES
    secrets = Secrets(members=frozenset({"password", "secret", "token"}), parameters=frozenset({"password", "token"}))
    settings = RestSettings()

    def read(self, request: WireRequest, operations: Operations, settings: RestSettings) -> Call:
        return read(request, operations, settings)

    def build_request(self, call: Call, context: RestContext) -> WireRequest:
        return build_request(call, context)

    def write(self, answer: Answer | Failure, context: RestContext) -> WireResponse:
        return write(answer, context)

    def contexts(self, operation: Operation) -> tuple[RestContext, ...]:
        return contexts(operation)

    def spell(self, plural: str, path: Path) -> str:
        return format_path(path)

    def contract(self, plural: str) -> tuple[str, str]:
        return DOCUMENTATION, "API documentation"

    def documents(self, operations: Operations, address: str) -> Iterator[tuple[str, str]]:
        yield "openapi.json", write_json(document(operations), indent=2) + "\n"

    def request_schemas(self, request: WireRequest, operations: Operations, settings: DialectSettings) -> Schemas:
        schemas = find_request_schemas(_document(operations), request)
        if _posts_list(request):
            return [{"type": "array", "items": each, "components": each["components"]} for each in schemas]
        return schemas

    def response_schemas(
        self, request: WireRequest, status: int, operations: Operations, settings: DialectSettings
    ) -> Schemas:
        # Lines are no document: each is a record as the page's own schema has it, and the whole has none.
        if status == HTTPStatus.OK and prefers_lines(request.headers.get("accept", "")):
            return ()
        # A write of a list, or one that is dry, is answered as a batch is. The document tells of it in words, as
        # generators lose a union.
        if status < HTTPStatus.MULTIPLE_CHOICES and (_posts_list(request) or _is_dry_write(request)):
            collection = "/".join(request.path.split("/")[: BASE.count("/") + 1])
            request, status = replace(request, method="POST", path=f"{collection}/{BATCH}/"), HTTPStatus.OK
        return find_answer_schemas(_document(operations), request, status)

    def skeleton_hints(self, operation: Operation, context: RestContext) -> SkeletonHints:
        """Skeletons name a record by what stands in its own address, elsewhere by its key."""
        has_address = context.entry is Entry.ONE and operation.verb is not Verb.ADD
        key = (address_field(operation.resource).name,) if has_address else operation.resource.key
        return SkeletonHints(key, comparators=tuple(COMPARATORS.values()))


# A site's document takes longer than what is validated against it.
@lru_cache(maxsize=4)
def _document(operations: Operations) -> Document:
    return document(operations)


def _posts_list(request: WireRequest) -> bool:
    return request.method == "POST" and LIST.match(request.body) is not None


def _is_dry_write(request: WireRequest) -> bool:
    return request.method != "GET" and options_from_headers(request.headers).dry_run


REST = Rest()
