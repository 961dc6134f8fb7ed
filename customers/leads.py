"""
Leads: people who have written in, each added as a contact of the customer that its company is.

    {"last_name": "Byron", "company": "Acme Engines", "city": "Cleveland", "description": "Please call."}

    customer  that of the company, or a new one of the type Lead: company, city; without a company one of the
              person's own name
    contact   last_name; its notes are the description

Whoever writes in changes no customer: what is said of one that is known goes to the notes of the contact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.db.models.functions import Upper

from customers.companies import CompanyRequest, add_companies, find_companies, remove_unused
from customers.models import Country
from customers.resources import CONTACT, CUSTOMER
from customers.services import CONTACTS
from records.additions import Addition, build_outcomes, read_additions, refuse_search, select_accepted
from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope
from records.shapes.fields import Field, ScalarField
from records.shapes.matching import BY_KEY, Matching
from records.shapes.outcomes import Outcome
from records.shapes.parsing import is_blank
from records.shapes.resources import VENDOR, Resource
from records.shapes.values import Value, Values

# By the field of a lead, the field of the record that holds it.
OF_CONTACT: Mapping[str, str] = {
    "number": "number",
    "first_name": "first_name",
    "last_name": "last_name",
    "title": "title",
    "email": "email",
    "phone": "phone",
    "mobile": "mobile",
    "fax": "fax",
    "description": "notes",
}
OF_CUSTOMER: Mapping[str, str] = {
    "company": "company",
    "street": "address_1",
    "city": "city",
    "postcode": "postcode",
    "country": "country",
}
COUNTRY = "country"
ADDRESS_HELP = "Of a customer that is new; that of a known one goes to the notes."
NAMES = ("first_name", "last_name")  # of a person, who is a customer where there is no company


def _borrow(resource: Resource, name: str, held_as: str, **changes: Any) -> Field:
    """Return a field of a lead, with the limits of the field that holds it."""
    return replace(resource.by_name[held_as], name=name, source="", **changes)


LEAD = Resource(
    name="lead",
    plural="leads",
    label="Lead",
    label_plural="Leads",
    key=("number",),
    fields=(
        _borrow(CONTACT, "number", "number"),
        _borrow(CONTACT, "first_name", "first_name"),
        _borrow(CONTACT, "last_name", "last_name", required=True),
        _borrow(
            CUSTOMER, "company", "company",
            help="Its customer, whatever the case: the oldest that is active, or a new one. None: the person.",
        ),
        *(_borrow(CONTACT, name, name) for name in ("title", "email", "phone", "mobile", "fax")),
        _borrow(CUSTOMER, "street", "address_1", label="street", help=ADDRESS_HELP),
        _borrow(CUSTOMER, "city", "city", help=ADDRESS_HELP),
        _borrow(CUSTOMER, "postcode", "postcode", help=ADDRESS_HELP),
        ScalarField(
            COUNTRY, label="country",
            help=f"By its code or its name; one that is not known goes to the notes. {ADDRESS_HELP}",
            max_length=Country._meta.get_field("name").max_length,
        ),
        _borrow(CONTACT, "description", "notes", label="description", help="What they have written."),
    ),
    examples=(
        {
            "number": "LEAD-1",
            "first_name": "Ada",
            "last_name": "Byron",
            "company": "Acme Engines & Co",
            "title": "Head of Purchasing",
            "email": "ada@acme.example.com",
            "phone": "+1 216 555 0100",
            "mobile": "+1 216 555 0102",
            "fax": "+1 216 555 0101",
            "street": "1 Main Street",
            "city": "Cleveland",
            "postcode": "44101",
            "country": "USA",
            "description": "Please call in the morning.",
        },
    ),
    help="Somebody who has written in: a contact, with the customer that the company is.",
    limits_from={
        **{name: (CONTACT.name, column) for name, column in OF_CONTACT.items()},
        **{name: (CUSTOMER.name, column) for name, column in OF_CUSTOMER.items() if name != COUNTRY},
    },
    added_as=CONTACT.name,
    custom_from=CUSTOMER.name,
    has_vendor_data=True,
)  # fmt: skip


@dataclass
class LeadDraft(Addition):
    """One lead on its way, with the customer that it names, and lines below its description, each with a label."""

    company: CompanyRequest = field(default_factory=CompanyRequest)
    notes: list[tuple[str, str]] = field(default_factory=list)


def add_leads(
    *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource | None = None,
    scope: Scope = UNLIMITED, matching: Matching = BY_KEY,
) -> Sequence[Outcome]:  # fmt: skip
    """
    Add leads as contacts, with the customers that are new; one outcome per lead, in order: that of its contact.

    A lead that fails adds no customer either. Raises ProblemError for a scope or a matching: no lead is stored. The
    number of statements does not depend on the number of leads.
    """
    resource = resource or LEAD
    refuse_search(resource, scope, matching)
    leads = read_additions(resource, records, LeadDraft)
    for lead in leads:
        lead.company.name = lead.text("company")
    find_companies([lead.company for lead in select_accepted(leads)])
    _place_addresses(resource, list(select_accepted(leads)))
    add_companies([lead.company for lead in select_accepted(leads)], by=by, at=at)
    for lead in leads:
        lead.reject(lead.company.problems, OF_CUSTOMER)
    _add_contacts(list(select_accepted(leads)), resource.vendor, by=by, at=at)
    remove_unused([(lead.company, bool(lead.problems)) for lead in leads], by=by, at=at)
    return build_outcomes(resource, leads)


def _place_addresses(resource: Resource, leads: Sequence[LeadDraft]) -> None:
    """Put what is said of a company into a customer that is new, else into the notes (one query, for countries)."""
    countries = _find_countries({lead.text(COUNTRY) for lead in leads if lead.company.is_new} - {""})
    said = [*(name for name in OF_CUSTOMER if name != "company"), *(each.name for each in resource.custom_fields)]
    for lead in leads:
        values: dict[str, Value] = {}
        for name in said:
            value = lead.sent.get(name)
            if value is None or is_blank(value):
                continue
            if name == COUNTRY and lead.company.is_new:
                value = countries.get(str(value).strip().upper())
            if lead.company.is_new and value is not None:
                values[OF_CUSTOMER.get(name, name)] = value
            else:
                label = resource.by_name[name].label
                lead.notes.append((label[:1].upper() + label[1:], lead.text(name)))
        names = ("company",) if lead.company.name else NAMES
        lead.company.values = {**{name: lead.sent[name] for name in names if name in lead.sent}, **values}


def _find_countries(names: set[str]) -> Mapping[str, str]:
    """Return the codes of countries by their codes and names in capital letters, as far as they are known."""
    if not names:
        return {}
    wanted = {name.upper() for name in names}
    rows = Country.objects.annotate(upper=Upper("name")).filter(
        Q(code__in=wanted) | Q(code2__in=wanted) | Q(upper__in=wanted)
    )
    found = rows.values_list("code", "code2", "upper")
    return {name: code for code, code2, upper in found for name in (code, code2, upper)}


def _add_contacts(leads: Sequence[LeadDraft], vendor: str, *, by: Caller, at: datetime) -> None:
    records = [_build_contact(lead) for lead in leads]
    outcomes = CONTACTS.add(records=records, by=by, at=at, resource=CONTACTS.site_resource(by, vendor))
    for lead, outcome in zip(leads, outcomes, strict=True):
        lead.settle(outcome, OF_CONTACT)


def _build_contact(lead: LeadDraft) -> Values:
    # `version` is a condition of the call, which holds for the contact.
    fields = {**OF_CONTACT, "version": "version", VENDOR: VENDOR}
    values: dict[str, Value] = {column: lead.sent[name] for name, column in fields.items() if name in lead.sent}
    lines = "\n".join(f"{label}: {text}" for label, text in lead.notes)
    if lines:
        values["notes"] = "\n\n".join(filter(None, (lead.text("description"), lines)))
    return {**values, "customer_id": str(lead.company.id)}
