"""The context of one message of REST's, and the settings of a site."""

from dataclasses import dataclass

from records.shapes.values import Precondition
from webservices.wire.dialects.rest.names import Entry, find_entries
from webservices.wire.messages import DialectSettings, MessageContext
from webservices.wire.operations import Operation


@dataclass(frozen=True)
class RestContext(MessageContext):
    """
    The context of one message of REST's.

    entry     the kind of address that it went to
    prefer    the return that its Prefer header asks for: `minimal`, `representation`, or "" for the entry's own habit
    address   scheme and host, for Location and `next`
    path      percent-encoded, as it was sent
    key       of the one record that is addressed
    query     the parameters of a list, for `next`
    order     of the list, for its cursor; (): its own
    condition  what If-Match and If-None-Match ask of the record
    allow     the methods of this address, when another was tried
    lines     a list is answered as lines, all of it
    """

    entry: Entry = Entry.ONE
    prefer: str = ""
    address: str = ""
    path: str = ""
    key: str = ""
    query: tuple[tuple[str, str], ...] = ()
    order: tuple[str, ...] = ()
    condition: Precondition | None = None
    allow: tuple[str, ...] = ()
    lines: bool = False

    @property
    def returns_records(self) -> bool:
        """True if the written records are answered: they are, but for batches, unless Prefer says otherwise."""
        return self.prefer == "representation" if self.prefer else self.entry is not Entry.BATCH


@dataclass(frozen=True)
class RestSettings(DialectSettings):
    """
    page          how many records a page of a list has, unless the caller says otherwise
    longest_page  and at most
    """

    page: int = 100
    longest_page: int = 1000


def contexts(operation: Operation) -> tuple[RestContext, ...]:
    """Return a context for each kind of address at which an operation can be called; (): it has none here."""
    return tuple(RestContext(entry) for entry in find_entries(operation))
