"""
Gunicorn's settings. `./start` reads them; elsewhere they serve as `gunicorn -c python:config.launch.web_server`.

Threads, because a call waits for the database; a process per core, because Python computes on one at a time.
"""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
wsgi_app = "config.wsgi:application"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", min(os.cpu_count() or 2, 8)))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True

timeout = 60
graceful_timeout = 20
keepalive = 15
backlog = 1024

# A GET of Expandable's wire carries a whole record in its query.
limit_request_line = 8190

# Django decides if a proxy is believed (TRUST_PROXY), for the scheme and the host alike: gunicorn believes none.
forwarded_allow_ips = ""
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - gunicorn makes its own file
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "warning").lower()
