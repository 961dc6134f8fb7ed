"""Rules of customers and contacts beyond their fields."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.hashers import make_password

from customers.models import Contact, PortalUser
from customers.states import check_states
from records.rules import Draft, RowDraft, Rules
from records.shapes.problems import Family
from records.shapes.values import quote_text


def check_customers(drafts: Sequence[Draft], at: datetime) -> None:
    """Reject states that their countries do not have, of customers and of the addresses that were sent."""
    sent = [draft for draft in drafts if draft.is_sent("addresses") and draft.is_read("addresses")]
    places: list[Draft | RowDraft] = [*drafts, *(address for draft in sent for address in draft.rows("addresses"))]
    read = [place for place in places if place.is_read("state", "country")]
    changed = [place for place in read if place.changes("state", "country")]
    check_states((place, str(place.after["country"] or ""), place.after["state"], "state") for place in changed)


def check_contacts(drafts: Sequence[Draft], at: datetime) -> None:
    _check_codes([draft for draft in drafts if draft.is_read("code", "customer", "number")])
    _check_portals(drafts)


def _check_codes(drafts: Sequence[Draft]) -> None:
    """Give contacts without a code their number as one; reject a code that another contact of the customer has."""
    for draft in drafts:
        draft.after["code"] = draft.after["code"] or draft.after["number"]
    changed = [draft for draft in drafts if draft.after["code"] and draft.changes("code", "customer")]
    if not changed:
        return
    # The database has the last word: it knows of contacts that are added meanwhile.
    own = {draft.id for draft in drafts if draft.id}
    codes = {draft.after["code"] for draft in changed}
    others = Contact.objects.filter(code__in=codes).exclude(id__in=own)
    times = Counter(others.values_list("customer_id", "code"))
    times.update((draft.after["customer"].id, draft.after["code"]) for draft in drafts if draft.after["customer"])
    for draft in changed:
        customer, code = draft.after["customer"], draft.after["code"]
        if customer and times[customer.id, code] > 1:
            sentence = f"{{field}} {quote_text(code)} is that of another contact of customer {customer}."
            draft.reject("already-exists", sentence, "code", family=Family.DUPLICATE)


def _check_portals(drafts: Sequence[Draft]) -> None:
    concerned = [draft for draft in drafts if draft.is_sent("portals") and draft.is_read("portals")]
    users = [user for draft in concerned for user in draft.rows("portals") if user.is_read("portal", "email")]
    for user in users:
        _hash_password(user)
    if users:
        # An address that one contact of the call gives up is free for another one of it.
        _check_addresses(users, own={draft.id for draft in concerned if draft.id})


def _hash_password(user: RowDraft) -> None:
    """Set the address in lower case and the password hashed; a password that is not sent stays."""
    stored = user.before.get("password", "")
    user.after["email"] = user.after["email"].lower()
    user.after["password"] = user.after["password"] or stored
    if user.after["password"] != stored:  # else it is a hash already
        user.after["password"] = make_password(user.after["password"])


def _check_addresses(users: Sequence[RowDraft], own: set[int]) -> None:
    """Reject an address that would sign in to a portal as two contacts (one query); `own` are the contacts' ids."""
    others = PortalUser.objects.filter(email__in={user.after["email"] for user in users}).exclude(contact__in=own)
    times = Counter(others.values_list("portal_id", "email"))
    times.update((user.after["portal"].id, user.after["email"]) for user in users)
    shared = [user for user in users if times[user.after["portal"].id, user.after["email"]] > 1]
    for user in {user.draft: user for user in shared}.values():  # one problem for each contact
        sentence = f"{{field}} {user.after['email']} is another contact's in portal {user.after['portal']}."
        user.reject("already-exists", sentence, "email", family=Family.DUPLICATE)


CUSTOMER_RULES = Rules(check_customers, sent_rows=frozenset({"addresses"}), partial=True)
CONTACT_RULES = Rules(check_contacts, sent_rows=frozenset({"portals"}), auto_columns=frozenset({"code"}), partial=True)
