"""
The page itself: one address, GET to look, POST to choose, to generate an input, to check it, to send it.

It works as an ordinary form; htmx asks for the same, and gets the regions that have changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from webservices.models import Exchange
from webservices.publishing.site_operations import current_operations
from webservices.tester.compose.bulk import MOST
from webservices.tester.compose.choices import versions
from webservices.tester.compose.side_by_side import question, sides
from webservices.tester.csp import strict
from webservices.tester.http import looks
from webservices.tester.models import Collection
from webservices.tester.page import actions
from webservices.tester.page.content import Chosen, Page, choose, wish_of
from webservices.tester.send.client import METHODS
from webservices.wire.operations import Operations

TITLE = "Web Services Test"
MOST_COLLECTIONS = 200

Act = Callable[[HttpRequest, Chosen, Operations], Page]


@dataclass(frozen=True)
class Region:
    """A part of the page that is put in place by itself."""

    place: str
    template: str


CHOICE = Region("wst-choice", "tester/page/choice.html")
MADE = Region("wst-made", "tester/page/made.html")
TABLE = Region("wst-csv-said", "tester/page/table.html")
PROBLEMS = Region("wst-problems", "tester/page/problems.html")
ANSWER = Region("wst-answer", "tester/page/answer.html")

ACTIONS: Mapping[str, tuple[Act, Sequence[Region]]] = {
    "choose": (actions.untouched, [CHOICE]),
    "generate": (actions.generated, [CHOICE, MADE, PROBLEMS]),
    "csv": (actions.tabled, [CHOICE, MADE, TABLE, PROBLEMS]),
    "bare": (actions.bared, [MADE]),
    "check": (actions.held, [PROBLEMS]),
    "send": (actions.answered, [PROBLEMS, ANSWER]),
    "build": (actions.built, [ANSWER]),
    "open": (actions.opened, []),
}


@sensitive_post_parameters("input", "csv", "as-password", "as-key")
@strict
@require_http_methods(["GET", "POST"])
def test_page(request: HttpRequest) -> HttpResponse:
    """The Web Services Test page; `admin.site.admin_view` lets in only staff who are signed in."""
    operations = current_operations()
    chosen = choose(request.POST if request.method == "POST" else request.GET, operations)
    act, regions = ACTIONS.get(request.POST.get("do", ""), ACTIONS["choose"])
    shown = act(request, chosen, operations)
    fragment = request.headers.get("HX-Request") == "true"
    if fragment and shown.typed.wrong_table:
        regions = [TABLE]
    context = {
        **admin.site.each_context(request),
        "title": TITLE,
        "page": shown,
        "methods": METHODS,
        "exchange_url": _exchange_url(request, shown),
        "fragment": fragment,
        "regions": regions,
        **looks(),
    }
    if not fragment:
        context["collections"] = Collection.objects.values_list("name", flat=True)[:MOST_COLLECTIONS]
    return render(request, f"tester/page/{'regions' if fragment else 'page'}.html", context)


@strict
@require_safe
def beside_page(request: HttpRequest) -> HttpResponse:
    """The same operation on the same record in two versions."""
    operations = current_operations()
    wanted = question(request.GET, wish_of(request.GET), operations)
    context = {
        **admin.site.each_context(request),
        "title": "See it in two versions",
        "asked": wanted,
        "sides": sides(request.GET, wanted, request.user.pk, operations),
        "versions": versions(operations),
        "most": MOST,
        **looks(),
    }
    return render(request, "tester/page/beside.html", context)


def _exchange_url(request: HttpRequest, shown: Page) -> str:
    """Where the call is explained; blank when this user may not look, or when it was not kept."""
    call_id = shown.shown.sent.call_id if shown.shown else ""
    if not call_id or not request.user.has_perm("webservices.view_exchange"):
        return ""
    kept = Exchange.objects.filter(call_id=call_id).exists()
    return reverse("webservices-exchange", args=[call_id]) if kept else ""
