"""References: a field of one record that names another record, or a code of a list that the site keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reference:
    """
    A field that holds the name of a record of another kind, and is stored as that record's id.

    label  the other kind, for sentences: `customer`
    by     the columns of the other record that may hold the name; the first one is shown
    within  a relation of both records, which must lead to the same third one: the name is unique only there; "": it is
            unique
    creates  the table, by its plural name, in which a call may create what it names, where the site's setting
            CREATE_NAMED lists it; "": it has to be there
    """

    label: str
    by: tuple[str, ...]
    within: str = ""
    creates: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A record that a reference names: equal and ordered by id; `text` is its name."""

    id: int
    text: str = field(compare=False)
    active: bool = field(default=True, compare=False)

    def __eq__(self, other: object) -> bool:
        # That of a dataclass builds two tuples, and each row of an order has its part compared.
        return self.id == other.id if isinstance(other, Ref) else NotImplemented

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class SumOfRecords:
    """
    The sum of a column of the records that refer to a row by its parent and its key, as SQL names them.

    table, column  what is added up
    parent, key    the columns of that table that hold the row's parent and its key
    """

    table: str
    column: str
    parent: str
    key: str


@dataclass(frozen=True)
class CodeList:
    """
    The codes of a table of the site that are in use or allowed.

    choices   pairs of code and name
    inactive  those of them that are switched off: a record that has one keeps it, and no other takes it
    digits    of the minor unit of each currency in the table, by code
    """

    choices: tuple[tuple[str, str], ...]
    inactive: frozenset[str] = frozenset()
    digits: Mapping[str, int] = field(default_factory=dict)
