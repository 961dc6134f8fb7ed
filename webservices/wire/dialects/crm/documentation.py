"""The content of the documentation page: managers, methods and types, read from the same tables as the WSDLs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webservices.wire.dialects.crm.codes import MEANINGS
from webservices.wire.dialects.crm.context import CrmSettings
from webservices.wire.dialects.crm.methods import MANAGERS, Method, find_operation
from webservices.wire.dialects.crm.names import SERVICE
from webservices.wire.dialects.crm.types import Array, Member, Struct, Type, collect_all_types, collect_types
from webservices.wire.operations import Operation, Operations


@dataclass(frozen=True)
class TypeName:
    """
    A type as the page shows it.

    text  `string`, `Product`; an array by its items, `Product[]`
    link  the type of ours that it leads to; "": a scalar
    """

    text: str
    link: str


@dataclass(frozen=True)
class DescribedMethod:
    """One method; an API key must list one of its `operations`."""

    name: str
    parameters: Sequence[tuple[str, TypeName]]
    answer: TypeName
    help: str
    operations: Sequence[Operation]


@dataclass(frozen=True)
class DescribedType:
    """One type with its members."""

    name: str
    members: Sequence[tuple[Member, TypeName]]


@dataclass(frozen=True)
class DescribedManager:
    """One manager and its methods."""

    name: str
    address: str
    methods: Sequence[DescribedMethod]

    @property
    def wsdl(self) -> str:
        return f"{self.address}&wsdl"


@dataclass(frozen=True)
class Documentation:
    """The page: of all managers, or of one."""

    managers: Sequence[DescribedManager]
    types: Sequence[DescribedType]
    faults: Sequence[tuple[str, str]]


def documentation(operations: Operations, settings: CrmSettings, manager: str = "") -> Documentation:
    """Build the page of all managers, or of one by its name."""
    names = [manager] if manager else [*MANAGERS]
    methods = [method for name in names for method in MANAGERS[name]]
    types = collect_types(methods, operations, settings) if manager else collect_all_types(operations, settings)
    return Documentation(
        managers=[
            DescribedManager(name, f"{SERVICE}?class={name}", [*_describe_methods(MANAGERS[name], operations)])
            for name in names
        ],
        types=[*_describe_structs(types)],
        faults=[*MEANINGS.items()],
    )


def _describe_methods(methods: Sequence[Method], operations: Operations) -> Iterator[DescribedMethod]:
    for method in methods:
        found = [
            operation for plural, _ in method.operations if (operation := find_operation(method, operations, plural))
        ]
        if found:
            parameters = [(parameter.name, type_name(parameter.type)) for parameter in method.parameters]
            yield DescribedMethod(method.name, parameters, type_name(method.answer), method.help, found)


def _describe_structs(types: Sequence[Type]) -> Iterator[DescribedType]:
    arrays = {type.name: type.item for type in types if isinstance(type, Array)}
    for type in types:
        if isinstance(type, Struct):
            yield DescribedType(
                type.name, [(each, type_name(each.type, arrays.get(each.type))) for each in type.members]
            )


def type_name(name: str, item: str | None = None) -> TypeName:
    """Return `Product[]` for a ProductArray; `item` is the item's type of an array that is not called so."""
    item = item or (name.removesuffix("Array") if name.endswith("Array") else None)
    if name.startswith("xsd:"):
        return TypeName(name.removeprefix("xsd:"), "")
    return TypeName(f"{item}[]", item) if item else TypeName(name, name)
