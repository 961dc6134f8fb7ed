"""
REST's names: addresses, methods, comparators. Fields and operations are called as the hub itself calls them.

    /api/v1/parts/              GET finds, POST adds; GET with Accept: application/x-ndjson finds all, one a line
    /api/v1/parts/PUMP-100/     GET PUT PATCH DELETE one; a key of several parts: the record's id
    /api/v1/parts/batch/        POST any verb with n records
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from urllib.parse import quote

from records.shapes.criteria import Comparator
from records.shapes.fields import Field
from records.shapes.problems import Path
from records.shapes.resources import Resource
from webservices.wire.operations import Action, Operation, Verb

BASE = "/api/v1/"
DOCUMENTATION = f"{BASE}docs/"
BATCH = "batch"
# Keys that no path can name: a reserved word, and steps that clients and proxies resolve before they send.
UNADDRESSABLE = frozenset({BATCH, ".", ".."})
JSON_TYPE = "application/json"
LINES_TYPE = "application/x-ndjson"  # JSON, a record on each line
PROBLEM_TYPE = "application/problem+json"
NOT_TAKEN = re.compile(r"\bq\s*=\s*0(\.0*)?\s*(;|$)")  # of a media range in an Accept header


class Entry(StrEnum):
    """The three kinds of address: of one record, of many, of batches."""

    ONE = "one"
    MANY = "many"
    BATCH = "batch"


METHODS: Mapping[Entry, Mapping[str, Verb]] = {
    Entry.MANY: {"GET": Verb.FIND, "POST": Verb.ADD},
    Entry.ONE: {"GET": Verb.FIND, "PUT": Verb.PUT, "PATCH": Verb.UPDATE, "DELETE": Verb.REMOVE},
}

ENTRIES: Mapping[Verb | Action, tuple[Entry, ...]] = {
    Verb.FIND: (Entry.ONE, Entry.MANY, Entry.BATCH),
    Verb.ADD: (Entry.ONE, Entry.MANY, Entry.BATCH),
    Verb.UPDATE: (Entry.ONE, Entry.BATCH),
    Verb.PUT: (Entry.ONE, Entry.BATCH),
    Verb.REMOVE: (Entry.ONE, Entry.BATCH),
}


def find_entries(operation: Operation) -> Sequence[Entry]:
    """Return the kinds of address of an operation; only a verb on what is stored by itself has one."""
    entries = ENTRIES.get(operation.verb, ()) if operation.find else ()
    return [entry for entry in entries if entry is not Entry.BATCH or has_batch(operation.resource)]


def has_batch(resource: Resource) -> bool:
    """True if there are batches of its records: something of them can be written."""
    return bool(resource.writable)


def addressed_resources(operations: Iterable[Operation]) -> dict[str, Resource]:
    """Return the resources that have addresses here, by their plural names."""
    return {each.resource.plural: each.resource for each in operations if find_entries(each)}


COMPARATORS: Mapping[str, Comparator] = {
    "eq": Comparator.EQUAL,
    "ne": Comparator.NOT_EQUAL,
    "lt": Comparator.LESS,
    "lte": Comparator.AT_MOST,
    "gt": Comparator.MORE,
    "gte": Comparator.AT_LEAST,
    "like": Comparator.LIKE,
    "ilike": Comparator.ILIKE,
    "in": Comparator.IN,
}

# Parameters that are no field's; a field of such a name is asked for as `limit__eq`.
# `format` is DRF's: it selects the renderer.
RESERVED = frozenset({"search", "ordering", "cursor", "limit", "format"})


def prefers_lines(accept: str) -> bool:
    """True if an Accept header asks for records as lines; whoever takes JSON as well gets pages of that."""
    ranges = [each.partition(";") for each in accept.lower().split(",")]
    taken = {name.strip() for name, _, parameters in ranges if not NOT_TAKEN.search(parameters)}
    return LINES_TYPE in taken and JSON_TYPE not in taken


def segment(resource: Resource) -> str:
    """`customer-parts`."""
    return resource.plural.replace("_", "-")


def address_field(resource: Resource) -> Field:
    """Return the field whose value stands in a record's address: its key, or its id where the key has several parts."""
    return resource.by_name["id"] if has_id_address(resource) else resource.key_fields[0]


def has_id_address(resource: Resource) -> bool:
    """True if its records are addressed by their ids: as the server gives those, none is created at its address."""
    return len(resource.key) > 1


def collection_path(resource: Resource) -> str:
    """`/api/v1/parts/`."""
    return f"{BASE}{segment(resource)}/"


def batch_path(resource: Resource) -> str:
    """`/api/v1/parts/batch/`."""
    return f"{collection_path(resource)}{BATCH}/"


def record_target(resource: Resource, key: str) -> tuple[str, str]:
    """Path and query that address one record: `/api/v1/parts/A%2FB/` and nothing, or `…/parts/` and `number=batch`."""
    if key in UNADDRESSABLE:
        return collection_path(resource), f"{address_field(resource).name}={quote(key, safe='')}"
    return f"{collection_path(resource)}{quote(key, safe='')}/", ""


def pointer(path: Path) -> str:
    """A JSON pointer as a fragment (RFC 6901 §6): `#/records/3/price/USD`."""
    return "#" + "".join("/" + quote(str(step).replace("~", "~0").replace("/", "~1"), safe="~") for step in path)
