"""The report: docs/performance.md, written from measurements."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from textwrap import fill

import django
import rest_framework
from django.db import connection

from benchmarks.contests import Contest
from benchmarks.measure import Meter, Times, measure_in_turns, no_meter, statements
from config.launch.paths import BASE_DIR

PAGE = BASE_DIR / "docs" / "performance.md"

TITLE = """# Performance

Written by `python -m benchmarks` (in process) and `python -m benchmarks --http` (over HTTP); nothing here is written by
hand. What counts is the **ratio** of a rival to the hub for the same work, on the same database, in the same run, by
turns (A B A B). Milliseconds say only what this machine was like. A machine that is busy otherwise slows down most who
goes to the database most often.
"""
# The beginnings of the headings of the page's two parts, in their order.
HTTP, IN_PROCESS = "## Over HTTP", "## In process"

HEAD = """## In process

Written by `python -m benchmarks`. No server, no network, nothing safely on a disk: how many times as long as the hub a
rival takes; medians of {rounds} rounds (five times as many of what is short), lowest and highest in brackets.

{machine}

Every request is bytes in, bytes out, through Django's own WSGI handler: the hub's through all its middleware, the
exchange stored (masked, compressed) and the history of every record written; DRF's with one middleware, no exchange and
no history. What else speaks for the rivals is in `benchmarks/drf/__init__.py`.
"""


@dataclass(frozen=True)
class Result:
    contest: Contest
    times: Times
    counts: dict[str, dict[int, int]]  # SQL statements: by side, by number of records
    rounds: int


def run(contest: Contest, rounds: int) -> Result:
    """Measure one contest, and print it."""
    result = measure_contest(contest, rounds)
    print(write_section(result))
    return result


def measure_contest(contest: Contest, rounds: int, meter: Meter = no_meter) -> Result:
    counts = {
        name: {n: statements(contest.sides[name], f"S{turn}-{n}", n) for n in contest.sizes}
        for turn, name in enumerate(contest.counted_sides)
    }
    times = measure_in_turns(contest.sides, size=contest.size, rounds=rounds * contest.times, meter=meter)
    return Result(contest, times, counts, rounds)


def write(results: list[Result], more: Sequence[str] = ()) -> None:
    """Write the part of the page that is in process."""
    head = HEAD.format(rounds=results[0].rounds, machine=describe_machine())
    put_sections([head, *map(write_section, results), *more], dropped=IN_PROCESS)


def describe_machine() -> str:
    versions = {
        "Python": platform.python_version(),
        "Django": django.get_version(),
        "DRF": rest_framework.VERSION,
        "PostgreSQL": _get_setting("server_version"),
    }
    machine = f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores, shared"
    software = ", ".join(f"{name} {version}" for name, version in versions.items())
    settings = ", ".join(f"`{name}` {_get_setting(name)}" for name in ("fsync", "synchronous_commit"))
    return fill(f"{datetime.now(UTC):%-d %B %Y} · {machine} · {software} (embedded, over its socket) · {settings}", 120)


def put_sections(sections: Sequence[str], page: Path = PAGE, dropped: str = "") -> None:
    """
    Put sections into the page, each in the place of the one with the same heading if there is one.

    dropped  the beginning of headings whose sections leave the page before
    """
    # The headings are ours and unique; everything up to the next one belongs to the section.
    _, *stored = page.read_text().split("\n## ")
    found = {f"## {each}".partition("\n")[0]: f"## {each}" for each in stored}
    found = {heading: text for heading, text in found.items() if not (dropped and heading.startswith(dropped))}
    found |= {section.partition("\n")[0]: section for section in sections}
    ordered = sorted(found, key=lambda heading: not heading.startswith(HTTP))
    page.write_text("\n\n".join(text.strip("\n") for text in (TITLE, *map(found.__getitem__, ordered))) + "\n")


def _get_setting(setting: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        return cursor.fetchone()[0]


def write_section(result: Result, cpu: Mapping[str, Sequence[tuple[float, float]]] | None = None) -> str:
    """
    Write the section of a contest.

    cpu  seconds of application and database, by side, round by round
    """
    contest, times = result.contest, result.times
    lines = [f"## {contest.title}", "", fill(contest.note, 120), ""]
    columns = ["", "time", *([f"{contest.unit}/s"] if contest.unit else []), "ratio to the first", "wanted"]
    columns += ["CPU ms, app + database"] if cpu else []
    lines.append(f"| {' | '.join(columns)} |".replace("|  |", "| |"))
    lines.append("|---|" + "---:|" * (len(columns) - 1))
    ours = next(iter(contest.sides))
    for name in contest.sides:
        milliseconds = times.median_ms(name)
        cells = [name, f"{milliseconds / contest.calls:,.{1 if contest.calls > 1 else 0}f} ms"]
        if contest.unit:
            cells.append(f"{contest.size / milliseconds * 1000:,.0f}")
        cells.append("" if name == ours else describe_ratios(times.ratios(ours, name)))
        cells.append(_describe_wanted(contest, name))
        if cpu:
            cells.append("{:,.0f} + {:,.0f}".format(*(median(each) * 1000 for each in zip(*cpu[name], strict=True))))
        lines.append(f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |"))
    if result.counts:
        lines += ["", "SQL statements, `BEGIN`, `SAVEPOINT` and `COMMIT` included:", ""]
        lines += ["| |" + "".join(f" {n:,} |" for n in contest.sizes), "|---|" + "---:|" * len(contest.sizes)]
        lines += [
            f"| {name} |" + "".join(f" {n:,} |" for n in by_size.values()) for name, by_size in result.counts.items()
        ]
    return "\n".join([*lines, ""])


def _describe_wanted(contest: Contest, side: str) -> str:
    wanted = [contest.limits[side]] if side in contest.limits else []
    if side in contest.maximum_ratios:
        wanted.append(f"≤ {contest.maximum_ratios[side]:g} ×")
    if side in contest.minimum_ratios:
        wanted.append(f"≥ {contest.minimum_ratios[side]:g} ×")
    return ", ".join(wanted)


def describe_ratios(ratios: Sequence[float]) -> str:
    """Return `**2.04 ×** (1.94–2.83)` of ratios in ascending order."""
    return f"**{median(ratios):.3g} ×** ({ratios[0]:.3g}–{ratios[-1]:.3g})"
