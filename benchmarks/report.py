"""The report: docs/performance.md, written from measurements."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from textwrap import fill

import django
import rest_framework
from django.db import connection

from benchmarks.contests import Contest
from benchmarks.measure import Times, measure_in_turns, statements
from config.launch.paths import BASE_DIR

PAGE = BASE_DIR / "docs" / "performance.md"

HEAD = """# Performance

Written by `python -m benchmarks`; nothing here is written by hand. What counts is the **ratio**: how many times as long
as the hub a rival takes for the same work, on the same database, in the same run, by turns (A B A B); medians of
{rounds} rounds (five times as many of what is short), lowest and highest in brackets. Milliseconds say only what this
machine was like. A machine that is busy otherwise slows down most who goes to the database most often.

{date} · {machine} · Python {python}, Django {django}, DRF {drf}, PostgreSQL {postgresql} (embedded, over its socket) ·
`fsync` {fsync}, `synchronous_commit` {commit}

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
    counts = {
        name: {n: statements(contest.sides[name], f"S{turn}-{n}", n) for n in contest.sizes}
        for turn, name in enumerate(contest.counted_sides)
    }
    result = Result(
        contest, measure_in_turns(contest.sides, size=contest.size, rounds=rounds * contest.times), counts, rounds
    )
    print(_section(result))
    return result


def write(results: list[Result], more: str = "", page: Path = PAGE) -> None:
    head = HEAD.format(
        rounds=results[0].rounds,
        date=datetime.now(UTC).strftime("%-d %B %Y"),
        machine=f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores, shared",
        python=platform.python_version(),
        django=django.get_version(),
        drf=rest_framework.VERSION,
        postgresql=_get_setting("server_version"),
        fsync=_get_setting("fsync"),
        commit=_get_setting("synchronous_commit"),
    )
    page.write_text("\n".join([head, *map(_section, results), *([more] if more else [])]))


def put_section(section: str, page: Path = PAGE) -> None:
    """Put one section into the page, in the place of the one with the same heading if there is one."""
    heading, text = section.partition("\n")[0], page.read_text()
    # The headings are ours and unique; everything up to the next one belongs to the section.
    before, _, rest = text.partition(heading)
    _, following, after = rest.partition("\n## ")
    page.write_text("\n".join([before.rstrip("\n"), "", section.rstrip("\n")]) + "\n" + (following + after))


def _get_setting(setting: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        return cursor.fetchone()[0]


def _section(result: Result) -> str:
    contest, times = result.contest, result.times
    lines = [f"## {contest.title}", "", fill(contest.note, 120), ""]
    lines += ["| | time | ratio to the first | wanted |", "|---|---:|---:|---:|"]
    ours = next(iter(contest.sides))
    for name in contest.sides:
        ratio = "" if name == ours else _ratio(times.ratios(ours, name))
        wanted = f"≥ {contest.minimum_ratios[name]:g} ×" if name in contest.minimum_ratios else ""
        lines.append(f"| {name} | {times.median_ms(name):,.0f} ms | {ratio} | {wanted} |")
    if result.counts:
        lines += ["", "SQL statements, `BEGIN`, `SAVEPOINT` and `COMMIT` included:", ""]
        lines += ["| |" + "".join(f" {n:,} |" for n in contest.sizes), "|---|" + "---:|" * len(contest.sizes)]
        lines += [
            f"| {name} |" + "".join(f" {n:,} |" for n in by_size.values()) for name, by_size in result.counts.items()
        ]
    return "\n".join([*lines, ""])


def _ratio(ratios: list[float]) -> str:
    return f"**{median(ratios):.3g} ×** ({ratios[0]:.3g}–{ratios[-1]:.3g})"
