"""
The types of this wire, described: their members with types, limits and what they are. The WSDLs and the documentation
page are written from these.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from records.shapes.fields import Field, Kind
from records.shapes.resources import Resource
from webservices.wire.dialects.crm.context import CrmSettings
from webservices.wire.dialects.crm.methods import ARRAY, CRITERIA, LOGIN, METHODS, Method, operation_of
from webservices.wire.dialects.crm.names import SINGLE, TYPES, members, name_of
from webservices.wire.dialects.crm.records import type_of
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


def types_of(methods: Sequence[Method], operations: Operations, settings: CrmSettings) -> list[Type]:
    """The types that some methods need, each once: those of parameters first, what a type holds before it."""
    found: dict[str, Type] = {}
    for method in methods:
        operation = operation_of(method, operations)
        for name in (*(parameter.type for parameter in method.parameters), method.answer):
            for kind in _made(name, operation, operations, settings):
                found.setdefault(kind.name, kind)
    return [*found.values()]


def all_types(operations: Operations, settings: CrmSettings) -> list[Type]:
    """Those of all methods."""
    return types_of([method for method in METHODS if operation_of(method, operations)], operations, settings)


def _made(name: str, operation: Operation, operations: Operations, settings: CrmSettings) -> Iterator[Type]:
    plurals = {kind: plural for plural, kind in TYPES.items()}
    if name.startswith("xsd:"):
        return
    if name.endswith(CRITERIA):
        yield Struct(name, _criteria(operation.resource, settings))
    elif name == LOGIN:
        resource = operation.resource
        fields = (resource.by_name[each] for each in operation.takes)
        yield Struct(
            name, [_member(name_of(resource.plural, field.name), field, resource, settings) for field in fields]
        )
    elif name.endswith(ARRAY):
        yield from _made(name.removesuffix(ARRAY), operation, operations, settings)
        yield Array(name, name.removesuffix(ARRAY))
    else:
        resource = next(each.resource for each in operations if each.resource.plural == plurals[name])
        yield from _struct(resource, settings)


def _struct(resource: Resource, settings: CrmSettings) -> Iterator[Type]:
    fields = members(resource)
    for field in fields.values():
        if field.kind is Kind.ROWS:
            yield from _struct(field.child, settings)
            yield Array(type_of(field), TYPES[field.child.plural])
    yield Struct(TYPES[resource.plural], [_member(name, field, resource, settings) for name, field in fields.items()])


def seen(field: Field) -> Field:
    """A field as this wire has it: of a map its one entry."""
    if field.kind is not Kind.MAP:
        return field
    return replace(field.item, name=field.name, label=field.label, help=field.help.partition(",")[0].rstrip(".") + ".")


def _member(name: str, field: Field, resource: Resource, settings: CrmSettings) -> Member:
    words = [] if field.kind is Kind.ROWS else [seen(field).limits()]
    if field.kind is Kind.MAP:
        words.append(f"in {getattr(settings, SINGLE[field.name])}")
    if field.name == "id" and resource.key:
        words.append("given by the hub, and what an update is found by")
    elif field.read_only:
        words.append("only answered")
    elif field.required and not resource.beside(field):
        words.append("required of a new one")
    return Member(name, type_of(field), seen(field).help, ", ".join(words))


def _criteria(resource: Resource, settings: CrmSettings) -> list[Member]:
    names = ", ".join(name for name, field in members(resource).items() if field.kind is not Kind.ROWS)
    return [
        Member("field", "xsd:string", f"One of {names}; blank, with a blank value: all are found."),
        Member("value", "xsd:string", "Exact but for case, % being any text. Blank: the field has no value."),
        Member(
            "limit", "xsd:int", "At most so many.", f"1 to {settings.most}, {settings.usual_limit} when it is left out"
        ),
        Member("offset", "xsd:int", "Leave out so many at the beginning.", "0 or more, 0 when it is left out"),
    ]
