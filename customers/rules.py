"""What a customer and a contact must meet beyond their fields."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.hashers import make_password

from customers.models import PortalUser, State
from records.shapes.problems import Family, Problem
from records.shapes.values import quoted
from records.write.batch import Draft
from records.write.decide import Rules
from records.write.plan import Plan


def check_states(plan: Plan, batch: Sequence[Draft], at: datetime) -> None:
    """A state is one of its country's; a state without a country is refused."""
    placed = [pending for pending in batch if pending.value("state") and pending.changes("state", "country")]
    if not placed:
        return
    countries = {country.id for pending in placed if (country := pending.value("country"))}
    known = set(State.objects.filter(country__in=countries).values_list("country_id", "code"))
    for pending in placed:
        state, country = pending.value("state"), pending.value("country")
        if country is None or (country.id, state) not in known:
            where = f"is no state of {country}" if country else "needs a country"
            text = f"{{field}} {quoted(state)} {where}."
            pending.fail(Problem("unknown-state", Family.UNRESOLVED, text, ("state",)))


def apply_contact_rules(plan: Plan, batch: Sequence[Draft], at: datetime) -> None:
    keep_passwords_hashed(batch)
    check_addresses(batch)


def check_addresses(batch: Sequence[Draft]) -> None:
    """An address signs in to a portal as one contact (one query)."""
    written = [pending for pending in batch if "portal_users" in pending.targets]
    users = [
        (pending, number, portal, user["email"])
        for pending in written
        for number, ((portal,), user) in enumerate(pending.targets["portal_users"].items())
    ]
    if not users:
        return
    others = PortalUser.objects.filter(email__in={email for *_, email in users})
    others = others.exclude(contact__in=[pending.id for pending in written if pending.id])
    times = Counter(others.values_list("portal_id", "email"))
    times.update((portal.id, email) for *_, portal, email in users)
    for pending, number, portal, email in users:
        if times[portal.id, email] > 1:
            text = f"{{field}} {email} is another contact's in portal {portal}."
            pending.fail(Problem("already-exists", Family.DUPLICATE, text, ("portals", number, "email")))


def keep_passwords_hashed(batch: Sequence[Draft]) -> None:
    """Portal users: the address in lower case, the password hashed; one that is not sent stays."""
    for pending in batch:
        stored = pending.stored_children.get("portal_users", {})
        for key, user in pending.targets.get("portal_users", {}).items():
            before = stored.get(key, {}).get("password", "")
            user["email"] = user["email"].lower()
            user["password"] = user["password"] or before
            if user["password"] != before:
                user["password"] = make_password(user["password"])


CUSTOMER_RULES = Rules(check_states)
CONTACT_RULES = Rules(apply_contact_rules, needs=frozenset({"portals"}))
