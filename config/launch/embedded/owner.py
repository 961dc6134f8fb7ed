"""
The operating-system users that run PostgreSQL and the web processes when root starts them.

PostgreSQL refuses to run as root, so root drops to a user of its own. That user may not be able to walk into a folder
of root's: no permission is loosened for it, the files go elsewhere (see `location` and `binaries`).
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.launch.errors import StartError

SERVER_USER = "counterpart-postgres"
WEB_USER = "counterpart-web"
SHARED_STATE = Path("/var/lib/counterpart")
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Owner:
    """The user that runs PostgreSQL; `is_other_user` when root has dropped to a user of its own."""

    name: str
    uid: int
    gid: int
    is_other_user: bool

    def process_arguments(self) -> dict[str, Any]:
        """The arguments of `subprocess` that make a child this user's, far from our folders, locale and settings."""
        # Supplementary groups are dropped too: root's own would let the server read what only root should.
        identity = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other_user else {}
        return {"cwd": "/", "env": ENVIRONMENT, "stdin": subprocess.DEVNULL, "umask": 0o077, **identity}

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a command to its end as this user."""
        return subprocess.run(command, capture_output=True, text=True, check=False, **self.process_arguments())

    def can_enter(self, folder: Path) -> bool:
        """True if this user reaches what lies in the folder."""
        return not self.is_other_user or self.run(["test", "-x", folder]).returncode == 0

    def make_private(self, folder: Path) -> None:
        """Make a new folder that only this user may enter."""
        folder.mkdir(mode=0o700)
        if self.is_other_user:
            os.chown(folder, self.uid, self.gid)

    def write_private(self, path: Path, text: str) -> None:
        """Write a file that only this user, and root, may read; one that says the same already is left."""
        with suppress(OSError):
            if path.read_text() == text:  # on a full disk there would be none in its place
                return
        path.unlink(missing_ok=True)
        with open(path, "x", opener=open_private) as file:
            if self.is_other_user:
                os.fchown(file.fileno(), self.uid, self.gid)
            file.write(text)


def open_private(path: str, flags: int) -> int:
    """Open a file, as `opener` of `open`; from now on only its owner may read it, also when it was there already."""
    descriptor = os.open(path, flags, 0o600)
    with suppress(PermissionError):  # it is somebody else's, who lets us in
        os.fchmod(descriptor, 0o600)
    return descriptor


def make_shared_state() -> Path:
    """Return the folder of what cannot lie in the project; everybody may walk into it, whatever the umask."""
    if not SHARED_STATE.exists():
        SHARED_STATE.mkdir(parents=True, exist_ok=True)
        SHARED_STATE.chmod(0o755)
    return SHARED_STATE


def find_owner() -> Owner:
    """Return this process's user, or for root the user that it drops to, created when missing."""
    return _find_other(SERVER_USER) or Owner(get_user_name(), os.geteuid(), os.getegid(), is_other_user=False)


def find_web_user() -> Owner | None:
    """Return the user that the web processes of root drop to, created when missing; None for anybody but root."""
    return _find_other(WEB_USER)


def get_user_name() -> str:
    """Return the login name of this process's user, which PostgreSQL compares with its list."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise StartError(f"User id {os.geteuid()} has no name on this machine, and PostgreSQL needs one.") from None


def _find_other(name: str) -> Owner | None:
    if os.geteuid() != 0:
        return None
    entry = _find_user(name) or _create_user(name)
    return Owner(entry.pw_name, entry.pw_uid, entry.pw_gid, is_other_user=True)


def _find_user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _create_user(name: str) -> pwd.struct_passwd:
    # Debian and Fedora have useradd; Alpine (BusyBox) has only adduser, with options of its own.
    commands: dict[str, list[str | Path]] = {
        "useradd": [
            "--system",
            "--user-group",
            "--no-create-home",
            "--home-dir",
            SHARED_STATE,
            "--shell",
            "/bin/false",
        ],
        "adduser": ["-S", "-D", "-H", "-h", SHARED_STATE, "-s", "/bin/false"],
    }
    for program, options in commands.items():
        if path := shutil.which(program, path="/usr/sbin:/sbin:/usr/bin:/bin"):
            subprocess.run([path, *options, name], capture_output=True, check=False)
            if entry := _find_user(name):  # also when another ./start was quicker
                return entry
    raise StartError(f"The hub does not serve as root, and no user {name} could be made: add it, or start as another.")
