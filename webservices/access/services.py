"""
API keys as people make, revoke and lock them.

Who may do what, beside Django's permissions on API keys:

    make, change, delete    a superuser; others when the key's user may do nothing that they may not
    of a locked key         only who locked it, superusers too
    revoke                  the same, and any superuser: what leaks is stopped at once, whoever is on holiday
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import transaction

from webservices.access.keys import new_token
from webservices.access.users import user_numbered
from webservices.models import ApiKey


@dataclass(frozen=True)
class Done:
    """What became of some keys: done, or refused because this user may not."""

    done: tuple[ApiKey, ...]
    refused: tuple[ApiKey, ...]


def may_act_as(by: User, user_id: int) -> bool:
    """Whether keys of this user are theirs to deal with: such a key may do nothing that they may not."""
    if by.is_superuser or by.pk == user_id:
        return True
    mine, theirs = user_numbered(by.pk), user_numbered(user_id)
    return bool(mine and theirs) and not theirs.superuser and theirs.permissions <= mine.permissions


def may_delete(by: User, key: ApiKey) -> bool:
    return key.locked_by_id in (None, by.pk) and may_act_as(by, key.user_id)


def may_change(by: User, key: ApiKey) -> bool:
    """A key that was revoked stays as it was."""
    return key.revoked_at is None and may_delete(by, key)


def may_revoke(by: User, key: ApiKey) -> bool:
    return key.revoked_at is None and (by.is_superuser or may_change(by, key))


def may_unlock(by: User, key: ApiKey) -> bool:
    return key.locked_by_id == by.pk


def make_key(*, key: ApiKey, by: User, at: datetime) -> str:
    """
    Keep a new key; gives its token, which is known to nobody afterwards.

    key  not kept yet: its name, its user, its operations
    """
    key.prefix, secret = new_token()
    key.hash = make_password(secret)
    key.created_at, key.created_by = at, by.get_username()
    key.save(force_insert=True)
    return f"{key.prefix}_{secret}"


def revoke_keys(*, ids: Sequence[int], by: User, at: datetime) -> Done:
    """End keys for good, with the next call of whoever has them."""
    return _change(ids, by, may_revoke, {"revoked_at": at, "revoked_by": by.get_username()})


def lock_keys(*, ids: Sequence[int], by: User) -> Done:
    """Keep keys from being changed or deleted by anybody else."""
    return _change(ids, by, may_change, {"locked_by": by})


def unlock_keys(*, ids: Sequence[int], by: User) -> Done:
    """Give keys back to all who may change API keys."""
    return _change(ids, by, may_unlock, {"locked_by": None})


def _change(
    ids: Sequence[int], by: User, has_perm: Callable[[User, ApiKey], bool], values: Mapping[str, object]
) -> Done:
    with transaction.atomic():
        keys = [*ApiKey.objects.select_for_update().filter(pk__in=ids).order_by("pk")]
        done = tuple(key for key in keys if has_perm(by, key))
        ApiKey.objects.filter(pk__in=[key.pk for key in done]).update(**values)
    return Done(done, tuple(key for key in keys if key not in done))
