"""Requests and pages of testers: the form's texts, the sender of a call, a page in the admin's look."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from unfold.widgets import INPUT_CLASSES, SELECT_CLASSES

from webservices.exchanges.search import find_by_call_id
from webservices.models import Exchange
from webservices.tester.send.client import Sender
from webservices.views.environ import find_peer, is_private
from webservices.views.http import server_address


def render_page(request: HttpRequest, template: str, title: str, **context: object) -> HttpResponse:
    """A page of the admin site, as wide as the window."""
    context = {**admin.site.each_context(request), "title": title, **widget_classes(), **context}
    return render(request, f"tester/{template}.html", context)


def widget_classes() -> dict[str, str]:
    """The CSS classes of the admin's inputs, without those that limit their width or hide a select's arrow."""
    classes = {"input_classes": INPUT_CLASSES, "select_classes": SELECT_CLASSES}
    wide = {name: [each for each in names if not each.startswith("max-w-")] for name, names in classes.items()}
    texts = {name: " ".join(each for each in names if each != "appearance-none") for name, names in wide.items()}
    return {**texts, "is_fullwidth": "1"}


def get_sender(request: HttpRequest) -> Sender:
    """The signed-in user, as a sender of calls."""
    return Sender(
        request.user.pk or 0,
        request.user.get_username(),
        server_address(request),
        find_peer(request.META),
        is_private(request.META),
    )


def require_permission(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied for a user without the permission."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def get_exchange_or_404(call_id: str) -> Exchange:
    """Return the exchange of a call, which may have been answered a moment ago; raises Http404."""
    exchange = find_by_call_id(call_id)
    if exchange is None:
        raise Http404(f"No exchange has the call id {call_id}.")
    return exchange


def get_text(request: HttpRequest, name: str) -> str:
    """A text of the form: browsers send CRLF at line ends, and PostgreSQL stores no NUL."""
    return request.POST.get(name, "").replace("\r\n", "\n").replace("\x00", "")


def split_lines(text: str) -> list[str]:
    """The lines of a text that are not blank, without the blanks around them."""
    return [line.strip() for line in text.splitlines() if line.strip()]
