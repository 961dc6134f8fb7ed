"""Slow callers hold sockets, never threads, and not for ever; the server runs in a thread of the test."""

import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection

import pytest

from config.headers import SERVER_HEADERS
from config.launch.connections import Server
from config.launch.limits import Limits
from config.launch.thread_pool import ThreadPool

GET = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: here\r\n"
PATIENCE = 30.0  # seconds
SLOW, GOOD = 60, 50
HUGE = 40_000_000
LARGE = 6_000_000  # bytes, more than the buffers of a socket hold

# What a slow caller sends, and then keeps silent; none of them takes an answer.
KINDS = {
    "nothing": b"",
    "half a head": b"GET / HTTP/1.1\r\nX-Slow: ",
    "half a body": POST + b"Content-Length: 1000\r\n\r\nabc",
    "half a chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n3e8\r\nabc",
    "kept alive": GET,
    "a large answer that is not taken": GET.replace(b"/ ", b"/large ", 1),
    "many at once": GET * 20,
}


class Application:
    """
    An application whose `/large` streams, and which says how long a body was.

    `/stuck` waits and holds its thread, `/sign-in` waits beside another.
    """

    def __init__(self) -> None:
        self.pool = ThreadPool(2)
        self.freed = threading.Event()
        self.stuck = threading.Semaphore(0)
        self.environ: dict = {}

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        self.environ = environ
        if environ["PATH_INFO"] == "/unread":
            start_response("204 Unread", [])
            return []
        body = str(len(environ["wsgi.input"].read())).encode()
        if environ["PATH_INFO"] == "/stuck":
            self.stuck.release()
            self.freed.wait(PATIENCE)
        if environ["PATH_INFO"] == "/sign-in":
            with self.pool.extra_thread():
                self.stuck.release()
                self.freed.wait(PATIENCE)
        if environ["PATH_INFO"] in ("/large", "/huge"):
            start_response("200 OK", [])
            return (b"x" * 10_000 for _ in range((LARGE if environ["PATH_INFO"] == "/large" else HUGE) // 10_000))
        start_response("200 Fine By Us", [("Content-Length", str(len(body)))])
        return [body]


@contextmanager
def running_server(**limits) -> Iterator[tuple[Server, Application, Callable[[], socket.socket]]]:
    """A server with two threads; its application, and what connects to it with small buffers."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    application, is_over = Application(), threading.Event()
    server = Server(application, listener, application.pool, Limits(**limits))

    def serve() -> None:
        while not is_over.is_set():
            server.run_once(0.05)

    def connect() -> socket.socket:
        made = socket.socket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        made.settimeout(PATIENCE)
        made.connect(listener.getsockname())
        return made

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server, application, connect
    finally:
        application.freed.set()
        is_over.set()
        thread.join()
        server.task_dispatcher.shutdown()
        server.asyncore.close_all(server._map)
        server.selector.close()


def ask(connect: Callable[[], socket.socket], path: str = "/", body: bytes = b"") -> tuple[int, bytes]:
    connection = HTTPConnection("here")
    connection.sock = connect()
    with closing(connection):
        connection.request("POST" if body else "GET", path, body)
        answer = connection.getresponse()
        return answer.status, answer.read()


def drip(connection: socket.socket, data: bytes) -> None:
    """Send the same again and again, until the other side has had enough."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        connection.sendall(data)
        time.sleep(0.02)


def read_to_the_end(connection: socket.socket) -> bytes:
    taken = b""
    try:
        while data := connection.recv(65536):
            taken += data
    except ConnectionResetError:
        pass
    return taken


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_caller_is_answered_beside_slow_ones(kind):
    with running_server() as (_, _, connect), ExitStack() as opened:
        for _ in range(SLOW):
            opened.enter_context(connect()).sendall(KINDS[kind])

        answers = [ask(connect) for _ in range(GOOD)]
        health = ask(connect, "/healthz")

    assert answers == [(200, b"0")] * GOOD
    assert health[0] == 200


def test_who_waits_to_sign_in_holds_no_thread_of_others():
    with running_server() as (_, application, connect), ExitStack() as opened:
        for _ in range(20):
            opened.enter_context(connect()).sendall(GET.replace(b"/ ", b"/sign-in ", 1))
        for _ in range(20):
            assert application.stuck.acquire(timeout=PATIENCE)

        assert ask(connect) == (200, b"0")
        application.freed.set()
        until = time.monotonic() + PATIENCE
        while len(application.pool.threads) > 2:
            assert time.monotonic() < until
            time.sleep(0.01)


def test_the_process_says_that_it_lives_while_every_thread_is_in_use():
    with running_server() as (_, application, connect), ExitStack() as opened:
        for _ in range(4):
            opened.enter_context(connect()).sendall(GET.replace(b"/ ", b"/stuck ", 1))
        for _ in range(2):
            assert application.stuck.acquire(timeout=PATIENCE)

        assert ask(connect, "/healthz")[0] == 200


@pytest.mark.parametrize(
    "kind, answer",
    [("nothing", b""), ("half a head", b"408"), ("half a body", b"408"), ("half a chunk", b"408")],
)
def test_what_does_not_come_in_time_is_ended(kind, answer):
    with running_server(head_seconds=0.2, grace_seconds=0.2) as (server, _, connect), connect() as slow:
        slow.sendall(KINDS[kind])

        taken = read_to_the_end(slow)

        assert answer in taken.partition(b"\r\n")[0]
        assert bool(taken) == bool(answer)
        assert ask(connect)[0] == 200
    assert server.ended.total() >= 1


@pytest.mark.parametrize(
    "start, drop",
    [
        (b"GET / HTTP/1.1\r\nX-Slow: ", b"a"),
        (POST + b"Content-Length: 100000\r\n\r\n", b"a"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    ],
    ids=["head", "body", "chunks"],
)
def test_a_byte_now_and_then_is_no_way_to_stay(start, drop):
    with running_server(head_seconds=0.3, grace_seconds=0.3) as (_, _, connect), connect() as slow:
        slow.sendall(start)
        with pytest.raises((ConnectionError, TimeoutError)):
            drip(slow, drop)


@pytest.mark.parametrize("limits", [{"grace_seconds": 0.2}, {"grace_seconds": 0.2, "least_rate": 10**9}])
def test_an_answer_that_is_not_taken_is_given_up(limits):
    with running_server(**limits) as (server, _, connect), connect() as slow:
        slow.sendall(GET.replace(b"/ ", b"/large ", 1))
        deadline = time.monotonic() + PATIENCE
        while not server.ended["answer"] and time.monotonic() < deadline:
            time.sleep(0.05)

        assert server.ended["answer"] == 1
        assert not server.active_channels
        assert ask(connect)[0] == 200


def test_a_body_that_comes_quickly_enough_may_take_longer_than_the_grace():
    with running_server(grace_seconds=0.3, least_rate=1) as (_, _, connect), connect() as steady:
        steady.sendall(POST + b"Content-Length: 200\r\n\r\n")
        for _ in range(20):
            steady.sendall(b"a" * 10)
            time.sleep(0.15)

        assert steady.recv(100).startswith(b"HTTP/1.1 200")


def test_a_connection_that_is_kept_alive_ends_when_it_is_idle():
    with running_server(idle_seconds=0.2) as (_, _, connect), connect() as idle:
        idle.sendall(GET.replace(b"/ ", b"/healthz ", 1))

        assert read_to_the_end(idle).startswith(b"HTTP/1.1 200")


def test_answers_that_are_not_taken_have_a_common_limit_and_hold_no_thread():
    with running_server(unread_bytes=LARGE) as (server, _, connect), ExitStack() as opened:
        for _ in range(6):
            opened.enter_context(connect()).sendall(GET.replace(b"/ ", b"/large ", 1))

        assert ask(connect) == (200, b"0")
        time.sleep(1.5)
        assert server.unread() <= 2 * LARGE


def test_beyond_the_limit_the_oldest_that_waits_for_its_caller_makes_room():
    with running_server(connections=10) as (_, _, connect), ExitStack() as opened:
        slow = [opened.enter_context(connect()) for _ in range(30)]

        assert [ask(connect) for _ in range(5)] == [(200, b"0")] * 5
        assert read_to_the_end(slow[0]) == b""


def test_of_a_body_that_is_too_long_as_much_is_kept_as_shows_it():
    with running_server(body_bytes=1000) as (_, _, connect):
        assert ask(connect, body=b"a" * 1000) == (200, b"1000")
        assert ask(connect, body=b"a" * 500_000) == (200, b"1001")


@pytest.fixture
def peak_bytes() -> Iterator[Callable[[], int]]:
    """The most memory that was in use at once since the test began."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


def test_a_body_waits_in_a_file(peak_bytes):
    body = b"a" * LARGE
    before = peak_bytes()
    with running_server() as (_, _, connect):
        assert ask(connect, "/unread", body)[0] == 204

    assert peak_bytes() - before < LARGE / 4


def test_an_answer_that_is_not_taken_waits_in_a_file(peak_bytes):
    with running_server() as (server, _, connect), connect() as slow:
        slow.sendall(GET.replace(b"/ ", b"/huge ", 1))
        deadline = time.monotonic() + PATIENCE
        while server.unread() < HUGE * 0.9 and time.monotonic() < deadline:
            assert ask(connect) == (200, b"0")

        assert server.unread() >= HUGE * 0.9
        assert peak_bytes() < HUGE / 4


def test_a_body_without_end_is_refused():
    with running_server(discard_bytes=100_000) as (_, _, connect), connect() as endless:
        endless.sendall(POST + b"Content-Length: 99999999999\r\n\r\n")

        assert read_to_the_end(endless).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "head, body",
    [
        (b"Content-Length: 5\r\nTransfer-Encoding: chunked", b"0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: hub\r\n\r\n"),
        (b"Content-Length: 5\r\nContent-Length: 50", b"hello"),
        (b"Content-Length: +5", b"hello"),
        (b"Content-Length: 0_5", b"hello"),
        (b"Content-Length : 5", b"hello"),
        (b"Transfer-Encoding: xchunked", b"hello"),
        (b"Transfer-Encoding: chunked, identity", b"hello"),
        (b"Transfer-Encoding: chunked", b"0_5\r\nhello\r\n0\r\n\r\n"),
        (b"Transfer-Encoding: chunked", b"5;a\nb\r\nhello\r\n0\r\n\r\n"),
    ],
)
def test_a_message_whose_length_can_be_read_in_two_ways_is_refused(head, body):
    with running_server() as (_, _, connect), connect() as caller:
        caller.sendall(POST + head + b"\r\n\r\n" + body)

        answer = read_to_the_end(caller)

    assert answer[9:12] in (b"400", b"501")
    assert answer.count(b"HTTP/1.") == 1


def test_a_proxys_headers_come_to_the_application_which_decides_whom_to_believe():
    """Without them, whatever a proxy on this machine passes on would seem to come from this machine itself."""
    with running_server() as (_, application, connect), connect() as caller:
        caller.sendall(GET[:-2] + b"X-Forwarded-Proto: https\r\nX-Forwarded-For: 10.0.0.7\r\nForwarded: for=x\r\n\r\n")
        caller.recv(1000)

    names = ("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED")
    assert [application.environ.get(name) for name in names] == ["https", "10.0.0.7", "for=x"]


class Failing:
    """An application that fails before it answers."""

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        raise RuntimeError("its secret")


@pytest.mark.parametrize(
    "status, sent",
    [
        (b"400", b"nonsense\r\n\r\n"),
        (b"408", b"GET / HTTP/1.1\r\nX-Slow: "),
        (b"413", POST + b"Content-Length: 99999999999\r\n\r\n"),
        (b"431", GET[:-2] + b"X: " + b"x" * 100_000 + b"\r\n\r\n"),
        (b"500", GET),
        (b"501", POST + b"Transfer-Encoding: xchunked\r\n\r\n"),
    ],
)
def test_the_servers_own_answers_have_the_headers_of_all(status, sent):
    with running_server(head_seconds=1) as (server, _, connect), connect() as caller:
        server.application = Failing()
        caller.sendall(sent)

        head, _, body = read_to_the_end(caller).partition(b"\r\n\r\n")

    assert head[9:12] == status
    assert not [f"{name}: {value}" for name, value in SERVER_HEADERS.items() if f"{name}: {value}".encode() not in head]
    assert b"Server:" not in head
    assert b"waitress" not in body
    assert b"secret" not in body


def test_the_reason_of_a_status_is_the_applications():
    with running_server() as (_, _, connect), connect() as caller:
        caller.sendall(GET)

        assert caller.recv(100).startswith(b"HTTP/1.1 200 Fine By Us\r\n")


def test_a_process_that_leaves_answers_those_who_are_connected():
    with running_server() as (server, _, connect), connect() as caller:
        caller.sendall(GET.replace(b"/ ", b"/healthz ", 1))
        caller.recv(1000)
        server.leave()
        caller.sendall(GET.replace(b"/ ", b"/healthz ", 1))

        assert b"Connection: close" in read_to_the_end(caller)
