"""The admin's lists of what only grows in number: changes, exchanges and jobs go on by key, and are never counted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from records.admin.base import ReadOnlyAdmin
from records.models import Change
from records.tests.cast import NOW, table
from records.tests.pages import said
from records.tests.test_lists import link
from webservices.models import BatchJob, Exchange

pytestmark = pytest.mark.django_db

COUNT = 13
CHANGE = {"at": NOW, "resource": "part", "record_id": 1, "version": 1, "result": "created", "fields": {}}
EXCHANGE = {"dialect": "rest", "operation": "parts.find", "status": 200, "duration_ms": 1, "request_size": 0}
JOB = {"operation": "parts.add", "dialect": "rest", "user_id": 1, "user_name": "ada", "began": NOW, "ended": NOW}
TIMES = {"elapsed": 1, "cpu": 1, "database": 1}


def add_change(n):
    return Change.objects.create(key=f"P-{n % 2}", call_id=f"call-{n}", user_name="ada", **CHANGE)


def add_exchange(n):
    named = {"call_id": f"call-{n}", "keys": [f"P-{n % 2}"], "response_size": 0}
    return Exchange.objects.create(at=timezone.now(), **named, **EXCHANGE)


def add_job(n):
    return BatchJob.objects.create(title=f"P-{n % 2}", call_id=f"call-{n}", **JOB, **TIMES)


LISTS = {
    "changes": ("/admin/records/change/", add_change),
    "exchanges": ("/admin/webservices/exchange/", add_exchange),
    "jobs": ("/admin/webservices/batchjob/", add_job),
}
each_list = pytest.mark.parametrize("address, add", table(LISTS))


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch):
    for admin_class in ReadOnlyAdmin.__subclasses__():
        monkeypatch.setattr(admin_class, "list_per_page", 5)


def ids(response):
    return [row.pk for row in response.context["cl"].result_list]


@each_list
@pytest.mark.parametrize("query", ["?", "?q=P-1"])
def test_pages_go_forth_and_back_the_latest_first(ada, address, add, query):
    rows = [add(n) for n in range(COUNT)]
    expected = [row.pk for n, row in enumerate(rows) if query == "?" or n % 2][::-1]

    page, forth = ada.get(address + query), []
    while forth.append(page) or link(page, "next"):
        page = ada.get(address + link(page, "next"))
    back = ada.get(address + link(forth[-1], "prev"))

    assert [each for page in forth for each in ids(page)] == expected
    assert ids(back) == ids(forth[-2])


@each_list
def test_a_page_stays_when_more_has_come(ada, address, add):
    rows = [add(n) for n in range(COUNT)]
    following = link(ada.get(address), "next")
    add(COUNT)

    assert ids(ada.get(address + following)) == [row.pk for row in rows[7:2:-1]]


@each_list
def test_nothing_is_counted_or_left_out_by_number(ada, address, add):
    for n in range(COUNT):
        add(n)
    following = link(ada.get(address), "next")

    with CaptureQueriesContext(
        connection,
    ) as sent:
        page = ada.get(address + following)

    statements = [each["sql"] for each in sent]
    assert [text for text in statements if "COUNT(" in text or "OFFSET" in text] == []
    assert "5+" in said(page)


@each_list
def test_what_fits_on_one_page_says_its_number(ada, address, add):
    for n in range(3):
        add(n)

    page = ada.get(address)

    assert page.context["cl"].result_count == 3
    assert (link(page, "next"), link(page, "prev")) == ("", "")


@each_list
@pytest.mark.parametrize("query", ["?p=3", "?after=P-001", '?before=["x"]', "?after=[[1]]"])
def test_what_is_no_position_is_the_first_page(ada, address, add, query):
    rows = [add(n) for n in range(COUNT)]

    assert ids(ada.get(address + query)) == [row.pk for row in rows[:-6:-1]]
