"""
What can be chosen on the page: versions, tabs and key fields, read from DIALECTS and the operations.

    version  a dialect: `oracle-2.0`
    tab      a kind of record: `parts`, when the dialect offers an operation on it
    api      what the dialect offers on it: `getParts`, `PUT /api/v1/parts/{number}/` (`webservices.contracts.offers`)
"""

from dataclasses import dataclass

from records.shapes.fields import Field
from webservices.dialects.shape import Dialect
from webservices.dialects.table import DIALECTS
from webservices.operations import Operations
from webservices.publishing import on_site

PRESELECTED = "oracle-2.0"
FIRST_TAB = "parts"


@dataclass(frozen=True)
class Tab:
    """A kind of record, with the fields that find one."""

    name: str
    label: str
    key_fields: tuple[Field, ...]


def versions(operations: Operations) -> list[Dialect]:
    """Those that offer anything on this site, in the order of their names."""
    found = (on_site(dialect, operations.generation) for dialect in DIALECTS)
    return sorted((each for each in found if tabs(each, operations)), key=lambda dialect: dialect.name)


def tabs(dialect: Dialect, operations: Operations) -> list[Tab]:
    """What the dialect offers an operation on: what has no key, such as sessions, first, then the kinds of record."""
    offered = {each.resource.plural: each.resource for each in operations if dialect.manners(each)}
    found = [
        Tab(plural, dialect.titles.get(plural, resource.label_plural.title()), resource.key_fields)
        for plural, resource in offered.items()
    ]
    return sorted(found, key=lambda tab: bool(tab.key_fields))
