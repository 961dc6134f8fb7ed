"""Expandable's calls over HTTP, as tests make them."""

import json

from django.test import Client

KEY = {"PART_ID": "PUMP-100", "CUSTOMER_ID": "ACME", "CUST_PART_ID": "LARGE-HYDRAULIC-PUMP"}


class Expandable:
    """A caller with a token; `call` gives the answer's JSON, or status and code of a failure."""

    def __init__(self, user: str, password: str):
        login = {"DATA_SOURCE": "DEMO", "USER_NAME": user, "PASSWORD": password}
        self.token = self.post("auth-token-get", login).json()["AUTH_TOKEN"]

    def post(self, name, body, **headers):
        """The response to a body as it is."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Client().generic("POST", f"/api/{name}", content, content_type="application/json", headers=headers)

    def call(self, name, members=None, **more):
        response = self.post(name, {**(members or {}), **more, "AUTH_TOKEN": self.token})
        answer = response.json()
        if response.status_code == 200:
            return answer
        assert set(answer) == {"MESSAGE", "MESSAGE_CODE"}
        return response.status_code, answer["MESSAGE_CODE"], answer["MESSAGE"]
