"""
Load the Northwind sample database into a hub, over its REST API: what a user's own loader looks like.

    HUB_PASSWORD=… python examples/northwind.py FOLDER [--url http://127.0.0.1:8000] [--user admin]

FOLDER holds customers.csv, products.csv, orders.csv and order-details.csv as they are found: prices and discounts that
went through floats, countries by name, gaps. A second run changes nothing. At the end the hub's totals are compared
with the files' own arithmetic; the exit status is 1 when anything failed or differs.

Needs Python 3.11 and requests; HUB_KEY, an API key, goes before user and password.
"""

import argparse
import csv
import getpass
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import requests

BATCH = 100
CENT = Decimal("0.01")
COUNTRIES = {
    "Argentina": "ARG", "Austria": "AUT", "Belgium": "BEL", "Brazil": "BRA", "Canada": "CAN", "Denmark": "DNK",
    "Finland": "FIN", "France": "FRA", "Germany": "DEU", "Ireland": "IRL", "Italy": "ITA", "Mexico": "MEX",
    "Norway": "NOR", "Poland": "POL", "Portugal": "PRT", "Spain": "ESP", "Sweden": "SWE", "Switzerland": "CHE",
    "UK": "GBR", "USA": "USA", "Venezuela": "VEN",
}  # fmt: skip
WITH_STATES = {"USA", "CAN", "BRA"}  # elsewhere the files' regions are no ISO states
STEPS = ["Quote", "Created", "Approved", "Delivered"]

Line = dict[str, str]
Record = dict[str, object]


def read(folder: Path, name: str) -> list[Line]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def cents(text: str) -> Decimal:
    """`9.80000019` is 9.80."""
    return Decimal(text).quantize(CENT, ROUND_HALF_UP)


def percent(text: str) -> Decimal:
    """`0.0500000007` is 5.00."""
    return (Decimal(text) * 100).quantize(CENT, ROUND_HALF_UP)


def part_number(product_id: str) -> str:
    return f"NW-{int(product_id):02}"


def customer(line: Line) -> Record:
    first, _, last = line["contact_name"].partition(" ")
    country = COUNTRIES[line["country"]]
    is_state = country in WITH_STATES and re.fullmatch("[A-Z]{2}", line["region"])
    return {
        "number": line["customer_id"],
        "company": line["company_name"],
        "first_name": first,
        "last_name": last,
        "address_1": line["address"],
        "city": line["city"],
        "state" if is_state else "province": line["region"],
        "postcode": line["postal_code"],
        "country": country,
        "phone": line["phone"],
        "fax": line["fax"],
        "notes": line["contact_title"],
    }


def part(line: Line) -> Record:
    return {
        "number": part_number(line["product_id"]),
        "description": {"en": line["product_name"]},
        "price": {"USD": str(cents(line["unit_price"]))},
        "notes": line["quantity_per_unit"],
    }


def order(line: Line, details: Sequence[Line]) -> Record:
    return {
        "number": line["order_id"],
        "customer": line["customer_id"],
        "subject": f"Ordered on {line['order_date']}",
        "due_date": line["required_date"],
        "shipping_street": line["ship_address"],
        "shipping_city": line["ship_city"],
        "shipping_state": line["ship_region"],
        "shipping_postcode": line["ship_postal_code"],
        "shipping_country": line["ship_country"],
        "description": f"For {line['ship_name']}; freight {cents(line['freight'])}",
        "currency": "USD",
        "rows": [row(number, detail) for number, detail in enumerate(details, start=1)],
    }


def row(number: int, detail: Line) -> Record:
    return {
        "line_number": number,
        "part_number": part_number(detail["product_id"]),
        "quantity": int(detail["quantity"]),
        "unit_price": str(cents(detail["unit_price"])),
        "discount": str(percent(detail["discount"])),
    }


def row_total(detail: Line) -> Decimal:
    exact = int(detail["quantity"]) * cents(detail["unit_price"]) * (1 - percent(detail["discount"]) / 100)
    return exact.quantize(CENT, ROUND_HALF_UP)


@dataclass
class Hub:
    """The REST API as this loader needs it; collects the reasons of the records that failed."""

    url: str
    session: requests.Session
    failures: list[str] = field(default_factory=list)

    def put(self, resource: str, records: Sequence[Record], title: str) -> None:
        result: Counter[str] = Counter()
        for start in range(0, len(records), BATCH):
            batch = {"verb": "put", "records": records[start : start + BATCH]}
            for outcome in self._outcomes(resource, batch):
                result[outcome["became"]] += 1
                if outcome["became"] == "failed":
                    reasons = " ".join(problem["detail"] for problem in outcome["problems"])
                    self.failures.append(f"{title}, {outcome['key']}: {reasons}")
            bar(title, min(start + BATCH, len(records)), len(records), result)

    def _outcomes(self, resource: str, batch: Record) -> list[Record]:
        response = self.session.post(f"{self.url}/api/v1/{resource}/batch/", json=batch, timeout=60)
        answer = response.json()
        if "outcomes" not in answer:  # the call as a whole was rejected: no record of it is stored
            raise SystemExit(f"{response.status_code}: {answer.get('detail', answer)}")
        return answer["outcomes"]

    def all(self, resource: str) -> Iterator[Record]:
        """Yield every record, page by page."""
        address = f"{self.url}/api/v1/{resource}/?limit=500"
        while address:
            response = self.session.get(address, timeout=60)
            response.raise_for_status()
            page = response.json()
            yield from page["results"]
            address = page["next"]


def bar(title: str, done: int, total: int, result: Counter[str]) -> None:
    """Print `orders       [##########----------] 415/830  created 415`, on a line that the next call writes over."""
    filled = 20 * done // total if total else 20
    counts = ", ".join(f"{name} {count}" for name, count in sorted(result.items()))
    end = "\n" if done == total else ""
    print(f"\r{title:<12} [{'#' * filled}{'-' * (20 - filled)}] {done}/{total}  {counts}", end=end, flush=True)


def load(folder: Path, hub: Hub) -> int:
    """Load the four files and compare the totals; return the exit status."""
    customers, products = read(folder, "customers"), read(folder, "products")
    orders, details = read(folder, "orders"), read(folder, "order-details")
    order_details: dict[str, list[Line]] = {line["order_id"]: [] for line in orders}
    for detail in details:
        order_details[detail["order_id"]].append(detail)

    hub.put("customers", [customer(line) for line in customers], "customers")
    hub.put("parts", [part(line) for line in products], "parts")
    hub.put("sales-orders", [order(line, order_details[line["order_id"]]) for line in orders], "orders")
    take_steps(hub, {line["order_id"]: "Delivered" if line["shipped_date"] else "Approved" for line in orders})
    # After the orders: an inactive part goes on no new one.
    discontinued = [
        {"number": part_number(line["product_id"]), "active": False} for line in products if line["discontinued"] == "1"
    ]
    hub.put("parts", discontinued, "discontinued")

    for failure in hub.failures[:20]:
        print(f"  {failure}")
    is_equal = compare(hub, order_details)
    return 0 if is_equal and not hub.failures else 1


def take_steps(hub: Hub, wanted: dict[str, str]) -> None:
    """Take each order to its status, one step after the other; an order cannot go back."""
    statuses = {each["number"]: each["status"] for each in hub.all("sales-orders") if each["number"] in wanted}
    positions = {number: STEPS.index(status) for number, status in statuses.items() if status in STEPS}
    for step, status in enumerate(STEPS):
        numbers = [number for number, now in positions.items() if now < step <= STEPS.index(wanted[number])]
        if numbers:
            hub.put("sales-orders", [{"number": number, "status": status} for number in numbers], status.lower())


def compare(hub: Hub, order_details: dict[str, list[Line]]) -> bool:
    """Print if every order has the rows and totals that the files' own arithmetic gives; return True if so."""
    ours = {number: [row_total(detail) for detail in details] for number, details in order_details.items()}
    theirs = {
        each["number"]: ([Decimal(row["total"]) for row in each["rows"]], Decimal(each["total"]))
        for each in hub.all("sales-orders")
        if each["number"] in ours
    }
    differing = [number for number, totals in ours.items() if theirs.get(number) != (totals, sum(totals))]
    rows, total = sum(map(len, ours.values())), sum(map(sum, ours.values()))
    if differing:
        print(f"{len(differing)} of {len(ours)} orders differ from the files: {', '.join(differing[:10])}")
    else:
        print(f"All {len(ours):,} orders, {rows:,} rows and the total of {total:,} USD are those of the files.")
    return not differing


def main(ask: Callable[[str], str] = getpass.getpass) -> int:
    parser = argparse.ArgumentParser(description="Load the Northwind sample database into a hub.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--user", default="admin")
    arguments = parser.parse_args()
    session = requests.Session()
    if key := os.environ.get("HUB_KEY"):
        session.headers["Authorization"] = f"Bearer {key}"
    else:
        session.auth = (arguments.user, os.environ.get("HUB_PASSWORD") or ask(f"Password of {arguments.user}: "))
    return load(arguments.folder, Hub(arguments.url.rstrip("/"), session))


if __name__ == "__main__":
    sys.exit(main())
