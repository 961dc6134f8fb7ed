"""
The list of exchanges when there are a million: pages of the admin site, in milliseconds against a limit.

Other measurements here are ratios to a rival; this one has none, so its figures say what one machine did.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from benchmarks.environment import USER
from records.tests.rows import insert_rows
from webservices.models import Exchange

NAME = "exchanges"  # its argument on the command line
COUNT = 1_000_000
LIST = "/admin/webservices/exchange/"
BODY = "<Envelope><Body><getParts><criteria><value>P-{}</value></criteria></getParts></Body></Envelope>"
BECAME = "jsonb_build_object('number', 1, 'became', 'unchanged', 'key', 'P-' || n, 'id', n, 'version', 1)"
ROW = {
    "call_id": "md5(n::text)",
    "at": "now() - (%(count)s - n) * interval '1 second'",
    "duration_ms": "random() * 100",
    "dialect": "(ARRAY['oracle-2.0', 'rest', 'oracle-1.0'])[1 + n %% 3]",
    "operation": "(ARRAY['parts.find', 'parts.put', 'sales_orders.add'])[1 + n %% 3]",
    "user_id": "n %% 20",
    "user_name": "'user' || n %% 20",
    "credential": "'password'",
    "peer": "'10.0.0.' || n %% 250",
    "method": "'POST'",
    "path": "'/v2_0/receiver/parts'",
    "status": "CASE WHEN n %% 50 = 0 THEN 500 ELSE 200 END",
    "dry": "n %% 500 = 0",
    "records_in": "1",
    "unchanged": "1",
    "failed": "(n %% 200 = 0)::int",
    "returned": "1",
    "keys": "ARRAY['P-' || n, 'P-' || n / 2]",
    "outcomes": f"jsonb_build_array({BECAME})",
    "request_type": "'text/xml'",
    "request_size": "900",
    "request_body": "%(body)s",
    "response_type": "'text/xml'",
    "response_size": "900",
    "response_body": "%(body)s",
}  # of the n-th exchange, in SQL
PORTION = 100_000


def day(seconds: int) -> str:
    """The date of so many seconds ago, as the page takes it."""
    return f"{datetime.now(UTC) - timedelta(seconds=seconds):%Y-%m-%d}"


@dataclass(frozen=True)
class Page:
    """A page of the list: its query, and the milliseconds that it may take."""

    title: str
    query: dict[str, object]
    limit: int | None = None


LONG_AGO = {"at_from_0": day(COUNT - 50_000), "at_to_0": day(COUNT - 50_000)}
BY_ALL = {"key": f"P-{COUNT // 2}", "caller": "user7", "dialect": "rest", "status": "200", "at_from_0": day(COUNT)}
PAGES = (
    Page("the list", {}, 150),
    Page("the page after the middle", {"after": f'["{COUNT // 2}"]'}, 150),
    Page("the page before the middle", {"before": f'["{COUNT // 2}"]'}, 150),
    Page("by the key of a record", {"q": f"P-{COUNT // 2}"}, 300),
    Page("by call id", {"q": "c4ca4238a0b923820dcc509a6f75849b"}, 300),
    Page("by caller", {"q": "user7"}, 300),
    Page("refused calls", {"result": "refused"}, 300),
    Page("calls with failed records", {"result": "partly"}, 300),
    Page("of one dialect and operation", {"dialect": "oracle-1.0", "operation": "sales_orders.add"}, 300),
    Page("of a status that none has", {"status": "418"}, 300),
    Page("of an outcome that none has", {"result": "deleted"}, 300),
    Page("by key, caller, dialect, status and time", BY_ALL, 300),
    Page("of one day long ago, of one operation", {**LONG_AGO, "operation": "parts.put"}, 300),
    Page("text in the bodies (it looks for 2 seconds)", {"text": "no such text"}),
)


def run(rounds: int) -> str:
    """Fill the table, measure, print, and give the section."""
    settings.ROOT_URLCONF = "config.urls"
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    fill_table()
    written = section(measure(rounds))
    print(written)
    return written


def fill_table(count: int = COUNT, say: Callable[[str], None] = print) -> None:
    """Insert `count` exchanges, as a server has them that gets one call a second."""
    body = zlib.compress(BODY.format(1).encode() * 8, 3)
    with connection.cursor() as cursor:
        # In portions, so that the person at the terminal sees that it goes on.
        for first in range(1, count + 1, PORTION):
            last = min(first + PORTION - 1, count)
            numbers = {"count": count, "first": first, "last": last, "body": body}
            insert_rows(Exchange, ROW, "generate_series(%(first)s, %(last)s) AS n", numbers)
            say(f"{last:,} exchanges")
        cursor.execute("VACUUM ANALYZE webservices_exchange")


def measure(rounds: int) -> list[tuple[Page, float]]:
    """Return the median of each page, in milliseconds, after one round that is not counted."""
    # A search by caller looks the user up first.
    if not User.objects.filter(username="user7").exists():
        User.objects.create(pk=7007, username="user7")
    client = Client()
    client.force_login(User.objects.get(username=USER))
    return [(page, median([_time_page(client, page) for _ in range(rounds + 1)][1:])) for page in PAGES]


def _time_page(client: Client, page: Page) -> float:
    start = perf_counter()
    response = client.get(f"{LIST}?{urlencode(page.query)}", follow=True)
    milliseconds = (perf_counter() - start) * 1000
    assert response.status_code == 200, page.title
    return milliseconds


def section(measured: list[tuple[Page, float]], count: int = COUNT) -> str:
    """The table of what was measured, for the page of performance."""
    lines = [
        f"## In process: the list of {count:,} exchanges",
        "",
        "Pages of the admin site through all middleware, signed in, with the queries of the page and its rendering.",
        "",
        "| opened | time | limit |",
        "|---|---:|---:|",
    ]
    lines += [
        f"| {page.title} | {taken:,.0f} ms | {f'{page.limit} ms' if page.limit else ''} |" for page, taken in measured
    ]
    return "\n".join([*lines, ""])
