"""
Finding text in the bodies of exchanges.

Bodies are compressed, so they are looked through one by one, newest first, among those that are left by what else is
asked; after some seconds the search says how far it has come, and goes on from there when it is asked again.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from django.db.models import QuerySet

SECONDS = 2.0
MOST = 200  # found at once
PORTION = 500

Row = tuple[int, datetime, bytes | None, bytes | None]


@dataclass(frozen=True)
class Looked:
    """
    What was found, newest first.

    looked_to  id and moment of the last one that was looked at, when there are earlier ones; None: all were
    """

    ids: tuple[int, ...]
    looked_to: tuple[int, datetime] | None


def exchanges_with(
    exchanges: QuerySet, text: str, *, before: int | None = None, seconds: float | None = None, most: int = MOST
) -> Looked:
    """
    The exchanges of a queryset whose request or response holds a text, in any case.

    before  look only at those with a lower id
    """
    until, wanted = monotonic() + (SECONDS if seconds is None else seconds), text.casefold()
    found: list[int] = []
    for portion in _portions(exchanges, before):
        found += [id_ for id_, _, *bodies in portion if any(_holds(body, wanted) for body in bodies)]
        if len(found) >= most or monotonic() > until:
            last, at, *_ = portion[-1]
            more = exchanges.filter(pk__lt=last).order_by().exists()
            return Looked(tuple(found), (last, at) if more else None)
    return Looked(tuple(found), None)


def _portions(exchanges: QuerySet, before: int | None) -> Iterator[Sequence[Row]]:
    ordered = exchanges.order_by("-pk").values_list("pk", "at", "request_body", "response_body")
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
