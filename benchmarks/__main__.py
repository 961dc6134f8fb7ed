"""
Measure, and write docs/performance.md: `python -m benchmarks [--quick] [words of the titles to measure] [exchanges]`.
"""

import sys

from benchmarks.environment import baseline, hub, temporary_database

ROUNDS, QUICK = 7, 2


def main(arguments: list[str]) -> None:
    quick = "--quick" in arguments
    words = [argument for argument in arguments if not argument.startswith("--")]
    with temporary_database():
        # Only now: they read the variables that the temporary database has set.
        from django.conf import settings

        from benchmarks import exchanges, report
        from benchmarks.contests import list_contests

        settings.ROOT_URLCONF = "benchmarks.urls"
        chosen = [
            contest
            for contest in list_contests(hub(), baseline())
            if not words or any(w in contest.title for w in words)
        ]
        listed = exchanges.NAME in arguments or not (quick or words)
        results = [report.run(contest, QUICK if quick else ROUNDS) for contest in chosen]
        section = exchanges.run(QUICK if quick else ROUNDS) if listed else ""
        if not (quick or words):
            report.write(results, section)
        elif listed and not quick:
            report.put_section(section)


if __name__ == "__main__":
    main(sys.argv[1:])
