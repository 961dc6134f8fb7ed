"""
The embedded PostgreSQL: a private server that belongs to this project, run from the binaries of a pip package.

    with in_use(place_under(data_folder())):
        ...                                     # the database answers at address(place)

Every user of it holds a shared lock; whoever leaves last stops the server. A server that somebody else started, or that
a killed `./start` left behind, is adopted. What lies where:

    DATA_DIR/postgresql/            a folder, or a link to one under /var/lib/counterpart (see `place`)
        users.lock  start.lock      who uses it, who is starting it
        pg_hba.conf  pg_ident.conf  who may connect: this operating-system user, over the socket, as nobody else
        postgres.log
        data/                       the cluster, 0700
        socket/                     the socket's folder, 0700, or a link to a temporary one when the path is long
"""

from config.launch.embedded.location import Place, address, place_under
from config.launch.embedded.users import in_use

__all__ = ["Place", "address", "in_use", "place_under"]
