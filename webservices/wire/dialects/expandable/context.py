"""The context of one message of Expandable's, and the settings of a site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from webservices.wire.messages import DialectSettings, MessageContext

# Codes of the statuses that a hub begins with; the vendor's are not public but for X.
ORDER_STATUSES: Mapping[str, str] = {
    "Quote": "Q",
    "Created": "O",
    "Approved": "A",
    "Delivered": "C",
    "Cancelled": "X",
}


@dataclass(frozen=True)
class ExpandableSettings(DialectSettings):
    """
    language, currency  of a part's one description; of a price that names none
    data_source         the site's own: another is a failed login
    query_limit         how many records a query may find; more is an error, as there is no paging
    bad_login_status    of Auth Token, Get when the login fails: 500 as documented, or 401
    list_price_code     the PRICE_CODE of list prices, which have no code in the hub
    order_statuses      SO_STATUS by the hub's name of a status; one that is not here is its own code
    names               further names of the vendor's, by the noun of a record whose list is not public as a whole:
                        `{"part": ["STOCK_DEC"]}`
    vendor_lengths      texts and numbers of the vendor's have at most the length that its own database has
    """

    language: str = "en"
    currency: str = "USD"
    data_source: str = "DEMO"
    query_limit: int = 1000
    bad_login_status: int = 500
    list_price_code: str = "LP"
    order_statuses: Mapping[str, str] = field(default_factory=lambda: ORDER_STATUSES)
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    vendor_lengths: bool = False

    def spellings(self, name: str) -> Mapping[str, str]:
        """Return the wire's spellings of some of the hub's values, by these; `name` is that of a table of codes."""
        tables = {
            "order_statuses": self.order_statuses,
            "price_codes": {"": self.list_price_code},
            "unset_numbers": {"-1": ""},
        }
        return tables[name]


@dataclass(frozen=True)
class ExpandableContext(MessageContext):
    """
    name      of the call, `customer-part-create`; "": none that is known
    settings  those of the site, when the message was read
    old       the message came to an address of the older generation
    old_body  its body has the members of the older generation
    """

    name: str = ""
    settings: ExpandableSettings = field(default=ExpandableSettings(), compare=False)
    old: bool = False
    old_body: bool = False
