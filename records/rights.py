"""
The rights of users over each other: nobody gives, takes or comes by rights that he lacks himself.

Rights are those that are stored, of users who are not active, too: who enables such a user must have had them.
"""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet


def find_permissions(user: User) -> QuerySet[Permission]:
    """Return the permissions of a user, by groups or directly; all, for a superuser. One query."""
    if user.is_superuser:
        return Permission.objects.all()
    return Permission.objects.filter(Q(user=user) | Q(group__user=user)).distinct()


def find_groups(user: User) -> QuerySet[Group]:
    """Return the groups that a user may put others into: those that give nothing which the user lacks. One query."""
    if user.is_superuser:
        return Group.objects.all()
    lacking = Permission.objects.exclude(pk__in=find_permissions(user).values("pk"))
    return Group.objects.exclude(permissions__in=lacking)


def has_rights_of(user: User, other: User) -> bool:
    """True if the user has every right of the other one. Two queries, none for a superuser."""
    if user.is_superuser or user.pk == other.pk:
        return True
    return not other.is_superuser and has_permissions(user, find_permissions(other))


def has_permissions(user: User, permissions: Iterable[Permission]) -> bool:
    """True if the user has all of these permissions."""
    return user.is_superuser or set(permissions) <= set(find_permissions(user))
