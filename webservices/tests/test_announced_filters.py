"""
Every filter that an OpenAPI document announces does what it says: the parameters of REST's lists, the names of queries.

Each is asked for by a value that some records have and others do not, and finds just these.
"""

import json
from datetime import datetime
from decimal import Decimal
from functools import partial
from urllib.parse import urlencode

import pytest

from records.shapes.fields import Kind
from records.shapes.ordering import is_sortable
from records.shapes.resources import VENDOR
from webservices.declarations import OPERATIONS
from webservices.tests.rest_client import Rest
from webservices.tests.test_announced_in_openapi import ALONE, DOCUMENTS, LISTS, parameters
from webservices.tests.test_idempotency import superuser
from webservices.wire.dialects.expandable.calls import calls
from webservices.wire.dialects.expandable.dialect import EXPANDABLE
from webservices.wire.dialects.expandable.names import PROGRAMS
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.dialects.rest.names import addressed_resources, collection_path

# Those of which a full record can be written beside the demo world's; the tables of the site, which are longer than a
# page or have nothing but a name, are held by test_tables.
RESOURCES = {name: each for name, each in addressed_resources(OPERATIONS).items() if not each.site_table}
QUERIES = [path for path in DOCUMENTS[EXPANDABLE]["paths"] if path.endswith("-query")]
RECORD_KEYS = {"PART_ID", "CUSTOMER_ID", "SO_ID"}


@pytest.fixture
def ada(demo_world, db, stored_hash):
    return superuser("ada", stored_hash)


@pytest.fixture
def bob(ada, stored_hash):
    """Another who may do everything: what he writes has other users and moments than the rest."""
    superuser("bob", stored_hash)
    return Rest("bob", "bob-bob!")


def results(rest, path, **query):
    reply = rest.get(f"{path}?{urlencode({'limit': 1000} | query)}")
    assert reply.status == 200, reply.json
    return reply.json["results"]


def entries(value) -> list[str]:
    """The texts by which a value is asked for; []: it is none."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in entries(each)]
    if isinstance(value, list):
        return [text for each in value for text in entries(each)]
    return [] if value in (None, "") else [value if isinstance(value, str) else json.dumps(value)]


VALUES = {
    Kind.TEXT: "",
    Kind.INTEGER: 3,
    Kind.DECIMAL: "3",
    Kind.BOOLEAN: True,
    Kind.DATE: "2026-03-01",
    Kind.LIST: ["https://docs.example.com/e7.pdf"],
}


def full_record(resource, live):
    """A new record like a stored one, with a value for each field that has none there."""
    found = {each.name: live[each.name] for each in resource.writable if each.kind != Kind.ROWS and not each.secret}
    for each in resource.writable:
        if each.kind in VALUES and not getattr(each, "reference", None) and not entries(found.get(each.name)):
            found[each.name] = value_of(each)
    return found | {next(e.name for e in reversed(resource.key_fields) if e.kind is Kind.TEXT): "NEW-9"}


COMPARABLE = {Kind.DECIMAL: lambda value: Decimal(str(value)), Kind.DATETIME: datetime.fromisoformat}


def sort_value(field, record):
    """Return what a record is ordered by: no value first, then the value, at last the id."""
    value = record[field.name]
    if value is not None and field.kind in COMPARABLE:
        value = COMPARABLE[field.kind](value)
    return (value not in (None, ""), "" if value is None else value, record["id"])


def value_of(field):
    if field.kind is Kind.TEXT:
        return field.choices[0][0] if field.choices else "E7"[: field.max_length]
    return VALUES[field.kind]


def write_full_record(bob, resource, records):
    """Add one such record, and change it once, so that its version is another."""
    live = max(
        records,
        key=lambda each: (
            each.get("active", True),
            each.get("status", "Quote") == "Quote",
            len(entries([*each.values()])),
        ),
    )
    path = collection_path(resource)
    own = {"code": "NEW-9"} if "code" in resource.by_name else {}
    if resource.plural == "prices":
        own = {"part": bob.post("parts/", {"number": "NEW-8"}).json["number"]}
    made = bob.post(path, full_record(resource, live) | own)
    assert made.status == 201, made.json
    changed = bob.post(
        f"{path}batch/", {"verb": "update", "records": [{"id": made.json["id"], **CHANGES[resource.plural]}]}
    )
    assert changed.json["outcomes"][0]["became"] == "updated", changed.json


CHANGES = {
    "parts": {"units": 77},
    "prices": {"amount": "77"},
    "customers": {"city": "Elsewhere"},
    "contacts": {"title": "Dr"},
    "customer_parts": {"contract": "C7"},
    "sales_orders": {"subject": "Another"},
    "shipments": {"reference": "Another"},
}


class TestLists:
    @pytest.mark.parametrize("plural", RESOURCES)
    def test_are_filtered_by_every_parameter(self, rest, bob, plural):
        path = collection_path(RESOURCES[plural])
        write_full_record(bob, RESOURCES[plural], results(rest, path))
        records = results(rest, path)
        wrong = {}
        for name in {*parameters(REST, LISTS[path])} - ALONE:
            texts = [text for record in records for text in entries(record[name])]
            # The rarest, so that a filter that does nothing is found out; and blank, for those without a value.
            rarest = min(texts, key=texts.count)
            wanted = [each["id"] for each in records if rarest in entries(each[name])]
            blank = [each["id"] for each in records if not entries(each[name])]
            found = [[each["id"] for each in results(rest, path, **{name: text})] for text in (rarest, "")]
            if found != [wanted, blank] or len(wanted) == len(records):
                wrong[name] = (rarest, wanted, blank, found)

        assert wrong == {}

    @pytest.mark.parametrize("plural", RESOURCES)
    def test_are_ordered_by_every_field(self, rest, bob, plural):
        path, resource = collection_path(RESOURCES[plural]), RESOURCES[plural]
        write_full_record(bob, resource, results(rest, path))
        records = results(rest, path)
        wrong = {}
        for field in filter(is_sortable, resource.fields):
            records.sort(key=partial(sort_value, field))
            wanted = [each["id"] for each in records]
            reply = rest.get(f"{path}?ordering={field.name}&limit={len(records) - 1}").json
            last = rest.get(reply["next"]).json["results"]
            descending = rest.post(f"{path}batch/", {"verb": "find", "ordering": f"-{field.name}", "limit": 1000}).json
            found = [each["id"] for each in (*reply["results"], *last)]
            if [found, [each["id"] for each in descending["results"]]] != [wanted, wanted[::-1]]:
                wrong[field.name] = (wanted, found)

        assert wrong == {}

    @pytest.mark.parametrize("plural", RESOURCES)
    def test_take_words_and_come_in_pages(self, rest, plural):
        path = collection_path(RESOURCES[plural])
        records = results(rest, path)
        assert {*parameters(REST, LISTS[path])} >= ALONE

        pages, link = [], f"{path}?limit={len(records) // 3}"
        while link:
            reply = rest.get(link)
            pages.append(reply.json["results"])
            link = reply.json["next"] and reply.json["next"].partition("://")[2].partition("/")[2]
            link = link and f"/{link}"
            assert (reply.response.get("Link") is None) is (link is None)
            assert link is None or f'<{reply.json["next"]}>; rel="next"' == reply["Link"]
            assert link is None or "cursor=" in link

        assert [each for page in pages for each in page] == records
        assert len(pages) > 2
        own = next(each.name for each in RESOURCES[plural].key_fields if each.kind is Kind.TEXT and not each.reference)
        found = results(rest, path, search=records[0][own])
        assert records[0] in found
        assert len(found) < len(records)
        assert results(rest, path, search="nothing-like-it") == []


class TestBatches:
    @pytest.mark.parametrize("plural", RESOURCES)
    def test_find_by_words_as_a_list_does(self, rest, plural):
        path = collection_path(RESOURCES[plural])
        own = next(each.name for each in RESOURCES[plural].key_fields if each.kind is Kind.TEXT and not each.reference)
        words = results(rest, path)[0][own]

        found = rest.post(f"{path}batch/", {"verb": "find", "search": words}).json["results"]

        assert found == results(rest, path, search=words) != []


class TestQueries:
    @pytest.mark.parametrize("path", QUERIES)
    def test_find_by_every_name(self, rest, bob, expandable, path):
        call = path.removeprefix("/api/")
        resource = calls(OPERATIONS)[call].resource
        write_full_record(bob, resource, results(rest, collection_path(resource)))
        schemas = DOCUMENTS[EXPANDABLE]["components"]["schemas"]
        body = schemas["".join(map(str.capitalize, call.split("-")))]["properties"]
        names = [name for name in body if name != "AUTH_TOKEN"]
        program = PROGRAMS[resource.plural]
        key = next(name for name in names if name in RECORD_KEYS)

        def query(**criteria):
            return expandable.call(call, criteria)

        records = query(**{key: "%"})
        wrong = {}
        for name in names:
            # Lists are one text, with a | between two of them.
            texts = [text for each in records for text in each[name].split("|") if text]
            if not texts and program.paths[name][0] == VENDOR:
                continue  # what the vendor alone has, no other API can write
            rarest = min(texts, key=texts.count)
            wanted = [each for each in records if rarest in each[name].split("|")]
            found = query(**{name: f"'{rarest}'"})
            # All records are of one day: that a criterion does something is seen by <> then.
            if found != wanted or (len(wanted) == len(records) and query(**{name: f"<>'{rarest}'"})):
                wrong[name] = (rarest, len(wanted), len(found))

        assert wrong == {}
