"""
The search for exchanges among a million: by a key, by a caller, in a span of time, by text in their bodies.

The database is left no choice of a plan: it gets the ids that a key or a span of time leaves. Bodies are compressed, so
they are searched one by one, newest first, among those that the other conditions leave; after some seconds the search
says how far it has come, and goes on from there when it is called again.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic, sleep

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from webservices.conf import server_settings
from webservices.models import ApiKey, Exchange

CALL_ID = re.compile("[0-9a-f]{32}")
MOST_OF_A_KEY = 10_000
LONGEST_CALL = timedelta(hours=1)  # an exchange is kept when its call ends: ids are in the order of the ends
NOBODY = Q(pk__in=[])
MARGIN = 0.05  # seconds, beside the longest that an exchange waits
SECONDS = 2.0
MOST = 200  # found by one call
PORTION = 500

Row = tuple[int, datetime, dict[str, str], bytes | None, bytes | None]


@dataclass(frozen=True)
class SearchResult:
    """
    The exchanges found, newest first.

    searched_to  id and moment of the last one that was searched, when there are earlier ones; None: all were
    """

    ids: tuple[int, ...]
    searched_to: tuple[int, datetime] | None


def find_by_call_id(text: str) -> Exchange | None:
    """
    Return the exchange of this call id.

    One that is not there is looked for a second time, as it may wait to be stored (`exchanges.queue`).
    """
    found = CALL_ID.fullmatch(text.strip().lower())
    if found is None:
        return None
    exchange = Exchange.objects.filter(call_id=found[0]).first()
    if exchange is None and (delay := server_settings().exchange_delay_ms):
        sleep(delay / 1000 + MARGIN)
        exchange = Exchange.objects.filter(call_id=found[0]).first()
    return exchange


def key_condition(key: str) -> Q:
    """Return the condition of a record with this key: ids, unless it is in so many that any order finds some."""
    holding = Exchange.objects.order_by().filter(keys__contains=[key])
    ids = list(holding.values_list("pk", flat=True)[:MOST_OF_A_KEY])
    return Q(pk__in=ids) if len(ids) < MOST_OF_A_KEY else Q(keys__contains=[key])


def caller_condition(name: str) -> Q:
    """Return the condition of a user, or of an API key by its name or its token's beginning; NOBODY for any other."""
    user = User.objects.filter(username=name).values_list("pk", flat=True).first()
    if user is not None:
        return Q(user_id=user)
    keys = ApiKey.objects.filter(Q(name=name) | Q(prefix=name)).values_list("user_id", "prefix")
    found = NOBODY
    for user, prefix in keys:
        found |= Q(user_id=user, credential=prefix)
    return found


def limit_to_span(exchanges: QuerySet, since: datetime | None, until: datetime | None) -> QuerySet:
    """Return the exchanges of a span of time. Ids bound it, so that no scan begins with what is long past."""
    known = Exchange.objects.values_list("pk", flat=True)
    if since is not None:
        before = known.filter(at__lt=since - LONGEST_CALL).order_by("-at").first()
        exchanges = exchanges.filter(at__gte=since, **({} if before is None else {"pk__gt": before}))
    if until is not None:
        after = known.filter(at__gt=until + LONGEST_CALL).order_by("at").first()
        exchanges = exchanges.filter(at__lte=until, **({} if after is None else {"pk__lt": after}))
    return exchanges


def search_bodies(
    exchanges: QuerySet, text: str, *, before: int | None = None, seconds: float | None = None, most: int = MOST
) -> SearchResult:
    """
    Return the exchanges of a queryset whose request, one of its stored headers, or response holds a text, in any case.

    before  search only those with a lower id
    """
    until, wanted = monotonic() + (SECONDS if seconds is None else seconds), text.casefold()
    found: list[int] = []
    for portion in _portions(exchanges, before):
        found += [
            id_
            for id_, _, headers, *bodies in portion
            if any(wanted in text.casefold() for text in headers.values())
            or any(_holds(body, wanted) for body in bodies)
        ]
        if len(found) >= most or monotonic() > until:
            last, at, *_ = portion[-1]
            more = exchanges.filter(pk__lt=last).order_by().exists()
            return SearchResult(tuple(found), (last, at) if more else None)
    return SearchResult(tuple(found), None)


def _portions(exchanges: QuerySet, before: int | None) -> Iterator[Sequence[Row]]:
    ordered = exchanges.order_by("-pk").values_list("pk", "at", "request_headers", "request_body", "response_body")
    while True:
        portion = list((ordered if before is None else ordered.filter(pk__lt=before))[:PORTION])
        if not portion:
            return
        yield portion
        if len(portion) < PORTION:
            return
        before = portion[-1][0]


def _holds(body: bytes | None, wanted: str) -> bool:
    return body is not None and wanted in zlib.decompress(body).decode().casefold()
