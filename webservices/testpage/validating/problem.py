"""One thing that is wrong with an input."""

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
