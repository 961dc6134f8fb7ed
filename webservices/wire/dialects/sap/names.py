"""
SAP CPQ's names, as data: web methods, actions, the fields of a customer in their order.

The shape is closed: a customer has the fields of FIELDS, and the custom fields of the site beside them.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

from records.shapes.fields import Field
from records.shapes.problems import Path
from records.shapes.resources import Resource
from webservices.wire.messages import MessageContext
from webservices.wire.operations import Action, Operation, Verb

NAMESPACE = "http://webcominc.com/"
PATH = "/wsAPI/CPQAPI.asmx"
ADMIN_PATH = "/wsAPI/wssrv.asmx"
SERVICES: Mapping[str, str] = {
    PATH: "CpqApi",
    ADMIN_PATH: "WsSrv",
}  # both have the same functions: the vendor's pages do not agree where they are

ADMINISTRATION = "CustomerAdministration"
HEALTH = "doUSeeMe"
HEALTH_ROOT = "ICANSEEYOU"  # the root of the XML that doUSeeMe answers
RETURN_IDS = "X-Return-Ids"
USER_NAME, PASSWORD, ACTION, XML = "username", "password", "action", "xml"
PARAMETERS: Mapping[str, Sequence[str]] = {
    ADMINISTRATION: (USER_NAME, PASSWORD, ACTION, XML),
    HEALTH: (USER_NAME, PASSWORD),
}

ACTIONS: Mapping[Verb | Action, str] = {
    Verb.ADD: "ADD",
    Verb.UPDATE: "UPDATE",
    Verb.PUT: "ADDORUPDATE",
    Verb.REMOVE: "DELETE",
}
VERBS: Mapping[str, Verb | Action] = {action: verb for verb, action in ACTIONS.items()}
CUSTOMERS, SESSIONS = "customers", "sessions"
METHODS: Mapping[str, str] = {CUSTOMERS: ADMINISTRATION, SESSIONS: HEALTH}

# The elements of a Customer in the order of the vendor's schema, with the hub's names.
FIELDS: Mapping[str, str] = {
    "Id": "id",
    "ExternalId": "external_id",
    "Active": "active",
    "FirstName": "first_name",
    "LastName": "last_name",
    "CustomerType": "customer_type",
    "Company": "company",
    "Address1": "address_1",
    "Address2": "address_2",
    "City": "city",
    "Province": "province",
    "StateAbbrev": "state",
    "ZipCode": "postcode",
    "CountryAbbrev": "country",
    "TerritoryName": "territory",
    "BusinessPhone": "phone",
    "BusinessFax": "fax",
    "EMail": "email",
    "OwnerID": "owner_id",
    "OwnerUserName": "owner",
    "CRMAccountId": "crm_account_id",
    "CRMContactId": "crm_contact_id",
}
NAMES: Mapping[str, str] = {name: element for element, name in FIELDS.items()}
ALIASES: Mapping[str, str] = {"Email": "EMail"}  # the vendor's pages write both
ONLY_CUSTOMERS = "SAP CPQ's services write customers; its other functions are about quotes, users and tables."
CARRIED_FIELDS: Mapping[str, Sequence[str]] = {CUSTOMERS: tuple(NAMES)}
DECLINED: Mapping[str, str] = {
    "parts": ONLY_CUSTOMERS,
    "prices": ONLY_CUSTOMERS,
    "contacts": ONLY_CUSTOMERS,
    "customer_parts": ONLY_CUSTOMERS,
    "sales_orders": ONLY_CUSTOMERS,
}
LEFT_OUT: Mapping[str, str] = {
    "number": "SAP's customers are known by their Id; the number of a new one is drawn.",
    "notes": "Not part of SAP's customer.",
    "attachments": "Not part of SAP's customer.",
    "version": "SAP's customers have no version; IfMatch in the header demands one.",
    "created_at": "Not part of SAP's customer.",
    "created_by": "Not part of SAP's customer.",
    "changed_at": "Not part of SAP's customer.",
    "changed_by": "Not part of SAP's customer.",
}
LIMITS: Mapping[str, int] = {"owner": 20}  # in characters, where the hub takes more
EMPTY_IS_ABSENT = frozenset({"id", "active"})
MATCH_FIELDS = ("id", "external_id")  # a customer is searched by the first of these that it has

CUSTOM = "custom_"
CUSTOM_FIELDS, CUSTOM_FIELD = "CustomFields", "CustomField"
SEARCH_FIELDS, SEARCH_FIELD, SEARCH_CUSTOM = "SearchFields", "SearchField", "SearchCustomFields"
PRIORITY = "Priority"
NOT_IN_THE_SCHEMA = frozenset({"Active", CUSTOM_FIELDS})  # elements that the vendor's schema of an answer lacks
UNKNOWN = ":"  # put before the name of an unknown element, lest the core take it for a field of its own


def custom_name(name: str) -> str:
    """Return `tier` for `custom_tier`, and `1` for `custom_field1`: a field that has a number goes by it."""
    short = name.removeprefix(CUSTOM)
    number = short.removeprefix("field")
    return number if number.isdigit() else short


def custom_field(resource: Resource, spelled: str) -> Field | None:
    """Return the custom field of this name or, exactly, of this label; None when there is none."""
    by_name = (field for field in resource.custom_fields if custom_name(field.name) == spelled)
    by_label = (field for field in resource.custom_fields if field.label == spelled)
    return next(chain(by_name, by_label), None)


def hub_field(element: str) -> str:
    """Return the hub's field of an element of a Customer; an unknown element comes back marked with UNKNOWN."""
    return FIELDS.get(ALIASES.get(element, element)) or UNKNOWN + element


def spell(plural: str, path: Path) -> str:
    """Return `Address1` for `("address_1",)`; a field that has no name here goes by the hub's."""
    if not path:
        return ""
    name = str(path[0])
    if name.startswith(CUSTOM):
        return custom_name(name)
    return NAMES.get(name) or name.removeprefix(UNKNOWN)


def find_action(operation: Operation) -> str:
    """Return the action of an operation, `ADDORUPDATE`; "" where it has none."""
    return ACTIONS.get(operation.verb, "")


def operation_label(operation: Operation, context: MessageContext) -> str:
    """Return `CustomerAdministration ADD`: the four actions share one function, whose name alone would not tell."""
    return f"{METHODS[operation.resource.plural]} {find_action(operation)}".strip()


def has_function(operation: Operation) -> bool:
    """True if SAP has a web method for the operation."""
    if operation.resource.plural == SESSIONS:
        return operation.verb is Action.SHOW
    return operation.resource.plural == CUSTOMERS and operation.verb in ACTIONS
