"""
The criteria of a search: one field, a value, a page.

    <criteria><field>product_no</field><value>PRO2%</value><limit>20</limit><offset>40</offset></criteria>

Texts match without regard to case, `%` being any text and nothing else a wildcard; all other values must be equal.
Without a field everything is found.
"""

from collections.abc import Mapping
from dataclasses import replace

from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import Field, Kind
from records.shapes.problems import ProblemError, invalid_problem, malformed_error
from records.shapes.resources import Resource
from records.shapes.values import quote_text
from webservices.wire.dialects.crm.arguments import Arguments
from webservices.wire.dialects.crm.context import CrmContext, CrmSettings
from webservices.wire.dialects.crm.names import CUSTOM_PREFIX
from webservices.wire.dialects.crm.values import entry_key, hub_field, unknown_member
from webservices.wire.messages import Call

CRITERIA = ("field", "value", "limit", "offset")
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
    criteria = (_build_criterion(resource, field, value, settings),) if field else ()
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


def _build_criterion(resource: Resource, name: str, value: str, settings: CrmSettings) -> Criterion:
    field = hub_field(resource, name)
    known = resource.by_name.get(field)
    if known is None and not field.startswith(CUSTOM_PREFIX):
        raise ProblemError(unknown_member(resource).under(field))
    if known is not None and known.kind is Kind.ROWS:
        raise ProblemError(invalid_problem("{field} cannot be searched by.", path=(field,)))
    path = (field, key) if (key := entry_key(field, resource.plural, settings)) else (field,)
    if field == "status":
        value = settings.statuses.get(value.strip(), value)
    comparator, value = _choose_comparator(known), value.strip()
    if not value:
        return Criterion(path, Comparator.EQUAL)  # no values: the field is blank
    operand = escape_pattern(value) if comparator is Comparator.ILIKE else value
    # The core falls back to EQUAL when a custom field turns out to be no text, which LIKE could not compare.
    return Criterion(path, comparator, (operand,), or_equal=known is None)


def _choose_comparator(field: Field | None) -> Comparator:
    """Return the comparator of a search by a field; None is a field of the site's own, of an unknown kind."""
    if field is None:
        return Comparator.ILIKE
    kind = field.item.kind if field.kind is Kind.MAP else field.kind
    return Comparator.ILIKE if kind is Kind.TEXT else Comparator.EQUAL


def escape_pattern(value: str) -> str:
    """Escape a value in which only `%` is a wildcard, as a pattern of LIKE."""
    return value.replace("\\", "\\\\").replace("_", "\\_")
