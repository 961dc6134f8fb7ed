"""API keys for tests: `Bearer` tokens whose hash is quick to verify."""

from itertools import count

from argon2 import PasswordHasher
from django.contrib.auth.models import Permission, User

from records.tests.cast import NOW
from webservices.declarations import OPERATIONS
from webservices.models import ApiKey

OF_OPTIONS = dict.fromkeys(each.listed_as for operation in OPERATIONS for each in operation.options if each.listed_as)
ALL = [operation.name for operation in OPERATIONS if not operation.public] + [*OF_OPTIONS]
SECRET = "0penSesame-0penSesame"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_numbers = count(1)


def key_for(user: User, *operations: str, secret: str = SECRET, **columns: object) -> str:
    """A new key of this user; gives its token."""
    number = next(_numbers)
    key = ApiKey.objects.create(
        **{"name": f"key {number}", "prefix": f"cp_key{number}", "created_by": "ada", "created_at": NOW, **columns},
        hash="argon2" + QUICK.hash(secret), user=user, operations=list(operations),
    )  # fmt: skip
    return f"{key.prefix}_{secret}"


def find_key(token: str) -> ApiKey:
    return ApiKey.objects.get(prefix=token.rpartition("_")[0])


def permission(name: str) -> Permission:
    """The permission of this name, `parts.add_part`."""
    app, _, codename = name.partition(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)
