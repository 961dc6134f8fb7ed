"""The page of performance, section by section."""

from benchmarks import report


def test_a_section_takes_the_place_of_the_one_before(tmp_path):
    page = tmp_path / "performance.md"
    page.write_text("# Performance\n\n## One\n\n1\n\n## Two\n\n2\n")

    report.put_section("## One\n\nmore\n", page)
    report.put_section("## Three\n\n3\n", page)

    assert page.read_text() == "# Performance\n\n## One\n\nmore\n\n## Two\n\n2\n\n## Three\n\n3\n"
