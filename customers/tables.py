"""The tables that customers and their contacts name: territories, types, countries with their states, portals."""

from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.db.models import Q

from customers.models import Address, Country, Customer, CustomerType, Portal, State, Territory
from records.derive import derive, reference
from records.rules import Draft, Rules
from records.services import Services
from records.shapes.problems import Family

TERRITORY = derive(
    Territory, key=["name"], fields=["name"], examples=[{"name": "Overseas"}], site_table=True, renamable=True
)
CUSTOMER_TYPE = derive(
    CustomerType, key=["name"], fields=["name"], examples=[{"name": "Reseller"}], site_table=True, renamable=True
)
COUNTRY = derive(
    Country,
    key=["code"],
    fields=["code", "code2", "name"],
    examples=[{"code": "XKX", "code2": "XK", "name": "Kosovo"}],
    site_table=True,
)
STATE = derive(
    State,
    key=["country", "code"],
    fields=[reference(State, "country", by=["code", "code2"]), "code", "name"],
    examples=[{"country": "GBR", "code": "SRK", "name": "Sark"}],
    site_table=True,
)
PORTAL = derive(
    Portal,
    key=["name"],
    fields=["name", "active"],
    examples=[{"name": "Partners", "active": "true"}],
    site_table=True,
    renamable=True,
)


def check_removed_states(drafts: Sequence[Draft]) -> None:
    """Reject the removal of states that customers or their addresses have, by country and code (two queries)."""
    pairs = {(draft.before["country"].id, draft.before["code"]): draft for draft in drafts}
    if not pairs:
        return
    named = reduce(or_, (Q(country=country, state=code) for country, code in pairs))
    used = (holder.objects.filter(named).order_by().values_list("country", "state") for holder in (Customer, Address))
    for country, code in dict.fromkeys(pair for found in used for pair in found.distinct()):
        sentence = f"State {code} of {pairs[country, code].before['country']} is in use and cannot be removed."
        pairs[country, code].reject("in-use", sentence, family=Family.IN_USE)


TERRITORIES = Services(Territory, TERRITORY)
CUSTOMER_TYPES = Services(CustomerType, CUSTOMER_TYPE)
COUNTRIES = Services(Country, COUNTRY)
STATES = Services(State, STATE, Rules(check_removal=check_removed_states))
PORTALS = Services(Portal, PORTAL)
