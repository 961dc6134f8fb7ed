"""Names of Expandable's orders that columns hold now: their texts move there, but for those that no column takes."""

import re
from datetime import date

from django.db import migrations
from django.db.models import Q

VENDOR = "expandable"
HEAD = {"ORDER_DATE": "order_date", "CUST_PO_ID": "purchase_order_number", "SHIP_METHOD": "ship_method", "NOTES": "notes"}
LINE = {"REQ_SHIP_DATE": "due_date", "SCH_SHIP_DATE": "ship_date"}
LENGTHS = {"purchase_order_number": 60, "ship_method": 50, "notes": 32_765}
LONG_TEXTS = {"notes"}
# All forms of a day that were taken of a date of the vendor's.
DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(T00:00(:00(\.0+)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII)
BLOCK = 1_000


def move_texts(apps, schema_editor):
    """Move the texts of orders and of their rows."""
    alias = schema_editor.connection.alias
    for name, columns in {"SalesOrder": HEAD, "Row": LINE}.items():
        rows = apps.get_model("orders", name).objects.using(alias)
        spoken = rows.filter(**{f"vendor__{VENDOR}__has_any_keys": [*columns]})
        for block in _iterate_blocks(spoken):
            for row in block:
                _move(row, columns)
            rows.bulk_update(block, ["vendor", *columns.values()])


def _iterate_blocks(rows):
    last = 0
    while block := [*rows.filter(Q(pk__gt=last)).order_by("pk")[:BLOCK]]:
        yield block
        last = block[-1].pk


def _move(row, columns):
    texts = dict(row.vendor[VENDOR])
    for wire, column in columns.items():
        value = _read(column, texts[wire]) if wire in texts else None
        if value is not None:
            setattr(row, column, value)
            del texts[wire]
    row.vendor = {**row.vendor, VENDOR: texts}
    if not texts:
        del row.vendor[VENDOR]


def _read(column, text):
    """Return the value of a column that a text says; None: no value that it takes."""
    length = LENGTHS.get(column)
    if length is None:
        found = DAY.fullmatch(text.strip())
        try:
            return found and date.fromisoformat(found[1])
        except ValueError:
            return None
    text = text if column in LONG_TEXTS else text.strip()
    fits = len(text) <= length and (column in LONG_TEXTS or text.isprintable())
    return text if fits else None


class Migration(migrations.Migration):
    dependencies = [("orders", "0011_finished_orders")]

    operations = [migrations.RunPython(move_texts, migrations.RunPython.noop)]
