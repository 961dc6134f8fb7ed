"""
The lists of an order that are this wire's alone: its comments, and user fields of its lines.

    "COMMENTS": [{"SO_LINE_NO": "0", "PRINT_INVOICE": "O", "COMMENT_TEXT": "Call before delivery."}, …]

Each is one text among the vendor's data of the record, in the order in which it was sent: notes about its rows
(`records.row_notes`), which are refused for a row that there is not, and go with it.
"""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

from records.shapes.parsing import unknown
from records.shapes.problems import Problem, ProblemError, invalid_problem, missing_problem
from records.shapes.resources import Resource
from records.shapes.scalars import DECIMAL
from records.shapes.values import EMPTY, InvalidValue, Value, quote_text
from webservices.wire.dialects.expandable.context import ExpandableSettings
from webservices.wire.dialects.expandable.tables import LINE_NUMBER, TextList
from webservices.wire.dialects.expandable.values import read_vendor_text
from webservices.wire.json import Json, write_json

WHOLE_ORDER = "0"
LONGEST = 60_000  # characters of a list as it is stored


def read_list(
    texts: TextList, entries: Sequence[Mapping[str, str]], resource: Resource, settings: ExpandableSettings
) -> Value:
    """Return the text that stores a list; an InvalidValue for the first that is wrong with it."""
    if not entries:
        return EMPTY
    notes: list[Json] = []
    for number, entry in enumerate(entries):
        problem = _find_problem(texts, entry, resource, settings)
        if problem is not None:
            return InvalidValue(problem.under(number))
        line = line_key(entry[LINE_NUMBER])
        row = "" if line == WHOLE_ORDER else line
        notes.append([row, {name: text for name, text in entry.items() if name != LINE_NUMBER}])
    if texts.single and len({line_key(entry[LINE_NUMBER]) for entry in entries}) < len(entries):
        return InvalidValue(invalid_problem("{field} has two entries for one line.", code="line-twice"))
    stored = write_json(notes)
    if len(stored) > LONGEST:
        return InvalidValue(invalid_problem(f"{{field}} may have at most {LONGEST:,} characters in all."))
    return stored


def _find_problem(
    texts: TextList, entry: Mapping[str, str], resource: Resource, settings: ExpandableSettings
) -> Problem | None:
    """Return the first problem of an entry; None: it is good."""
    for name in entry:
        if name not in texts.names:
            return unknown(resource, name)
    for name in texts.required:
        if not entry.get(name, "").strip():
            return missing_problem((name,))
    for name, text in entry.items():
        try:
            read_vendor_text(name if name != "COMMENT_TEXT" else "NOTES", text, settings)
        except ProblemError as refused:
            return refused.problem.under(name)
    line = line_key(entry[LINE_NUMBER])
    if not line.isdecimal() or (line == WHOLE_ORDER and not texts.orders):
        least = "0 (the whole order) or" if texts.orders else ""
        sentence = f"{{field}} must be {least} the number of a line; {quote_text(entry[LINE_NUMBER])} is not."
        return invalid_problem(" ".join(sentence.split()), code="no-line", path=(LINE_NUMBER,))
    return None


def line_key(text: str) -> str:
    """Return the number of a line as it is stored: `1` for `1.00`; what is no whole number, as it is."""
    text = text.strip()
    if DECIMAL.fullmatch(text) and Decimal(text) == int(Decimal(text)):
        return str(int(Decimal(text)))
    return text


def write_list(texts: TextList, stored: object) -> list[dict[str, Json]]:
    """Return the entries of a stored list, each with all that it has."""
    if not isinstance(stored, str) or not stored:
        return []
    entries = [{**note, LINE_NUMBER: row or WHOLE_ORDER} for row, note in json.loads(stored)]
    return [
        {name: str(entry.get(name, "")) for name in texts.names if not texts.single or name in entry}
        for entry in entries
    ]
