"""
`./test`: everything that is checked, one step after the other; a step that fails does not hide the next.

    python -m config.launch.suite [arguments for pytest]
"""

import os
import subprocess
import sys
import time

from config.launch.paths import BASE_DIR
from config.launch.system_packages import have_programs

WORKERS = 3  # on two cores: many tests wait for a process or the database; a fourth takes more than it gives

# As a site behind a proxy that speaks TLS is run, for that is where `check --deploy` applies.
DEPLOYED = {
    "HTTPS": "1",
    "TRUST_PROXY": "1",
    "SECRET_KEY": "for `check --deploy` only, and long enough for it to be content",
}


def main(arguments: list[str]) -> int:
    """Run every step; 0 when all are content."""
    missing = have_programs()
    required = os.environ.get("REQUIRE_ALL") == "1"
    for program in missing:
        what = "FAILURE" if required else "SKIPPED"
        _say(f"!!! {what}: no {program.name} on this machine, so without {program.purpose}")
    failed = ["machine"] if missing and required else []
    failed += [name for name, command, settings in steps(arguments) if not _passes(name, command, settings)]
    _say(f"Failed: {', '.join(failed)}" if failed else "All passed")
    return 1 if failed else 0


def steps(arguments: list[str]) -> list[tuple[str, list[str], dict[str, str]]]:
    """Name, command and settings of each step."""
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
        ("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], DEPLOYED),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"], {}),
        ("tests", [sys.executable, "-m", "pytest", "-q", "-n", workers, *arguments], {}),
    ]


def _passes(name: str, command: list[str], settings: dict[str, str]) -> bool:
    _say(name)
    began = time.monotonic()
    outcome = subprocess.run(command, cwd=BASE_DIR, env=os.environ | settings, check=False)
    _say(f"{name}: {'ok' if outcome.returncode == 0 else 'FAILED'} ({time.monotonic() - began:.1f} s)")
    return outcome.returncode == 0


def _say(line: str) -> None:
    sys.stdout.write(f"── {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
