"""
Expressions of fields: how a statement selects the value of each, as text in lexical form, children included.

A child table comes as one JSON text, by a subquery of its own: a statement gives one row for each record.
"""

from functools import lru_cache

from records.columns import get_child_relation, get_column_name, get_field, get_related_model
from records.conditions import constant_conditions, reverse_source
from records.shapes.blocks import CUSTOM, Layout
from records.shapes.fields import Field, Kind, MapField, RowsField, ScalarField
from records.shapes.references import Reference, SumOfRecords
from records.sql import quote_name
from records.write.child_table import ChildTable
from records.write.columns import Column
from records.write.plan import Plan

# As text, in lexical form: the driver would make an object of each, only to be made text again.
MOMENT = "replace(to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), '.000000Z', 'Z')"
TEXTS = {Kind.DATE: "to_char({column}, 'YYYY-MM-DD')", Kind.DATETIME: MOMENT}
TEXT = "{column}::text"


@lru_cache(maxsize=256)
def build_select(plan: Plan, keys_only: bool) -> tuple[str, Layout]:
    """Build the statement up to its table, and the layout of its rows."""
    fields = plan.resource.key_fields if keys_only else plan.resource.fields
    stored = [field for field in fields if not field.custom and not field.secret]
    expressions = [_expression(plan, field) for field in stored]
    names = [field.name for field in stored]
    custom = {} if keys_only else plan.custom
    if custom:
        expressions.append(f"{plan.columns[CUSTOM].select_expression}::text")
        names.append(CUSTOM)
    return f"SELECT {', '.join(expressions)}", Layout(plan.resource, tuple(names), custom)


def _expression(plan: Plan, field: Field) -> str:
    if field.kind is Kind.MAP and field.relation:
        return _related_map(plan, field)
    if field.json_key:
        return f"({_json_member(field, 't')})::text"
    if field.kind is Kind.MAP:
        return _map(plan.child_table(field), field)
    if field.kind is Kind.ROWS:
        return _rows(plan, plan.child_table(field), field)
    if field.kind is Kind.LIST and field.reverse_column:
        table, parent, column = reverse_source(plan, field)
        # DISTINCT: several records may have the same value, and a caller sees each once.
        each = f"array_agg(DISTINCT c.{column} ORDER BY c.{column})"
        return f"(SELECT {each} FROM {table} c WHERE c.{parent} = t.id)"
    if field.reference is not None:
        column = _reference_expression(plan.columns[field.stored_as], field.reference, "t")
    else:
        column = f"t.{quote_name(get_column_name(plan.model, field.stored_as))}"
    return column if field.kind is Kind.LIST else TEXTS.get(field.kind, TEXT).format(column=column)


def _reference_expression(column: Column, reference: Reference, alias: str) -> str:
    """Build the expression of a field that names another record: its id, or the name by which it is shown."""
    own = f"{alias}.{quote_name(column.name)}"
    name = reference.by[0]
    if name == "id":
        return own
    return f"(SELECT r.{quote_name(name)} FROM {quote_name(column.relation_target.table)} r WHERE r.id = {own})"


def _sum(table: ChildTable, of: SumOfRecords) -> str:
    """Build the sum of the records that refer to a row; 0 when there are none."""
    names = (of.table, of.column, of.parent, table.parent, of.key, table.key[0].name)
    records, column, parent, own_parent, key, own_key = map(quote_name, names)
    return (
        f"COALESCE((SELECT sum(u.{column}) FROM {records} u "
        f"WHERE u.{parent} = c.{own_parent} AND u.{key} = c.{own_key}), 0)"
    )


def _json_member(field: Field, alias: str) -> str:
    """Build the expression of a map that a JSON column holds; its name there is a declared one."""
    return f"{alias}.{quote_name(field.stored_as)}->'{field.json_key}'"


def _related_map(plan: Plan, field: MapField) -> str:
    """Build the expression of a map of the record that a relation leads to: vendor data, or one of a child table."""
    relation = get_field(plan.model, field.relation)
    related, own = get_related_model(relation), f"t.{quote_name(get_column_name(plan.model, field.relation))}"
    if field.json_key:
        member = _json_member(field, "r")
        return f"(SELECT ({member})::text FROM {quote_name(related._meta.db_table)} r WHERE r.id = {own})"
    accessor = get_child_relation(related, field.source)
    child = get_related_model(accessor)
    parent = quote_name(get_column_name(child, accessor.remote_field.name))
    key, value = (quote_name(get_column_name(child, name)) for name in (field.keys.name, field.item.name))
    return (
        f"(SELECT json_object_agg(c.{key}, c.{value}::text ORDER BY c.{key})::text "
        f"FROM {quote_name(child._meta.db_table)} c WHERE c.{parent} = {own})"
    )


def _map(table: ChildTable, field: MapField) -> str:
    columns = {column.field: quote_name(column.name) for column in (*table.key, *table.values)}
    # Values go as text: JSON numbers would come back as floats.
    key, value = columns[field.keys.name], columns[field.item.name]
    constants = "".join(f" AND {text}" for text in constant_conditions(table, field))
    return (
        f"(SELECT json_object_agg(c.{key}, c.{value}::text ORDER BY c.{key})::text FROM {quote_name(table.table)} c "
        f"WHERE c.{quote_name(table.parent)} = t.id{constants})"
    )


def _rows(plan: Plan, table: ChildTable, rows: RowsField) -> str:
    model = get_related_model(get_child_relation(plan.model, table.source))
    columns = {column.field: column for column in (*table.key, *table.values)}
    members = []
    for field in (field for field in rows.child.fields if not field.secret):
        if field.json_key:
            members.append(f"'{field.name}', {_json_member(field, 'c')}")
            continue
        if field.reference is not None:
            member = _reference_expression(columns[field.stored_as], field.reference, "c")
        else:
            member = f"c.{quote_name(get_column_name(model, field.stored_as))}"
        if isinstance(field, ScalarField) and field.minus is not None:
            member = f"({member} - {_sum(table, field.minus)})"
        members.append(f"'{field.name}', {member}::text")
    order = ", ".join(f"c.{quote_name(column.name)}" for column in table.key)
    return (
        f"(SELECT json_agg(json_build_object({', '.join(members)}) ORDER BY {order})::text "
        f"FROM {quote_name(table.table)} c WHERE c.{quote_name(table.parent)} = t.id)"
    )
