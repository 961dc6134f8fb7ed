"""Problems of an input, and the result of its validation."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """
    One problem of an input.

    line     counted from 1
    path     of the field, as the message nests it: `Parts/each_record[2]/direct_buy`, `records[1].price.USD`
    message  a sentence
    """

    line: int
    path: str
    message: str


@dataclass(frozen=True)
class Validation:
    """
    The result of a validation.

    has_schema  a contract describes the input; else it was only read
    """

    problems: Sequence[Problem] = ()
    has_schema: bool = True
