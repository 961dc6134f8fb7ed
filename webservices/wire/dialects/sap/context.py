"""The context of one message of SAP CPQ's, and the settings of a site; DIALECT_TERMS replaces them by name."""

from dataclasses import dataclass, field

from webservices.wire.messages import DialectSettings, MessageContext
from webservices.wire.soap.versions import SOAP_11, SoapVersion
from webservices.wire.xml.nodes import Node


@dataclass(frozen=True)
class SapContext(MessageContext):
    """
    version     the envelope
    function    the web method that was called; "": it is not known
    action      the action of CustomerAdministration, as the caller wrote it
    escaped     True if the customers come as text, not as elements
    return_ids  True if the answer names the customers that were added
    whole_echo  True if a failed customer is shown with all that was sent
    customers   the customers as they were sent, in their order, for the answer
    """

    version: SoapVersion = SOAP_11
    function: str = ""
    action: str = ""
    escaped: bool = False
    return_ids: bool = False
    whole_echo: bool = True
    customers: tuple[Node, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class SapSettings(DialectSettings):
    """
    customers_limit  how many customers a call may have
    parameter_limit  how many characters a user name, a password and an action may have
    required         the fields that a customer must have once it is written
    id_on_add        True if a customer that is added with an Id fails; else the Id is ignored
    whole_echo       True if a failed customer is shown with Active and CustomFields, which the vendor's schema lacks
    return_ids       True if every answer names the customers that were added
    tenant           the tenant that may follow the user name, `ada#ACME`; "": any
    """

    customers_limit: int = 50
    parameter_limit: int = 50
    required: tuple[str, ...] = ("last_name", "company")
    id_on_add: bool = False
    whole_echo: bool = True
    return_ids: bool = False
    tenant: str = ""
