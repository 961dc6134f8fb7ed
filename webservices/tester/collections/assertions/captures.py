"""
Values that are captured from one answer and fill placeholders of later inputs: `{{order}}`.

    {"name": "order", "path": "//SalesOrders/each_record/order_number"}
"""

import json
import re
from collections.abc import Mapping, Sequence

from webservices.tester.errors import TesterError
from webservices.tester.send.parsed_answer import ParsedAnswer, find_values

# Exports write these names unescaped into SoapUI's `${#Project#name}` and into the paths of OpenAPI.
NAME = re.compile("[A-Za-z][A-Za-z0-9_]{0,39}")
PLACEHOLDER = re.compile(r"\{\{\s*(" + NAME.pattern + r")\s*\}\}")


def capture_values(captures: Sequence[Mapping[str, str]], answer: ParsedAnswer) -> dict[str, str]:
    """Capture values by name, the first at each path; raises TesterError for a path that finds none."""
    found = {}
    for capture in captures:
        try:
            values = find_values(answer, capture["path"])
        except TesterError as wrong:
            raise TesterError(f"{capture['name']} was not found: {wrong}") from None
        if not values:
            raise TesterError(f"{capture['name']} was not found: {capture['path']} is not in the answer.")
        found[capture["name"]] = values[0]
    return found


def fill_placeholders(text: str, values: Mapping[str, str], media: str = "") -> str:
    """
    Fill the placeholders of a text, escaped as the message needs it; raises TesterError for one without a value.

    media  `xml`, `json`; "": the value as it is (an address)
    """

    def replace_placeholder(placeholder: re.Match[str]) -> str:
        if placeholder[1] not in values:
            # Names only: a captured value may be the id of a session.
            known = ", ".join(sorted(values)) or "none"
            raise TesterError(f"{{{{{placeholder[1]}}}}} has no value; there are: {known}.")
        return ESCAPES.get(media, str)(values[placeholder[1]])

    return PLACEHOLDER.sub(replace_placeholder, text)


# Quotes too: a placeholder may stand in an attribute.
def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


# In JSON the placeholder stands between quotes already, so those of the dumped text are cut off.
ESCAPES = {"xml": _xml, "json": lambda text: json.dumps(text, ensure_ascii=False)[1:-1]}
