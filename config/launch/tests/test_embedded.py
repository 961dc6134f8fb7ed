"""The embedded PostgreSQL, in one process; `test_start` has it in several."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from config.launch.embedded import Place, binaries, in_use, owner
from config.launch.embedded.server import postmaster

pytestmark = pytest.mark.process


@pytest.fixture
def place(run_folder: Path, request):
    folder = run_folder / f"embedded-{os.getpid()}-{abs(hash(request.node.nodeid))}"
    folder.mkdir()
    place = Place(folder / "postgresql", durable=False)
    yield place
    if number := postmaster(place):
        os.kill(number, signal.SIGQUIT)
    shutil.rmtree(folder)


def ask(place: Place, question: str) -> object:
    with psycopg.connect(host=str(place.socket), user="counterpart", dbname="counterpart") as connection:
        return connection.execute(question).fetchone()[0]


def test_runs_while_it_is_used(place):
    with in_use(place):
        assert ask(place, "SELECT current_user") == "counterpart"

    assert postmaster(place) is None
    assert not place.socket.exists()


def test_sorts_by_code_point(place):
    with in_use(place):
        assert (
            ask(place, "SELECT string_agg(word, '' ORDER BY word) FROM unnest('{b,A,a,B,é,Z}'::text[]) word")
            == "ABZabé"
        )


def test_stops_when_its_user_fails(place):
    with pytest.raises(ZeroDivisionError), in_use(place):
        raise ZeroDivisionError

    assert postmaster(place) is None


def test_is_shared_by_those_who_use_it(place):
    with in_use(place):
        server = postmaster(place)
        with in_use(place):
            assert postmaster(place) == server

        assert postmaster(place) == server

    assert postmaster(place) is None


def test_goes_on_when_a_forked_process_leaves(place):
    """As gunicorn's workers do, which end by SystemExit inside the `with` of their parent."""
    parent = os.getpid()
    try:
        with in_use(place):
            child = os.fork()
            if child == 0:
                raise SystemExit
            os.waitpid(child, 0)

            assert ask(place, "SELECT 1") == 1
    finally:
        if os.getpid() != parent:
            os._exit(0)


def test_believes_no_stale_process_id(place):
    with in_use(place):
        pass
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    (place.data / "postmaster.pid").write_text(f"{other.pid}\n{place.data}\n")

    with in_use(place):
        assert ask(place, "SELECT 1") == 1

    assert other.poll() is None, "somebody else's process was left alone"
    other.communicate(b"\n")


def test_starts_anew_when_the_socket_is_gone(place):
    with in_use(place):
        server = postmaster(place)
        shutil.rmtree(place.socket)
        with in_use(place):
            assert ask(place, "SELECT 1") == 1
            assert postmaster(place) != server


def test_clears_away_a_cluster_that_is_half_made(place):
    with in_use(place):
        pass
    place.data.rename(place.data.with_name("data.new"))

    with in_use(place):
        assert ask(place, "SELECT 1") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_copies_the_programs_to_where_its_user_may_run_them(run_folder, monkeypatch):
    shared = run_folder / f"shared-{os.getpid()}"
    monkeypatch.setattr(owner, "SHARED_STATE", shared)
    monkeypatch.setattr(binaries, "SHARED_STATE", shared)
    usual = os.umask(0o077)
    try:
        copy = binaries._copied_for_others(binaries._of_package())
    finally:
        os.umask(usual)

    answer = owner.owner_of_database().run([copy / "postgres", "--version"])

    assert copy.is_relative_to(shared)
    assert "PostgreSQL" in answer.stdout
