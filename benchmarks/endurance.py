"""
Watch the memory of web processes under mixed calls: `python -m benchmarks.endurance`.

    --calls 200000      how many calls, of reads and writes over all wires by turns
    --settled 20000     after so many, the processes should have grown all that they do

Every ten thousand calls a line says what all web processes hold. The exit status is 1 if they have grown by more than
GROWTH since they were settled. A process that is replaced for its memory would hide that, so its limit is off.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import cycle

from benchmarks.http_ground import HUB, Ground, running_ground
from benchmarks.load import Plan, Template
from config.launch.memory import resident_bytes

MB = 2**20
GROWTH = 1.05  # of what they hold: what a row of a table more or less takes
STEP, PORTION = 10_000, 500  # calls between two lines; calls of one kind before the next one has its turn


def list_templates(ground: Ground) -> Iterator[Template]:
    """Yield the hub's own calls of every kind, again and again; each turn writes other records."""
    # Only now: it uses the database of the hub that has been started.
    from benchmarks import http_works
    from benchmarks.environment import http_wire

    works = [build(http_wire(ground.hub.url)) for build in http_works.WORKS.values()]
    for side in cycle([side for work in works for side in work.sides if side.server == HUB]):
        turn = http_works.next_turn()
        side.prepare(turn)
        yield side.build(turn)


def measure(ground: Ground) -> int:
    """Return the bytes that the web processes hold together."""
    return sum(map(resident_bytes, ground.hub.victims("web process")))


def run(ground: Ground, calls: int, settled: int) -> bool:
    """Print a line for each step, and return True if nothing has grown since the processes were settled."""
    templates, made, base = list_templates(ground), 0, 0
    print(f"{'calls':>9}{'MB':>9}")
    while made < calls:
        made += ground.generate(Plan(ground.hub.url, next(templates), seconds=600, calls=PORTION)).calls
        if made % STEP < PORTION:
            held = measure(ground)
            base = held if made <= settled else base
            print(f"{made:>9,}{held / MB:>9.1f}", flush=True)
    return measure(ground) <= GROWTH * base


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.endurance")
    parser.add_argument("--calls", type=int, default=200_000)
    parser.add_argument("--settled", type=int, default=20_000)
    options = parser.parse_args(arguments)
    with running_ground([], WEB_MEMORY_MB="4096") as ground:
        return 0 if run(ground, options.calls, options.settled) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
