"""Where each service door is mounted."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
