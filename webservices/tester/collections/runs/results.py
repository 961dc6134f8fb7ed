"""Runs and their results, as they are kept and compared with the run before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from webservices.exchanges.store import body_text
from webservices.tester.collections.runs import runner
from webservices.tester.models import Collection, Run, RunResult
from webservices.tester.send.compare import Difference, differences, first_in, tree_of


def kept_run(
    collection: Collection, going: runner.Run, *, via: str, values: Mapping[str, str] | None = None
) -> Iterator[tuple[Run, runner.CallResult]]:
    """
    Run a collection and keep what comes of it: yields each result once it is kept.

    values  replace those that the collection has by itself
    """
    calls = list(collection.calls.all())
    going.values = {**{name: str(value) for name, value in collection.values.items()}, **(values or {}), **going.values}
    began = datetime.now(UTC)
    kept = Run.objects.create(
        collection=collection, began_at=began, user_name=going.sender.user_name, via=via, dry=going.dry
    )
    for place, result in enumerate(runner.run(calls, going)):
        RunResult.objects.create(run=kept, place=place, **_columns(result))
        yield kept, result
    kept.ended_at = datetime.now(UTC)
    kept.save(update_fields=["ended_at"])


def _columns(result: runner.CallResult) -> dict[str, object]:
    exchange = result.exchange
    return {
        "saved_call": result.call,
        "name": result.call.name,
        "status": result.status,
        "duration_ms": round(result.milliseconds, 3),
        "passed": result.passed,
        "findings": [finding.stored() for finding in result.findings],
        "problem": result.problem[:500],
        "content_type": result.sent.content_type[:200] if result.sent else "",
        "answer": exchange.response_body if exchange else None,
        "call_id": exchange.call_id if exchange else "",
    }


@dataclass(frozen=True)
class Compared:
    """A result beside that of the same call in the run before."""

    result: RunResult
    before: RunResult | None
    differences: tuple[Difference, ...]

    @property
    def turned(self) -> str:
        """`worse`, `better` or blank."""
        if self.before is None or self.before.passed == self.result.passed:
            return ""
        return "better" if self.result.passed else "worse"


def run_before(run: Run) -> Run | None:
    """The last run of the same collection that came to its end, dry as this one is or not."""
    earlier = Run.objects.filter(collection=run.collection_id, pk__lt=run.pk, dry=run.dry)
    return earlier.filter(ended_at__isnull=False).first()


def compared_with(run: Run, last: Run | None) -> list[Compared]:
    """The results of a run beside those of another one of the same collection (two queries)."""
    before = {result.saved_call_id: result for result in last.results.all()} if last else {}
    return [_compared(result, before.get(result.saved_call_id)) for result in run.results.select_related("saved_call")]


def _compared(result: RunResult, before: RunResult | None) -> Compared:
    if before is None or result.saved_call_id is None:
        return Compared(result, None, ())
    trees = [tree_of(body_text(each.answer), each.content_type, each.call_id) for each in (before, result)]
    found = differences(*trees, result.saved_call.ignored, first=first_in(result.content_type))
    return Compared(result, before, tuple(found))
