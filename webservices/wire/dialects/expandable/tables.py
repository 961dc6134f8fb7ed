"""The types of Expandable's tables: a program with its fields, lines inside a record, a call about no record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from records.shapes.fields import Field
from records.shapes.problems import Path

# Of a field that a site has defined under a number: `custom_field7` is ICFPM_USER_7.
CUSTOM_PREFIX = "custom_field"
TOKEN, USER_NAME, PASSWORD = "AUTH_TOKEN", "USER_NAME", "PASSWORD"
# Two of the names say the same as two others: Expandable's own records have both.
AUDIT: Mapping[str, Path] = {
    "CREATED_BY": ("created_by",),
    "DATE_CREATED": ("created_at", "date"),
    "MODIFIED_BY": ("changed_by",),
    "DATE_MODIFIED": ("changed_at", "date"),
    "OPERATOR_ID": ("changed_by",),
    "DATE_LAST_UPDT": ("changed_at", "date"),
    "TIME_LAST_UPDT": ("changed_at", "time"),
}
TRAILING: Mapping[str, str] = {"NOTES": "notes", "ATTACHMENTS": "attachments"}
# Long texts and lists of links: no query is by them.
NOT_SEARCHABLE = frozenset(TRAILING)
# Before a name on the wire that leads to no field, lest it be taken for one of the hub's own.
UNKNOWN_PREFIX = ":"


@dataclass(frozen=True)
class Lines:
    """
    Records inside a record: the members of a body that has both.

    head    the member that holds the record's own fields
    member  the one that holds the list
    name    the hub's name of the list
    fields  the hub's names by those of the wire
    """

    head: str
    member: str
    name: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Program:
    """
    The program that keeps one kind of record, and what a record has there.

    noun              in addresses, `customer-part`
    title             `Customer Part`
    editor            what keeps the same records on a screen
    fields            the hub's names by those of the wire, in their order, before the audit fields
    trailing          likewise, after them
    user_prefix       the prefix of user fields that a site defines by a number; "": it has no such
    lines             the records inside it; then the body has members, and AUTH_TOKEN beside them
    example_fields    names that an example of a new record has beside the required ones
    example_criteria  an example of a query
    """

    noun: str
    title: str
    editor: str
    fields: Mapping[str, str]
    trailing: Mapping[str, str] = field(default_factory=lambda: TRAILING)
    user_prefix: str = ""
    lines: Lines | None = None
    example_fields: tuple[str, ...] = tuple(TRAILING)
    example_criteria: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def wire_names(self) -> Mapping[str, str]:
        """The name on the wire of each of the hub's."""
        return {name: wire for wire, name in (*self.fields.items(), *self.trailing.items())}

    @cached_property
    def paths(self) -> Mapping[str, Path]:
        """The hub's path of each name of the wire, but for user fields that a site defines."""
        own = {wire: (name,) for wire, name in (*self.fields.items(), *self.trailing.items())}
        return {**own, **AUDIT}

    def find_path(self, wire: str) -> Path | None:
        """Return the hub's path of a name of the wire; None: it is no field of this program."""
        prefix, _, number = wire.rpartition("_")
        # ICFPM_USER_07 is no other name of ICFPM_USER_7: a number begins with no zero.
        if (
            self.user_prefix
            and prefix == self.user_prefix
            and number.isascii()
            and number.isdigit()
            and number[0] != "0"
        ):
            return (CUSTOM_PREFIX + number,)
        return self.paths.get(wire)

    def user_fields(self, custom: Sequence[Field]) -> dict[str, str]:
        """Return the user fields among those that a site has defined, in the order of their numbers."""
        numbers = sorted(int(entry.name[len(CUSTOM_PREFIX) :]) for entry in custom if self.carries_custom(entry))
        return {f"{self.user_prefix}_{number}": f"{CUSTOM_PREFIX}{number}" for number in numbers}

    def carries_custom(self, entry: Field) -> bool:
        """True if a field that a site has defined is a user field here."""
        number = entry.name.removeprefix(CUSTOM_PREFIX)
        return bool(self.user_prefix) and number != entry.name and number.isdecimal()


@dataclass(frozen=True)
class PlainCall:
    """
    A call that is about no record.

    outputs      the hub's names of what it answers, by those of the wire
    inputs       likewise what it takes; all of it is required
    is_list      its outputs are lists
    takes_login  it takes a user's name and password, too
    """

    name: str
    title: str
    purpose: str
    outputs: Mapping[str, str]
    inputs: Mapping[str, str] = field(default_factory=dict)
    is_list: bool = False
    takes_login: bool = False

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names that it must be sent, which are all that it takes."""
        return (*self.inputs, *((USER_NAME, PASSWORD) if self.takes_login else ()))
