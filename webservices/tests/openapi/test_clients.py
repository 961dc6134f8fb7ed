"""
Clients that generators make of REST's document, unedited, against a live server.

Each changes one field of full records, alone by PATCH and by PUT and then in a batch, and sends that field alone.
"""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
import requests

from customers.models import Portal, Territory
from records.models import CustomField
from webservices.declarations import OPERATIONS
from webservices.exchanges.store import body_text
from webservices.models.exchanges import Exchange
from webservices.tests.openapi.generators import CLASS_PATH, DOCUMENTS, QUICK, run, snake_case
from webservices.wire.contracts.examples import example_record
from webservices.wire.dialects.rest.values import request_tree

pytestmark = pytest.mark.process

DOCUMENT = json.loads(DOCUMENTS["rest"].read_text())
API = "/api/v1/"
RESOURCES = {operation.resource.plural: operation.resource for operation in OPERATIONS}
# The field that is changed, and its values: by patch, by put, in a batch.
WORDS = ("by patch", "by put", "by batch")
CHANGES = {
    "parts": ("notes", WORDS),
    "prices": ("amount", ("11.00", "12.00", "13.00")),
    "customers": ("notes", WORDS),
    "contacts": ("notes", WORDS),
    "customer_parts": ("notes", WORDS),
    "sales_orders": ("subject", WORDS),
}
STAMPS = ("version", "changed_at", "changed_by")


@dataclass(frozen=True)
class Operation:
    """An operation of REST's document; `body` and `answer` are schemas."""

    name: str
    method: str
    path: str
    tag: str
    body: str
    answer: str


def find_operation(path: str, method: str) -> Operation:
    found = DOCUMENT["paths"][path][method]
    answer = found["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    body = found["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    names = [reference.rpartition("/")[2] for reference in (body, answer)]
    return Operation(found["operationId"], method, path, found["tags"][0], *names)


class OpenApiPythonClient:
    """openapi-python-client's, with its own way to sign in."""

    generator = "openapi-python-client"

    def __init__(self, folder: Path, server):
        self.models = import_module("counterpart_client.models")
        token = b64encode(f"{server.username}:{server.password}".encode()).decode()
        signed_in = import_module("counterpart_client").AuthenticatedClient
        self.client = signed_in(base_url=server.url, token=token, prefix="Basic", raise_on_unexpected_status=True)

    def send(self, operation: Operation, key: Sequence[object], body):
        tag = operation.tag.lower().replace(" ", "_")
        function = import_module(f"counterpart_client.api.{tag}.{snake_case(operation.name)}").sync
        return function(*key, client=self.client, body=body)


class OpenApiGenerator:
    """openapi-generator's for Python."""

    generator = "openapi-generator"

    def __init__(self, folder: Path, server):
        self.package = self.models = import_module("openapi_client")
        settings = self.package.Configuration(server.url, username=server.username, password=server.password)
        self.client = self.package.ApiClient(settings)

    def send(self, operation: Operation, key: Sequence[object], body):
        tag = operation.tag.title().replace(" ", "")
        return getattr(getattr(self.package, f"{tag}Api")(self.client), snake_case(operation.name))(*key, body)


class DatamodelCodeGenerator:
    """datamodel-code-generator's models, sent with requests: what was set, as pydantic says it."""

    generator = "datamodel-code-generator"

    def __init__(self, folder: Path, server):
        self.models = import_module("pydantic_models")
        self.session = requests.Session()
        self.session.auth = (server.username, server.password)
        self.session.headers["Content-Type"] = "application/json"
        self.url = server.url

    def send(self, operation: Operation, key: Sequence[object], body):
        address = self.url + re.sub(r"{\w+}", str(key[0]) if key else "", operation.path)
        response = self.session.request(
            operation.method, address, data=body.model_dump_json(exclude_unset=True).encode()
        )
        assert response.status_code == 200, response.text
        return getattr(self.models, operation.answer).model_validate_json(response.content)


def model_client(kind) -> Callable:
    """Every resource, by models of Python that are found by their names."""

    def change(folder: Path, server, records: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
        client = kind(folder, server)
        return dict(step for plural in CHANGES for step in _changes(client, plural, records[plural]))

    return change


def _changes(client, plural: str, record: Mapping[str, object]):
    field, (by_patch, by_put, by_batch) = CHANGES[plural]
    collection = f"{API}{plural.replace('_', '-')}/"
    key_name = key_of(plural)
    key = record[key_name]
    for step, value in (("patch", by_patch), ("put", by_put)):
        operation = find_operation(f"{collection}{{{key_name}}}/", step)
        model = getattr(client.models, operation.body)
        yield f"{plural} {step}", getattr(client.send(operation, [key], model(**{field: value})), field)
    operation = find_operation(f"{collection}batch/", "post")
    batch, verb = getattr(client.models, operation.body), client.models.BatchVerb("update")
    answer = client.send(operation, [], batch(verb=verb, records=[model(**{key_name: key, field: by_batch})]))
    assert type(answer) is getattr(client.models, operation.answer)
    yield f"{plural} batch", answer.outcomes[0].became.value


def program_client(*command: str) -> Callable:
    """Parts, customers and sales orders, by a program that was compiled with its client."""

    def change(folder: Path, server, records: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
        given = (server.url, server.username, server.password, str(records["parts"]["number"]))
        return dict(line.split(": ", 1) for line in run(*command, *given, folder=folder).splitlines())

    return change


CLIENTS = {
    "openapi-python-client": ("openapi-python-client", model_client(OpenApiPythonClient)),
    "openapi-generator python": ("openapi-generator", model_client(OpenApiGenerator)),
    "datamodel-code-generator": ("datamodel-code-generator", model_client(DatamodelCodeGenerator)),
    "openapi-generator java": (
        "openapi-generator", program_client("java", *QUICK, "-cp", f"{CLASS_PATH}:classes", "OpenApi"),
    ),
    "openapi-generator typescript-fetch": (
        "openapi-generator", program_client("node", "script/OpenApiFetch.js"),
    ),
    "openapi-typescript": ("openapi-typescript", program_client("node", "script/OpenApiTypes.js")),
}  # fmt: skip


def key_of(plural: str) -> str:
    return "number" if f"{API}{plural.replace('_', '-')}/{{number}}/" in DOCUMENT["paths"] else "id"


class Records:
    """A full record of every resource, all with one key, in REST of a live server."""

    def __init__(self, server, key: str, custom: Mapping[str, str]):
        self.session = requests.Session()
        self.session.auth = (server.username, server.password)
        self.url = server.url + API
        self.key = key
        self.keys = {}
        row = {"part_number": key, "quantity": "2", "unit_price": "10.00", "discount": "5", "description": "a row"}
        portal = {"portal": "Customers", "email": f"{key.lower()}@acme.example.com", "active": True}
        self.add("parts", number=f"{key}-P")
        self.add("parts", number=key, **custom)
        self.add("prices", part=f"{key}-P")
        self.add("customers", number=key, owner=server.username)
        self.add("contacts", number=key, customer=key, portals=[portal])
        self.add("customer_parts", number=key, customer=key, part=key)
        order = {"contact": key, "assigned_user": server.username, "rows": [row]}
        self.add("sales_orders", number=key, customer=key, **order)

    def add(self, plural: str, **fields: object) -> None:
        resource = RESOURCES[plural]
        record = request_tree(resource, example_record(resource)) | fields
        response = self.session.post(f"{self.url}{plural.replace('_', '-')}/", json=record)
        assert response.status_code == 201, response.text
        self.keys[plural] = response.json()[key_of(plural)]

    def read(self) -> dict[str, dict[str, object]]:
        """Every record as it is now."""
        addresses = {plural: f"{self.url}{plural.replace('_', '-')}/{key}/" for plural, key in self.keys.items()}
        return {plural: self.session.get(address).json() for plural, address in addresses.items()}


@pytest.fixture(scope="module")
def custom(live_server_process, no_custom_fields):
    """A field that an admin adds to parts after clients were generated, with a value; and what examples name."""
    with live_server_process.database():
        Territory.objects.get_or_create(name="North")
        Portal.objects.get_or_create(name="Customers")
        field = CustomField.objects.create(resource="part", name="rank", label="Rank of clients")
    properties = requests.get(f"{live_server_process.url}{API}schema/").json()["components"]["schemas"]["PartInput"]
    yield {name: "gold" for name, schema in properties["properties"].items() if schema.get("title") == field.label}
    with live_server_process.database():
        field.delete()


@pytest.mark.parametrize("name", CLIENTS)
def test_changes_one_field_of_a_full_record_and_sends_nothing_else(
    name, find_client, custom, account, live_server_process, monkeypatch
):
    generator, change = CLIENTS[name]
    folder = find_client(generator, "rest")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.syspath_prepend(folder / "python")
    records = Records(live_server_process, name.upper().replace(" ", "-")[-18:], custom)
    before = records.read()
    assert custom.items() <= before["parts"].items()
    assert {plural: empty_fields(record) for plural, record in before.items() if empty_fields(record)} == EMPTY
    with live_server_process.database():
        last = Exchange.objects.latest("id").id

    said = change(folder, live_server_process, before)

    after = records.read()
    changed = {step.partition(" ")[0] for step in said}
    assert {"parts", "customers", "sales_orders"} <= changed
    assert said == {
        f"{plural} {step}": value
        for plural in changed
        for step, value in zip(("patch", "put", "batch"), (*CHANGES[plural][1][:2], "updated"), strict=True)
    }
    assert read_bodies(last, live_server_process) == {plural: messages(plural, before[plural]) for plural in changed}
    for plural in changed:
        field, values = CHANGES[plural]
        assert drop_stamps(after[plural]) == drop_stamps(before[plural]) | {field: values[-1]}
        assert after[plural]["version"] == before[plural]["version"] + 3
    assert {plural: after[plural] for plural in after if plural not in changed} == {
        plural: before[plural] for plural in before if plural not in changed
    }


EMPTY: dict[str, list[str]] = {}


def empty_fields(record: Mapping[str, object]) -> list[str]:
    return [name for name, value in record.items() if value in (None, "", [], {})]


def drop_stamps(record: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in record.items() if name not in STAMPS}


def messages(plural: str, record: Mapping[str, object]) -> list[object]:
    """Return the messages that a client may send: the field alone, and in a batch the key of the record."""
    field, (by_patch, by_put, by_batch) = CHANGES[plural]
    key = key_of(plural)
    named = {key: record[key], field: by_batch}
    return [{field: by_patch}, {field: by_put}, {"verb": "update", "records": [named]}]


def read_bodies(last: int, server) -> dict[str, list[object]]:
    """The bodies of writes after an exchange, by resource, as the server got them."""
    found: dict[str, list[object]] = {}
    with server.database():
        for exchange in Exchange.objects.filter(id__gt=last).exclude(method="GET").order_by("id"):
            plural = exchange.path.removeprefix(API).partition("/")[0].replace("-", "_")
            found.setdefault(plural, []).append(json.loads(body_text(exchange.request_body)))
    return found
