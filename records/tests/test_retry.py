"""Pages of the admin that lose against others, for real: they are run again, three times at most."""

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from parts.models import Part
from parts.tests.catalogue import made
from records.tests.pages import change, errors, filled, page_of, said

LIST = "/admin/parts/part/"


def on_update(does: str) -> None:
    """Have the database do more whenever a part is changed."""
    with connection.cursor() as cursor:
        cursor.execute(f"""
            CREATE FUNCTION on_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}; RETURN NEW; END $$;
            CREATE TRIGGER on_update BEFORE UPDATE ON parts_part FOR EACH ROW EXECUTE FUNCTION on_update()
        """)


@pytest.fixture
def removed():
    """Takes away, in the end, what a test that commits has made of `on_update`."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER on_update ON parts_part; DROP FUNCTION on_update()")


@pytest.mark.django_db(transaction=True)
def test_two_pages_that_deadlock_are_both_saved(ada, removed, caplog):
    """Each has locked its own part when it asks for the other's."""
    parts = [made({"number": number}) for number in ("A", "B")]
    forms = [filled(ada.get(page_of(part)), notes="saved") for part in parts]
    on_update("PERFORM FROM parts_part WHERE id <> NEW.id FOR UPDATE")
    both_hold_theirs = Barrier(2)

    def save(part: Part, form: dict) -> int:
        waited = []

        def wait_once(execute, sql, params, many, context):
            if "UPDATE parts_part" in sql.replace('"', "") and not waited:
                waited.append(both_hold_theirs.wait(timeout=30))
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(wait_once):
                return ada.post(page_of(part), form).status_code
        finally:
            connection.close()

    with caplog.at_level(logging.WARNING), ThreadPoolExecutor(2) as pool:
        still_matches = list(pool.map(save, parts, forms))

    assert still_matches == [302, 302]
    assert set(Part.objects.values_list("notes", flat=True)) == {"saved"}
    assert [record.message for record in caplog.records if "deadlock detected" in record.message]


class TestThreeTimesAtMost:
    """Then the page says so, and nothing is lost of what was typed."""

    WORDS = "Others are changing the same records; try again."

    @pytest.fixture(autouse=True)
    def always_lost(self, db):
        self.parts = [made({"number": number}) for number in ("A", "B")]
        on_update("RAISE EXCEPTION 'lost' USING ERRCODE = 'deadlock_detected'")

    def test_a_form_keeps_what_was_typed(self, ada):
        response = change(ada, self.parts[0], notes="typed")

        assert errors(response) == {"": [self.WORDS]}
        assert filled(response)["notes"] == "typed"

    def test_an_action_says_it_of_each(self, ada):
        chosen = {"action": "deactivate", "_selected_action": [part.pk for part in self.parts]}

        assert f"2 parts refused: A: {self.WORDS}; B: {self.WORDS}" in said(ada.post(LIST, chosen, follow=True))
