"""Exchanges in the admin site."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from lxml import html

from records.tests.pages import said
from webservices.exchanges import search
from webservices.models import Exchange
from webservices.tests.api_keys import ALL, key_for
from webservices.tests.test_endpoint import ADD, envelope, post

LIST = "/admin/webservices/exchange/"


@pytest.fixture
def signed_in(ada):
    client = Client()
    client.force_login(ada)
    return client


def page(client, address=LIST):
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return response.content.decode()


class TestList:
    def test_shows_who_asked_what_and_what_became_of_it(self, signed_in):
        post(envelope())

        content = page(signed_in)

        for shown in ("parts.add", "P-1", "ada", "1 created", " ms"):
            assert shown in content

    def test_names_the_first_records(self, signed_in):
        records = "".join(f"<each_record><part_number>K-{n}</part_number></each_record>" for n in range(3))
        post(envelope(f"<addParts><Parts>{records}</Parts></addParts>"))

        assert "K-0, K-1 …" in page(signed_in)

    @pytest.mark.parametrize("term", ["P-1", "ada"], ids=["by key", "by caller"])
    def test_is_searched(self, signed_in, bob, term):
        post(envelope())
        post(envelope(user="bob", word="bob-bob!"))

        content = page(signed_in, f"{LIST}?q={term}")

        assert "1 created" in content
        assert "forbidden" not in content
        assert "1 created" not in page(signed_in, f"{LIST}?q={term}x")

    def test_opens_the_call_whose_id_is_searched_for(self, signed_in):
        call_id = post(envelope())["X-Call-Id"]

        response = signed_in.get(f"{LIST}?q=+{call_id.upper()}")

        assert response.url == f"/admin/webservices/exchanges/{call_id}/"
        assert signed_in.get(f"{LIST}?q={call_id[::-1]}").status_code == 200

    def test_is_filtered(self, signed_in):
        post(envelope())
        post(b"<a/>")

        assert "not-soap" not in page(signed_in, f"{LIST}?result=answered")
        assert "1 created" not in page(signed_in, f"{LIST}?result=refused")
        assert "not-soap" not in page(signed_in, f"{LIST}?operation=parts.add")
        assert "1 created" not in page(signed_in, f"{LIST}?dialect=rest")

    def test_is_filtered_by_status_and_time(self, signed_in):
        post(envelope())
        tomorrow = f"{timezone.now() + timedelta(days=1):%Y-%m-%d}"

        assert "1 created" in page(signed_in, f"{LIST}?status=200&at_to_0={tomorrow}&at_to_1=00:00:00")
        assert "1 created" not in page(signed_in, f"{LIST}?status=500")
        assert "1 created" not in page(signed_in, f"{LIST}?at_from_0={tomorrow}&at_from_1=00:00:00")
        assert "1 created" in page(signed_in, f"{LIST}?status=none")

    CRITERIA = {
        "key": "P-1",
        "caller": "ada",
        "operation": "parts.add",
        "dialect": "oracle-2.0",
        "result": "created",
        "status": "200",
        "at_from_0": f"{timezone.now():%Y-%m-%d}",
        "text": "RECORDS_inserted",
    }
    OTHERS = {
        "key": "P-2",
        "caller": "bob",
        "operation": "parts.find",
        "dialect": "rest",
        "result": "deleted",
        "status": "201",
        "at_from_0": "2099-01-01",
        "text": "no such text",
    }

    @pytest.mark.parametrize("other", [None, *OTHERS])
    def test_combines_all_criteria(self, signed_in, bob, other):
        post(envelope())
        asked = self.CRITERIA | ({other: self.OTHERS[other]} if other else {})

        content = page(signed_in, f"{LIST}?{urlencode(asked)}")

        assert ("1 created" in content) is (other is None)

    def test_finds_the_calls_of_an_api_key_by_its_name(self, signed_in, ada):
        token = key_for(ada, *ALL, name="ERP")
        Client().put("/api/v1/parts/P-1/", {}, "application/json", headers={"authorization": f"Bearer {token}"})
        post(b"<a/>")

        assert "1 created" in page(signed_in, f"{LIST}?caller=ERP")
        assert "not-soap" not in page(signed_in, f"{LIST}?caller=ERP")
        assert "1 created" not in page(signed_in, f"{LIST}?caller=ERP2")

    def test_a_key_of_many_calls_is_found_among_the_latest(self, signed_in, monkeypatch):
        monkeypatch.setattr(search, "MOST_OF_A_KEY", 1)
        post(envelope())
        post(b"<a/>")

        content = page(signed_in, f"{LIST}?key=P-1")

        assert "1 created" in content
        assert "not-soap" not in content

    def test_of_a_span_of_time_leaves_out_nothing_that_took_long(self, ada):
        """Exchanges are kept when calls end, so that ids are not in the order of moments."""
        begun = timezone.now() - timedelta(days=3)
        minutes = [0, 70, 20, 140, 200]  # in the order in which they were kept
        for number, after in enumerate(minutes):
            post(b"<a/>")
            Exchange.objects.filter(pk=Exchange.objects.latest("id").pk).update(
                at=begun + timedelta(minutes=after), path=f"/{number}"
            )

        found = search.limit_to_span(
            Exchange.objects.all(), begun + timedelta(minutes=10), begun + timedelta(minutes=150)
        ).values_list("path", flat=True)

        assert sorted(found) == ["/1", "/2", "/3"]

    def test_is_searched_for_text_in_the_bodies_of_what_else_is_asked_for(self, signed_in):
        post(envelope())
        post(envelope(ADD.replace("P-1", "Q-2")))

        assert "1 created" in page(signed_in, f"{LIST}?text=RECORDS_inserted")
        assert "1 created" in page(signed_in, f"{LIST}?text=q-2&operation=parts.add&q=Q-2")
        assert "1 created" not in page(signed_in, f"{LIST}?text=q-2&q=P-1")
        assert "1 created" not in page(signed_in, f"{LIST}?text=ada-ada!")

    def test_says_how_far_it_has_looked_for_text(self, signed_in, monkeypatch):
        monkeypatch.setattr(search, "PORTION", 1)
        monkeypatch.setattr(search, "SECONDS", 0.0)
        for number in range(3):
            post(envelope(ADD.replace("P-1", f"P-{number}")))
        last = Exchange.objects.latest("id").pk

        content = page(signed_in, f"{LIST}?text=P-1")
        further = page(signed_in, f"{LIST}?text=P-1&earlier={last}")

        assert f"earlier={last}" in content
        assert "1 created" not in content
        assert "1 created" in further

    def test_takes_as_many_statements_for_many_as_for_one(self, signed_in, django_assert_max_num_queries):
        for _ in range(12):
            post(b"<a/>")

        with django_assert_max_num_queries(6) as statements:
            page(signed_in)

        assert not any("request_body" in (query["sql"] or "") for query in statements.captured_queries)


class TestOne:
    def test_shows_the_masked_bodies_indented(self, signed_in):
        post(envelope())

        response = signed_in.get(f"{LIST}{Exchange.objects.get().pk}/change/", follow=True)

        shown = html.fromstring(response.content.decode()).xpath("//pre[@aria-label='Body of the request']")[0]
        assert "  <part_number>P-1</part_number>\n" in shown.text_content()
        assert ">***</w:Password>" in shown.text_content()
        assert "records_inserted" in said(response)

    def test_escapes_what_callers_sent(self, signed_in):
        post(b"<a>&lt;script&gt;alert(1)&lt;/script&gt;</a>", path="/v2_0/receiver/parts?<script>alert(2)</script>")

        content = page(signed_in, f"{LIST}{Exchange.objects.get().pk}/change/")

        assert "<script>alert" not in content

    def test_says_that_a_body_was_not_saved(self, signed_in):
        post(b"hello")

        content = page(signed_in, f"{LIST}{Exchange.objects.get().pk}/change/")

        assert "it does not parse" in content
        assert "was not saved" in content


class TestRights:
    def test_nobody_changes_or_removes_one(self, signed_in):
        post(envelope())
        address = f"{LIST}{Exchange.objects.get().pk}"

        assert signed_in.post(f"{address}/change/", {"user_name": "eve"}).status_code == 403
        assert signed_in.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
        assert signed_in.get(f"{LIST}add/").status_code == 403

    def test_only_who_may_view_them_does(self, bob):
        type(bob).objects.filter(pk=bob.pk).update(is_staff=True)
        client = Client()
        client.force_login(bob)

        assert client.get(LIST).status_code == 403
        bob.user_permissions.add(Permission.objects.get(codename="view_exchange"))
        assert client.get(LIST).status_code == 200
