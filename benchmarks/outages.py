"""
Take the database away from a hub under load, and tell what callers saw: `python -m benchmarks.outages lock`.

    lock               somebody locks the table of the parts, and does not come back for a while
    full-disk          the disk of the database is full, and the database is killed besides
    --seconds 15       how long that lasts
    --callers 3        how many there are of each kind
    --folder …         of full-disk: on a small disk of your own; without it root mounts one of 256 MB in memory

The hub is the one that `./start` runs, on data of its own. Callers read parts, customers and orders over REST and add
orders over REST, Oracle CPQ 2.0 and EcoSys with idempotency keys; each asks again after a short pause, whatever it was
told. The exit status is 1 if a caller waited for longer than the limits allow, was told no time to come back at, or got
another error; if `/healthz` did not answer within a second; if not all is well a while after; or if an order is missing
or twice.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import psycopg
import requests

from benchmarks import crash
from benchmarks.crash import SUCCESS
from benchmarks.servers import PASSWORD, PATIENCE, USER, Hub, make_data_folder, running_hub, use_data
from config.launch.embedded import connection_settings

PAUSE = 0.1
FULL_SECONDS = 6.0
BEFORE, AFTER = 3.0, 40.0  # seconds
# The lock timeout, once for the caller's own statement and once for the call before it in the same thread.
LONGEST_WAIT = 12.0
LONGEST_SIGN_OF_LIFE = 1.0
MEGABYTE = 2**20
READS = "parts", "customers", "sales-orders"


@dataclass
class Caller:
    """
    A caller who sends the same kind of request all the time.

    told     how often it got an answer of a status and a Retry-After, in a phase
    longest  seconds that it waited, in a phase
    """

    name: str
    send: Callable[[requests.Session], requests.Response]
    told: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    longest: dict[str, float] = field(default_factory=dict)

    def go_on(self, phase: list[str], stop: Event) -> None:
        session = requests.Session()
        while not stop.is_set():
            start = time.monotonic()
            try:
                answer = self.send(session)
                status, seconds = str(answer.status_code), answer.headers.get("Retry-After", "")
            except requests.RequestException as error:
                status, seconds = type(error).__name__, ""
            now = phase[-1]
            self.told[now, status, seconds] += 1
            self.longest[now] = max(self.longest.get(now, 0.0), time.monotonic() - start)
            time.sleep(PAUSE)

    def answers(self, phase: str) -> dict[tuple[str, str], int]:
        return {(status, seconds): n for (when, status, seconds), n in sorted(self.told.items()) if when == phase}


class Writer(Caller):
    """A caller who adds orders, each with a key and until it is answered; `orders` are the names of those that were."""

    def __init__(self, hub: Hub, name: str, build: Callable[[str, str], Any]) -> None:
        super().__init__(name, self.send_order)
        self.hub, self.build, self.order, self.orders = hub, build, "", set[str]()

    def send_order(self, session: requests.Session) -> requests.Response:
        self.order = self.order or f"order {uuid4()}"
        request = self.build(self.order, self.order)
        headers = dict(request.headers)
        answer = session.request(
            request.method, self.hub.url + request.path, data=request.body, headers=headers, timeout=PATIENCE
        )
        if SUCCESS[self.name].search(answer.content):
            self.orders.add(self.order)
            self.order = ""
        return answer


def list_callers(hub: Hub, count: int) -> list[Caller]:
    def reader(path: str) -> Caller:
        address = f"{hub.url}{path}"
        return Caller(f"GET {path}", lambda session: session.get(address, auth=(USER, PASSWORD), timeout=PATIENCE))

    reads = [reader(f"/api/v1/{name}/") for name in READS for _ in range(count)]
    writes = [Writer(hub, name, build) for name, build in crash.list_builders().items() for _ in range(count)]
    return [reader("/healthz"), *reads, *writes]


@contextmanager
def locked_table(hub: Hub) -> Iterator[None]:
    """Hold a lock of the table of the parts, as a migration by hand or a forgotten psql would."""
    place = connection_settings(hub.location)
    with psycopg.connect(host=place["HOST"], user=place["USER"], dbname=place["NAME"]) as connection:
        connection.execute("LOCK TABLE parts_part IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


@contextmanager
def full_disk(hub: Hub) -> Iterator[None]:
    """Fill the disk, and kill the database a few seconds later, so that it has to start on it."""
    fill = hub.folder / "fill"
    with suppress(OSError), fill.open("wb", buffering=0) as file:
        while file.write(bytes(MEGABYTE // 4)):
            pass
    time.sleep(FULL_SECONDS)
    if number := hub.postmaster:
        os.kill(number, signal.SIGKILL)
    yield
    fill.unlink()


OUTAGES: dict[str, Callable[[Hub], Any]] = {"lock": locked_table, "full-disk": full_disk}


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a disk in memory, for root."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256m,mode=755", "counterpart", str(folder)]
    subprocess.run(command, check=True)  # noqa: S603 - a folder of our own
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607 - the same folder; where umount is, the machine knows


def run(kind: str, seconds: float, count: int, chosen_folder: Path | None) -> bool:
    """Run an outage and print what was seen; return True if all promises hold."""
    base = make_data_folder("outage")
    with ExitStack() as stack:
        folder = base / "data"
        if kind == "full-disk":
            folder = chosen_folder or stack.enter_context(small_disk(folder))
        else:
            folder.mkdir()
        hub = stack.enter_context(running_hub(folder, log=base / "hub.log", DISK_LOW_MB="100"))
        use_data(folder)
        # Only now: Django has been set up.
        from django.db import connection

        crash.prepare(hub)
        callers = list_callers(hub, count)
        states, back = watch(hub, callers, OUTAGES[kind](hub), seconds)
        problems = [*find_problems(callers, back), *find_lost([each for each in callers if isinstance(each, Writer)])]
        print_report(kind, callers, states, back, problems)
        connection.close()
        log = hub.log
    print_log(log)
    if not problems:
        shutil.rmtree(base)
    return not problems


def watch(hub: Hub, callers: Sequence[Caller], outage: Any, seconds: float) -> tuple[list[str], float]:
    """Let the callers call before, in and after the outage; return what /readyz said, and when all were well again."""
    phase, stop = ["before"], Event()
    threads = [Thread(target=each.go_on, args=(phase, stop)) for each in callers]
    for thread in threads:
        thread.start()
    states: list[str] = []
    try:
        time.sleep(BEFORE)
        phase.append("in it")
        with outage:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                state = _readiness(hub)
                if not states or states[-1] != state:
                    states.append(state)
                time.sleep(PAUSE)
        phase.append("return")
        start = time.monotonic()
        while _readiness(hub) != "200 ready" and time.monotonic() < start + AFTER:
            time.sleep(PAUSE)
        back = time.monotonic() - start
        time.sleep(2 * LONGEST_SIGN_OF_LIFE)  # calls that still wait
        phase.append("after")
        time.sleep(BEFORE)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return states, back


def _readiness(hub: Hub) -> str:
    try:
        answer = requests.get(f"{hub.url}/readyz", timeout=PATIENCE)
    except requests.RequestException as error:
        return type(error).__name__
    return f"{answer.status_code} {' '.join(answer.text.split())}"


def find_problems(callers: Sequence[Caller], back: float) -> Iterator[str]:
    """Yield what does not hold of what the callers were told."""
    for caller in callers:
        is_sign_of_life = caller.name.endswith("/healthz")
        for phase in ("before", "in it", "return", "after"):
            limit = LONGEST_SIGN_OF_LIFE if is_sign_of_life else LONGEST_WAIT
            if caller.longest.get(phase, 0.0) > limit:
                yield f"{caller.name} waited for {caller.longest[phase]:.1f} s ({phase})"
            for status, seconds in caller.answers(phase):
                is_good = status.startswith("2")
                is_busy = status in ("500", "503", "409") and bool(seconds) and not is_sign_of_life
                if not (is_good or (is_busy and phase in ("in it", "return"))):
                    yield f"{caller.name} was told {status} {seconds} ({phase})"
    if back >= AFTER:
        yield f"not all was well after {AFTER:.0f} s"


def find_lost(writers: Sequence[Writer]) -> Iterator[str]:
    """Yield the orders that were answered and are missing, or are stored twice."""
    from orders.models import SalesOrder

    stored = Counter(SalesOrder.objects.values_list("subject", flat=True))
    yield from (f"{name} is missing" for each in writers for name in each.orders if not stored[name])
    yield from (f"{name} is there {count} times" for name, count in stored.items() if count > 1)


def print_report(
    kind: str, callers: Sequence[Caller], states: Sequence[str], back: float, problems: Sequence[str]
) -> None:
    orders = sum(len(each.orders) for each in callers if isinstance(each, Writer))
    print(f"\n{kind}: {orders} orders were answered; all was well {back:.1f} s after it had ended.")
    print(f"/readyz: {json.dumps(states, indent=4)}")
    print(f"{'caller':<28}{'before':>9}{'in it: answers (status, Retry-After)':>62}{'longest':>9}{'after':>9}")
    for name in dict.fromkeys(each.name for each in callers):
        same = [each for each in callers if each.name == name]
        total = sum((each.told for each in same), Counter[tuple[str, str, str]]())
        told = ", ".join(f"{n} × {' '.join(key[1:]).strip()}" for key, n in sorted(total.items()) if key[0] == "in it")
        before, after = (sum(n for key, n in total.items() if key[0] == phase) for phase in ("before", "after"))
        longest = max(each.longest.get("in it", 0.0) for each in same)
        print(f"{name:<28}{before:>9}{told:>62}{longest:>8.1f}s{after:>9}")
    for problem in problems[:20]:
        print(f"DOES NOT HOLD: {problem}")


def print_log(log: Path) -> None:
    """Print the lines of the log that are no answered call, each kind once."""
    lines = [
        line.split(" ", 2)[-1] for line in log.read_text().splitlines() if " WARNING " in line or " ERROR " in line
    ]
    kinds = Counter(" ".join(word for word in line.split() if not any(map(str.isdigit, word))) for line in lines)
    print("The log:")
    for line, count in kinds.most_common(12):
        print(f"    {count} × {line[:200]}")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=OUTAGES)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--callers", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args(arguments)
    return 0 if run(chosen.kind, chosen.seconds, chosen.callers, chosen.folder) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
