"""The editor of the test page is what its sources build."""

import subprocess

import pytest

from config.launch.paths import BASE_DIR
from config.launch.system_packages import EDITOR

BUILT = BASE_DIR / "webservices/tester/static/tester/editor"


@pytest.mark.process
def test_is_built_of_its_sources_and_says_their_licences(esbuild, tmp_path):
    subprocess.run([esbuild, "build.mjs", str(tmp_path)], cwd=EDITOR, check=True, capture_output=True, timeout=120)

    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert built == {path.name: path.read_bytes() for path in BUILT.iterdir()}
