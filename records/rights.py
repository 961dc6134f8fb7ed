"""
The rights of users over each other: nobody gives, takes or comes by rights that he lacks himself.

Rights are those that are stored, of users who are not active, too: who enables such a user must have had them.
"""

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet


def find_permissions(holder: User | Group) -> QuerySet[Permission]:
    """Return the permissions of a user, by groups or directly, or of a group; all, for a superuser. One query."""
    if isinstance(holder, Group):
        return holder.permissions.all()
    if holder.is_superuser:
        return Permission.objects.all()
    return Permission.objects.filter(Q(user=holder) | Q(group__user=holder)).distinct()


def find_groups(user: User) -> QuerySet[Group]:
    """Return the groups that a user may put others into: those that give nothing which the user lacks. One query."""
    if user.is_superuser:
        return Group.objects.all()
    lacking = Permission.objects.exclude(pk__in=find_permissions(user).values("pk"))
    return Group.objects.exclude(permissions__in=lacking)


def has_rights_of(user: User, holder: User | Group) -> bool:
    """True if the user has every right of the other one, or of the group. Two queries, none for a superuser."""
    if user.is_superuser or user == holder:
        return True
    if isinstance(holder, User) and holder.is_superuser:
        return False
    return set(find_permissions(holder)) <= set(find_permissions(user))
