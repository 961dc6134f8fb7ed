"""
API keys as people make, revoke and lock them, and access tokens as people end them.

The rules beside Django's permissions on API keys:

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

from records.rights import has_rights_of
from webservices.access.keys import new_token
from webservices.models import AccessToken, ApiKey


@dataclass(frozen=True)
class TokenChanges:
    """The access tokens that were ended, and those that this user is not allowed to end."""

    done: tuple[AccessToken, ...]
    refused: tuple[AccessToken, ...]


@dataclass(frozen=True)
class KeyChanges:
    """The keys that were changed, and those that this user is not allowed to change."""

    done: tuple[ApiKey, ...]
    refused: tuple[ApiKey, ...]


def can_delete(by: User, key: ApiKey) -> bool:
    """True if the key is not locked by another, and can do nothing that they may not do."""
    return key.locked_by_id in (None, by.pk) and has_rights_of(by, key.user)


def can_change(by: User, key: ApiKey) -> bool:
    """True if the key can be changed; one that was revoked stays as it was."""
    return key.revoked_at is None and can_delete(by, key)


def can_revoke(by: User, key: ApiKey) -> bool:
    return key.revoked_at is None and (by.is_superuser or can_change(by, key))


def can_unlock(by: User, key: ApiKey) -> bool:
    return key.locked_by_id == by.pk


def can_end_token(by: User, token: AccessToken) -> bool:
    """True if the token can do nothing that they may not do."""
    return has_rights_of(by, token.user)


def end_tokens(*, ids: Sequence[int], by: User) -> TokenChanges:
    """End access tokens, with the next call of whoever has them; a key that they were got with gets others."""
    with transaction.atomic():
        tokens = [*AccessToken.objects.select_related("user", "key").filter(pk__in=ids).order_by("pk")]
        done = tuple(token for token in tokens if can_end_token(by, token))
        AccessToken.objects.filter(pk__in=[token.pk for token in done]).delete()
    return TokenChanges(done, tuple(token for token in tokens if token not in done))


def make_key(*, key: ApiKey, by: User, at: datetime) -> str:
    """
    Save a new key; returns its token, which is known to nobody afterwards.

    key  not saved yet: its name, its user, its operations
    """
    key.prefix, secret = new_token()
    key.hash = make_password(secret)
    key.created_at, key.created_by = at, by.get_username()
    key.save(force_insert=True)
    return f"{key.prefix}_{secret}"


def revoke_keys(*, ids: Sequence[int], by: User, at: datetime) -> KeyChanges:
    """End keys for good, with the next call of whoever has them."""
    return _change(ids, by, can_revoke, {"revoked_at": at, "revoked_by": by.get_username()})


def lock_keys(*, ids: Sequence[int], by: User) -> KeyChanges:
    """Keep keys from being changed or deleted by anybody else."""
    return _change(ids, by, can_change, {"locked_by": by})


def unlock_keys(*, ids: Sequence[int], by: User) -> KeyChanges:
    """Give keys back to all who may change API keys."""
    return _change(ids, by, can_unlock, {"locked_by": None})


def _change(
    ids: Sequence[int], by: User, is_allowed: Callable[[User, ApiKey], bool], values: Mapping[str, object]
) -> KeyChanges:
    with transaction.atomic():
        # In the order of their ids, so that two who change several keys at once cannot block each other.
        keys = [*ApiKey.objects.select_for_update().filter(pk__in=ids).order_by("pk")]
        done = tuple(key for key in keys if is_allowed(by, key))
        ApiKey.objects.filter(pk__in=[key.pk for key in done]).update(**values)
    return KeyChanges(done, tuple(key for key in keys if key not in done))
