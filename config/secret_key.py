"""
The key that signs sessions: `SECRET_KEY`, else one that the first start makes in the data folder for its owner alone.

Settings only read it. Where there is none yet (a command before the first start, a test), the process makes do with one
of its own.
"""

import os
import secrets
from pathlib import Path


def secret_key(data_folder: Path) -> str:
    """The key to use in this process."""
    return os.environ.get("SECRET_KEY") or _read(data_folder / "secret_key") or secrets.token_urlsafe(50)


def have_secret_key(data_folder: Path) -> None:
    """Make the key on the first start, 0600; of two starts at once, one makes it."""
    path = data_folder / "secret_key"
    if os.environ.get("SECRET_KEY") or _read(path):
        return
    data_folder.mkdir(parents=True, exist_ok=True)
    mine = data_folder / f".secret_key.{os.getpid()}"
    mine.unlink(missing_ok=True)
    with open(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(mine, path)
    except FileExistsError:
        pass
    finally:
        mine.unlink()


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return ""
