"""The embedded PostgreSQL, in one process; `test_start` has it in several."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from config.launch.embedded import ClusterLocation, binaries, owner, use_server
from config.launch.embedded.server import find_postmaster

pytestmark = pytest.mark.process


@pytest.fixture
def location(run_folder: Path, request):
    folder = run_folder / f"embedded-{os.getpid()}-{abs(hash(request.node.nodeid))}"
    folder.mkdir()
    location = ClusterLocation(folder / "postgresql", durable=False)
    yield location
    if number := find_postmaster(location):
        os.kill(number, signal.SIGQUIT)
    shutil.rmtree(folder)


def ask(location: ClusterLocation, question: str) -> object:
    with psycopg.connect(host=str(location.socket), user="counterpart", dbname="counterpart") as connection:
        return connection.execute(question).fetchone()[0]


def test_runs_while_it_is_used(location):
    with use_server(location):
        assert ask(location, "SELECT current_user") == "counterpart"

    assert find_postmaster(location) is None
    assert not location.socket.exists()


def test_sorts_by_code_point(location):
    with use_server(location):
        assert (
            ask(location, "SELECT string_agg(word, '' ORDER BY word) FROM unnest('{b,A,a,B,é,Z}'::text[]) word")
            == "ABZabé"
        )


def test_stops_when_its_user_fails(location):
    with pytest.raises(ZeroDivisionError), use_server(location):
        raise ZeroDivisionError

    assert find_postmaster(location) is None


def test_stops_though_a_process_of_it_hangs(location, monkeypatch):
    monkeypatch.setattr("config.launch.embedded.server.FAST_SECONDS", 0.5)
    location = replace(location, durable=True)
    with use_server(location):
        connection = psycopg.connect(host=str(location.socket), user="counterpart", dbname="counterpart")
        connection.execute("CREATE TABLE committed ()")
        connection.commit()
        os.kill(connection.info.backend_pid, signal.SIGSTOP)  # so it does not hear that it is to end

    assert find_postmaster(location) is None
    with use_server(location):
        assert ask(location, "SELECT count(*) FROM committed") == 0


def test_is_shared_by_those_who_use_it(location):
    with use_server(location):
        server = find_postmaster(location)
        with use_server(location):
            assert find_postmaster(location) == server

        assert find_postmaster(location) == server

    assert find_postmaster(location) is None


def test_goes_on_when_a_forked_process_leaves(location):
    """As gunicorn's workers do, which end by SystemExit inside the `with` of their parent."""
    parent = os.getpid()
    try:
        with use_server(location):
            child = os.fork()
            if child == 0:
                raise SystemExit
            os.waitpid(child, 0)

            assert ask(location, "SELECT 1") == 1
    finally:
        if os.getpid() != parent:
            os._exit(0)


def test_believes_no_stale_process_id(location):
    with use_server(location):
        pass
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    (location.data / "postmaster.pid").write_text(f"{other.pid}\n{location.data}\n")

    with use_server(location):
        assert ask(location, "SELECT 1") == 1

    assert other.poll() is None, "somebody else's process was left alone"
    other.communicate(b"\n")


def test_starts_anew_when_the_socket_is_gone(location):
    with use_server(location):
        server = find_postmaster(location)
        shutil.rmtree(location.socket)
        with use_server(location):
            assert ask(location, "SELECT 1") == 1
            assert find_postmaster(location) != server


def test_clears_away_a_cluster_that_is_half_made(location):
    with use_server(location):
        pass
    location.data.rename(location.data.with_name("data.new"))

    with use_server(location):
        assert ask(location, "SELECT 1") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_copies_the_programs_to_where_its_user_may_run_them(run_folder, monkeypatch):
    shared = run_folder / f"shared-{os.getpid()}"
    monkeypatch.setattr(owner, "SHARED_STATE", shared)
    monkeypatch.setattr(binaries, "SHARED_STATE", shared)
    usual = os.umask(0o077)
    try:
        copy = binaries._copy_for_others(binaries._find_in_package())
    finally:
        os.umask(usual)

    answer = owner.find_owner().run([copy / "postgres", "--version"])

    assert copy.is_relative_to(shared)
    assert "PostgreSQL" in answer.stdout
