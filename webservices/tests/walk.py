"""
The walk of a request through the code: every call of a function, by the rooms of caller and callee.

A room is a module of `webservices`; all of `wire` is one room, and so are the apps below, as what is called there is
the dialect's and the service's own affair.
"""

import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BELOW = ("records", "parts", "customers", "orders")
LAYERS = (
    ("endpoint",),
    ("responses",),
    ("requests",),
    ("publishing",),
    ("declarations",),
    ("gateway", "access", "exchanges", "idempotency", "introspection", "jobs"),
    ("conf", "models", "timing"),
    ("wire",),
    BELOW,
)  # as the contract of imports has them


def room_of(filename: str) -> str:
    """The room of a file, such as `exchanges.store`; "" for what is none of ours."""
    with suppress(ValueError):
        top, *rest = Path(filename).relative_to(ROOT).with_suffix("").parts
        if rest[-1:] == ["copying"]:  # as any room might call a dataclass
            return ""
        if top in BELOW:
            return "records"
        if top == "webservices" and "tests" not in rest and rest[0] not in ("tester", "admin", "views"):
            return "wire" if rest[0] == "wire" else ".".join(rest)
    return ""


def layer_of(room: str) -> int:
    return next(number for number, rooms in enumerate(LAYERS) if room.partition(".")[0] in rooms)


@dataclass
class Walk:
    """The calls from room to room, in their order."""

    calls: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, frame, event: str, argument: object) -> None:
        if event != "call" or frame.f_code.co_name.startswith("<"):
            return
        callee, caller = room_of(frame.f_code.co_filename), ""
        outer = frame.f_back
        while callee and outer is not None and not caller:
            caller, outer = room_of(outer.f_code.co_filename), outer.f_back
        if callee and caller != callee:
            self.calls.append((caller, callee))

    @property
    def stays(self) -> list[str]:
        """The rooms in the order in which they are entered, however often."""
        return [room for room, _ in groupby(callee for _, callee in self.calls)]

    def calls_from(self, room: str, *, besides: Collection[str] = ()) -> list[str]:
        """The rooms that a room calls, one after the other."""
        called = [callee for caller, callee in self.calls if caller == room and callee not in besides]
        return [callee for callee, _ in groupby(called)]

    @property
    def climbs(self) -> list[tuple[str, str]]:
        """The calls from a room into one that stands above it."""
        return [(low, high) for low, high in self.calls if low and layer_of(high) < layer_of(low)]


def walk(function: Callable[[], object]) -> Walk:
    """Call the function and record its walk."""
    recorded = Walk()
    sys.setprofile(recorded)
    try:
        function()
    finally:
        sys.setprofile(None)
    return recorded
