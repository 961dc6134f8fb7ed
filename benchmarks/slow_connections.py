"""
Compare what a good caller waits before and under slow connections: `python -m benchmarks.slow_connections`.

    --connections 500   how many slow connections are open at once, of one kind after the other
                        (a tenth of them for the streamed answers, each of which is some seconds of work)
    --parts 10000       how many records a streamed answer has: more than the buffers of a socket hold
    --calls 150         how many calls the good caller makes, before and under each kind
    --kinds …           the kinds to try; all of them without this
    --url …             a server that runs already, instead of a hub of its own

The hub is the one that `./start` runs, on data of its own. The attackers are a process of their own, which opens a new
connection for each that the server closes; a slow reader is open when it has its first byte. The good caller opens a
connection for each call, and so does what asks for /healthz. The exit status is 1 if a call got no answer in 10 s, or
the p99 grew to more than twice (and by 20 ms).
"""

import argparse
import asyncio
import json
import math
import select
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from benchmarks.servers import PASSWORD, USER, make_data_folder, running_hub

PATIENCE = 10.0  # seconds for an answer
LONGEST_OPENING = 120.0  # seconds for all slow connections to be open
PAUSE = 1.0  # seconds between two bytes
COMPUTING = 8.0  # seconds until streamed answers are made: that is work, and no slow connection
NOISE = 0.020  # seconds that a p99 may grow by, whatever its ratio
MOST = 2.0  # times that a p99 may grow to
BASIC = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
GOOD_PATH = "/api/v1/parts/?limit=5"
LARGE_PATH = "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js"
STREAM_PATH = "/ecosys/api/restjson/Part/"

Attack = Callable[..., Awaitable[None]]


async def send_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def send_half_a_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _drip(writer, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", reader)


async def send_half_a_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = b"POST /api/v1/parts/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    await _drip(writer, head + b"Content-Length: 100000\r\n\r\n[", reader)


async def send_half_a_chunk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = b"POST /api/v1/parts/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    await _drip(writer, head + b"Transfer-Encoding: chunked\r\n\r\n186a0\r\n[", reader)


async def keep_alive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await reader.read()


async def read_slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tell: Callable[[], None]) -> None:
    await _take_slowly(reader, writer, f"GET {LARGE_PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(), tell)


async def read_a_stream_slowly(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tell: Callable[[], None]
) -> None:
    head = f"GET {STREAM_PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {BASIC}\r\n\r\n"
    await _take_slowly(reader, writer, head.encode(), tell)


async def pipeline(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tell: Callable[[], None]) -> None:
    await _take_slowly(reader, writer, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20, tell)


KINDS: dict[str, Attack] = {
    "nothing": send_nothing,
    "half a head": send_half_a_head,
    "half a body": send_half_a_body,
    "half a chunk": send_half_a_chunk,
    "kept alive": keep_alive,
    "slow reader": read_slowly,
    "slow reader of a stream": read_a_stream_slowly,
    "reader of many": pipeline,
}


async def _drip(writer: asyncio.StreamWriter, start: bytes, reader: asyncio.StreamReader) -> None:
    writer.write(start)
    while not reader.at_eof():
        writer.write(b" ")
        await writer.drain()
        with suppress(TimeoutError):
            await asyncio.wait_for(reader.read(4096), PAUSE)


async def _take_slowly(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, tell: Callable[[], None]
) -> None:
    writer.write(request)
    while await reader.read(1):
        tell()
        await asyncio.sleep(PAUSE)


async def _connect(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect with buffers of a few KB, so that a slow reader is one to the server, too."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.setblocking(False)
    await asyncio.wait_for(asyncio.get_running_loop().sock_connect(made, (host, port)), PATIENCE)
    return await asyncio.open_connection(sock=made, limit=1024)


async def attack(url: str, kind: str, count: int) -> None:
    """Keep so many connections of this kind open, for ever; print a line once each has been opened."""
    place = urlsplit(url)
    opened = 0

    async def hold(number: int) -> None:
        nonlocal opened
        await asyncio.sleep(number / count)  # all of them within a second
        is_first = True

        def tell() -> None:
            nonlocal is_first, opened
            opened += is_first
            if is_first and opened == count:
                print("open", flush=True)
            is_first = False

        while True:
            with suppress(OSError, TimeoutError):
                reader, writer = await _connect(place.hostname or "", place.port or 80)
                is_reader = "reader" in kind
                if not is_reader:
                    tell()
                try:
                    await KINDS[kind](reader, writer, tell) if is_reader else await KINDS[kind](reader, writer)
                finally:
                    writer.transport.abort()
            await asyncio.sleep(PAUSE)

    await asyncio.gather(*(hold(number) for number in range(count)))


@dataclass(frozen=True)
class Waits:
    """The seconds that calls took: median, 99th percentile, and how many had no answer, of calls and of /healthz."""

    p50: float
    p99: float
    failed: int
    health_failed: int
    health_worst: float


def measure(url: str, calls: int) -> Waits:
    """Make so many calls, one after the other, and ask for /healthz after every tenth."""
    seconds, health, failed, health_failed = [], [], 0, 0
    for number in range(calls):
        taken = ask(url, GOOD_PATH)
        seconds.append(taken if taken is not None else PATIENCE)
        failed += taken is None
        if number % 10 == 0:
            taken = ask(url, "/healthz")
            health.append(taken if taken is not None else PATIENCE)
            health_failed += taken is None
        if failed >= 3:  # it stands; more of them would only take time
            break
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, math.ceil(len(ordered) * 0.99) - 1)]
    return Waits(ordered[len(ordered) // 2], p99, failed, health_failed, max(health))


def ask(url: str, path: str) -> float | None:
    """Return the seconds until the whole answer is there; None if there is none, or another than 200."""
    place = urlsplit(url)
    start = time.perf_counter()
    connection = HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={"Authorization": f"Basic {BASIC}"})
        response = connection.getresponse()
        response.read()
        return time.perf_counter() - start if response.status == 200 else None
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def compare(url: str, kind: str, connections: int, calls: int) -> tuple[Waits, Waits]:
    """Return the waits before and under an attack of this kind."""
    settle(url)
    before = measure(url, calls)
    command = [sys.executable, "-m", "benchmarks.slow_connections", "--attack", kind, "--url", url]
    with subprocess.Popen(  # noqa: S603 - our own program
        [*command, "--connections", str(connections // 10 if "stream" in kind else connections)], stdout=subprocess.PIPE
    ) as process:
        try:
            select.select([process.stdout], [], [], LONGEST_OPENING)  # a server that stands never lets all of them in
            time.sleep(COMPUTING if "stream" in kind else PAUSE)
            return before, measure(url, calls)
        finally:
            process.kill()


def settle(url: str) -> None:
    """Wait until a call is as quick as it should be, for a minute at most: the kind before has left work behind."""
    deadline, quick = time.monotonic() + 60, 0
    while quick < 5 and time.monotonic() < deadline:
        taken = ask(url, GOOD_PATH)
        quick = quick + 1 if taken is not None and taken < 0.1 else 0


def holds(before: Waits, under: Waits) -> bool:
    """True if every call was answered, and the p99 is no more than twice what it was."""
    return not (under.failed or under.health_failed) and under.p99 <= max(MOST * before.p99, before.p99 + NOISE)


def run(url: str, kinds: Sequence[str], connections: int, calls: int) -> bool:
    """Print a line for each kind, and return True if all hold."""
    measure(url, 20)  # the first calls fill caches
    good = True
    print(f"{'kind':<25}{'p50':>9}{'p99':>9} | {'p50':>9}{'p99':>9}{'ratio':>7}  no answer  /healthz (ms)")
    for kind in kinds:
        before, under = compare(url, kind, connections, calls)
        good &= holds(before, under)
        times = [f"{1000 * each:9.1f}" for each in (before.p50, before.p99, under.p50, under.p99)]
        print(
            f"{kind:<25}{times[0]}{times[1]} | {times[2]}{times[3]}{under.p99 / before.p99:7.1f}"
            f"{under.failed + under.health_failed:>8}   {1000 * under.health_worst:9.1f}"
            f"   {'holds' if holds(before, under) else 'DOES NOT HOLD'}",
            flush=True,
        )
    return good


def fill(url: str, parts: int) -> None:
    """Add parts, so that an answer that is streamed is a large one."""
    place = urlsplit(url)
    headers = {"Authorization": f"Basic {BASIC}", "Content-Type": "application/json"}
    for start in range(0, parts, 500):
        rows = [
            {"number": f"P-{n:06}", "description": {"en": f"Part {n} " + "x" * 100}} for n in range(start, start + 500)
        ]
        connection = HTTPConnection(place.hostname or "", place.port, timeout=60)
        connection.request("POST", "/api/v1/parts/", json.dumps(rows), headers)
        response = connection.getresponse()
        body = response.read()
        if response.status >= 300:
            raise RuntimeError(f"The parts were not added: {response.status} {body[:500]!r}")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=500)
    parser.add_argument("--calls", type=int, default=150)
    parser.add_argument("--kinds", nargs="*", default=[*KINDS])
    parser.add_argument("--parts", type=int, default=10_000)
    parser.add_argument("--url")
    parser.add_argument("--attack", choices=KINDS, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.attack:
        asyncio.run(attack(chosen.url, chosen.attack, chosen.connections))
    if chosen.url:
        return 0 if run(chosen.url, chosen.kinds, chosen.connections, chosen.calls) else 1
    folder = make_data_folder("slow")
    with running_hub(folder) as hub:
        fill(hub.url, chosen.parts)
        return 0 if run(hub.url, chosen.kinds, chosen.connections, chosen.calls) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
