"""The context of one message of SAP CPQ's, and the settings of a site; DIALECT_TERMS replaces them by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from webservices.wire.dialects.sap.functions import Function
from webservices.wire.dialects.sap.nodes import LANGUAGE_NAMES, REQUIRED
from webservices.wire.messages import DialectSettings, MessageContext
from webservices.wire.soap.versions import SOAP_11, SoapVersion
from webservices.wire.xml.nodes import Node


@dataclass(frozen=True)
class SapSettings(DialectSettings):
    """
    customers_limit  how many customers a call may have
    products_limit   how many products a call may have
    vendor_limit     how many bytes the nodes of a product may have that no field of a part holds
    parameter_limit  how many characters a user name, a password and an action may have
    required         the fields that a customer must have once it is written
    required_of_products  the nodes that a new product must have
    several_products  True if all products are changed that a product finds; else it fails where it finds several
    unknown_nodes    True if elements that a customer or a product does not have are passed over
    change_sets      False if a call that names a change set is refused
    id_on_add        True if a customer that is added with an Id fails; else the Id is ignored
    whole_echo       True if a failed customer is shown with Active and CustomFields, which the vendor's schema lacks
    return_ids       True if every answer names the records that were added
    tenant           the tenant that may follow the user name, `ada#ACME`; "": any
    languages        the codes of languages by the vendor's names; a language that has none goes by its code
    language, currency  of the texts and prices that name none
    """

    customers_limit: int = 50
    products_limit: int = 1000
    vendor_limit: int = 64 * 1024
    parameter_limit: int = 50
    required: tuple[str, ...] = ("last_name", "company")
    required_of_products: Sequence[str] = REQUIRED
    several_products: bool = True
    unknown_nodes: bool = False
    change_sets: bool = True
    id_on_add: bool = False
    whole_echo: bool = True
    return_ids: bool = False
    tenant: str = ""
    languages: Mapping[str, str] = field(default_factory=lambda: LANGUAGE_NAMES, hash=False)
    language: str = "en"
    currency: str = "USD"


USUAL = SapSettings()


@dataclass(frozen=True)
class SapContext(MessageContext):
    """
    version     the envelope
    function    the web method that was called; None: it is not known
    action      the action, as the caller wrote it
    escaped     True if the records come as text, not as elements
    return_ids  True if the answer names the records that were added
    settings    of the site
    records     the records as they were sent, in their order, for the answer
    """

    version: SoapVersion = SOAP_11
    function: Function | None = None
    action: str = ""
    escaped: bool = False
    return_ids: bool = False
    settings: SapSettings = field(default=USUAL, compare=False, repr=False)
    records: tuple[Node, ...] = field(default=(), compare=False, repr=False)
