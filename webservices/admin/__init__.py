"""The admin of web services: exchanges, jobs, API keys, access tokens, published APIs; and the sign-in to the site."""

from webservices.admin import access_tokens, api_keys, classic_fields, exchanges, jobs, publishing, sign_in  # noqa: F401 - registers them
