"""The home page: where to go from here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.addresses import DOCUMENTATION, PLACES


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", {"places": PLACES, "documentation": DOCUMENTATION})
