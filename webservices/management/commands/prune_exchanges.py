"""`manage.py prune_exchanges`: delete exchanges and batch jobs that are older than the settings say."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from django.core.management.base import BaseCommand, CommandError

from webservices.conf import server_settings
from webservices.exchanges.store import prune_exchanges
from webservices.jobs.store import prune_jobs


class Command(BaseCommand):
    help = "Delete old exchanges and batch jobs, in batches, so that calls can go on meanwhile."

    def add_arguments(self, parser):
        parser.add_argument(
            "--days", type=int, help="Keep so many days of all; else EXCHANGE_DAYS, EXCHANGE_DAYS_OF and JOB_DAYS say."
        )
        parser.add_argument("--batch", type=int, default=5000, help="Delete so many in one statement.")

    def handle(self, *args, days: int | None, batch: int, **options):
        settings = server_settings()
        # `--days` is for everything, the dialects' own days included.
        own = settings.exchange_days_of if days is None else {}
        exchange_days, job_days = (settings.exchange_days, settings.job_days) if days is None else (days, days)
        if min(exchange_days, job_days, *own.values()) < 0 or batch < 1:
            raise CommandError("Days are 0 or more, a batch is 1 or more.")
        self._prune("exchanges", partial(prune_exchanges, except_dialects=own), exchange_days, batch)
        for dialect, days_of_dialect in own.items():
            self._prune(f"exchanges of {dialect}", partial(prune_exchanges, dialect=dialect), days_of_dialect, batch)
        self._prune("batch jobs", prune_jobs, job_days, batch)

    def _prune(self, label: str, prune: Callable[..., Iterator[int]], days: int, batch: int) -> None:
        before = datetime.now(UTC) - timedelta(days=days)
        deleted = sum(prune(before=before, batch=batch))
        self.stdout.write(f"Deleted {deleted:,} {label} from before {before:%Y-%m-%d %H:%M} UTC.")
