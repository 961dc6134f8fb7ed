"""
The test page: one address, GET to look, POST to select, to generate an input, to check it, to send it, to save it.

It works as an ordinary form; htmx asks for the same, and gets the regions that have changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from webservices.exchanges.search import find_by_call_id
from webservices.models import Exchange
from webservices.publishing import current_operations
from webservices.tester.collections.files import CallContent
from webservices.tester.collections.reopen import build_form_fields
from webservices.tester.collections.services import (
    add_expectations,
    build_call,
    get_or_create_collection,
    save_call,
)
from webservices.tester.compose.bulk import MOST
from webservices.tester.compose.choices import versions
from webservices.tester.compose.side_by_side import build_sides, read_choice
from webservices.tester.errors import TesterError
from webservices.tester.exchanges.replay import build_message, read_wishes
from webservices.tester.http import get_exchange_or_404, get_text, render_page, require_permission, widget_classes
from webservices.tester.models import Collection
from webservices.tester.page import actions
from webservices.tester.page.state import Page, Selection, read_options, read_selection
from webservices.tester.send.client import METHODS
from webservices.wire.contracts.pretty import indent_message
from webservices.wire.operations import Operations

TITLE = "Web Services Test"
MAX_COLLECTIONS = 200

Act = Callable[[HttpRequest, Selection, Operations], Page]


@dataclass(frozen=True)
class Region:
    """A part of the page that is replaced by itself."""

    element_id: str
    template: str


CHOICE = Region("wst-choice", "tester/page/choice.html")
SOURCE = Region("wst-source", "tester/page/source.html")
TABLE = Region("wst-csv-problem", "tester/page/table_problem.html")
PROBLEMS = Region("wst-problems", "tester/page/problems.html")
ANSWER = Region("wst-answer", "tester/page/answer.html")

ACTIONS: Mapping[str, tuple[Act, Sequence[Region]]] = {
    "choose": (actions.select, [CHOICE]),
    "generate": (actions.generate, [CHOICE, SOURCE, PROBLEMS]),
    "csv": (actions.import_csv, [CHOICE, SOURCE, TABLE, PROBLEMS]),
    "bare": (actions.strip_comments, [SOURCE]),
    "check": (actions.validate, [PROBLEMS]),
    "send": (actions.send, [PROBLEMS, ANSWER]),
    "build": (actions.build_snippet, [ANSWER]),
    "open": (actions.reopen, []),
}


# Django's error reports list what was posted: these fields may hold secrets.
@sensitive_post_parameters("input", "csv", "as-password", "as-key")
@require_http_methods(["GET", "POST"])
def test_page(request: HttpRequest) -> HttpResponse:
    """The Web Services Test page; `admin.site.admin_view` lets in only staff who are signed in."""
    operations = current_operations()
    selection = read_selection(request.POST if request.method == "POST" else request.GET, operations)
    act, regions = ACTIONS.get(request.POST.get("do", ""), ACTIONS["choose"])
    page = act(request, selection, operations)
    is_fragment = request.headers.get("HX-Request") == "true"
    # The table stays open with its problem; the other regions have not changed.
    if is_fragment and page.form.table_problem:
        regions = [TABLE]
    context = {
        **admin.site.each_context(request),
        "title": TITLE,
        "page": page,
        "methods": METHODS,
        "exchange_url": _exchange_url(request, page),
        "fragment": is_fragment,
        "regions": regions,
        **widget_classes(),
    }
    if not is_fragment:
        context["collections"] = Collection.objects.values_list("name", flat=True)[:MAX_COLLECTIONS]
    return render(request, f"tester/page/{'regions' if is_fragment else 'page'}.html", context)


def _exchange_url(request: HttpRequest, page: Page) -> str:
    """The page that explains the call; blank when this user may not view it, or when the call was not recorded."""
    call_id = page.answer.response.call_id if page.answer else ""
    if not call_id or not request.user.has_perm("webservices.view_exchange"):
        return ""
    is_recorded = Exchange.objects.filter(call_id=call_id).exists()
    return reverse("webservices-exchange", args=[call_id]) if is_recorded else ""


@require_safe
def side_by_side_page(request: HttpRequest) -> HttpResponse:
    """The same operation on the same record in two versions."""
    operations = current_operations()
    choice = read_choice(request.GET, read_options(request.GET), operations)
    return render_page(
        request,
        "page/side_by_side",
        f"{choice.operation.words[:1].upper()}{choice.operation.words[1:]} in two versions",
        choice=choice,
        sides=build_sides(request.GET, choice, request.user.pk or 0, operations),
        versions=versions(operations),
        max_records=MOST,
    )


@permission_required("webservices.view_exchange", raise_exception=True)
@require_POST
def open_exchange(request: HttpRequest, call_id: str) -> HttpResponseBase:
    """The test page with the message of an exchange in it, as it would be sent again: the same choice of records."""
    exchange, operations = get_exchange_or_404(call_id), current_operations()
    try:
        message = build_message(exchange, read_wishes(request.POST), operations, request.user.get_username())
    except TesterError as error:
        messages.error(request, str(error))
        return redirect("webservices-exchange", call_id=call_id)
    fields = build_form_fields(message.to_call(), operations.generation, original=call_id)
    return _show_page(request, QueryDict(urlencode({**fields, "do": "open"})))


@permission_required("tester.change_collection", raise_exception=True)
@require_POST
def save_in_collection(request: HttpRequest) -> HttpResponseBase:
    """
    Save a call in a collection, a new one if there is none of that name: that of an exchange, or the input of the page.

    collection, call-name      names of the collection and of the call in it
    checks, captures, ignored  what is expected of its answer, a line each
    call-id                    of an exchange; without it, the form of the test page is saved
    """
    call_id = request.POST.get("call-id", "")
    try:
        name = get_text(request, "call-name")
        call = _build_from_exchange(request, call_id, name) if call_id else _build_from_form(request, name)
        if "checks" in request.POST:
            call = add_expectations(
                call, **{each: get_text(request, each) for each in ("checks", "captures", "ignored")}
            )
        with transaction.atomic():
            collection = get_or_create_collection(get_text(request, "collection"), owner_id=request.user.pk)
            saved = save_call(collection, call, call_id=call_id)
    except TesterError as error:
        messages.error(request, str(error))
        return redirect("webservices-exchange", call_id=call_id) if call_id else _show_form_again(request)
    messages.success(request, f"{saved.name} is saved in {collection.name}.")
    return redirect(f"{reverse('webservices-collection', args=[collection.link])}#call-{saved.pk}")


def _show_form_again(request: HttpRequest) -> HttpResponseBase:
    """The test page with all that was typed."""
    form = request.POST.copy()
    form["do"] = "check"
    return _show_page(request, form)


def _show_page(request: HttpRequest, form: QueryDict) -> HttpResponseBase:
    """The test page as it answers this form."""
    # A redirect would lose the input, which is in no address; so the page answers the same post with another action.
    request.POST = form  # type: ignore[assignment]  # Django's stubs know no other one
    return test_page(request)


def _build_from_exchange(request: HttpRequest, call_id: str, name: str) -> CallContent:
    require_permission(request, "webservices.view_exchange")
    exchange = find_by_call_id(call_id)
    if exchange is None:
        raise Http404
    call = build_call(exchange, name=name)
    return replace(call, body=indent_message(call.body, call.headers.get("content-type", "")) if call.body else "")


def _build_from_form(request: HttpRequest, name: str) -> CallContent:
    operations = current_operations()
    return actions.build_call_content(request, name, read_selection(request.POST, operations), operations)
