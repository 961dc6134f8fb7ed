"""Strangers' clients against a live server: an old PHP script, a node script with fetch, and a bare socket."""

import json
import socket
import subprocess
from urllib.parse import urlsplit

import pytest

from config.launch.paths import BASE_DIR

CLIENTS = BASE_DIR / "webservices/tests/clients"


@pytest.mark.parametrize("program, script", [("php", "expandable.php"), ("node", "expandable.mjs")])
def test_a_script_works_a_day(program, script, request, live_server_process, account):
    key = f"EXPANDABLE-{program.upper()}"
    user, password = account

    command = [request.getfixturevalue(program), str(CLIENTS / script), live_server_process.url, user, password, key]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    status, message, code = said.pop("again")
    assert (status, code) == (f"500 {message}", "DUPLICATE")
    assert message.startswith("Part already exists. ")
    assert key in message
    assert said == {
        "created": ["200 OK", key, user],
        "found": ["Pump"],
        "updated": "",
        "deleted": ["200 OK", []],
        "stranger": "401 Auth Token is malformed.",
    }


STATUS_LINES = {
    b"GET /api/part-query": b"HTTP/1.1 405 Request method must be POST.",
    b"POST /api/part-query": b"HTTP/1.1 400 Request JSON is invalid.",
    b"POST /api/server-time-get": b"HTTP/1.1 200 OK",
    b"POST /api/v1/parts/": b"HTTP/1.1 401 Unauthorized",
}


@pytest.mark.parametrize("asked, line", STATUS_LINES.items())
def test_the_status_line_is_the_vendors(asked, line, live_server_process):
    place = urlsplit(live_server_process.url)

    with socket.create_connection((place.hostname, place.port), timeout=30) as connection:
        connection.sendall(asked + b" HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    assert answer.split(b"\r\n")[0] == line
