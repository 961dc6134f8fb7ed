"""The resources of customers, contacts and customer parts: all that callers see of them."""

from dataclasses import replace

from customers.addresses import Address
from customers.models import Contact, Customer, CustomerPart, PortalUser
from parts.codes import CODE_LISTS
from records.derive import auto_number, children_as_rows, derive, derive_scalar, reference, reference_by_id

PLACE = ("address_1", "address_2", "city", "province", "state", "postcode")
LATER = ("addresses",)  # it came after contracts that clients were made of

CUSTOMER = derive(
    Customer,
    key=["number"],
    sparse=LATER,
    fields=[
        auto_number(Customer),
        "external_id",
        "first_name",
        "last_name",
        "company",
        reference(Customer, "customer_type", by=["name"], creates=True),
        *PLACE,
        reference(Customer, "country", by=["code", "code2"]),
        reference(Customer, "territory", by=["name"], creates=True),
        "phone",
        "fax",
        "email",
        reference(Customer, "owner", by=["username"]),
        reference_by_id(Customer, "owner"),
        "crm_account_id",
        "crm_contact_id",
        children_as_rows(
            "addresses",
            Address,
            source="addresses",
            key=["label"],
            fields=[
                "label",
                "kind",
                "name",
                *PLACE,
                reference(Address, "country", by=["code", "code2"]),
                "phone",
                "active",
            ],
            help="Its addresses beside its own, each with a label; what is sent is the whole list.",
        ),
        "notes",
        "attachments",
        "active",
    ],
    examples=[
        {
            "number": "ACME",
            "external_id": "C-0007",
            "first_name": "Ada",
            "last_name": "Byron",
            "company": "Acme Engines & Co",
            "customer_type": "Bill To",
            "address_1": "1 Main Street",
            "address_2": "Suite 4",
            "city": "Cleveland",
            "province": "Cuyahoga",
            "state": "OH",
            "postcode": "44101",
            "country": "USA",
            "territory": "North",
            "phone": "+1 216 555 0100",
            "fax": "+1 216 555 0101",
            "email": "ada@acme.example.com",
            "crm_account_id": "001A",
            "crm_contact_id": "003A",
            "addresses": [
                {
                    "label": "Works",
                    "kind": "shipping",
                    "name": "Acme Engines, gate 3",
                    "address_1": "200 Canal Road",
                    "city": "Akron",
                    "state": "OH",
                    "postcode": "44308",
                    "country": "USA",
                    "phone": "+1 330 555 0120",
                    "active": "true",
                },
            ],
            "notes": "Pays at once.",
            "attachments": ["https://docs.example.com/acme.pdf"],
            "active": "true",
        },
    ],
)

CONTACT = derive(
    Contact,
    key=["number"],
    fields=[
        auto_number(Contact),
        reference(Contact, "customer"),
        reference_by_id(Contact, "customer"),
        "code",
        "first_name",
        "last_name",
        "title",
        "email",
        "phone",
        "mobile",
        "fax",
        "notes",
        children_as_rows(
            "portals",
            PortalUser,
            source="portal_users",
            key=["portal"],
            fields=[
                reference(PortalUser, "portal", by=["name"]),
                "email",
                replace(derive_scalar(PortalUser._meta.get_field("password")), secret=True, read_only=False),
                "active",
                "last_sign_in",
            ],
            help="The portals that the contact may sign in to, each with its own password.",
        ),
        "active",
    ],
    examples=[
        {
            "number": "ACME-1",
            "customer": "ACME",
            "code": "BYRON",
            "first_name": "Ada",
            "last_name": "Byron",
            "title": "Head of Purchasing",
            "email": "ada@acme.example.com",
            "phone": "+1 216 555 0100",
            "mobile": "+1 216 555 0102",
            "fax": "+1 216 555 0101",
            "notes": "Call in the morning.",
            "portals": [{"portal": "Customers", "email": "ada@acme.example.com", "active": "true"}],
            "active": "true",
        },
    ],
)

KEY_OF_CUSTOMER_PART = ["customer", "part", "number"]
AT_THE_END = {"custom", "notes", "attachments", "active"}
TERMS = [
    field.name
    for field in CustomerPart._meta.concrete_fields
    if field.editable and field.name not in {"id", *KEY_OF_CUSTOMER_PART, *AT_THE_END}
]

CUSTOMER_PART = derive(
    CustomerPart,
    key=KEY_OF_CUSTOMER_PART,
    fields=[
        reference(CustomerPart, "customer"),
        reference(CustomerPart, "part"),
        "number",
        *TERMS,
        "notes",
        "attachments",
        "active",
    ],
    examples=[
        {
            "customer": "ACME",
            "part": "PUMP-100",
            "number": "LARGE-HYDRAULIC-PUMP",
            "description": "Hydraulic pump, as agreed",
            "unit_of_measure": "EA",
            "sale_conversion": "1",
            "currency": "USD",
            "quote_quantity": "10",
            "quote_unit_price": "240",
            "discount": "2.5",
            "last_quote_date": "2026-02-01",
            "partial_shipment": "true",
            "notes": "Agreed by telephone.",
            "active": "true",
        },
    ],
).apply_code_lists(CODE_LISTS)
