"""The addresses of the site: its pages here, the APIs in `webservices.urls`; `config.health` comes before both."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import TemplateView

from config.addresses import DOCUMENTATION, PLACES

home = TemplateView.as_view(
    template_name="home.html",
    extra_context={"places": PLACES, "documentation": DOCUMENTATION},
    http_method_names=["get", "head"],
)

handler500 = "webservices.views.http.server_error"

urlpatterns = [
    path("", home, name="home"),
    # Before the admin's own addresses, which end in a catch-all.
    path("admin/webservices/", include("webservices.tester.urls")),
    path("admin/", include("webservices.admin.sign_in")),
    path("admin/", admin.site.urls),
    path("", include("webservices.urls")),
]
