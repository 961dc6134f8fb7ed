"""CRM-service's documentation in a real browser: light and dark, on a desk and on a telephone."""

import pytest

from webservices.wire.dialects.crm.names import PLACE

SMALL = {"width": 390, "height": 800}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_reads_well_on_every_screen(page, axe, scheme, live_server_process):
    page.emulate_media(color_scheme=scheme)
    for size in (SMALL, {"width": 1280, "height": 900}):
        page.set_viewport_size(size)
        page.goto(PLACE)

        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]

    axe(page)


def test_leads_from_a_method_to_its_types_and_to_the_manager(page, live_server_process):
    page.goto(PLACE)
    page.get_by_role("link", name="SalesOrder", exact=True).first.click()
    page.wait_for_url("**#SalesOrder")

    page.locator("article#productManager h3 a").click()

    page.wait_for_url("**/service.php?class=productManager")
    assert page.get_by_role("heading", level=1).inner_text() == "productManager"
