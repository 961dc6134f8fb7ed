"""Programs that a machine may lack: a skip that is loud, or a failure when all is required."""

import os
import subprocess
import sys

import pytest

from config.launch.paths import BASE_DIR
from config.launch.suite import steps
from config.launch.system_packages import PROGRAMS

pytestmark = pytest.mark.process

A_TEST = "def test_needs_it({name}):\n    pass\n"


def run_a_test_that_needs(name: str, folder, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one test with that fixture on a machine whose PATH is empty."""
    test = folder / "test_needs.py"
    test.write_text(A_TEST.format(name=name))
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "config.tests.fixtures", "-p", "no:django", str(test)]
    options = ["--rootdir", str(folder), "-c", os.devnull, "-p", "no:cacheprovider"]
    usual = {"PATH": str(folder), "PYTHONPATH": str(BASE_DIR), "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run([*command, *options], cwd=folder, env=usual | environment, capture_output=True, text=True)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_test_is_skipped_loudly(name, tmp_path):
    answer = run_a_test_that_needs(name, tmp_path)

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert f"This machine has no {name}" in answer.stdout


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_test_fails_when_all_is_required(name, tmp_path):
    answer = run_a_test_that_needs(name, tmp_path, REQUIRE_ALL="1")

    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert f"This machine has no {name}" in answer.stdout


def test_ci_runs_the_same_with_all_required():
    script = (BASE_DIR / ".ci/run").read_text()

    assert "REQUIRE_ALL=1 ./test" in script


def test_arguments_go_to_pytest():
    name, command, _settings = steps(["-k", "parts"])[-1]

    assert name == "tests"
    assert command[-2:] == ["-k", "parts"]
