"""Conditions as SQL: the same meaning as `records.shapes.criteria.matches` has in memory."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import takewhile

from records.columns import get_child_relation, get_column_name, get_related_model
from records.shapes.criteria import Comparator, Condition
from records.shapes.fields import Field, Kind, ListField, MapField, ScalarField, item_field
from records.shapes.references import Reference
from records.shapes.scalars import DECIMAL
from records.sql import quote_name
from records.write.child_table import ChildTable
from records.write.columns import Column
from records.write.plan import Plan

Sql = tuple[str, list[object]]

PARTS_OF_MOMENTS = {
    "date": "({} AT TIME ZONE 'UTC')::date",
    "time": "(to_char({} AT TIME ZONE 'UTC', 'HH24:MI:SS') COLLATE \"C\")",
}
LAST_CHARACTER = "\U0010ffff"
LIST_OPERATORS = {Comparator.EQUAL: "@>", Comparator.IN: "&&"}
CASTS = {Kind.DECIMAL: "::numeric", Kind.DATE: "::date", Kind.INTEGER: "::bigint"}


def build_conditions(plan: Plan, conditions: Sequence[Condition]) -> tuple[list[str], list[object]]:
    """Build one SQL text per condition, on the table as `t`, and the parameters of all."""
    texts: list[str] = []
    parameters: list[object] = []
    for condition in conditions:
        alternatives = [_condition(plan, each) for each in (condition, *condition.others)]
        text = " OR ".join(text for text, _ in alternatives)
        texts.append(f"({text})" if condition.others else text)
        parameters += [value for _, values in alternatives for value in values]
    return texts, parameters


def _condition(plan: Plan, condition: Condition) -> Sql:
    field = condition.field
    if field.json_key:
        return _some_entry(condition, _json_entry(field, condition.key))
    if field.kind is Kind.MAP:
        return _some_entry(condition, _map_entry(plan.child_table(field), field, condition.key))
    if field.kind is Kind.LIST and field.reverse_column:
        return _some_entry(condition, _reverse_entry(*reverse_source(plan, field)))
    if field.kind is Kind.LIST and condition.operands and condition.comparator in LIST_OPERATORS:
        return _compare_list(condition, f"t.{quote_name(plan.columns[field.name].name)}")
    if field.kind is Kind.LIST:
        return _some_entry(condition, _list_entry(quote_name(plan.columns[field.name].name)))
    if field.kind is Kind.ROWS:
        return _some_row(plan, plan.child_table(field), condition.rows)
    if field.reference is not None and field.reference.by[0] != "id":
        return _compare_reference(condition, plan.columns[field.stored_as], field.reference, "t")
    return _compare_or_blank(condition, *_select_part(condition, *stored_expression(plan, field)))


def _select_part(condition: Condition, stored: str, is_text: bool) -> tuple[str, bool]:
    """Narrow a moment to the part that is compared; any other value is compared as it is stored."""
    if condition.field.kind is Kind.DATETIME and condition.key is not None:
        return PARTS_OF_MOMENTS[condition.key].format(stored), condition.key == "time"
    return stored, is_text


def _some_row(plan: Plan, table: ChildTable, conditions: Sequence[Condition]) -> Sql:
    """Build a condition true if one row of a list meets all of these."""
    columns = {column.field: column for column in (*table.key, *table.values)}
    model = get_related_model(get_child_relation(plan.model, table.source))
    texts = [f"c.{quote_name(table.parent)} = t.id"]
    parameters: list[object] = []
    for condition in conditions:
        field = condition.field
        if field.reference is not None and field.reference.by[0] != "id":
            text, values = _compare_reference(condition, columns[field.stored_as], field.reference, "c")
        else:
            column = f"c.{quote_name(get_column_name(model, field.stored_as))}"
            text, values = _compare_or_blank(condition, *_select_part(condition, column, field.kind is Kind.TEXT))
        texts.append(text)
        parameters += values
    return f"EXISTS (SELECT 1 FROM {quote_name(table.table)} c WHERE {' AND '.join(texts)})", parameters


def _compare_reference(condition: Condition, column: Column, reference: Reference, alias: str) -> Sql:
    """Compare the name of the related record."""
    # As a subquery: it is looked up once by its index; a join would compare the name record by record.
    own = f"{alias}.{quote_name(column.name)}"
    if not condition.operands:
        return (f"{own} IS NOT NULL" if condition.comparator is Comparator.NOT_EQUAL else f"{own} IS NULL"), []
    named, is_text = _select_part(condition, f"r.{quote_name(reference.by[0])}", condition.field.kind is Kind.TEXT)
    # NOT IN is built of the equality: a record that names none is unequal to every name.
    unequal = condition.comparator is Comparator.NOT_EQUAL
    equal = (f"{named} = %s", [condition.operands[0]])
    compared, operands = equal if unequal else _compare(condition, named, is_text)
    inner = f"SELECT r.id FROM {quote_name(column.relation_target.table)} r WHERE {compared}"
    return (f"({own} IS NULL OR {own} NOT IN ({inner}))" if unequal else f"{own} IN ({inner})"), operands


def stored_expression(plan: Plan, field: ScalarField) -> tuple[str, bool]:
    """Return the expression of a scalar field, and True if it is text."""
    is_text = field.kind is Kind.TEXT
    if field.custom:
        inside = field.stored_as.replace("'", "''")
        # A JSON text has the database's collation; criteria compare by code points.
        text = f"(t.custom->>'{inside}')"
        return (f'{text} COLLATE "C"' if is_text else f"{text}{CASTS[field.kind]}"), is_text
    return f"t.{quote_name(get_column_name(plan.model, field.stored_as))}", is_text


def _compare_or_blank(condition: Condition, stored: str, is_text: bool) -> Sql:
    if not condition.operands:
        blank = f"({stored} IS NULL OR {stored} = '')" if is_text else f"{stored} IS NULL"
        return (f"NOT {blank}" if condition.comparator is Comparator.NOT_EQUAL else blank), []
    if condition.comparator is Comparator.NOT_EQUAL:
        return f"({stored} IS NULL OR {stored} <> %s)", [condition.operands[0]]
    return _compare(condition, stored, is_text)


def _compare(condition: Condition, stored: str, is_text: bool) -> Sql:
    """Build a comparison that a blank never satisfies."""
    # What follows from the value is said, too: a statement that is prepared for any value uses no partial index and no
    # range otherwise.
    has_value = f" AND {stored} <> ''" if is_text else ""
    if condition.comparator is Comparator.IN:
        places = ", ".join(["%s"] * len(condition.operands))
        return f"({stored} IN ({places}){has_value})", list(condition.operands)
    operands = [condition.operands[0]]
    if condition.comparator is Comparator.LIKE and (bounds := _prefix_bounds(str(operands[0]))):
        bounded = f'{stored} COLLATE "C" >= %s AND {stored} COLLATE "C" < %s'
        return f"({stored} LIKE %s AND {bounded}{has_value})", [*operands, *bounds]
    if condition.comparator is Comparator.ILIKE:
        stored = f'({stored}) COLLATE "default"'  # the database's own locale: "C" knows the letters of ASCII only
        if (text := _plain_text(str(operands[0]))) is not None:
            # To PostgreSQL this is what ILIKE means, and it has an index (`records.columns.caseless_index`).
            return f'({stored} ILIKE %s AND lower({stored}) = lower(%s COLLATE "default"){has_value})', [
                *operands,
                text,
            ]
    return f"({stored} {condition.comparator} %s{has_value})", operands


def _plain_text(pattern: str) -> str | None:
    """Return the one text that a pattern means but for its case; None: it has a wildcard, or ends in an escape."""
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    return None if any(part in ("%", "_", "\\") for part in parts) else "".join(part[-1] for part in parts)


def _prefix_bounds(pattern: str) -> tuple[str, str] | None:
    """Return the least text that begins as a pattern does, and the least that comes after all these; None: any may."""
    parts = takewhile(lambda part: part not in ("%", "_"), re.findall(r"\\.|.", pattern, re.DOTALL))
    beginning = "".join(part[-1] for part in parts)
    # Nothing comes after the last character that there is: the one before it goes on.
    if not (stem := beginning.rstrip(LAST_CHARACTER)):
        return None
    following = ord(stem[-1]) + 1
    return beginning, stem[:-1] + chr(0xE000 if following == 0xD800 else following)  # surrogates are no characters


def _some_entry(condition: Condition, entry: Callable[[str], Sql]) -> Sql:
    """Build a condition true if some entry of a list or map matches; with `!=` a value, if none is equal."""
    is_text = item_field(condition.field).kind is Kind.TEXT
    if not condition.operands:
        text, parameters = entry("")
        return (text if condition.comparator is Comparator.NOT_EQUAL else f"NOT {text}"), parameters
    if condition.comparator is Comparator.NOT_EQUAL:
        equal = replace(condition, comparator=Comparator.EQUAL)
        text, parameters = _some_entry(equal, entry)
        return f"NOT {text}", parameters
    compared, operands = _compare_number(condition) if condition.as_number else _compare(condition, "{value}", is_text)
    text, parameters = entry(compared)
    return text, [*parameters, *operands]


def _compare_number(condition: Condition) -> Sql:
    """Build a comparison of texts with numbers: a text that is a number as one, any other as a text."""
    operator = "=" if condition.comparator is Comparator.IN else condition.comparator
    each = (
        f"CASE WHEN {{value}} ~ '^({DECIMAL.pattern})$' THEN ({{value}})::numeric {operator} %s::numeric "
        f"ELSE {{value}} {operator} %s END"
    )
    operands = [operand for operand in condition.operands for _ in range(2)]
    return "(" + " OR ".join([each] * len(condition.operands)) + ")", operands


def _compare_list(condition: Condition, column: str) -> Sql:
    """Build a comparison of a list as a whole, which an index of its entries answers."""
    operator = LIST_OPERATORS[condition.comparator]
    return f"({column} <> '{{}}' AND {column} {operator} %s::text[])", [list(condition.operands)]


def _list_entry(column: str) -> Callable[[str], Sql]:
    def entry(compared: str) -> Sql:
        inner = " AND " + compared.replace("{value}", 'e.v COLLATE "C"') if compared else ""
        # As in memory, an empty entry is none.
        return f"EXISTS (SELECT 1 FROM unnest(t.{column}) AS e(v) WHERE e.v <> ''{inner})", []

    return entry


def reverse_source(plan: Plan, field: ListField) -> tuple[str, str, str]:
    """Return the source of a reverse list, quoted: the other records' table, their relation to this one, the column."""
    relation = get_child_relation(plan.model, field.source)
    other = get_related_model(relation)
    columns = (relation.remote_field.name, field.reverse_column)
    parent, column = (quote_name(get_column_name(other, name)) for name in columns)
    return quote_name(other._meta.db_table), parent, column


def _reverse_entry(table: str, parent: str, column: str) -> Callable[[str], Sql]:
    def entry(compared: str) -> Sql:
        inner = " AND " + compared.replace("{value}", f"c.{column}") if compared else ""
        return f"EXISTS (SELECT 1 FROM {table} c WHERE c.{parent} = t.id{inner})", []

    return entry


def _map_entry(table: ChildTable, field: MapField, key: str | None) -> Callable[[str], Sql]:
    columns = {column.field: quote_name(column.name) for column in (*table.key, *table.values)}

    def entry(compared: str) -> Sql:
        conditions = [f"c.{quote_name(table.parent)} = t.id", *constant_conditions(table, field)]
        if key is not None:
            conditions.append(f"c.{columns[field.keys.name]} = %s")
        if compared:
            conditions.append(compared.replace("{value}", f"c.{columns[field.item.name]}"))
        text = f"EXISTS (SELECT 1 FROM {quote_name(table.table)} c WHERE {' AND '.join(conditions)})"
        return text, [key] if key is not None else []

    return entry


def _json_entry(field: Field, key: str | None) -> Callable[[str], Sql]:
    member = f"t.{quote_name(field.stored_as)}->'{field.json_key}'"

    def entry(compared: str) -> Sql:
        inner = " AND " + compared.replace("{value}", 'e.v COLLATE "C"') if compared else ""
        if key is None:
            return f"EXISTS (SELECT 1 FROM jsonb_each_text({member}) AS e(k, v) WHERE e.v <> ''{inner})", []
        # A single member is taken out by its name, not found among all.
        return f"EXISTS (SELECT 1 FROM (VALUES ({member}->>%s)) AS e(v) WHERE e.v <> ''{inner})", [key]

    return entry


def constant_conditions(table: ChildTable, field: MapField) -> list[str]:
    """Build the conditions under which a map shows children: the constants in their other key columns."""
    columns = {column.field: column for column in table.key}
    return [
        f"c.{quote_name(columns[name].name)} IS NULL"
        if value is None
        else f"c.{quote_name(columns[name].name)} = {_literal(value)}"
        for name, value in field.constants
    ]


# Constants come from declarations, never from callers.
def _literal(value: object) -> str:
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"
