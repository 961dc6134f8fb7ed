"""An order and a part at a live server with all that a client may wipe: rows, dates, prices, descriptions."""

from dataclasses import dataclass

import requests

PART, CUSTOMER, ORDER = "FULL", "FULL", "FULL-1"


@dataclass(frozen=True)
class FullOrder:
    """The order and the part, kept and read over REST; `key` is an API key that may do everything."""

    url: str
    account: tuple[str, str]
    key: str

    def send(self, method: str, path: str, **body: object) -> dict:
        address = f"{self.url}/api/v1/{path}"
        answer = requests.request(method, address, json=body or None, auth=self.account, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def restore(self) -> None:
        self.send("PUT", f"parts/{PART}/", notes="old", lead_time=7, price={"USD": "10.5"}, description={"en": "Pump"})
        self.send("PUT", f"customers/{CUSTOMER}/", company="Full", addresses=[])
        rows = [{"line_number": n, "part_number": PART, "quantity": n, "unit_price": "10"} for n in (1, 2)]
        order = {"customer": CUSTOMER, "subject": "old", "description": "kept", "due_date": "2026-12-24", "rows": rows}
        self.send("PUT", f"sales-orders/{ORDER}/", **order)

    def order(self) -> tuple[str, str, str, int, str]:
        """Subject, description, due date, the number of rows, total."""
        found = self.send("GET", f"sales-orders/{ORDER}/")
        return found["subject"], found["description"], found["due_date"], len(found["rows"]), found["total"]

    def part(self) -> tuple[str, int, dict, dict]:
        """Notes, lead time, prices, descriptions."""
        found = self.send("GET", f"parts/{PART}/")
        return found["notes"], found["lead_time"], found["price"], found["description"]


# The order with its subject changed and nothing else.
CHANGED = ("new", "kept", "2026-12-24", 2, "30.00")
