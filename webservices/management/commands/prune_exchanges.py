"""`manage.py prune_exchanges`: delete the exchanges that are older than EXCHANGE_DAYS."""

from datetime import UTC, datetime, timedelta

from django.core.management.base import BaseCommand, CommandError

from webservices.exchanges import prune_exchanges
from webservices.terms import server_terms


class Command(BaseCommand):
    help = "Delete old exchanges, in batches, so that calls can go on meanwhile."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, help="Keep so many days; the setting EXCHANGE_DAYS says else.")
        parser.add_argument("--batch", type=int, default=5000, help="Delete so many in one statement.")

    def handle(self, *args, days: int | None, batch: int, **options):
        kept_days = server_terms().exchange_days if days is None else days
        if kept_days < 0 or batch < 1:
            raise CommandError("Days are 0 or more, a batch is 1 or more.")
        before = datetime.now(UTC) - timedelta(days=kept_days)
        deleted = sum(prune_exchanges(before=before, batch=batch))
        self.stdout.write(f"Deleted {deleted:,} exchanges from before {before:%Y-%m-%d %H:%M} UTC.")
