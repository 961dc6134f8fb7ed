"""
REST's contract as pages: the OpenAPI document of the current generation, and its browsable documentation.

    GET /api/v1/schema/    OpenAPI 3.1, JSON
    GET /api/v1/docs/      Swagger UI, from this machine alone
"""

from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from webservices import publishing
from webservices.access.identity import AuthenticationFailed
from webservices.conf import configured_settings, server_settings
from webservices.views.contracts import finish_contract
from webservices.views.http import http_response
from webservices.views.sign_in import identify_reader
from webservices.wire.credentials import SignedIn, read_authorization
from webservices.wire.dialects.rest.context import RestContext
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.dialects.rest.openapi.document import document
from webservices.wire.json import write_json
from webservices.wire.messages import Failure


@require_safe
def schema(request: HttpRequest) -> HttpResponseBase:
    """Give the document to anybody, unless the site keeps its contracts to those it knows."""
    if refusal := _refusal(request):
        return refusal
    text, etag = _write(publishing.current_operations().generation, configured_settings(REST).limits)
    response = HttpResponse(text, content_type="application/json")
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return finish_contract(request, response)


@lru_cache(maxsize=4)
def _write(generation: int, limits: str) -> tuple[bytes, str]:
    text = write_json(document(publishing.operations(generation), limits), indent=1).encode()
    return text, f'"{sha256(text).hexdigest()[:32]}"'


@require_safe
@ensure_csrf_cookie
def docs(request: HttpRequest) -> HttpResponseBase:
    """Show Swagger UI around the document; it may call this server only, with the reader's own sign-in."""
    if refusal := _refusal(request):
        return refusal
    # Django names the header as WSGI does, HTTP_X_CSRFTOKEN; the page's script must send X-CSRFTOKEN.
    names = {"cookie": settings.CSRF_COOKIE_NAME, "header": settings.CSRF_HEADER_NAME[5:].replace("_", "-")}
    return render(request, "webservices/rest_docs.html", {"csrf": names})


def _refusal(request: HttpRequest) -> HttpResponseBase | None:
    """Return the refusal to give the contract, where it is for known callers only; None: it may be given."""
    if server_settings().public_contracts:
        return None
    credentials = read_authorization(request.headers.get("authorization", ""))
    if credentials is None and request.user.is_authenticated:
        credentials = SignedIn(request.user.pk)
    try:
        identify_reader(request, credentials)
    except AuthenticationFailed as error:
        failure = Failure((error.problem,), retry_after=error.retry_after)
        response = http_response(REST.write(failure, RestContext()))
        # It depends on who asks: a cache must not give one caller's answer to another.
        patch_vary_headers(response, ["Authorization", "Cookie"])
        return response
    return None
