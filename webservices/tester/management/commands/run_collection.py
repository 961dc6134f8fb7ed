"""
`manage.py run_collection "Parts" --user ada --junit report.xml`: run a collection as its page does.

Ends with status 1 when a call fails.
"""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from webservices.tester.collections.runs.results import report, run_and_save
from webservices.tester.collections.runs.runner import CallResult, RunState
from webservices.tester.models import Collection
from webservices.tester.send.client import Sender


class Command(BaseCommand):
    help = "Run a collection of the Web Services Test page; status 1 when a call fails."

    def add_arguments(self, parser):
        parser.add_argument("collection", help="Its name, or the id in the address of its page.")
        parser.add_argument("--user", required=True, help="As whom the calls are sent; an active user.")
        parser.add_argument("--dry-run", action="store_true", help="The calls save nothing.")
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="A value that calls use.")
        parser.add_argument("--junit", type=Path, help="Write JUnit's report to this file.")

    def handle(self, *args, collection: str, user: str, dry_run: bool, junit: Path | None, **options):
        saved, values = _find_collection(collection), _parse_values(options["set"])
        state = RunState(_build_sender(user), dry=dry_run, hosts=settings.TEST_PAGE_HOSTS)
        results = []
        for _, result in run_and_save(saved, state, via="command", values=values):
            results.append(result)
            self.stdout.write(_line(result))
        if junit:
            junit.write_bytes(report(saved.name, results))
        failed = sum(not result.passed for result in results)
        if failed:
            raise CommandError(f"{failed} of {len(results)} calls failed.", returncode=1)
        self.stdout.write(f"All {len(results)} calls passed.")


def _find_collection(name: str) -> Collection:
    found = Collection.objects.filter(name=name).first()
    if found is None and (link := _parse_link(name)):
        found = Collection.objects.filter(link=link).first()
    if found is None:
        known = ", ".join(Collection.objects.values_list("name", flat=True)[:20]) or "none"
        raise CommandError(f"There is no collection {name!r}; there are: {known}.")
    return found


def _parse_link(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _build_sender(name: str) -> Sender:
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active user {name!r}.")
    return Sender(user.pk, user.get_username(), "http://localhost", "127.0.0.1", secure=True)


def _parse_values(texts: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    if wrong := [name for name, equals, _ in pairs if not equals]:
        raise CommandError(f"A value is given as NAME=VALUE, not {wrong[0]!r}.")
    return {name: value for name, _, value in pairs}


def _line(result: CallResult) -> str:
    """`ok    200    12 ms  adds a part`, with a line for each check that failed."""
    lines = [
        f"{'ok' if result.passed else 'FAIL':5} {result.status:3} {result.milliseconds:8.1f} ms  {result.call.name}"
    ]
    lines += [f"      {finding.check}: found {finding.found}" for finding in result.findings if not finding.passed]
    return "\n".join([*lines, *([f"      {result.problem}"] if result.problem else [])])
