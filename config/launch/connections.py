"""
The connections of a web process: waitress reads whole requests and writes answers in one loop, threads only compute.

What a slow caller holds is a socket and a buffer, never a thread. Waitress has no deadline but for silence, so they are
here: for a head, for a body and for the taking of an answer, with a least rate. What is larger than a few pages lies in
a temporary file.
"""

import logging
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.buffers import OverflowableBuffer
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask

from config.launch.limits import MEMORY_BYTES, Limits
from config.launch.messages import ErrorAnswer, Request, RequestTimeout
from config.launch.thread_pool import ThreadPool

log = logging.getLogger(__name__)

FILE_BYTES = 4 * 1024 * 1024  # of an answer in one buffer, which is held until all of it is sent
COUNT_BYTES = 1024 * 1024  # that an answer grows by until all of them are counted again
MOST_QUICK_TASKS = 10  # between two looks at the connections
LOG_SECONDS = 60.0
ALIVE_PATH = "/healthz"


class Task(WSGITask):
    """A call of the application; its answer ends the connection when the process is leaving."""

    def start(self) -> None:
        super().start()
        if self.channel.server.is_leaving:
            self.set_close_on_finish()


class Connection(HTTPChannel):
    """A connection, with the times that its deadlines are counted from; they are read by the loop alone."""

    parser_class = Request
    task_class = Task
    error_task_class = ErrorAnswer
    request: Request | None
    sendbuf_len: int
    current_outbuf_count: int

    def __init__(self, server: "Server", sock: Any, address: Any, adjustments: Any, map: Any = None) -> None:
        self.limits: Limits = adjustments.limits
        self.answer_time = self.open_time = time.monotonic()
        self.send_time = self.open_time
        self.has_answered = self.is_full = False
        self.sent_bytes = self.counted_bytes = 0
        super().__init__(server, sock, address, adjustments, map=map)
        self.sendbuf_len = min(self.sendbuf_len, MEMORY_BYTES)

    def service(self) -> None:
        try:
            self.socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            pass
        except OSError:  # it was reset while it waited for its turn: there is nobody to compute for
            self.connected = False
        super().service()
        self.has_answered, self.answer_time = True, time.monotonic()
        self.server.notice(self)

    def write_soon(self, data: Any) -> int:
        with self.outbuf_lock:
            if not self.total_outbufs_len:
                self.answer_time = self.send_time = time.monotonic()
                self.sent_bytes = self.counted_bytes = 0
            if not (self.is_full and self.connected and isinstance(data, bytes)):
                written = int(super().write_soon(data))
                if self.is_full:
                    self.server.notice(self)
                return written
            # The loop knows that there is more: to try at each chunk would read the whole buffer again for nothing.
            self._flush_outbufs_below_high_watermark()
            if self.current_outbuf_count >= self.adj.outbuf_high_watermark:  # what is sent of a file frees no room
                self.outbufs.append(OverflowableBuffer(self.adj.outbuf_overflow))
                self.current_outbuf_count = 0
            self.outbufs[-1].append(data)
            self.current_outbuf_count += len(data)
            self.total_outbufs_len += len(data)
            return len(data)

    def add_channel(self, map: Any = None) -> None:
        super().add_channel(map)
        self.server.notice(self)

    def del_channel(self, map: Any = None) -> None:
        self.server.forget(self._fileno)
        super().del_channel(map)

    def writable(self) -> bool:
        # Waitress would ask all the time while a thread computes and there is too little to send.
        is_enough = self.total_outbufs_len >= (self.adj.send_bytes if self.requests else 1)
        return bool(is_enough or self.will_close or self.close_when_flushed)

    def send(self, data: bytes, do_close: bool = True) -> int:
        sent: int = super().send(data, do_close=do_close)
        self.is_full = not sent
        if sent:
            self.sent_bytes += sent
            self.send_time = time.monotonic()
        return sent

    def _flush_outbufs_below_high_watermark(self) -> None:
        """Never wait for the caller, as waitress does here: the thread has others to serve."""
        if self.total_outbufs_len > self.counted_bytes + COUNT_BYTES:
            self.counted_bytes = self.total_outbufs_len
            self.server.limit_unread()
        if self.will_close:
            raise ClientDisconnected

    def overdue(self, now: float) -> str:
        """Return what the caller is too slow with: `answer`, `body`, `head`, `idle`; empty if it is in time."""
        limits = self.limits
        if self.total_outbufs_len:
            is_stuck = now > self.send_time + limits.grace_seconds
            return "answer" if is_stuck or now > self._due(self.answer_time, self.sent_bytes) else ""
        if self.requests or self.will_close:
            return ""
        if (request := self.request) is None:
            seconds = limits.idle_seconds if self.has_answered else limits.head_seconds
            return "idle" if now > self.answer_time + seconds else ""
        if not request.headers_finished:
            return "head" if now > max(request.begin_time, self.answer_time) + limits.head_seconds else ""
        start = max(request.body_time, self.answer_time)
        return "body" if now > self._due(start, request.body_bytes_received) else ""

    def _due(self, start: float, done: int) -> float:
        return start + self.limits.grace_seconds + done / self.limits.least_rate

    def end(self, reason: str) -> None:
        """Close the connection; a request that has begun is answered with 408 first."""
        if reason in ("head", "body") and self.request is not None:
            with self.requests_lock:
                request, self.request = self.request, None
                request.error, request.completed = RequestTimeout("The request did not come in time."), True
                self.requests.append(request)
            self.server.add_task(self)
        else:
            # At once: `will_close` would wait until the socket takes bytes, which it may never do.
            self.handle_close()


class Server(TcpWSGIServer):
    """
    The server of a web process, on a socket that is listening already.

    is_leaving  is set when the process takes no more connections; it ends when `is_idle`
    """

    channel_class = Connection
    next_channel_cleanup: float

    def __init__(self, application: Callable, listener: Any, pool: ThreadPool, limits: Limits) -> None:
        self.limits, self.is_leaving = limits, False
        self.quick_tasks: deque[Connection] = deque()
        self.given_up: deque[Connection] = deque()
        self.ended: Counter[str] = Counter()
        self.next_log = time.monotonic() + LOG_SECONDS
        self.selector = selectors.DefaultSelector()
        self.watched: dict[int, int] = {}
        self.changed: deque[Any] = deque()
        self.is_triggered = False
        adj = Adjustments(
            sockets=[listener],
            ident="",
            max_request_header_size=limits.head_bytes,
            max_request_body_size=limits.discard_bytes,
            inbuf_overflow=MEMORY_BYTES,
            outbuf_overflow=MEMORY_BYTES,
            outbuf_high_watermark=FILE_BYTES,
            clear_untrusted_proxy_headers=False,  # Django decides whom to believe
            connection_limit=2**31,  # ours gives up the oldest, where waitress would let all others wait
            cleanup_interval=1,
        )
        adj.limits = limits
        place = (listener.family, listener.type, listener.proto, listener.getsockname())
        super().__init__(application, {}, _sock=listener, dispatcher=pool, adj=adj, bind_socket=False, sockinfo=place)

    def run_once(self, timeout: float) -> None:
        """Read and write what can be, for so many seconds at most, and answer what needs no thread."""
        if time.time() >= self.next_channel_cleanup:
            self.next_channel_cleanup = time.time() + self.adj.cleanup_interval
            self.maintenance(time.time())
        self.is_triggered = False  # before the look at what has changed: later changes wake the poll
        while self.changed:
            self._watch(self.changed.popleft())
        for key, events in self.selector.select(0 if self.quick_tasks else timeout):
            for event, act in ((selectors.EVENT_READ, wasyncore.read), (selectors.EVENT_WRITE, wasyncore.write)):
                if events & event and (each := self._map.get(key.fd)) is not None:
                    act(each)
                    self._watch(each)
        while self.given_up:
            self.given_up.popleft().handle_close()
        for _ in range(min(len(self.quick_tasks), MOST_QUICK_TASKS)):
            self.quick_tasks.popleft().service()

    def notice(self, connection: Connection) -> None:
        """Let the loop look anew at what a connection waits for; any thread may call it."""
        self.changed.append(connection)
        self.pull_trigger()

    def pull_trigger(self) -> None:
        if not self.is_triggered:
            self.is_triggered = True
            super().pull_trigger()

    def forget(self, number: int | None) -> None:
        """Watch a file no more, by its number; it is about to be closed."""
        if number is not None and self.watched.pop(number, 0):
            self.selector.unregister(number)

    def _watch(self, each: Any) -> None:
        """Watch for what a connection, or the socket of all, waits for now."""
        # Waitress looks at each connection whenever one of them has something, which makes five hundred slow ones dear.
        if (number := each._fileno) is None:
            return
        wanted = selectors.EVENT_READ if each.readable() else 0
        if each.writable() and not each.accepting:
            wanted |= selectors.EVENT_WRITE
        before = self.watched.get(number, 0)
        if not wanted:
            self.forget(number)
        elif wanted != before:
            self.watched[number] = wanted
            (self.selector.modify if before else self.selector.register)(number, wanted)

    def add_task(self, connection: Connection) -> None:
        """Give the next request to a thread, unless it only asks if the process is alive, or is none."""
        request = connection.requests[0]
        if request.error or request.path == ALIVE_PATH:
            # Not at once: the connection holds its lock while it calls this.
            self.quick_tasks.append(connection)
        else:
            super().add_task(connection)

    def handle_accept(self) -> None:
        if len(self.active_channels) >= self.limits.connections:
            self._give_up_oldest()
        super().handle_accept()

    def maintenance(self, now: float) -> None:
        """End what is overdue; called once a second."""
        now = time.monotonic()
        connections = [*self.active_channels.values()]
        for each in connections:
            if reason := each.overdue(now):
                self.ended[reason] += 1
                each.end(reason)
            self._watch(each)
        for each in (self, self.trigger):
            self._watch(each)
        if now > self.next_log:
            self._log_ended(now)

    def leave(self) -> None:
        """Take no more connections; answers say so, and a connection ends with the next one."""
        self.is_leaving = True
        self.accepting = False
        self.forget(self._fileno)
        self.del_channel()  # the socket itself is closed by the process that opened it

    def is_idle(self, linger: float) -> bool:
        """True if nobody is being served, nor has been for so many seconds."""
        latest = time.monotonic() - linger
        return not any(
            each.requests or each.total_outbufs_len or each.request or each.answer_time > latest
            for each in [*self.active_channels.values()]
        )

    def unread(self) -> int:
        """Return the bytes of all answers that wait to be taken."""
        return sum(each.total_outbufs_len for each in [*self.active_channels.values()])

    def limit_unread(self) -> None:
        """Close the connections with the largest answers that their callers do not take, until the others have room."""
        waiting = [each for each in [*self.active_channels.values()] if not each.will_close]
        waiting.sort(key=lambda each: each.total_outbufs_len)
        unread = sum(each.total_outbufs_len for each in waiting)
        while unread > self.limits.unread_bytes:
            largest = waiting.pop()
            unread -= largest.total_outbufs_len
            self.ended["room for its answer"] += 1
            largest.will_close = True
            self.given_up.append(largest)
            self.pull_trigger()

    def _give_up_oldest(self) -> None:
        waiting = [each for each in self.active_channels.values() if not each.requests]
        if waiting:
            self.ended["room"] += 1
            min(waiting, key=lambda each: each.open_time).handle_close()

    def _log_ended(self, now: float) -> None:
        self.next_log = now + LOG_SECONDS
        # A connection that is idle after its answer ends in the ordinary way.
        if slow := {reason: count for reason, count in self.ended.items() if reason != "idle"}:
            told = ", ".join(f"{count} in the {reason}" for reason, count in sorted(slow.items()))
            log.warning("Connections were closed because their callers were too slow: %s.", told)
        self.ended.clear()
