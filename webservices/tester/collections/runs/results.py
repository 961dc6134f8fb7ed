"""
Runs and their results: as they are saved, compared with the run before, and as JUnit's report, which every build server
reads.

    <testsuite name="Parts" tests="2" failures="1" errors="0" time="0.123">
      <testcase classname="Parts" name="adds a part" time="0.100"/>
      <testcase classname="Parts" name="adds it again" time="0.023">
        <failure message="status is 200">found 500</failure>
      </testcase>
    </testsuite>
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from webservices.exchanges.store import body_text
from webservices.tester.collections.runs.runner import CallResult, RunState, run_calls
from webservices.tester.models import Collection, Run, RunResult
from webservices.tester.send.compare import Difference, build_tree, differences, first_index
from webservices.wire.xml.writing import Markup, document, element


def run_and_save(
    collection: Collection, state: RunState, *, via: str, values: Mapping[str, str] | None = None
) -> Iterator[tuple[Run, CallResult]]:
    """
    Run a collection and save its results: yields each result once it is saved.

    values  replace those that the collection has by itself
    """
    calls = list(collection.calls.all())
    own = {name: str(value) for name, value in collection.values.items()}
    state.values = {**own, **(values or {}), **state.values}
    run = Run.objects.create(
        collection=collection,
        began_at=datetime.now(UTC),
        user_name=state.sender.user_name,
        via=via,
        dry=state.dry,
    )
    for place, result in enumerate(run_calls(calls, state)):
        RunResult.objects.create(run=run, place=place, **_columns(result))
        yield run, result
    run.ended_at = datetime.now(UTC)
    run.save(update_fields=["ended_at"])


def _columns(result: CallResult) -> dict[str, object]:
    exchange = result.exchange
    return {
        "saved_call": result.call,
        "name": result.call.name,
        "status": result.status,
        "duration_ms": round(result.milliseconds, 3),
        "passed": result.passed,
        "findings": [finding.to_json() for finding in result.findings],
        "problem": result.problem[:500],
        "content_type": result.response.content_type[:200] if result.response else "",
        # The exchange's body has its secrets masked; the response itself has not, and is never saved.
        "answer": exchange.response_body if exchange else None,
        "call_id": exchange.call_id if exchange else "",
    }


@dataclass(frozen=True)
class ResultComparison:
    """A result beside that of the same call in the run before; `previous` is None when there was none."""

    result: RunResult
    previous: RunResult | None
    differences: tuple[Difference, ...]

    @property
    def trend(self) -> str:
        """`worse`, `better` or blank."""
        if self.previous is None or self.previous.passed == self.result.passed:
            return ""
        return "better" if self.result.passed else "worse"


def find_previous_run(run: Run) -> Run | None:
    """The last run of the same collection that came to its end, dry as this one is or not."""
    # A dry run saves nothing, so it is compared with dry runs only. A run that broke off lacks its last calls.
    earlier = Run.objects.filter(collection=run.collection_id, pk__lt=run.pk, dry=run.dry)
    return earlier.filter(ended_at__isnull=False).first()


def compare_runs(run: Run, previous: Run | None) -> list[ResultComparison]:
    """The results of a run beside those of another one of the same collection (two queries)."""
    before = {result.saved_call_id: result for result in previous.results.all()} if previous else {}
    results = run.results.select_related("saved_call")
    return [_compare_results(result, before.get(result.saved_call_id)) for result in results]


def _compare_results(result: RunResult, previous: RunResult | None) -> ResultComparison:
    if previous is None or result.saved_call is None:
        return ResultComparison(result, None, ())
    before, after = (build_tree(body_text(each.answer), each.content_type, each.call_id) for each in (previous, result))
    found = differences(before, after, result.saved_call.ignored, first=first_index(result.content_type))
    return ResultComparison(result, previous, tuple(found))


def report(name: str, results: Sequence[CallResult]) -> bytes:
    """Write the report of one run of a collection."""
    failures = sum(1 for result in results if not result.passed and not result.problem)
    errors = sum(1 for result in results if result.problem)
    suite = {
        "name": name,
        "tests": str(len(results)),
        "failures": str(failures),
        "errors": str(errors),
        "time": _seconds(sum(result.milliseconds for result in results)),
    }
    return document(element("testsuite", *(_case(name, result) for result in results), attributes=suite))


def _case(collection: str, result: CallResult) -> Markup:
    attributes = {"classname": collection, "name": result.call.name, "time": _seconds(result.milliseconds)}
    failures = [
        element("failure", f"found {finding.found}", attributes={"message": finding.check})
        for finding in result.findings
        if not finding.passed
    ]
    if result.problem:  # JUnit tells an error, a call that could not be made, from a check that failed
        failures.append(element("error", attributes={"message": result.problem}))
    elif not result.passed and not failures:
        failures.append(element("failure", attributes={"message": f"The call failed with status {result.status}."}))
    return element("testcase", *failures, attributes=attributes)


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.3f}"
