"""The golden files under `docs/reference/`, and the command that writes them."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from webservices.declarations import OPERATIONS
from webservices.management.commands.export_contracts import stale_files
from webservices.wire.reference.catalog import documents


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
        (tmp_path / "oracle-2.0" / "parts.wsdl").write_text("old")
        (tmp_path / "rest" / "openapi.json").unlink()
        (tmp_path / "left.md").write_text("over")

        with pytest.raises(CommandError, match=r"left\.md, oracle-2\.0/parts\.wsdl, rest/openapi\.json"):
            call_command("export_contracts", to=tmp_path, check=True)

    def test_removes_what_is_too_much(self, tmp_path):
        (tmp_path / "left.md").write_text("over")

        call_command("export_contracts", to=tmp_path)

        assert not (tmp_path / "left.md").exists()
