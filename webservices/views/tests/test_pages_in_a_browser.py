"""
Pages in a real browser: CRM-service's documentation reads well on every screen; no page needs what its policy forbids,
and what is injected into one does not run.
"""

import re

import pytest

from config.tests.browsing import sign_in, wait_for
from webservices.wire.dialects.crm.names import PLACE

SCREENS = {
    "/": "h1",
    "/admin/login/": "#id_username",
    "/docs/reference/oracle-2.0/parts/": "h1",
    "/api/v1/docs/": ".opblock",
    "/help/customer-part-create": "h1",
    "/CrmIntegrationWebservice/": "h1",
    "/wsAPI/CPQAPI.asmx": "h1",
    "/v2_0/receiver/parts?wsdl": "xpath=//*[contains(text(),'xsd:element')]",
    "/admin/": "#content",
    "/admin/parts/part/": "#changelist",
    "/admin/parts/part/add/": "#part_form",
    "/admin/auth/user/": "#changelist",
    "/admin/webservices/test/": "html.wst-scripted",
    "/admin/webservices/collections/": "h1",
    "/api/v1/parts/": ".response-info",
}
INJECTED = """
<script>window.injected = "a script"</script>
<img src="/none" onerror="window.injected = 'a handler'">
<script src="http://evil.example/a.js"></script>
<iframe srcdoc="<script>parent.injected = 'a frame'</script>"></iframe>
<a id="link" href="javascript:window.injected = 'a link'">link</a>
"""
SMALL = {"width": 390, "height": 800}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_documentation_reads_well_on_every_screen(page, axe, scheme, live_server_process):
    page.emulate_media(color_scheme=scheme)
    for size in (SMALL, {"width": 1280, "height": 900}):
        page.set_viewport_size(size)
        page.goto(PLACE)

        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]

    axe(page)


def test_documentation_leads_from_a_method_to_its_types_and_to_the_manager(page, live_server_process):
    page.goto(PLACE)
    page.get_by_role("link", name="SalesOrder", exact=True).first.click()
    page.wait_for_url("**#SalesOrder")

    page.locator("article#productManager h3 a").click()

    page.wait_for_url("**/service.php?class=productManager")
    assert page.get_by_role("heading", level=1).inner_text() == "productManager"


def visit_screens(page, server):
    """Open every place, signed in from the admin site's home on; yield each with what its policy has forbidden."""
    forbidden = []
    page.on("console", lambda said: "Content Security Policy" in said.text and forbidden.append(said.text))
    page.on("pageerror", lambda error: forbidden.append(str(error)))
    for place, marker in SCREENS.items():
        if place == "/admin/":
            sign_in(page, server, place, marker=marker)
        else:
            page.goto(place)
            wait_for(page.locator(marker).first)
        yield place, forbidden
        forbidden.clear()


def test_pages_need_nothing_that_their_policies_forbid_and_what_is_injected_does_not_run(page, live_server_process):
    found, refusals = {}, {}

    def inject(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</body>", f"{INJECTED}</body>"))

    for place, forbidden in visit_screens(page, live_server_process):
        found[place] = [*forbidden]
        if "wsdl" not in place:
            with page.expect_request(re.compile("/none$"), timeout=20_000):
                page.route(page.url, inject)
                page.reload()
            page.locator("#link").dispatch_event("click")
            assert page.evaluate("window.injected") is None, place
            refusals[place] = len(forbidden) - len(found[place])
            page.unroute(page.url)

    assert not {place: told for place, told in found.items() if told}
    assert min(refusals.values()) >= 4, refusals
