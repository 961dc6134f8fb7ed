"""
Records in JSON, both ways: every value is a text.

    flag          "Y", "N"                        date      "2026-01-31"
    number        "1000", "250.00"                time      "12:00:00" (UTC)
    list          "https://a.example/|D:\\\\a.docx"  no value  ""

A number, true or false in a request is taken as text; null as "". A | inside an entry of a list is written %7C.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from records.shapes.fields import Field, Kind, ScalarField
from records.shapes.problems import Family, Path, Problem, ProblemError, invalid
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values, quoted
from webservices.wire.dialects.expandable.context import ExpandableSettings
from webservices.wire.dialects.expandable.tables import AUDIT, TOKEN, Lines, Program
from webservices.wire.json import Json, to_values

FLAGS = {"Y": "true", "N": "false"}
YES_OR_NO = {value: flag for flag, value in FLAGS.items()}


def text_of(found: Json, name: str) -> str:
    """A value as the text that it stands for; raises ProblemError for an array or an object."""
    if isinstance(found, dict | list):
        shape = "an array" if isinstance(found, list) else "an object"
        raise not_taken(f"{quoted(name)} takes a text, not {shape}.")
    text = to_values(found)
    return "" if text is EMPTY else text


def texts_of(found: Json, name: str = "") -> dict[str, str]:
    """The members of an object, each as text; raises ProblemError."""
    if not isinstance(found, dict):
        what = quoted(name) if name else "The body"
        raise not_taken(f"{what} must be an object.")
    return {member: text_of(value, member) for member, value in found.items()}


def not_taken(sentence: str) -> ProblemError:
    """JSON that is none of the shapes that are taken."""
    return ProblemError(Problem("wrong-shape", Family.MALFORMED, sentence))


def read_value(entry: Field | None, text: str, settings: ExpandableSettings) -> Value:
    """The value of a field that the text spells; raises ProblemError."""
    kind = entry.kind if entry else Kind.TEXT
    if kind is Kind.MAP:
        return {_only_key(entry, settings): text if text.strip() else EMPTY}
    if not text.strip():
        return EMPTY
    if kind is Kind.LIST:
        return text.split("|")
    return read_flag(text) if kind is Kind.BOOLEAN else text


def read_flag(text: str) -> str:
    """`Y` as `true`; raises ProblemError."""
    value = FLAGS.get(text.strip().upper(), text.strip().lower())
    if value not in YES_OR_NO:
        raise ProblemError(invalid(f"{{field}} must be Y or N; {quoted(text)} is neither.", code="not-a-flag"))
    return value


def _only_key(entry: Field, settings: ExpandableSettings) -> str:
    """The one entry of a map that this wire has: by currency if it is money, else by language."""
    return settings.currency if entry.item.money else settings.language


def path_with_key(entry: Field | None, path: Path, settings: ExpandableSettings) -> Path:
    """The path of a criterion; of a map, of its one entry."""
    return (*path, _only_key(entry, settings)) if entry is not None and entry.kind is Kind.MAP else path


def write_value(entry: Field | None, value: Value, settings: ExpandableSettings) -> str:
    """Undoes `read_value`."""
    match value:
        case dict():
            return (
                write_value(None, value.get(_only_key(entry, settings), EMPTY), settings) if entry is not None else ""
            )
        case list():
            return "|".join(str(item).replace("|", "%7C") if item is not EMPTY else "" for item in value)
        case str():
            return YES_OR_NO.get(value, value) if entry is not None and entry.kind is Kind.BOOLEAN else value
    return ""


def _write_audit(record: Values, path: Path) -> str:
    """`2026-01-31T12:00:00Z` as its date or its time."""
    name, *part = path
    value = record.get(name) or ""
    if not part:
        return str(value)
    day, _, time = str(value).partition("T")
    return day if part[0] == "date" else time[:8]


def seen(entry: Field) -> Field:
    """The field as it is here, in what people read."""
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


def own_fields(program: Program, resource: Resource) -> Iterator[tuple[str, Path]]:
    """Every field of a record in order, with where it leads; user fields as the site has defined them."""
    yield from ((wire, (name,)) for wire, name in program.fields.items())
    yield from ((wire, (name,)) for wire, name in program.users_of(resource.custom_fields).items())
    yield from AUDIT.items()
    yield from ((wire, (name,)) for wire, name in program.ends.items())


def record_tree(program: Program, resource: Resource, record: Values, settings: ExpandableSettings) -> dict[str, Json]:
    """A record as it is answered: all its fields, every one as text."""
    tree = {
        wire: _write_audit(record, path)
        if wire in AUDIT
        else write_value(resource.by_name[path[0]], record.get(path[0], EMPTY), settings)
        for wire, path in own_fields(program, resource)
    }
    if program.lines is None:
        return tree
    rows = record.get(program.lines.name) or ()
    child = resource.rows_resource(program.lines.name)
    return {
        program.lines.head: tree,
        program.lines.member: [_line(program.lines.fields, child, row, settings, whole=True) for row in rows],
    }


def sent_tree(program: Program, resource: Resource, record: Values, settings: ExpandableSettings) -> dict[str, Json]:
    """A record as a request spells it: those of its fields that this wire carries, in their order."""
    lines = program.lines
    wires = {wire_of(program, name): name for name in record if lines is None or name != lines.name}
    places = {wire: place for place, (wire, _) in enumerate(own_fields(program, resource))}
    order = sorted(filter(None, wires), key=lambda wire: places.get(wire, len(places)))
    tree = {wire: write_value(resource.by_name.get(wires[wire]), record[wires[wire]], settings) for wire in order}
    if lines is None:
        return tree
    body: dict[str, Json] = {lines.head: tree}
    if lines.name in record:
        child = resource.rows_resource(lines.name)
        rows = record[lines.name] or ()
        body[lines.member] = [_line(lines.fields, child, row, settings, whole=False) for row in rows]
    return body


def wire_of(program: Program, name: str) -> str:
    """The name on the wire of one of the hub's; "": this wire does not have it."""
    if name in program.by_hub:
        return program.by_hub[name]
    number = name.removeprefix("custom_field")
    return f"{program.users}_{number}" if program.users and number != name else ""


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
    The members of a body as texts, those of each line (None: no list was sent), and the token; raises ProblemError for
    what has another shape.
    """
    lines = program.lines if program else None
    if lines is None:
        members = texts_of(found)
        return members, None, members.pop(TOKEN, "")
    if not isinstance(found, dict):
        raise not_taken("The body must be an object.")
    rest = {name: value for name, value in found.items() if name not in (lines.head, lines.member)}
    members = texts_of(rest)
    token = members.pop(TOKEN, "")
    head = texts_of(found.get(lines.head, {}), lines.head)
    if twice := [name for name in head if name in members]:
        raise not_taken(f"{quoted(twice[0])} stands in {lines.head} and beside it; send it once.")
    return {**members, **head}, _rows(lines, found), token


def _rows(lines: Lines, found: Mapping[str, Json]) -> list[dict[str, str]] | None:
    if lines.member not in found:
        return None
    rows: Sequence[Json] | Json = found[lines.member]
    if not isinstance(rows, list):
        raise not_taken(f"{quoted(lines.member)} must be an array of objects.")
    return [texts_of(row, lines.member) for row in rows]
