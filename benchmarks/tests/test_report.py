"""The page of performance, section by section."""

import pytest

from benchmarks import report

SECTION = "## In process: one\n\n1\n\n## In process: two\n\n2\n"


@pytest.fixture
def page(tmp_path):
    page = tmp_path / "performance.md"
    page.write_text(f"# Another title\n\n{SECTION}")
    return page


def test_a_section_takes_the_place_of_the_one_before(page):
    report.put_sections(["## In process: one\n\nmore\n"], page)
    report.put_sections(["## In process: three\n\n3\n"], page)

    text = SECTION.replace("1", "more") + "\n## In process: three\n\n3\n"
    assert page.read_text() == f"{report.TITLE}\n{text}"


def test_what_is_over_http_comes_first_and_goes_when_all_of_it_is_new(page):
    report.put_sections(["## Over HTTP: old\n"], page)
    report.put_sections(["## Over HTTP: new\n\nn\n"], page, dropped=report.HTTP)

    assert page.read_text() == f"{report.TITLE}\n## Over HTTP: new\n\nn\n\n{SECTION}"
