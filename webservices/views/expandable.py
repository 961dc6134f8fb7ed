"""
Expandable's addresses: `POST` on a call goes through the door, `GET /help/…` gives the help pages.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from webservices.dialects.expandable.dialect import EXPANDABLE
from webservices.door import serve
from webservices.http import http_response, wire_request
from webservices.views.contracts import without_body


@csrf_exempt
def call(request: HttpRequest) -> HttpResponse:
    """Any call; what is no call, or no POST, is refused in the same form."""
    return without_body(request, http_response(serve(EXPANDABLE, wire_request(request))))


def index(request): ...
def page(request, name): ...
