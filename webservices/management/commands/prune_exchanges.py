"""`manage.py prune_exchanges`: delete exchanges and batch jobs that are older than EXCHANGE_DAYS and JOB_DAYS."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from django.core.management.base import BaseCommand, CommandError

from webservices.exchanges import prune_exchanges
from webservices.jobs import prune_jobs
from webservices.terms import server_terms


class Command(BaseCommand):
    help = "Delete old exchanges and batch jobs, in batches, so that calls can go on meanwhile."

    def add_arguments(self, parser):
        parser.add_argument(
            "--days", type=int, help="Keep so many days of both; the settings EXCHANGE_DAYS and JOB_DAYS say else."
        )
        parser.add_argument("--batch", type=int, default=5000, help="Delete so many in one statement.")

    def handle(self, *args, days: int | None, batch: int, **options):
        terms = server_terms()
        exchange_days, job_days = (terms.exchange_days, terms.job_days) if days is None else (days, days)
        if min(exchange_days, job_days) < 0 or batch < 1:
            raise CommandError("Days are 0 or more, a batch is 1 or more.")
        self._prune("exchanges", prune_exchanges, exchange_days, batch)
        self._prune("batch jobs", prune_jobs, job_days, batch)

    def _prune(self, what: str, prune: Callable[..., Iterator[int]], days: int, batch: int) -> None:
        before = datetime.now(UTC) - timedelta(days=days)
        deleted = sum(prune(before=before, batch=batch))
        self.stdout.write(f"Deleted {deleted:,} {what} from before {before:%Y-%m-%d %H:%M} UTC.")
