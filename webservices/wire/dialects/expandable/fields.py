"""The fields of a call as people and contracts have them: what a value is on this wire, whatever the hub stores."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from records.shapes.fields import Field, Kind, ScalarField
from records.shapes.problems import Path
from records.shapes.resources import VENDOR, Resource
from webservices.wire.dialects.expandable.context import ExpandableSettings
from webservices.wire.dialects.expandable.tables import ATTACHMENTS, LINE_NUMBER, FieldList, Program, TextList
from webservices.wire.dialects.expandable.types import vendor_field
from webservices.wire.dialects.expandable.values import ACTIVE, INACTIVE, describe
from webservices.wire.operations import Operation, Verb

TIME = ScalarField(
    "time", label="time", help="HH:MM, in UTC; a query takes HH:MM:SS too.", read_only=True,
    pattern="([01][0-9]|2[0-3]):[0-5][0-9]",
)  # fmt: skip
LINKS_HELP = "Links, a | between two of them; kept as they are and never fetched."
STATUS_HELP = (
    f"{INACTIVE}: it is not active, and goes on no new order. Another word makes it active and is kept; "
    f"{ACTIVE} where there is none."
)
NUMBER = re.compile(r"(?<=_USER_)\d+$", re.ASCII)  # of a user field
JOINED_HELP = "The part's; read only."


def wire_field(program: Program, resource: Resource, wire: str, settings: ExpandableSettings) -> Field:
    """Return a field of a record as it is on this wire."""
    path = program.paths[wire]
    if wire in program.audit:
        return _audit_field(resource, path)
    if wire in program.joined:
        return replace(vendor_field(wire), read_only=True, help=JOINED_HELP)
    if wire == program.status:
        return _vendor_field(program, wire, settings)
    found = list_field(program, resource, wire, path, settings)
    is_required = wire in program.required and wire not in program.key
    return replace(found, required=True) if is_required else found


def list_field(fields: FieldList, resource: Resource, wire: str, path: Path, settings: ExpandableSettings) -> Field:
    """Return a field of a list of names, of a record or of its lines, as it is on this wire."""
    if path[0] == VENDOR:
        return _vendor_field(fields, wire, settings)
    described = describe(resource.vendor_by_name[str(path[0])])
    if wire not in fields.codes or not isinstance(described, ScalarField):
        return described
    spellings = settings.spellings(fields.codes[wire])
    if "-1" in spellings:
        return replace(described, minimum=0, default=None, help="In days; blank: not set.")
    if "" in spellings:
        return replace(described, required=True, help=f"{spellings['']}: the list price.")
    codes = ", ".join(f"{code} ({value})" for value, code in spellings.items())
    return replace(described, reference=None, help=f"{codes}.")


def _vendor_field(fields: FieldList, wire: str, settings: ExpandableSettings) -> ScalarField:
    """Return a field that this wire alone has."""
    if isinstance(fields, Program) and wire == fields.status:
        return replace(vendor_field(wire), help=STATUS_HELP)
    found = vendor_field(wire, vendor_lengths=settings.vendor_lengths)
    return replace(found, help=LINKS_HELP, max_length=None) if wire == ATTACHMENTS else found


def _audit_field(resource: Resource, path: Path) -> Field:
    name, *part = path
    entry = resource.by_name[str(name)]
    if part == ["date"]:
        return ScalarField(
            "date", Kind.DATE, entry.label, f"{entry.help.rstrip('.')}: the day, in UTC.", read_only=True
        )
    return replace(TIME, label=entry.label) if part else describe(entry)


def text_field(texts: TextList, wire: str, settings: ExpandableSettings) -> ScalarField:
    """Return a field of a list of texts as it is on this wire."""
    if wire == LINE_NUMBER:
        help_text = "A line, or 0: the whole order." if texts.orders else "A line."
        return ScalarField(wire, Kind.INTEGER, help=help_text, minimum=0 if texts.orders else 1, required=True)
    name = "NOTES" if wire == "COMMENT_TEXT" else wire
    found = vendor_field(name, vendor_lengths=settings.vendor_lengths)
    return replace(found, name=wire, required=wire in texts.required)


def vendor_fields(program: Program) -> Iterator[ScalarField]:
    """
    Yield the fields that this wire alone has of a record, of its lines (`LINES[].LOT_ID`) and of its other lists.

    Numbered ones are told in one: `SOFCT_USER_1 … SOFCT_USER_16`.
    """
    settings = ExpandableSettings()
    own = [wire for wire in (*program.names, *program.trailing) if wire not in program.hub]
    yield from _fold_numbered([_vendor_field(program, wire, settings) for wire in own])
    lines = program.lines
    if lines is not None:
        found = [_vendor_field(lines, wire, settings) for wire in lines.names if wire not in lines.hub]
        yield from _fold_numbered(found, lines.member)
    for texts in program.lists:
        yield from _fold_numbered([text_field(texts, wire, settings) for wire in texts.names], texts.member)


def _fold_numbered(fields: Sequence[ScalarField], member: str = "") -> Iterator[ScalarField]:
    """Yield fields, of the entries of a list by its member; of those that differ in a number alone, one for all."""
    for _, group in groupby(fields, lambda field: NUMBER.sub("", field.name)):
        first, *others = group
        name = f"{first.name} … {others[-1].name}" if others else first.name
        yield replace(first, name=f"{member}[].{name}" if member else name)


def sendable_names(program: Program, operation: Operation) -> tuple[str, ...]:
    """Return the names that a call takes, but for the token and its lists, in their order."""
    match operation.verb:
        case Verb.FIND:
            return program.criteria_names
        # With anything else a delete is refused, lest a field be taken for a condition.
        case Verb.REMOVE:
            return program.delete_names
    names = (*program.names, *program.trailing)
    by_name = operation.resource.vendor_by_name
    return tuple(
        wire
        for wire in names
        if wire != program.count and (program.paths[wire][0] == VENDOR or by_name[str(program.paths[wire][0])].writable)
    )


def required_names(program: Program, operation: Operation) -> list[str]:
    """Return the names without which a call is refused, whatever else it has, in their order; without the token."""
    if operation.verb is Verb.FIND:
        return []
    if operation.verb is not Verb.ADD:
        return [*program.key]
    resource = operation.resource
    needed = {entry.name for entry in resource.writable if resource.needs(entry)}
    return [
        wire
        for wire in (*program.names, *program.trailing)
        if wire in program.required
        or (program.paths[wire][0] in needed and wire not in program.defaults and wire not in _defaulted_names(program))
    ]


def lines_resource(program: Program, resource: Resource) -> Resource:
    """Return the resource of the lines of a program: of a transaction, that of the records that it makes."""
    if program.is_entry or program.lines is None:
        return resource
    return resource.rows_resource(program.lines.name)


def required_line_names(program: Program, resource: Resource) -> list[str]:
    """Return the names that each line of a transaction must have; those of other lines stand in for each other."""
    if not program.is_entry or program.lines is None:
        return []
    needed = {entry.name for entry in resource.writable if resource.needs(entry)}
    return [wire for wire, path in program.lines.paths.items() if path[0] in needed]


def _defaulted_names(program: Program) -> frozenset[str]:
    """The names that the hub requires and this wire has a default for."""
    optional = program.wire_names.get(program.optional_key, "")
    return frozenset({optional, *program.named})
