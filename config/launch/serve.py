"""
`./start`: the database, the migrations, the first run, the web server; and back, in the opposite order.

    python -m config.launch.serve

What stands in the way is one line on stderr, and exit 1.
"""

import errno
import os
import signal
import socket
import sys
import time
from contextlib import AbstractContextManager, nullcontext

from config.addresses import format_addresses
from config.launch.embedded import Supervisor, cluster_location, use_server
from config.launch.errors import StartError
from config.launch.memory import limit_arenas
from config.launch.paths import data_folder
from config.launch.variables import check_variables, read_number
from config.secret_key import ensure_secret_key

PATIENCE = 2.0  # seconds for the processes of a killed server to leave their port


def main() -> int:
    # Until gunicorn installs its own: a signal must unwind the `with` below, or the embedded server would stay behind.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        check_variables()
        limit_arenas()
        with listen() as listener, database():
            serve(listener)
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def listen() -> socket.socket:
    """Take the port before anything else is done; PORT=0 takes a free one. Raises StartError."""
    host, port = os.environ.get("HOST", "127.0.0.1"), read_number("PORT")
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
            return socket.create_server((host, port), family=family, backlog=1024)
        except OSError as error:
            is_taken = error.errno == errno.EADDRINUSE
            if is_taken and time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            reason = "it is in use" if is_taken else error.strerror or str(error)
            raise StartError(f"Cannot serve on {host}, port {port}: {reason}. HOST and PORT choose another.") from None


def database() -> AbstractContextManager[None]:
    """Return the context that runs the embedded server, unless DATABASE_URL names another."""
    return nullcontext() if _is_elsewhere() else use_server(cluster_location(data_folder()))


def database_supervisor() -> Supervisor | None:
    """Return what keeps the embedded server running; None where DATABASE_URL names another."""
    low_bytes = read_number("DISK_LOW_MB") * 2**20
    return None if _is_elsewhere() else Supervisor(cluster_location(data_folder()), low_bytes=low_bytes)


def _is_elsewhere() -> bool:
    return bool(os.environ.get("DATABASE_URL"))


def serve(listener: socket.socket) -> None:
    """Prepare the database and serve until a signal stops us; ends by SystemExit, as gunicorn does."""
    try:
        ensure_secret_key(data_folder())
    except OSError as error:
        raise StartError(f"DATA_DIR cannot be used: {error}") from None

    # Only now: the settings read the secret key, and the address of a database that runs.
    from config.launch.prepare import prepare
    from config.launch.server_process import ServerProcess

    message = prepare()
    host, port = listener.getsockname()[:2]
    base = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    supervisor = database_supervisor()
    try:
        ServerProcess(listener, greeting=format_addresses(base) + message, supervisor=supervisor).run()
    finally:
        if supervisor:
            supervisor.end()


if __name__ == "__main__":
    sys.exit(main())
