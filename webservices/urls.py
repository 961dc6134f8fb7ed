"""Where each service door is mounted."""

from django.urls import include, path, re_path

from webservices.views import crm, ecosys, expandable, oracle, sap
from webservices.wire.dialects.crm.names import PLACE, SERVICE
from webservices.wire.dialects.expandable.calls import ADDRESS_PREFIXES

# What begins so needs no session, no CSRF token and no messages (`webservices.middleware`).
SERVICE_PREFIXES = (
    "/v1_0/receiver",
    "/v2_0/receiver",
    "/ecosys/api/",
    "/wsAPI/",
    "/wsapi/",
    SERVICE,
    *ADDRESS_PREFIXES,
)

urlpatterns = [
    path("api/v1/", include("webservices.views.rest.urls")),
    re_path(r"^api/[^/]+-[^/]+/?$", expandable.call),
    path("docs/reference/", include("webservices.views.reference")),
    path("help/", expandable.index, name="expandable-help"),
    path("help/openapi.json", expandable.openapi, name="expandable-openapi"),
    re_path(r"^help/(?P<name>[^/]+)/?$", expandable.page, name="expandable-help-page"),
    path(PLACE[1:], crm.documentation_page, name="crm-documentation"),
    path(f"{PLACE[1:]}encoding.xsd", crm.encoding),
    path(SERVICE[1:], crm.service),
    re_path(r"^v1_0/receiver/?$", oracle.oracle_1_0),
    path("v2_0/receiver", oracle.oracle_2_0),
    re_path(r"^v2_0/receiver/(?P<service>.*?)/?$", oracle.oracle_2_0),
    re_path(r"^ecosys/api/?$", ecosys.published),
    re_path(r"^ecosys/api/soap/(?P<name>[^/]+)/?$", ecosys.soap),
    re_path(r"^ecosys/api/restxml/(?P<name>[^/]+)(?:/(?P<steps>.*))?$", ecosys.rest_xml),
    re_path(r"^ecosys/api/restjson/(?P<name>[^/]+)(?:/(?P<steps>.*))?$", ecosys.rest_json),
    re_path(r"^ws(?:API|api)/(?P<name>(?i:cpqapi|wssrv)\.asmx)/?$", sap.asmx),
]
