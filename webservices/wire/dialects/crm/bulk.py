"""
The JSON inside `bulkEntitySave`: records in, what became of each out.

    type   Products
    datas  [{"id": 77, "description": "Pump, small"}, {"product_no": "PRO2125", "lead_time": "soon"}]
    gives  [{"id": 77, "product_no": "PRO2124", "result": "updated"},
            {"product_no": "PRO2125", "result": "failed", "error": "lead_time must be a whole number; 'soon' is not."}]

Members are those of the type, flat; null is absent, as nil is, and "" clears. A sales order may have its rows.
"""

from collections.abc import Iterable, Mapping

from records.shapes.fields import Kind
from records.shapes.outcomes import Outcome
from records.shapes.problems import ProblemError
from records.shapes.resources import Resource
from records.shapes.values import InvalidValue, Values
from webservices.wire.dialects.crm.context import CrmSettings
from webservices.wire.dialects.crm.names import UNKNOWN, name_of, spell
from webservices.wire.dialects.crm.records import field_named, no_member, shown, spelled_inside
from webservices.wire.json import read_json, to_values, write_json
from webservices.wire.xml.parsing import refused


def read_datas(resource: Resource, text: str, settings: CrmSettings) -> list[Values]:
    """The records of `datas`; raises ProblemError for what is no JSON array of objects."""
    try:
        found = read_json(text.encode())
    except ProblemError as refusal:
        raise refused("datas", refusal.problem.text.replace("The body", "datas")) from None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise refused("datas", "datas is a JSON array of objects.")
    return [_record(resource, each, settings) for each in found]


def _record(resource: Resource, members: Mapping[str, object], settings: CrmSettings) -> Values:
    values = {}
    for name, value in members.items():
        field = field_named(resource, name)
        known = resource.by_name.get(field)
        if known is not None and known.kind is Kind.ROWS and isinstance(value, list):
            rows = (_record(known.child, row, settings) if isinstance(row, dict) else to_values(row) for row in value)
            values[field] = [*rows] or to_values("")
        elif value is not None:
            values[field] = InvalidValue(no_member(resource, name)) if field.startswith(UNKNOWN) else to_values(value)
    return spelled_inside(resource, values, settings)


def write_datas(resource: Resource, records: Iterable[Values], settings: CrmSettings) -> str:
    """The JSON of records: undoes `read_datas`."""
    return write_json([_members(resource, record, settings) for record in records], indent=2)


def _members(resource: Resource, record: Values, settings: CrmSettings) -> dict[str, object]:
    return {
        name: [_members(field.child, row, settings) for row in value or ()] if field.kind is Kind.ROWS else value or ""
        for name, field, value in shown(resource, record, settings)
    }


def write_outcomes(resource: Resource, outcomes: Iterable[Outcome]) -> str:
    """What became of each record, in the order in which they were sent."""
    return write_json([*(_outcome(resource, outcome) for outcome in outcomes)])


def _outcome(resource: Resource, outcome: Outcome) -> dict[str, object]:
    plural = resource.plural
    said: dict[str, object] = {"id": outcome.id} if outcome.id is not None else {}
    if outcome.key:
        said[name_of(plural, resource.key[0])] = outcome.key
    said["result"] = str(outcome.result)
    if outcome.failed:
        sentences = (problem.sentence(lambda path: spell(plural, path)) for problem in outcome.problems)
        said["error"] = " ".join(sentences) or "It was not accepted."
    return said
