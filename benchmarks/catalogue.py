"""The made-up parts and orders, and how each wire spells them."""

import json
from collections.abc import Sequence
from decimal import Decimal

from benchmarks.environment import PASSWORD, USER
from records.shapes.criteria import Comparator, Criterion
from webservices.declarations import OPERATIONS
from webservices.wire.credentials import Password
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.messages import Call, WireRequest
from webservices.wire.operations import Verb

Record = dict[str, object]


def parts(prefix: str, count: int, edition: int = 1) -> list[Record]:
    """Make `count` parts; another edition of them has other figures."""
    return [
        {
            "number": f"{prefix}-{number:05}",
            "description": {"en": f"Pump of size {number}, edition {edition}"},
            "price": {"USD": str(Decimal(number * 7 + 95 + edition) / 100)},
            "lead_time": str(number % 30 + edition),
            "units": "1",
            "notes": f"Comes with gasket {number % 17}, edition {edition}.",
        }
        for number in range(count)
    ]


def orders(
    prefix: str, count: int, part_numbers: Sequence[str], customers: Sequence[str], rows: int = 5, edition: int = 1
) -> list[Record]:
    """Make `count` orders of `rows` rows, each with its price and discount; another edition has other prices."""
    return [
        {
            "number": f"{prefix}-{number:05}",
            "customer": customers[number % len(customers)],
            "subject": f"Order {number} of the season",
            "status": "Created",
            "order_date": f"2027-01-{number % 28 + 1:02}",
            "due_date": "2027-03-31",
            "currency": "USD",
            "rows": [
                {
                    "line_number": str(row + 1),
                    "part_number": part_numbers[(number * rows + row) % len(part_numbers)],
                    "quantity": str(row + 1),
                    "unit_price": str(Decimal(number * 13 + row * 7 + 4 + edition) / 100),
                    "discount": str(row * 5),
                }
                for row in range(rows)
            ],
        }
        for number in range(count)
    ]


def build_request(dialect: Dialect, plural: str, verb: Verb, **content: object) -> WireRequest:
    """Build a request in a dialect's spelling, with the user's name and password in it."""
    operation = OPERATIONS.get(plural, verb)
    context = next(iter(dialect.contexts(operation)))
    return dialect.build_request(Call(operation, credentials=Password(USER, PASSWORD), **content), context)


def get_part(number: str) -> WireRequest:
    criteria = (Criterion(("number",), Comparator.EQUAL, (number,)),)
    return build_request(ORACLE_2_0, "parts", Verb.FIND, criteria=criteria)


def drf_parts(records: Sequence[Record]) -> bytes:
    """Write the same parts as lists of nested records, as a ModelSerializer reads them."""
    return to_json([drf_part(record) for record in records])


def to_json(content: object) -> bytes:
    return json.dumps(content).encode()


def drf_part(record: Record) -> Record:
    descriptions = [{"language": language, "text": text} for language, text in record["description"].items()]
    prices = [{"currency": currency, "amount": amount} for currency, amount in record["price"].items()]
    plain = {name: value for name, value in record.items() if name not in ("description", "price")}
    return {**plain, "descriptions": descriptions, "prices": prices}


def drf_order(record: Record) -> Record:
    rows = [
        {("part" if name == "part_number" else name): value for name, value in row.items()} for row in record["rows"]
    ]
    return {**record, "rows": rows}
