"""
The folders of a cluster and of its socket, and the connection settings that follow from them.

Links remember what was decided once: `postgresql` leads to /var/lib/counterpart when root's database user cannot walk
into the data folder, `socket` leads to a temporary folder when the path would be too long for a Unix socket.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.launch.embedded.owner import Owner, find_web_user, make_shared_state
from config.launch.errors import StartError

ROLE = DATABASE = "counterpart"
SOCKET_NAME = ".s.PGSQL.5432"
MAX_SOCKET_PATH = 100


@dataclass(frozen=True)
class ClusterLocation:
    """The folder that holds a cluster with all that belongs to it; `durable` is false for a temporary one of tests."""

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


def cluster_location(data_folder: Path) -> ClusterLocation:
    """The location of the one durable cluster of a data folder."""
    return ClusterLocation(data_folder / "postgresql")


def connection_settings(location: ClusterLocation, database: str = DATABASE) -> dict[str, str]:
    """
    The entry of Django's DATABASES that reaches a database of the cluster: NAME, USER, PASSWORD, HOST and PORT.

    Nothing is started, and nothing looked up but links: settings are read before there is a server.
    """
    return {"NAME": database, "USER": ROLE, "PASSWORD": "", "HOST": str(location.socket), "PORT": "5432"}


def make_cluster_folder(location: ClusterLocation, owner: Owner) -> None:
    """
    Make the folder in the data folder or, where that is closed to the owner, under /var/lib/counterpart.

    Raises StartError when the folder was elsewhere and is gone.
    """
    if location.folder.is_dir():
        return
    if location.folder.is_symlink():  # is_dir() follows links, so this one leads nowhere: never start an empty database
        raise StartError(
            f"The database was in {os.readlink(location.folder)}, which is gone; remove {location.folder}."
        )
    location.folder.parent.mkdir(parents=True, exist_ok=True)
    if owner.can_enter(location.folder.parent):
        _create_folder(location.folder, owner)
        return
    elsewhere = Path(tempfile.mkdtemp(prefix="postgresql-", dir=make_shared_state()))
    elsewhere.chmod(0o711)
    location.folder.symlink_to(elsewhere)


def make_socket_folder(location: ClusterLocation, owner: Owner) -> None:
    """
    Make the folder of the socket anew, short enough whatever the path of the project.

    It is the owner's, 0700; when root starts us, its group is the web processes', who may walk through: 0710.
    """
    # The kernel allows 107 bytes for the address of a Unix socket (sun_path), and PostgreSQL refuses longer ones.
    remove_socket_folder(location)
    link = location.folder / "socket"
    if len(os.fsencode(location.home / "socket" / SOCKET_NAME)) <= MAX_SOCKET_PATH:
        owner.make_private(link)
    else:
        elsewhere = Path(tempfile.mkdtemp(prefix="counterpart-", dir=_short_temporary_folder(owner)))
        link.symlink_to(elsewhere)
    if web_user := find_web_user():
        os.chown(location.socket, owner.uid, web_user.gid)
        location.socket.chmod(0o710)


def remove_socket_folder(location: ClusterLocation) -> None:
    """Remove the folder of the socket, and the temporary one that it leads to."""
    link = location.folder / "socket"
    shutil.rmtree(location.socket, ignore_errors=True)
    link.unlink(missing_ok=True)


def _create_folder(folder: Path, owner: Owner) -> None:
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711 if owner.is_other_user else 0o700)  # 0711: the other user walks through, and cannot list


def _short_temporary_folder(owner: Owner) -> str:
    usual = tempfile.gettempdir()
    fits = len(os.fsencode(usual)) <= MAX_SOCKET_PATH - len("/counterpart-12345678/") - len(SOCKET_NAME)
    return usual if fits and owner.can_enter(Path(usual)) else "/tmp"  # noqa: S108 (mkdtemp makes a private one in it)
