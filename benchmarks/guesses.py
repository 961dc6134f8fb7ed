"""
Let newcomers sign in while others guess passwords: `python -m benchmarks.guesses`.

    --guessers 4      how many guess, each in a loop, from one of 249 loopback addresses after the other
    --newcomers 43    how many sign in meanwhile, each a user of its own that no process knows, with a right password;
                      in turn from an address of their own network, of the guessers' network, and of a guesser

The hub is the one that `./start` runs, on data of its own. Each newcomer first sends one wrong password. Somebody who
is known makes calls before and meanwhile, one by one; afterwards he keeps four connections busy, with the guessers and
without them by turns. What takes a hash alone, measured on the machine at rest, is printed beside what a newcomer
waits. The exit status is 1 if a wrong password is not answered as a wrong one, a right one is not taken within two
seconds, newcomers of other networks wait for more than three tenths of a second and four hashes, or a call of who is
known is refused.
"""

import argparse
import json
import statistics
import sys
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

from benchmarks.load import Plan, Report, Template, generator
from benchmarks.servers import PASSWORD, USER, make_data_folder, running_hub, use_data

LONGEST = 2.0  # seconds
NEW_CALLER, HASHES = 0.3, 4  # seconds and hashes: a newcomer from elsewhere waits for the longer of both at most
ROUNDS, ROUND_SECONDS, CONNECTIONS = 9, 2.0, 4
OWN_NETWORK = "own network"
ADDRESSES = [f"127.0.9.{number}" for number in range(1, 250)]
RIGHT = "a right password 1"


def ask(url: str, address: str, user: str, secret: str) -> int:
    """Ask for a part, from one of this machine's addresses; return the status."""
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=30, source_address=(address, 0))
    header = b64encode(f"{user}:{secret}".encode()).decode()
    try:
        connection.request("GET", "/api/v1/parts/?limit=1", headers={"Authorization": f"Basic {header}"})
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def guess(url: str, number: int, stop: Event, statuses: Counter[int]) -> None:
    """Guess until told to stop, half of the time at the owner's name."""
    for count, address in enumerate(cycle(ADDRESSES[number * 31 :] + ADDRESSES[: number * 31])):
        if stop.is_set():
            return
        statuses[ask(url, address, ("admin", f"newcomer{count % 43}")[count % 2], f"guess {number} {count}")] += 1


def call(url: str, stop: Event, seconds: list[float]) -> None:
    """Make calls as somebody who is known, until told to stop; one that is refused takes for ever."""
    while not stop.is_set():
        started = time.monotonic()
        is_taken = ask(url, "127.0.0.1", USER, PASSWORD) == 200
        seconds.append(time.monotonic() - started if is_taken else float("inf"))
        time.sleep(0.02)


def sign_in(url: str, newcomers: int) -> Iterator[tuple[str, int, int, float]]:
    """Yield each newcomer's kind of address, the status of a wrong and a right one, and the right one's seconds."""
    kinds = (OWN_NETWORK, "guessers' network", "a guesser's address")
    for number in range(newcomers):
        address = (f"127.1.{number}.1", f"127.0.9.{250 + number % 5}", ADDRESSES[number])[number % 3]
        wrong = ask(url, address, f"newcomer{number}", f"wrong {number}")
        started = time.monotonic()
        right = ask(url, address, f"newcomer{number}", RIGHT)
        yield kinds[number % 3], wrong, right, time.monotonic() - started


@contextmanager
def guessing(url: str, guessers: int, statuses: Counter[int]) -> Iterator[None]:
    """Let so many guess meanwhile, for a second before."""
    stop = Event()
    threads = [Thread(target=guess, args=(url, number, stop, statuses)) for number in range(guessers)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@contextmanager
def calling(url: str) -> Iterator[list[float]]:
    """Let somebody who is known call meanwhile; yield the seconds of his calls."""
    stop, seconds = Event(), list[float]()
    caller = Thread(target=call, args=(url, stop, seconds))
    caller.start()
    try:
        yield seconds
    finally:
        stop.set()
        caller.join()


def run(url: str, guessers: int, newcomers: int, hash_seconds: float) -> bool:
    """Print what newcomers and those who are known saw; return True if all were let in in time."""
    statuses = Counter[int]()
    with calling(url) as known:
        time.sleep(5)
        before = len(known)
        with guessing(url, guessers, statuses):
            time.sleep(1)
            seen = [*sign_in(url, newcomers)]
    print_newcomers(seen, hash_seconds)
    for name, times in (("known, before", known[:before]), ("known, meanwhile", known[before:])):
        print(f"{name:<22} calls: {len(times)}  {describe(times)}")
    compare_rates(url, guessers, statuses)
    print(f"guessers: {json.dumps(statuses)}")
    foreign = statistics.median(seconds for kind, _, _, seconds in seen if kind == OWN_NETWORK)
    is_in_time = all(wrong == 401 and right == 200 and seconds <= LONGEST for _, wrong, right, seconds in seen)
    return is_in_time and foreign <= max(NEW_CALLER, HASHES * hash_seconds) and max(known) < float("inf")


def print_newcomers(seen: Sequence[tuple[str, int, int, float]], hash_seconds: float) -> None:
    """Print a line for each kind of address."""
    print(f"{'a hash alone':<22} {hash_seconds:.3f} s")
    for kind in dict.fromkeys(each[0] for each in seen):
        rows = [each for each in seen if each[0] == kind]
        seconds = [each[3] for each in rows]
        wrong, right = (dict(Counter(each[place] for each in rows)) for place in (1, 2))
        median = statistics.median(seconds)
        print(
            f"{kind:<22} wrong: {wrong}  right: {right}  p50 {median:.2f} s ({median / hash_seconds:.1f} hashes), "
            f"longest {max(seconds):.2f} s"
        )


def compare_rates(url: str, guessers: int, statuses: Counter[int]) -> None:
    """Print how many calls who is known gets answered on busy connections, alone and beside the guessers."""
    header = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    template = Template("GET", "/api/v1/parts/?limit=1", {"Authorization": f"Basic {header}"}, b"", (b'"results":[',))
    plan = Plan(url, template, connections=CONNECTIONS, seconds=ROUND_SECONDS)
    alone, beside = list[Report](), list[Report]()
    with generator() as load:
        load(plan)
        for _ in range(ROUNDS):
            alone.append(load(plan))
            with guessing(url, guessers, statuses):
                beside.append(load(plan))
    for name, reports in (("busy, alone", alone), ("busy, beside guessers", beside)):
        times = [seconds for report in reports for seconds in report.latencies]
        print(f"{name:<22} {statistics.median(each.rate for each in reports):.0f} calls a second, {describe(times)}")
    ratio = statistics.median(with_.rate / without.rate for without, with_ in zip(alone, beside, strict=True))
    print(f"{'good callers keep':<22} {ratio:.2f}")


def measure_hash() -> float:
    """Return the seconds of one comparison with a stored hash, while nothing else runs."""
    from webservices.access.password_cache import hash_fits

    times = []
    for number in range(7):
        started = time.monotonic()
        hash_fits(f"guess {number}", "")
        times.append(time.monotonic() - started)
    return statistics.median(times[1:])


def describe(times: Sequence[float]) -> str:
    """Return `p50 9 ms, p99 31 ms`."""
    p50, p99 = (sorted(times)[int(len(times) * share)] for share in (0.5, 0.99))
    return f"p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms"


def add_users(folder: Path, number: int) -> None:
    """Add the newcomers to the hub's database."""
    use_data(folder)
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User

    stored = make_password(RIGHT)
    User.objects.bulk_create(
        User(username=f"newcomer{each}", password=stored, is_superuser=True) for each in range(number)
    )


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--guessers", type=int, default=4)
    parser.add_argument("--newcomers", type=int, default=43)
    chosen = parser.parse_args(arguments)
    folder = make_data_folder("guesses")
    with running_hub(folder) as hub:
        add_users(folder, chosen.newcomers)
        return 0 if run(hub.url, chosen.guessers, chosen.newcomers, measure_hash()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
