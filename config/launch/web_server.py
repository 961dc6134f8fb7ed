"""
Gunicorn's settings. `./start` reads them; elsewhere they serve as `gunicorn -c python:config.launch.web_server`.

Threads, because a call waits for the database; a process per core, because Python computes on one at a time.
Connections are no business of threads (`config.launch.connections`).
"""

import os

from config.launch.variables import read_number

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
wsgi_app = "config.wsgi:application"
worker_class = "config.launch.web_process.WebProcess"
workers = read_number("WEB_CONCURRENCY")
threads = read_number("WEB_THREADS")
preload_app = True

timeout = 60
graceful_timeout = 6  # with the stop of the database, less than the ten seconds that a supervisor waits as a rule
backlog = 1024

# Django decides if a proxy is believed (TRUST_PROXY), for the scheme and the host alike: gunicorn believes none.
forwarded_allow_ips = ""
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - gunicorn makes its own file
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "warning").lower()
