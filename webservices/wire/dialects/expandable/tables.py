"""
What Expandable's tables are made of: a program with its fields, lines inside a record, a call about no record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from records.shapes.fields import Field
from records.shapes.problems import Path

OF_A_NUMBER = "custom_field"  # a field that a site has defined under a number: `custom_field7` is ICFPM_USER_7
TOKEN, USER_NAME, PASSWORD = "AUTH_TOKEN", "USER_NAME", "PASSWORD"
AUDIT: Mapping[str, Path] = {
    "CREATED_BY": ("created_by",),
    "DATE_CREATED": ("created_at", "date"),
    "MODIFIED_BY": ("changed_by",),
    "DATE_MODIFIED": ("changed_at", "date"),
    "OPERATOR_ID": ("changed_by",),
    "DATE_LAST_UPDT": ("changed_at", "date"),
    "TIME_LAST_UPDT": ("changed_at", "time"),
}
ENDS: Mapping[str, str] = {"NOTES": "notes", "ATTACHMENTS": "attachments"}
NO_CRITERIA = frozenset(ENDS)
NAME_OF_NONE = ":"  # before a name on the wire that leads to no field, lest it be taken for one of the hub's own


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

    noun     in addresses, `customer-part`
    title    `Customer Part`
    editor   what keeps the same records on a screen
    fields   the hub's names by those of the wire, in their order, before the audit fields
    ends     likewise, after them
    users    the prefix of user fields that a site defines by a number; "": it has no such
    lines    the records inside it; then the body has members, and AUTH_TOKEN beside them
    shows    names that an example of a new record has beside the required ones
    asks     an example of what is asked
    """

    noun: str
    title: str
    editor: str
    fields: Mapping[str, str]
    ends: Mapping[str, str] = field(default_factory=lambda: ENDS)
    users: str = ""
    lines: Lines | None = None
    shows: tuple[str, ...] = tuple(ENDS)
    asks: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_hub(self) -> Mapping[str, str]:
        """The name on the wire of each of the hub's."""
        return {name: wire for wire, name in (*self.fields.items(), *self.ends.items())}

    @cached_property
    def paths(self) -> Mapping[str, Path]:
        """Where each name of the wire leads, but for user fields that a site defines."""
        own = {wire: (name,) for wire, name in (*self.fields.items(), *self.ends.items())}
        return {**own, **AUDIT}

    def path_of(self, wire: str) -> Path | None:
        """Where a name of the wire leads; None: it is no field of this program."""
        prefix, _, number = wire.rpartition("_")
        if self.users and prefix == self.users and number.isascii() and number.isdigit() and number[0] != "0":
            return (OF_A_NUMBER + number,)
        return self.paths.get(wire)

    def users_of(self, custom: Sequence[Field]) -> dict[str, str]:
        """The user fields among those that a site has defined, in the order of their numbers."""
        numbers = sorted(int(entry.name[len(OF_A_NUMBER) :]) for entry in custom if self.has_custom(entry))
        return {f"{self.users}_{number}": f"{OF_A_NUMBER}{number}" for number in numbers}

    def has_custom(self, entry: Field) -> bool:
        return bool(self.users) and entry.name.startswith(OF_A_NUMBER)


@dataclass(frozen=True)
class Plain:
    """
    A call that is about no record.

    says    the hub's names of what it answers, by those of the wire
    takes   likewise what it takes; all of it is required
    many    whether what it answers is a list
    logs_in whether it takes a user's name and password, too
    """

    name: str
    title: str
    purpose: str
    says: Mapping[str, str]
    takes: Mapping[str, str] = field(default_factory=dict)
    many: bool = False
    logs_in: bool = False

    @property
    def asks(self) -> tuple[str, ...]:
        """All names that it takes."""
        return (*self.takes, *((USER_NAME, PASSWORD) if self.logs_in else ()))
