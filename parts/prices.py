"""Prices of parts: the ordinary one in a currency, for a quantity on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parts.models import Price


@dataclass(frozen=True)
class PriceList:
    """The ordinary prices of some parts in some currencies: (minimum quantity, effective date, amount) each."""

    entries: dict[tuple[int, str], list[tuple[Decimal, date | None, Decimal]]]

    def amount(self, part: int, currency: str, quantity: Decimal, on: date) -> Decimal | None:
        """Return the price of the highest quantity reached and then of the latest day reached; None: there is none."""
        reached = [
            (minimum, since or date.min, amount)  # a price without a day is older than any other
            for minimum, since, amount in self.entries.get((part, currency), ())
            if minimum <= quantity and (since is None or since <= on)
        ]
        return max(reached, default=(None, None, None))[2]


def load_ordinary_prices(*, parts: Iterable[int], currencies: Iterable[str]) -> PriceList:
    """Load the price list of these parts, by id, in these currencies (one query)."""
    entries: dict[tuple[int, str], list] = {}
    prices = Price.objects.filter(part__in=set(parts), currency__in=set(currencies), price_code="")
    rows = prices.values_list("part_id", "currency", "minimum_quantity", "effective_date", "amount")
    for part, currency, *entry in rows:
        entries.setdefault((part, currency), []).append(tuple(entry))
    return PriceList(entries)
