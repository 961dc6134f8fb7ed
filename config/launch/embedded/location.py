"""
Where a cluster and its socket lie, and the address that follows from it.

Links remember what was decided once: `postgresql` leads to /var/lib/counterpart when root's database user cannot walk
into the data folder, `socket` leads to a temporary folder when the path would be too long for a Unix socket.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.launch.embedded.owner import Owner, make_shared_state
from config.launch.errors import CannotStart

ROLE = DATABASE = "counterpart"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET = 100


@dataclass(frozen=True)
class Place:
    """The folder that holds a cluster with all that belongs to it; `durable` is false for one that is thrown away."""

    folder: Path
    durable: bool = True

    @property
    def home(self) -> Path:
        """The folder, links followed, as the database's user must name it."""
        return self.folder.resolve()

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def socket(self) -> Path:
        """The folder of the socket, links followed, as a client must name it."""
        return (self.folder / "socket").resolve()

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"


def place_under(data_folder: Path) -> Place:
    return Place(data_folder / "postgresql")


def address(place: Place, database: str = DATABASE) -> dict[str, str]:
    """How Django and psycopg reach a database at this place; nothing is started or looked up but links."""
    return {"NAME": database, "USER": ROLE, "PASSWORD": "", "HOST": str(place.socket), "PORT": "5432"}


def make_place(place: Place, owner: Owner) -> None:
    """Make the folder, in the data folder or, where that is closed to the owner, under /var/lib/counterpart."""
    if place.folder.is_dir():
        return
    if place.folder.is_symlink():
        raise CannotStart(f"The database was in {os.readlink(place.folder)}, which is gone; remove {place.folder}.")
    place.folder.parent.mkdir(parents=True, exist_ok=True)
    if owner.can_enter(place.folder.parent):
        _make_folder(place.folder, owner)
        return
    elsewhere = Path(tempfile.mkdtemp(prefix="postgresql-", dir=make_shared_state()))
    elsewhere.chmod(0o711)
    place.folder.symlink_to(elsewhere)


def make_socket_folder(place: Place, owner: Owner) -> None:
    """Make the folder of the socket anew, 0700 and the owner's, short enough whatever the path of the project."""
    remove_socket_folder(place)
    link = place.folder / "socket"
    if len(os.fsencode(place.home / "socket" / SOCKET_NAME)) <= LONGEST_SOCKET:
        owner.make_private(link)
        return
    elsewhere = Path(tempfile.mkdtemp(prefix="counterpart-", dir=_short_temporary_folder(owner)))
    if owner.dropped:
        os.chown(elsewhere, owner.uid, owner.gid)
    link.symlink_to(elsewhere)


def remove_socket_folder(place: Place) -> None:
    """Remove the folder of the socket, and the temporary one that it leads to."""
    link = place.folder / "socket"
    shutil.rmtree(place.socket, ignore_errors=True)
    link.unlink(missing_ok=True)


def _make_folder(folder: Path, owner: Owner) -> None:
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711 if owner.dropped else 0o700)


def _short_temporary_folder(owner: Owner) -> str:
    usual = tempfile.gettempdir()
    fits = len(os.fsencode(usual)) <= LONGEST_SOCKET - len("/counterpart-12345678/") - len(SOCKET_NAME)
    return usual if fits and owner.can_enter(Path(usual)) else "/tmp"  # noqa: S108 (mkdtemp makes a private one in it)
