"""What the views of testers share: a page in the admin's look, and who sends from it."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from unfold.widgets import INPUT_CLASSES, SELECT_CLASSES

from webservices.tester.send.client import Sender
from webservices.views.http import address_of, is_private, peer_of


def shown(request: HttpRequest, template: str, title: str, **more: object) -> HttpResponse:
    """A page of the admin site, as wide as the window."""
    context = {
        **admin.site.each_context(request),
        "title": title,
        **looks(),
        **more,
    }
    return render(request, f"tester/{template}.html", context)


def looks() -> dict[str, str]:
    """The admin's own look of inputs, as wide as their place, on the whole width."""
    looks = {"input_classes": INPUT_CLASSES, "select_classes": SELECT_CLASSES}
    plain = {name: [c for c in classes if not c.startswith("max-w-")] for name, classes in looks.items()}
    joined = {name: " ".join(c for c in classes if c != "appearance-none") for name, classes in plain.items()}
    return {**joined, "is_fullwidth": "1"}


def sender_of(request: HttpRequest) -> Sender:
    """The signed-in user, as a sender of calls."""
    return Sender(
        request.user.pk, request.user.get_username(), address_of(request), peer_of(request), is_private(request)
    )


def demand(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied for a user without the permission."""
    permission_required(permission, raise_exception=True)(lambda request: None)(request)


def typed(request: HttpRequest, name: str) -> str:
    """A text of the form, as the database takes it: lines end as they do here, and there is no NUL."""
    return request.POST.get(name, "").replace("\r\n", "\n").replace("\x00", "")


def lines_in(text: str) -> list[str]:
    """The lines of a text that have something on them."""
    return [line.strip() for line in text.splitlines() if line.strip()]
