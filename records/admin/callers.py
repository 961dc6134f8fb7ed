"""Who is calling, when a person saves in the admin."""

from uuid import uuid4

from django.http import HttpRequest

from records.shapes.callers import Caller

CREDENTIAL = "admin"


def caller_of(request: HttpRequest) -> Caller:
    """The signed-in user as a Caller, with a new call id for each request."""
    user = request.user
    call_id = request.__dict__.setdefault("call_id", uuid4().hex)
    permissions = frozenset() if user.is_superuser else frozenset(user.get_all_permissions())
    return Caller(user.pk, user.get_username(), CREDENTIAL, call_id, permissions, user.is_superuser)
