"""
The load generator: a process of its own that keeps connections busy over bare sockets, and looks at each answer.

    with generator() as run:
        report = run(Plan(url, template, connections=8, seconds=2.0))            # as fast as it can
        report = run(Plan(url, template, connections=8, seconds=2.0, rate=300))  # 300 calls a second, each at its time

A template is a request whose digits in certain places differ from call to call, so that nothing is built meanwhile. An
answer with another status or without the expected texts raises WrongAnswer.
"""

import gc
import multiprocessing
import re
import select
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

PATIENCE = 60.0  # seconds for an answer
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)")
CHUNKED = b"\r\ntransfer-encoding: chunked"


class WrongAnswer(Exception):
    """An answer that is not the expected one, or none at all."""


@dataclass(frozen=True)
class Slot:
    """Digits of a template that differ: those of (call × step + offset) modulo `modulo`, as many as the mark has."""

    mark: bytes
    step: int = 1
    offset: int = 0
    modulo: int = 0

    def digits(self, call: int) -> bytes:
        number = call * self.step + self.offset
        digits = b"%0*d" % (len(self.mark), number % self.modulo if self.modulo else number)
        if len(digits) > len(self.mark):
            raise WrongAnswer(f"More calls than {self.mark.decode()} has digits for.")
        return digits


@dataclass(frozen=True)
class Template:
    """
    A request as bytes without its Host, and the texts that must be in its answer.

    slots   the digits that differ, in the request as in the expected texts
    status  the first bytes of the answer, up to the reason phrase
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    expected: tuple[bytes, ...]
    slots: tuple[Slot, ...] = ()
    status: bytes = b"HTTP/1.1 2"

    def build(self, host: str) -> bytes:
        """Return the whole request, the marks in it."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.body or self.method != "GET":
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True)
class Plan:
    """
    A piece of load.

    seconds  for how long calls are begun; `calls` ends it before
    rate     calls a second, each due at its time: one that finds no free connection waits, and that counts; 0: each
             connection sends its next call when it has its answer
    first    the number of the first call, which slots are made of
    """

    url: str
    template: Template
    connections: int = 8
    seconds: float = 1.0
    calls: int = 0
    rate: float = 0.0
    first: int = 0


@dataclass
class Report:
    """Seconds of each call, in the order of their ends; how long all took; the CPU of the generator; the last body."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0
    body: bytes = b""

    @property
    def calls(self) -> int:
        return len(self.latencies)

    @property
    def rate(self) -> float:
        return self.calls / self.seconds

    def percentile(self, share: float) -> float:
        """Return the seconds within which this share of the calls was answered."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


@contextmanager
def generator() -> Iterator[Callable[[Plan], Report]]:
    """Start the generator's process; what it yields runs a plan there and raises what went wrong."""
    context = multiprocessing.get_context("spawn")  # forked, it would share the connections of whoever started it
    with ProcessPoolExecutor(1, mp_context=context, initializer=gc.disable) as executor:
        yield lambda plan: executor.submit(run, plan).result()


def run(plan: Plan) -> Report:
    """Carry out a plan in this process."""
    cpu = time.process_time()
    report = Load(plan).run()
    report.cpu = time.process_time() - cpu
    return report


class Connection:
    """A kept-alive connection with at most one call on its way."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.started = 0.0
        self.call = -1

    def take(self) -> tuple[bytes, bytes] | None:
        """Read what has come; return head and body of an answer that is whole."""
        block = self.socket.recv(1 << 18)
        if not block:
            raise WrongAnswer(f"The server hung up: {self.received[:500]!r}")
        self.received += block
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head, body = self.received[:end], self.received[end + 4 :]
        whole = _read_body(head.lower(), body)
        if whole is None:
            return None
        self.received = b""
        return head, whole


def _read_body(head: bytes, received: bytes) -> bytes | None:
    """Return the body of an answer, None while it is not whole; its head is in lower case."""
    if found := LENGTH.search(head):
        return received if len(received) >= int(found[1]) else None
    if CHUNKED not in head:
        raise WrongAnswer(f"An answer without a length: {head!r}")
    if not received.endswith(b"0\r\n\r\n"):
        return None
    chunks, rest = [], received
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size.partition(b";")[0], 16)
        chunks.append(rest[:length])
        rest = rest[length + 2 :]
    return b"".join(chunks)


class Load:
    """One plan on its way."""

    def __init__(self, plan: Plan) -> None:
        place = urlsplit(plan.url)
        self.plan = plan
        self.address = (place.hostname or "", place.port or 80)
        request = plan.template.build(place.netloc)
        self.fill = compile_template(request, plan.template.slots)
        self.expected = [compile_template(text, plan.template.slots) for text in plan.template.expected]
        self.numbers = count(plan.first)
        self.report = Report()

    def run(self) -> Report:
        connections = [Connection(self.address) for _ in range(self.plan.connections)]
        by_descriptor = {each.socket.fileno(): each for each in connections}
        try:
            self._drive(by_descriptor)
        finally:
            for each in connections:
                each.socket.close()
        return self.report

    def _drive(self, connections: Mapping[int, Connection]) -> None:
        plan, start = self.plan, time.perf_counter()
        end, idle, busy, begun = start + plan.seconds, [*connections.values()], 0, 0
        while True:
            now = time.perf_counter()
            is_over = now >= end or (plan.calls and begun >= plan.calls)
            due = start + begun / plan.rate if plan.rate else now
            while idle and not is_over and due <= now:
                self._send(idle.pop(), due)
                busy, begun = busy + 1, begun + 1
                due = start + begun / plan.rate if plan.rate else now
                is_over = plan.calls and begun >= plan.calls
            if is_over and not busy:
                break
            # `select`, as it knows microseconds where `epoll` rounds up to milliseconds.
            ready, _, _ = select.select(connections, [], [], max(0.0, due - now) if idle and not is_over else PATIENCE)
            if not ready and (is_over or not idle):
                raise WrongAnswer(f"No answer within {PATIENCE:.0f} s.")
            for descriptor in ready:
                connection = connections[descriptor]
                if answer := connection.take():
                    self._check(connection, *answer)
                    idle.append(connection)
                    busy -= 1
        self.report.seconds = time.perf_counter() - start

    def _send(self, connection: Connection, due: float) -> None:
        connection.call = next(self.numbers)
        connection.started = due
        connection.socket.sendall(self.fill(connection.call))

    def _check(self, connection: Connection, head: bytes, body: bytes) -> None:
        self.report.latencies.append(time.perf_counter() - connection.started)
        self.report.body = body
        is_right = head.startswith(self.plan.template.status)
        if not is_right or not all(text(connection.call) in body for text in self.expected):
            wanted = [text(connection.call) for text in self.expected]
            raise WrongAnswer(f"Call {connection.call}: expected {wanted!r}, got {(head + body)[:2000]!r}")


def compile_template(text: bytes, slots: Sequence[Slot]) -> Callable[[int], bytes]:
    """Return the function that puts the digits of a call into a text."""
    by_mark = {slot.mark: slot for slot in slots if slot.mark in text}
    if not by_mark:
        return lambda call: text
    pieces = re.split(b"(" + b"|".join(by_mark) + b")", text)
    texts, marks = pieces[::2], [by_mark[mark] for mark in pieces[1::2]]

    def fill(call: int) -> bytes:
        filled = [texts[0]]
        for slot, following in zip(marks, texts[1:], strict=True):
            filled += [slot.digits(call), following]
        return b"".join(filled)

    return fill
