"""Sign-ins at pages of the site: verified by the rules of all entrances, and recorded as calls are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter
from uuid import uuid4

from django.contrib.auth.models import User as SiteUser
from django.http import HttpRequest

from records.shapes.problems import Family, Problem
from records.shapes.recognition import mask_pairs
from webservices.access.identify import identify
from webservices.access.identity import AuthenticationFailed
from webservices.access.passwords import NOT_STAFF, identify_at_page
from webservices.access.users import User
from webservices.endpoint import now
from webservices.exchanges.sign_ins import READ_CONTRACT, SignIn, record_sign_in
from webservices.views.environ import find_peer, is_private
from webservices.wire.credentials import Credentials, Password

STATUS: Mapping[Family, int] = {Family.UNAUTHENTICATED: 401, Family.FORBIDDEN: 403, Family.BUSY: 503}
# A 401 would have to name a way to sign in that HTTP knows, and a browser would ask for that in its own window.
STATUS_OF_FORM: Mapping[Family, int] = {**STATUS, Family.UNAUTHENTICATED: 403}


@dataclass(frozen=True)
class _Attempt:
    """One attempt, from its beginning on."""

    request: HttpRequest
    operation: str
    statuses: Mapping[Family, int]
    at: datetime = field(default_factory=now)
    began: float = field(default_factory=perf_counter)

    def record(self, user: User | None, problem: Problem | None = None) -> None:
        record_sign_in(
            SignIn(
                call_id=uuid4().hex,
                at=self.at,
                operation=self.operation,
                method=self.request.method or "",
                path=mask_pairs(self.request.path_info),
                peer=find_peer(self.request.META),
                status=self.statuses[problem.family] if problem else 200,
                duration_ms=(perf_counter() - self.began) * 1000,
                user=(user.id, user.name) if user else (None, ""),
                problem=problem,
            )
        )


def verify_password(
    request: HttpRequest, operation: str, user_name: str, secret: str, *, is_for_staff: bool = False
) -> SiteUser:
    """
    Return the user of a name and password that were typed into a page; raises AuthenticationFailed.

    operation  the page, a key of `exchanges.sign_ins.PAGES`
    """
    attempt = _Attempt(request, operation, STATUS_OF_FORM)
    password, secure, peer = Password(user_name, secret), is_private(request.META), find_peer(request.META)
    try:
        found = identify_at_page(password, secure=secure, at=attempt.at, peer=peer)
        user = SiteUser.objects.get(pk=found.id)
        if is_for_staff and not user.is_staff:
            raise AuthenticationFailed(NOT_STAFF, user=found)
    except AuthenticationFailed as failure:
        attempt.record(failure.user, failure.problem)
        raise
    attempt.record(found)
    return user


def identify_reader(request: HttpRequest, credentials: Credentials | None) -> None:
    """Let pass who may read a contract; raises AuthenticationFailed, which is recorded if credentials were shown."""
    attempt = _Attempt(request, READ_CONTRACT, STATUS)
    try:
        identify(credentials, call_id="", secure=is_private(request.META), at=attempt.at, peer=find_peer(request.META))
    except AuthenticationFailed as failure:
        if credentials is not None:
            attempt.record(failure.user, failure.problem)
        raise
