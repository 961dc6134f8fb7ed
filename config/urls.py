"""Where each address leads: people here, operations in `config.health`, the service doors in `webservices.urls`."""

from django.contrib import admin
from django.urls import include, path

from config.home import home

urlpatterns = [
    path("", home, name="home"),
    path("admin/webservices/", include("webservices.tester.urls")),
    path("admin/", admin.site.urls),
    path("", include("webservices.urls")),
]
