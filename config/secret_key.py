"""
The key that signs sessions: `SECRET_KEY`, else one that the first start makes in the data folder for its owner alone.

Settings only read it. When there is none yet (a command before the first start, a test), the process uses a key of its
own.
"""

import os
import secrets
from pathlib import Path


def secret_key(data_folder: Path) -> str:
    """Return the key to use in this process."""
    return os.environ.get("SECRET_KEY") or _read(data_folder / "secret_key") or secrets.token_urlsafe(50)


def ensure_secret_key(data_folder: Path) -> None:
    """Make the key file on the first start, mode 0600; of two starts at once, one makes it. Raises OSError."""
    path = data_folder / "secret_key"
    if os.environ.get("SECRET_KEY") or _read(path):
        return
    data_folder.mkdir(parents=True, exist_ok=True)
    # Written under a name of this process, then linked: link() fails if the file exists, and no reader sees half a key.
    draft = data_folder / f".secret_key.{os.getpid()}"
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return ""
