"""What is wrong with an input."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """
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
    What there is to say of an input.

    described  whether a contract says what it should be; else it was only read
    """

    problems: Sequence[Problem] = ()
    has_schema: bool = True
