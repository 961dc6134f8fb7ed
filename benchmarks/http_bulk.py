"""modifyParts of 1,000 parts over HTTP: the contest of the in-process tables, with servers in the place of handlers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from benchmarks import contests, report
from benchmarks.environment import http_wire
from benchmarks.http_ground import DRF, HUB, Ground

TITLE = "modifyParts of 1,000 parts, half new, half changed"
NOTE = (
    "One call at a time, on one connection. Each part has a description, a price and three more fields. DRF, as its "
    "documentation writes many records, keeps no exchange and no history. COPY: the same rows as prepared blocks of "
    "bytes, all of them new, into the same tables; no server, no parsing, no validation, no history."
)
SERVERS = {"hub, SOAP": HUB, "hub, REST": HUB, "DRF, as documented": DRF}


def measure(ground: Ground, rounds: int) -> str:
    """Measure one call at a time, by turns; return the section."""
    urls, cpu = ground.urls, {}

    @contextmanager
    def meter(side: str) -> Iterator[None]:
        server = SERVERS.get(side, HUB)  # COPY has no application: it is this process that sends the rows
        before = ground.read_cpu(server)
        yield
        spent = [end - start for start, end in zip(before, ground.read_cpu(server), strict=True)]
        cpu.setdefault(side, []).append((spent[0] if side in SERVERS else 0.0, spent[1]))

    contest = contests.write_parts(http_wire(urls[HUB]), http_wire(urls.get(DRF, urls[HUB])))
    sides = {
        name: side for name, side in contest.sides.items() if name == "COPY" or SERVERS.get(name, "nobody's") in urls
    }
    chosen = replace(
        contest,
        title=f"Over HTTP: {TITLE}",
        note=NOTE,
        sides=sides,
        minimum_ratios={"DRF, as documented": 15, "COPY": 0.4},
        maximum_ratios={"hub, REST": 1.15},
        counted_sides=(),
    )
    return report.write_section(report.measure_contest(chosen, rounds, meter), cpu)
