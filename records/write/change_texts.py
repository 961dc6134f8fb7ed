"""
The fields of a Change as JSON, written at once by functions made for a plan.

    {"lead_time": ["14", "15"], "price.USD": [null, "255"]}

They write what `store.change_fields` returns, encoded; a test compares the two.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring as quoted_text
from typing import Any

from records.shapes.formatting import decimal_text, lexical
from records.shapes.references import Ref
from records.shapes.resources import VENDOR
from records.write.child_table import NAMES_REMEMBERED, ChildTable
from records.write.children import BLANK, THERE, Children, Columns, Difference, vendor_differences
from records.write.drafts import DraftState
from records.write.plan import Plan

NULL = "null"
Parts = list[str]  # `"lead_time": ["14", "15"]`


def _list_text(value: list) -> str:
    return f"[{', '.join([quoted_text(lexical(item)) for item in value])}]" if value else NULL


def _plain_text(value: Any) -> str:
    # Digits and letters alone: nothing to escape.
    return f'"{lexical(value)}"'


def _any_text(value: object) -> str:
    return quoted_text(lexical(value))


_TEXTS: Mapping[type, Callable[[Any], str]] = {
    str: lambda value: quoted_text(value) if value else NULL,
    type(None): lambda value: NULL,
    int: lambda value: f'"{value}"',
    bool: _plain_text,
    Decimal: lambda value: f'"{decimal_text(value)}"',
    date: lambda value: f'"{value.isoformat()}"',
    datetime: _plain_text,
    list: _list_text,
    Ref: lambda value: quoted_text(value.text),
}


def value_text(value: object) -> str:
    """Return a stored value as a Change holds it: a text, a list of texts, or null when it is blank."""
    return _TEXTS.get(value.__class__, _any_text)(value)


# Once for each plan, and so for each generation of its resource.
@lru_cache(maxsize=256)
def change_writer(plan: Plan) -> Callable[[DraftState], str]:
    """Return the function that writes the fields of a record's Change, before it is stored."""
    columns = {name: f"{quoted_text(name)}: [" for name in plan.columns if name in plan.journaled_columns}
    new_columns = [(name, f"{opening}{NULL}, ") for name, opening in columns.items()]
    custom = [(quoted_text(name), inside) for name, inside in plan.custom.items()]
    tables = [(table.source, _children_writer(table)) for table in plan.children]

    def write(draft: DraftState) -> str:
        before = draft.stored or BLANK
        if draft.stored is None:
            parts = _write_new_columns(new_columns, draft.columns)
        else:
            parts = _write_columns(columns, before, draft.columns)
        if custom and "custom" in draft.columns:
            parts += _write_custom(custom, before.get("custom") or {}, draft.columns["custom"])
        if VENDOR in draft.columns:
            parts += _write_vendor_data("", before.get(VENDOR), draft.columns[VENDOR])
        for source, write_children in tables:
            if change := draft.children.get(source):
                write_children(parts, draft.stored_children.get(source, {}), change)
        return "{" + ", ".join(parts) + "}"

    return write


def _write_new_columns(openings: list[tuple[str, str]], after: Columns) -> Parts:
    parts = []
    for name, opening in openings:
        value = after.get(name)
        if value is None:
            continue
        kind = value.__class__
        if kind is str:
            if value:
                parts.append(f"{opening}{quoted_text(value)}]")
        elif (new := _TEXTS.get(kind, _any_text)(value)) != NULL:
            parts.append(f"{opening}{new}]")
    return parts


def _write_columns(openings: Mapping[str, str], before: Columns, after: Columns) -> Parts:
    parts = []
    for name, value in after.items():
        if name in openings and (stored := before.get(name)) != value:
            old, new = value_text(stored), value_text(value)
            if old != new:
                parts.append(f"{openings[name]}{old}, {new}]")
    return parts


def _write_custom(fields: list[tuple[str, str]], before: Columns, after: Columns) -> Parts:
    pairs = ((name, before.get(inside), after.get(inside)) for name, inside in fields)
    return [f"{name}: [{_custom_text(old)}, {_custom_text(new)}]" for name, old, new in pairs if old != new]


def _write_vendor_data(prefix: str, before: object, after: object) -> Parts:
    return [
        f"{quoted_text(prefix + path)}: [{_custom_text(old)}, {_custom_text(new)}]"
        for path, old, new in vendor_differences(before, after)
    ]


def _custom_text(value: str | None) -> str:
    return NULL if value is None else quoted_text(value)


def _children_writer(table: ChildTable) -> Callable[[Parts, Children, Difference], None]:
    columns = [(column, f'{quoted_text(suffix)[1:-1]}": [') for column, suffix in table.journaled_columns]
    new_columns = [(column, f"{opening}{NULL}, ") for column, opening in columns]

    @lru_cache(maxsize=NAMES_REMEMBERED)
    def begin(key: tuple) -> str:
        return quoted_text(table.child_name(key))[:-1]

    def add(parts: Parts, key: tuple, before: Columns, after: Columns) -> None:
        name = begin(key)
        for column, opening in columns:
            old, new = value_text(before.get(column)), value_text(after.get(column))
            if old != new:
                parts.append(f"{name}{opening}{old}, {new}]")
        if table.has_vendor_data:
            parts += _write_vendor_data(f"{table.child_name(key)}.", before.get(VENDOR), after.get(VENDOR))

    def write_keys(parts: Parts, current: Children, change: Difference) -> None:
        parts += [f'{begin(key)}": ["{THERE}", {NULL}]' for key in change.removed]
        parts += [f'{begin(key)}": [{NULL}, "{THERE}"]' for key in change.added]

    def write(parts: Parts, current: Children, change: Difference) -> None:
        for key in change.removed:
            add(parts, key, current[key], BLANK)
        for key, after in change.added.items():
            name = begin(key)
            for column, opening in new_columns:
                value = after.get(column)
                # Many columns of a row are blank, and a load has thousands of rows.
                kind = value.__class__
                if value is None or (kind is str and not value):
                    continue
                if (new := _TEXTS.get(kind, _any_text)(value)) != NULL:
                    parts.append(f"{name}{opening}{new}]")
            if after.get(VENDOR):
                parts += _write_vendor_data(f"{table.child_name(key)}.", None, after[VENDOR])
        for key, after in change.changed.items():
            add(parts, key, current[key], after)

    return write if table.values else write_keys
