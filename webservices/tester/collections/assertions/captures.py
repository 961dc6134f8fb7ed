"""
Values taken out of one answer and put into the inputs that follow: `{{order}}`.

    {"name": "order", "path": "//SalesOrders/each_record/order_number"}
"""

import json
import re
from collections.abc import Mapping, Sequence

from webservices.tester.errors import TesterError
from webservices.tester.send.parsed_answer import Seen, values_at

NAME = re.compile("[A-Za-z][A-Za-z0-9_]{0,39}")
PLACE = re.compile(r"\{\{\s*(" + NAME.pattern + r")\s*\}\}")


def taken(captures: Sequence[Mapping[str, str]], seen: Seen) -> dict[str, str]:
    """The values, by name: the first that each path finds. Raises TesterError."""
    found = {}
    for capture in captures:
        try:
            values = values_at(seen, capture["path"])
        except TesterError as wrong:
            raise TesterError(f"{capture['name']} was not taken: {wrong}") from None
        if not values:
            raise TesterError(f"{capture['name']} was not taken: {capture['path']} finds nothing.")
        found[capture["name"]] = values[0]
    return found


def filled(text: str, values: Mapping[str, str], media: str = "") -> str:
    """
    The text with the values in their places, escaped as the message needs it; raises TesterError for one without value.

    media  `xml`, `json`; "": the value as it is (an address)
    """

    def value_of(place: re.Match[str]) -> str:
        if place[1] not in values:
            known = ", ".join(sorted(values)) or "none"
            raise TesterError(f"{{{{{place[1]}}}}} has no value; there are: {known}.")
        return ESCAPED.get(media, str)(values[place[1]])

    return PLACE.sub(value_of, text)


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


ESCAPED = {"xml": _xml, "json": lambda text: json.dumps(text, ensure_ascii=False)[1:-1]}
