"""
Load the CSV files of a shop into a hub, over its REST API, as a mapping file says.

    HUB_PASSWORD=… python examples/load_csv.py MAPPING FOLDER [--url http://127.0.0.1:8000] [--user admin]

MAPPING is a TOML file such as northwind.toml; csv_loader/mapping.py shows all that it may say. Everything is read and
checked before anything is sent. A second run changes nothing. At the end the hub's totals are compared with the files'
own arithmetic. The exit status is 1 when the hub refused a record or has other totals, and 2 when the mapping and the
files do not fit.

Needs Python 3.11 and requests; HUB_KEY, an API key, goes before user and password.
"""

import argparse
import getpass
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import requests
from csv_loader.mapping import Mapping, Stage, read_mapping
from csv_loader.records import Record, read_records
from csv_loader.totals import Totals, add_totals, read_totals, sum_up, tell_difference
from csv_loader.values import MappingError

BATCH = 500
ATTEMPTS = 5  # of a call that a busy hub sends away


class Hub:
    """The REST API as this loader needs it."""

    def __init__(self, url: str, session: requests.Session):
        self.url = f"{url.rstrip('/')}/api/v1"
        self.session = session
        self.known = cache(self._find_known)

    def put(self, resource: str, records: Sequence[Record], options: Sequence[str]) -> list[Record]:
        """Put records in one call; return their outcomes."""
        headers = {f"X-{option}": "true" for option in options}
        answer = self._call(
            "POST", f"{self.url}/{resource}/batch/", headers=headers, json={"verb": "put", "records": records}
        )
        return answer["outcomes"]

    def find(self, resource: str, name: str, values: Sequence[str]) -> list[Record]:
        """Return the records whose field has one of the values."""
        criteria = [{"field": name, "comparator": "IN", "value": list(values)}]
        batch = {"verb": "find", "criteria": criteria, "limit": len(values)}
        return self._call("POST", f"{self.url}/{resource}/batch/", json=batch)["results"]

    def _find_known(self, path: str) -> set[str]:
        """Return all values that the hub has of a field, by "users.username"."""
        resource, _, name = path.partition(".")
        address, found = f"{self.url}/{resource}/?limit={BATCH}", set()
        while address:
            page = self._call("GET", address)
            found |= {record[name] for record in page["results"]}
            address = page["next"]
        return found

    def _call(self, method: str, address: str, **body: object) -> Record:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = self.session.request(method, address, timeout=600, **body)
            except requests.RequestException as error:
                raise SystemExit(f"{address} does not answer ({error}). Run it again: what is stored stays.") from None
            if response.status_code not in (429, 503):
                break
            time.sleep(float(response.headers.get("Retry-After", attempt)))
        answer = response.json() if "json" in response.headers.get("Content-Type", "") else {}
        # Without outcomes the call as a whole was rejected: nothing of it is stored.
        if not response.ok and "outcomes" not in answer:
            raise SystemExit(f"{method} {address}: {response.status_code}, {answer.get('detail', response.reason)}")
        return answer


def load(mapping: Mapping, stages: Sequence[tuple[Stage, list[Record]]], hub: Hub) -> bool:
    """Put the records of all stages, print what became of them, and compare totals; return True if all is well."""
    totals = [compute_totals(stage, records, mapping.digits) for stage, records in stages]
    refused = [put_all(stage, records, hub) for stage, records in stages]
    different = [compare(stage, each, hub) for (stage, _), each in zip(stages, totals, strict=True) if stage.rounding]
    return not sum(refused) and not sum(different)


def compute_totals(stage: Stage, records: Sequence[Record], digits: dict[str, int]) -> dict[str, Totals]:
    """Return the totals of a stage's orders by number; write them into the orders, so that the hub compares them."""
    orders = records if stage.rounding else ()
    return {order[stage.key[0]]: add_totals(order, stage.rounding, digits) for order in orders}


def put_all(stage: Stage, records: Sequence[Record], hub: Hub) -> int:
    """Put the records of a stage; print what is refused or warned of, record by record; return how many are refused."""
    results: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for start in range(0, len(records), BATCH):
        batch = records[start : start + BATCH]
        sentences = []
        for record, outcome in zip(batch, hub.put(stage.resource, batch, stage.options), strict=True):
            results[outcome["became"]] += 1
            key = ", ".join(str(record.get(name) or "") for name in stage.key)
            for kind, problem in list_problems(outcome):
                field = problem.get("field", "the record")
                reasons[f"{kind} for {field} ({problem['code']})"] += 1
                sentences.append(f"  {stage.name} {key} {kind}, {field}: {problem['detail']}")
        bar(stage.name, start + len(batch), len(records), results, has_more=not sentences)
        for sentence in sentences:
            print(sentence)
    for reason, count in reasons.most_common():
        print(f"  {count:,} times {reason}")
    return results["failed"]


def list_problems(outcome: Record) -> list[tuple[str, Record]]:
    refusals = [("refused", problem) for problem in outcome["problems"]]
    return refusals + [("warned", warning) for warning in outcome.get("warnings", ())]


def compare(stage: Stage, totals: dict[str, Totals], hub: Hub) -> int:
    """Print the sums of each currency, and which orders have others at the hub; return how many have."""
    key = stage.key[0]
    numbers = list(totals)
    stored: dict[str, Totals] = {}
    for start in range(0, len(numbers), BATCH):
        answers = hub.find(stage.resource, key, numbers[start : start + BATCH])
        stored |= {answer[key]: read_totals(answer) for answer in answers}
    different = [number for number in numbers if stored.get(number) != totals[number]]
    for number in different:
        print(f"  {stage.name} {number}: {tell_difference(totals[number], stored.get(number))}")
    hub_sums = sum_up(stored.values())
    for currency, each in sum_up(totals.values()).items():
        print(f"{currency:<4} by the files: {each}")
        print(f"{currency:<4} at the hub:   {hub_sums.get(currency, 'nothing')}")
    verdict = f"{len(different):,} of the orders differ" if different else "all are equal"
    rows = sum(len(each.rows) for each in totals.values())
    print(f"{stage.name}: {len(totals):,} records with {rows:,} rows; {verdict}.")
    return len(different)


def bar(title: str, done: int, total: int, results: Counter[str], *, has_more: bool) -> None:
    """Print `orders [##########----------] 415/830  created 415`; the next call writes over it, if it `has_more`."""
    filled = 20 * done // total
    counts = ", ".join(f"{name} {count:,}" for name, count in sorted(results.items()))
    end = "" if has_more and done < total else "\n"
    print(f"\r{title:<12} [{'#' * filled}{'-' * (20 - filled)}] {done:,}/{total:,}  {counts}", end=end, flush=True)


def main(ask: Callable[[str], str] = getpass.getpass) -> int:
    parser = argparse.ArgumentParser(description="Load the CSV files of a shop into a hub, as a mapping says.")
    parser.add_argument("mapping", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--user", default="admin")
    arguments = parser.parse_args()
    session = requests.Session()
    if key := os.environ.get("HUB_KEY"):
        session.headers["Authorization"] = f"Bearer {key}"
    else:
        session.auth = (arguments.user, os.environ.get("HUB_PASSWORD") or ask(f"Password of {arguments.user}: "))
    hub = Hub(arguments.url, session)
    try:
        mapping = read_mapping(arguments.mapping)
        reading = read_records(mapping, arguments.folder, hub.known)
        for remark in reading.remarks:
            print(remark)
        return 0 if load(mapping, reading.stages, hub) else 1
    except MappingError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
