"""
Measurements in turns: A B A B, so that a busy machine is busy for all of them; the ratio within a round is what counts.

A Side prepares a round of its own (not measured) and gives the work to be measured.
"""

import gc
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from django.db import connection
from django.test.utils import CaptureQueriesContext

Work = Callable[[], object]
Side = Callable[[str, int], Work]  # a name that no other round has, and how many records
Meter = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True)
class Times:
    """Seconds of each side, round by round."""

    seconds: Mapping[str, list[float]]

    def median_ms(self, side: str) -> float:
        return median(self.seconds[side]) * 1000

    def ratios(self, side: str, rival: str) -> list[float]:
        """The rival's time over the side's own, for each round, ascending."""
        pairs = zip(self.seconds[side], self.seconds[rival], strict=True)
        return sorted(theirs / ours for ours, theirs in pairs)


def no_meter(side: str) -> AbstractContextManager[None]:
    return nullcontext()


def measure_in_turns(sides: Mapping[str, Side], *, size: int, rounds: int, meter: Meter = no_meter) -> Times:
    """
    Run each side once in each round, after one round that is not counted.

    meter  gives, by the name of a side, what is entered before its work and left after it
    """
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for turn, (name, side) in enumerate(sides.items()):
            # Records of its own in every round: a second write of the same ones would change nothing, and take no time.
            work = side(f"R{number}-{turn}", size)
            vacuum()
            with meter(name):
                start = perf_counter()
                work()
                seconds[name].append(perf_counter() - start)
    # The first round warms caches and prepared statements.
    return Times({name: measured[1:] for name, measured in seconds.items()})


def statements(side: Side, name: str, size: int) -> int:
    """Count the SQL statements of a side's work, BEGIN, SAVEPOINT and COMMIT included."""
    side(f"{name}-1", size)()  # what is prepared once in a process is prepared now
    work = side(f"{name}-2", size)
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def vacuum() -> None:
    """Do the database's and Python's own housekeeping now, not in the middle of a side's turn."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE parts_part, parts_partdescription, parts_price, orders_salesorder, orders_row")
        cursor.execute("VACUUM records_change, webservices_exchange")
    gc.collect()
