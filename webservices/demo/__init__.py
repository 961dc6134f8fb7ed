"""
The demo world: what a first look needs, made through the same services as everything else.

`parts.json` holds the parts as Values; two custom fields and two users are declared here. `ada` may do everything,
`bob` nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from records.shapes.values import Values

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
)


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
def demo_parts() -> tuple[Values, ...]:
    return tuple(json.loads((Path(__file__).parent / "parts.json").read_text(encoding="utf-8")))
