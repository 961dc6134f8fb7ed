"""Money as text: at least the currency's minor digits (ISO 4217, from Babel), no needless zeros beyond them."""

from decimal import Decimal
from functools import cache

from babel.core import UnknownLocaleError
from babel.numbers import get_currency_precision


@cache
def minor_digits(currency: str) -> int:
    """2 for USD, 0 for JPY, 3 for BHD; 2 for a currency that is not known."""
    try:
        return get_currency_precision(currency)
    except UnknownLocaleError:
        return 2


def money_text(amount: Decimal, currency: str) -> str:
    """`Decimal('250.00000'), 'USD'` is `250.00`; `Decimal('0.12500'), 'USD'` is `0.125`."""
    text = format(amount, "f")
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0").ljust(minor_digits(currency), "0")
    return f"{whole}.{fraction}" if fraction else whole
