"""The WSGI application that the web server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_wsgi_application()

# Only now: Django must be set up before anything of the site is imported.
from config.front import build_front  # noqa: E402 - for the reason above

application = build_front(pages)
