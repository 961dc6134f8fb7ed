"""
The project's own Python environment: made on the first run, kept up to date with the pinned requirements.

    python3 -m config.launch.environment requirements.txt config.launch.serve [arguments]

makes `.venv` (or the folder that `VENV` names), installs what the file pins, and goes on as
`python -m config.launch.serve` in it. A stamp per requirements file makes the next run quick (`-dev` includes the
other); a lock lets two runs at once share the work. Runs before anything is installed: the standard library only.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from config.launch.errors import StartError
from config.launch.paths import BASE_DIR

LOCK = "counterpart.lock"


def main(requirements: str, module: str, *arguments: str) -> int:
    venv = BASE_DIR / os.environ.get("VENV", ".venv")
    try:
        ensure_environment(venv, BASE_DIR / requirements)
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    python = str(venv / "bin/python")
    # In place of this process, so that a signal to it reaches the server.
    os.execv(python, [python, "-m", module, *arguments])


def ensure_environment(venv: Path, requirements: Path) -> None:
    """Make the environment, or bring it up to date with the requirements file; raises StartError."""
    if _is_current(venv, requirements):
        return
    try:
        venv.mkdir(parents=True, exist_ok=True)
        lock = (venv / LOCK).open("w")
    except OSError as error:
        raise StartError(f"The Python environment cannot be made: {error}") from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_current(venv, requirements):  # another run may have built it while this one waited
            _build(venv, requirements)


def _is_current(venv: Path, requirements: Path) -> bool:
    try:
        return _stamp(venv, requirements).read_text() == _digest(requirements) and _works(venv)
    except OSError:
        return False


def _build(venv: Path, requirements: Path) -> None:
    _require_ensurepip()
    if not _works(venv):
        for path in venv.iterdir():
            if path.name != LOCK:  # others wait for it: a new file of that name would be another lock
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        _say(f"Making the Python environment {venv}")
        _run([sys.executable, "-m", "venv", venv], "Python could not make an environment")
    _say(f"Installing {requirements.name}")
    pip: list[str | Path] = [
        venv / "bin/python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
    ]
    _run([*pip, "--requirement", requirements], f"{requirements.name} could not be installed")
    for installed in {requirements, requirements.with_name(requirements.name.replace("-dev", ""))}:
        _stamp(venv, installed).write_text(_digest(installed))


def _works(venv: Path) -> bool:
    try:
        command: list[str | Path] = [venv / "bin/python", "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _require_ensurepip() -> None:
    """Install ensurepip, which Debian leaves out of its Python; without root, raise StartError with its name."""
    if importlib.util.find_spec("ensurepip"):
        return
    package = f"python3.{sys.version_info.minor}-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        from config.launch.system_packages import install_packages

        _say(f"Installing {package}")
        install_packages([package])
        importlib.invalidate_caches()
        if importlib.util.find_spec("ensurepip"):
            return
    raise StartError(f"This Python cannot make environments: install the package {package}, or set PYTHON to another.")


def _stamp(venv: Path, requirements: Path) -> Path:
    return venv / f"{requirements.name}.sha256"


def _digest(requirements: Path) -> str:
    return hashlib.sha256(requirements.read_bytes()).hexdigest()


def _run(command: list[str | Path], failure: str) -> None:
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        lines = (answer.stderr.strip() or answer.stdout.strip()).splitlines()
        errors = [line for line in lines if line.startswith("ERROR")] or lines or ["it does not say why"]
        raise StartError(f"{failure}: {errors[-1]}")


def _say(line: str) -> None:
    sys.stderr.write(f"{line} …\n")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
