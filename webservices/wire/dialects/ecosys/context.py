"""How one message of EcoSys' speaks."""

from dataclasses import dataclass

from webservices.wire.dialects.ecosys.published import EcoSysSettings, PublishedApi
from webservices.wire.messages import MessageContext
from webservices.wire.soap.versions import SOAP_11, SoapVersion

AT_FIRST = EcoSysSettings()


@dataclass(frozen=True)
class EcoSysContext(MessageContext):
    """
    api       that is called; None: it is not known
    language, currency   of the entry that a column shows whose field is a map
    meta      whether Meta and Performance are asked for
    secure    whether it came by https, so that a cookie may go back by nothing else
    forget    whether the cookie that came with it names a session that ends
    """

    api: PublishedApi | None = None
    language: str = AT_FIRST.language
    currency: str = AT_FIRST.currency
    meta: bool = False
    secure: bool = False
    forget: bool = False


@dataclass(frozen=True)
class SoapContext(EcoSysContext):
    """version  the envelope"""

    version: SoapVersion = SOAP_11


@dataclass(frozen=True)
class RestContext(EcoSysContext):
    """
    address    scheme, host and path as it was asked, for nextPage
    query      the parameters of a list, without its paging and its credentials
    start_row  the number of the page's first object
    page       how many objects it has at most; None: all
    """

    address: str = ""
    query: tuple[tuple[str, str], ...] = ()
    start_row: int = 1
    page: int | None = None
