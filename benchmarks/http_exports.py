"""All parts with one call over HTTP: the measurement of the in-process table, with servers in the place of handlers."""

from collections.abc import Iterator

from benchmarks import exports, million
from benchmarks.environment import http_wire
from benchmarks.http_ground import HUB, Ground
from parts.models import Part
from webservices.wire.messages import WireRequest

TITLE = exports.TITLE


def measure(ground: Ground, rounds: int, count: int = exports.COUNT) -> str:
    """Fill up the parts of the hub's database, take them all over each wire, and remove them; return the section."""
    million.fill_parts(max(0, count - Part.objects.count()))
    wire = http_wire(ground.urls[HUB])

    def stream(request: WireRequest) -> Iterator[bytes]:
        return wire.stream(request.method, request.path, request.body, request.headers)

    result = exports.measure(
        stream, lambda: ground.hub.victims("web process"), Part.objects.count(), min(rounds, exports.ROUNDS)
    )
    million.remove_parts()
    return exports.write_section(f"Over HTTP: {TITLE}", result)
