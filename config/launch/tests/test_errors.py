"""What keeps `./start` from serving is one clear line and exit 1."""

import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from config.launch.paths import BASE_DIR

pytestmark = pytest.mark.process


def start(tmp_path: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """`./start` of this project, with data of its own."""
    usual = {"VENV": sys.prefix, "DATA_DIR": str(tmp_path / "data"), "PORT": "0", "DEMO": "0"}
    environment = os.environ | usual | settings
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(["./start"], cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=60)


def assert_refused(answer: subprocess.CompletedProcess[str], *words: str) -> None:
    assert answer.returncode == 1, answer
    assert answer.stdout == ""
    assert answer.stderr.count("\n") == 1, answer.stderr
    for word in words:
        assert word in answer.stderr


def test_a_port_in_use(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])

        answer = start(tmp_path, PORT=port)

    assert_refused(answer, port, "in use", "PORT")
    assert not (tmp_path / "data").exists(), "the port comes first"


@pytest.mark.parametrize(
    "name, text", [("PORT", "http"), ("WEB_CONCURRENCY", "0"), ("WEB_THREADS", "abc"), ("HTTPS", "ture")]
)
def test_a_variable_that_cannot_be(tmp_path, name, text):
    assert_refused(start(tmp_path, **{name: text}), name, text)
    assert not (tmp_path / "data").exists(), "it is said before anything is made"


def test_a_python_that_is_too_old(tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)

    assert_refused(start(tmp_path, PYTHON=str(old)), "3.11", str(old))


def test_a_database_that_refuses(tmp_path):
    assert_refused(start(tmp_path, DATABASE_URL="postgres://ada@127.0.0.1:1/hub"), "database", "refused")


def test_a_data_folder_of_another_version(tmp_path):
    data = tmp_path / "data/postgresql/data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("13\n")

    assert_refused(start(tmp_path), "PostgreSQL 13", str(data))


def test_a_data_folder_that_is_none(tmp_path):
    (tmp_path / "data").write_text("a file\n")

    assert_refused(start(tmp_path), str(tmp_path / "data"))


def test_a_server_that_is_too_old(tmp_path):
    with old_server("14.18") as port:
        answer = start(tmp_path, DATABASE_URL=f"postgres://ada@127.0.0.1:{port}/hub?sslmode=disable")

    assert_refused(answer, "PostgreSQL 14", "15 or newer")


@pytest.mark.parametrize("url", ["hub", "sqlite:///hub", "postgres://ada@here:there/hub"])
def test_a_database_address_that_is_none(tmp_path, url):
    assert_refused(start(tmp_path, DATABASE_URL=url), "DATABASE_URL", "postgres://user:password@host")


def test_a_python_without_ensurepip(tmp_path):
    """As an ordinary user, who cannot have it installed."""
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util\n"
        "find_spec = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: None if name == 'ensurepip' else find_spec(name, *rest)\n"
        "import os\n"
        "os.geteuid = lambda: 1000\n"
    )

    answer = start(tmp_path, VENV=str(tmp_path / "venv"), PYTHONPATH=str(tmp_path))

    assert_refused(answer, f"python3.{sys.version_info.minor}-venv")


@contextmanager
def old_server(version: str) -> Iterator[int]:
    """A server that greets every client as PostgreSQL of that version does, and knows no more; its port."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("!I", len(body) + 4) + body

    def parameter(name: str, value: str) -> bytes:
        return message(b"S", f"{name}\0{value}\0".encode())

    greeting = message(b"R", struct.pack("!I", 0)) + parameter("server_version", version)
    greeting += parameter("client_encoding", "UTF8") + parameter("TimeZone", "UTC") + message(b"Z", b"I")

    nothing = message(b"T", struct.pack("!H", 0)) + message(b"C", b"SELECT 0\0") + message(b"Z", b"I")

    def serve() -> None:
        while True:
            with suppress(ConnectionError):
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                with client:
                    client.recv(10_000)
                    client.sendall(greeting)
                    while client.recv(10_000):
                        client.sendall(nothing)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
