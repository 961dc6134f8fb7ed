"""
REST's views: HTTP in, the endpoint, HTTP out. They translate and decide nothing.

DRF does negotiation, the admin's own session sign-in with its CSRF token, throttling and the browsable side; Basic is
the dialect's, a bearer token the endpoint's, and JSON never becomes a serializer.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from math import ceil
from typing import Any, cast
from urllib.parse import quote
from uuid import uuid4

from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from records.retry import find_outage
from records.shapes.problems import Family, Problem, ProblemError
from records.shapes.resources import Resource
from webservices.declarations import OPERATIONS
from webservices.endpoint import serve
from webservices.gateway import retry_after
from webservices.views.http import http_response, mark_logged, server_address, wire_request
from webservices.views.rest.browsable import BrowsableRenderer, LinesRenderer, WireRenderer
from webservices.wire.credentials import SignedIn
from webservices.wire.dialects.rest.context import RestContext
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.dialects.rest.names import BASE, JSON_TYPE, LINES_TYPE, Entry, collection_path, prefers_lines
from webservices.wire.dialects.rest.read import check_media_type
from webservices.wire.dialects.rest.routing import Address, allowed_methods
from webservices.wire.json import write_json
from webservices.wire.messages import Failure, WireRequest, WireResponse

log = logging.getLogger(__name__)

VARY = "Accept, Authorization, Cookie"
RESOURCES: Mapping[str, Resource] = {
    operation.resource.plural: operation.resource for operation in OPERATIONS if REST.contexts(operation)
}


class AdminSession(SessionAuthentication):
    """The user who has signed in to the admin site; of a request that brings credentials, those alone count."""

    def authenticate(self, request: Request):
        if request.headers.get("Authorization"):
            return None
        found = super().authenticate(request)
        return (found[0], SignedIn(found[0].pk)) if found else None

    def enforce_csrf(self, request: Request) -> None:
        """Look for the token in the header alone: in a form's body it would be looked for by parsing that."""
        check_media_type(request.content_type or "")
        super().enforce_csrf(cast(Request, request._request))  # Django's own: DRF's would parse the body


class Negotiation(DefaultContentNegotiation):
    """
    DRF's, but an Accept header that says nothing accepts all, as if there were none, and the dialect says who prefers
    lines.
    """

    def select_renderer(self, request: Request, renderers, format_suffix=None):
        accept = request.META.get("HTTP_ACCEPT", "*/*")
        if not accept.strip():
            request.META["HTTP_ACCEPT"] = "*/*"
        # DRF does not look at `q`; an address that says `format` leaves the choice to it.
        if self.settings.URL_FORMAT_OVERRIDE not in request.GET:
            lines = [each for each in renderers if isinstance(each, LinesRenderer)]
            if lines and prefers_lines(accept):
                return lines[0], LINES_TYPE
            renderers = [each for each in renderers if each not in lines]
        return super().select_renderer(request, renderers, format_suffix)


class RestView(APIView):
    """The base of all REST views: renderers, the signed-in user, and problems as answers."""

    renderer_classes = (WireRenderer, BrowsableRenderer)
    parser_classes = (JSONParser,)  # what the browsable side offers to send
    authentication_classes = (AdminSession,)
    permission_classes = ()
    content_negotiation_class = Negotiation

    @property
    def default_response_headers(self) -> dict[str, str]:
        # What a caller may see depends on who it is.
        return {**super().default_response_headers, "Vary": VARY}

    def options(self, request: Request, *args: object, **kwargs: object) -> HttpResponse:  # type: ignore[override]  # below
        return HttpResponse(status=204)  # DRF adds Allow

    def get_exception_handler(self):
        return refuse_before_endpoint

    def wire_request(self) -> WireRequest:
        """Return the request, its path percent-encoded for the dialect to decode."""
        request: HttpRequest = self.request._request
        return replace(wire_request(request), path=quote(request.path_info, safe="/"))


class RecordsView(RestView):
    """The addresses of one resource: of many records, of one, of batches."""

    resource: Resource = cast(Resource, None)  # as_view takes only what the class has an attribute for
    entry = Entry.MANY

    def answer(self, request: Request, key: str = "") -> HttpResponseBase:
        return for_renderer(request, serve(REST, self.wire_request(), cast(SignedIn | None, request.auth)))

    def get_renderers(self) -> list:
        gives_lines = self.entry is Entry.MANY and self.request.method in ("GET", "HEAD")
        return [*super().get_renderers(), *([LinesRenderer()] if gives_lines else [])]

    def wire_request(self) -> WireRequest:
        """Return the request; its Accept header says what was negotiated, where `format` has said something else."""
        request = super().wire_request()
        lines = isinstance(getattr(self.request, "accepted_renderer", None), LinesRenderer)
        if lines == prefers_lines(request.headers.get("accept", "")):
            return request
        return replace(request, headers={**request.headers, "accept": LINES_TYPE if lines else JSON_TYPE})

    get = post = put = patch = delete = answer
    http_method_not_allowed = answer  # type: ignore[assignment]  # DRF expects its own Response; Django sends any

    @property
    def allowed_methods(self) -> list[str]:
        return allowed_methods(Address(self.resource, self.entry).methods(OPERATIONS))

    def get_view_name(self) -> str:
        many = self.resource.label_plural
        names = {Entry.MANY: many, Entry.ONE: self.resource.label, Entry.BATCH: f"Batch of {many.lower()}"}
        return names[self.entry]

    def get_view_description(self, html: bool = False) -> str:
        return ""


class RootView(RestView):
    """The addresses of all resources."""

    def get(self, request: Request) -> HttpResponseBase:
        places = {plural: collection_path(resource) for plural, resource in RESOURCES.items()}
        places |= {"schema": f"{BASE}schema/", "docs": f"{BASE}docs/"}
        address = server_address(request._request)
        body = write_json({name: address + path for name, path in places.items()})
        return for_renderer(request, WireResponse(200, body.encode(), "application/json"))

    def get_view_name(self) -> str:
        return "REST"

    def get_view_description(self, html: bool = False) -> str:
        return ""


def for_renderer(request: Request, response: WireResponse) -> HttpResponseBase:
    """Return the wire's own bytes; or, for a browser, DRF's page around them."""
    if not isinstance(getattr(request, "accepted_renderer", None), BrowsableRenderer):
        answer = http_response(response)
        if not response.body and response.chunks is None and response.content_type != LINES_TYPE:
            del answer["Content-Type"]
        return answer
    page = Response(response, status=response.status, headers=dict(response.headers))
    mark_logged(page)
    return page


def refuse_before_endpoint(error: Exception, context: Mapping[str, Any]) -> HttpResponseBase | None:
    """Return what DRF refuses as a problem like any other; None for what nobody anticipated."""
    problem = _find_problem(error)
    if problem is None:
        return None
    call_id = uuid4().hex
    log.info("call=%s refused before the endpoint: %s", call_id, problem.code)
    wait = getattr(error, "wait", None)
    failure = Failure((problem,), call_id=call_id, retry_after=ceil(wait) if wait else retry_after(problem))
    response = REST.write(failure, RestContext())
    return for_renderer(context["request"], replace(response, headers={"X-Call-Id": call_id, **response.headers}))


def _find_problem(error: Exception) -> Problem | None:
    match error:
        case ProblemError():
            return error.problem
        case exceptions.NotAcceptable() | Http404():
            return Problem("not-acceptable", Family.MALFORMED, "Answers are JSON, or HTML for a browser.")
        case exceptions.MethodNotAllowed():
            return Problem("method-not-offered", Family.UNKNOWN_OPERATION, str(error.detail))
        case exceptions.PermissionDenied():
            return Problem("csrf-failed", Family.FORBIDDEN, str(error.detail))
        case exceptions.Throttled():
            return Problem("throttled", Family.BUSY, str(error.detail))
        case exceptions.AuthenticationFailed() | exceptions.NotAuthenticated():
            return Problem("wrong-credentials", Family.UNAUTHENTICATED, str(error.detail))
        case Error():  # of the database, which is asked who has signed in
            return find_outage(error)
    return None
