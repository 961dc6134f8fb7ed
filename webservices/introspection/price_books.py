"""The price books of the site: it has one, the ordinary prices of all parts."""

from collections.abc import Sequence
from datetime import datetime

from records.shapes.callers import Caller
from records.shapes.criteria import UNLIMITED, Scope
from records.shapes.fields import ScalarField
from records.shapes.resources import Resource
from records.shapes.values import Values

NAME = ScalarField("name", label="name", help="What people call it.", read_only=True, example="Default Price Book")
PRICE_BOOK = Resource(
    name="price_book",
    plural="price_books",
    label="Price book",
    label_plural="Price books",
    fields=(
        NAME,
        ScalarField(
            "description",
            label="description",
            help="What is in it.",
            read_only=True,
            example="The ordinary price of each part, by currency.",
        ),
    ),
    key=(),
    help="A list of prices. There is one: the ordinary prices of all parts.",
)


def show_price_books(
    *, records: Sequence[Values], by: Caller, at: datetime, resource: Resource = PRICE_BOOK, scope: Scope = UNLIMITED
) -> tuple[Values, ...]:
    """Return the price books."""
    return ({field.name: field.example or "" for field in PRICE_BOOK.fields},)
