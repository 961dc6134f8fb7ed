"""
Potentials: business that may come, each added as an order in its first status, a quote.

    {"subject": "Ten pumps", "company": "Acme Engines", "amount": "2500", "due_date": "2026-12-31"}

    customer  that of the company, or a new one of the type Lead; without a company one of the potential's own name
    order     subject, due_date; one row without a part: 1 × 2500, described by the subject
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from customers.companies import CompanyRequest, add_companies, find_companies, remove_unused
from customers.resources import CUSTOMER
from orders.models import Row
from orders.resources import SALES_ORDER
from orders.services import SALES_ORDERS
from records.additions import Addition, build_outcomes, read_additions, refuse_search, select_accepted
from records.derive import derive_scalar
from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope
from records.shapes.matching import BY_KEY, Matching
from records.shapes.outcomes import Outcome
from records.shapes.resources import VENDOR, Resource
from records.shapes.values import Value, Values

# By the field of a potential, the field of the record that holds it.
OF_ORDER: Mapping[str, str] = {
    "number": "number",
    "subject": "subject",
    "due_date": "due_date",
    "description": "description",
}
ROWS = "rows"
AMOUNT = "amount"
COMPANY = CUSTOMER.by_name["company"]

POTENTIAL = Resource(
    name="potential",
    plural="potentials",
    label="Potential",
    label_plural="Potentials",
    key=("number",),
    fields=(
        SALES_ORDER.by_name["number"],
        replace(SALES_ORDER.by_name["subject"], label="potential name", required=True, help="What it is about."),
        replace(
            COMPANY, label="account name",
            help="Its customer, whatever the case: the oldest that is active, or a new one. None: one of its own name.",
        ),
        replace(
            derive_scalar(Row._meta.get_field("unit_price")), name=AMOUNT, label="amount",
            help="What it may come to, in the site's currency: the one row of the order.",
        ),
        replace(SALES_ORDER.by_name["due_date"], label="closing date", help="When it may be decided."),
        replace(SALES_ORDER.by_name["description"], help="All else that is known."),
    ),
    examples=(
        {
            "number": "POTENTIAL-1",
            "subject": "Ten pumps",
            "company": "Acme Engines & Co",
            "amount": "2500.00",
            "due_date": "2026-12-31",
            "description": "They decide at the end of the year.",
        },
    ),
    help="Business that may come: an order in its first status, with the customer that the company is.",
    limits_from={
        **{name: (SALES_ORDER.name, column) for name, column in OF_ORDER.items()},
        COMPANY.name: (CUSTOMER.name, COMPANY.name),
    },
    added_as=SALES_ORDER.name,
    custom_from=SALES_ORDER.name,
    has_vendor_data=True,
)  # fmt: skip


@dataclass
class PotentialDraft(Addition):
    """One potential on its way, with the customer that it names."""

    company: CompanyRequest = field(default_factory=CompanyRequest)


def add_potentials(
    *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource | None = None,
    scope: Scope = UNLIMITED, matching: Matching = BY_KEY,
) -> Sequence[Outcome]:  # fmt: skip
    """
    Add potentials as orders, with the customers that are new; one outcome per potential, in order: that of its order.

    A potential that fails adds no customer either. Raises ProblemError for a scope or a matching: no potential is
    stored. The number of statements does not depend on the number of potentials.
    """
    resource = resource or POTENTIAL
    refuse_search(resource, scope, matching)
    potentials = read_additions(resource, records, PotentialDraft)
    for each in potentials:
        each.company.name = each.text(COMPANY.name) or each.text("subject")[: resource.by_name[COMPANY.name].max_length]
        each.company.values = {COMPANY.name: each.company.name}
    companies = [each.company for each in select_accepted(potentials)]
    find_companies(companies)
    add_companies(companies, by=by, at=at)
    for each in potentials:
        each.reject(each.company.problems, {COMPANY.name: COMPANY.name})
    _add_orders(resource, list(select_accepted(potentials)), by=by, at=at)
    remove_unused([(each.company, bool(each.problems)) for each in potentials], by=by, at=at)
    return build_outcomes(resource, potentials)


def _add_orders(resource: Resource, potentials: Sequence[PotentialDraft], *, by: Caller, at: datetime) -> None:
    custom = {each.name: each.name for each in resource.custom_fields}
    # `version` is a condition of the call, which holds for the order.
    fields = {**OF_ORDER, **custom, "version": "version", VENDOR: VENDOR}
    records = [_build_order(each, fields) for each in potentials]
    outcomes = SALES_ORDERS.add(records=records, by=by, at=at, resource=SALES_ORDERS.site_resource(by, resource.vendor))
    for each, outcome in zip(potentials, outcomes, strict=True):
        each.settle(outcome, {**OF_ORDER, AMOUNT: ROWS})


def _build_order(potential: PotentialDraft, fields: Mapping[str, str]) -> Values:
    values: dict[str, Value] = {
        held_as: potential.sent[name] for name, held_as in fields.items() if name in potential.sent
    }
    if amount := potential.text(AMOUNT):
        values[ROWS] = [{"description": potential.text("subject"), "quantity": "1", "unit_price": amount}]
    return {**values, "customer_id": str(potential.company.id)}
