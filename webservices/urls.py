"""The addresses of all wires; each module of `webservices.views` declares its own."""

from django.urls import include, path

from webservices.views import crm, ecosys, expandable, oracle, oracle_rest, sap, tokens
from webservices.views.calls import FrontAddress
from webservices.views.rest import calls as rest

WIRES = (expandable, crm, oracle, oracle_rest, ecosys, sap, tokens)

CALLS: tuple[FrontAddress, ...] = (*(address for wire in WIRES for address in wire.CALLS), rest.CALL)

# Addresses that need no session, no CSRF token and no messages (`webservices.middleware`). REST's is not among them:
# who has signed in to the admin site may use it.
SERVICE_PREFIXES = tuple(prefix.lower() for wire in WIRES for prefix in wire.SERVICE_PREFIXES)


def is_service(path: str) -> bool:
    """True if a path is an address of a wire; in any case, as some of them are taken so."""
    return path.lower().startswith(SERVICE_PREFIXES)


urlpatterns = [
    path("api/v1/", include("webservices.views.rest.urls")),
    path("docs/reference/", include("webservices.views.reference")),
    *(pattern for wire in WIRES for pattern in wire.urlpatterns),
]
