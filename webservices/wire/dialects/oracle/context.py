"""The context of one message of Oracle CPQ's, and the settings of a site."""

from dataclasses import dataclass

from webservices.wire.messages import DialectSettings, MessageContext
from webservices.wire.soap.versions import SOAP_11, SoapVersion


@dataclass(frozen=True)
class OracleContext(MessageContext):
    """
    version    the envelope
    namespace  of the operation's element, which the answer repeats; "": that of the service
    plural     the resource that the address names; "": it names none
    stamps     the records of the answer have their stamps
    """

    version: SoapVersion = SOAP_11
    namespace: str = ""
    plural: str = ""
    stamps: bool = False


@dataclass(frozen=True)
class OracleSettings(DialectSettings):
    """
    get_limit         how many records an answer holds at most
    delete_needs_key  a removal must name what it removes by its number
    """

    get_limit: int = 300
    delete_needs_key: bool = True
