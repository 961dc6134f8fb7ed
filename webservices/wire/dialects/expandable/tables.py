"""The types of Expandable's tables: a program with its fields, lists inside a record, a call about no record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from records.shapes.problems import Path
from records.shapes.resources import VENDOR
from webservices.wire.operations import Action, Verb

TOKEN, USER_NAME, PASSWORD = "AUTH_TOKEN", "USER_NAME", "PASSWORD"
OLD_TOKEN, OLD_PASSWORD = "AuthToken", "Password"  # a header, and a member, of the older generation
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
NOTES, ATTACHMENTS = "NOTES", "ATTACHMENTS"
TRAILING = (NOTES, ATTACHMENTS)
# Long texts and lists of links: no query is by them.
NOT_SEARCHABLE = frozenset(TRAILING)
# Before a name on the wire that leads to no field, lest it be taken for one of the hub's own.
UNKNOWN_PREFIX = ":"
LINE_NUMBER = "SO_LINE_NO"
NOTE_PREFIX = "rows."
NOTES_EXAMPLE = "Notes can be up to 32,765 characters long."
ATTACHMENTS_EXAMPLE = "http://www.expandable.com/|C:\\Expandable.docx"
TRAILING_EXAMPLE = {NOTES: NOTES_EXAMPLE, ATTACHMENTS: ATTACHMENTS_EXAMPLE}


def split_names(text: str) -> tuple[str, ...]:
    """Return the names of a list in their order; `SOFCT_USER_1..16` are sixteen."""
    names: list[str] = []
    for name in text.split():
        first, dots, last = name.partition("..")
        if not dots:
            names.append(name)
            continue
        prefix, _, start = first.rpartition("_")
        names += (f"{prefix}_{number}" for number in range(int(start), int(last) + 1))
    return tuple(names)


@dataclass(frozen=True)
class FieldList:
    """
    The vendor's list of names, in its order, and which of them are fields of the hub.

    names  all but the audit fields and those at the end
    hub    the hub's names by those of the wire; every other name is the vendor's alone
    ours   names that are not public: the vendor may have others
    codes  names whose values are spelled in another way than the hub's, each with the setting that has the spellings
    """

    names: tuple[str, ...]
    hub: Mapping[str, str]
    ours: frozenset[str] = frozenset()
    codes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def wire_names(self) -> Mapping[str, str]:
        """The name on the wire of each of the hub's."""
        return {name: wire for wire, name in self.hub.items()}

    def field_path(self, wire: str) -> Path:
        """Return the hub's path of a name of the list."""
        return (self.hub[wire],) if wire in self.hub else (VENDOR, wire)


@dataclass(frozen=True)
class Lines(FieldList):
    """
    Records inside a record.

    member  the member of a body that holds them, `LINES`; old_member: its name in the older generation
    name    the hub's name of the list
    defaults  values that a new line has where a name is absent or blank
    """

    member: str = ""
    old_member: str = ""
    name: str = ""
    defaults: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def paths(self) -> Mapping[str, Path]:
        return {wire: self.field_path(wire) for wire in self.names}


@dataclass(frozen=True)
class TextList:
    """
    A list that a record has for this wire alone: stored as one text, in the order in which it was sent.

    names     of an entry's members
    required  those that each must have
    orders    an entry may be about the whole order: its line is 0
    single    there is one entry for a line at the most
    """

    member: str
    old_member: str
    names: tuple[str, ...]
    required: tuple[str, ...]
    orders: bool = False
    single: bool = False

    @property
    def stored_name(self) -> str:
        """Its name among the vendor's data, where it is about rows (`records.row_notes`)."""
        return NOTE_PREFIX + self.member


@dataclass(frozen=True)
class Program(FieldList):
    """
    The program that keeps one kind of record, and what a record has there.

    noun           in addresses, `customer-part`
    title          `Customer Part`
    editor         what keeps the same records on a screen
    key            the names that find a record, in their order
    required       names without which no record is created, whatever the hub says
    named          parts of the key that may be blank, and must be named all the same to find a record
    found_by       the hub's fields that find a record; (): its key
    optional_key   a part of the hub's key that the vendor's does not have
    trailing       names after the audit fields
    status         the field whose `I` says that a record is not active; "": none
    audit          its audit fields
    joined         read-only fields of another record, by the hub's paths: answers of create and update have them
                   after the first name
    problem_names  the names of the wire for fields of the hub's that it says in other words, where they are a problem
    is_open        its list, or that of a transaction's lines, is not public as a whole: a site may add names
    names_from     the noun by which a site adds them; "": its own
    defaults       values that a new record has where a name is absent or blank
    site_defaults  likewise, each the name of a setting
    verbs          those that it has
    is_entry       a transaction: each of its lines is a record, which has the fields of the head as well; all or none
    count          the name of how many records a transaction has made; only read
    not_taken      members that are refused unless they are empty, each with the reason
    purposes       what its calls do, where that is not what others do
    lines          the records inside it
    lists          its lists of texts
    examples       requests, by verb
    old_resource   the resource in addresses of the older generation; "": it has none
    old_changes    names that the older generation has beside these, and those that it has not
    """

    noun: str = ""
    title: str = ""
    editor: str = ""
    key: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()
    found_by: tuple[str, ...] = ()
    optional_key: str = ""
    trailing: tuple[str, ...] = TRAILING
    status: str = ""
    audit: Mapping[str, Path] = field(default_factory=lambda: AUDIT)
    joined: Mapping[str, Path] = field(default_factory=dict)
    problem_names: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = False
    names_from: str = ""
    defaults: Mapping[str, str] = field(default_factory=dict)
    site_defaults: Mapping[str, str] = field(default_factory=dict)
    verbs: frozenset[Verb] = frozenset({Verb.ADD, Verb.UPDATE, Verb.REMOVE, Verb.FIND})
    is_entry: bool = False
    count: str = ""
    not_taken: Mapping[str, str] = field(default_factory=dict)
    purposes: Mapping[Verb | Action, str] = field(default_factory=dict)
    lines: Lines | None = None
    lists: tuple[TextList, ...] = ()
    examples: Mapping[Verb | Action, Mapping[str, object]] = field(default_factory=dict)
    old_resource: str = ""
    old_names: tuple[str, ...] = ()
    not_old_names: frozenset[str] = frozenset()

    @cached_property
    def paths(self) -> Mapping[str, Path]:
        """The hub's path of each name of the wire that a request may have."""
        own = {wire: self.field_path(wire) for wire in (*self.names, *self.trailing)}
        return {**own, **self.audit, **self.joined}

    @cached_property
    def vendor_names(self) -> tuple[str, ...]:
        """The names that lead to no field of the hub, those of its lines and lists among them."""
        lists = [name for texts in self.lists for name in (texts.member, *texts.names)]
        own = [wire for wire in (*self.names, *self.trailing) if wire not in self.hub and wire != self.count]
        lines = [wire for wire in self.lines.names if wire not in self.lines.hub] if self.lines else []
        return (*own, *lines, *lists)

    @cached_property
    def delete_names(self) -> tuple[str, ...]:
        """The names that a delete takes: the key, and what may tell two records of one key apart."""
        return (*self.key, *([self.wire_names[self.optional_key]] if self.optional_key else ()))

    @cached_property
    def answer_names(self) -> tuple[str, ...]:
        """The names of a found record, in their order."""
        return (*self.names, *self.audit, *self.trailing)

    @cached_property
    def written_names(self) -> tuple[str, ...]:
        """The names of a record that a create or an update answers, in their order."""
        first, *others = self.answer_names
        return (first, *self.joined, *others)

    @cached_property
    def criteria_names(self) -> tuple[str, ...]:
        """The names by which a query may ask, in their order."""
        return tuple(wire for wire in (*self.names, *self.trailing, *self.audit) if wire not in NOT_SEARCHABLE)

    def extend(self, names: Sequence[str]) -> "Program":
        """Return the program with names that a site adds: the vendor's alone, after the known ones."""
        further = tuple(name for name in names if name not in self.paths)
        if self.is_entry and self.lines is not None:  # what is known of its head is whole
            further = tuple(name for name in further if name not in self.lines.paths)
            return replace(self, lines=replace(self.lines, names=(*self.lines.names, *further))) if further else self
        return replace(self, names=(*self.names, *further)) if further else self

    @cached_property
    def old(self) -> "Program":
        """The program as the older generation has it: its names in the order of the alphabet."""
        kept = [*(name for name in self.names if name not in self.not_old_names), *self.old_names]
        audit = {wire: path for wire, path in self.audit.items() if wire not in self.not_old_names}
        return replace(self, names=tuple(sorted(kept)), audit=audit, joined={})


@dataclass(frozen=True)
class PlainCall:
    """
    A call that is about no record.

    outputs      the hub's names of what it answers, by those of the wire
    inputs       likewise what it takes; all of it is required
    is_list      its outputs are lists
    login        the members with a user's name and password, if it takes them
    data_source  the member that names the site, where the operation itself does not take it
    takes_token  it needs a token
    token_header  the header of the answer that has the hub's session; "": none
    """

    name: str
    title: str
    purpose: str
    outputs: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    is_list: bool = False
    login: tuple[str, str] | None = None
    data_source: str = ""
    takes_token: bool = False
    token_header: str = ""

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names that it must be sent, which are all that it takes."""
        return (*self.inputs, *((self.data_source,) if self.data_source else ()), *(self.login or ()))
