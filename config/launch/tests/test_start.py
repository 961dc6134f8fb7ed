"""`./start` as a newcomer runs it: from a clone, to an answer, and back to nothing left running."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from config.tests.clone import Clone

pytestmark = pytest.mark.process


@pytest.fixture
def clones(run_folder: Path, request):
    """Makes clones under the run's folder and, at the end, kills what a failed test left running."""
    base = run_folder / f"clones-{os.getpid()}-{abs(hash(request.node.nodeid))}"
    base.mkdir()
    made: list[Clone] = []

    def make(name: str = "clone", **options) -> Clone:
        made.append(Clone(base / name, **options))
        return made[-1]

    yield make
    for clone in made:
        clone.end()


@pytest.fixture
def with_this_environment() -> dict[str, str]:
    """Settings for a clone that needs no `.venv` of its own."""
    return {"VENV": sys.prefix}


@pytest.fixture(scope="module")
def used_clone(run_folder: Path):
    """A clone that was started once and has ended: what it begins with next time is made already."""
    clone = Clone(run_folder / f"clones-{os.getpid()}-used", settings={"VENV": sys.prefix, "DEMO": "0"})
    try:
        assert clone.start().wait_until_ready().stop() == 0
        yield clone
    finally:
        clone.end()


on_used_clone = pytest.mark.xdist_group("used clone")  # so that one worker makes it


def _modes(folder: Path) -> dict[Path, int]:
    return {path: stat.S_IMODE(path.stat().st_mode) for path in folder.parents}


def test_runs_in_a_path_longer_than_120_characters(clones):
    clone = clones("long-" * 30)
    modes = _modes(clone.folder)

    first = clone.start().wait_until_ready()
    socket = clone.location.socket

    assert len(str(clone.folder)) > 120
    assert len(str(socket)) < 100
    assert stat.S_IMODE(socket.stat().st_mode) == (0o710 if os.geteuid() == 0 else 0o700)
    assert "password" in first.output
    assert first.stop() == 0
    assert clone.postmaster() is None
    assert not socket.exists()

    second = clone.start().wait_until_ready()

    assert "password" not in second.output, "the second start finds the data of the first"
    assert second.seconds < first.seconds
    assert second.stop(signal.SIGINT) == 0
    assert clone.postmaster() is None
    assert _modes(clone.folder) == modes


def test_runs_as_an_ordinary_user(clones, python_of_everyone):
    user = "nobody" if os.geteuid() == 0 else None
    clone = clones(user=user, settings={"PYTHON": python_of_everyone})

    started = clone.start(DEMO="0", ADMIN_PASSWORD="chosen").wait_until_ready()

    assert "as ADMIN_PASSWORD says" in started.output
    assert "chosen" not in started.output
    assert clone.location.data.stat().st_uid == (clone.folder / "manage.py").stat().st_uid
    assert stat.S_IMODE((clone.folder / "var/secret_key").stat().st_mode) == 0o600
    assert started.stop() == 0
    assert clone.postmaster() is None


def test_runs_twice_at_once(clones):
    clone = clones()

    one, two = clone.start(), clone.start()
    one.wait_until_ready()
    two.wait_until_ready()
    server = clone.postmaster()

    assert ("shown only now" in one.output) != ("shown only now" in two.output), "one of them made the superuser"
    assert one.url != two.url
    assert one.stop() == 0
    assert clone.postmaster() == server, "the second still uses it"
    assert two.get("/readyz") == 200
    assert two.stop() == 0
    assert clone.postmaster() is None


@on_used_clone
def test_adopts_the_server_that_a_killed_one_left(used_clone):
    first = used_clone.start().wait_until_ready()
    server = used_clone.postmaster()

    first.stop(signal.SIGKILL)
    second = used_clone.start().wait_until_ready()

    assert used_clone.postmaster() == server
    assert second.stop() == 0
    assert used_clone.postmaster() is None


@on_used_clone
def test_recovers_when_the_server_was_killed_too(used_clone):
    first = used_clone.start().wait_until_ready()

    os.kill(used_clone.postmaster(), signal.SIGKILL)
    first.stop(signal.SIGKILL)
    second = used_clone.start().wait_until_ready()

    assert "password" not in second.output
    assert second.stop() == 0


@on_used_clone
def test_lets_in_only_its_own_user_who_is_no_superuser(used_clone):
    started = used_clone.start().wait_until_ready()

    with psycopg.connect(host=str(used_clone.location.socket), user="counterpart", dbname="counterpart") as connection:
        permissions = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(permissions).fetchone() == (False, False, False)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    with psycopg.connect(host=str(used_clone.location.socket), user="postgres", dbname="postgres") as connection:
        methods = connection.execute("SELECT type, auth_method FROM pg_hba_file_rules").fetchall()
    started.stop()

    assert methods == [("local", "peer")]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_goes_elsewhere_when_a_folder_above_is_closed_to_others(clones, with_this_environment):
    clone = clones(settings=with_this_environment | {"DEMO": "0"})
    closed = clone.folder / "closed"
    closed.mkdir(mode=0o700)

    clone.start(DATA_DIR="closed/data").wait_until_ready().stop()
    elsewhere = (closed / "data/postgresql").resolve()
    kept = clone.start(DATA_DIR="closed/data").wait_until_ready()
    kept.stop()

    try:
        assert elsewhere.parent == Path("/var/lib/counterpart")
        assert (elsewhere / "data/PG_VERSION").exists()
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert "password" not in kept.output
    finally:
        shutil.rmtree(elsewhere)


@pytest.fixture
def python_of_everyone() -> str:
    """A Python that any user of this machine may run, and that can make environments."""
    as_anyone = {"user": "nobody", "extra_groups": []} if os.geteuid() == 0 else {}
    check = "import sys, ensurepip; sys.exit(sys.version_info < (3, 11))"
    for python in ("/usr/bin/python3", "/usr/local/bin/python3", sys._base_executable):
        try:
            if subprocess.run([python, "-c", check], capture_output=True, cwd="/", **as_anyone).returncode == 0:
                return python
        except OSError:
            continue
    pytest.fail("Every Python of this machine is closed to ordinary users.")
