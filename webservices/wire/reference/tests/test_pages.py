"""The reference pages of every dialect, on every resource that it offers."""

import pytest

from webservices.declarations import OPERATIONS
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.reference.pages import reference_page, resource_plurals

PAGES = {
    f"{dialect.name} {plural}": (dialect, plural)
    for dialect in DIALECTS
    for plural in resource_plurals(dialect, OPERATIONS)
}
pages = pytest.mark.parametrize("dialect, plural", PAGES.values(), ids=PAGES)


def words(page):
    """Everything that a page says."""
    messages = [each for entry in page.operations for each in (entry.request, entry.response)]
    messages += [rejection.response for rejection in page.rejections]
    fields = [f"{field.name} {field.limits} {field.help}" for field in page.fields]
    return "\n".join([*fields, *(f"{message.line}\n{message.body}" for message in messages)])


@pages
class TestReferencePage:
    def test_explains_every_field_that_the_wire_has(self, dialect, plural):
        page = reference_page(dialect, plural, OPERATIONS)

        carried = [field for field in page.resource.fields if not field.secret and dialect.carries(plural, field)]
        explained = {field.name: field.limits for field in page.fields}
        assert {dialect.spell(plural, (field.name,)) for field in carried} <= explained.keys()
        assert all(explained.values())

    def test_shows_a_request_an_answer_and_a_rejection(self, dialect, plural):
        page = reference_page(dialect, plural, OPERATIONS)

        assert all(entry.purpose and entry.request.line for entry in page.operations)
        assert {entry.response.line.split()[0] for entry in page.operations} <= {"200", "201", "204"}
        assert page.rejections[-1].response.line

    def test_has_one_anchor_for_each_operation(self, dialect, plural):
        anchors = [entry.anchor for entry in reference_page(dialect, plural, OPERATIONS).operations]

        assert len({*anchors}) == len(anchors)

    def test_holds_no_secret(self, dialect, plural):
        text = words(reference_page(dialect, plural, OPERATIONS))

        assert "Authorization" not in text
        assert "ticket-" not in text


def test_there_is_none_of_what_a_dialect_does_not_offer():
    [sap] = [dialect for dialect in DIALECTS if dialect.name == "sap-cpq"]

    assert reference_page(sap, "contacts", OPERATIONS) is None


def test_names_that_a_vendor_alone_has_are_explained_but_none_that_its_lines_do_not_have():
    [expandable] = [dialect for dialect in DIALECTS if dialect.name == "expandable"]

    explained = {field.name: field.limits for field in reference_page(expandable, "sales_orders", OPERATIONS).fields}

    assert explained["CUST_CONTACT"] == "text, at most 50 characters, names a contact by its code"
    assert (explained["DATE_APPROVED"], explained["LINES[].SALE_CONV"]) == ("date (YYYY-MM-DD)", "number")
    assert {"SO_TYPE", "NOTES", "COMMENTS[].COMMENT_TEXT", "EXTENDED_USER[].SOFDXU_USER_1 … SOFDXU_USER_40"} <= {
        *explained
    }
    assert not {"LINES[].part_id", "LINES[].value_period"} & {*explained}
