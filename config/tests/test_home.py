"""The home page."""

import pytest

from config.addresses import DOCUMENTATION, PLACES, format_addresses


def test_links_all_addresses_that_matter(client):
    page = client.get("/").content.decode()

    for place in (*PLACES, *DOCUMENTATION):
        assert f'href="{place.path}"' in page


def test_needs_nothing_from_another_host(client):
    page = client.get("/").content.decode()

    assert "src=" not in page
    assert 'href="http' not in page


def test_is_read_only(client):
    assert client.post("/").status_code == 405
    assert client.options("/").status_code == 405


def test_start_lists_the_same():
    assert ["Admin", "http://here/admin/"] in [line.split() for line in format_addresses("http://here").splitlines()]


@pytest.mark.django_db
@pytest.mark.parametrize("place", [*PLACES, *DOCUMENTATION], ids=lambda place: place.title)
def test_every_link_leads_somewhere(client, place):
    assert client.get(place.path).status_code in {200, 302}
