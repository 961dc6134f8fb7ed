"""A record that is named in two ways, by its name and by its id: null for one of them beside the other says nothing."""

import pytest

from webservices.declarations import OPERATIONS
from webservices.tests.rest_client import Rest
from webservices.tests.test_idempotency import superuser
from webservices.wire.dialects.rest.names import address_field, addressed_resources, collection_path

PAIRS = {
    f"{resource.name} {field.name} {other.name}": (resource, field, other)
    for resource in addressed_resources(OPERATIONS).values()
    for field in resource.writable
    for other in resource.alternatives(field)
}


@pytest.fixture
def rest(demo_world, db, stored_hash):
    superuser("ada", stored_hash)
    return Rest("ada", "ada-ada!")


def first(rest, path, names=()):
    """The first active record that has a value for each of these names."""
    found = rest.get(path).json["results"]
    return next(each for each in found if each.get("active", True) and all(each[name] for name in names))


@pytest.mark.parametrize("resource, field, other", PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_null_beside_another_name_of_the_record_says_nothing(rest, resource, field, other, method):
    live = first(rest, collection_path(resource), [field.name])
    address = f"{collection_path(resource)}{live[address_field(resource).name]}/"

    reply = rest.send(method, address, {field.name: live[field.name], other.name: None})

    assert (reply.status, reply["X-Outcome"]) == (200, "unchanged"), reply.json


@pytest.mark.parametrize("resource, field, other", PAIRS.values(), ids=PAIRS)
def test_null_alone_clears_what_may_be_cleared(rest, resource, field, other):
    live = first(rest, collection_path(resource), [field.name])
    address = f"{collection_path(resource)}{live[address_field(resource).name]}/"

    reply = rest.patch(address, {other.name: None})

    if field.required or other.required:
        assert (reply.status, reply.json["detail"]) == (422, f"{other.name} is required.")
    else:
        assert reply.json[field.name] in (None, "")


def test_null_is_taken_as_well_of_new_records_and_of_rows(rest):
    order = first(rest, "/api/v1/sales-orders/", ["customer_id"])
    row = {"part_number": "PUMP-100", "part_id": None, "quantity": "1", "unit_price": "1"}
    body = {"customer": order["customer"], "customer_id": None, "contact": None, "contact_id": None, "rows": [row]}

    made = rest.post("sales-orders/", body)

    assert made.status == 201, made.json
    assert (made.json["customer_id"], made.json["rows"][0]["part_number"]) == (order["customer_id"], "PUMP-100")
