"""
Criteria of Oracle CPQ, both ways: getParts and deleteParts choose their records by them.

    <bm:criteria>
      <bm:field>price.USD</bm:field><bm:value>100</bm:value><bm:comparator>&lt;</bm:comparator>
    </bm:criteria>

All must be met. A blank value asks for records without one; IN takes values with commas between them.
"""

from collections.abc import Iterable, Sequence

from records.shapes.criteria import Comparator, Criterion
from records.shapes.problems import Family, Problem, ProblemError, invalid_problem, malformed_error
from records.shapes.resources import Resource
from records.shapes.values import Values, quote_text
from webservices.wire.dialects.oracle.context import OracleSettings
from webservices.wire.dialects.oracle.names import (
    COMPARATORS,
    CONTRACT_COMPARATORS,
    CRITERION,
    PREFIX,
    REMOVAL_KEYS,
    field_name,
    hub_name,
    operation_name,
    read_flag,
    spell,
)
from webservices.wire.messages import Call, too_many_criteria_problem
from webservices.wire.operations import Operation
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.writing import Markup, element, join


def read_criteria(resource: Resource, nodes: Iterable[Node], settings: OracleSettings) -> list[Criterion]:
    """Read all criteria of a message; raises ProblemError for one that is none, and for too many."""
    criteria = []
    for node in nodes:
        criteria.append(_read_criterion(resource, node))
        if len(criteria) > settings.criteria_limit:
            raise ProblemError(too_many_criteria_problem(settings.criteria_limit, CRITERION))
    return criteria


def _read_criterion(resource: Resource, node: Node) -> Criterion:
    texts = {"field": "", "value": "", "comparator": ""}
    for child in node.children:
        if child.name not in texts or child.children:
            raise malformed_error(
                "unknown-element", f"{CRITERION} holds {', '.join(texts)}, not {quote_text(child.name)}."
            )
        texts[child.name] = child.text
    spelled, symbol = texts["field"].strip(), texts["comparator"].strip()
    name, *key = spelled.split(".")  # `price.USD`: one entry of a map
    if not name:
        raise malformed_error("no-field", f"A {CRITERION} has no field.")
    comparator = COMPARATORS.get(symbol.lower())
    if comparator is None:
        raise ProblemError(
            invalid_problem(
                f"{quote_text(symbol)} is no comparator; they are {'  '.join(CONTRACT_COMPARATORS)}.", code="comparator"
            )
        )
    # Only IN splits: a company may have a comma in its name.
    values = texts["value"].split(",") if comparator is Comparator.IN else [texts["value"]]
    hub = hub_name(resource, name)
    return Criterion((hub, *key), comparator, tuple(read_flag(hub, value.strip()) for value in values))


def check_removal(operation: Operation, criteria: Sequence[Criterion]) -> None:
    """Raise ProblemError for a removal that does not name its records: whole tables are removed by no slip."""
    resource = operation.resource
    # LIKE '%' would name all there is, and so would a blank value: neither names a record.
    sets = REMOVAL_KEYS.get(resource.plural, (resource.key,))
    names = {criterion.path[0] for criterion in criteria if _names_records(criterion)}
    if not any(names.issuperset(each) for each in sets):
        ways = [" and ".join(field_name(resource.name, name) for name in each) for each in sets]
        what = f"a {CRITERION}" if len(sets[0]) == 1 else CRITERION
        text = f"{operation_name(operation)} needs {what} on {' or on '.join(ways)} with = or IN and a value."
        raise ProblemError(Problem("needs-a-key", Family.MISSING, text))


def _names_records(criterion: Criterion) -> bool:
    return criterion.comparator in (Comparator.EQUAL, Comparator.IN) and any(map(str.strip, criterion.values))


def write_criteria(call: Call) -> Markup:
    """Write the criteria of a call, or those that choose the records that it names."""
    resource = call.operation.resource
    criteria = call.criteria if call.criteria is not None else _key_criteria(resource, call.records)
    return join(_write_criterion(resource.plural, criterion) for criterion in criteria)


def _write_criterion(plural: str, criterion: Criterion) -> Markup:
    return element(
        f"{PREFIX}:criteria",
        element(f"{PREFIX}:field", spell(plural, criterion.path)),
        element(f"{PREFIX}:value", ",".join(criterion.values)),
        element(f"{PREFIX}:comparator", criterion.comparator),
    )


def _key_criteria(resource: Resource, records: Sequence[Values]) -> list[Criterion]:
    """The criteria that choose records by their keys; several of them need a key of one field."""
    if len(records) == 1:
        return [Criterion((name,), Comparator.EQUAL, (str(records[0].get(name, "")),)) for name in resource.key]
    return [Criterion((name,), Comparator.IN, tuple(str(each[name]) for each in records)) for name in resource.key]
