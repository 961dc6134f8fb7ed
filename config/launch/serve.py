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

from config.addresses import listed
from config.launch.embedded import in_use, place_under
from config.launch.errors import CannotStart
from config.launch.paths import data_folder
from config.secret_key import have_secret_key

PATIENCE = 2.0  # seconds for the processes of a killed server to leave their port


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        with listen() as listener, database():
            serve(listener)
    except CannotStart as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def listen() -> socket.socket:
    """Take the port before anything else is done; PORT=0 takes a free one."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    if not port.isdecimal():
        raise CannotStart(f"PORT is {port!r}, which is no number.")
    until = time.monotonic() + PATIENCE
    while True:
        try:
            family = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0][0]
            return socket.create_server((host, int(port)), family=family, backlog=1024)
        except (OSError, OverflowError) as error:
            in_use = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
            if in_use and time.monotonic() < until:
                time.sleep(0.1)
                continue
            reason = "it is in use" if in_use else getattr(error, "strerror", None) or str(error)
            raise CannotStart(f"Cannot serve on {host}, port {port}: {reason}. HOST and PORT choose another.") from None


def database() -> AbstractContextManager[None]:
    """The embedded server while we serve, unless DATABASE_URL names another."""
    return nullcontext() if os.environ.get("DATABASE_URL") else in_use(place_under(data_folder()))


def serve(listener: socket.socket) -> None:
    """Prepare the database and serve until told to stop; ends by SystemExit, as gunicorn does."""
    try:
        have_secret_key(data_folder())
    except OSError as error:
        raise CannotStart(f"DATA_DIR cannot be used: {error}") from None

    from config.launch.prepare import prepare
    from config.launch.server_process import ServerProcess

    news = prepare()
    host, port = listener.getsockname()[:2]
    base = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    ServerProcess(listener, greeting=listed(base) + news).run()


if __name__ == "__main__":
    sys.exit(main())
