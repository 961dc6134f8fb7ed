"""Where each address leads: people here, operations in `config.health`, the service doors in `webservices.urls`."""

from django.contrib import admin
from django.urls import include, path

from config.home import home
from webservices.testpage.views import test_page

urlpatterns = [
    path("", home, name="home"),
    path("admin/webservices/test/", admin.site.admin_view(test_page), name="webservices-test"),
    path("admin/", admin.site.urls),
    path("", include("webservices.urls")),
]
