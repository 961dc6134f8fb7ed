"""
A million parts against ten thousand: the same calls of REST and pages of the admin site, by turns, as ratios.

    python -m benchmarks million
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from benchmarks.environment import PASSWORD, USER
from config.launch.embedded.test_cluster import TEMPLATE
from customers.models import Customer, CustomerPart
from parts.models import Part, PartDescription, Price
from parts.services import PARTS
from records.models import Change
from records.tests.rows import insert_rows
from webservices.wire.query_string import cursor_after

NAME = "million"  # its argument on the command line
FEW, MANY = 10_000, 1_000_000
MOST_TIMES, MOST_MS = 1.3, 150
WARM = 8  # rounds: PostgreSQL plans a prepared statement for any value only when it has come several times
HEADING = f"## {MANY:,} parts against {FEW:,}"
STAMPS = {
    "created_at": "now() - n * interval '1 second'",
    "created_by": "'ada'",
    "changed_at": "now() - n * interval '1 second'",
    "changed_by": "'user' || n %% 20",
}
PART = {
    "number": "'P-' || lpad(n::text, 7, '0')",
    "display_number": "'D' || n",
    "lead_time": "n %% 60",
    "units": "1 + n %% 5",
    "company_associations": "CASE WHEN n %% 100 = 0 THEN '{Acme}'::text[] ELSE '{}'::text[] END",
    "partner_part_id": "CASE WHEN n %% 10 = 0 THEN 'CRM-' || n ELSE '' END",
    "notes": "'Comes with gasket ' || n %% 17 || ', batch ' || n / 100",
    "active": "n %% 50 <> 0",
    **STAMPS,
}  # of the n-th part, in SQL
NUMBERED = "(SELECT id, substr(number, 3)::int AS n FROM parts_part WHERE number LIKE 'P-%%') AS p"
CREATED = {
    "xact": "pg_current_xact_id()",
    "at": "created_at",
    "resource": "'part'",
    "record_id": "id",
    "key": "number",
    "version": "1",
    "result": "'created'",
    "fields": "jsonb_build_object('number', jsonb_build_array(null, number))",
    "user_name": "'ada'",
    "call_id": "md5(id::text)",
}
UPDATED = CREATED | {
    "at": "now()",
    "record_id": "1",
    "key": "'P-0000001'",
    "version": "n",
    "result": "'updated'",
    "fields": "jsonb_build_object('lead_time', jsonb_build_array(n::text, (n + 1)::text))",
    "call_id": "md5(n::text)",
}


@dataclass(frozen=True)
class Request:
    """An address; in it {last} is the number of a late part, {n} its place, {tenth} one that a customer names."""

    title: str
    address: str

    @property
    def is_page(self) -> bool:
        return self.address.startswith("/admin/")

    def fill(self, count: int, first: int) -> str:
        last, middle = count * 7 // 9, f"P-{count // 2:07}"
        today = datetime.now(UTC)
        return self.address.format(
            last=f"P-{last:07}",
            n=last,
            tenth=last // 10 * 10,
            first=first,
            middle=middle,
            cursor=cursor_after(PARTS.resource, {"number": middle}),
            position=quote(json.dumps([middle])),
            change=quote(json.dumps([str(count // 2)])),
            yesterday=f"{today - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}",
            tomorrow=f"{today + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}",
        )


REST, LIST, CHOICES = "/api/v1/parts/", "/admin/parts/part/", "/admin/customers/customerpart/names/part/"
REQUESTS = (
    Request("one part", REST + "{last}/"),
    Request("a list of 50", REST),
    Request("the page after the middle", REST + "?cursor={cursor}"),
    Request("search for a word that one part has", REST + "?search={n}"),
    Request("a word that every part has", REST + "?search=pump"),
    Request("a word that a third has", REST + "?search=brass"),
    Request("a word that none has", REST + "?search=glass"),
    Request("a part number", REST + "?search={last}"),
    Request("a customer's number", REST + "?search=THEIRS-{tenth}"),
    Request("filter by number", REST + "?number={last}"),
    Request("by two numbers", REST + "?number__in={last},{middle}"),
    Request("by the beginning of a number", REST + "?number__like={last}%25"),
    Request("by the display number", REST + "?display_number=D{n}"),
    Request("by an id in the CRM", REST + "?partner_part_id=CRM-770"),
    Request("inactive ones", REST + "?active=false"),
    Request("by lead time", REST + "?lead_time=7"),
    Request("changed since yesterday", REST + "?changed_at__gt={yesterday}"),
    Request("changed since tomorrow: none", REST + "?changed_at__gt={tomorrow}"),
    Request("a company that none has", REST + "?company_associations=Nobody"),
    Request("admin: the list", LIST),
    Request("admin: the page after the middle", LIST + "?after={position}"),
    Request("admin: the latest changes first", LIST + "?o=-5"),
    Request("admin: inactive ones", LIST + "?active__exact=0"),
    Request("admin: search for a rare word", LIST + "?q={n}"),
    Request("admin: a word that every part has", LIST + "?q=pump"),
    Request("admin: a part number", LIST + "?q={last}"),
    Request("admin: the history of a part", LIST + "{first}/history/"),
    Request("admin: all changes", "/admin/records/change/"),
    Request("admin: the changes after the middle", "/admin/records/change/?after={change}"),
    Request("admin: the changes before the middle", "/admin/records/change/?before={change}"),
    Request("admin: choices of a field, the same word", CHOICES + "?term=pump"),
    Request("admin: the home page", "/admin/"),
)


class Side:
    """A database with so many parts, and a browser that has signed in there."""

    def __init__(self, count: int, wrapper: BaseDatabaseWrapper):
        self.count, self.wrapper, self.client = count, wrapper, Client()
        self.use()
        self.client.force_login(User.objects.get(username=USER))
        self.first = Part.objects.earliest("pk").pk

    def use(self) -> None:
        """Have Django use this database from now on, on a connection that stays open."""
        connections[DEFAULT_DB_ALIAS] = self.wrapper

    def time(self, request: Request) -> float:
        """Return the milliseconds of a request; raises AssertionError when it is not answered."""
        self.use()
        address = request.fill(self.count, self.first)
        start = perf_counter()
        response = self.client.get(address)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        milliseconds = (perf_counter() - start) * 1000
        assert response.status_code == 200, f"{address}: {content[:500].decode()}"
        return milliseconds


def run(rounds: int) -> str:
    """Fill two databases, measure by turns, print, and give the section."""
    settings.ROOT_URLCONF = "config.urls"
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    before = connections[DEFAULT_DB_ALIAS]
    sides = [make_side("few", FEW), make_side("many", MANY)]
    measured = measure(sides, rounds)
    for side in sides:
        side.wrapper.close()
    connections[DEFAULT_DB_ALIAS] = before
    written = section(measured)
    print(written)
    return written


def make_side(name: str, count: int, fill: Callable[[int], None] | None = None) -> Side:
    """Make a database of its own, and fill it, as `fill_tables` does or otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    wrapper = connections.create_connection(DEFAULT_DB_ALIAS)
    wrapper.settings_dict = {**connection.settings_dict, "NAME": name}
    before = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = wrapper
    User.objects.create_superuser(USER, password=PASSWORD)
    (fill or fill_tables)(count)
    connections[DEFAULT_DB_ALIAS] = before
    return Side(count, wrapper)


def fill_tables(count: int, say: Callable[[str], None] = print) -> None:
    """Insert `count` parts with their descriptions, prices, customers' numbers and changes; the first has many."""
    numbers = {"count": count}
    tenth = "generate_series(1, %(count)s / 10) AS n"
    customer = {"number": "'C-' || n", "company": "'Company ' || n", **STAMPS}
    insert_rows(Customer, customer, "generate_series(1, %(count)s / 100) AS n", numbers)
    fill_parts(count)
    say(f"{count:,} parts")
    own = {"customer": "c.id", "part": "p.id", "number": "'THEIRS-' || n", **STAMPS}
    named = f"{NUMBERED} JOIN customers_customer c ON c.number = 'C-' || 1 + n %% (%(count)s / 100) WHERE n %% 10 = 0"
    insert_rows(CustomerPart, own, named, numbers)
    insert_rows(Change, CREATED, "parts_part", {})
    first = {"record_id": "(SELECT min(id) FROM parts_part)"}
    insert_rows(Change, UPDATED | first, tenth, numbers)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def fill_parts(count: int) -> None:
    """Insert `count` parts with their descriptions and prices."""
    insert_rows(Part, PART, "generate_series(1, %(count)s) AS n", {"count": count})
    text = "'Pump of size ' || n || ', ' || (ARRAY['steel', 'brass', 'iron'])[1 + n %% 3]"
    insert_rows(PartDescription, {"part": "id", "language": "'en'", "text": text}, NUMBERED, {})
    insert_rows(Price, {"part": "id", "currency": "'USD'", "amount": "n %% 100000 / 100.0 + 1"}, NUMBERED, {})


def remove_parts() -> None:
    """Remove the parts that `fill_parts` has inserted."""
    inside = "WHERE {} IN (SELECT id FROM parts_part WHERE number LIKE 'P-%')"
    with connection.cursor() as cursor:
        for table, column in (("parts_partdescription", "part_id"), ("parts_price", "part_id"), ("parts_part", "id")):
            cursor.execute(f"DELETE FROM {table} {inside.format(column)}")  # noqa: S608 - these names alone


def measure(sides: Sequence[Side], rounds: int, warm: int = WARM) -> list[tuple[Request, list[list[float]]]]:
    """Return the milliseconds of each request, round by round, on each side, after rounds that are not counted."""
    measured = []
    for request in REQUESTS:
        # What is short is disturbed easily.
        times = rounds if request.is_page else rounds * 3
        turns = [[side.time(request) for side in sides] for _ in range(warm + times)]
        measured.append((request, turns[warm:]))
    return measured


def section(measured: list[tuple[Request, list[list[float]]]]) -> str:
    """The table of what was measured, for the page of performance."""
    lines = [
        HEADING,
        "",
        "REST and pages of the admin site through all middleware, signed in to the site, both databases by turns; the",
        f"exchange stored. Wanted: at most {MOST_TIMES} times as long; lists, searches and history of the admin: at",
        f"most {MOST_MS} ms.",
        "",
        f"| | {FEW:,} | {MANY:,} | ratio |",
        "|---|---:|---:|---:|",
    ]
    for request, turns in measured:
        few, many = (median(side) for side in zip(*turns, strict=True))
        ratio = median(larger / smaller for smaller, larger in turns)
        lines.append(f"| {request.title} | {few:,.1f} ms | {many:,.1f} ms | **{ratio:.2f} ×** |")
    return "\n".join([*lines, ""])
