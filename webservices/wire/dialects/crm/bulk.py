"""
The JSON inside `bulkEntitySave`: records in, a result for each out.

    type   Products
    datas  [{"id": 77, "description": "Pump, small"}, {"product_no": "PRO2125", "lead_time": "soon"}]
    gives  [{"id": 77, "product_no": "PRO2124", "result": "updated"},
            {"product_no": "PRO2125", "result": "failed", "error": "lead_time must be a whole number; 'soon' is not."}]

Members are those of the type, flat; null is absent, as nil is, and "" clears. A sales order may have its rows;
[] says nothing of them, `"clear_rows": true` removes them.
"""

from collections.abc import Iterable, Mapping

from records.shapes.fields import Kind
from records.shapes.outcomes import Outcome
from records.shapes.problems import ProblemError, malformed_error
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, InvalidValue, Value, Values
from webservices.wire.dialects.crm.context import CrmSettings
from webservices.wire.dialects.crm.names import CLEAR_PREFIX, UNKNOWN, clear_members, spell, wire_name
from webservices.wire.dialects.crm.values import (
    clear_rows,
    clears,
    hub_field,
    iterate_members,
    list_rows,
    to_hub_values,
    unknown_member,
)
from webservices.wire.json import Json, read_json, to_values, write_json


def read_json_records(resource: Resource, text: str, settings: CrmSettings) -> list[Values]:
    """Read the records of `datas`; raises ProblemError for what is no JSON array of objects."""
    try:
        document = read_json(text.encode(), settings.body_limit)
    except ProblemError as refusal:
        # The reader speaks of the body; here the JSON is one argument of it.
        raise malformed_error("datas", refusal.problem.text.replace("The body", "datas")) from None
    if not isinstance(document, list):
        raise malformed_error("datas", "datas is a JSON array of objects.")
    records = [each for each in document if isinstance(each, dict)]
    if len(records) != len(document):
        raise malformed_error("datas", "datas is a JSON array of objects.")
    return [_read_record(resource, each, settings) for each in records]


def _read_record(resource: Resource, members: Mapping[str, Json], settings: CrmSettings) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, value in members.items():
        field = hub_field(resource, name)
        known = resource.by_name.get(field)
        if known is not None and known.kind is Kind.ROWS and isinstance(value, list):
            values[field] = [*(_read_row(known.child, row, settings) for row in value)] or EMPTY
        elif field.startswith(UNKNOWN) and value is not None and name not in clear_members(resource):
            values[field] = InvalidValue(unknown_member(resource))
        elif value is not None:
            values[field] = to_values(value)
    return to_hub_values(resource, clear_rows(resource, values), settings)


def _read_row(resource: Resource, row: Json, settings: CrmSettings) -> Value:
    """Read one row; what is no object is handed on as it is, for the core to refuse."""
    return _read_record(resource, row, settings) if isinstance(row, dict) else to_values(row)


def write_json_records(resource: Resource, records: Iterable[Values], settings: CrmSettings) -> str:
    """Write the JSON of records: undoes `read_json_records`."""
    # Laid out for people, who edit it as text in a skeleton.
    return write_json([_write_record(resource, record, settings) for record in records], indent=2)


def _write_record(resource: Resource, record: Values, settings: CrmSettings) -> dict[str, object]:
    written: dict[str, object] = {}
    for name, field, value in iterate_members(resource, record, settings):
        if clears(field, value, in_request=True):
            written[CLEAR_PREFIX + name] = True
        elif field.kind is Kind.ROWS:
            written[name] = [_write_record(field.child, row, settings) for row in list_rows(value)]
        else:
            written[name] = value or ""
    return written


def write_outcomes(resource: Resource, outcomes: Iterable[Outcome]) -> str:
    """Write a result for each record, in the order in which they were sent."""
    return write_json([*(_write_outcome(resource, outcome) for outcome in outcomes)])


def _write_outcome(resource: Resource, outcome: Outcome) -> dict[str, object]:
    plural = resource.plural
    result: dict[str, object] = {"id": outcome.id} if outcome.id is not None else {}
    if outcome.key:
        result[wire_name(plural, resource.key[0])] = outcome.key
    result["result"] = str(outcome.result)
    if outcome.failed:
        sentences = (problem.sentence(lambda path: spell(plural, path)) for problem in outcome.problems)
        result["error"] = " ".join(sentences) or "It was not accepted."
    return result
