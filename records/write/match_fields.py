"""
The fields by which stored records are found: columns, custom fields, relations, and entries of maps (`description.en`).

    find_match_field  the field of a name that a rule has
    type_values       what the records have in such fields, as it would be stored
    build_comparison  how the database compares one
    stored_value      what a stored record has in one
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from records.columns import get_child_relation, get_related_model, has_words
from records.shapes.criteria import without_case
from records.shapes.fields import Kind, MapField, ScalarField
from records.shapes.formatting import lexical
from records.shapes.parsing import is_blank, reader, unknown
from records.shapes.problems import Path, ProblemError, invalid_problem
from records.shapes.scalars import Reader
from records.shapes.values import Value, Values
from records.sql import quote_name
from records.write.children import map_entries
from records.write.drafts import DraftState
from records.write.plan import Plan, column_name
from records.write.resolve import find_references
from records.write.statements import Comparison

CASTS = {
    Kind.TEXT: "text",
    Kind.INTEGER: "bigint",  # wider than any column, so that no number is too large to be looked for
    Kind.DECIMAL: "numeric",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.DATETIME: "timestamptz",
}


@dataclass(frozen=True, slots=True)
class MatchField:
    """
    A field, or an entry of a map, by which stored records are found.

    path  of it: `("description", "en")`
    item  the field of its values
    map   that has the entry; None: it is a field of the record
    """

    path: Path
    item: ScalarField
    map: MapField | None = None

    @property
    def name(self) -> str:
        """The name that rules have for it."""
        return ".".join(map(str, self.path))

    @property
    def stored_as(self) -> str:
        """The name of the column that holds it, as far as others may be written under another name."""
        return self.name if self.map else column_name(self.item)

    def find_value(self, values: Values) -> Value | None:
        """Return the value that a record came with; None: it came without."""
        if self.name in values:
            return values[self.name]
        entries = values.get(str(self.path[0])) if self.map else None
        return entries.get(str(self.path[1])) if isinstance(entries, dict) else None


def match_path(name: str) -> Path:
    """Return the path of the field that a rule names."""
    return tuple(name.split(".", 1))


# Asked for each record of a call; the names come from declarations, not from callers.
@lru_cache(maxsize=1024)
def find_match_field(plan: Plan, name: str) -> MatchField:
    """Return the field of a name that a rule has; raises ProblemError for those by which nothing can be found."""
    path = match_path(name)
    field = plan.resource.by_name.get(str(path[0]))
    if field is None or field.secret:
        raise ProblemError(unknown(plan.resource, name))
    if isinstance(field, MapField) and len(path) > 1:
        return MatchField(path, field.item, field)
    if not isinstance(field, ScalarField) or len(path) > 1 or not (field.writable or name == "id"):
        raise ProblemError(invalid_problem("Records cannot be found by {field}.", code="no-match-field", path=path))
    return MatchField(path, field)


def type_values(plan: Plan, fields: Iterable[MatchField], records: Sequence[Values]) -> list[dict[str, object]]:
    """
    Type the values of each record in these fields, as they would be stored; None is a value that cannot be.

    Absent and empty values are left out. One query per field that names another record.
    """
    typed: list[dict[str, object]] = [{} for _ in records]
    for field in fields:
        item = field.item
        # Without the field's limits: a value that cannot be stored is no error here, it finds nothing.
        read = reader(ScalarField(item.name, item.kind, multiline=item.multiline))
        found = ((n, field.find_value(values)) for n, values in enumerate(records))
        sent = [(n, _read(read, value)) for n, value in found if value is not None and not is_blank(value)]
        if item.reference is not None and sent:
            target = plan.columns[item.stored_as].relation_target
            refs = find_references(item, target, {value for _, value in sent if value is not None})
            sent = [(n, _take_only(refs.get(value, ()))) for n, value in sent]
        for n, value in sent:
            typed[n][field.name] = lexical(value) if item.custom and value is not None else value
    return typed


def _read(read: Reader, value: Value) -> object:
    try:
        return read(value)
    except ProblemError:
        return None


def _take_only(refs: Iterable) -> object:
    # A name of several records finds none of them: to guess would write to the wrong one.
    one, *others = refs or (None,)
    return None if others else one


def build_comparison(plan: Plan, field: MatchField, *, caseless: bool) -> Comparison:
    """Build the comparison of a field with a value."""
    item = field.item
    if field.map is not None:
        return _compare_entry(plan, field.map, str(field.path[1]), caseless=caseless)
    if item.custom:
        inside = item.stored_as.replace("'", "''")
        return Comparison(f"((t.custom->>'{inside}') COLLATE \"C\")", "text", caseless)
    if item.reference is not None:
        return Comparison(f"t.{quote_name(plan.columns[item.stored_as].name)}", "bigint")
    column = "id" if item.name == "id" else plan.columns[item.name].name
    return Comparison(f"t.{quote_name(column)}", CASTS[item.kind], caseless and item.kind is Kind.TEXT)


def _compare_entry(plan: Plan, field: MapField, key: str, *, caseless: bool) -> Comparison:
    if field.json_key:
        column = f"t.{quote_name(plan.columns[field.stored_as].name)}"
        return Comparison(f'(({column}->{_quote(field.json_key)}->>{_quote(key)}) COLLATE "C")', "text", caseless)
    table = plan.child_table(field)
    conditions = [
        f"c.{quote_name(column.name)} IS NULL"
        if part is None
        else f"c.{quote_name(column.name)} = {_quote(lexical(part))}::{column.type}"
        for column, part in zip(table.key, table.full_key(field, key), strict=True)
    ]
    owners = f"SELECT c.{quote_name(table.parent)} FROM {quote_name(table.table)} c WHERE {' AND '.join(conditions)}"  # noqa: S608 - quoted names
    return Comparison(
        f"c.{quote_name(next(column.name for column in table.values if column.field == table.map_column))}",
        CASTS[field.item.kind],
        caseless and field.item.kind is Kind.TEXT,
        owners=owners,
        words="c.words" if has_words(get_related_model(get_child_relation(plan.model, table.source))) else "",
    )


def _quote(text: str) -> str:
    # A percent sign would be a parameter to the driver.
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def stored_value(plan: Plan, draft: DraftState, field: MatchField) -> object:
    """Return what the stored record of a draft has in a field; None: nothing."""
    stored: Mapping[str, Any] = draft.stored or {}
    if field.map is not None and field.map.json_key:
        return stored[field.map.stored_as].get(field.map.json_key, {}).get(str(field.path[1]))
    if field.map is not None:
        table = plan.child_table(field.map)
        return map_entries(table, field.map, draft.stored_children.get(table.source, {})).get(str(field.path[1]))
    if field.item.custom:
        return stored["custom"].get(field.item.stored_as)
    return draft.id if field.name == "id" else stored[field.stored_as]


def fold_text(value: object) -> object:
    """Return a text without its case; any other value as it is."""
    return without_case(value) if isinstance(value, str) else value
