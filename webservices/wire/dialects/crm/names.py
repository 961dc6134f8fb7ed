"""
CRM-service's names, as data: the fields of each type, in the wire's order, the types, the modules.

    part                   Product
    number                 product_no
    customer_id            account_id
    description            description, in the site's own language: one entry of the hub's map
    custom_tier            cf_tier

The shapes are closed: a field that is not listed here is not on this wire, unless a site has defined it.
"""

from collections.abc import Mapping
from functools import lru_cache

from records.shapes.fields import Field, Kind, ScalarField
from records.shapes.problems import Path
from records.shapes.resources import VENDOR, Resource
from records.shapes.values import OTHER_VALUES

NAMESPACE = "https://crmservice.fi/CrmIntegrationWebservice"
PREFIX = "tns"
PLACE = "/CrmIntegrationWebservice/"
SERVICE = f"{PLACE}service.php"
CUSTOM_PREFIX, WIRE_CUSTOM_PREFIX = "custom_", "cf_"
UNKNOWN = ":"  # put before a name that is no member here, lest the core take it for a field of its own
SESSION = "session"

TIMESTAMPS = {"createdtime": "created_at", "modifiedtime": "changed_at"}

# By the plural name of the records, the hub's field of each member; a read-only field is only answered here, too.
FIELDS: Mapping[str, Mapping[str, str]] = {
    "parts": {
        "id": "id",
        "product_no": "number",
        "display_no": "display_number",
        "description": "description",
        "unit_price": "price",
        "direct_buy": "direct_buy",
        "lead_time": "lead_time",
        "units": "units",
        "partner_part_id": "partner_part_id",
        "partner_organization_id": "partner_organization_id",
        "notes": "notes",
        "active": "active",
        **TIMESTAMPS,
    },
    "customers": {
        "id": "id",
        "account_no": "number",
        "external_id": "external_id",
        "first_name": "first_name",
        "last_name": "last_name",
        "company": "company",
        "account_type": "customer_type",
        "address_1": "address_1",
        "address_2": "address_2",
        "city": "city",
        "province": "province",
        "state": "state",
        "code": "postcode",
        "country": "country",
        "territory": "territory",
        "phone": "phone",
        "fax": "fax",
        "email": "email",
        "assigned_user_id": "owner_id",
        "assigned_user": "owner",
        "crm_account_id": "crm_account_id",
        "crm_contact_id": "crm_contact_id",
        "notes": "notes",
        "active": "active",
        **TIMESTAMPS,
    },
    "contacts": {
        "id": "id",
        "contact_no": "number",
        "account_id": "customer_id",
        "account_no": "customer",
        "first_name": "first_name",
        "last_name": "last_name",
        "title": "title",
        "email": "email",
        "phone": "phone",
        "mobile": "mobile",
        "fax": "fax",
        "notes": "notes",
        "active": "active",
        **TIMESTAMPS,
    },
    "sales_orders": {
        "id": "id",
        "salesorder_no": "number",
        "account_id": "customer_id",
        "account_no": "customer",
        "contact_id": "contact_id",
        "contact_no": "contact",
        "assigned_user_id": "assigned_user_id",
        "assigned_user": "assigned_user",
        "subject": "subject",
        "status": "status",
        "purchaseorder_no": "purchase_order_number",
        "orderdate": "order_date",
        "duedate": "due_date",
        "shipdate": "ship_date",
        "invoicedate": "invoice_date",
        "ship_method": "ship_method",
        "tracking_no": "tracking_number",
        "territory": "territory",
        "bill_street": "billing_street",
        "bill_city": "billing_city",
        "bill_state": "billing_state",
        "bill_code": "billing_postcode",
        "bill_country": "billing_country",
        "ship_street": "shipping_street",
        "ship_city": "shipping_city",
        "ship_state": "shipping_state",
        "ship_code": "shipping_postcode",
        "ship_country": "shipping_country",
        "description": "description",
        "notes": "notes",
        "currency": "currency",
        "rows": "rows",
        "total": "total",
        "tax": "tax",
        "freight": "freight",
        "grand_total": "grand_total",
        **TIMESTAMPS,
    },
    "rows": {
        "line_number": "line_number",
        "productid": "part_id",
        "product_no": "part_number",
        "account_product_no": "customer_part_number",
        "description": "description",
        "qty": "quantity",
        "unit_price": "unit_price",
        "value_period": "value_period",
        "discount": "discount",
        "total": "total",
        "duedate": "due_date",
        "shipdate": "ship_date",
    },
    "leads": {
        "contact_no": "number",
        "first_name": "first_name",
        "last_name": "last_name",
        "company": "company",
        "title": "title",
        "email": "email",
        "phone": "phone",
        "mobile": "mobile",
        "fax": "fax",
        "street": "street",
        "city": "city",
        "code": "postcode",
        "country": "country",
        "description": "description",
    },
    "potentials": {
        "salesorder_no": "number",
        "potentialname": "subject",
        "account_name": "company",
        "amount": "amount",
        "closingdate": "due_date",
        "description": "description",
    },
    "sessions": {"sessionID": "id"},
    "portal_users": {
        "id": "contact_id",
        "account_id": "customer_id",
        "first_name": "first_name",
        "last_name": "last_name",
        "email": "email",
        "password": "password",
        "portal_id": "portal_id",
    },
    "crm_fields": {
        "module": "module",
        "active": "active",
        "custom": "custom",
        "datatype": "kind",
        "label": "label",
        "lenght": "length",  # the vendor's own spelling
        "name": "name",
        "picklist_id": "picklist_id",
        "readonly": "read_only",
        "required": "required",
    },
    "picklist_values": {
        "picklist_id": "picklist_id",
        "language": "language",
        "id": "id",
        "label": "label",
        "value": "value",
    },
}
REQUEST_ONLY: Mapping[str, frozenset[str]] = {
    "portal_users": frozenset({"password"}),
    "crm_fields": frozenset({"module"}),
    "picklist_values": frozenset({"picklist_id", "language"}),
}  # members that no answer has
WIRE_FIELDS: Mapping[str, tuple[Field, ...]] = {
    "crm_fields": (
        ScalarField("translations", help="The label by locale, as JSON.", read_only=True),
        ScalarField("uitype", Kind.INTEGER, help="How it is edited: a number of this wire's own.", read_only=True),
    )
}
# Names of the vendor's newer interface for the same fields, which are read, and searched by, beside those above.
NEWER_TIMESTAMPS = {"created_at": "created_at", "updated_at": "changed_at"}
OTHER_NAMES: Mapping[str, Mapping[str, str]] = {
    "parts": {"name": "description", "entity_no": "number", **NEWER_TIMESTAMPS},
    "customers": {
        "name": "company",
        "accountname": "company",
        "entity_no": "number",
        "owner_id": "owner_id",
        **NEWER_TIMESTAMPS,
    },
    "contacts": {"entity_no": "number", **NEWER_TIMESTAMPS},
    "sales_orders": {"entity_no": "number", **NEWER_TIMESTAMPS},
    "rows": {"product_id": "part_id"},
}
NAME = "name"  # of the other names the one that is answered, too: of a text its first line

# What this wire alone says of a record: the hub keeps it beside the record, for this wire.
VENDOR_NAME = "crm-service"
VENDOR_PREFIX = f"{VENDOR}."
LEAD_SOURCE = ScalarField("leadsource", label="lead source", help="Where the lead comes from.")
VENDOR_FIELDS: Mapping[str, tuple[ScalarField, ...]] = {
    "leads": (LEAD_SOURCE,),
    "potentials": (LEAD_SOURCE,),
    "contacts": (LEAD_SOURCE,),
    "sales_orders": (LEAD_SOURCE,),
}
SINGLE_ENTRIES = {
    "description": "language",
    "price": "currency",
}  # maps of which this wire has one entry, with the setting that is its key

TYPES: Mapping[str, str] = {
    "parts": "Product",
    "customers": "Account",
    "contacts": "Contact",
    "sales_orders": "SalesOrder",
    "rows": "OrderProductRow",
    "leads": "Lead",
    "potentials": "Potential",
    "sessions": "CrmIntegrationWebserviceSession",
    "portal_users": "authenticatedCustomer",
    "crm_fields": "CrmField",
    "picklist_values": "PicklistValue",
}

CLEAR_PREFIX = "clear_"  # of the member, in requests alone, that removes all rows: `clear_rows`


@lru_cache(maxsize=64)
def clear_members(resource: Resource) -> Mapping[str, Field]:
    """Return the fields of rows that a type may clear, by the names of the members that do so."""
    return {CLEAR_PREFIX + name: field for name, field in members(resource).items() if field.kind is Kind.ROWS}


@lru_cache(maxsize=64)
def members(resource: Resource) -> Mapping[str, Field]:
    """Return the fields of a type by their names here, in order: listed, own, the site's, and the timestamps last."""
    plural = resource.plural
    listed = {name: resource.by_name[field] for name, field in FIELDS[plural].items()}
    listed = {name: field for name, field in listed.items() if name not in REQUEST_ONLY.get(plural, ())}
    custom = {wire_name(plural, field.name): field for field in resource.custom_fields}
    own = {field.name: field for field in (*WIRE_FIELDS.get(plural, ()), *VENDOR_FIELDS.get(plural, ()))}
    stamps = {name: listed.pop(name) for name in TIMESTAMPS if name in listed}
    return {**listed, **own, **custom, **stamps}


def answered_names(resource: Resource) -> Mapping[str, Field]:
    """Return the fields that are answered under a further name, by that."""
    others = OTHER_NAMES.get(resource.plural, {})
    return {NAME: resource.by_name[others[NAME]]} if NAME in others else {}


@lru_cache(maxsize=1024)
def wire_name(plural: str, field: str) -> str:
    """Return a field's name on the wire: `cf_tier` for `custom_tier`."""
    for prefix in (UNKNOWN, VENDOR_PREFIX):
        if field.startswith(prefix):
            return field[len(prefix) :]
    names = {inside: name for name, inside in FIELDS.get(plural, {}).items()}
    if field.startswith(CUSTOM_PREFIX):
        return WIRE_CUSTOM_PREFIX + field[len(CUSTOM_PREFIX) :]
    return names.get(field, field)


def spell(plural: str, path: Path) -> str:
    """Spell a path: `description` for `("description", "en")`; rows count from 1: `rows[2].qty`."""
    if path[:1] in ((VENDOR,), (OTHER_VALUES,)):
        path = path[1:]  # the name that it has on this wire, or that of the field
    if not path:
        return ""
    spelled = wire_name(plural, str(path[0]))
    if path[0] in SINGLE_ENTRIES and plural == "parts":
        return spelled
    for step in path[1:]:
        spelled += f"[{step + 1}]" if isinstance(step, int) else f".{wire_name(str(path[0]), step)}"
    return spelled
