"""
The demo world: what a first look needs, made through the same services as everything else.

The records are Values in JSON, a file for each kind; the definitions that they name are here. `ada` may do everything,
`bob` nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from records.shapes.values import Values

KINDS = (
    "parts",
    "customers",
    "contacts",
    "customer_parts",
)  # each names only those before it; orders and what was shipped of them come last

CUSTOM_FIELDS: Sequence[Mapping[str, object]] = (
    {
        "resource": "part",
        "name": "1",
        "label": "Pressure rating",
        "type": "number",
        "help": "In bar; none for what holds no pressure.",
    },
    {
        "resource": "part",
        "name": "tier",
        "label": "Tier",
        "type": "menu",
        "choices": ["Standard", "Silver", "Gold"],
        "help": "Which service level it is sold with.",
    },
    {
        "resource": "customer",
        "name": "segment",
        "label": "Segment",
        "type": "menu",
        "choices": ["Standard", "Key account", "Small"],
        "help": "How much it buys.",
    },
)

TERRITORIES = ("North", "East", "South", "West")
PORTALS = ("Customers", "Dealers")
PORTAL_LOGIN = ("ACME-1", "Customers")  # the contact who may be given a password, and for which portal

STEPS: Mapping[str, Sequence[str]] = {  # by its status, the statuses that lead an order there
    "Quote": ("Quote",),
    "Created": ("Created",),
    "Approved": ("Created", "Approved"),
    "Delivered": ("Created", "Approved", "Delivered"),
    "Cancelled": ("Quote", "Cancelled"),
}


@dataclass(frozen=True)
class DemoUser:
    """A user of the demo world; both may sign in to the admin site once they have a password."""

    name: str
    first_name: str
    last_name: str
    superuser: bool


USERS = (
    DemoUser("ada", "Ada", "Lovelace", superuser=True),
    DemoUser("bob", "Bob", "Cratchit", superuser=False),
)


@cache
def demo_records(plural: str) -> tuple[Values, ...]:
    """The records of one kind, by its plural name."""
    return tuple(json.loads((Path(__file__).parent / f"{plural}.json").read_text(encoding="utf-8")))
