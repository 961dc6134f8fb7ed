"""
Values that say nothing: of a sparse field its default, or what a sibling implies.

    <p:tax>0.00</p:tax>                        the default: left out
    <p:grand_total>450.00</p:grand_total>      implied by a total of 450.00: left out
    <p:order_date>2026-11-29</p:order_date>    implied by created_at, 2026-11-29T08:00:00Z: left out

A client that was generated before there was such a field refuses it as an element that it does not know. It meets one
only where somebody gave it another value.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from records.shapes.blocks import Block, Column
from records.shapes.fields import Field, Kind, ScalarField
from records.shapes.formatting import trim_zeros

SaysNothing = Callable[[Any, Any], bool]  # of a value and of the one that implies it


def get_value(field: Field) -> Callable[[Mapping[str, Any]], Any]:
    """Return the function that takes the value of a field from a record; None: it says nothing."""
    name, says_nothing = field.name, _find_rule(field)
    if says_nothing is None:
        return lambda record: record.get(name)
    sibling = _sibling(field)

    def get(record: Mapping[str, Any]) -> Any:
        value = record.get(name)
        return None if value and says_nothing(value, record.get(sibling)) else value

    return get


def get_column(field: Field) -> Callable[[Block], Column]:
    """Return the function that takes the values of a field from a block, None for each that says nothing."""
    name, says_nothing = field.name, _find_rule(field)
    if says_nothing is None:
        return lambda block: block.column(name)
    sibling = _sibling(field)

    def get(block: Block) -> Column:
        values = zip(block.column(name), block.column(sibling), strict=True)
        return [None if value and says_nothing(value, other) else value for value, other in values]

    return get


def _sibling(field: Field) -> str:
    return (isinstance(field, ScalarField) and field.implied_by) or field.name


def _find_rule(field: Field) -> SaysNothing | None:
    if not (field.sparse and isinstance(field, ScalarField)):
        return None
    if field.implied_by and field.kind is Kind.DATE:
        # A day is implied by the moment that begins with it.
        return lambda value, moment: bool(moment) and moment.startswith(value)
    if field.implied_by:
        return operator.eq
    if field.default is None:
        return None
    if field.kind is Kind.DECIMAL:
        default = trim_zeros(field.default)
        return lambda value, _: trim_zeros(value) == default
    return lambda value, _: value == field.default
