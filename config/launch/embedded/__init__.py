"""
The embedded PostgreSQL: a private server that belongs to this project, run from the binaries of a pip package.

    with use_server(cluster_location(data_folder())):
        ...                                     # the database answers at connection_settings(location)

Every user of it holds a shared lock; whoever leaves last stops the server. A server that somebody else started, or that
a killed `./start` left behind, is adopted; one that is killed is started again (`supervisor`). What lies where:

    DATA_DIR/postgresql/            a folder, or a link to one under /var/lib/counterpart (see `location`)
        users.lock  start.lock      who uses it, who is starting it
        pg_hba.conf  pg_ident.conf  who may connect: this operating-system user, over the socket, as nobody else
        postgres.log
        data/                       the cluster, 0700
        socket/                     the socket's folder, 0700 (root's: 0710), or a link when the path is long
"""

from config.launch.embedded.location import ClusterLocation, cluster_location, connection_settings
from config.launch.embedded.supervisor import Supervisor, read_state
from config.launch.embedded.users import use_server

__all__ = ["ClusterLocation", "Supervisor", "cluster_location", "connection_settings", "read_state", "use_server"]
