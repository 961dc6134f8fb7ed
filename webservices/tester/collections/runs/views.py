"""
Pages of runs: a run as it goes on, its results beside those of the run before, and changes of what is expected of a
call after one of its results was seen.

A script that asks for `application/x-ndjson` gets a line of JSON for each call; the run goes on when nobody listens.
"""

from collections.abc import Iterator

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from webservices.exchanges.search import find_by_call_id
from webservices.exchanges.store import body_text
from webservices.publishing import current_operations
from webservices.tester.collections.assertions.checks import Check
from webservices.tester.collections.assertions.notation import format_checks
from webservices.tester.collections.assertions.proposals import list_values, propose_checks, propose_for_exchange
from webservices.tester.collections.runs.results import compare_runs, find_previous_run, run_and_save
from webservices.tester.collections.runs.runner import CallResult, RunState
from webservices.tester.collections.services import ExpectationChange, update_expectations
from webservices.tester.errors import TesterError
from webservices.tester.http import get_sender, get_text, render_page
from webservices.tester.models import Collection, Run, RunResult
from webservices.tester.send.highlight import highlight, indent_body
from webservices.tester.send.parsed_answer import ParsedAnswer
from webservices.wire.json import write_json

EVENTS = "application/x-ndjson"


@permission_required("tester.add_run", raise_exception=True)
@require_POST
def start_run(request: HttpRequest, link: str) -> HttpResponseBase:
    """Run the collection as the signed-in user: streamed call by call to a script, else all at once."""
    collection = get_object_or_404(Collection, link=link)
    state = RunState(get_sender(request), dry=request.POST.get("dry") == "on", hosts=settings.TEST_PAGE_HOSTS)
    results = run_and_save(collection, state, via="page")
    if EVENTS in request.headers.get("Accept", ""):
        return StreamingHttpResponse(stream_events(collection, results), content_type=EVENTS)
    runs = [run for run, _ in results]
    return HttpResponseRedirect(_address(runs[0]) if runs else request.path.removesuffix("run/"))


def stream_events(collection: Collection, results: Iterator[tuple[Run, CallResult]]) -> Iterator[str]:
    """A line of JSON for each result; the rest of the calls are sent even when nobody listens any more."""
    total = collection.calls.count()
    try:
        for done, (run, result) in enumerate(results, 1):
            # `met` is what the page's script reads.
            event = {"done": done, "of": total, "name": result.call.name, "met": result.passed, "status": result.status}
            yield write_json({**event, "results": _address(run)}) + "\n"
    finally:
        # The server closes this generator when the browser is gone; whoever left wants the run nevertheless.
        for _ in results:
            pass


def _address(run: Run) -> str:
    return reverse("webservices-run", args=[run.collection.link, run.pk])


@permission_required("tester.view_collection", raise_exception=True)
@require_GET
def run_detail(request: HttpRequest, link: str, number: int) -> HttpResponse:
    """A run: each call's checks, beside the run before."""
    run = get_object_or_404(Run.objects.select_related("collection"), pk=number, collection__link=link)
    previous = find_previous_run(run)
    results = compare_runs(run, previous)
    passed = sum(each.result.passed for each in results)
    return render_page(
        request,
        "collections/run",
        f"{run.collection.name} · {passed} of {len(results)} passed",
        run=run,
        results=results,
        previous=previous,
        passed=passed,
        worse=sum(each.trend == "worse" for each in results),
        differing=sum(bool(each.differences) for each in results),
        collection=run.collection,
    )


@permission_required("tester.view_collection", raise_exception=True)
@require_GET
def result_detail(request: HttpRequest, link: str, number: int, place: int) -> HttpResponse:
    """One result: the answer and its values, each of which can be expected or captured from now on."""
    result = get_object_or_404(_run_results(link, number), place=place)
    body = body_text(result.answer)
    return render_page(
        request,
        "collections/result",
        f"{result.run.collection.name} · {result.name} · {'passed' if result.passed else 'failed'}",
        result=result,
        run=result.run,
        collection=result.run.collection,
        body=highlight(indent_body(body, result.content_type), result.content_type),
        values=list_values(body, result.content_type),
        lines=format_checks(result.saved_call.checks).splitlines() if result.saved_call else [],
        checks=[check.words() for check in _propose_checks(result)],
    )


def _run_results(link: str, number: int) -> QuerySet[RunResult]:
    results = RunResult.objects.filter(run=number, run__collection__link=link)
    return results.select_related("run__collection", "saved_call")


@permission_required("tester.change_collection", raise_exception=True)
@require_POST
def change_expectations(request: HttpRequest, link: str, number: int, place: int) -> HttpResponse:
    """
    Change what is expected of the call of a result.

    expect                   any value: expect what this answer has, in place of all checks
    check, capture, ignored  one more of these
    """
    result = get_object_or_404(_run_results(link, number), place=place)
    lines = {name: get_text(request, name).strip() for name in ("check", "capture", "ignored")}
    checks = [check.to_json() for check in _propose_checks(result)] if "expect" in request.POST else None
    try:
        update_expectations(result.saved_call, ExpectationChange(checks=checks, **lines))
        messages.success(request, f"The call {result.name} was changed.")
    except TesterError as error:
        messages.error(request, str(error))
    if "ignored" in request.POST:
        return redirect(f"{_address(result.run)}#result-{place}")
    return redirect("webservices-result", link=link, number=number, place=place)


def _propose_checks(result: RunResult) -> list[Check]:
    """Checks that this answer passes; fewer of them once its exchange has been cleared away."""
    exchange = find_by_call_id(result.call_id)
    if exchange is not None:
        return propose_for_exchange(exchange, current_operations())
    answer = ParsedAnswer(result.status, body_text(result.answer), result.content_type, result.duration_ms)
    return propose_checks(answer)
