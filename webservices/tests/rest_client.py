"""A client of REST for tests: `rest.put("parts/A/", {"units": 2}).status`."""

import json
from base64 import b64encode
from dataclasses import dataclass
from functools import partialmethod

from django.http import HttpResponse
from django.test import Client

JSON_TYPE = "application/json"


@dataclass(frozen=True)
class Reply:
    """A response, its JSON read."""

    response: HttpResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def json(self):
        return json.loads(self.response.content)

    def __getitem__(self, header: str) -> str:
        return self.response[header]


class Rest:
    """Calls as a user by HTTP Basic; without a user, with the cookies of a browser."""

    def __init__(self, user: str = "", password: str = "", client: Client | None = None):
        self.client = client or Client()
        self.headers = {"Authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()} if user else {}

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """`body` is JSON to be written, or bytes as they are; headers as `if_match='"7"'`."""
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        content_type = headers.pop("content_type", JSON_TYPE)
        named = self.headers | {name.replace("_", "-"): text for name, text in headers.items()}
        path = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        return Reply(self.client.generic(method, path, content, content_type=content_type, headers=named))

    get = partialmethod(send, "GET")
    post = partialmethod(send, "POST")
    put = partialmethod(send, "PUT")
    patch = partialmethod(send, "PATCH")
    delete = partialmethod(send, "DELETE")

    def batch(self, verb: str, *records: dict, **members: object) -> Reply:
        return self.post("parts/batch/", {"verb": verb, "records": list(records), **members})
