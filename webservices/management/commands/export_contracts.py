"""`manage.py export_contracts`: WSDL, XSD and OpenAPI into `docs/reference/`, as golden files."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from webservices.declarations import OPERATIONS
from webservices.wire.reference.catalog import Documents, documents


class Command(BaseCommand):
    """Needs no database: what a site has defined is in the contracts that its server gives."""

    help = "Writes WSDL, XSD and OpenAPI documents to docs/reference/."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Write nothing; exit 1 when a file is stale.")
        parser.add_argument("--to", type=Path, default=settings.BASE_DIR / "docs" / "reference", help="The folder.")

    def handle(self, *args: object, check: bool, to: Path, **options: object) -> None:
        wanted = documents(OPERATIONS)
        stale = stale_files(to, wanted)
        if check and stale:
            raise CommandError(f"Stale: {', '.join(stale)}. Run manage.py export_contracts and look at the difference.")
        if not check:
            write(to, wanted, stale)
        self.stdout.write(f"{len(wanted)} files, {len(stale)} of them changed." if stale else "All files are fresh.")


def stale_files(folder: Path, wanted: Documents) -> list[str]:
    """Return the files that differ from the wanted ones, are missing, or are no longer wanted."""
    existing = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    different = {name for name in wanted if name in existing and _read(folder / name) != wanted[name]}
    return sorted(different | (wanted.keys() ^ existing))


def _read(path: Path) -> str:
    # Not `read_text`, which would turn a carriage return inside a document into a line feed and hide a difference.
    return path.read_bytes().decode("utf-8", "replace")


def write(folder: Path, wanted: Documents, stale: list[str]) -> None:
    """Write the stale files that are wanted and remove the others."""
    for name in stale:
        path = folder / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[name].encode())
        else:
            path.unlink()
