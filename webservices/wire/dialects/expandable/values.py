"""
Records in JSON, both ways: every value is a text.

    flag          "Y", "N"                        date      "2026-01-31"
    number        "1000", "250.00"                time      "12:00:00" (UTC)
    list          "https://a.example/|D:\\\\a.docx"  no value  ""

A number, true or false in a request is taken as text; null as "". A | inside an entry of a list is written %7C.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from records.shapes.fields import Field, Kind, MapField, ScalarField
from records.shapes.problems import Family, Path, Problem, ProblemError, invalid_problem
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values, quote_text
from webservices.wire.dialects.expandable.context import ExpandableSettings
from webservices.wire.dialects.expandable.tables import AUDIT, TOKEN, Lines, Program
from webservices.wire.json import Json, to_values

YES_OR_NO = {"true": "Y", "false": "N"}
FLAGS = {"y": "true", "n": "false", "1": "true", "0": "false"}


def read_text(found: Json, name: str) -> str:
    """Return a value as the text that it stands for; raises ProblemError for an array or an object."""
    if isinstance(found, dict | list):
        shape = "an array" if isinstance(found, list) else "an object"
        raise shape_error(f"{quote_text(name)} takes a text, not {shape}.")
    # A client that writes numbers as numbers means the same: its digits are kept as they came.
    text = to_values(found)
    return text if isinstance(text, str) else ""


def read_texts(found: Json, name: str = "") -> dict[str, str]:
    """Return the members of an object, each as text; raises ProblemError where there is no object."""
    if not isinstance(found, dict):
        what = quote_text(name) if name else "The body"
        raise shape_error(f"{what} must be an object.")
    return {member: read_text(value, member) for member, value in found.items()}


def shape_error(sentence: str) -> ProblemError:
    """The error of JSON that is none of the shapes that are taken."""
    return ProblemError(Problem("wrong-shape", Family.MALFORMED, sentence))


def read_value(entry: Field | None, text: str, settings: ExpandableSettings) -> Value:
    """Return the value of a field that a text spells; raises ProblemError."""
    if entry is not None and entry.kind is Kind.MAP:
        return {_entry_key(entry, settings): text if text.strip() else EMPTY}
    if not text.strip():
        return EMPTY
    if entry is None:  # a user field that the site has not defined: the core refuses it
        return text
    if entry.kind is Kind.LIST:
        return [*text.split("|")]
    return read_flag(text) if entry.kind is Kind.BOOLEAN else text


def read_flag(text: str) -> str:
    """Return `true` for `Y`; raises ProblemError for what is no flag."""
    word = text.strip().lower()
    value = FLAGS.get(word, word)
    if value not in YES_OR_NO:
        raise ProblemError(
            invalid_problem(f"{{field}} must be Y or N; {quote_text(text)} is neither.", code="not-a-flag")
        )
    return value


def _entry_key(entry: MapField, settings: ExpandableSettings) -> str:
    """The key of the one entry of a map that this wire has: the site's currency for money, else its language."""
    return settings.currency if entry.item.money else settings.language


def path_with_key(entry: Field | None, path: Path, settings: ExpandableSettings) -> Path:
    """Return the path of a criterion; for a map, that of its one entry."""
    return (*path, _entry_key(entry, settings)) if entry is not None and entry.kind is Kind.MAP else path


def write_value(entry: Field | None, value: Value, settings: ExpandableSettings) -> str:
    """Return the text that `read_value` turns back into a value; "" for one that this wire cannot say."""
    match value:
        case dict() if entry is not None and entry.kind is Kind.MAP:
            return write_value(None, value.get(_entry_key(entry, settings), EMPTY), settings)
        case list():
            return "|".join(str(item).replace("|", "%7C") if item is not EMPTY else "" for item in value)
        case str():
            return YES_OR_NO.get(value, value) if entry is not None and entry.kind is Kind.BOOLEAN else value
    return ""


def _write_audit(record: Values, path: Path) -> str:
    """`2026-01-31T12:00:00Z` as its date or its time."""
    name, *part = path
    value = record.get(str(name)) or ""
    if not part:
        return str(value)
    day, _, time = str(value).partition("T")
    return day if part[0] == "date" else time[:8]


def describe(entry: Field) -> Field:
    """Return a field as people read of it here: a flag is Y or N, a map has one entry, a list is one text."""
    match entry.kind:
        case Kind.BOOLEAN:
            default = YES_OR_NO.get(entry.default or "")
            return replace(entry, kind=Kind.TEXT, choices=(("Y", "yes"), ("N", "no")), default=default)
        case Kind.MAP:
            which = "The site's currency." if entry.item.money else "In the site's language."
            return replace(entry.item, name=entry.name, help=which)
        case Kind.LIST:
            each = f"{entry.help.rstrip('.')}; a | between two of them."
            return ScalarField(
                entry.name,
                label=entry.label,
                help=each,
                required=entry.required,
                read_only=entry.read_only,
                source=entry.source,
                nullable=entry.nullable,
            )
    return entry


def record_fields(program: Program, resource: Resource) -> Iterator[tuple[str, Path]]:
    """Yield name and hub's path of every field of a record, in order; user fields as the site has defined them."""
    yield from ((wire, (name,)) for wire, name in program.fields.items())
    yield from ((wire, (name,)) for wire, name in program.user_fields(resource.custom_fields).items())
    yield from AUDIT.items()
    yield from ((wire, (name,)) for wire, name in program.trailing.items())


def record_tree(program: Program, resource: Resource, record: Values, settings: ExpandableSettings) -> dict[str, Json]:
    """Return a record as it is answered: all its fields, every one as text."""
    tree: dict[str, Json] = {
        wire: _write_audit(record, path)
        if wire in AUDIT
        else write_value(resource.by_name[str(path[0])], record.get(str(path[0]), EMPTY), settings)
        for wire, path in record_fields(program, resource)
    }
    if program.lines is None:
        return tree
    rows: Any = record.get(program.lines.name) or ()
    child = resource.rows_resource(program.lines.name)
    return {
        program.lines.head: tree,
        program.lines.member: [_line(program.lines.fields, child, row, settings, whole=True) for row in rows],
    }


def request_tree(program: Program, resource: Resource, record: Values, settings: ExpandableSettings) -> dict[str, Json]:
    """Return a record as a request has it: those of its fields that this wire carries, in their order."""
    lines = program.lines
    wires = {wire_name(program, name): name for name in record if lines is None or name != lines.name}
    # In the order of the tables, whatever that of the record is: people compare requests with the help page.
    places = {wire: place for place, (wire, _) in enumerate(record_fields(program, resource))}
    order = sorted(filter(None, wires), key=lambda wire: places.get(wire, len(places)))
    tree: dict[str, Json] = {
        wire: write_value(resource.by_name.get(wires[wire]), record[wires[wire]], settings) for wire in order
    }
    if lines is None:
        return tree
    body: dict[str, Json] = {lines.head: tree}
    if lines.name in record:
        child = resource.rows_resource(lines.name)
        rows: Any = record[lines.name] or ()
        body[lines.member] = [_line(lines.fields, child, row, settings, whole=False) for row in rows]
    return body


def wire_name(program: Program, name: str) -> str:
    """Return the name on the wire of one of the hub's; "": this wire does not have it."""
    if name in program.wire_names:
        return program.wire_names[name]
    number = name.removeprefix("custom_field")
    return f"{program.user_prefix}_{number}" if program.user_prefix and number != name else ""


def _line(
    fields: Mapping[str, str], child: Resource, row: Values, settings: ExpandableSettings, *, whole: bool
) -> Json:
    return {
        wire: write_value(child.by_name[name], row.get(name, EMPTY), settings)
        for wire, name in fields.items()
        if whole or name in row
    }


def split_body(program: Program | None, found: Json) -> tuple[dict[str, str], list[dict[str, str]] | None, str]:
    """
    Return the members of a body as texts, those of each line (None: no list was sent), and the token.

    Raises ProblemError for what has another shape.
    """
    lines = program.lines if program else None
    if lines is None:
        members = read_texts(found)
        return members, None, members.pop(TOKEN, "")
    if not isinstance(found, dict):
        raise shape_error("The body must be an object.")
    # AUTH_TOKEN stands beside the head, not in it.
    rest = {name: value for name, value in found.items() if name not in (lines.head, lines.member)}
    members = read_texts(rest)
    token = members.pop(TOKEN, "")
    head = read_texts(found.get(lines.head, {}), lines.head)
    # Clients of the older calls put all members side by side; both forms are taken, but not one member in both.
    if twice := [name for name in head if name in members]:
        raise shape_error(f"{quote_text(twice[0])} stands in {lines.head} and beside it; send it once.")
    return {**members, **head}, _rows(lines, found), token


def _rows(lines: Lines, found: Mapping[str, Json]) -> list[dict[str, str]] | None:
    rows: Sequence[Json] | Json = found.get(lines.member)
    if rows is None:  # null as well: generated classes send it for what nobody set
        return None
    if not isinstance(rows, list):
        raise shape_error(f"{quote_text(lines.member)} must be an array of objects.")
    return [read_texts(row, lines.member) for row in rows]
