"""
Parameters of a query string, and cursors, which say where a list goes on.

    ?number__like=PUMP-%25&limit=100     [("number__like", "PUMP-%"), ("limit", "100")]
    WyJQVU1QLTEwMCJd                     after ["PUMP-100"], the record with this number
    W1siLWR1ZV9kYXRlIiwi…                after [["-due_date"], ["2027-03-31", "7"]], in a list ordered so and by id
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from urllib.parse import parse_qsl

from records.shapes.ordering import check_position, understand_order
from records.shapes.problems import ProblemError, malformed_error
from records.shapes.resources import Resource
from records.shapes.values import Values, quote_text
from webservices.wire.json import Json, read_json, write_json

MOST_PARAMETERS = 200

Parameters = Sequence[tuple[str, str]]


def read_parameters(query: str) -> Parameters:
    """Return the query's names and values in their order; raise ProblemError for what is no query string."""
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except UnicodeDecodeError:
        raise malformed_error("wrong-parameter", "The address is not UTF-8.") from None
    except ValueError:
        raise malformed_error("wrong-parameter", f"An address has at most {MOST_PARAMETERS} parameters.") from None


def cursor_after(resource: Resource, record: Values, order: tuple[str, ...] = ()) -> str:
    """Return the cursor after a record: the values that its list is ordered by, in the letters of a URL."""
    keys = understand_order(resource, order)
    return write_cursor([str(record.get(key.field.name) or "") for key in keys], order)


def write_cursor(position: Sequence[str], order: Sequence[str] = ()) -> str:
    """Return the cursor after a position; that of a list in another order than its own names the order, too."""
    written: Json = [[*order], [*position]] if order else [*position]
    return urlsafe_b64encode(write_json(written).encode()).decode().rstrip("=")


def read_cursor(resource: Resource, cursor: str, order: tuple[str, ...] = ()) -> tuple[str, ...]:
    """
    Undo `cursor_after`; raise ProblemError for what no list has given, or one in another order.

    A position in another order than the resource's own is checked by the search: it may have fields that the site has
    defined.
    """
    try:
        # Cursors are given without padding, whose `=` would have to be escaped in an address.
        written = read_json(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        given, position = _read_order(written)
        if not given and not order:
            check_position(understand_order(resource, ()), position)
    except (ValueError, TypeError, ProblemError):
        raise malformed_error("wrong-cursor", f"{quote_text(cursor)} is no cursor that this list gave.") from None
    if given != order:
        names = [f"ordered by {quote_text(','.join(each))}" if each else "in its own order" for each in (given, order)]
        text = f"The cursor was given by a list {names[0]}, and this one is {names[1]}; begin without a cursor."
        raise malformed_error("cursor-of-another-order", text)
    return position


def _read_order(written: Json) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the order that a cursor names, () for the resource's own, and the position; raises ValueError."""
    if isinstance(written, list) and len(written) == 2 and all(isinstance(part, list) for part in written):
        order, position = map(_read_texts, written)
        return order, position
    return (), _read_texts(written)


def _read_texts(written: Json) -> tuple[str, ...]:
    texts = [text for text in written if isinstance(text, str)] if isinstance(written, list) else []
    if texts != written:
        raise ValueError("A position is a list of texts.")
    return tuple(texts)
