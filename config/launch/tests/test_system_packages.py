"""Programs that a machine may lack: a skip that is loud, or a failure when all is required."""

import os
import subprocess
import sys

import pytest

from config.launch.paths import BASE_DIR
from config.launch.suite import steps
from config.launch.system_packages import PROGRAMS

pytestmark = pytest.mark.process

A_TEST = "def test_needs_{name}({name}):\n    pass\n\n\n"
OPTIONS = ["-q", "-rsE", "-p", "config.tests.fixtures", "-p", "no:django", "-p", "no:cacheprovider"]
# As `pytest -rsE` begins the line that tells of a test.
OUTCOMES = {"skipped loudly": ("SKIPPED", {}), "failed when all is required": ("ERROR", {"REQUIRE_ALL": "1"})}


@pytest.fixture(scope="module", params=OUTCOMES.values(), ids=OUTCOMES)
def outcome_and_lines(request, tmp_path_factory) -> tuple[str, list[str]]:
    """An outcome, and what a run says that has a test for each program on a machine whose PATH is empty."""
    outcome, environment = request.param
    folder = tmp_path_factory.mktemp("programs")
    test = folder / "test_needs.py"
    test.write_text("".join(A_TEST.format(name=name) for name in PROGRAMS))
    command = [sys.executable, "-m", "pytest", *OPTIONS, "--rootdir", str(folder), "-c", os.devnull, str(test)]
    usual = {"PATH": str(folder), "PYTHONPATH": str(BASE_DIR), "COLUMNS": "1000"}  # so wide that no line is cut
    answer = subprocess.run(command, cwd=folder, env=usual | environment, capture_output=True, text=True, check=False)

    assert answer.returncode == (1 if environment else 0), answer.stdout + answer.stderr
    return outcome, answer.stdout.splitlines()


@pytest.mark.xdist_group("programs")
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_test_without_its_program_is(outcome_and_lines, name):
    outcome, lines = outcome_and_lines

    told = [line for line in lines if f"This machine has no {name} " in line]
    assert [line.split()[0] for line in told if line.startswith(("SKIPPED", "ERROR"))] == [outcome]


def test_ci_runs_the_same_with_all_required():
    script = (BASE_DIR / ".ci/run").read_text()

    assert "REQUIRE_ALL=1 ./test" in script


def test_arguments_go_to_pytest():
    name, command, _settings = steps(["-k", "parts"])[-1]

    assert name == "tests"
    assert command[-2:] == ["-k", "parts"]
