"""
The criteria of a search: one field, a value, a page.

    <criteria><field>product_no</field><value>PRO2%</value><limit>20</limit><offset>40</offset></criteria>

Texts match without regard to case, `%` being any text and nothing else a wildcard; what is no text is equal. Without a
field everything is found.
"""

from collections.abc import Mapping
from dataclasses import replace

from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import Field, Kind
from records.shapes.problems import ProblemError, invalid
from records.shapes.resources import Resource
from records.shapes.values import quoted
from webservices.wire.dialects.crm.arguments import Arguments
from webservices.wire.dialects.crm.context import CrmSettings
from webservices.wire.dialects.crm.names import CUSTOM
from webservices.wire.dialects.crm.records import field_named, key_of, no_member
from webservices.wire.messages import Call
from webservices.wire.xml.parsing import refused

CRITERIA = ("field", "value", "limit", "offset")
LONGEST_WHOLE = 9  # digits of a limit or an offset


def search(call: Call, arguments: Arguments) -> Call:
    """The call with what its criteria ask for."""
    settings, resource = call.context.settings, call.operation.resource
    asked = _asked(arguments)
    field, value = asked.get("field", "").strip(), asked.get("value", "")
    if not field and value.strip():
        raise ProblemError(
            invalid("A search by a value needs the field that holds it: {field} is blank.", path=("field",))
        )
    limit = _whole(asked, "limit", least=1, most=settings.most, usual=settings.usual_limit)
    offset = _whole(asked, "offset", least=0, most=10**LONGEST_WHOLE - 1, usual=0)
    criteria = (_criterion(resource, field, value, settings),) if field else ()
    arguments.rest()
    return replace(call, criteria=criteria, limit=limit, offset=offset, order=("id",))


def _asked(arguments: Arguments) -> dict[str, str]:
    """The members of the criteria; nil ones are left out."""
    asked: dict[str, str] = {}
    criteria = arguments.node(arguments.method.payload.name)
    if not criteria.children and criteria.text.strip():
        raise refused("wrong-shape", f"Criteria have {', '.join(CRITERIA)}; {quoted(criteria.text.strip())} is a text.")
    for child in criteria.children:
        if child.name not in CRITERIA or child.children:
            raise refused("unknown-element", f"Criteria have {', '.join(CRITERIA)}, not {quoted(child.name)}.")
        if child.name in asked:
            raise refused("twice", f"Criteria have one {child.name}; a search is by one field.")
        node = arguments.follow(child)
        if not node.nil:
            asked[child.name] = node.text
    return asked


def _whole(asked: Mapping[str, str], name: str, *, least: int, most: int, usual: int) -> int:
    text = asked.get(name, "").strip()
    if not text:
        return usual
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_WHOLE else least - 1
    if not least <= number <= most:
        raise ProblemError(
            invalid(f"{{field}} is a whole number, {least} to {most}; {quoted(text)} is not.", path=(name,))
        )
    return number


def _criterion(resource: Resource, name: str, value: str, settings: CrmSettings) -> Criterion:
    field = field_named(resource, name)
    known = resource.by_name.get(field)
    if known is None and not field.startswith(CUSTOM):
        raise ProblemError(no_member(resource, name).under(field))
    if known is not None and known.kind is Kind.ROWS:
        raise ProblemError(invalid("{field} cannot be searched by.", path=(field,)))
    path = (field, key) if (key := key_of(field, resource.plural, settings)) else (field,)
    if field == "status":
        value = settings.statuses.get(value.strip(), value)
    comparator, value = compares(known), value.strip()
    if not value:
        return Criterion(path, Comparator.EQUAL)
    operand = as_pattern(value) if comparator is Comparator.ILIKE else value
    return Criterion(path, comparator, (operand,), or_equal=known is None)


def compares(field: Field | None) -> Comparator:
    """What a search compares a field with; one that is not known here is the site's own, and perhaps no text."""
    if field is None:
        return Comparator.ILIKE
    kind = field.item.kind if field.kind is Kind.MAP else field.kind
    return Comparator.ILIKE if kind is Kind.TEXT else Comparator.EQUAL


def as_pattern(value: str) -> str:
    """A value in which only `%` is a wildcard, as a pattern of LIKE."""
    return value.replace("\\", "\\\\").replace("_", "\\_")
