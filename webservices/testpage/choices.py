"""
What can be chosen on the page: versions, tabs and key fields, read from DIALECTS and the operations.

    version  a dialect: `oracle-2.0`
    tab      a kind of record: `parts`, when the dialect offers an operation on it
    api      what the dialect offers on it: `getParts`, `PUT /api/v1/parts/{number}/` (`webservices.contracts.offers`)
"""

from collections.abc import Mapping
from dataclasses import dataclass

from records.shapes.fields import Field
from webservices.dialects.shape import Dialect
from webservices.dialects.table import DIALECTS
from webservices.operations import Operations

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


def versions() -> list[Version]:
    """All that exist and those that are expected, in the order of their names."""
    known = [Version(dialect.name, dialect.label, dialect) for dialect in DIALECTS]
    missing = EXPECTED.keys() - {version.name for version in known}
    expected = [Version(name, label) for name, label in EXPECTED.items() if name in missing]
    return sorted([*known, *expected], key=lambda version: version.name)


def tabs(dialect: Dialect, operations: Operations) -> list[Tab]:
    """The kinds of record that the dialect offers an operation on."""
    offered = {each.resource.plural: each.resource for each in operations if dialect.manners(each)}
    return [Tab(plural, resource.label_plural, resource.key_fields) for plural, resource in offered.items()]
