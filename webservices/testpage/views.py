"""
The page itself: one address, GET to look, POST to choose, to generate an input, or to send it.

It works as an ordinary form; the script asks for the same answers and puts their regions into the page.
"""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from unfold.widgets import INPUT_CLASSES, SELECT_CLASSES

from webservices.http import address_of, is_private, peer_of
from webservices.models import Exchange
from webservices.operations import Operations
from webservices.site import current_operations
from webservices.testpage import addresses
from webservices.testpage.addresses import OutOfReach
from webservices.testpage.blanking import blanked, without_user
from webservices.testpage.inputs import generate
from webservices.testpage.page import Chosen, Page, choose, page, show
from webservices.testpage.sending import METHODS, Sender, send

TITLE = "Web Services Test"


@sensitive_post_parameters("input")
@require_http_methods(["GET", "POST"])
def test_page(request: HttpRequest) -> HttpResponse:
    """The Web Services Test page; `admin.site.admin_view` lets in only staff who are signed in."""
    operations = current_operations()
    asked = request.POST if request.method == "POST" else request.GET
    chosen = choose(asked, operations)
    actions = {"generate": generated, "send": answered, "open": opened}
    shown = actions.get(request.POST.get("do", ""), untouched)(request, chosen, operations)
    context = {
        **admin.site.each_context(request),
        "title": TITLE,
        "page": shown,
        "methods": METHODS,
        "exchange_url": _exchange_url(request, shown),
        "input_classes": _classes(INPUT_CLASSES),
        "select_classes": _classes(SELECT_CLASSES),
        "is_fullwidth": "1",
    }
    fragment = request.headers.get("X-Requested-With") == "fetch"
    return render(request, f"webservices/testpage/{'regions' if fragment else 'page'}.html", context)


def _exchange_url(request: HttpRequest, shown: Page) -> str:
    """Where the admin site shows the call; blank when this user may not look, or when it was not kept."""
    call_id = shown.shown.sent.call_id if shown.shown else ""
    if not call_id or not request.user.has_perm("webservices.view_exchange"):
        return ""
    kept = Exchange.objects.filter(call_id=call_id).values_list("pk", flat=True).first()
    return reverse("admin:webservices_exchange_change", args=[kept]) if kept else ""


def _classes(classes: list[str]) -> str:
    """The admin's own look of an input, as wide as its place."""
    return " ".join(each for each in classes if not each.startswith("max-w-") and each != "appearance-none")


def untouched(request: HttpRequest, chosen: Chosen, operations: Operations) -> Page:
    """What is chosen, with its address; an input that is there stays."""
    made = generate(chosen.dialect, chosen.api, chosen.key, request.user.pk, operations, tried=False).skeleton
    return page(
        chosen,
        operations,
        url=address_of(request) + made.target,
        method=made.method,
        text=blanked(request.POST.get("input", ""), chosen.dialect.secrets),
        made_for=request.POST.get("made-for", ""),
    )


def opened(request: HttpRequest, chosen: Chosen, operations: Operations) -> Page:
    """An input that was made elsewhere: that of an exchange, as it was kept."""
    text, url = request.POST.get("input", ""), without_user(request.POST.get("url", ""))
    return page(
        chosen,
        operations,
        url=address_of(request) + url if url.startswith("/") else url,
        method=request.POST.get("method", "POST"),
        text=blanked(text, chosen.dialect.secrets),
        made_from="Opened from an exchange.",
    )


def generated(request: HttpRequest, chosen: Chosen, operations: Operations) -> Page:
    made = generate(chosen.dialect, chosen.api, chosen.key, request.user.pk, operations)
    return page(
        chosen,
        operations,
        url=address_of(request) + made.skeleton.target,
        method=made.skeleton.method,
        text=made.skeleton.text,
        made_for=chosen.api.name,
        made_from=made.made_from,
    )


def answered(request: HttpRequest, chosen: Chosen, operations: Operations) -> Page:
    """The answer to the input, or a sentence that says why it was not sent."""
    text, url, made_for = (request.POST.get(name, "") for name in ("input", "url", "made-for"))
    kept = {"url": without_user(url), "method": request.POST.get("method", "POST"), "made_for": made_for}
    made = next((api for api in page(chosen, operations).apis if api.name == made_for), chosen.api)
    try:
        target = addresses.address_of(url, settings.TEST_PAGE_HOSTS, here=address_of(request))
        headers = {name: value for name, value in made.request.headers.items() if name.lower() != "authorization"}
        kept["shown"] = show(send(target, kept["method"], text, headers, _sender(request)))
    except OutOfReach as refusal:
        kept["problem"] = str(refusal)
    return page(chosen, operations, text=blanked(text, chosen.dialect.secrets), **kept)


def _sender(request: HttpRequest) -> Sender:
    return Sender(
        user_id=request.user.pk,
        user_name=request.user.get_username(),
        address=address_of(request),
        peer=peer_of(request),
        secure=is_private(request),
    )
