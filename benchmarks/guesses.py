"""
Let newcomers sign in while others guess passwords: `python -m benchmarks.guesses`.

    --guessers 8      how many guess, each in a loop, from one of 249 loopback addresses after the other
    --newcomers 43    how many sign in meanwhile, each a user of its own that no process knows, with a right password;
                      in turn from an address of their own network, of the guessers' network, and of a guesser

The hub is the one that `./start` runs, on data of its own. Each newcomer first sends one wrong password. Somebody who
is known makes calls before and meanwhile. The exit status is 1 if a wrong password is not answered as a wrong one, a
right one is not taken within two seconds, or a call of who is known is refused.
"""

import argparse
import json
import statistics
import sys
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

from benchmarks.servers import PASSWORD, USER, make_data_folder, running_hub, use_data

LONGEST = 2.0  # seconds
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
    kinds = ("own network", "guessers' network", "a guesser's address")
    for number in range(newcomers):
        address = (f"127.1.{number}.1", f"127.0.9.{250 + number % 5}", ADDRESSES[number])[number % 3]
        wrong = ask(url, address, f"newcomer{number}", f"wrong {number}")
        started = time.monotonic()
        right = ask(url, address, f"newcomer{number}", RIGHT)
        yield kinds[number % 3], wrong, right, time.monotonic() - started


def run(url: str, guessers: int, newcomers: int) -> bool:
    """Print what the newcomers saw; return True if all were let in in time."""
    stop, statuses = Event(), Counter[int]()
    known: list[float] = []
    caller = Thread(target=call, args=(url, stop, known))
    caller.start()
    time.sleep(5)
    before = known.copy()
    threads = [Thread(target=guess, args=(url, number, stop, statuses)) for number in range(guessers)]
    for thread in threads:
        thread.start()
    time.sleep(2)
    seen = [*sign_in(url, newcomers)]
    stop.set()
    for thread in (caller, *threads):
        thread.join()
    for kind in dict.fromkeys(each[0] for each in seen):
        rows = [each for each in seen if each[0] == kind]
        seconds = [each[3] for each in rows]
        wrong, right = (dict(Counter(each[place] for each in rows)) for place in (1, 2))
        print(
            f"{kind:<22} wrong: {wrong}  right: {right}  p50 {statistics.median(seconds):.2f} s, "
            f"longest {max(seconds):.2f} s"
        )
    for name, times in (("known, before", before), ("known, meanwhile", known[len(before) :])):
        print(f"{name:<22} calls: {len(times)}  {describe(times)}")
    print(f"guessers: {json.dumps(statuses)}")
    is_in_time = all(wrong == 401 and right == 200 and seconds <= LONGEST for _, wrong, right, seconds in seen)
    return is_in_time and max(known) < float("inf")


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
    parser.add_argument("--guessers", type=int, default=8)
    parser.add_argument("--newcomers", type=int, default=43)
    chosen = parser.parse_args(arguments)
    folder = make_data_folder("guesses")
    with running_hub(folder) as hub:
        add_users(folder, chosen.newcomers)
        return 0 if run(hub.url, chosen.guessers, chosen.newcomers) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
