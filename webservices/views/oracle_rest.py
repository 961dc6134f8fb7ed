"""
The addresses of Oracle CPQ's REST interface: all below /rest/ are calls, and what is none is refused in the same form.

    GET  /rest/v19/partSetups?q={partNumber:'PUMP-100'}
    POST /rest/v19/partSetups/actions/upsertParts
"""

import re
from dataclasses import replace
from urllib.parse import quote

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import re_path
from django.views.decorators.csrf import csrf_exempt

from webservices.endpoint import serve
from webservices.views.calls import CallAddress
from webservices.views.contracts import drop_body_for_head
from webservices.views.http import http_response, wire_request
from webservices.wire.dialects.oracle_rest.dialect import ORACLE_REST


@csrf_exempt
def call(request: HttpRequest) -> HttpResponseBase:
    """Make any call; the dialect decodes the steps of the path itself, so they are encoded again."""
    encoded = replace(wire_request(request), path=quote(request.path_info, safe="/"))
    return drop_body_for_head(request, http_response(serve(ORACLE_REST, encoded)))


METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH"})
CALLS = (CallAddress(re.compile(r"/rest/[\s\S]*"), ORACLE_REST, METHODS, is_encoded=True),)
SERVICE_PREFIXES = ("/rest/",)
urlpatterns = [re_path(r"^rest/", call)]
