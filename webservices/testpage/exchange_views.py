"""
The page of one exchange, which explains it, and from which it is opened as an input, sent again, or kept.
"""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from unfold.widgets import INPUT_CLASSES, SELECT_CLASSES

from webservices.contracts.indenting import indented
from webservices.dialects.table import DIALECTS
from webservices.exchanges import body_text
from webservices.http import address_of, is_private, peer_of
from webservices.models import Collection, Exchange
from webservices.site import current_operations
from webservices.testpage.addresses import OutOfReach
from webservices.testpage.explaining import explain
from webservices.testpage.keeping.services import NotKept, call_of
from webservices.testpage.page import show
from webservices.testpage.replaying import Asked, Message, NotReplayed, Replayed, message_of, replay
from webservices.testpage.sending import Sender
from webservices.testpage.showing import coloured, size_words

MOST_COLLECTIONS = 200


@permission_required("webservices.view_exchange", raise_exception=True)
@require_GET
def exchange(request: HttpRequest, call_id: str) -> HttpResponse:
    """One exchange, explained."""
    return _page(request, get_object_or_404(Exchange, call_id=call_id))


@permission_required("webservices.view_exchange", raise_exception=True)
@require_POST
def replayed(request: HttpRequest, call_id: str) -> HttpResponse:
    """Send it again as the signed-in user, and show how the answers differ."""
    found = get_object_or_404(Exchange, call_id=call_id)
    asked = Asked("dry" in request.POST, request.POST.get("version", ""), "failed" in request.POST)
    ignored = [line.strip() for line in request.POST.get("ignored", "").splitlines() if line.strip()]
    try:
        message = message_of(found, asked, current_operations(), request.user.get_username())
        given = replay(found, message, _sender(request), ignored)
    except (NotKept, NotReplayed, OutOfReach) as problem:
        return _page(request, found, asked=asked, problem=str(problem))
    return _page(request, found, asked=asked, given=given, message=message, ignored="\n".join(ignored))


def _sender(request: HttpRequest) -> Sender:
    return Sender(
        request.user.pk, request.user.get_username(), address_of(request), peer_of(request), is_private(request)
    )


def _page(
    request: HttpRequest,
    found: Exchange,
    *,
    asked: Asked | None = None,
    given: Replayed | None = None,
    message: Message | None = None,
    problem: str = "",
    ignored: str = "",
) -> HttpResponse:
    said = explain(found)
    context = {
        **admin.site.each_context(request),
        "title": f"Call {found.call_id}",
        "is_fullwidth": "1",
        "exchange": found,
        "said": said,
        "request_body": _body(found.request_body, found.request_type),
        "response_body": _body(found.response_body, found.response_type),
        "sizes": (size_words(found.request_size), size_words(found.response_size)),
        "opened": _as_input(found),
        "versions": sorted(DIALECTS, key=lambda dialect: dialect.name),
        "collections": Collection.objects.values_list("name", flat=True)[:MOST_COLLECTIONS],
        "asked": asked or Asked(),
        "given": given,
        "answer": show(given.sent) if given else None,
        "message": message,
        "problem": problem,
        "ignored": ignored,
        "changes": reverse("admin:records_change_changelist", query={"q": found.call_id}),
        "hosts": settings.TEST_PAGE_HOSTS,
        "input_classes": _classes(INPUT_CLASSES),
        "select_classes": _classes(SELECT_CLASSES),
    }
    return render(request, "webservices/exchanges/one.html", context)


def _classes(classes: list[str]) -> str:
    return " ".join(each for each in classes if not each.startswith("max-w-") and each != "appearance-none")


def _body(compressed: bytes | None, content_type: str) -> str:
    """Indented and coloured; blank when it was not kept."""
    text = body_text(compressed)
    kind = content_type or ("text/xml" if text.lstrip().startswith("<") else "application/json")
    return coloured(indented(text, kind), kind) if text else ""


def _as_input(found: Exchange) -> dict[str, str] | None:
    """What the form of the test page is given to show this request; None when its body was not kept."""
    try:
        call = call_of(found)
    except NotKept:
        return None
    plural, _, _ = found.operation.partition(".")
    kind = "json" if "json" in found.request_type else "xml"
    text = indented(call.body, kind) if call.body else ""
    return {"version": found.dialect, "tab": plural, "method": call.method, "url": call.target, "input": text}
