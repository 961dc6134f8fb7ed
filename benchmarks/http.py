"""
Real servers over HTTP, by turns: `python -m benchmarks --http [--quick | --brief] [words of the titles]`.

    --quick   two short rounds, printed only
    --brief   one round of a moment, the hub and the floor on gunicorn alone, printed only: that it runs, not how fast

Without these the part of docs/performance.md that is over HTTP is written. What is measured how is in
docs/decisions/0034-fast-over-http.md.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from benchmarks import exports, http_bulk, http_exports, http_report, large_calls
from benchmarks.environment import http_wire
from benchmarks.http_checks import check_sides
from benchmarks.http_ground import HUB, Ground
from benchmarks.http_report import Turn, WorkResult
from benchmarks.http_works import WORKS, Side, Work, next_turn
from benchmarks.load import Plan, Report, WrongAnswer
from benchmarks.measure import vacuum
from webservices.models import Exchange

CONNECTIONS = 8
SHARE = 0.8  # of the highest rate, at which waiting is measured
RECORDING_SECONDS = 5.0  # within which the exchanges of calls that were answered must be there


@dataclass(frozen=True)
class Length:
    """The number of rounds, the seconds of a turn: before it counts, at full speed, at 80 %; and of parts exported."""

    rounds: int = 5
    warm: float = 0.4
    full: float = 2.0
    paced: float = 2.0
    exported: int = exports.COUNT


USUAL = Length()
QUICK = Length(rounds=2, warm=0.2, full=1.0, paced=1.0)
BRIEF = Length(rounds=1, warm=0.1, full=0.3, paced=0.3, exported=12_000)


def main(ground: Ground, words: Sequence[str], length: Length) -> None:
    """Measure the works whose titles have one of the words, or all; what has the usual length is written."""
    sections = []
    for section in measure(ground, words, length):
        print(section, flush=True)
        sections.append(section)
    if length is not USUAL:
        return
    if not words:
        sections.insert(0, http_report.write_head(length.rounds, CONNECTIONS))
    http_report.write(sections, is_whole=not words)


def measure(ground: Ground, words: Sequence[str], length: Length) -> Iterator[str]:
    """Measure the chosen works one after the other, and yield the section of each."""
    hub = http_wire(ground.hub.url)
    for title, build in WORKS.items():
        if not words or any(word in title for word in words):
            yield http_report.write_section(measure_work(ground, build(hub), length))
    # Before the works that leave many parts.
    if not words or any(word in http_exports.TITLE for word in words):
        yield http_exports.measure(ground, length.rounds, length.exported)
    for bulk in http_bulk.BULKS:
        if not words or any(word in bulk.title for word in words):
            yield http_bulk.measure(ground, bulk, length.rounds)
    # Too long for a moment, unless it is asked for.
    if (not words and length is not BRIEF) or any(word in large_calls.TITLE for word in words):
        web_processes = partial(ground.hub.victims, "web process")
        yield large_calls.write_section(
            f"Over HTTP: {large_calls.TITLE}", [*large_calls.measure(partial(http_wire, ground.hub.url), web_processes)]
        )


def measure_work(ground: Ground, work: Work, length: Length) -> WorkResult:
    """Check all sides, and measure those that are right by turns."""
    missing = {side.name: ground.missing[side.server] for side in work.sides if side.server in ground.missing}
    missing |= check_sides(work, ground.urls)
    turns: dict[str, list[Turn]] = {side.name: [] for side in work.sides}
    for _ in range(length.rounds):
        vacuum()
        for side in work.sides:
            if side.name not in missing:
                try:
                    turns[side.name].append(measure_turn(ground, side, length))
                except WrongAnswer as error:
                    if side.server == HUB:
                        raise
                    missing[side.name] = str(error)
    return WorkResult(work, {name: each for name, each in turns.items() if name not in missing}, missing)


def measure_turn(ground: Ground, side: Side, length: Length) -> Turn:
    """Measure a side once: as fast as it can, then at its pace."""
    turn = next_turn()
    side.prepare(turn)
    plan = Plan(ground.urls[side.server], side.build(turn), CONNECTIONS, length.warm)
    with check_exchanges(ground, side) as count:
        warm = count(ground.generate(plan))
        before = ground.read_cpu(side.server)
        full = count(ground.generate(replace(plan, seconds=length.full, first=warm.calls)))
        after = ground.read_cpu(side.server)
        first = warm.calls + full.calls
        paced = count(ground.generate(replace(plan, seconds=length.paced, rate=SHARE * full.rate, first=first)))
    application, database = (end - start for start, end in zip(before, after, strict=True))
    return Turn(full, paced, application / full.calls, database / full.calls)


@contextmanager
def check_exchanges(ground: Ground, side: Side) -> Iterator[Callable[[Report], Report]]:
    """Count the calls that are made, and raise AssertionError unless the hub has as many exchanges more afterwards."""
    calls = 0

    def count(report: Report) -> Report:
        nonlocal calls
        calls += report.calls
        return report

    if side.server != HUB:
        yield count
        return
    last = Exchange.objects.order_by("-id").values_list("id", flat=True).first() or 0
    yield count
    deadline = time.monotonic() + RECORDING_SECONDS
    while (stored := Exchange.objects.filter(id__gt=last).count()) != calls:
        if time.monotonic() > deadline:
            raise AssertionError(f"{side.name}: {calls} calls were answered, {stored} exchanges are there.")
        time.sleep(0.05)
