"""The context of one message of Oracle CPQ's REST interface, and the settings of a site."""

from dataclasses import dataclass
from enum import StrEnum

from records.shapes.values import Precondition
from webservices.wire.dialects.oracle_rest.names import VERSION, Child
from webservices.wire.messages import DialectSettings, MessageContext


class Entry(StrEnum):
    """The kinds of address."""

    SETUPS = "setups"
    SETUP = "setup"
    PARTS = "parts"
    PART = "part"
    SEARCH = "search"
    UPSERT = "upsert"
    METADATA = "metadata"
    CHILDREN = "children"
    CHILD = "child"
    BOOKS = "books"
    BOOK = "book"
    BOOK_TRANSLATIONS = "book_translations"


ONE = frozenset({Entry.SETUP, Entry.PART})
SELLERS = frozenset({Entry.PARTS, Entry.PART, Entry.SEARCH})


@dataclass(frozen=True)
class View:
    """
    The members that an answer shows.

    fields  the names of those that the caller wants, on the wire; None: all
    expand  the paths of the children that are shown in their part
    links   with the links of each record
    """

    fields: frozenset[str] | None = None
    expand: frozenset[str] = frozenset()
    links: bool = True


@dataclass(frozen=True)
class Page:
    """
    The page of a collection.

    limit    at most so many
    offset   after so many
    is_told  the caller has named one of them, so that its links do
    """

    limit: int = 1000
    offset: int = 0
    is_told: bool = False


@dataclass(frozen=True)
class OracleRestContext(MessageContext):
    """
    The context of one message.

    entry      the kind of address that it went to
    version    the number in the address: 19 of /rest/v19/
    address    scheme and host, for links
    path       percent-encoded, as it was sent
    query      the parameters, for the links of a collection
    method     of HTTP, which tells the writes of a child apart
    key        what the address names, as it was sent
    child      the kind of children that the address names; None: it names none
    code       the currency or language of the one child that it names
    view, page of what is found
    language, currency   of the site, in which single values are
    condition  what If-Match asks of what is read
    allow      the methods of this address, when another was tried
    """

    entry: Entry = Entry.SETUPS
    version: int = VERSION
    address: str = ""
    path: str = ""
    query: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    key: str = ""
    child: Child | None = None
    code: str = ""
    view: View = View()
    page: Page = Page()
    language: str = "en"
    currency: str = "USD"
    condition: Precondition | None = None
    allow: tuple[str, ...] = ()


@dataclass(frozen=True)
class OracleRestSettings(DialectSettings):
    """
    page      how many records an answer holds at most
    language  that of descriptions that are a member of their part
    currency  that of the list price
    """

    page: int = 1000
    language: str = "en"
    currency: str = "USD"
