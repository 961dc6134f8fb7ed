"""
Large calls: parts by the ten thousand in one call, in process and over HTTP.

    time    for a thousand parts, which should be the same however many there are
    growth  of the memory that the processes of the hub hold at most during the call; an earlier call has warmed them
    ratio   the time of parsing the same body and of COPY of the same rows, one after the other, to the call's
"""

import gc
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from textwrap import fill
from time import perf_counter

from lxml import etree

from benchmarks import catalogue
from benchmarks.catalogue import build_request
from benchmarks.contests import NONE_FAILED, ONE_FAILED, copy_of_parts
from benchmarks.environment import HttpWire, Wire
from benchmarks.measure import vacuum
from config.launch.memory import resident_bytes, return_memory
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.messages import WireRequest
from webservices.wire.operations import Verb

NAME = "large"  # its argument on the command line
TITLE = "20,000, 50,000 and 100,000 parts in one call"
SIZES = (20_000, 50_000, 100_000)
WARM = (2_000,) * 6  # calls before those that count: each process should have served one
MIB = 2**20
NOTE = (
    "All new, each with a description, a price and three more fields; kept all or none, with a Change for each. Each "
    "size once, by turns with parsing the same body (lxml into a tree, json into objects) and COPY of the same rows, "
    "as in the table of 1,000. Growth: what the hub's processes hold at most, over what they held before. "
    "`MAX_RECORDS` is raised."
)
TURNS = count()
WANTED = ("the same", "≤ 64 MiB", "≥ 0.3 ×")
WIRES: dict[str, Dialect] = {"SOAP": ORACLE_2_0, "REST": REST}

Connect = Callable[[], Wire | HttpWire]  # anew for each call: a server closes what was idle meanwhile
Processes = Callable[[], list[int]]


@dataclass(frozen=True)
class Measured:
    """
    One call of so many parts.

    seconds  of the call; of parsing its body and of COPY of its rows
    growth   bytes; None: the system does not say
    """

    wire: str
    size: int
    body: int
    seconds: float
    floor: float
    growth: int | None

    @property
    def line(self) -> str:
        growth = "" if self.growth is None else f"{self.growth / MIB:,.0f} MiB"
        each = 1000 * self.seconds / (self.size / 1000)
        ratio = f"**{self.floor / self.seconds:.3g} ×**"
        body = f"{self.body / MIB:,.1f} MiB"
        columns = (f"hub, {self.wire}: {self.size:,}", body, f"{self.seconds:,.1f} s", f"{each:,.0f} ms", growth, ratio)
        return f"| {' | '.join(columns)} |"


def run(_rounds: int) -> str:
    """Measure in process, and return the section."""
    # Only now: it reads the settings of the temporary database.
    from django.conf import settings

    from benchmarks.environment import hub

    settings.MAX_RECORDS = max(SIZES)
    section = write_section(f"In process: {TITLE}", [*measure(hub, lambda: [os.getpid()])])
    print(section)
    return section


def measure(connect: Connect, processes: Processes, sizes: Sequence[int] = SIZES) -> Iterator[Measured]:
    """Measure calls of these sizes over each wire; `processes` gives those of the hub, by their ids."""
    for name, dialect in WIRES.items():
        for number, size in enumerate((*WARM, *sizes)):
            request = _build_request(dialect, f"L{name}{number}", size)
            vacuum()
            found = _measure_call(connect(), processes, name, size, request)
            if number >= len(WARM):
                yield found


def _build_request(dialect: Dialect, prefix: str, size: int) -> WireRequest:
    return build_request(dialect, "parts", Verb.PUT, records=catalogue.parts(prefix, size))


def _measure_call(wire: Wire | HttpWire, processes: Processes, name: str, size: int, request: WireRequest) -> Measured:
    numbers = processes()
    return_memory()
    before = sum(map(resident_bytes, numbers))
    can_tell = {reset_peak(number) for number in numbers} == {True}
    begun = perf_counter()
    answer = wire.call(request.method, request.path, request.body, request.headers)
    seconds = perf_counter() - begun
    growth = sum(map(peak_bytes, numbers)) - before if can_tell else None
    assert ONE_FAILED not in answer, answer[:2000]
    assert name != "SOAP" or NONE_FAILED in answer, answer[:2000]
    del answer
    gc.collect()
    floor = _time(lambda: _parse(request)) + _time(copy_of_parts(f"C{name}{next(TURNS)}", size))
    return Measured(name, size, len(request.body), seconds, floor, growth)


def _parse(request: WireRequest) -> object:
    if request.headers.get("content-type", "").startswith("application/json"):
        return json.loads(request.body)
    return etree.fromstring(request.body, etree.XMLParser(huge_tree=True, resolve_entities=False))


def _time(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def reset_peak(process: int) -> bool:
    """Forget the most memory that a process has held so far; False where the system does not."""
    with suppress(OSError):
        Path(f"/proc/{process}/clear_refs").write_text("5")
        return True
    return False


def peak_bytes(process: int) -> int:
    """Return the most memory that a process has held since its peak was reset."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def write_section(title: str, measured: Sequence[Measured]) -> str:
    """Return the section of a page."""
    lines = [f"## {title}", "", fill(NOTE, 120), ""]
    lines += ["| | body | time | for 1,000 parts | growth | (parse + COPY) / it |", "|---|---:|---:|---:|---:|---:|"]
    lines += [each.line for each in measured]
    lines.append(f"| wanted | | | {' | '.join(WANTED)} |")
    return "\n".join([*lines, ""])
