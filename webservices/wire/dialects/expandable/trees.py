"""Records as JSON: as they are answered, with all their fields, and as a request has them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from records.shapes.fields import Kind
from records.shapes.problems import Path
from records.shapes.resources import VENDOR, Resource
from records.shapes.values import EMPTY, Value, Values
from webservices.wire.dialects.expandable.context import ExpandableContext
from webservices.wire.dialects.expandable.lists import write_list
from webservices.wire.dialects.expandable.members import OLD_HEAD, list_members
from webservices.wire.dialects.expandable.tables import FieldList, Lines, Program
from webservices.wire.dialects.expandable.types import vendor_field
from webservices.wire.dialects.expandable.values import ACTIVE, INACTIVE, YES_OR_NO, write_old_date, write_value
from webservices.wire.json import Json

PART_ACTIVE = "part_active"


def record_tree(
    program: Program, resource: Resource, record: Values, context: ExpandableContext, names: Iterable[str]
) -> dict[str, Json]:
    """Return a record as it is answered: all these fields, every one as text, and its lists."""
    own: dict[str, Json] = {wire: _answer_text(program, resource, record, wire, context) for wire in names}
    if program.lines is None:
        return own
    rows: Any = record.get(program.lines.name) or ()
    child = resource.rows_resource(program.lines.name)
    lists: dict[str, Json] = {
        program.lines.member: [line_tree(program.lines, child, row, context, program.lines.names) for row in rows]
    }
    for texts in program.lists:
        lists[texts.member] = [*write_list(texts, vendor_data(record).get(texts.stored_name))]
    return whole_body(program, own, lists, old=context.old_body)


def whole_body(program: Program, own: dict[str, Json], lists: dict[str, Json], *, old: bool) -> dict[str, Json]:
    """Return the members of a body whose record has lists, in the shape of a generation."""
    if not old:
        return {**own, **lists}
    names = list_members(program)
    return {OLD_HEAD: own, **{names[member]: entries for member, entries in lists.items()}}


def entry_tree(
    program: Program, resource: Resource, records: Sequence[Values], context: ExpandableContext
) -> dict[str, Json]:
    """Return a transaction as it is answered: its head, with how many records it has made, and its lines."""
    head: dict[str, Json] = {
        wire: write_text(program, resource, records[0], wire, program.paths[wire], context) for wire in program.names
    }
    return {**head, program.count: str(len(records)), **_entry_lines(program, resource, records, context, sent=False)}


def entry_request_tree(
    program: Program, resource: Resource, records: Sequence[Values], context: ExpandableContext
) -> dict[str, Json]:
    """Return a transaction as a request has it; its records have the same head."""
    head = request_tree(replace(program, lines=None), resource, records[0], context)
    return {**head, **_entry_lines(program, resource, records, context, sent=True)}


def _entry_lines(
    program: Program, resource: Resource, records: Sequence[Values], context: ExpandableContext, *, sent: bool
) -> dict[str, Json]:
    lines = program.lines
    if lines is None:
        return {}
    if sent:
        return {lines.member: [_request_line(lines, resource, record, context) for record in records]}
    return {lines.member: [line_tree(lines, resource, record, context, lines.names) for record in records]}


def line_tree(
    lines: Lines, child: Resource, row: Values, context: ExpandableContext, names: Iterable[str]
) -> dict[str, Json]:
    """Return a line with some of its fields; `child` is the resource of the lines."""
    return {wire: write_text(lines, child, row, wire, lines.paths[wire], context) for wire in names}


def vendor_data(record: Values) -> Values:
    """Return what this wire alone says of a record."""
    data = record.get(VENDOR)
    return data if isinstance(data, dict) else {}


def _answer_text(program: Program, resource: Resource, record: Values, wire: str, context: ExpandableContext) -> str:
    path = program.paths[wire]
    if wire in program.audit:
        return write_audit(record, path, old=context.old)
    if wire == program.status:
        return status_word(record.get("active"), vendor_data(record).get(wire))
    if wire in program.joined:
        return _joined_text(resource, record, wire, path, context)
    return write_text(program, resource, record, wire, path, context)


def write_text(
    fields: FieldList, resource: Resource, record: Values, wire: str, path: Path, context: ExpandableContext
) -> str:
    """Return the value of a field as a text."""
    if path[0] == VENDOR:
        text = vendor_data(record).get(wire)
        return write_vendor_text(wire, text, old=context.old)
    name = str(path[0])
    if wire in fields.codes:
        spelled = context.settings.spellings(fields.codes[wire])
        text = write_value(None, record.get(name, EMPTY), context.settings)
        return spelled.get(text, text)
    return write_value(resource.by_name.get(name), record.get(name, EMPTY), context.settings, old=context.old)


def write_vendor_text(wire: str, text: Value | None, *, old: bool) -> str:
    """Return a value of the vendor's alone."""
    if not isinstance(text, str):
        return ""
    return write_old_date(text) if old and vendor_field(wire).kind is Kind.DATE else text


def status_word(active: Value | None, stored: Value | None) -> str:
    """Return the status of a record: `I` where it is not active, else its own, or `A`."""
    if active in ("false", False):
        return INACTIVE
    return stored if isinstance(stored, str) and stored else ACTIVE


def _joined_text(resource: Resource, record: Values, wire: str, path: Path, context: ExpandableContext) -> str:
    """Return a value of the record that this one belongs to."""
    if not path:
        return ""
    value = record.get(str(path[0]))
    if len(path) == 1:
        return write_value(resource.by_name.get(str(path[0])), value if value is not None else EMPTY, context.settings)
    text = value.get(str(path[1])) if isinstance(value, dict) else None
    if wire == "PART_STATUS":
        return status_word(record.get(PART_ACTIVE), text)
    return write_vendor_text(wire, text, old=context.old)


def write_audit(record: Values, path: Path, *, old: bool = False) -> str:
    """`2026-01-31T12:00:00Z` as its date or its time."""
    name, *part = path
    value = record.get(str(name)) or ""
    if not part:
        return str(value)
    day, _, time = str(value).partition("T")
    if part[0] == "date":
        return write_old_date(day) if old else day
    return time[:5]


def request_tree(program: Program, resource: Resource, record: Values, context: ExpandableContext) -> dict[str, Json]:
    """Return a record as a request has it: those of its fields that this wire carries, in their order."""
    vendor = vendor_data(record)
    own: dict[str, Json] = {}
    if program.found_by and program.found_by[-1] not in record and resource.key[0] in record:
        # What finds it on this wire has the hub's own key as its default.
        record = {**record, program.found_by[-1]: record[resource.key[0]]}
    for wire in (*program.names, *program.trailing):
        path = program.paths[wire]
        sent = wire in vendor if path[0] == VENDOR else str(path[0]) in record
        if sent:
            own[wire] = write_text(program, resource, record, wire, path, context)
    if program.status and "active" in record and program.status not in own:
        own[program.status] = INACTIVE if YES_OR_NO.get(str(record["active"])) == "N" else ACTIVE
    if program.lines is None:
        return own
    lists: dict[str, Json] = {}
    if program.lines.name in record:
        rows: Any = record[program.lines.name] or ()
        child = resource.rows_resource(program.lines.name)
        lists[program.lines.member] = [_request_line(program.lines, child, row, context) for row in rows]
    lists |= {
        each.member: [*write_list(each, vendor[each.stored_name])]
        for each in program.lists
        if each.stored_name in vendor
    }
    return whole_body(program, own, lists, old=context.old_body)


def _request_line(lines: Lines, child: Resource, row: Values, context: ExpandableContext) -> dict[str, Json]:
    vendor = vendor_data(row)
    names = [
        wire for wire, path in lines.paths.items() if (wire in vendor if path[0] == VENDOR else str(path[0]) in row)
    ]
    return line_tree(lines, child, row, context, names)
