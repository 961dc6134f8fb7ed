"""What `manage.py export_contracts` writes."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from webservices.declarations import OPERATIONS
from webservices.management.commands.export_contracts import stale_files
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.reference.documents import documents


class TestCommitted:
    def test_is_what_the_declarations_say(self):
        stale = stale_files(settings.BASE_DIR / "docs" / "reference", documents(OPERATIONS))

        assert stale == [], "run manage.py export_contracts and look at the difference"


class TestExportContracts:
    def test_writes_everything_once(self, tmp_path, capsys):
        call_command("export_contracts", to=tmp_path)
        call_command("export_contracts", to=tmp_path)

        written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
        assert written == documents(OPERATIONS).keys()
        assert "All files are fresh." in capsys.readouterr().out

    def test_finds_what_is_stale_missing_or_too_much(self, tmp_path):
        call_command("export_contracts", to=tmp_path)
        (tmp_path / "README.md").write_text("old")
        (tmp_path / "rest" / "parts.md").unlink()
        (tmp_path / "left.md").write_text("over")

        with pytest.raises(CommandError, match=r"README\.md, left\.md, rest/parts\.md"):
            call_command("export_contracts", to=tmp_path, check=True)

    def test_takes_away_what_is_too_much(self, tmp_path):
        (tmp_path / "left.md").write_text("over")

        call_command("export_contracts", to=tmp_path)

        assert not (tmp_path / "left.md").exists()


EXPLAINED = {
    "parts": ("required: text, at most 50 characters", "How the part may be bought."),
    "customers": ("text, at most 100 characters", "ISO code of three or two letters."),
}  # what a page has, of the first kind of record that a dialect offers


def page_of(dialect):
    """A dialect's page on the first of those kinds of record that it offers, and what it explains."""
    found = documents(OPERATIONS)
    return next(
        (found[path], said) for plural, said in EXPLAINED.items() if (path := f"{dialect.name}/{plural}.md") in found
    )


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
class TestReferencePage:
    def test_explains_every_field_that_the_wire_has(self, dialect):
        page, explained = page_of(dialect)

        for said in explained:
            assert said in page

    def test_shows_a_request_an_answer_and_a_refusal(self, dialect):
        page, _ = page_of(dialect)

        assert "`200 OK`" in page
        assert "What a refusal looks like" in page

    def test_holds_no_secret(self, dialect):
        page, _ = page_of(dialect)

        assert "Authorization" not in page
        assert "ticket-" not in page
