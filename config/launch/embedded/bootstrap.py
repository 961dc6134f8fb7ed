"""Who may connect to the embedded server, and the role and database of the application."""

import psycopg
from psycopg import sql

from config.launch.embedded.location import DATABASE, ROLE, Place
from config.launch.embedded.owner import Owner, name_of_this_user

ACCESS = "local all all peer map=counterpart\n"


def write_access_rules(place: Place, owner: Owner) -> None:
    """Let in the user of this process and the owner of the cluster, whom the kernel names; nobody else, no password."""
    users = sorted({name_of_this_user(), owner.name})
    rules = [f'counterpart "{user}" {role}\n' for user in users for role in (ROLE, "postgres")]
    for name, text in {"pg_hba.conf": ACCESS, "pg_ident.conf": "".join(rules)}.items():
        path = place.folder / name
        path.write_text(text)
        path.chmod(0o644 if owner.dropped else 0o600)


def prepare_roles(place: Place) -> None:
    """Have the application's role, which is no superuser and owns its database; tests may also make databases."""
    with superuser(place) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(ROLE)))
            if not place.durable:
                connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(ROLE)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(ROLE))
            )


def superuser(place: Place) -> psycopg.Connection:
    """A connection as the superuser of the cluster, for what the application's role may not do."""
    return psycopg.connect(host=str(place.socket), port=5432, user="postgres", dbname="postgres", autocommit=True)
