"""How one message of CRM-service's speaks, and what a site allows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from webservices.wire.dialects.crm.methods import Method
from webservices.wire.messages import DialectSettings, MessageContext

LITERAL, ENCODED = "literal", "encoded"


@dataclass(frozen=True)
class CrmSettings(DialectSettings):
    """
    language, currency   which description and which price a product has here: the site's
    use                  of answers and of the WSDLs: `literal` or `encoded`; requests may be either
    usual_limit          how many records a search answers that does not say
    most                 how many it may ask for
    statuses             of orders, the hub's name by the name here, where they differ
    """

    language: str = "en"
    currency: str = "USD"
    use: str = LITERAL
    usual_limit: int = 20
    most: int = 500
    statuses: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class CrmContext(MessageContext):
    """
    manager  that the address names; "": it names none
    method   that was called; None: it is not known
    asked    the id that was asked for
    terms    of the site, for what is answered
    """

    manager: str = ""
    method: Method | None = None
    asked: str = ""
    settings: CrmSettings = CrmSettings()
