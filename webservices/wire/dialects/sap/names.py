"""
SAP CPQ's names, as data: web methods, actions, the fields of a customer in their order, codes of errors.

The shape is closed: a customer has the fields of FIELDS, and the custom fields of the site beside them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from records.shapes.fields import Field
from records.shapes.problems import Family, Path, Problem
from records.shapes.resources import Resource
from webservices.wire.messages import MessageContext
from webservices.wire.operations import Action, Operation, Verb

NAMESPACE = "http://webcominc.com/"
PATH = "/wsAPI/CPQAPI.asmx"
ADMIN_PATH = "/wsAPI/wssrv.asmx"
SERVICES: Mapping[str, str] = {
    PATH: "CpqApi",
    ADMIN_PATH: "WsSrv",
}  # the same functions: the vendor's pages differ on it

ADMINISTRATION = "CustomerAdministration"
HEALTH = "doUSeeMe"
SEEN = "ICANSEEYOU"  # the root of what doUSeeMe answers
RETURN_IDS = "X-Return-Ids"
USER_NAME, PASSWORD, ACTION, XML = "username", "password", "action", "xml"
PARAMETERS: Mapping[str, Sequence[str]] = {
    ADMINISTRATION: (USER_NAME, PASSWORD, ACTION, XML),
    HEALTH: (USER_NAME, PASSWORD),
}

ACTIONS: Mapping[Verb, str] = {
    Verb.ADD: "ADD",
    Verb.UPDATE: "UPDATE",
    Verb.PUT: "ADDORUPDATE",
    Verb.REMOVE: "DELETE",
}
VERBS: Mapping[str, Verb] = {action: verb for verb, action in ACTIONS.items()}
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
LISTS: Mapping[str, Sequence[str]] = {CUSTOMERS: tuple(NAMES)}
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
FINDS_BY = ("id", "external_id")  # what a customer is searched by when nothing else is said

CUSTOM = "custom_"
CUSTOM_FIELDS, CUSTOM_FIELD = "CustomFields", "CustomField"
SEARCH_FIELDS, SEARCH_FIELD, SEARCH_CUSTOM = "SearchFields", "SearchField", "SearchCustomFields"
PRIORITY = "Priority"
NOT_IN_THE_SCHEMA = frozenset({"Active", CUSTOM_FIELDS})  # of the vendor's answer
UNKNOWN = ":"  # before the name of an element that is none of ours, whatever the hub has under that name


def custom_name(name: str) -> str:
    """`custom_tier` goes by `tier`, and `custom_field1`, the field of the number 1, by `1`."""
    inside = name.removeprefix(CUSTOM)
    number = inside.removeprefix("field")
    return number if number.isdigit() else inside


def custom_field(resource: Resource, spelled: str) -> Field | None:
    """The custom field of this name or, exactly, of this label; None when there is none."""
    by_name = (field for field in resource.custom_fields if custom_name(field.name) == spelled)
    by_label = (field for field in resource.custom_fields if field.label == spelled)
    return next(chain(by_name, by_label), None)


def field_named(element: str) -> str:
    """The hub's name of an element of a Customer; of one that SAP's customers do not have, a name that nothing has."""
    return FIELDS.get(ALIASES.get(element, element)) or UNKNOWN + element


def spell(plural: str, path: Path) -> str:
    """`("address_1",)` is `Address1`; what has no name here is shown as it came."""
    if not path:
        return ""
    name = str(path[0])
    if name.startswith(CUSTOM):
        return custom_name(name)
    return NAMES.get(name) or name.removeprefix(UNKNOWN)


def action_of(operation: Operation) -> str:
    """`ADDORUPDATE`; "" where there is none."""
    return ACTIONS.get(operation.verb, "")


def called(operation: Operation, context: MessageContext) -> str:
    """`CustomerAdministration ADD`: the four actions have one function."""
    return f"{METHODS[operation.resource.plural]} {action_of(operation)}".strip()


def offers(operation: Operation) -> bool:
    """Whether SAP has a web method for it."""
    if operation.resource.plural == SESSIONS:
        return operation.verb is Action.SHOW
    return operation.resource.plural == CUSTOMERS and operation.verb in ACTIONS


@dataclass(frozen=True)
class Code:
    """What a family of problem is here: an error code, another where a customer was to be deleted; or a SOAP fault."""

    text: str
    of_delete: str = ""
    fault: str = ""


UNEXPECTED, NOT_LET_IN = Code("100000"), Code("101001")
NOT_SAVED = Code("104004", of_delete="104003")
NOT_READ = Code("104008")
FOUND = Code("104005")
SENDER = Code("", fault="Client")

FAMILIES: Mapping[Family, Code] = {
    Family.MISSING: NOT_READ,
    Family.INVALID: NOT_READ,
    Family.DUPLICATE: NOT_SAVED,
    Family.NOT_FOUND: FOUND,
    Family.AMBIGUOUS: FOUND,
    Family.UNRESOLVED: NOT_READ,
    Family.IN_USE: NOT_SAVED,
    Family.FILTERED: NOT_SAVED,
    Family.LOCKED: NOT_SAVED,
    Family.CONFLICT: NOT_SAVED,
    Family.ROLLED_BACK: NOT_SAVED,
    Family.INTERNAL: UNEXPECTED,
    Family.MALFORMED: SENDER,
    Family.UNKNOWN_OPERATION: SENDER,
    Family.TOO_LARGE: SENDER,
    Family.UNAUTHENTICATED: NOT_LET_IN,
    Family.FORBIDDEN: NOT_LET_IN,
    Family.BUSY: UNEXPECTED,
}
TOO_MANY, NONE_GIVEN, NO_ACTION = "too-many-customers", "no-customers", "unknown-action"
ID_ON_ADD, NO_CUSTOM_FIELD = "id-on-add", "unknown-custom-field"
CODES: Mapping[str, Code] = {
    TOO_MANY: Code("104002"),  # our own: the vendor's is not public
    NONE_GIVEN: Code("104011"),
    NO_ACTION: Code("104012"),
    ID_ON_ADD: Code("104013"),
    NO_CUSTOM_FIELD: Code("104014"),
}  # of single problems, before their family
OF_FIELDS: Mapping[str, Code] = {
    "territory": Code("104006"),
    "country": Code("104007"),
    "state": Code("104007"),
    "owner": Code("104009"),
    "owner_id": Code("104010"),
}  # of fields that name what is not known
NUMBERS = frozenset({"owner_id"})  # of those, the ones that name nothing either when their text is wrong


def code_of(problem: Problem) -> Code:
    """The code of a problem."""
    name = str(problem.path[0]) if problem.path else ""
    names_nothing = problem.family is Family.UNRESOLVED or (problem.family is Family.INVALID and name in NUMBERS)
    if names_nothing and name in OF_FIELDS:
        return OF_FIELDS[name]
    return CODES.get(problem.code) or FAMILIES[problem.family]
