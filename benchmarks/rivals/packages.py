"""
The packages of rivals: pinned beside this module, installed once into folders under DATA_DIR that nothing else uses.

    granian.txt, spyne.txt   for pip, beside the project's own environment, never in it
    node/package.json        for npm
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from config.launch.paths import data_folder

FOLDER = Path(__file__).parent
PATIENCE = 300.0  # seconds
CACHE = data_folder() / "benchmarks"  # of the user's DATA_DIR: a measurement sets its own one later


class NotInstalled(Exception):
    """A rival's packages could not be installed; the sentence says why."""


def install_python(name: str) -> Path:
    """Return the folder that has the packages of `{name}.txt`; raises NotInstalled."""
    pins = FOLDER / f"{name}.txt"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--requirement", str(pins), "--target"]
    return _install(name, pins.read_bytes(), lambda folder: [*command, str(folder)])


def install_node() -> Path:
    """Return the folder in which node finds its packages; raises NotInstalled."""
    if not shutil.which("node") or not (npm := shutil.which("npm")):
        raise NotInstalled("there is no node here")
    pins = FOLDER / "node" / "package.json"
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]

    def prepare(folder: Path) -> list[str]:
        shutil.copy(pins, folder)
        return [*command, "--prefix", str(folder)]

    return _install("node", pins.read_bytes(), prepare)


def _install(name: str, pins: bytes, prepare: Callable[[Path], list[str]]) -> Path:
    """Run the command that fills a new folder, unless one with the same pins is there already."""
    folder = CACHE / f"{name}-{sha256(pins).hexdigest()[:12]}"
    if folder.exists():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=CACHE))
    try:
        subprocess.run(prepare(fresh), check=True, capture_output=True, text=True, timeout=PATIENCE)  # noqa: S603 - pip, npm
    except (subprocess.SubprocessError, OSError) as error:
        shutil.rmtree(fresh, ignore_errors=True)
        lines = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        raise NotInstalled(lines[-1] if lines else "no reason was given") from None
    os.rename(fresh, folder)  # only whole ones are found again
    return folder
