"""Where each address leads: people and operations here, the service doors in `webservices.urls`."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("webservices.urls")),
]
