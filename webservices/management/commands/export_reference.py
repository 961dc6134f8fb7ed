"""`manage.py export_reference`: the reference pages as HTML files that need no server."""

from collections.abc import Iterator
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.management.base import BaseCommand, CommandParser

from webservices.declarations import OPERATIONS
from webservices.views.reference import STYLESHEET, Links, render_page
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.reference.pages import resource_plurals

PAGE = "index.html"


class Command(BaseCommand):
    """Needs no database: what a site has defined is on the pages that its server gives."""

    help = "Writes the reference pages to a folder."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, required=True, help="The folder.")
        parser.add_argument(
            "--address", default="http://127.0.0.1:8000", help="The server that links to contracts lead to."
        )

    def handle(self, *args: object, to: Path, address: str, **options: object) -> None:
        pages = dict(reference_files(address.rstrip("/")))
        for name, text in pages.items():
            path = to / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.stdout.write(f"{len(pages)} files; begin at {to / PAGE}.")


def reference_files(address: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of each file: the style sheet and all pages, with links relative to each other."""
    yield Path(STYLESHEET).name, Path(finders.find(STYLESHEET) or STYLESHEET).read_text()
    dialects = {dialect.name: dialect for dialect in DIALECTS}
    for names in page_names():
        root = "../" * len(names) or "./"
        links = Links(root, PAGE, root + Path(STYLESHEET).name, address)
        yield "/".join([*names, PAGE]), render_page(names, dialects, OPERATIONS, links)


def page_names() -> Iterator[list[str]]:
    """Yield the names in the address of each page: none, a dialect's, a dialect's and a resource's."""
    yield []
    for dialect in DIALECTS:
        yield [dialect.name]
        yield from ([dialect.name, plural] for plural in resource_plurals(dialect, OPERATIONS))
