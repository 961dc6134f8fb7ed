"""
Parameters of a query string, and cursors, which say where a list goes on.

    ?number__like=PUMP-%25&limit=100     [("number__like", "PUMP-%"), ("limit", "100")]
    WyJQVU1QLTEwMCJd                     after the record whose number is PUMP-100
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl

from records.shapes.fields import Field, Kind
from records.shapes.parsing import reader
from records.shapes.problems import ProblemError, malformed_error
from records.shapes.resources import Resource
from records.shapes.values import Values, quote_text
from webservices.wire.json import read_json, write_json

MOST_PARAMETERS = 200
HIGHEST_ID = 2**63 - 1

Parameters = Sequence[tuple[str, str]]


def read_parameters(query: str) -> Parameters:
    """Return the query's names and values in their order; raise ProblemError for what is no query string."""
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except UnicodeDecodeError:
        raise malformed_error("wrong-parameter", "The address is not UTF-8.") from None
    except ValueError:
        raise malformed_error("wrong-parameter", f"An address has at most {MOST_PARAMETERS} parameters.") from None


def _comparable(field: Field) -> Field:
    """The field with the numbers that PostgreSQL can compare it to: a greater one would be an error of the database."""
    return replace(field, minimum=0, maximum=HIGHEST_ID) if field.kind is Kind.INTEGER else field


def cursor_after(resource: Resource, record: Values) -> str:
    """Return the cursor after a record: the values that its list is ordered by, in the letters of a URL."""
    key = [str(record.get(name) or "") for name in resource.order]
    return urlsafe_b64encode(write_json(key).encode()).decode().rstrip("=")


def read_cursor(resource: Resource, cursor: str) -> tuple[str, ...]:
    """Undo `cursor_after`; raise ProblemError for what no list has given."""
    try:
        # Cursors are given without padding, whose `=` would have to be escaped in an address.
        key = read_json(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        texts = [text for text in key if isinstance(text, str)] if isinstance(key, list) else []
        if texts != key:
            raise ValueError("A key is a list of texts.")
        for name, text in zip(resource.order, texts, strict=True):
            field = _comparable(resource.by_name[name])
            if text or field.kind is Kind.INTEGER:
                reader(field)(text)
        return tuple(texts)
    except (ValueError, TypeError, ProblemError):
        raise malformed_error("wrong-cursor", f"{quote_text(cursor)} is no cursor that this list gave.") from None
