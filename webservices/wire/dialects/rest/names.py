"""
REST's names: addresses, methods, comparators, and the status of each family of problem.

    /api/v1/parts/              GET finds, POST adds
    /api/v1/parts/PUMP-100/     GET PUT PATCH DELETE one; a key of several parts: the record's id
    /api/v1/parts/batch/        POST any verb with n records
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from records.shapes.criteria import Comparator
from records.shapes.fields import Field
from records.shapes.problems import Family, Path
from records.shapes.resources import Resource
from webservices.wire.messages import DialectSettings, MessageContext
from webservices.wire.operations import Operation, Verb

BASE = "/api/v1/"
DOCUMENTATION = f"{BASE}docs/"
BATCH = "batch"
UNADDRESSABLE = frozenset({BATCH, ".", ".."})  # keys that no path can name: a reserved word, and what clients normalize
JSON_TYPE = "application/json"
PROBLEM_TYPE = "application/problem+json"


class Entry(StrEnum):
    """How an operation is asked: at the address of one record, of many, or of batches."""

    ONE = "one"
    MANY = "many"
    BATCH = "batch"


METHODS: Mapping[Entry, Mapping[str, Verb]] = {
    Entry.MANY: {"GET": Verb.FIND, "POST": Verb.ADD},
    Entry.ONE: {"GET": Verb.FIND, "PUT": Verb.PUT, "PATCH": Verb.UPDATE, "DELETE": Verb.REMOVE},
}

MANNERS: Mapping[Verb, tuple[Entry, ...]] = {
    Verb.FIND: (Entry.ONE, Entry.MANY, Entry.BATCH),
    Verb.ADD: (Entry.ONE, Entry.MANY, Entry.BATCH),
    Verb.UPDATE: (Entry.ONE, Entry.BATCH),
    Verb.PUT: (Entry.ONE, Entry.BATCH),
    Verb.REMOVE: (Entry.ONE, Entry.BATCH),
}


@dataclass(frozen=True)
class RestContext(MessageContext):
    """
    How one request speaks.

    prefer    what its Prefer header returns: `minimal`, `representation`, or blank for the entry's own habit
    address   scheme and host, for Location and `next`
    path      percent-encoded, as it was asked
    key       of the one record that is addressed
    query     the parameters of a list, for `next`
    demanded  whether If-Match named a version
    allow     the methods of this address, when another was tried
    """

    entry: Entry = Entry.ONE
    prefer: str = ""
    address: str = ""
    path: str = ""
    key: str = ""
    query: tuple[tuple[str, str], ...] = ()
    demanded: bool = False
    allow: tuple[str, ...] = ()

    @property
    def returns_records(self) -> bool:
        """Whether what was written comes back: by habit, but for batches."""
        return self.prefer == "representation" if self.prefer else self.entry is not Entry.BATCH


@dataclass(frozen=True)
class RestSettings(DialectSettings):
    """How many records a page of a list has: unless asked otherwise, and at most."""

    page: int = 100
    longest_page: int = 1000


def contexts(operation: Operation) -> tuple[RestContext, ...]:
    """How an operation is asked; what is no verb on a record has no address here."""
    return tuple(RestContext(entry) for entry in MANNERS.get(operation.verb, ()))


def resources_of(operations: Iterable[Operation]) -> dict[str, Resource]:
    """The kinds of record that have addresses here, by their plural names."""
    return {operation.resource.plural: operation.resource for operation in operations if contexts(operation)}


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

RESERVED = frozenset({"search", "cursor", "limit", "format"})  # a field of such a name is asked for as `limit__eq`


@dataclass(frozen=True)
class Standing:
    """What a family of problem is over HTTP."""

    status: int
    title: str


FAMILIES: Mapping[Family, Standing] = {
    Family.MISSING: Standing(422, "A required value is missing"),
    Family.INVALID: Standing(422, "A value is not valid"),
    Family.DUPLICATE: Standing(409, "It exists already"),
    Family.NOT_FOUND: Standing(404, "Not found"),
    Family.AMBIGUOUS: Standing(409, "Several records answer to it"),
    Family.UNRESOLVED: Standing(422, "It names something that is not known"),
    Family.IN_USE: Standing(409, "It is in use"),
    Family.FILTERED: Standing(422, "It would leave what this call may write"),
    Family.LOCKED: Standing(409, "It is locked"),
    Family.CONFLICT: Standing(409, "It has changed"),
    Family.ROLLED_BACK: Standing(409, "Nothing was kept"),
    Family.INTERNAL: Standing(500, "Something went wrong in the server"),
    Family.MALFORMED: Standing(400, "The request cannot be read"),
    Family.UNKNOWN_OPERATION: Standing(405, "Not offered here"),
    Family.TOO_LARGE: Standing(413, "The request is too large"),
    Family.UNAUTHENTICATED: Standing(401, "Who is calling is not known"),
    Family.FORBIDDEN: Standing(403, "Not allowed"),
    Family.BUSY: Standing(503, "The server is busy"),
}

CODES: Mapping[str, int] = {  # where a code has a status of its own
    "unknown-address": 404,
    "not-acceptable": 406,
    "wrong-media-type": 415,
    "wrong-option": 400,
    "throttled": 429,
}
DEMAND_NOT_MET = 412  # a conflict, when If-Match demanded a version

CHALLENGE = 'Basic realm="Counterpart", charset="UTF-8", Bearer realm="Counterpart"'


def segment(resource: Resource) -> str:
    """`customer-parts`."""
    return resource.plural.replace("_", "-")


def address_field(resource: Resource) -> Field:
    """The field whose value stands in a record's address: its key, or the id of one whose key has several parts."""
    return resource.by_name["id"] if by_id(resource) else resource.key_fields[0]


def by_id(resource: Resource) -> bool:
    """Whether its records are addressed by their ids, which the server gives: none is created at its address."""
    return len(resource.key) > 1


def named_by(operation: Operation, context: RestContext) -> tuple[str, ...]:
    """What names a record: at its own address what stands there, else its key."""
    at_its_address = context.entry is Entry.ONE and operation.verb is not Verb.ADD
    return (address_field(operation.resource).name,) if at_its_address else operation.resource.key


def collection_path(resource: Resource) -> str:
    return f"{BASE}{segment(resource)}/"


def batch_path(resource: Resource) -> str:
    return f"{collection_path(resource)}{BATCH}/"


def target(resource: Resource, key: str) -> tuple[str, str]:
    """Path and query that address one record: `/api/v1/parts/A%2FB/` and nothing, or `…/parts/` and `number=batch`."""
    if key in UNADDRESSABLE:
        return collection_path(resource), f"{address_field(resource).name}={quote(key, safe='')}"
    return f"{collection_path(resource)}{quote(key, safe='')}/", ""


def pointer(path: Path) -> str:
    """A JSON pointer as a fragment (RFC 6901 §6): `#/records/3/price/USD`."""
    return "#" + "".join("/" + quote(str(step).replace("~", "~0").replace("/", "~1"), safe="~") for step in path)
