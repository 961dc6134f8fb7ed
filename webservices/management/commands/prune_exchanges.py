"""`manage.py prune_exchanges`: delete exchanges, jobs and answers of keyed calls, as old as the settings say."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from django.core.management.base import BaseCommand, CommandError

from webservices.conf import server_settings
from webservices.exchanges.store import prune_exchanges
from webservices.idempotency import prune_answers
from webservices.jobs.store import prune_jobs


class Command(BaseCommand):
    help = "Delete old exchanges, batch jobs and answers of keyed calls, in batches, so that calls can go on meanwhile."

    def add_arguments(self, parser):
        parser.add_argument(
            "--days",
            type=int,
            help="Keep so many days of exchanges and jobs; else EXCHANGE_DAYS, EXCHANGE_DAYS_OF and JOB_DAYS say.",
        )
        parser.add_argument("--batch", type=int, default=5000, help="Delete so many in one statement.")

    def handle(self, *args, days: int | None, batch: int, **options):
        settings = server_settings()
        # `--days` is for all that is a record of the past, the dialects' own days included. The answer of a keyed call
        # is a promise to its caller: IDEMPOTENCY_HOURS alone says how long.
        own = settings.exchange_days_of if days is None else {}
        exchange_days, job_days = (settings.exchange_days, settings.job_days) if days is None else (days, days)
        if min(exchange_days, job_days, *own.values()) < 0 or batch < 1:
            raise CommandError("Days are 0 or more, a batch is 1 or more.")
        prune = partial(prune_exchanges, except_dialects=own)
        self._prune("exchanges", prune, timedelta(days=exchange_days), batch)
        for dialect, days_of_dialect in own.items():
            prune = partial(prune_exchanges, dialect=dialect)
            self._prune(f"exchanges of {dialect}", prune, timedelta(days=days_of_dialect), batch)
        self._prune("batch jobs", prune_jobs, timedelta(days=job_days), batch)
        self._prune("answers of keyed calls", prune_answers, timedelta(hours=settings.idempotency_hours), batch)

    def _prune(self, label: str, prune: Callable[..., Iterator[int]], age: timedelta, batch: int) -> None:
        before = datetime.now(UTC) - age
        deleted = sum(prune(before=before, batch=batch))
        self.stdout.write(f"Deleted {deleted:,} {label} from before {before:%Y-%m-%d %H:%M} UTC.")
