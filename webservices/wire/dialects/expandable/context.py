"""The context of one message of Expandable's, and the settings of a site."""

from dataclasses import dataclass

from webservices.wire.messages import DialectSettings, MessageContext


@dataclass(frozen=True)
class ExpandableSettings(DialectSettings):
    """
    language, currency  of a part's one description and one price
    data_source         the site's own: another is a failed login
    query_limit         how many records a query may find; more is an error, as there is no paging
    bad_login_status    of Auth Token, Get when the login fails: 500 as documented, or 401
    """

    language: str = "en"
    currency: str = "USD"
    data_source: str = "DEMO"
    query_limit: int = 1000
    bad_login_status: int = 500


@dataclass(frozen=True)
class ExpandableContext(MessageContext):
    """
    name      of the call, `customer-part-create`; "": none that is known
    settings  those of the site, when the message was read
    """

    name: str = ""
    settings: ExpandableSettings = ExpandableSettings()
