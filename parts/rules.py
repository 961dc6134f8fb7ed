"""Rules of parts beyond their fields."""

from collections.abc import Sequence
from datetime import datetime

from records.rules import Draft, RowDraft, Rules


def check_parts(drafts: Sequence[Draft], at: datetime) -> None:
    """Reject prices, sent with their part or by themselves, that end before they begin."""
    for draft in drafts:
        if draft.is_read("prices") and draft.changes("prices"):
            for price in draft.rows("prices"):
                _check_days(price)


def _check_days(price: RowDraft) -> None:
    begins, ends = price.after["effective_date"], price.after["end_date"]
    if begins is None or ends is None or not price.is_read("end_date", "effective_date"):
        return
    if ends < begins and price.changes("end_date"):
        sentence = f"{{field}} {ends} is before the day from which the price is effective, {begins}."
        price.reject("too-early", sentence, "end_date")


PART_RULES = Rules(check_parts, sent_rows=frozenset({"prices"}), partial=True)
