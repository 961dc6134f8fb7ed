"""
The types of this wire: their members with types, limits and help. The WSDLs and the documentation page are written
from these.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from records.shapes.fields import Field, Kind
from records.shapes.resources import Resource
from webservices.wire.dialects.crm.context import CrmSettings
from webservices.wire.dialects.crm.methods import ARRAY, CRITERIA, LOGIN, METHODS, Method, find_operation
from webservices.wire.dialects.crm.names import (
    NAME,
    OTHER_NAMES,
    SINGLE_ENTRIES,
    TYPES,
    answered_names,
    clear_members,
    members,
    wire_name,
)
from webservices.wire.dialects.crm.values import SCALARS, wire_type
from webservices.wire.operations import Operation, Operations


@dataclass(frozen=True)
class Member:
    """One member of a type: a scalar's type has the prefix `xsd:`, one of ours has none."""

    name: str
    type: str
    help: str = ""
    limits: str = ""


@dataclass(frozen=True)
class Struct:
    """A type with members."""

    name: str
    members: Sequence[Member]


@dataclass(frozen=True)
class Array:
    """A type that holds any number of another."""

    name: str
    item: str


Type = Struct | Array


def collect_types(methods: Sequence[Method], operations: Operations, settings: CrmSettings) -> list[Type]:
    """Collect the types of some methods, each once: parameters' first, and the items of an array before the array."""
    found: dict[str, Type] = {}
    for method in methods:
        operation = find_operation(method, operations)
        if operation is None:  # the hub does not have it, so that its method is not offered
            continue
        for name in (*(parameter.type for parameter in method.parameters), method.answer):
            for kind in _build_types(name, operation, operations, settings):
                found.setdefault(kind.name, kind)
    return [*found.values()]


def collect_all_types(operations: Operations, settings: CrmSettings) -> list[Type]:
    """Collect the types of all methods."""
    return collect_types([method for method in METHODS if find_operation(method, operations)], operations, settings)


def _build_types(name: str, operation: Operation, operations: Operations, settings: CrmSettings) -> Iterator[Type]:
    plurals = {kind: plural for plural, kind in TYPES.items()}
    if name.startswith("xsd:"):
        return
    if name.endswith(CRITERIA):
        yield Struct(name, _build_criteria_members(operation.resource, settings))
    elif name == LOGIN:
        resource = operation.resource
        fields = (resource.by_name[each] for each in operation.takes)
        yield Struct(
            name, [_build_member(wire_name(resource.plural, field.name), field, resource, settings) for field in fields]
        )
    elif name.endswith(ARRAY):
        yield from _build_types(name.removesuffix(ARRAY), operation, operations, settings)
        yield Array(name, name.removesuffix(ARRAY))
    else:
        yield from _build_structs(operations.resource(plurals[name]), settings)


def _build_structs(resource: Resource, settings: CrmSettings) -> Iterator[Type]:
    fields = members(resource)
    for field in fields.values():
        if field.kind is Kind.ROWS:
            yield from _build_structs(field.child, settings)
            yield Array(wire_type(field), TYPES[field.child.plural])
    names = answered_names(resource) if settings.answer_names else {}
    found = [_build_member(name, field, resource, settings) for name, field in (*fields.items(), *names.items())]
    clears = [
        Member(name, SCALARS[Kind.BOOLEAN], f"True: without its {field.label.lower()}; an empty array says nothing.")
        for name, field in clear_members(resource).items()
    ]
    yield Struct(TYPES[resource.plural], [*found, *clears])


def wire_field(field: Field) -> Field:
    """Return a field as this wire has it: for a map, its one entry."""
    if field.kind is not Kind.MAP:
        return field
    return replace(field.item, name=field.name, label=field.label, help=field.help.partition(",")[0].rstrip(".") + ".")


def _build_member(name: str, field: Field, resource: Resource, settings: CrmSettings) -> Member:
    words = [] if field.kind is Kind.ROWS else [wire_field(field).limits()]
    if field.kind is Kind.MAP:
        words.append(f"in {getattr(settings, SINGLE_ENTRIES[field.name])}")
    others = [other for other, of in OTHER_NAMES.get(resource.plural, {}).items() if of == field.name != other]
    if name == NAME:
        words.append(f"the first line of {wire_name(resource.plural, field.name)}, which it is another name of")
    elif others:
        words.append(f"called {' or '.join(others)} as well")
    if field.name == "id" and resource.key:
        words.append("given by the hub, and what an update is found by")
    elif field.read_only:
        words.append("only answered")
    elif field.required and not resource.alternatives(field):
        words.append("required of a new one")
    return Member(name, wire_type(field), wire_field(field).help, ", ".join(words))


def _build_criteria_members(resource: Resource, settings: CrmSettings) -> list[Member]:
    names = ", ".join(name for name, field in members(resource).items() if field.kind is not Kind.ROWS)
    return [
        Member("field", "xsd:string", f"One of {names}; blank, with a blank value: all are found."),
        Member(
            "value",
            "xsd:string",
            "Exact but for case, % being any text. Of numbers, dates and moments equal, or as it begins: >, >=, <, <=; "
            "or a range with both ends, 1..5. Blank: the field has no value.",
        ),
        Member(
            "limit", "xsd:int", "At most so many.", f"1 to {settings.most}, {settings.usual_limit} when it is left out"
        ),
        Member("offset", "xsd:int", "Leave out so many at the beginning.", "0 or more, 0 when it is left out"),
    ]
