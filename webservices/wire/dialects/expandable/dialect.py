"""Expandable as a Dialect."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from http import HTTPStatus

from records.shapes.fields import Field
from records.shapes.fields import Kind as FieldKind
from records.shapes.problems import Path
from records.shapes.resources import VENDOR, Resource
from webservices.wire.contracts.openapi_schemas import find_answer_schemas, find_request_schemas
from webservices.wire.credentials import Credentials, Password
from webservices.wire.dialects.base import Dialect, Schemas, Secrets, SkeletonHints
from webservices.wire.dialects.expandable.calls import call_credentials, call_name, contexts, find_operation
from webservices.wire.dialects.expandable.codes import FAMILIES
from webservices.wire.dialects.expandable.context import ExpandableContext, ExpandableSettings
from webservices.wire.dialects.expandable.criteria import search_notes
from webservices.wire.dialects.expandable.fields import vendor_fields
from webservices.wire.dialects.expandable.help import request_examples
from webservices.wire.dialects.expandable.names import HELP, PLAIN_CALLS, PROGRAMS, find_plain_call, find_program, spell
from webservices.wire.dialects.expandable.openapi import document
from webservices.wire.dialects.expandable.read import read
from webservices.wire.dialects.expandable.request import build_request
from webservices.wire.dialects.expandable.tables import (
    OLD_PASSWORD,
    PASSWORD,
    TOKEN,
    UNKNOWN_PREFIX,
    USER_NAME,
    Program,
)
from webservices.wire.dialects.expandable.values import describe
from webservices.wire.dialects.expandable.write import write
from webservices.wire.json import write_json
from webservices.wire.messages import Answer, Call, Failure, WireRequest, WireResponse
from webservices.wire.operations import Operation, Operations, Verb
from webservices.wire.options import options_from_headers

STAMPS = ("created_by", "created_at", "changed_by", "changed_at")


def _rows(program: Program) -> Sequence[str]:
    return [program.lines.name] if program.lines else []


class Expandable(Dialect):
    """Expandable's web API: one address for each call, every value a text."""

    name = "expandable"
    label = "Expandable"
    media = "json"
    clear_help = {FieldKind.ROWS: "null says nothing; [] clears it."}
    codes = FAMILIES
    secrets = Secrets(members=frozenset({PASSWORD, TOKEN, OLD_PASSWORD}), names=frozenset({USER_NAME, "UserName"}))
    settings = ExpandableSettings()
    fields = {plural: (*program.wire_names, *_rows(program), *STAMPS) for plural, program in PROGRAMS.items()}
    other_names = {plural: dict.fromkeys(program.vendor_names, VENDOR) for plural, program in PROGRAMS.items()}
    vendor_fields = {plural: tuple(vendor_fields(program)) for plural, program in PROGRAMS.items()}
    single_entries = {"description": "language", "price": "currency"}
    titles = {plural: plain.title.partition(",")[0] for (plural, _), plain in PLAIN_CALLS.items()} | {
        plural: program.title for plural, program in PROGRAMS.items()
    }

    def read(self, request: WireRequest, operations: Operations, settings: ExpandableSettings) -> Call:
        return read(request, operations, settings)

    def build_request(self, call: Call, context: ExpandableContext) -> WireRequest:
        return build_request(call, context)

    def write(self, answer: Answer | Failure, context: ExpandableContext) -> WireResponse:
        return write(answer, context)

    def contexts(self, operation: Operation) -> Sequence[ExpandableContext]:
        return contexts(operation)

    def credentials(self, operation: Operation, password: Password) -> Credentials | None:
        return call_credentials(operation, password)

    def spell(self, plural: str, path: Path) -> str:
        return spell(plural, path)

    def speller(self, context: ExpandableContext, operation: Operation) -> Callable[[Path], str]:
        return partial(spell, operation.resource.plural, old=context.old or context.old_body)

    def known_names(self, operation: Operation, context: ExpandableContext, parents: Path = ()) -> tuple[str, ...]:
        """Return the names that a call takes: all of its program or, of a delete, those of the key."""
        program = find_program(operation, context.settings, old=context.old)
        if program is None:
            return find_plain_call(operation, old=context.old).input_names
        if parents:
            return _names_of_entries(program, str(parents[0]).removeprefix(UNKNOWN_PREFIX))
        return program.delete_names if operation.verb is Verb.REMOVE else tuple(program.paths)

    def spell_operation(self, operation: Operation, context: ExpandableContext) -> str:
        return call_name(operation)

    def carries(self, plural: str, field: Field) -> bool:
        """True if a program has a field; none that a site defined, as the list is the vendor's."""
        return field.name in self.fields[plural] if plural in PROGRAMS else super().carries(plural, field)

    def row_carries(self, plural: str, rows: str, field: Field) -> bool:
        lines = PROGRAMS[plural].lines
        return lines is not None and field.name in lines.wire_names

    def view_fields(self, resource: Resource) -> Sequence[Field]:
        program = PROGRAMS.get(resource.plural)
        return [each for each in resource.vendor_view if program and each.writable and each.name in program.wire_names]

    def describe(self, field: Field) -> Field:
        return describe(field)

    def contract(self, plural: str) -> tuple[str, str]:
        return HELP, "Help pages"

    def documents(self, operations: Operations, address: str) -> Iterator[tuple[str, str]]:
        examples = request_examples(operations, self.settings)
        yield (
            "openapi.json",
            write_json(document(operations, examples=examples, settings=self.settings), indent=2) + "\n",
        )

    def request_schemas(self, request: WireRequest, operations: Operations, settings: ExpandableSettings) -> Schemas:
        return find_request_schemas(document(operations, settings=settings), request)

    def response_schemas(
        self, request: WireRequest, status: int, operations: Operations, settings: ExpandableSettings
    ) -> Schemas:
        operation = find_operation(request.path, operations)
        # Of a dry write: the document tells of it in words, as generators lose a union.
        if status == HTTPStatus.OK and operation and operation.writes and options_from_headers(request.headers).dry_run:
            return [{"type": "object", "maxProperties": 0}]
        return find_answer_schemas(document(operations, settings=settings), request, status)

    def skeleton_hints(self, operation: Operation, context: ExpandableContext) -> SkeletonHints:
        program = PROGRAMS.get(operation.resource.plural)
        key = [str(program.paths[wire][0]) for wire in program.delete_names] if program else operation.resource.key
        return SkeletonHints(key, search_notes=search_notes())


def _names_of_entries(program: Program, member: str) -> tuple[str, ...]:
    """Return the names that an entry of a list takes."""
    lines = program.lines
    if lines is not None and member in (lines.name, lines.member, lines.old_member):
        return lines.names
    lists = [each.names for each in program.lists if member in (each.member, each.old_member)]
    return lists[0] if lists else ()


EXPANDABLE = Expandable()
