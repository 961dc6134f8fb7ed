"""
Example records of a resource: the declared one, completed for what a site adds and cut to what it allows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from string import ascii_letters, digits

from records.shapes.fields import Field, Kind, ScalarField
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values

# What a new record is not given, by the plural name: its own alone, or where a new one cannot begin.
OF_ITS_OWN: Mapping[str, Sequence[str]] = {"contacts": ("portals", "code"), "countries": ("code2",)}
NOT_COPIED: Mapping[str, Sequence[str]] = {
    **OF_ITS_OWN,
    "sales_orders": ("status", "rows.customer_part_number"),
}

STAMPS: Mapping[str, str] = {"id": "1", "version": "1", "created_by": "ada", "changed_by": "ada"}

_SAMPLES: Mapping[Kind, str] = {
    Kind.INTEGER: "1",
    Kind.DECIMAL: "1",
    Kind.BOOLEAN: "true",
    Kind.DATE: "2026-01-31",
    Kind.DATETIME: "2026-01-31T12:00:00Z",
}


def find_example(field: Field) -> Value:
    """Return a value that the field takes: its own example, its first choice, or one made up from its kind."""
    if field.example is not None:
        return field.example
    match field.kind:
        case Kind.MAP:
            return {_scalar(field.keys): find_example(field.item)}
        case Kind.LIST:
            return [find_example(field.item)]
        case Kind.ROWS:
            return [{entry.name: find_example(entry) for entry in field.child.writable if entry.required}]
    return _scalar(field)


def _scalar(field: ScalarField) -> str:
    if field.choices:
        return _allowed_code(field)
    if field.minimum is not None:
        return str(field.minimum)
    return _SAMPLES.get(field.kind) or _cut_text(field, field.label.capitalize() or field.name)


def _allowed_code(field: Field) -> str:
    """Return the first choice that a new record may have."""
    codes = [code for code, _ in field.choices]
    return next((code for code in codes if code not in field.inactive), codes[0])


def cut(field: Field, value: Value) -> Value:
    """The value with its texts cut to the field's own limit, which a site may have made shorter than the example."""
    match value:
        case str():
            return _cut_text(field, value)
        case list() if field.kind is Kind.LIST:
            return [cut(field.item, item) for item in value]
        case dict() if field.kind is Kind.MAP:
            # A site may not have the language or the currency of the example.
            codes = dict(field.keys.choices) or value
            return {key: cut(field.item, item) for key, item in value.items() if key in codes} or find_example(field)
        case list() if field.kind is Kind.ROWS:
            by_name = field.child.by_name
            return [
                {name: cut(by_name[name], item) for name, item in row.items()} for row in value if isinstance(row, dict)
            ]
    return value


def _cut_text(field: Field, text: str) -> str:
    if field.code_list and field.choices and text not in dict(field.choices):
        return _allowed_code(field)
    return text[: field.max_length].strip() if field.max_length and not field.choices else text


def example_record(resource: Resource) -> dict[str, Value]:
    """
    The declared example in the resource's order, with an example for every field that it leaves out.

    A field that names another record has none but a declared one: nobody knows what there is.
    """
    declared = resource.examples[0] if resource.examples else {}
    return {
        field.name: cut(
            field, _example_value(field, declared[field.name]) if field.name in declared else find_example(field)
        )
        for field in example_fields(resource)
        if field.name in declared or not field.reference
    }


def stored_example(resource: Resource) -> dict[str, Value]:
    """The declared example as it is found again: with defaults, and with what the hub itself adds."""
    declared = {**example_record(resource), **(resource.examples[0] if resource.examples else {})}
    return _stored_values(resource, declared)


def _stored_values(resource: Resource, declared: Values) -> dict[str, Value]:
    stored: dict[str, Value] = {}
    for field in resource.fields:
        value = declared.get(field.name, EMPTY)
        if field.kind is Kind.ROWS and isinstance(value, list):
            value = [_stored_values(field.child, row) for row in value if isinstance(row, dict)]
        elif value is EMPTY and (field.read_only or field.secret):
            value = field.example or STAMPS.get(field.name) or find_example(field)
        elif value is EMPTY and field.default not in (None, ""):
            value = field.default
        stored[field.name] = value
    return stored


def new_example(resource: Resource) -> dict[str, Value]:
    """The example as a new record may have it, beside others like it."""
    return drop_fields(example_record(resource), OF_ITS_OWN.get(resource.plural, ()))


def copy_record(resource: Resource, live: Values) -> Values:
    """A live record as another may begin: without what is its own."""
    return drop_fields(live, NOT_COPIED.get(resource.plural, ()))


def drop_fields(record: Values, paths: Sequence[str]) -> dict[str, Value]:
    """The record without some fields, or fields of its rows: `rows.total`."""
    gone = {path for path in paths if "." not in path}
    remaining = {name: value for name, value in record.items() if name not in gone}
    for rows, _, inner in (path.partition(".") for path in paths if "." in path):
        if isinstance(sent := remaining.get(rows), list):
            remaining[rows] = [drop_fields(row, (inner,)) for row in sent if isinstance(row, dict)]
    return remaining


def example_fields(resource: Resource) -> Iterator[Field]:
    """
    The fields that an example sends: those that may be written and are no secret.

    Where a map and rows show the same children, the map alone is sent, and where several fields name one record, the
    first of them: the others could contradict it.
    """
    maps = {field.stored_as for field in resource.fields if field.kind is Kind.MAP}
    named: set[str] = set()
    for field in resource.writable:
        again = field.reference is not None and field.stored_as in named
        if field.reference is not None:
            named.add(field.stored_as)
        if not (field.secret or again or (field.kind is Kind.ROWS and field.stored_as in maps)):
            yield field


def completed_key(resource: Resource, key: Values) -> dict[str, str]:
    """
    The key as typed; a blank part of it is the declared example's.

    Of a key that was typed in part, what a record need not have stays as it is by default.
    """
    example = example_record(resource)
    typed = {field.name: str(key.get(field.name) or "").strip() for field in resource.key_fields}
    stands_in = {
        field.name: field.default or ""
        for field in resource.key_fields
        if any(typed.values()) and not field.auto_number and not resource.needs(field)
    }
    declared = {name: example.get(name) or find_declared(resource, name) for name in resource.key}
    return {name: text or stands_in.get(name, str(declared[name])) for name, text in typed.items()}


def find_declared(resource: Resource, name: str) -> Value:
    """Return the value that the declared example has of a field, which may be one that is only read."""
    return resource.examples[0][name] if resource.examples else find_example(resource.by_name[name])


def free_keys(resource: Resource, key: Mapping[str, str], count: int = 20) -> Iterator[dict[str, str]]:
    """
    Keys like this one that may be free, within the limit of its last text field: `PUMP-100-2`, `PUMP-100-3` …

    Of a code of some letters: `USA`, `USB` …
    """
    name = next((field.name for field in reversed(resource.key_fields) if field.kind is Kind.TEXT), resource.key[-1])
    field = resource.by_name[name]
    if field.pattern and not re.fullmatch(field.pattern, f"{key[name]}-2"):
        yield from ({**key, name: code} for code in islice(_free_codes(field.pattern, key[name]), count))
        return
    limit = field.max_length or 1000
    for number in range(2, count + 2):
        ending = f"-{number}"
        yield {**key, name: key[name][: limit - len(ending)] + ending}


def _free_codes(pattern: str, code: str) -> Iterator[str]:
    """Codes of the same form: first those that differ in the last letter, then in the last two."""
    for length in (1, 2):
        for letters in product(ascii_letters + digits, repeat=length):
            other = code[:-length] + "".join(letters)
            if other != code and re.fullmatch(pattern, other):
                yield other


def build_record(resource: Resource, key: Mapping[str, str], live: Values | None) -> dict[str, Value]:
    """
    A whole record with this key: the live one's values, else the example's. A blank key is EMPTY: it is drawn.

    What the live record has no value for is EMPTY, so that sending it changes nothing; a required field without one
    (the site asked for it later) is left out, and so is what the live record was left without.
    """
    sent_key: Values = {name: text or EMPTY for name, text in key.items() if name in resource.key}
    if live is None:
        return {**new_example(resource), **sent_key}
    values: dict[str, Value] = {}
    for field in example_fields(resource):
        value = sent_key.get(field.name, live.get(field.name))
        blank = value is EMPTY or value == ""
        if value is not None and not (blank and field.required):
            values[field.name] = EMPTY if blank else _example_value(field, value)
    return values


def _example_value(field: Field, value: Value) -> Value:
    """The value; of rows, what an example sends of each."""
    if field.kind is Kind.ROWS and isinstance(value, list):
        return [build_record(field.child, {}, row) for row in value if isinstance(row, dict)]
    return value
