"""
Choices of the page: versions, tabs and key fields, read from DIALECTS and the operations.

    version  a dialect: `oracle-2.0`
    tab      a service: mostly that of a kind of record, `parts`, when the dialect offers an operation on it
    api      an offer of the dialect on it: `getParts`, `PUT /api/v1/parts/{number}/` (`wire.reference.catalog`)
"""

from dataclasses import dataclass
from functools import lru_cache

from records.shapes.fields import Field
from webservices.publishing import for_site
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.operations import Operations

PRESELECTED = "oracle-2.0"
FIRST_TAB = "parts"


@dataclass(frozen=True)
class Tab:
    """A service, mostly on a kind of record, with the fields that find one."""

    name: str
    label: str
    key_fields: tuple[Field, ...]


def versions(operations: Operations) -> list[Dialect]:
    """The dialects that offer an operation on this site, in the order of their names."""
    found = (for_site(dialect, operations.generation) for dialect in DIALECTS)
    offering = (each for each in found if any(each.contexts(operation) for operation in operations))
    return sorted(offering, key=lambda dialect: dialect.name)


@lru_cache(maxsize=64)
def tabs(dialect: Dialect, operations: Operations) -> tuple[Tab, ...]:
    """The dialect's services: those without a key, such as sessions, first, then those on the kinds of record."""
    found: dict[str, Tab] = {}
    for operation in operations:
        resource = operation.resource
        for service in (dialect.service(operation, context) for context in dialect.contexts(operation)):
            title = dialect.titles.get(service, resource.label_plural.title())
            found.setdefault(service, Tab(service, title, resource.key_fields))
    return (*sorted(found.values(), key=lambda tab: bool(tab.key_fields)),)
