"""
A working day as data: what a company's systems send to a hub, and what it must come to, computed on its own.

The morning keeps parts, customers and what customers call the parts; the afternoon places orders, cancels some and
gives a customer up.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

PARTS, CUSTOMERS, ORDERS, ROWS = 200, 100, 50, 20
BATCH = 100
CANCELLED = 5

Step = dict[str, object]
Row = dict[str, str]


@dataclass
class Office:
    """
    One company; all its numbers begin with its prefix.

    prices   of the parts, in cents
    ids      the hub's own ids of the parts by number, known after the morning
    """

    prefix: str
    ids: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chance = random.Random(self.prefix)
        self.parts = [f"{self.prefix}-P{number:03}" for number in range(PARTS)]
        self.customers = [f"{self.prefix}-C{number:03}" for number in range(CUSTOMERS)]
        self.prices = {part: Decimal(chance.randint(1, 99_999)) / 100 for part in self.parts}
        self.numbers = {
            (customer, part): f"MY-{place}"
            for at, customer in enumerate(self.customers)
            for place, part in enumerate(self.parts[at * 2 : at * 2 + 2])
        }
        self.orders = {f"{self.prefix}-S{number:02}": self._order(number, chance) for number in range(ORDERS)}

    def _order(self, number: int, chance: random.Random) -> dict[str, object]:
        rows = []
        for place in range(1 + number * ROWS // ORDERS if number else ROWS):
            own = self.parts[number * 2 + place % 2]
            way = ("part_number", "customer_part_number", "part_id")[place % 3]
            part = own if way == "customer_part_number" else chance.choice(self.parts)
            sent = chance.random() < 0.5  # else the part's price counts
            rows.append(
                {
                    "way": way,
                    "part": part,
                    "quantity": Decimal(chance.randint(1_000, 50_000)) / 1000,  # less than 1 has no price
                    "unit_price": Decimal(chance.randint(0, 9_999_999)) / 1000 if sent else None,
                    "discount": Decimal(chance.choice(["0", "0", "2.5", "12.125", "100"])),
                }
            )
        return {"customer": self.customers[number], "rows": rows}

    @property
    def cancelled(self) -> list[str]:
        return list(self.orders)[:CANCELLED]

    @property
    def given_up(self) -> str:
        """A customer with an order, so that it cannot be removed."""
        return self.customers[0]

    def morning(self) -> list[Step]:
        parts = [
            {"part_number": part, "description": {"en": f"Part <{part}> & more"}, "price": {"USD": str(price)}}
            for part, price in self.prices.items()
        ]
        customers = [{"customer_number": each, "company": f"{each} & Sons", "country": "US"} for each in self.customers]
        numbers = [
            {"customer_number": customer, "part_number": part, "customer_part_number": number}
            for (customer, part), number in self.numbers.items()
        ]
        return [
            *_batches("parts", "Parts", "modify", parts),
            *_batches("customers", "Customers", "modify", customers),
            *_batches("customerParts", "CustomerParts", "modify", numbers),
        ]

    def afternoon(self) -> list[Step]:
        orders = [
            {
                "sales_order_number": number,
                "customer_number": order["customer"],
                "status": "Created",
                "currency": "USD",
                "rows": {"each_row": [self._sent(order, row) for row in order["rows"]]},
            }
            for number, order in self.orders.items()
        ]
        cancelled = [{"sales_order_number": number, "status": "Cancelled"} for number in self.cancelled]
        return [
            *_batches("salesOrders", "SalesOrders", "add", orders),
            *_batches("salesOrders", "SalesOrders", "update", cancelled),
            _asked("salesOrders", "getSalesOrders", "SalesOrders", "sales_order_number", f"{self.prefix}-S%", "LIKE"),
            _asked("customers", "deleteCustomers", "Customers", "customer_number", self.given_up, "="),
            _asked("customers", "getCustomers", "Customers", "customer_number", self.given_up, "="),
        ]

    def _sent(self, order: Mapping, row: Mapping) -> Row:
        names = {
            "part_number": row["part"],
            "customer_part_number": self.numbers.get((order["customer"], row["part"]), ""),
            "part_id": self.ids.get(row["part"], ""),
        }
        sent = {row["way"]: names[row["way"]], "quantity": str(row["quantity"]), "discount": str(row["discount"])}
        return sent if row["unit_price"] is None else {**sent, "unit_price": str(row["unit_price"])}

    def expected(self) -> dict[str, tuple[str, str, list]]:
        """By order: its status, its total, and part and total of each row."""
        found = {}
        for number, order in self.orders.items():
            rows = [(row["part"], self._total(row)) for row in order["rows"]]
            status = "Cancelled" if number in self.cancelled else "Created"
            found[number] = (status, _money(sum((Decimal(total) for _, total in rows), Decimal(0))), rows)
        return found

    def _total(self, row: Mapping) -> str:
        price = self.prices[row["part"]] if row["unit_price"] is None else row["unit_price"]
        exact = row["quantity"] * price * (100 - row["discount"]) / 100
        return _money(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _batches(service: str, wrapper: str, verb: str, records: Sequence[Mapping]) -> Iterator[Step]:
    for start in range(0, len(records), BATCH):
        content = {wrapper: {"each_record": records[start : start + BATCH]}}
        yield {"service": service, "operation": f"{verb}{wrapper}", "content": content}


def _asked(service: str, operation: str, wrapper: str, name: str, value: str, comparator: str) -> Step:
    criterion = {"field": name, "value": value, "comparator": comparator}
    return {"service": service, "operation": operation, "content": {wrapper: {"criteria": [criterion]}}}
