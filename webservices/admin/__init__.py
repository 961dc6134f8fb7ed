"""The doors in the admin site: what was exchanged, and the keys of machines."""

from webservices.admin import api_keys, exchanges, jobs, publishing  # noqa: F401 - registers them
