"""
The criteria of a search: one field, a value, a page.

    <criteria><field>product_no</field><value>PRO2%</value><limit>20</limit><offset>40</offset></criteria>

Texts match without regard to case, `%` being any text and nothing else a wildcard. Numbers, dates and moments are
equal, or compared as the value says: `>= 2026-11-27 00:00:00`, `< 10`, `1..5` with both ends. Without a field
everything is found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import Kind
from records.shapes.problems import Path, ProblemError, invalid_problem, malformed_error
from records.shapes.resources import VENDOR, Resource
from records.shapes.values import quote_text
from webservices.wire.dialects.crm.arguments import Arguments
from webservices.wire.dialects.crm.context import CrmContext, CrmSettings
from webservices.wire.dialects.crm.names import CUSTOM_PREFIX, UNKNOWN, VENDOR_PREFIX
from webservices.wire.dialects.crm.values import entry_key, hub_field, unknown_member
from webservices.wire.messages import Call

CRITERIA = ("field", "value", "limit", "offset")
# The longer ones first, as each begins with a shorter one.
ORDERS = (Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.MORE, Comparator.LESS)
MAX_DIGITS = 9  # of a limit or an offset


def read_search(call: Call, arguments: Arguments, context: CrmContext) -> Call:
    """Read the criteria into the call; raises ProblemError for a field, a limit or an offset that is wrong."""
    settings, resource = context.settings, call.operation.resource
    members = _read_members(arguments)
    field, value = members.get("field", "").strip(), members.get("value", "")
    if not field and value.strip():
        raise ProblemError(
            invalid_problem("A search by a value needs the field that holds it: {field} is blank.", path=("field",))
        )
    limit = _read_number(members, "limit", least=1, most=settings.most, default=settings.usual_limit)
    offset = _read_number(members, "offset", least=0, most=10**MAX_DIGITS - 1, default=0)
    criteria = _build_criteria(resource, field, value, settings) if field else ()
    arguments.read_rest()
    return replace(call, criteria=criteria, limit=limit, offset=offset, order=("id",))


def _read_members(arguments: Arguments) -> dict[str, str]:
    """Read the members of the criteria; nil ones are left out."""
    members: dict[str, str] = {}
    criteria = arguments.node(arguments.method.payload.name)
    if not criteria.children and criteria.text.strip():
        raise malformed_error(
            "wrong-shape", f"Criteria have {', '.join(CRITERIA)}; {quote_text(criteria.text.strip())} is a text."
        )
    for child in criteria.children:
        if child.name not in CRITERIA or child.children:
            raise malformed_error(
                "unknown-element", f"Criteria have {', '.join(CRITERIA)}, not {quote_text(child.name)}."
            )
        if child.name in members:
            raise malformed_error("twice", f"Criteria have one {child.name}; a search is by one field.")
        node = arguments.follow(child)
        if not node.nil:
            members[child.name] = node.text
    return members


def _read_number(members: Mapping[str, str], name: str, *, least: int, most: int, default: int) -> int:
    text = members.get(name, "").strip()
    if not text:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else least - 1
    if not least <= number <= most:
        raise ProblemError(
            invalid_problem(f"{{field}} is a whole number, {least} to {most}; {quote_text(text)} is not.", path=(name,))
        )
    return number


def _build_criteria(resource: Resource, name: str, value: str, settings: CrmSettings) -> tuple[Criterion, ...]:
    field = hub_field(resource, name)
    known = resource.by_name.get(field)
    if field.startswith(UNKNOWN):
        raise ProblemError(unknown_member(resource).under(field))
    if known is not None and known.kind is Kind.ROWS:
        raise ProblemError(invalid_problem("{field} cannot be searched by.", path=(field,)))
    path = _find_path(resource, field, settings)
    if field == "status":
        value = settings.statuses.get(value.strip(), value)
    value = value.strip()
    if not value:
        return (Criterion(path, Comparator.EQUAL),)  # no values: the field is blank
    pattern = Criterion(path, Comparator.ILIKE, (escape_pattern(value),))
    if field.startswith(CUSTOM_PREFIX):
        # Its kind is the site's to say, and not known here.
        return (replace(pattern, if_no_text=compare_value(path, value)),)
    kind = known.item.kind if known is not None and known.kind is Kind.MAP else known.kind if known else Kind.TEXT
    return (pattern,) if kind is Kind.TEXT else compare_value(path, value)


def _find_path(resource: Resource, field: str, settings: CrmSettings) -> Path:
    """Return the path of a field: of a map with the key of its one entry, of vendor data with its name."""
    if field.startswith(VENDOR_PREFIX):
        return VENDOR, field[len(VENDOR_PREFIX) :]
    key = entry_key(field, resource.plural, settings)
    return (field, key) if key else (field,)


def compare_value(path: Path, value: str) -> tuple[Criterion, ...]:
    """Return the criteria of a value that is no text: equal, or as its first characters say, or a range."""
    first, points, last = (part.strip() for part in value.partition(".."))
    if points and first and last:
        return Criterion(path, Comparator.AT_LEAST, (first,)), Criterion(path, Comparator.AT_MOST, (last,))
    found = next((each for each in ORDERS if value.startswith(each)), None)
    operand = value.removeprefix(found).strip() if found else value
    return (Criterion(path, found or Comparator.EQUAL, (operand,)),)


def write_value(criteria: Sequence[Criterion]) -> str:
    """Write the value of criteria by one field that is no text: undoes `compare_value`."""
    if len(criteria) > 1:
        return "..".join(criterion.values[0] for criterion in criteria)
    comparator = criteria[0].comparator
    return f"{comparator}{criteria[0].values[0]}" if comparator in ORDERS else criteria[0].values[0]


def escape_pattern(value: str) -> str:
    """Escape a value in which only `%` is a wildcard, as a pattern of LIKE."""
    return value.replace("\\", "\\\\").replace("_", "\\_")
