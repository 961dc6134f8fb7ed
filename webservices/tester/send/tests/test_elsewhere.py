"""Sending to a host that TEST_PAGE_HOSTS names: one plain request, nothing of this server's own with it."""

import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from webservices.tester.errors import TesterError
from webservices.tester.send import client as send_client
from webservices.tester.send.addresses import parse_address
from webservices.tester.send.client import Sender, send_call

MESSAGE = "<e><Username>ada</Username><Password></Password></e>"
ADA = Sender(1, "ada", "http://testserver", "127.0.0.1", secure=True)


class OtherHost(BaseHTTPRequestHandler):
    """Somebody else's server: remembers what it was sent, and answers by path."""

    seen: list[tuple[str, dict[str, str], bytes]]

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.path, dict(self.headers), body))
        status = 302 if self.path == "/moved" else 200
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("X-Call-Id", "of the other host")
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(b"<a/>" * (1000 if self.path == "/long" else 1))

    def log_message(self, *arguments):
        pass


@pytest.fixture
def other_host() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), OtherHost)
    server.seen = []
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def send_elsewhere(other_host, db):
    host = f"127.0.0.1:{other_host.server_port}"

    def send_elsewhere(path, text=MESSAGE):
        target = parse_address(f"http://{host}{path}", [host])
        kind = "text/xml" if text.startswith("<") else "application/json"
        return send_call(target, "POST", text, {"Content-Type": kind}, ADA)

    return send_elsewhere


class TestSendElsewhere:
    def test_brings_back_the_answer(self, send_elsewhere):
        sent = send_elsewhere("/v2_0/receiver/parts?x=1")

        assert (sent.status, sent.body, sent.host) == (200, b"<a/>", "127.0.0.1")

    def test_sends_the_message_as_it_is_without_a_ticket_or_a_cookie(self, send_elsewhere, other_host):
        send_elsewhere("/v2_0/receiver/parts?x=1")

        ((path, headers, body),) = other_host.seen
        assert (path, body) == ("/v2_0/receiver/parts?x=1", MESSAGE.encode())
        assert {"cookie", "authorization"}.isdisjoint(name.lower() for name in headers)

    def test_strips_the_comments_of_json(self, send_elsewhere, other_host):
        send_elsewhere("/api/v1/parts/", '{\n// required\n"number": "A//B"}')

        assert other_host.seen[0][2] == b'{\n\n"number": "A//B"}'

    def test_follows_no_redirect(self, send_elsewhere, other_host):
        assert send_elsewhere("/moved").status == 302
        assert len(other_host.seen) == 1

    def test_verifies_a_certificate(self, other_host, monkeypatch):
        seen = []

        def wrap_socket(context, *arguments, **keywords):
            seen.append((context.verify_mode, context.check_hostname))
            raise ssl.SSLError("as far as this")

        monkeypatch.setattr(ssl.SSLContext, "wrap_socket", wrap_socket)
        host = f"127.0.0.1:{other_host.server_port}"

        with pytest.raises(TesterError, match="does not answer: SSLError"):
            send_call(parse_address(f"https://{host}/", [host]), "POST", "", {}, ADA)
        assert seen == [(ssl.CERT_REQUIRED, True)]

    def test_takes_no_call_id_for_its_own(self, send_elsewhere):
        assert send_elsewhere("/x").call_id == ""

    def test_stops_at_a_limit(self, send_elsewhere, monkeypatch):
        monkeypatch.setattr(send_client, "MAX_ANSWER_BYTES", 1000)

        with pytest.raises(TesterError, match="longer than 1,000 bytes"):
            send_elsewhere("/long")

    def test_says_that_nobody_answers(self, send_elsewhere, other_host):
        other_host.shutdown()
        other_host.server_close()

        with pytest.raises(TesterError, match="does not answer"):
            send_elsewhere("/x")
