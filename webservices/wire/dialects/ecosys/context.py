"""The contexts of EcoSys' messages, over SOAP and over REST."""

from dataclasses import dataclass

from webservices.wire.dialects.ecosys.published import MAX_NAME, NAME, NO_API, EcoSysSettings, PublishedApi
from webservices.wire.messages import MessageContext
from webservices.wire.soap.versions import SOAP_11, SoapVersion

DEFAULT_SETTINGS = EcoSysSettings()


@dataclass(frozen=True)
class EcoSysContext(MessageContext):
    """
    api           the API that is called; NO_API: it is not known
    language, currency   the entry that a column on a map shows, where it names none
    meta          True if the answer has Meta and Performance
    secure        True if the request came by https, so that its cookie may go back by nothing else
    ends_session  True if the session of the cookie that came with it ends
    """

    api: PublishedApi = NO_API
    language: str = DEFAULT_SETTINGS.language
    currency: str = DEFAULT_SETTINGS.currency
    meta: bool = False
    secure: bool = False
    ends_session: bool = False


@dataclass(frozen=True)
class SoapContext(EcoSysContext):
    """
    version     of the envelope, in which the answer comes, too
    challenges  True if who is not let in is answered HTTP's 401; False: a fault under the status of any other, as the
                credentials were part of the message
    """

    version: SoapVersion = SOAP_11
    challenges: bool = True


@dataclass(frozen=True)
class RestContext(EcoSysContext):
    """
    called        the name in the address, by which an API may be known or not; "": the API's own
    address       scheme, host and path of the request, for nextPage
    query         the parameters of a list, without its paging and its credentials
    start_row     the number of the page's first object
    page_size     how many objects the page has at most; None: all
    error_status  the HTTP status of a failed call, but for who is not let in; None: that of what is wrong
    """

    called: str = ""
    error_status: int | None = None
    address: str = ""
    query: tuple[tuple[str, str], ...] = ()
    start_row: int = 1
    page_size: int | None = None

    @property
    def name(self) -> str:
        """The name of the API for elements of an answer; "" where the one in the address is none."""
        if self.api is not NO_API:
            return self.api.name
        return self.called if len(self.called) <= MAX_NAME and NAME.fullmatch(self.called) else ""
