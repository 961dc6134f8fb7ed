"""
Kill processes of the hub under load, and count what became of the orders: `python -m benchmarks.crash`.

    --kills 100        how many processes are killed, by SIGKILL: web processes, the database's backends, its postmaster
    --clients 6        how many clients send orders meanwhile, over REST, Oracle CPQ 2.0 and EcoSys
    --without-keys     send a call that got no answer again without an idempotency key
    --seed 1           of what is killed, and when

The hub is the one that `./start` runs, with its web processes and its embedded database, on data of its own. A client
sends each order until it is answered. In the end each order must be stored once, each answer must say what the
journal says, and the call that wrote an order must have an exchange, of the answer that its client has. The exit status
is 1 if one is missing, twice, answered otherwise, or without its exchange.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import requests

from benchmarks.servers import PASSWORD, PATIENCE, USER, Hub, make_data_folder, running_hub, use_data, wait

PAUSES = 0.1, 1.2  # seconds between two kills, at least and at most
MOST_ATTEMPTS = 500
RESTARTED = "it has been started again"  # of the database, in the log
KINDS = "web process", "backend", "postmaster"
# The sign of success in an answer, by the name of the dialect.
SUCCESS = {
    "rest": re.compile(rb'^\{.*"version": ?1\b', re.DOTALL),
    "oracle-2.0": re.compile(rb"records_inserted>1<"),
    "ecosys-rest-json": re.compile(rb'"successFlag": ?"?true'),
}


def is_ready(hub: Hub) -> bool:
    """Return True if the hub says that it can answer calls."""
    with suppress(requests.RequestException):
        return requests.get(f"{hub.url}/readyz", timeout=PATIENCE).ok
    return False


def kill_at_random(hub: Hub, kills: int, chance: random.Random) -> Counter[str]:
    """Kill so many processes; return how many of each kind."""
    kinds = [KINDS[number % len(KINDS)] for number in range(kills)]
    chance.shuffle(kinds)
    for kind in kinds:
        time.sleep(chance.uniform(*PAUSES))
        _kill(hub, kind, chance)
    return Counter(kinds)


def _kill(hub: Hub, kind: str, chance: random.Random) -> None:
    """Kill a process of this kind, as soon as there is one."""
    while True:
        wait(hub, lambda: hub.victims(kind))
        with suppress(ProcessLookupError, IndexError):  # it has just ended by itself
            return os.kill(chance.choice(hub.victims(kind)), signal.SIGKILL)


@dataclass
class Client:
    """
    A client that sends orders over one wire, each until it is answered.

    answers   the body of the answer by the order's name
    call_ids  the id of the call that was answered, likewise
    attempts  how often it sent
    replayed  how often it was answered with a stored answer
    refused   orders with another answer than success
    """

    hub: Hub
    build: Callable[[str, str], Any]
    success: re.Pattern[bytes]
    has_keys: bool
    answers: dict[str, bytes] = field(default_factory=dict)
    call_ids: dict[str, str] = field(default_factory=dict)
    attempts: int = 0
    replayed: int = 0
    refused: list[str] = field(default_factory=list)

    def send_orders(self, stop: Event) -> None:
        session = requests.Session()
        while not stop.is_set():
            name = f"order {uuid4()}"
            request = self.build(name, name if self.has_keys else "")
            response = self.send(session, request)
            if response is not None and self.success.search(response.content):
                self.answers[name] = response.content
                self.call_ids[name] = response.headers["X-Call-Id"]
            else:
                self.refused.append(f"{name}: {response.text[:500] if response is not None else 'no answer'}")

    def send(self, session: requests.Session, request: Any) -> requests.Response | None:
        """Send a request until it is answered by other than an error of the server."""
        for _ in range(MOST_ATTEMPTS):
            self.attempts += 1
            try:
                response = session.request(
                    request.method,
                    self.hub.url + request.path,
                    data=request.body,
                    headers=dict(request.headers),
                    timeout=PATIENCE,
                )
            except requests.RequestException:
                time.sleep(0.02)
                continue
            if response.status_code < 500 and response.status_code != 409:
                self.replayed += "Idempotent-Replayed" in response.headers
                return response
            time.sleep(0.02)
        return None


def list_builders() -> dict[str, Callable[[str, str], Any]]:
    """Return, by the name of a dialect, the function that builds a request to add an order, by its name and key."""
    from webservices.declarations import OPERATIONS
    from webservices.wire.credentials import Password
    from webservices.wire.dialects.registry import DIALECTS
    from webservices.wire.messages import Call, Options
    from webservices.wire.operations import Verb

    operation = OPERATIONS.get("sales_orders", Verb.ADD)
    assert operation is not None

    def builder(dialect: Any) -> Callable[[str, str], Any]:
        context = dialect.contexts(operation)[0]
        credentials = dialect.credentials(operation, Password(USER, PASSWORD))

        def build(name: str, key: str) -> Any:
            rows = [{"part_number": "PUMP", "quantity": "2", "unit_price": "10"}]
            record = {"customer": "ACME", "subject": name, "rows": rows}
            call = Call(operation, [record], credentials=credentials, options=Options(idempotency_key=key))
            return dialect.build_request(call, context)

        return build

    return {dialect.name: builder(dialect) for dialect in DIALECTS if dialect.name in SUCCESS}


def prepare(hub: Hub) -> None:
    """Add the customer and the part that all orders name."""
    for path, record in (("customers", {"number": "ACME"}), ("parts", {"number": "PUMP"})):
        answer = requests.post(f"{hub.url}/api/v1/{path}/", json=record, auth=(USER, PASSWORD), timeout=PATIENCE)
        answer.raise_for_status()


def compare(clients: Sequence[Client]) -> dict[str, list[str]]:
    """Return the orders that are twice, missing, or answered otherwise than the journal says, by name."""
    from orders.models import SalesOrder
    from records.models import Change
    from webservices.models import Exchange

    stored = Counter(SalesOrder.objects.values_list("subject", flat=True))
    number = dict(SalesOrder.objects.values_list("subject", "number"))
    changes = {
        change.key: (change.result, change.version, change.record_id)
        for change in Change.objects.filter(resource="sales_order")
    }
    answers = {name: body for client in clients for name, body in client.answers.items()}
    differing = [
        name
        for name, body in answers.items()
        if body.startswith(b'{"') and b'"subject"' in body and not _says_what_happened(json.loads(body), changes)
    ]
    exchanges = Counter(Exchange.objects.filter(status__lt=400).values_list("call_id", flat=True))
    writers = Counter(Change.objects.filter(resource="sales_order").values_list("call_id", flat=True))
    call_ids = {name: call_id for client in clients for name, call_id in client.call_ids.items()}
    return {
        "written without an exchange": [call_id for call_id in writers if exchanges[call_id] != 1],
        "answered without an exchange": [name for name, call_id in call_ids.items() if exchanges[call_id] != 1],
        "twice": [name for name, count in stored.items() if count > 1],
        "missing": [name for name in answers if name not in stored],
        "without a journal": [name for name in answers if changes.get(number.get(name, ""), ("",))[0] != "created"],
        "answered otherwise than the journal says": differing,
        "refused": [text for client in clients for text in client.refused],
    }


def _says_what_happened(record: dict[str, Any], changes: dict[str, tuple[str, int, int]]) -> bool:
    return changes.get(record["number"]) == ("created", record["version"], int(record["id"]))


def run(kills: int, count: int, has_keys: bool, seed: int) -> bool:
    """Run the test and print what came of it; return True if nothing is wrong."""
    folder = make_data_folder("crash")
    with running_hub(folder) as hub:
        use_data(folder)
        prepare(hub)
        builders = [*list_builders().items()]
        clients = [
            Client(hub, build, SUCCESS[name], has_keys) for name, build in (builders * count)[:count]
        ]  # as many of each wire
        stop, started = Event(), time.monotonic()
        threads = [Thread(target=client.send_orders, args=(stop,)) for client in clients]
        for thread in threads:
            thread.start()
        try:
            killed = kill_at_random(hub, kills, random.Random(seed))  # noqa: S311 - it guards nothing
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        seconds = time.monotonic() - started
        wait(hub, lambda: is_settled(hub, killed))
        wrong = compare(clients)
    restarts = hub.log.read_text().count(RESTARTED)
    _print_report(clients, killed, restarts, seconds, wrong)
    if not any(wrong.values()):
        shutil.rmtree(folder)
    return not any(wrong.values())


def is_settled(hub: Hub, killed: Counter[str]) -> bool:
    """True once a database that was killed is there again, and the log has said so: it does a moment later."""
    is_told = not killed["postmaster"] or RESTARTED in hub.log.read_text()
    return is_told and hub.postmaster is not None and is_ready(hub)


def _print_report(
    clients: Sequence[Client], killed: Counter[str], restarts: int, seconds: float, wrong: dict[str, list[str]]
) -> None:
    orders, attempts = sum(len(each.answers) for each in clients), sum(each.attempts for each in clients)
    kinds = ", ".join(f"{count} × {kind}" for kind, count in sorted(killed.items()))
    lines = [
        f"{killed.total()} kills in {seconds:.0f} s: {kinds}; the database was started again {restarts} times.",
        f"{orders:,} orders were answered, in {attempts:,} attempts; {sum(each.replayed for each in clients)} answers "
        "were stored ones.",
        *(f"{len(names)} {what}" + "".join(f"\n    {name}" for name in names[:5]) for what, names in wrong.items()),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--without-keys", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    return 0 if run(chosen.kills, chosen.clients, not chosen.without_keys, chosen.seed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
