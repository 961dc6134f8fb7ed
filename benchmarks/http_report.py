"""The tables of what was measured over HTTP, for the terminal and for docs/performance.md."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from textwrap import fill, shorten

from benchmarks.http_ground import HUB
from benchmarks.http_works import Work
from benchmarks.load import Report
from benchmarks.report import HTTP, describe_machine, describe_ratios, put_sections

HEAD = """
Written by `python -m benchmarks --http`. Servers as they are run, by turns in one run: the hub as `./start` runs
it, with its embedded database, every commit on the disk, every call recorded; the rivals of `benchmarks/rivals`
beside it, two processes each, on the same database. {connections} connections that are kept alive, each answer
checked; medians of {rounds} rounds, ratios within a round, lowest and highest in brackets. CPU is that of the
process trees of application and database; its ratio holds on a machine that others use, too. *At 80 %*: 80 % of the
highest rate, each call due at its time, so that waiting counts. The load generator is on the same cores. [Decision
34](decisions/0034-fast-over-http.md) says more.
"""
STEADY = 4  # times its p50 that a side's p99 may be at 80 % of its rate


@dataclass(frozen=True)
class Turn:
    """
    One turn of a side.

    full, paced            the reports at full speed and at 80 % of it
    application, database  seconds of CPU a call at full speed
    """

    full: Report
    paced: Report
    application: float
    database: float

    @property
    def cpu(self) -> float:
        return self.application + self.database


@dataclass(frozen=True)
class WorkResult:
    """The turns of the sides of a work, round by round, and why other sides have none."""

    work: Work
    turns: Mapping[str, Sequence[Turn]]
    missing: Mapping[str, str]

    def ratios(self, side: str, other: str) -> list[float]:
        """Return the rate of a side over that of another, round by round, ascending."""
        pairs = zip(self.turns[side], self.turns[other], strict=True)
        return sorted(mine.full.rate / theirs.full.rate for mine, theirs in pairs)

    def cpu_ratio(self, side: str, other: str) -> float:
        """Return how many times the CPU of a call of a side that of another takes."""
        pairs = zip(self.turns[side], self.turns[other], strict=True)
        return median(theirs.cpu / mine.cpu for mine, theirs in pairs)


def write_head(rounds: int, connections: int) -> str:
    text = fill(HEAD.format(rounds=rounds, connections=connections).strip(), 120)
    return "\n".join([HTTP, "", text, "", describe_machine(), ""])


def write(sections: Sequence[str], is_whole: bool) -> None:
    """Put the sections into docs/performance.md; if they are all that there are, older ones leave it."""
    put_sections(sections, dropped=HTTP if is_whole else "")


def write_section(result: WorkResult) -> str:
    work = result.work
    lines = [f"## Over HTTP: {work.title}", "", fill(work.note, 120), "", *_write_rates(result), ""]
    lines += [*_write_wanted(result), ""]
    return "\n".join([*lines, _describe_generator(result), ""])


def _write_rates(result: WorkResult) -> list[str]:
    first = next(iter(result.turns))
    lines = [
        "| | calls/s | × the hub's | p50 / p99 ms | at 80 %: p50 / p99 ms | CPU µs a call, app + database |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for side in result.work.sides:
        if side.name in result.missing:
            reason = shorten(result.missing[side.name].replace("|", "/"), 200)
            lines.append(f"| {side.name} | not measured: {reason} | | | | |")
            continue
        turns = result.turns[side.name]
        ratio = "" if side.name == first else describe_ratios(result.ratios(side.name, first))
        cells = [
            f"{_median(turns, lambda turn: turn.full.rate):,.0f}",
            ratio,
            _percentiles(turns, lambda turn: turn.full),
            _percentiles(turns, lambda turn: turn.paced),
            f"{_median(turns, lambda turn: turn.application * 1e6):,.0f} + "
            f"{_median(turns, lambda turn: turn.database * 1e6):,.0f}",
        ]
        lines.append(f"| {side.name} | " + " | ".join(cells) + " |")
    return lines


def _percentiles(turns: Sequence[Turn], choose: Callable[[Turn], Report]) -> str:
    p50, p99 = (
        _median(turns, lambda turn, share=share: choose(turn).percentile(share) * 1000) for share in (0.5, 0.99)
    )
    return f"{p50:.3g} / {p99:.3g}"


def _median(turns: Sequence[Turn], measure: Callable[[Turn], float]) -> float:
    return median(map(measure, turns))


def _write_wanted(result: WorkResult) -> list[str]:
    """Write how many times as fast as each rival the hub's sides are, by calls/s and by CPU, and what is wanted."""
    work = result.work
    rivals = [name for name in work.wanted if name in result.turns]
    heads = [f"× {name} (≥ {work.wanted[name]:g})" for name in rivals]
    lines = ["| calls/s · by CPU | " + " | ".join([*heads, f"p99 / p50 at 80 % (≤ {STEADY})"]) + " |"]
    lines.append("|---|" + "---:|" * (len(heads) + 1))
    for side in work.sides:
        if side.server == HUB:
            cells = [
                f"{describe_ratios(result.ratios(side.name, rival))} · {result.cpu_ratio(side.name, rival):.3g}"
                for rival in rivals
            ]
            steady = _median(
                result.turns[side.name], lambda turn: turn.paced.percentile(0.99) / turn.paced.percentile(0.5)
            )
            lines.append(f"| {side.name} | " + " | ".join([*cells, f"{steady:.3g}"]) + " |")
    return lines


def _describe_generator(result: WorkResult) -> str:
    turns = [turn for each in result.turns.values() for turn in each]
    cost = median(turn.full.cpu / turn.full.calls for turn in turns) * 1e6
    share = max(turn.full.cpu / turn.full.seconds for turn in turns)
    return f"The load generator took {cost:.0f} µs of CPU a call, and at most {share:.0%} of a core."
