"""
What can be chosen on the page: versions, tabs, operations and key fields, all read from DIALECTS and the operations.

    version  a dialect: `oracle-2.0`
    tab      a kind of record: `parts`, when the dialect offers an operation on it
    api      an operation in a manner, by the dialect's own name: `getParts`, `PUT /api/v1/parts/{number}/`
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from records.shapes.fields import Field
from webservices.contracts.skeletons import skeleton_call
from webservices.dialects.shape import Dialect
from webservices.dialects.table import DIALECTS
from webservices.messages import Manner, WireRequest
from webservices.operations import Operation, Operations

PRESELECTED = "oracle-2.0"
EXPECTED: Mapping[str, str] = {"oracle-1.0": "Oracle CPQ 1.0"}  # shown greyed until DIALECTS has them


@dataclass(frozen=True)
class Version:
    """One line of the version drop-down; without a dialect it cannot be chosen yet."""

    name: str
    label: str
    dialect: Dialect | None = None


@dataclass(frozen=True)
class Tab:
    """A kind of record, with the fields that find one."""

    name: str
    label: str
    key_fields: tuple[Field, ...]


@dataclass(frozen=True)
class Api:
    """An operation in one manner, and the request line and headers that go with it."""

    name: str
    label: str
    operation: Operation
    manner: Manner
    request: WireRequest


def versions() -> list[Version]:
    """All that exist and those that are expected, in the order of their names."""
    known = [Version(dialect.name, dialect.label, dialect) for dialect in DIALECTS]
    missing = EXPECTED.keys() - {version.name for version in known}
    expected = [Version(name, label) for name, label in EXPECTED.items() if name in missing]
    return sorted([*known, *expected], key=lambda version: (version.name.partition("-")[0], version.name))


def tabs(dialect: Dialect, operations: Operations) -> list[Tab]:
    """The kinds of record that the dialect offers an operation on."""
    offered = {each.resource.plural: each.resource for each in operations if dialect.manners(each)}
    return [Tab(plural, resource.label_plural, resource.key_fields) for plural, resource in offered.items()]


def apis(dialect: Dialect, tab: str, operations: Operations) -> list[Api]:
    """The operations on a kind of record, each in every manner that has a name of its own."""
    found: dict[tuple[Operation, str], Api] = {}
    for operation in operations:
        if operation.resource.plural == tab:
            for number, manner in enumerate(dialect.manners(operation)):
                api = _api(dialect, operation, manner, number)
                found.setdefault((operation, api.label), api)
    return [*_told_apart([*found.values()])]


def _api(dialect: Dialect, operation: Operation, manner: Manner, number: int) -> Api:
    placeholders = {name: f"{{{name}}}" for name in operation.resource.key}
    request = dialect.ask(skeleton_call(dialect, operation, placeholders, None, "", manner), manner)
    return Api(f"{operation.verb}-{number}", _LABELS[dialect.media](request), operation, manner, request)


def _name_of_body(request: WireRequest) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.QName(etree.fromstring(request.body, parser)[-1][0]).localname


_LABELS = {
    "xml": _name_of_body,
    "json": lambda request: f"{request.method} {unquote(request.path)}",
}


def _told_apart(found: Sequence[Api]) -> Iterator[Api]:
    """Where several operations have one name, each gets its verb beside it."""
    labels = [api.label for api in found]
    for api in found:
        shared = labels.count(api.label) > 1
        label = f"{api.label} ({api.operation.verb})" if shared else api.label
        yield Api(api.name, label, api.operation, api.manner, api.request)
