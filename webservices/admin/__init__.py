"""The admin of web services: exchanges, batch jobs, API keys and published APIs; and the sign-in to the site."""

from webservices.admin import api_keys, classic_fields, exchanges, jobs, publishing, sign_in  # noqa: F401 - registers them
