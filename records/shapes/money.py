"""Money as text: at least the currency's minor digits, no needless zeros beyond them."""

from collections.abc import Mapping
from decimal import Decimal

USUAL_DIGITS = 2


def minor_digits(currency: str, digits: Mapping[str, int]) -> int:
    """Return the digits of a currency, from those of the site by code: 0 for JPY; 2 where the site has none."""
    return digits.get(currency, USUAL_DIGITS)


def money_text(amount: Decimal, digits: int) -> str:
    """Write an amount with at least so many digits: `250.00000`, 2 is `250.00`; `0.12500`, 2 is `0.125`."""
    text = format(amount, "f")
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0").ljust(digits, "0")
    return f"{whole}.{fraction}" if fraction else whole
