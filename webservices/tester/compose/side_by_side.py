"""
The same operation on the same record in any two versions, side by side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from webservices.tester.compose.choices import PRESELECTED, tabs, versions
from webservices.tester.compose.inputs import InputOptions, generate_input
from webservices.wire.dialects.base import Dialect
from webservices.wire.operations import Kind, Operation, Operations
from webservices.wire.reference.catalog import Offer, service_offers
from webservices.wire.reference.skeletons import Skeleton

FIRST, OTHER = "parts.put", "rest"
SIDES = {"left": PRESELECTED, "right": OTHER}


@dataclass(frozen=True)
class Group:
    """The operations on one kind of record."""

    label: str
    operations: Sequence[Operation]


@dataclass(frozen=True)
class KeyField:
    """A field of the key, as it was typed."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class OperationChoice:
    """The operation, the key and the options that both versions show."""

    operation: Operation
    key: Mapping[str, str]
    options: InputOptions
    groups: Sequence[Group]

    @property
    def key_fields(self) -> list[KeyField]:
        fields = self.operation.resource.key_fields
        return [KeyField(each.name, each.label[:1].upper() + each.label[1:], self.key[each.name]) for each in fields]


@dataclass(frozen=True)
class Side:
    """One of the two; `skeleton` is None where the version has no such operation, else `query` opens it on the page."""

    name: str
    dialect: Dialect
    skeleton: Skeleton | None
    query: str = ""


def read_choice(query: Mapping[str, str], options: InputOptions, operations: Operations) -> OperationChoice:
    """Read the choice by `asked` (`parts.put`) and `key-…`; parts.put for an unknown operation."""
    known = {each.name: each for each in operations if each.kind in (Kind.SEARCH, Kind.WRITE)}
    operation = known.get(query.get("asked", "")) or known[FIRST]
    key = {each.name: query.get(f"key-{each.name}", "").strip() for each in operation.resource.key_fields}
    groups: dict[str, list[Operation]] = {}
    for each in known.values():
        groups.setdefault(each.resource.label_plural, []).append(each)
    return OperationChoice(operation, key, options, [Group(label, found) for label, found in groups.items()])


def build_sides(query: Mapping[str, str], choice: OperationChoice, user_id: int, operations: Operations) -> list[Side]:
    """The two versions of the query; the default of the right side changes if it would be the same as the left one."""
    there_are = versions(operations)
    by_name = {each.name: each for each in there_are}
    found = {name: by_name.get(query.get(name, "")) or by_name.get(usual) for name, usual in SIDES.items()}
    if query.get("right", "") not in by_name and found["left"] == found["right"]:
        found["right"] = by_name.get(PRESELECTED)
    return [_build_side(name, dialect or there_are[0], choice, user_id, operations) for name, dialect in found.items()]


def _build_side(name: str, dialect: Dialect, choice: OperationChoice, user_id: int, operations: Operations) -> Side:
    tab, offer = _find_offer(dialect, choice.operation, operations)
    if offer is None:
        return Side(name, dialect, None)
    # Two messages are compared here; if the call would fail is not the question.
    generated = generate_input(dialect, offer, choice.key, user_id, operations, dry_run=False, options=choice.options)
    key = {f"key-{field}": text for field, text in choice.key.items() if text}
    return Side(
        name, dialect, generated.skeleton, urlencode({"version": dialect.name, "tab": tab, "api": offer.name, **key})
    )


def _find_offer(dialect: Dialect, operation: Operation, operations: Operations) -> tuple[str, Offer | None]:
    """The first offer of the operation, with the name of its tab; None: the version does not offer it."""
    for tab in tabs(dialect, operations):
        for offer in service_offers(dialect, tab.name, operations):
            if offer.operation == operation:
                return tab.name, offer
    return "", None
