"""A few processes are killed under load; the long form is `python -m benchmarks.crash`."""

import re
import subprocess
import sys

import pytest

from config.launch.paths import BASE_DIR

pytestmark = pytest.mark.process


def test_each_order_is_done_once_whatever_is_killed():
    command = [sys.executable, "-m", "benchmarks.crash", "--kills", "6", "--clients", "3"]

    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, timeout=300)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 × backend, 2 × postmaster, 2 × web process" in done.stdout
    assert re.search(r"started again [1-9][0-9]* times", done.stdout)
    assert "\n0 written without an exchange\n0 answered without an exchange\n0 twice\n0 missing\n" in done.stdout
    assert re.search(r"^[1-9][0-9,]* orders were answered", done.stdout, re.MULTILINE)
