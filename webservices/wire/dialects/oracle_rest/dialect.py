"""Oracle CPQ's REST interface as a Dialect."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from records.shapes.fields import Field
from records.shapes.fields import Kind as FieldKind
from records.shapes.problems import Path
from webservices.wire.dialects.base import Dialect, Secrets, SkeletonHints
from webservices.wire.dialects.oracle_rest.codes import FAMILIES
from webservices.wire.dialects.oracle_rest.context import ONE, OracleRestContext, OracleRestSettings
from webservices.wire.dialects.oracle_rest.names import (
    COMPARATORS,
    DECLINED,
    KIND,
    LABEL,
    LEFT_OUT,
    TRANSLATIONS,
    children_of,
    field_name,
    is_described,
    own_fields,
    spell,
)
from webservices.wire.dialects.oracle_rest.read import read
from webservices.wire.dialects.oracle_rest.request import build_request
from webservices.wire.dialects.oracle_rest.routing import ROUTES, entries
from webservices.wire.dialects.oracle_rest.write import write
from webservices.wire.messages import Answer, Call, Failure, WireRequest, WireResponse
from webservices.wire.operations import Operation, Operations, Verb


class OracleRest(Dialect):
    """Oracle CPQ over REST: `partSetups` for who writes parts, `parts` for who sells them."""

    name = "oracle-rest"
    label = LABEL
    media = "json"
    codes = FAMILIES
    secrets = Secrets(members=frozenset({"password", "secret", "token"}), parameters=frozenset({"password", "token"}))
    settings = OracleRestSettings()
    needs_site = True  # `PUT` blanks each custom field that it leaves out
    declined = DECLINED
    left_out = LEFT_OUT
    clear_help = {FieldKind.MAP: "null clears it."}
    titles = {"part_fields": "Part Metadata"}
    extra_paths = tuple(route.pattern for route in ROUTES)  # children, and other versions than the one that is built

    def read(self, request: WireRequest, operations: Operations, settings: OracleRestSettings) -> Call:
        return read(request, operations, settings)

    def build_request(self, call: Call, context: OracleRestContext) -> WireRequest:
        return build_request(call, context)

    def write(self, answer: Answer | Failure, context: OracleRestContext) -> WireResponse:
        return write(answer, context)

    def contexts(self, operation: Operation) -> tuple[OracleRestContext, ...]:
        """Return a context for each kind of address at which an operation is offered."""
        language, currency = self.settings.language, self.settings.currency
        known = children_of(operation.resource)
        return tuple(
            OracleRestContext(entry, child=child, language=language, currency=currency)
            for entry, child in entries(operation)
            if child is None or child in known
        )

    def spell(self, plural: str, path: Path) -> str:
        return spell(path)

    def speller(self, context: OracleRestContext, operation: Operation) -> Callable[[Path], str]:
        """Return the function that spells paths; the part's own members are in the language of the site."""
        return partial(spell, language=context.language)

    def known_names(self, operation: Operation, context: OracleRestContext, parents: Path = ()) -> tuple[str, ...]:
        """Return the names of the members of a part, and of its children."""
        resource = operation.resource
        if parents:
            return ()
        if resource.plural != KIND:
            return tuple(field_name(field.name) for field in resource.fields)
        children = [child.name for child in children_of(resource) if child.parent is None]
        return (*(field_name(field.name) for field in own_fields(resource)), *children)

    def describe(self, field: Field) -> Field:
        """Return a field as people read of it: the description is a text in the language of the site."""
        if not is_described(field) or field.kind is not FieldKind.MAP:
            return field
        text = f"{field.help} Here in the site's language; {TRANSLATIONS.name} has the others."
        return replace(field.item, name=field.name, label=field.label, help=text, required=field.required)

    def carries(self, plural: str, field: Field) -> bool:
        return field.name not in LEFT_OUT or plural != KIND

    def spell_operation(self, operation: Operation, context: OracleRestContext) -> str:
        """Return method and resource, as Oracle's documents list them: `POST partSetups`."""
        request = build_request(Call(operation, records=[{"number": "{id}"}]), context)
        return f"{request.method} {request.path.split('/', 3)[-1]}"

    def skeleton_hints(self, operation: Operation, context: OracleRestContext) -> SkeletonHints:
        """Skeletons name a part by its id where the address does, elsewhere by its number."""
        has_id = (context.entry in ONE or context.child is not None) and operation.verb is not Verb.ADD
        key = ("id",) if has_id and operation.resource.plural == KIND else operation.resource.key
        return SkeletonHints(key, comparators=tuple(COMPARATORS.values()), replaces=operation.verb is Verb.UPDATE)


ORACLE_REST = OracleRest()
