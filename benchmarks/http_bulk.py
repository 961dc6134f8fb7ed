"""Many records in a call over HTTP: contests of the in-process tables, with servers in the place of handlers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from benchmarks import contests, order_contests, report
from benchmarks.contests import Contest
from benchmarks.environment import HttpWire, http_wire
from benchmarks.http_ground import DRF, HUB, Ground

SERVERS = {"hub, SOAP": HUB, "hub, REST": HUB, order_contests.WHOLE: HUB, order_contests.DRF_DOCUMENTED: DRF}


@dataclass(frozen=True)
class Bulk:
    """A contest as it is measured over HTTP; wanted: how many times as long as the hub rivals should take."""

    title: str
    build: Callable[[HttpWire, HttpWire], Contest]
    note: str
    wanted: dict[str, float]


ONE_AT_A_TIME = "One call at a time, on one connection."
BULKS = (
    Bulk(
        "modifyParts of 1,000 parts, half new, half changed",
        contests.write_parts,
        f"{ONE_AT_A_TIME} Each part has a description, a price and three more fields. DRF, as its documentation writes "
        "many records, keeps no exchange and no history. COPY: the same rows as prepared blocks of bytes, all of them "
        "new, into the same tables; no server, no parsing, no validation, no history.",
        {"DRF, as documented": 15, "COPY": 0.4},
    ),
    Bulk(
        f"{order_contests.CALL} orders in a PUT, all new",
        order_contests.put_new_orders,
        f"{ONE_AT_A_TIME} An order has {order_contests.ROWS} rows; parts, customers and statuses are named and looked "
        "up, totals computed. Over REST an outcome is answered for each order, or the order as it is then. DRF, as its "
        "documentation writes many records, keeps no exchange and no history.",
        {order_contests.DRF_DOCUMENTED: 10},
    ),
)


def measure(ground: Ground, bulk: Bulk, rounds: int) -> str:
    """Measure one call at a time, by turns; return the section."""
    urls, cpu = ground.urls, {}

    @contextmanager
    def meter(side: str) -> Iterator[None]:
        server = SERVERS.get(side, HUB)  # COPY has no application: it is this process that sends the rows
        before = ground.read_cpu(server)
        yield
        spent = [end - start for start, end in zip(before, ground.read_cpu(server), strict=True)]
        cpu.setdefault(side, []).append((spent[0] if side in SERVERS else 0.0, spent[1]))

    contest = bulk.build(http_wire(urls[HUB]), http_wire(urls.get(DRF, urls[HUB])))
    sides = {
        name: side for name, side in contest.sides.items() if name == "COPY" or SERVERS.get(name, "nobody's") in urls
    }
    chosen = replace(
        contest,
        title=f"Over HTTP: {bulk.title}",
        note=bulk.note,
        sides=sides,
        minimum_ratios=bulk.wanted,
        maximum_ratios={"hub, REST": 1.15},
        counted_sides=(),
    )
    return report.write_section(report.measure_contest(chosen, rounds, meter), cpu)
