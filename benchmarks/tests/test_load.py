"""The load generator: each call is another one, and no answer but the expected one counts."""

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from benchmarks.load import Connection, Plan, Slot, Template, WrongAnswer, run
from benchmarks.servers import read_cpu

ECHO = Template("POST", "/parts/98765/", {"X-Asked": "98765"}, b"<n>98765</n>", (b"<n>98765</n>",), (Slot(b"98765"),))


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was sent, in two chunks; the path and a header must have the same digits."""

    protocol_version = "HTTP/1.1"
    bodies: list[bytes] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.bodies.append(body)
        is_same = self.path == f"/parts/{self.headers['X-Asked']}/"
        self.send_response(200 if is_same else 404)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        half = len(body) // 2
        for piece in (body[:half], body[half:], b""):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    def log_message(self, *arguments):
        pass


@pytest.fixture
def url():
    Echo.bodies = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("rate", [0, 500], ids=["as fast as it can", "at a rate"])
def test_makes_each_call_once(url, rate):
    report = run(Plan(url, ECHO, connections=3, seconds=30, calls=40, rate=rate, first=7))

    assert sorted(Echo.bodies) == [b"<n>%05d</n>" % number for number in range(7, 47)]
    assert report.calls == 40
    assert report.percentile(0.5) <= report.percentile(0.99) == max(report.latencies)


WRONG = {
    "another text": {"expected": (b"<n>00000</n>", b"no such text")},
    "another status": {"headers": {"X-Asked": "other"}},
}


@pytest.mark.parametrize("changed", WRONG.values(), ids=WRONG)
def test_ends_at_a_wrong_answer(url, changed):
    template = Template(**{**vars(ECHO), **changed})

    with pytest.raises(WrongAnswer):
        run(Plan(url, template, connections=1, seconds=30, calls=1))


def test_ends_where_nobody_answers(url):
    class Silent(Echo):
        def do_POST(self):
            self.close_connection = True

    with ThreadingHTTPServer(("127.0.0.1", 0), Silent) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(WrongAnswer, match="hung up"):
            run(Plan(f"http://127.0.0.1:{server.server_port}", ECHO, connections=1, seconds=30, calls=1))
        server.shutdown()


DIGITS = {
    "as they come": (Slot(b"98765"), 12, b"00012"),
    "in steps": (Slot(b"98765", step=5, offset=3), 12, b"00063"),
    "of so many records": (Slot(b"98765", step=7919, modulo=10_000), 12, b"05028"),
}


@pytest.mark.parametrize("slot, call, digits", DIGITS.values(), ids=DIGITS)
def test_the_digits_of_a_call(slot, call, digits):
    assert slot.digits(call) == digits


def test_more_calls_than_digits_are_refused():
    with pytest.raises(WrongAnswer, match="digits"):
        Slot(b"98765").digits(100_000)


def test_cpu_counts_descendants_that_have_ended():
    burn = "import subprocess, sys, time\nsubprocess.run([sys.executable, '-c', '{}'])\nprint(); time.sleep(60)"
    spin = "import time\nwhile time.process_time() < 0.5: pass"
    with subprocess.Popen(
        [sys.executable, "-c", burn.format(spin.replace("\n", "\\n"))], stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        used = read_cpu(process.pid)
        without = read_cpu(process.pid, but=[process.pid])
        process.kill()

    assert used >= 0.45
    assert without == 0


def test_a_connection_reads_an_answer_that_comes_in_pieces(url):
    pieces = [b"HTTP/1.1 200 OK\r\nContent-Le", b"ngth: 4\r\n\r\nab", b"cd"]
    connection = Connection(("127.0.0.1", int(url.rpartition(":")[2])))
    connection.socket.close()
    connection.socket = type("Socket", (), {"recv": lambda self, size: pieces.pop(0)})()

    taken = [connection.take() for _ in range(3)]

    assert taken == [None, None, (b"HTTP/1.1 200 OK\r\nContent-Length: 4", b"abcd")]
