"""
The user of the web processes: when root starts the hub, they drop to one of their own.

Where a folder above the project, or above its Python, is closed to that user, nothing is opened for it: the processes
keep the one capability of root's that reads past a closed folder, and none that writes, signals or changes anything.
"""

import ctypes
import os
import sys
from dataclasses import dataclass

from config.launch.embedded.owner import Owner, find_web_user
from config.launch.errors import StartError
from config.launch.paths import BASE_DIR

KEEP_CAPABILITIES = 8  # PR_SET_KEEPCAPS of linux/prctl.h
READ_SEARCH = 1 << 2  # CAP_DAC_READ_SEARCH of linux/capability.h
VERSION_3 = 0x20080522  # of the structures that `capset` takes
# A module of the standard library, of the packages and of the project, and a file that is read late.
CHECK = "import json, django.forms, waitress, config.launch.paths as p; open(p.BASE_DIR / 'manage.py')"


@dataclass(frozen=True)
class WebUser:
    """The user to drop to; `reads_past` when folders above the project are closed to it."""

    owner: Owner
    reads_past: bool

    def prepare_drop(self) -> None:
        """Leave root's groups, and let its capabilities outlive the change of the user; called as root."""
        os.setgroups([])
        if self.reads_past:
            _call("prctl", KEEP_CAPABILITIES, 1, 0, 0, 0)

    def finish_drop(self) -> None:
        """Give up what is left of root, but for reading where the project is closed; called as the new user."""
        if self.reads_past:
            header = (ctypes.c_uint32 * 2)(VERSION_3, 0)
            # Effective, permitted, inheritable; the second three are of capabilities above 31.
            _call("capset", header, (ctypes.c_uint32 * 6)(READ_SEARCH, READ_SEARCH, 0, 0, 0, 0))
        if 0 in (os.getuid(), os.geteuid(), os.getgid(), os.getegid()):
            raise StartError("The web process is still root.")


def find_user_to_drop_to() -> WebUser | None:
    """Return the user that web processes drop to; None where nobody is root. Raises StartError."""
    if (owner := find_web_user()) is None:
        return None
    answer = owner.run(["env", f"PYTHONPATH={BASE_DIR}", "PYTHONDONTWRITEBYTECODE=1", sys.executable, "-c", CHECK])
    return WebUser(owner, reads_past=answer.returncode != 0)


def _call(name: str, *arguments: object) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments):
        raise StartError(f"The web process cannot give up root's rights: {os.strerror(ctypes.get_errno())}.")
