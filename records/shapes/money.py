"""Money as text: at least the currency's minor digits, no needless zeros beyond them."""

from collections.abc import Mapping
from decimal import Decimal

USUAL_DIGITS = 2


def minor_digits(currency: str, digits: Mapping[str, int]) -> int:
    """Return the digits of a currency, from those of the site by code: 0 for JPY; 2 where the site has none."""
    return digits.get(currency, USUAL_DIGITS)


def plain_number(number: Decimal | str) -> str:
    """Return a number, or the text that the database or Python has for it, without exponent."""
    # Most come as text from the database: to make a number of each only to write it again costs as much as all else.
    if number.__class__ is str and "E" not in number:
        return number
    return format(Decimal(number), "f")


def money_text(amount: Decimal | str, digits: int) -> str:
    """Write an amount with at least so many digits: `250.00000`, 2 is `250.00`; `0.12500`, 2 is `0.125`."""
    whole, _, fraction = plain_number(amount).partition(".")
    fraction = fraction.rstrip("0").ljust(digits, "0")
    return f"{whole}.{fraction}" if fraction else whole
