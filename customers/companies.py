"""
Customers by the names of their companies: found without regard to case, or added; a whole batch at a time.

Two calls that name a new company at once add it once: each name is locked until the end of the transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from customers.models import CustomerType
from customers.services import CUSTOMERS
from records.shapes.callers import Caller
from records.shapes.problems import Problem
from records.shapes.values import Values

LEAD_TYPE = "Lead"  # of a customer that is added by its name
NAMES = 5  # the seed of the hashes that names are locked by, so that no other lock has the same ones
# In order, lest two calls that name the same companies wait for each other.
LOCK = """
    SELECT pg_advisory_xact_lock(hashtextextended(name, %s))
    FROM (SELECT DISTINCT lower(name COLLATE "default") AS name FROM unnest(%s::text[]) AS name ORDER BY 1) AS names
"""
FIND = """
    SELECT wanted.name, lower(wanted.name COLLATE "default"), min(customer.id)
    FROM unnest(%s::text[]) AS wanted (name)
    LEFT JOIN customers_customer AS customer
        ON lower(customer.company COLLATE "default") = lower(wanted.name COLLATE "default")
        AND customer.company <> '' AND customer.active
    GROUP BY wanted.name
"""


@dataclass
class CompanyRequest:
    """
    A customer that a record names by its company: found, or added.

    name      "": it names none, and a customer is added for it alone
    values    those of the customer, if it has to be added
    id        of the customer, once it is there
    is_new    it was not found
    problems  what keeps it from being added, by the customer's own fields
    """

    name: str = ""
    values: Values = field(default_factory=dict)
    id: int | None = None
    is_new: bool = False
    problems: tuple[Problem, ...] = ()
    folded_name: str = ""


def find_companies(requests: Sequence[CompanyRequest]) -> None:
    """
    Find the customers of the requests, the oldest active one of each name; those not found are marked as new.

    Two statements for all names. Must run inside a transaction.
    """
    names = list({request.name for request in requests if request.name})
    found: Mapping[str, tuple[str, int | None]] = {}
    if names:
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [NAMES, names])
            cursor.execute(FIND, [names])
            found = {name: (folded, id_) for name, folded, id_ in cursor.fetchall()}
    for request in requests:
        request.folded_name, request.id = found.get(request.name, ("", None))
        request.is_new = request.id is None


def add_companies(requests: Iterable[CompanyRequest], *, by: Caller, at: datetime) -> None:
    """
    Add the customers that are new, each company once, as the first record that names it says; give all their ids.

    They are of the type Lead, which is added where the site has none of that name.
    """
    groups: dict[object, list[CompanyRequest]] = {}
    for request in requests:
        if request.is_new:
            groups.setdefault(request.folded_name or id(request), []).append(request)
    if not groups:
        return
    CustomerType.objects.bulk_create([CustomerType(name=LEAD_TYPE)], ignore_conflicts=True)
    records = [{**group[0].values, "customer_type": LEAD_TYPE} for group in groups.values()]
    outcomes = CUSTOMERS.add(records=records, by=by, at=at, resource=CUSTOMERS.site_resource(by))
    for group, outcome in zip(groups.values(), outcomes, strict=True):
        for request in group:
            request.id, request.problems = outcome.id, outcome.problems


def remove_unused(requests: Iterable[tuple[CompanyRequest, bool]], *, by: Caller, at: datetime) -> None:
    """Remove the customers that were added for nothing: each request comes with whether its record has failed."""
    requests = list(requests)
    used = {request.id for request, failed in requests if not failed}
    ids = {request.id for request, failed in requests if failed and request.is_new} - used - {None}
    if ids:
        CUSTOMERS.remove(records=[{"id": str(id_)} for id_ in sorted(filter(None, ids))], by=by, at=at)
