"""The context of one message of CRM-service's, and the settings of a site; DIALECT_TERMS replaces them by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from webservices.wire.dialects.crm.methods import NO_METHOD, Method
from webservices.wire.messages import DialectSettings, MessageContext

LITERAL, ENCODED = "literal", "encoded"


@dataclass(frozen=True)
class CrmSettings(DialectSettings):
    """
    language, currency   which description and which price a product has here: the site's
    use                  style of answers and of the WSDLs: `literal` or `encoded`; requests may be either
    usual_limit          how many records a search without a limit answers
    most                 the highest limit of a search
    statuses             the hub's status of an order by the wire's, where they differ
    answer_names         products and accounts have a `name`, as in the vendor's newer interface, beside what it is
                         called here; a client of an earlier WSDL may refuse a member that it does not know
    answer_failed        bulkEntitySave answers an entry for a record that failed, too, and a fault when all have; the
                         vendor's own client takes such an entry for a success, and a fault breaks its form
    """

    language: str = "en"
    currency: str = "USD"
    use: str = LITERAL
    usual_limit: int = 20
    most: int = 500
    answer_names: bool = True
    answer_failed: bool = False
    statuses: Mapping[str, str] = field(default_factory=dict, hash=False)  # a dict has no hash, the settings need one


@dataclass(frozen=True)
class CrmContext(MessageContext):
    """
    manager       the manager that the address names; "": it names none
    method        the method that was called; NO_METHOD: it is not known
    requested_id  the id of a getProduct, for the fault that there is no such record
    settings      the site's, for the answer
    """

    manager: str = ""
    method: Method = NO_METHOD
    requested_id: str = ""
    settings: CrmSettings = CrmSettings()
