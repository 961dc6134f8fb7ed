"""
The JSON inside `bulkEntitySave`: records in, an entry for each that was saved out.

    type        Products
    datas       [{"id": 77, "description": "Pump, small"}, {"product_no": "PRO2125", "lead_time": "soon"}]
    gives       [{"id": 77, "product_no": "PRO2124", "result": "updated"}]
    X-Problems  [{"record":2,"error":"lead_time must be a whole number; 'soon' is not."}]

The vendor's own client takes any entry for a success, so that a record that failed has none, unless the site wants it:

                [{"id": 77, …}, {"product_no": "PRO2125", "result": "failed", "error": "lead_time must be …"}]

Members are those of the type, flat; null is absent, as nil is, and "" clears. Of a field with one value an array has
the choices that were made, which become one text: `red |##| blue`. A sales order may have its rows; [] says nothing of
them, `"clear_rows": true` removes them.
"""

from collections.abc import Iterable, Mapping

from records.shapes.fields import SCALARS, Field, Kind
from records.shapes.outcomes import Outcome
from records.shapes.problems import Problem, ProblemError, malformed_error
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, InvalidValue, Value, Values
from webservices.wire.dialects.crm.context import CrmSettings
from webservices.wire.dialects.crm.names import CLEAR_PREFIX, UNKNOWN, clear_members, spell, wire_name
from webservices.wire.dialects.crm.values import (
    clear_rows,
    clears,
    combine_members,
    hub_field,
    iterate_members,
    list_rows,
    to_hub_values,
    unknown_member,
)
from webservices.wire.json import Json, read_json, to_values, write_json
from webservices.wire.record_notes import write_record_notes

SEPARATOR = " |##| "  # between the choices of a field that may have several, as vtiger stores them


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


def _read_record(resource: Resource, record: Mapping[str, Json], settings: CrmSettings) -> dict[str, Value]:
    found: list[tuple[str, str, Value]] = []
    for name, value in record.items():
        field = hub_field(resource, name)
        known = resource.by_name.get(field)
        if known is not None and known.kind is Kind.ROWS and isinstance(value, list):
            found.append((name, field, [*(_read_row(known.child, row, settings) for row in value)] or EMPTY))
        elif field.startswith(UNKNOWN) and value is not None and name not in clear_members(resource):
            found.append((name, field, InvalidValue(unknown_member(resource))))
        elif value is not None:
            found.append((name, field, _read_value(known, value)))
    return to_hub_values(resource, clear_rows(resource, combine_members(resource, found)), settings)


def _read_value(field: Field | None, value: Json) -> Value:
    """Read one value; an array becomes one text, where its field has one value. None: a field of the site's own."""
    read = to_values(value)
    if not isinstance(read, list) or (field is not None and field.kind not in SCALARS):
        return read
    choices = [each for each in read if each is not EMPTY]
    # What holds more than texts is handed on as it is, for the core to refuse.
    texts = [each for each in choices if isinstance(each, str)]
    return (SEPARATOR.join(texts) or EMPTY) if len(texts) == len(choices) else read


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


def write_outcomes(resource: Resource, outcomes: Iterable[Outcome], *, with_failed: bool = False) -> str:
    """Write an entry for each record that was saved, or for each, in the order in which they were sent."""
    entries = (outcome for outcome in outcomes if with_failed or not outcome.failed)
    return write_json([_write_outcome(resource, outcome) for outcome in entries])


def _write_outcome(resource: Resource, outcome: Outcome) -> dict[str, object]:
    entry: dict[str, object] = {"id": outcome.id} if outcome.id is not None else {}
    if outcome.key:
        entry[wire_name(resource.plural, resource.key[0])] = outcome.key
    entry["result"] = str(outcome.result)
    if outcome.failed:
        entry["error"] = _describe_failure(resource, outcome)
    if outcome.warnings:
        entry["warning"] = _join_sentences(resource, outcome.warnings)
    return entry


def _describe_failure(resource: Resource, outcome: Outcome) -> str:
    return _join_sentences(resource, outcome.problems) or "It was not accepted."


def _join_sentences(resource: Resource, problems: Iterable[Problem]) -> str:
    return " ".join(problem.sentence(lambda path: spell(resource.plural, path)) for problem in problems)


def write_problems(resource: Resource, outcomes: Iterable[Outcome]) -> str:
    """Write why records failed as the value of a header; "": none did."""
    failed = [(number, outcome) for number, outcome in enumerate(outcomes, 1) if outcome.failed]
    return write_record_notes("error", [(number, _describe_failure(resource, outcome)) for number, outcome in failed])
