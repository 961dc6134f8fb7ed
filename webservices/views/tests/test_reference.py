"""The reference pages at the running site and as files: every page is there, and every link leads somewhere."""

import re
from base64 import b64encode
from html import unescape
from urllib.parse import urljoin

import pytest
from django.core.management import call_command

from records.models import CustomField
from webservices.declarations import OPERATIONS
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.reference.pages import resource_plurals

INDEX = "/docs/reference/"
PAGES = [
    INDEX,
    *(f"{INDEX}{dialect.name}/" for dialect in DIALECTS),
    *(f"{INDEX}{dialect.name}/{plural}/" for dialect in DIALECTS for plural in resource_plurals(dialect, OPERATIONS)),
]
PART = f"{INDEX}oracle-2.0/parts/"

pytestmark = pytest.mark.django_db


def targets(html, address):
    """Where the links of a page lead, from its own address."""
    return {urljoin(address, unescape(link)) for link in re.findall(r'href="([^"]+)"', html) if "data:" not in link}


def anchors(html):
    return set(re.findall(r' id="([^"]+)"', html))


@pytest.fixture(scope="module")
def statuses():
    """The status of each address that a link led to, so that each is requested once."""
    return {}


class TestSite:
    @pytest.mark.parametrize("address", PAGES)
    def test_every_page_is_there_and_every_link_leads_somewhere(self, address, client, statuses):
        page = client.get(address)

        assert page.status_code == 200
        html = page.content.decode()
        for target in targets(html, address):
            path, _, anchor = target.partition("#")
            if anchor:
                assert path == address
                assert anchor in anchors(html)
            elif not path.startswith("/static/"):
                if path not in statuses:
                    statuses[path] = client.get(path).status_code
                assert (path, statuses[path]) == (path, 200)

    def test_shows_the_fields_that_the_site_has_defined(self, client):
        CustomField.objects.create(resource="part", name="2", label="Colour", type="text")

        assert "_part_custom_field2" in client.get(PART).content.decode()

    def test_is_sent_once_to_who_has_it(self, client):
        page = client.get(PART)

        again = client.get(PART, headers={"if-none-match": page["ETag"]})

        assert (again.status_code, again.content) == (304, b"")

    def test_may_load_nothing_but_its_own_style_sheet(self, client):
        policy = client.get(PART)["Content-Security-Policy"]

        assert policy.startswith("default-src 'none';")
        assert "style-src 'self'; img-src 'self' data:;" in policy
        assert "script-src" not in policy

    def test_is_for_known_callers_where_contracts_are(self, client, settings, ada):
        settings.PUBLIC_CONTRACTS = False
        password = b64encode(b"ada:ada-ada!").decode()

        assert client.get(PART).status_code == 401
        assert client.get(PART, headers={"authorization": f"Basic {password}"}).status_code == 200

    @pytest.mark.parametrize("address", ["sap-cpq/contacts/", "cobol/", "cobol/parts/", "rest/ships/"])
    def test_says_so_where_there_is_no_page(self, address, client):
        page = client.get(INDEX + address)

        assert page.status_code == 404
        assert INDEX in page.content.decode()

    def test_is_read_only(self, client):
        assert client.post(PART).status_code == 405


class TestFiles:
    def test_are_all_pages_with_links_to_each_other(self, tmp_path):
        call_command("export_reference", to=tmp_path, address="https://hub.example/")

        pages = [*tmp_path.rglob("*.html")]
        assert len(pages) == len(PAGES)
        for page in pages:
            html = page.read_text()
            for target in targets(html, page.as_uri()):
                path, _, anchor = target.partition("#")
                if path.startswith("https://"):
                    assert path.startswith("https://hub.example/")
                else:
                    assert path.startswith(tmp_path.as_uri())
                    assert (tmp_path / path.removeprefix(f"{tmp_path.as_uri()}/")).is_file()
                assert not anchor or anchor in anchors(html)
