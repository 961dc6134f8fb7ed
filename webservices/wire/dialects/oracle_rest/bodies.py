"""
One part as a body holds it, both ways: JSON into Values, and Values into JSON.

    {"partNumber": "PUMP-100", "description": "Pump", "units": "2", "directBuy": {"lookupCode": "1"},
     "prices": {"items": [{"price": {"value": 250.00, "currency": "USD"}}]},
     "translations": {"items": [{"language": {"languageCode": "de"}, "description": "Pumpe"}]}}

    null                          cleared; in the place of children (`children`): all of them are removed

What an answer has and nobody writes is passed over: links, dates, and what `parts` alone shows.
"""

from collections.abc import Mapping
from functools import lru_cache, partial

from records.shapes.fields import Field
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values
from webservices.wire.dialects.oracle.classic import says_nothing
from webservices.wire.dialects.oracle_rest.children import PASSED_OVER, child_tree, read_children, translation_trees
from webservices.wire.dialects.oracle_rest.members import Read, combine, member_reader, value_tree
from webservices.wire.dialects.oracle_rest.names import (
    CHILD_FIELDS,
    EXTENDED_DESCRIPTIONS,
    NOT_BLANKED,
    PRICES,
    TRANSLATIONS,
    field_name,
    hub_name,
    is_classic,
    is_described,
    own_fields,
    wire_fields,
)
from webservices.wire.json import Json, to_values


def read_part(tree: Mapping[str, Json], resource: Resource, language: str) -> dict[str, Value]:
    """Return the values of a part; what is none of its fields goes on as it is, to be refused by the core."""
    readers = _member_readers(resource, language)
    values: dict[str, Value] = {}
    for name, value in tree.items():
        read = readers.get(name)
        if read is not None:
            for field, found in read(value).items():
                values[field] = combine(values[field], found) if field in values else found
        elif not _is_unset_classic(name, value):
            values[hub_name(resource, name)] = to_values(value)
    return values


# Once for each generation of a resource's fields: a call has thousands of parts, each with all of these.
@lru_cache(maxsize=64)
def _member_readers(resource: Resource, language: str) -> Mapping[str, Read]:
    """Return the readers of the members that a part may have, by their names."""
    readers: dict[str, Read] = {field_name(each.name): member_reader(each, language) for each in own_fields(resource)}
    for child in dict.fromkeys(CHILD_FIELDS.values()):
        if child.fields(resource):
            readers[child.name] = partial(read_children, child=child, resource=resource, language=language)
    return readers | dict.fromkeys(PASSED_OVER, lambda value: {})


def _is_unset_classic(name: str, value: Json) -> bool:
    found = to_values(value) if is_classic(name) else None
    return found is EMPTY or (isinstance(found, str) and says_nothing(found))


def blank_absent(values: Mapping[str, Value], resource: Resource, language: str) -> dict[str, Value]:
    """Return the values of a part with EMPTY for each member that is absent, as PUT has it; children stay."""
    blanks: dict[str, Value] = {
        field.name: {language: EMPTY} if is_described(field) else EMPTY
        for field in own_fields(resource)
        if field.writable and field.name not in NOT_BLANKED
    }
    described = {
        name: {**entries, **known}
        for name, entries in blanks.items()
        if isinstance(entries, dict) and isinstance(known := values.get(name, {}), dict)
    }
    return {**blanks, **values, **described}


def request_tree(record: Values, resource: Resource, language: str) -> dict[str, Json]:
    """Return a part as a request has it: what is absent stays absent, and EMPTY is null."""
    tree: dict[str, Json] = {}
    known = {field.name for field in wire_fields(resource)}
    for name, value in record.items():
        field = resource.by_name.get(name) if name in known else None
        if field is not None and is_described(field):
            tree |= _described_tree(field, value, language)
        elif field is not None and name in CHILD_FIELDS:
            continue
        else:
            spelled = field_name(name) if field is not None else name.removeprefix(":")
            tree[spelled] = value_tree(field, value)
    for child in (PRICES, EXTENDED_DESCRIPTIONS):
        if sent := {name: record[name] for name in child.members if name in record and name in known}:
            tree[child.name] = child_tree(child, sent, resource, language)
    return tree


def _described_tree(field: Field, value: Value, language: str) -> dict[str, Json]:
    spelled = TRANSLATIONS.members[field.name]
    if not isinstance(value, dict):
        return {spelled: None, TRANSLATIONS.name: None}
    others = {key: entry for key, entry in value.items() if key != language}
    tree: dict[str, Json] = {spelled: value_tree(field, value[language])} if language in value else {}
    if others:
        tree[TRANSLATIONS.name] = {"items": [*translation_trees(TRANSLATIONS, {field.name: others})]}
    return tree
