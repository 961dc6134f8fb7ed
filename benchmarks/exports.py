"""
All parts with one call of each wire that can say it, against COPY TO of the same rows: how many a second, when the
first byte comes, and what it takes of memory.

    python -m benchmarks exports
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from statistics import median
from textwrap import fill
from time import perf_counter

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections

from benchmarks import catalogue, million
from benchmarks.catalogue import build_request
from benchmarks.environment import DIALECT_TERMS, hub
from benchmarks.large_calls import MIB, Processes, peak_bytes, reset_peak
from benchmarks.measure import vacuum
from benchmarks.report import describe_ratios
from config.launch.memory import resident_bytes, return_memory
from parts.models import Part
from parts.services import PARTS
from records.find import Search, build_statement
from records.write.plan import plan
from webservices.wire.dialects.ecosys.dialect import ECOSYS, ECOSYS_REST_JSON
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.dialects.rest.names import LINES_TYPE
from webservices.wire.messages import WireRequest
from webservices.wire.operations import Verb

NAME = "exports"  # its argument on the command line
COUNT, ROUNDS = 225_000, 3
TITLE = f"all parts ({COUNT:,}) with one call"
LEAST_RATIO, LONGEST_WAIT, MOST_MIB = 0.3, 0.5, 16
NOTE = (
    "EcoSys: a read without parameters; Oracle CPQ: `getParts` without criteria, of a site that has set `get_limit` as "
    "high; REST: the list as lines. Each part has a description, a price and about twelve more values; an exchange is "
    "stored of each answer. COPY: the same records with all their fields, as text to this process, which counts bytes. "
    "Growth: what the hub's processes hold at most during an answer, over what they held before, in the worst round. "
    f"Wanted: ≥ {LEAST_RATIO:g} × COPY, the first byte within {LONGEST_WAIT:g} s, at most "
    f"{MOST_MIB} MiB."
)


@dataclass(frozen=True)
class Export:
    """
    A call that takes all parts.

    mark  the bytes that each part has once in the answer
    """

    request: WireRequest
    mark: bytes


@dataclass(frozen=True)
class Turn:
    """
    One answer.

    first, seconds  to its first byte and to its last
    growth          MiB of memory; None: the system does not say
    """

    first: float
    seconds: float
    parts: int
    size: int
    growth: float | None


@dataclass
class Result:
    """The turns of each wire, round by round, and the seconds of COPY beside them."""

    turns: dict[str, list[Turn]] = field(default_factory=dict)
    copies: list[float] = field(default_factory=list)

    def ratios(self, wire: str) -> list[float]:
        """Return how many times as quick as COPY a wire is, round by round, ascending."""
        return sorted(copy / turn.seconds for copy, turn in zip(self.copies, self.turns[wire], strict=True))


def build_exports() -> Mapping[str, Export]:
    rest = build_request(REST, "parts", Verb.FIND, criteria=())
    lines = replace(rest, path=rest.path, query="", headers={**rest.headers, "accept": LINES_TYPE})
    return {
        "Oracle CPQ 2.0": Export(build_request(ORACLE_2_0, "parts", Verb.FIND, criteria=()), b"<bm:each_record>"),
        "EcoSys SOAP": Export(build_request(ECOSYS, "parts", Verb.FIND, criteria=()), b"<PartID>"),
        "EcoSys REST JSON": Export(build_request(ECOSYS_REST_JSON, "parts", Verb.FIND, criteria=()), b'"PartID":'),
        "REST": Export(lines, b"\n"),
    }


Stream = Callable[[WireRequest], Iterator[bytes]]


def measure(stream: Stream, processes: Processes, count: int, rounds: int) -> Result:
    """Take all parts over each wire by turns, after a round that does not count; all of them must come."""
    result = Result()
    for number in range(rounds + 1):
        vacuum()
        copied = copy_parts()
        turns = {name: take(export, stream, processes) for name, export in build_exports().items()}
        for name, turn in turns.items():
            if turn.parts != count:
                raise AssertionError(f"{name}: {turn.parts:,} of {count:,} parts have come.")
            if number:
                result.turns.setdefault(name, []).append(turn)
        if number:
            result.copies.append(copied)
    return result


def take(export: Export, stream: Stream, processes: Processes) -> Turn:
    """Take one answer to its end, and forget it as it comes."""
    # The password is verified anew each minute, which takes as much memory as Argon2 is told to take.
    assert b"records_returned" in b"".join(stream(catalogue.get_part("P-0000001")))
    numbers = processes()
    return_memory()
    held = sum(map(resident_bytes, numbers))
    can_tell = all(map(reset_peak, numbers))
    first, parts, size, rest = 0.0, 0, 0, b""
    start = perf_counter()
    for chunk in stream(export.request):
        first = first or perf_counter() - start
        size += len(chunk)
        # A mark may be cut by the end of a chunk.
        chunk = rest + chunk
        parts += chunk.count(export.mark)
        rest = chunk[len(chunk) - len(export.mark) + 1 :]
    seconds = perf_counter() - start
    growth = (sum(map(peak_bytes, numbers)) - held) / MIB if can_tell else None
    return Turn(first, seconds, parts, size, growth)


def copy_parts() -> float:
    """Return the seconds that COPY TO takes for all parts."""
    statement, _ = build_statement(plan(Part, PARTS.resource), Search())
    connection.ensure_connection()
    start = perf_counter()
    with connection.connection.cursor() as cursor, cursor.copy(f"COPY ({statement}) TO STDOUT") as rows:
        assert sum(map(len, rows))
    return perf_counter() - start


def run(rounds: int) -> str:
    """Fill a database, measure in process, print, and give the section."""
    settings.ROOT_URLCONF, settings.DIALECT_TERMS = "config.urls", DIALECT_TERMS
    before = connections[DEFAULT_DB_ALIAS]
    side = million.make_side("exports", COUNT, million.fill_parts)
    side.use()
    wire = hub()

    def stream(request: WireRequest) -> Iterator[bytes]:
        return wire.stream(request.method, request.path, request.body, request.headers)

    result = measure(stream, lambda: [os.getpid()], COUNT, min(rounds, ROUNDS))
    side.wrapper.close()
    connections[DEFAULT_DB_ALIAS] = before
    written = write_section(f"In process: {TITLE}", result)
    print(written)
    return written


def write_section(title: str, result: Result) -> str:
    lines = [
        f"## {title}",
        "",
        *fill(NOTE, 120).splitlines(),
        "",
        "| | parts/s | × COPY TO | first byte | growth | answer |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, turns in result.turns.items():
        rate = median(turn.parts / turn.seconds for turn in turns)
        first, growths = median(turn.first for turn in turns), [turn.growth for turn in turns]
        growth = "not told" if None in growths else f"{max(growths):.1f} MiB"
        lines.append(
            f"| {name} | {rate:,.0f} | {describe_ratios(result.ratios(name))} | {first:.2f} s | {growth} | "
            f"{turns[0].size / 1e6:,.0f} MB |"
        )
    turns = next(iter(result.turns.values()))
    copied = median(turn.parts / copy for turn, copy in zip(turns, result.copies, strict=True))
    return "\n".join([*lines, f"| COPY TO | {copied:,.0f} | | | | |", ""])
