"""The users of the site by their names, as records that name one may be read with: found, and never written here."""

from dataclasses import replace

from django.contrib.auth.models import User

from records.derive import derive
from records.services import Services

_USER = derive(
    User,
    key=["username"],
    fields=["username", "first_name", "last_name"],
    examples=[{"username": "ada", "first_name": "Ada", "last_name": "Lovelace"}],
    site_table=True,
)
# Users are written in the admin site alone, whose forms weigh who may give which rights.
USER = replace(_USER, fields=tuple(replace(field, read_only=True, required=False) for field in _USER.fields))
USERS = Services(User, USER)
