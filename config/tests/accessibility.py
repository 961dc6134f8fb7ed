"""The findings of axe-core in a page that is open in the browser."""

SERIOUS = ("serious", "critical")
RUN = """
async (without) => {
    const found = await axe.run({ exclude: without.map((each) => [each]) }, { resultTypes: ["violations"] });
    return found.violations.map(({ id, impact, help, nodes }) => ({
        id, impact, help, at: nodes.map(({ target, html }) => `${target.join(" ")}   ${html.slice(0, 160)}`),
    }));
}
"""


def findings(page, source: str, without: tuple[str, ...] = ()) -> list[str]:
    """
    Return the serious and critical findings, a sentence each.

    source   axe-core itself; it is evaluated by the browser's own tools, which no policy of the page hinders
    without  selectors of elements that are somebody else's: the test that leaves them out says why
    """
    page.evaluate(source)
    found = page.evaluate(RUN, list(without))
    return [
        f"{each['id']} ({each['impact']}): {each['help']}\n    " + "\n    ".join(each["at"])
        for each in found
        if each["impact"] in SERIOUS
    ]
