"""
SAP CPQ's names, as data: the fields of a customer in their order, and what this wire does not have.

The functions are in `functions`, the nodes of a product in `nodes`.

The shape is closed: a customer has the fields of FIELDS, and the custom fields of the site beside them.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

from records.shapes.fields import Field
from records.shapes.problems import Path
from records.shapes.resources import Resource
from webservices.wire.dialects.sap.context import SapContext
from webservices.wire.dialects.sap.functions import ADMINISTRATION, CUSTOMERS, PARTS, functions_of
from webservices.wire.dialects.sap.nodes import PART_FIELDS, UNKNOWN, spell_product
from webservices.wire.operations import Operation

RETURN_IDS, RETURN_IDS_FORM = "X-Return-Ids", "true|false|0|1"
CHANGE_SET = "ChangeSetId"
CHANGE_SET_FORM = "[A-Za-z]{1,20}-?[0-9]{1,10}"  # CPQ-10; in any other form it is not stored
HEALTH_ROOT = "ICANSEEYOU"  # the root of the XML that doUSeeMe answers

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
NOT_CPQ = "SAP CPQ's services write customers and products; its other functions are about quotes, users and tables."
CARRIED_FIELDS: Mapping[str, Sequence[str]] = {CUSTOMERS: tuple(NAMES), PARTS: PART_FIELDS}
DECLINED: Mapping[str, str] = {
    "prices": "A product's one price comes with the product, in the site's currency.",
    "contacts": NOT_CPQ,
    "customer_parts": NOT_CPQ,
    "sales_orders": NOT_CPQ,
    "shipments": NOT_CPQ,
}
LEFT_OUT: Mapping[str, str] = {
    "number": "SAP's customers are known by their Id; the number of a new one is drawn.",
    "notes": "Not part of SAP's customers and products.",
    "attachments": "Not part of SAP's customers and products.",
    "version": "SAP's records have no version; IfMatch in the header demands one.",
    "created_at": "Not part of SAP's records.",
    "created_by": "Not part of SAP's records.",
    "changed_at": "Not part of SAP's records.",
    "changed_by": "Not part of SAP's records.",
}
LIMITS: Mapping[str, int] = {"owner": 20}  # in characters, where the hub takes more
EMPTY_IS_ABSENT = frozenset({"id", "active"})
MATCH_FIELDS = ("id", "external_id")  # a customer is searched by the first of these that it has

CUSTOM = "custom_"
CUSTOM_FIELDS, CUSTOM_FIELD = "CustomFields", "CustomField"
SEARCH_FIELDS, SEARCH_FIELD, SEARCH_CUSTOM = ADMINISTRATION.form.search, "SearchField", "SearchCustomFields"
PRIORITY = "Priority"
NOT_IN_THE_SCHEMA = frozenset({"Active", CUSTOM_FIELDS})  # elements that the vendor's schema of an answer lacks


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
    if plural == PARTS:
        return spell_product(path)
    if name.startswith(CUSTOM):
        return custom_name(name)
    return NAMES.get(name) or name.removeprefix(UNKNOWN)


def operation_label(operation: Operation, context: SapContext) -> str:
    """Return `CustomerAdministration ADD`: several actions share one function, whose name alone would not tell."""
    function = context.function or functions_of(operation)[0]
    return f"{function.name} {function.find_action(operation) or ''}".strip()
