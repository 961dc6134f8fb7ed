"""
Pages of runs: a run as it goes on, its results beside those of the run before, and what is learnt from them: what is
expected from now on, what is taken out of an answer, what is not compared.

A run is also told call by call to a script that asks for it (`application/x-ndjson`); it goes on when nobody listens.
"""

from collections.abc import Iterator

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from webservices.exchanges.search import by_call
from webservices.exchanges.store import body_text
from webservices.publishing.site_operations import current_operations
from webservices.tester.collections.assertions.checks import Check
from webservices.tester.collections.assertions.lines import lines_of
from webservices.tester.collections.assertions.proposals import proposed, proposed_of, values_of
from webservices.tester.collections.runs.results import compared_with, kept_run, run_before
from webservices.tester.collections.runs.runner import CallResult
from webservices.tester.collections.runs.runner import Run as Going
from webservices.tester.collections.services import Learnt, learn
from webservices.tester.csp import strict
from webservices.tester.errors import TesterError
from webservices.tester.http import sender_of, shown, typed
from webservices.tester.models import Collection, Run, RunResult
from webservices.tester.send.highlight import coloured, pretty
from webservices.tester.send.parsed_answer import Seen
from webservices.wire.json import write_json

EVENTS = "application/x-ndjson"


@strict
@permission_required("tester.add_run", raise_exception=True)
@require_POST
def run(request: HttpRequest, link: str) -> HttpResponse:
    """Run the collection as the signed-in user: told call by call to a script, else all at once."""
    found = get_object_or_404(Collection, link=link)
    going = Going(sender_of(request), dry=request.POST.get("dry") == "on", hosts=settings.TEST_PAGE_HOSTS)
    results = kept_run(found, going, via="page")
    if EVENTS in request.headers.get("Accept", ""):
        return StreamingHttpResponse(events(found, results), content_type=EVENTS)
    kept = [run for run, _ in results]
    return HttpResponseRedirect(_address(kept[0]) if kept else request.path.removesuffix("run/"))


def events(found: Collection, results: Iterator[tuple[Run, CallResult]]) -> Iterator[str]:
    """A line of JSON for each result; the rest of the calls are sent even when nobody listens any more."""
    total = found.calls.count()
    try:
        for done, (kept, result) in enumerate(results, 1):
            told = {"done": done, "of": total, "name": result.call.name, "met": result.passed, "status": result.status}
            yield write_json({**told, "results": _address(kept)}) + "\n"
    finally:
        for _ in results:
            pass


def _address(kept: Run) -> str:
    return reverse("webservices-run", args=[kept.collection.link, kept.pk])


@strict
@permission_required("tester.view_collection", raise_exception=True)
@require_GET
def results(request: HttpRequest, link: str, number: int) -> HttpResponse:
    """A run: each call's checks, beside the run before."""
    kept = get_object_or_404(Run.objects.select_related("collection"), pk=number, collection__link=link)
    before = run_before(kept)
    compared = compared_with(kept, before)
    return shown(
        request,
        "collections/run",
        f"{kept.collection.name}: run of {kept.began_at:%Y-%m-%d %H:%M} UTC",
        run=kept,
        compared=compared,
        before=before,
        met=sum(each.result.passed for each in compared),
        worse=sum(each.turned == "worse" for each in compared),
        differing=sum(bool(each.differences) for each in compared),
        collection=kept.collection,
    )


@strict
@permission_required("tester.view_collection", raise_exception=True)
@require_GET
def result(request: HttpRequest, link: str, number: int, place: int) -> HttpResponse:
    """One result: what was answered, and its values, each to be expected or taken."""
    found = get_object_or_404(_of(link, number), place=place)
    body = body_text(found.answer)
    return shown(
        request,
        "collections/result",
        f"{found.run.collection.name}: {found.name}",
        result=found,
        run=found.run,
        collection=found.run.collection,
        body=coloured(pretty(body, found.content_type), found.content_type),
        values=values_of(body, found.content_type),
        lines=lines_of(found.saved_call.checks).splitlines() if found.saved_call else [],
        checks=[check.words() for check in _proposed(found)],
    )


def _of(link: str, number: int) -> QuerySet[RunResult]:
    return RunResult.objects.filter(run=number, run__collection__link=link).select_related(
        "run__collection", "saved_call"
    )


@strict
@permission_required("tester.change_collection", raise_exception=True)
@require_POST
def learnt(request: HttpRequest, link: str, number: int, place: int) -> HttpResponse:
    """
    What a result teaches its call.

    expect  any value: that from now on what was found is expected
    check, capture, ignored  a line more of these
    """
    found = get_object_or_404(_of(link, number), place=place)
    lines = {name: typed(request, name).strip() for name in ("check", "capture", "ignored")}
    checks = [check.kept() for check in _proposed(found)] if "expect" in request.POST else None
    try:
        learn(found.saved_call, Learnt(checks=checks, **lines))
        messages.success(request, f"The call {found.name} was changed.")
    except TesterError as problem:
        messages.error(request, str(problem))
    if "ignored" in request.POST:
        return redirect(f"{_address(found.run)}#result-{place}")
    return redirect("webservices-result", link=link, number=number, place=place)


def _proposed(found: RunResult) -> list[Check]:
    """What could be expected from now on; less of it when the exchange is kept no more."""
    exchange = by_call(found.call_id)
    if exchange is not None:
        return proposed_of(exchange, current_operations())
    return proposed(Seen(found.status, body_text(found.answer), found.content_type, found.duration_ms))
