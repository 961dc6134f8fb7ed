"""
Signing a contact in to a portal: the password is the contact's own, the caller is the portal.

Every failure reads the same and takes as long: who is not in the portal, who is inactive there or as a contact, whose
customer is inactive, is verified like somebody who does not exist. In the queue before the hashing a contact is a
source and the portal its network, for all contacts of a portal come from the portal's own server.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from records import sql
from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope
from records.shapes.fields import Kind, ScalarField
from records.shapes.formatting import lexical
from records.shapes.parsing import is_blank, reader
from records.shapes.problems import ProblemError, invalid_problem, missing_problem
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Values
from webservices.access.last_used import LastUsedColumn
from webservices.access.password_cache import VERIFIER
from webservices.access.sign_in_queue import Busy, Source
from webservices.access.verification import BUSY, LONGEST_SECRET

EMAIL = ScalarField(
    "email", label="e-mail", help="In any case.", required=True, max_length=100, example="ada@acme.example.com"
)
PASSWORD = ScalarField(
    "password", label="password", help="Of that portal.", required=True, secret=True, max_length=LONGEST_SECRET
)
PORTAL = ScalarField(
    "portal_id", label="portal", help="Its id, or its name.", required=True, max_length=80, example="Customers"
)
PORTAL_USER = Resource(
    name="portal_user",
    plural="portal_users",
    label="Portal user",
    label_plural="Portal users",
    fields=(
        EMAIL,
        PASSWORD,
        PORTAL,
        ScalarField("contact_id", Kind.INTEGER, "contact", "The hub's own number of the contact.", read_only=True),
        ScalarField("customer_id", Kind.INTEGER, "customer", "The hub's own number of its customer.", read_only=True),
        ScalarField("first_name", label="first name", help="The contact's.", read_only=True),
        ScalarField("last_name", label="last name", help="The contact's.", read_only=True),
    ),
    key=(),
    examples=({"email": "ada@acme.example.com", "password": "0penSesame", "portal_id": "Customers"},),
    help="A contact's way into one portal.",
)
ID = re.compile("[0-9]{1,18}")
TAKES = (EMAIL, PASSWORD, PORTAL)

# Not UNAUTHENTICATED: it is not the caller who is unknown.
SIGN_IN_FAILED = invalid_problem("E-mail, password and portal do not belong together.", code="sign-in-failed")

ENTRY = """
SELECT u.id, u.password, u.last_sign_in, u.email, u.portal_id, c.id, c.customer_id, c.first_name, c.last_name
FROM customers_portaluser u
JOIN customers_portal p ON p.id = u.portal_id
JOIN customers_contact c ON c.id = u.contact_id
JOIN customers_customer m ON m.id = c.customer_id
WHERE u.email = %s AND u.active AND p.active AND c.active AND m.active AND p.id = (
    SELECT id FROM customers_portal WHERE id = %s::bigint OR name = %s ORDER BY name = %s LIMIT 1
)"""
LAST_USED = LastUsedColumn("customers_portaluser", "last_sign_in", "portal user")


@dataclass(frozen=True, slots=True)
class Entry:
    """A contact's entry of a portal, where it, the contact, the portal and the customer are active."""

    id: int
    stored: str
    last_sign_in: datetime | None
    email: str
    portal_id: int
    contact_id: int
    customer_id: int
    first_name: str
    last_name: str


SHOWN = ("email", "portal_id", "contact_id", "customer_id", "first_name", "last_name")


def sign_in(
    *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource = PORTAL_USER, scope: Scope = UNLIMITED
) -> tuple[Values, ...]:
    """Return the contact who signs in; raises ProblemError, with the same words whatever is wrong."""
    email, password, portal = _read(records[0] if records else {})
    entry = _entry(email, portal)
    # Without an entry the hash of nobody is computed all the same, so that the time does not tell who has an entry.
    name, stored = f"{portal} {email}", entry.stored if entry else ""
    try:
        fits = VERIFIER.fits("portal", name, password, stored, at=at, source=Source(name, portal, name))
    except Busy:
        raise ProblemError(BUSY) from None
    if entry is None or not fits:
        raise ProblemError(SIGN_IN_FAILED)
    # After the commit: in the call's transaction the row would stay locked until its end, and a dry run undoes it.
    transaction.on_commit(lambda: LAST_USED.renew(entry.id, entry.last_sign_in, at=at))
    return ({name: lexical(getattr(entry, name)) for name in SHOWN},)


def _read(record: Values) -> tuple[str, str, str]:
    """Return e-mail in lower case, as it is stored; password; portal."""
    texts = []
    for field in TAKES:
        sent = record.get(field.name, EMPTY)
        if is_blank(sent):
            raise ProblemError(missing_problem((field.name,)))
        try:
            texts.append(str(reader(field)(sent)))
        except ProblemError as error:
            raise ProblemError(error.problem.under(field.name)) from None
    email, password, portal = texts
    return email.lower(), password, portal


def _entry(email: str, portal: str) -> Entry | None:
    """Return the entry of this address in the portal of this id, or, where none has the id, of this name."""
    number = int(portal) if ID.fullmatch(portal) else None
    found = sql.rows(ENTRY, [email, number, portal, portal])
    return next((Entry(*row) for row in found), None)
