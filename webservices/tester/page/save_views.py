"""
A call is kept in a collection, from the test page or from the page of an exchange.
"""

from dataclasses import replace
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from webservices.exchanges.search import by_call
from webservices.publishing.site_operations import current_operations
from webservices.tester.collections.files import Call
from webservices.tester.collections.services import call_of, collection_for, expecting, keep_call
from webservices.tester.compose.redact import blanked, without_user
from webservices.tester.csp import strict
from webservices.tester.errors import TesterError
from webservices.tester.http import demand, typed
from webservices.tester.page.actions import headers_of
from webservices.tester.page.content import choose, page
from webservices.tester.page.views import test_page
from webservices.wire.contracts.pretty import indented


@strict
@permission_required("tester.change_collection", raise_exception=True)
@require_POST
def keep_in_collection(request: HttpRequest) -> HttpResponse:
    """
    Keep a call in a collection, a new one if there is none of that name: that of an exchange, or the input of the page.

    collection, call-name     of what is kept
    checks, captures, ignored  what is expected of its answer, a line each
    call-id                   of an exchange; without it, what the form of the test page holds
    """
    try:
        call_id = request.POST.get("call-id", "")
        name = typed(request, "call-name")
        call = _of_exchange(request, call_id, name) if call_id else _of_page(request, name)
        if "checks" in request.POST:
            call = expecting(call, **{each: typed(request, each) for each in ("checks", "captures", "ignored")})
        with transaction.atomic():
            found = collection_for(typed(request, "collection"), owner_id=request.user.pk)
            kept = keep_call(found, call, call_id=call_id)
    except TesterError as problem:
        messages.error(request, str(problem))
        return redirect("webservices-exchange", call_id=call_id) if call_id else _again(request)
    messages.success(request, f"{kept.name} is kept in {found.name}.")
    return redirect(f"{reverse('webservices-collection', args=[found.link])}#call-{kept.pk}")


def _again(request: HttpRequest) -> HttpResponse:
    """The test page with all that was typed."""
    request.POST = request.POST.copy()
    request.POST["do"] = "check"
    return test_page(request)


def _of_exchange(request: HttpRequest, call_id: str, name: str) -> Call:
    demand(request, "webservices.view_exchange")
    found = by_call(call_id)
    if found is None:
        raise Http404
    call = call_of(found, name=name)
    return replace(call, body=indented(call.body, call.headers.get("content-type", "")) if call.body else "")


def _of_page(request: HttpRequest, name: str) -> Call:
    operations = current_operations()
    chosen = choose(request.POST, operations)
    text, url = typed(request, "input"), without_user(typed(request, "url"))
    made_for = request.POST.get("made-for", "")
    made = next((api for api in page(chosen, operations).apis if api.name == made_for), chosen.api)
    split = urlsplit(url)
    return Call(
        name=name or made.label,
        method=request.POST.get("method", "POST"),
        target=split.path + (f"?{split.query}" if split.query else ""),
        dialect=chosen.dialect.name,
        operation=made.operation.name,
        headers=headers_of(request, made),
        body=blanked(text, chosen.dialect.secrets),
    )
