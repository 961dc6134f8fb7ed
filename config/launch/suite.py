"""
The checks of `./test`, one step after the other; a step that fails does not hide the next.

    python -m config.launch.suite [arguments for pytest]
"""

import os
import subprocess
import sys
import time

from config.launch.paths import BASE_DIR
from config.launch.system_packages import ensure_programs

WORKERS = 3  # on two cores: many tests wait for a process or the database; a fourth takes more than it gives

# The settings of a site behind a proxy that speaks TLS, for that is where `check --deploy` applies.
DEPLOYMENT_SETTINGS = {
    "HTTPS": "1",
    "TRUST_PROXY": "1",
    "SECRET_KEY": "for `check --deploy` only, and long enough for it to be content",
}


def main(arguments: list[str]) -> int:
    """Run every step; return 0 when all pass."""
    missing = ensure_programs()
    required = os.environ.get("REQUIRE_ALL") == "1"
    for program in missing:
        consequence = "FAILURE" if required else "SKIPPED"
        _say(f"!!! {consequence}: no {program.name} on this machine, so without {program.purpose}")
    failed = ["machine"] if missing and required else []
    failed += [name for name, command, settings in steps(arguments) if not _run_step(name, command, settings)]
    _say(f"Failed: {', '.join(failed)}" if failed else "All passed")
    return 1 if failed else 0


def steps(arguments: list[str]) -> list[tuple[str, list[str], dict[str, str]]]:
    """The name, the command and the environment of each step."""
    manage = [sys.executable, "-W", "ignore::RuntimeWarning", "manage.py"]
    workers = os.environ.get("TEST_WORKERS", str(WORKERS))
    return [
        ("formatting", [sys.executable, "-m", "ruff", "format", "--check", "--quiet", "."], {}),
        ("lint", [sys.executable, "-m", "ruff", "check", "--quiet", "."], {}),
        (
            "layers",
            [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo"],
            {},
        ),
        ("types", [sys.executable, "-m", "mypy"], {}),
        ("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], DEPLOYMENT_SETTINGS),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"], {}),
        ("tests", [sys.executable, "-m", "pytest", "-q", "-n", workers, *arguments], {}),
    ]


def _run_step(name: str, command: list[str], settings: dict[str, str]) -> bool:
    _say(name)
    start = time.monotonic()
    outcome = subprocess.run(command, cwd=BASE_DIR, env=os.environ | settings, check=False)
    _say(f"{name}: {'ok' if outcome.returncode == 0 else 'FAILED'} ({time.monotonic() - start:.1f} s)")
    return outcome.returncode == 0


def _say(line: str) -> None:
    sys.stdout.write(f"── {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
