"""
What addresses carry: the parameters of a query, and where a list goes on, as a cursor.

    ?number__like=PUMP-%25&limit=100     [("number__like", "PUMP-%"), ("limit", "100")]
    WyJQVU1QLTEwMCJd                     after the record whose number is PUMP-100
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl

from records.shapes.fields import Field, Kind
from records.shapes.parsing import reader
from records.shapes.problems import Family, Problem, ProblemError
from records.shapes.resources import Resource
from records.shapes.values import Values, quoted
from webservices.wire.json import read_json, write_json

MOST_PARAMETERS = 200
HIGHEST_ID = 2**63 - 1

Parameters = Sequence[tuple[str, str]]


def parameters_of(query: str) -> Parameters:
    """The query's names and values in their order; raises ProblemError."""
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except UnicodeDecodeError:
        raise malformed("wrong-parameter", "The address is not UTF-8.") from None
    except ValueError:
        raise malformed("wrong-parameter", f"An address has at most {MOST_PARAMETERS} parameters.") from None


def malformed(code: str, sentence: str) -> ProblemError:
    """A refusal of an address."""
    return ProblemError(Problem(code, Family.MALFORMED, sentence))


def _limited(field: Field) -> Field:
    """The field with what PostgreSQL can compare it to."""
    return replace(field, minimum=0, maximum=HIGHEST_ID) if field.kind is Kind.INTEGER else field


def cursor_after(resource: Resource, record: Values) -> str:
    """Where a list goes on after a record: what it is ordered by, in a form that a URL carries as it is."""
    key = [str(record.get(name) or "") for name in resource.order]
    return urlsafe_b64encode(write_json(key).encode()).decode().rstrip("=")


def key_of_cursor(resource: Resource, cursor: str) -> tuple[str, ...]:
    """Undoes `cursor_after`; raises ProblemError for what no list has given."""
    try:
        key = read_json(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        for name, text in zip(resource.order, key, strict=True):
            field = _limited(resource.by_name[name])
            if text or field.kind is Kind.INTEGER:
                reader(field)(text)
        return tuple(key)
    except (ValueError, TypeError, ProblemError):
        raise malformed("wrong-cursor", f"{quoted(cursor)} is no cursor that this list gave.") from None
