"""The access rules of the embedded server, and the role and database of the application."""

import psycopg
from psycopg import sql

from config.launch.embedded.location import DATABASE, ROLE, ClusterLocation
from config.launch.embedded.owner import Owner, get_user_name

ACCESS = "local all all peer map=counterpart\n"


def write_access_rules(location: ClusterLocation, owner: Owner) -> None:
    """Let in the user of this process and the owner of the cluster, whom the kernel names; nobody else, no password."""
    # `peer` asks the kernel who is at the other end of the socket; `pg_ident.conf` says which roles that user may take.
    users = sorted({get_user_name(), owner.name})
    rules = [f'counterpart "{user}" {role}\n' for user in users for role in (ROLE, "postgres")]
    for name, text in {"pg_hba.conf": ACCESS, "pg_ident.conf": "".join(rules)}.items():
        path = location.folder / name
        path.write_text(text)
        path.chmod(0o644 if owner.is_other_user else 0o600)


def prepare_roles(location: ClusterLocation) -> None:
    """Create the application's role, which is no superuser, and its database, unless they exist."""
    with connect_as_superuser(location) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(ROLE)))
            if not location.durable:  # tests clone a template database for each worker
                connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(ROLE)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(ROLE))
            )


def connect_as_superuser(location: ClusterLocation) -> psycopg.Connection:
    """Open a connection as the superuser of the cluster, for what the application's role may not do."""
    return psycopg.connect(host=str(location.socket), port=5432, user="postgres", dbname="postgres", autocommit=True)
