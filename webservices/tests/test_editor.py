"""The editor of the test page is what its sources build."""

import subprocess

import pytest

from config.machine import EDITOR
from config.places import BASE_DIR

BUILT = BASE_DIR / "webservices/static/webservices/editor"


@pytest.mark.process
def test_is_built_of_its_sources_and_says_their_licences(esbuild, tmp_path):
    subprocess.run([esbuild, "build.mjs", str(tmp_path)], cwd=EDITOR, check=True, capture_output=True, timeout=120)

    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert built == {path.name: path.read_bytes() for path in BUILT.iterdir()}
