"""
The addresses of access tokens: `POST` gives one for an API key or, where the site allows it, for a user's password.

    POST /oauth2/token
    POST /basic/api/token      where SAP CPQ's clients ask

Verified by the rules of all entrances, and recorded as sign-ins are: no call, so nothing of what was sent is kept.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from typing import NamedTuple, cast
from uuid import uuid4

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import re_path
from django.views.decorators.csrf import csrf_exempt

from records import timeouts
from records.retry import find_outage, first_line
from records.shapes.problems import Family, Problem
from records.timeouts import Work
from webservices.access.access_tokens import new_token
from webservices.access.bearer_tokens import identify_client
from webservices.access.identity import AuthenticationFailed
from webservices.access.keys import LAST_USED, Key
from webservices.access.passwords import identify_at_page
from webservices.access.users import User
from webservices.access.verification import refuse_plain_http
from webservices.conf import configured_settings, server_settings
from webservices.declarations import OPERATIONS
from webservices.endpoint import now
from webservices.exchanges.sign_ins import ASK_FOR_ACCESS, SignIn, record_sign_in
from webservices.gateway import retry_after, unanticipated_problem
from webservices.views.environ import Environ, build_wire_request
from webservices.views.http import http_response, wire_request
from webservices.wire.dialects.sap.context import SapSettings
from webservices.wire.dialects.sap.dialect import SAP
from webservices.wire.messages import WireRequest, WireResponse
from webservices.wire.oauth import (
    INVALID_CLIENT,
    INVALID_GRANT,
    INVALID_REQUEST,
    INVALID_SCOPE,
    PATHS,
    SERVER_ERROR,
    TEMPORARILY_UNAVAILABLE,
    Client,
    TokenError,
    TokenRequest,
    read_token_request,
    write_refusal,
    write_token,
)

log = logging.getLogger(__name__)

WRONG_DOMAIN = Problem("wrong-tenant", Family.UNAUTHENTICATED, "The domain is not that of this site.")
CHANGED_MEANWHILE = Problem(
    "changed-meanwhile", Family.UNAUTHENTICATED, "The user was changed at this very moment: ask again."
)
BEYOND_RIGHTS = Problem(
    "beyond-rights",
    Family.FORBIDDEN,
    "The scope names a permission that the key or the user does not have; without a scope the token has them all.",
)


class Holder(NamedTuple):
    """The user whom a token is to act for, and the API key that was shown; None: a password was."""

    user: User
    key: Key | None


def serve_token(request: WireRequest) -> WireResponse:
    """Answer a request for a token; never raises."""
    timeouts.switch(Work.CALL)
    call_id, at, began = uuid4().hex, now(), perf_counter()
    form = holder = user = refusal = None
    try:
        form = read_token_request(request, takes_passwords=server_settings().password_grant)
        holder = _identify(form, request, at)
        user = holder.user
        response = write_token(_give_token(form, holder, at), server_settings().access_token_minutes * 60)
    except AuthenticationFailed as failure:
        user, refusal = failure.user, _translate(failure, form)
    except TokenError as error:
        refusal = error
    except Exception as error:
        refusal = _report(error, call_id)
    if refusal is not None:
        response = write_refusal(refusal)
    record_sign_in(
        SignIn(
            call_id=call_id,
            at=at,
            operation=ASK_FOR_ACCESS,
            method=request.method,
            path=request.path,
            peer=request.peer,
            status=response.status,
            duration_ms=(perf_counter() - began) * 1000,
            user=(user.id, user.name) if user else (None, ""),
            problem=refusal.problem if refusal else None,
            credential=holder.key.prefix if holder and holder.key else "password",
        )
    )
    return replace(response, headers={"X-Call-Id": call_id, **response.headers})


def _identify(form: TokenRequest, request: WireRequest, at: datetime) -> Holder:
    """Return whom the token is for; raises AuthenticationFailed."""
    secure, peer = request.secure, request.peer
    if isinstance(form.credentials, Client):
        key = identify_client(form.credentials.names, form.credentials.secret, secure=secure, at=at, peer=peer)
        return Holder(key.user, key)
    refuse_plain_http(secure)
    tenant = cast(SapSettings, configured_settings(SAP)).tenant
    if form.domain and tenant and form.domain != tenant:
        raise AuthenticationFailed(WRONG_DOMAIN)
    return Holder(identify_at_page(form.credentials, secure=secure, at=at, peer=peer), None)


def _give_token(form: TokenRequest, holder: Holder, at: datetime) -> str:
    """Return a token; raises TokenError for a scope beyond the holder's rights."""
    if not form.scope <= _find_permissions(holder):
        raise TokenError(INVALID_SCOPE, BEYOND_RIGHTS)
    token = new_token(holder.user, key=holder.key, scope=form.scope, at=at)
    if token is None:
        raise AuthenticationFailed(CHANGED_MEANWHILE, user=holder.user)
    if holder.key is not None:
        LAST_USED.renew(holder.key.id, holder.key.used_at, at=at)
    return token


def _find_permissions(holder: Holder) -> frozenset[str]:
    """Return the permissions by which the holder may run operations."""
    user, key = holder
    listed = [each for each in OPERATIONS if key is None or each.name in key.operations]
    needed = frozenset(permission for operation in listed for permission in operation.all_permissions)
    return needed if user.superuser else needed & user.permissions


def _translate(failure: AuthenticationFailed, form: TokenRequest | None) -> TokenError:
    """Return the refusal of RFC 6749 for credentials that were not taken."""
    problem = failure.problem
    if problem.family is Family.BUSY:
        return TokenError(TEMPORARILY_UNAVAILABLE, problem, retry_after=failure.retry_after)
    if problem.family is Family.FORBIDDEN:  # in clear
        return TokenError(INVALID_REQUEST, problem)
    is_client = form is not None and isinstance(form.credentials, Client)
    return TokenError(INVALID_CLIENT if is_client else INVALID_GRANT, problem)


def _report(error: Exception, call_id: str) -> TokenError:
    """Return the refusal for an error that nobody anticipated, or of a database that is away; log it."""
    if find_outage(error):
        log.warning("call %s: no access token could be given: %s", call_id, first_line(error))
    else:
        log.exception("call %s: no access token could be given", call_id)
    problem = unanticipated_problem(error, call_id)
    is_busy = problem.family is Family.BUSY
    return TokenError(TEMPORARILY_UNAVAILABLE if is_busy else SERVER_ERROR, problem, retry_after=retry_after(problem))


@csrf_exempt
def give_token(request: HttpRequest) -> HttpResponseBase:
    """Give a token, by POST."""
    return http_response(serve_token(wire_request(request)))


@dataclass(frozen=True)
class TokenAddress:
    """The addresses of access tokens, for the front."""

    pattern: re.Pattern[str]

    def fits(self, environ: Environ, path: str) -> bool:
        return environ["REQUEST_METHOD"] == "POST" and self.pattern.fullmatch(path) is not None

    def answer(self, environ: Environ, path: str) -> tuple[WireResponse, Mapping[str, str]]:
        response = serve_token(build_wire_request(environ, path))
        return response, {"Content-Type": response.content_type, **response.headers}


ADDRESS = f"(?:{'|'.join(path.removeprefix('/') for path in PATHS)})/?"
CALLS = (TokenAddress(re.compile(f"/{ADDRESS}")),)
SERVICE_PREFIXES = PATHS
urlpatterns = [re_path(f"^{ADDRESS}$", give_token)]
