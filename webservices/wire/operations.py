"""
Operations: a verb on a resource, or an action. Free of any wire.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from records.shapes.resources import Resource


class Verb(StrEnum):
    """The verbs that every resource has."""

    FIND = "find"
    ADD = "add"
    UPDATE = "update"
    PUT = "put"
    REMOVE = "remove"


WRITES = frozenset(Verb) - {Verb.FIND}


class Action(StrEnum):
    """The operations beside the verbs."""

    OPEN = "open"
    SHOW = "show"
    SET_CURRENCY = "set_currency"
    CLOSE = "close"
    SIGN_IN = "sign_in"
    CHECK = "check"
    INACTIVATE = "inactivate"
    LOG = "log"


# Those that are done for all records that criteria match, or for none.
TRIGGERS = frozenset({Action.CHECK, Action.INACTIVATE, Action.LOG})

_VERB_WORDS: Mapping[Verb | Action, str] = {
    Action.SET_CURRENCY: "set the currency of",
    Action.SIGN_IN: "sign in",
    Action.LOG: "log a call about",
}


class Kind(StrEnum):
    """
    The kinds of operation, by what they take and what their services return.

    SEARCH   criteria; the records found
    WRITE    records; an outcome for each
    ACTION   one record, of the fields that it names; the result of the service, as records
    TRIGGER  criteria; an outcome for each record that they match, all of which must succeed
    """

    SEARCH = "search"
    WRITE = "write"
    ACTION = "special"
    TRIGGER = "trigger"


@dataclass(frozen=True)
class OwnOption:
    """
    An option that means something to some operations only.

    field       its name in `webservices.wire.messages.Options`
    permission  what its caller needs beside the operation's own permissions; "": nothing
    listed_as   by which an API key that lists its operations allows it, `sales_orders.import`; "": it need not
    """

    field: str
    permission: str = ""
    listed_as: str = ""


@dataclass(frozen=True)
class Operation:
    """
    One thing that a caller can ask for: a verb on a resource, or an action.

    permissions  all of them are needed
    or_permissions  any of these will do as well
    service      the function of the records' app that answers it; its arguments are those of its kind
    find         the service that finds records of this resource; None: it has none that are stored
    takes        of an action, the fields that its record may have
    public       anybody may ask for it, without credentials and permissions
    trial        what it writes is always undone: it only says what would become of it
    options      those of its options that not every write has
    """

    verb: Verb | Action
    resource: Resource
    permissions: tuple[str, ...]
    service: Callable[..., Any]
    find: Callable[..., Any] | None = None
    takes: tuple[str, ...] = ()
    public: bool = False
    trial: bool = False
    options: tuple[OwnOption, ...] = ()
    or_permissions: tuple[str, ...] = ()

    @property
    def all_permissions(self) -> tuple[str, ...]:
        """The permissions that a caller may run it by."""
        return (*self.permissions, *self.or_permissions)

    @property
    def name(self) -> str:
        """`parts.add`: how exchanges, keys and logs name it."""
        return f"{self.resource.plural}.{self.verb}"

    @property
    def words(self) -> str:
        """`add parts`: the operation in a sentence."""
        verb = _VERB_WORDS.get(self.verb, self.verb)
        return f"{verb} {self.resource.label_plural.lower()}"

    @property
    def kind(self) -> Kind:
        if self.verb is Verb.FIND:
            return Kind.SEARCH
        if self.verb in TRIGGERS:
            return Kind.TRIGGER
        return Kind.WRITE if self.verb in WRITES else Kind.ACTION

    @property
    def writes(self) -> bool:
        """True if it is one transaction with its exchange, and may be logged as a job: it writes, or may write."""
        return self.kind in (Kind.WRITE, Kind.TRIGGER)

    @property
    def gives_secret(self) -> bool:
        """True if an answer may hold a secret of its caller, such as the id of a session."""
        return self.kind is Kind.ACTION and any(field.secret and field.read_only for field in self.resource.fields)

    def takes_option(self, name: str) -> bool:
        """True if one of its own options is the field of this name."""
        return any(option.field == name for option in self.options)

    @property
    def needs_only_key(self) -> bool:
        """True if its records need no more than their key."""
        return self.verb is Verb.REMOVE


@dataclass(frozen=True, eq=False)
class Operations:
    """
    All operations, by (plural of the resource, verb); for one generation of the site's definitions.

    Each is only equal to itself, so that what is made of them can be cached.
    """

    by_name: Mapping[tuple[str, Verb | Action], Operation] = field(default_factory=dict)
    generation: int = 0

    def get(self, plural: str, verb: Verb | Action) -> Operation | None:
        return self.by_name.get((plural, verb))

    def resource(self, plural: str) -> Resource:
        """Return the resource of a plural name; raises KeyError when it has no operation."""
        for operation in self:
            if operation.resource.plural == plural:
                return operation.resource
        raise KeyError(plural)

    def __iter__(self) -> Iterator[Operation]:
        return iter(self.by_name.values())

    def replace_resources(self, resources: Mapping[str, Resource], generation: int) -> "Operations":
        """The same operations on resources as a site has extended them, by plural name."""
        extended = {
            name: replace(operation, resource=resources.get(operation.resource.plural, operation.resource))
            for name, operation in self.by_name.items()
        }
        return Operations(extended, generation)
