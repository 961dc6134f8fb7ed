"""
The page of one exchange, which explains it, and from which it is opened as an input, sent again, or kept; and the page
of two exchanges beside each other.
"""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from webservices.exchanges.store import body_text
from webservices.models import Exchange
from webservices.publishing.site_operations import current_operations
from webservices.tester.collections.assertions.lines import HELP, lines_of
from webservices.tester.collections.assertions.proposals import met_again, proposed_of, values_of
from webservices.tester.collections.reopen import fields_of
from webservices.tester.collections.services import call_of
from webservices.tester.compose.choices import versions
from webservices.tester.csp import strict
from webservices.tester.errors import TesterError
from webservices.tester.exchanges.comparison import compare
from webservices.tester.exchanges.explain import explain, label_of
from webservices.tester.exchanges.replay import Asked, message_of, replay
from webservices.tester.http import lines_in, sender_of, shown
from webservices.tester.models import Collection
from webservices.tester.send.highlight import coloured, size_words
from webservices.wire.contracts.pretty import indented

MOST_COLLECTIONS = 200


@strict
@permission_required("webservices.view_exchange", raise_exception=True)
@require_GET
def exchange(request: HttpRequest, call_id: str) -> HttpResponse:
    """One exchange, explained."""
    found = get_object_or_404(Exchange, call_id=call_id)
    return _page(request, found, Asked(dry=found.dry))


@strict
@permission_required("webservices.view_exchange", raise_exception=True)
@require_POST
def replayed(request: HttpRequest, call_id: str) -> HttpResponse:
    """Send it again as the signed-in user, and go on to how the answers differ."""
    found = get_object_or_404(Exchange, call_id=call_id)
    asked = Asked("dry" in request.POST, request.POST.get("version", ""), "failed" in request.POST)
    try:
        message = message_of(found, asked, current_operations(), request.user.get_username())
        again = replay(message, sender_of(request))
    except TesterError as problem:
        return _page(request, found, asked, problem=str(problem))
    ignored = lines_in(request.POST.get("ignored", ""))
    query = {"ignored": "\n".join(ignored)} if ignored else None
    return redirect(reverse("webservices-compare", args=[call_id, again.call_id], query=query))


@strict
@permission_required("webservices.view_exchange", raise_exception=True)
@require_GET
def compared(request: HttpRequest, call_id: str, other_id: str) -> HttpResponse:
    """Two exchanges beside each other; `ignored` is what is not compared, `mark` one place more."""
    earlier, later = (get_object_or_404(Exchange, call_id=each) for each in (call_id, other_id))
    ignored = list(dict.fromkeys([*lines_in(request.GET.get("ignored", "")), *request.GET.getlist("mark")]))
    found = compare(earlier, later, ignored)
    return shown(
        request,
        "exchanges/compared",
        "Two calls compared",
        earlier=earlier,
        later=later,
        compared=found,
        moved=[each for each in found.records if each.differs],
        ignored="\n".join(ignored),
        facts=[(when, each, label_of(each)) for when, each in (("Then", earlier), ("Now", later))],
    )


def _page(request: HttpRequest, found: Exchange, asked: Asked, problem: str = "") -> HttpResponse:
    operations = current_operations()
    expected = proposed_of(found, operations)
    again = met_again(expected)
    return shown(
        request,
        "exchanges/one",
        f"Call {found.call_id}",
        exchange=found,
        said=explain(found),
        version=label_of(found),
        request_body=_body(found.request_body, found.request_type),
        response_body=_body(found.response_body, found.response_type),
        sizes=(size_words(found.request_size), size_words(found.response_size)),
        opened=_as_input(found, operations.generation),
        versions=versions(operations),
        collections=Collection.objects.values_list("name", flat=True)[:MOST_COLLECTIONS],
        checks=lines_of([check.kept() for check in again]),
        more=[lines_of([check.kept()]) for check in expected if check not in again],
        values=values_of(body_text(found.response_body), found.response_type),
        help=HELP,
        asked=asked,
        problem=problem,
        ignored=request.POST.get("ignored", ""),
        changes=reverse("admin:records_change_changelist", query={"q": found.call_id}),
    )


def _body(compressed: bytes | None, content_type: str) -> str:
    """Indented and coloured; blank when it was not kept."""
    text = body_text(compressed)
    kind = content_type or ("text/xml" if text.lstrip().startswith("<") else "application/json")
    return coloured(indented(text, kind), kind) if text else ""


def _as_input(found: Exchange, generation: int) -> dict[str, str] | None:
    """What the form of the test page is given to show this request; None when its body was not kept."""
    try:
        return fields_of(call_of(found), generation, original=found.call_id)
    except TesterError:
        return None
