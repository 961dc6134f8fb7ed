"""
The page of one exchange, which explains it, and from which it is opened as an input, sent again, or saved; and the page
of two exchanges side by side.
"""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from webservices.exchanges.store import body_text
from webservices.models import Exchange
from webservices.publishing import current_operations
from webservices.tester.collections.assertions.notation import HELP, format_checks
from webservices.tester.collections.assertions.proposals import keep_repeatable, list_values, propose_for_exchange
from webservices.tester.collections.services import build_call
from webservices.tester.compose.choices import versions
from webservices.tester.errors import TesterError
from webservices.tester.exchanges.comparison import compare_exchanges
from webservices.tester.exchanges.explain import explain, get_api_label, get_version_label
from webservices.tester.exchanges.replay import ReplayRequest, build_message, read_wishes, replay
from webservices.tester.http import get_exchange_or_404, get_sender, render_page, split_lines
from webservices.tester.models import Collection
from webservices.tester.send.highlight import format_size, highlight
from webservices.wire.contracts.pretty import indent_message

MAX_COLLECTIONS = 200


@permission_required("webservices.view_exchange", raise_exception=True)
@require_GET
def exchange_detail(request: HttpRequest, call_id: str) -> HttpResponse:
    """One exchange, explained."""
    exchange = get_exchange_or_404(call_id)
    return _render_exchange(request, exchange, ReplayRequest(dry=exchange.dry))


@permission_required("webservices.view_exchange", raise_exception=True)
@require_POST
def replay_exchange(request: HttpRequest, call_id: str) -> HttpResponse:
    """Send it again as the signed-in user, and go on to the comparison of the answers."""
    exchange = get_exchange_or_404(call_id)
    wishes = read_wishes(request.POST)
    try:
        message = build_message(exchange, wishes, current_operations(), request.user.get_username())
        later = replay(message, get_sender(request))
    except TesterError as error:
        return _render_exchange(request, exchange, wishes, problem=str(error))
    ignored = split_lines(request.POST.get("ignored", ""))
    query = {"ignored": "\n".join(ignored)} if ignored else None
    # A redirect: whoever reloads the page does not send the call again.
    return redirect(reverse("webservices-compare", args=[call_id, later.call_id], query=query))


@permission_required("webservices.view_exchange", raise_exception=True)
@require_GET
def exchange_comparison(request: HttpRequest, call_id: str, other_id: str) -> HttpResponse:
    """Two exchanges side by side; `ignored` are paths that are not compared, `mark` one path more."""
    earlier, later = (get_exchange_or_404(each) for each in (call_id, other_id))
    ignored = list(dict.fromkeys([*split_lines(request.GET.get("ignored", "")), *request.GET.getlist("mark")]))
    comparison = compare_exchanges(earlier, later, ignored)
    return render_page(
        request,
        "exchanges/comparison",
        f"{get_api_label(later)} · two calls compared",
        earlier=earlier,
        later=later,
        comparison=comparison,
        changed_records=[each for each in comparison.records if each.differs],
        ignored="\n".join(ignored),
        facts=[(when, each, get_version_label(each)) for when, each in (("Previous", earlier), ("Now", later))],
    )


def _render_exchange(
    request: HttpRequest, exchange: Exchange, wishes: ReplayRequest, problem: str = ""
) -> HttpResponse:
    operations = current_operations()
    proposed = propose_for_exchange(exchange, operations)
    repeatable = keep_repeatable(proposed)
    return render_page(
        request,
        "exchanges/detail",
        _title(exchange),
        exchange=exchange,
        explanation=explain(exchange),
        version=get_version_label(exchange),
        request_body=_show_body(exchange.request_body, exchange.request_type),
        response_body=_show_body(exchange.response_body, exchange.response_type),
        sizes=(format_size(exchange.request_size), format_size(exchange.response_size)),
        refusal=_find_refusal(exchange),
        versions=versions(operations),
        collections=Collection.objects.values_list("name", flat=True)[:MAX_COLLECTIONS],
        checks=format_checks([check.to_json() for check in repeatable]),
        more=[format_checks([check.to_json()]) for check in proposed if check not in repeatable],
        values=list_values(body_text(exchange.response_body), exchange.response_type),
        help=HELP,
        wishes=wishes,
        problem=problem,
        ignored=request.POST.get("ignored", ""),
        changes=reverse("admin:records_change_changelist", query={"q": exchange.call_id}),
    )


def _title(exchange: Exchange) -> str:
    """`modifyParts · 200 · 3 of 200 failed`"""
    parts = [get_api_label(exchange), str(exchange.status)]
    if exchange.failed:
        parts.append(f"{exchange.failed:,} of {exchange.records_in:,} failed")
    return " · ".join(parts)


def _show_body(compressed: bytes | memoryview | None, content_type: str) -> str:
    """The body, indented and highlighted; blank when it was not recorded."""
    text = body_text(compressed)
    media = content_type or ("text/xml" if text.lstrip().startswith("<") else "application/json")
    return highlight(indent_message(text, media), media) if text else ""


def _find_refusal(exchange: Exchange) -> str:
    """Why the exchange cannot be sent again; "": it can."""
    try:
        build_call(exchange)
    except TesterError as error:
        return str(error)
    return ""
