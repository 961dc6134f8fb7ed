"""
Measure, and write docs/performance.md: `python -m benchmarks [--http] [--quick] [words of the titles] [exchanges]
[million] [large] [exports]`.

With --http what is measured are servers, by `benchmarks.http`.
"""

import json
import sys

from benchmarks.environment import DIALECT_TERMS, baseline, hub, temporary_database
from benchmarks.http_ground import GUNICORN, running_ground

ROUNDS, QUICK = 7, 2


def measure_servers(words: list[str], quick: bool, brief: bool) -> None:
    variables = {"MAX_RECORDS": "100000", "DIALECT_TERMS": json.dumps(DIALECT_TERMS)}
    with running_ground([GUNICORN] if brief else None, **variables) as ground:
        # Only now: it uses the database of the hub that has been started.
        from benchmarks import http

        http.main(ground, words, http.BRIEF if brief else http.QUICK if quick else http.USUAL)


def main(arguments: list[str]) -> None:
    quick = "--quick" in arguments
    words = [argument for argument in arguments if not argument.startswith("--")]
    if "--http" in arguments:
        return measure_servers(words, quick, "--brief" in arguments)
    with temporary_database():
        # Only now: they read the variables that the temporary database has set.
        from django.conf import settings

        from benchmarks import contests, exchanges, exports, large_calls, million, order_contests, report

        settings.ROOT_URLCONF = "benchmarks.urls"
        found = [each for module in (contests, order_contests) for each in module.list_contests(hub(), baseline())]
        chosen = [contest for contest in found if not words or any(word in contest.title for word in words)]
        rounds = QUICK if quick else ROUNDS
        every = (large_calls, exchanges, million, exports)
        tables = [table for table in every if table.NAME in arguments or not (quick or words)]
        results = [report.run(contest, rounds) for contest in chosen]
        sections = [table.run(rounds) for table in tables]
        if not (quick or words):
            report.write(results, sections)
        elif not quick:
            report.put_sections([*map(report.write_section, results), *sections])


if __name__ == "__main__":
    main(sys.argv[1:])
