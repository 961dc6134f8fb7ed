"""
The cost of an exchange: calls in this process with and without it, in the processor's time.

    python -m benchmarks.exchange_cost

    call       of one, and of a thousand, over SOAP and REST
    exchange   the time of the call, times that of the same call of which nothing is stored
    plain      the time of masking by a tree, or token by token, times that of masking in the text

Within one run, by turns; the best of some rounds, since other programs only ever add.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from time import process_time
from unittest.mock import patch

from benchmarks.environment import AUTHORIZATION, temporary_database

ROUNDS = 5
SECONDS = 0.2  # of each measurement


def main() -> None:
    with temporary_database():
        # Only now: they read the variables that the temporary database has set.
        from webservices import endpoint
        from webservices.exchanges import masked_call

        lines = ["| call | × without exchange | masking, µs | × masking by the plain path |", "|---|---|---|---|"]
        for title, serve in list_calls():
            done = serve()
            assert done.response.status == 200, done.response.body[:500]
            with patch.object(endpoint, "_store", lambda *arguments: None):
                without = measure(serve)
            masking = measure(lambda done=done: masked_call.mask_call(done))
            with patch.multiple(masked_call, MASKS=plain_masks(), MASKS_OF_OWN=plain_masks()):
                plain = measure(lambda done=done: masked_call.mask_call(done))
            lines.append(f"| {title} | {measure(serve) / without:.2f} | {masking * 1e6:,.0f} | {plain / masking:.1f} |")
        sys.stdout.write("\n".join(lines) + "\n")


def list_calls() -> Iterator[tuple[str, Callable]]:
    """Yield calls by their titles, on a thousand parts."""
    from benchmarks.catalogue import build_request, get_part, parts
    from webservices import endpoint
    from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
    from webservices.wire.dialects.rest.dialect import REST
    from webservices.wire.messages import WireRequest
    from webservices.wire.operations import Verb

    records = parts("P", 1000)
    batch = build_request(REST, "parts", Verb.PUT, records=records)
    requests = {
        "1,000 parts put, REST": (REST, replace(batch, headers={**batch.headers, **AUTHORIZATION})),
        "1,000 parts put, SOAP": (ORACLE_2_0, build_request(ORACLE_2_0, "parts", Verb.PUT, records=records)),
        "getParts of one, SOAP": (ORACLE_2_0, get_part("P-00007")),
        "one part, REST": (REST, WireRequest("GET", "/api/v1/parts/P-00007/", b"", AUTHORIZATION)),
        "a list of 1,000, REST": (REST, WireRequest("GET", "/api/v1/parts/", b"", AUTHORIZATION, query="limit=1000")),
    }
    for title, (dialect, request) in requests.items():
        yield title, lambda dialect=dialect, request=request: endpoint.serve_and_report(dialect, request)


def plain_masks() -> dict[str, Callable]:
    """Return the plain ways of masking, by the kind of a body."""
    from webservices.exchanges.mask_json import mask_json
    from webservices.exchanges.mask_xml import mask_tree

    return {
        "xml": lambda sent, mask, limit: mask_tree(sent, mask, limit, reads_text=False),
        "json": lambda sent, mask, limit: mask_json(sent, mask, limit, reads_all=True),
    }


def measure(work: Callable) -> float:
    """Return the seconds of the processor that the work takes, the least of some rounds."""
    work()
    rounds = []
    for _ in range(ROUNDS):
        count, start = 0, process_time()
        while (taken := process_time() - start) < SECONDS / ROUNDS or not count:
            work()
            count += 1
        rounds.append(taken / count)
    return min(rounds)


if __name__ == "__main__":
    main()
