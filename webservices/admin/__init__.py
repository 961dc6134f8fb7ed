"""The admin of web services: exchanges, batch jobs, API keys and published APIs."""

from webservices.admin import api_keys, exchanges, jobs, publishing  # noqa: F401 - registers them
