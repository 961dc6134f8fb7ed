"""
A wire of the tests' own, on which every operation can be asked and nothing is spelled:

    {"operation": "crm_fields.show", "record": {"module": "parts"}, "session": "keep", "token": "…"}

where the credentials are `token`, `sessionid`, `apikey`, or `user` and `password`,

answers `{"records": […], "session": "…"}` or `{"code": "…", "problem": "…"}`.
"""

import json
from dataclasses import dataclass

from records.shapes.problems import Family, format_path
from webservices.endpoint import serve
from webservices.wire.credentials import Bearer, Password, SessionToken, SignedToken
from webservices.wire.dialects.base import Dialect
from webservices.wire.messages import Call, Failure, MessageContext, Options, SessionOption, WireRequest, WireResponse
from webservices.wire.operations import Action, Verb

KINDS = {"token": SignedToken, "sessionid": SessionToken, "apikey": Bearer}


class Plain(Dialect):
    name = "plain"
    label = "Plain"
    media = "json"
    codes = dict.fromkeys(Family)

    def read(self, request, operations, settings):
        message = json.loads(request.body)
        plural, _, verb = message["operation"].partition(".")
        kind = Verb if verb in {*Verb} else Action
        found = [KINDS[name](message[name]) for name in KINDS if name in message]
        found += [Password(message["user"], message["password"])] if "user" in message else []
        return Call(
            operations.get(plural, kind(verb)),
            records=[message["record"]] if "record" in message else [],
            criteria=() if verb == Verb.FIND else None,
            credentials=found[0] if found else None,
            session=SessionOption(message.get("session", "none")),
            options=Options(dry_run="dry" in message),
        )

    def write(self, answer, context):
        if isinstance(answer, Failure):
            problem = answer.problems[0]
            fields = {"code": problem.code, "problem": problem.sentence()}
            return WireResponse(500, json.dumps(fields).encode(), "text/json")
        outcomes = [str(outcome.result) for outcome in answer.outcomes]
        records = [{name: value or "" for name, value in record.items()} for record in answer.records]
        fields = {"records": records, "outcomes": outcomes, "session": answer.session}
        return WireResponse(200, json.dumps(fields).encode(), "application/json")

    def contexts(self, operation):
        return (MessageContext(),)

    def spell(self, plural, path):
        return format_path(path)


PLAIN = Plain()


@dataclass
class Reply:
    """What came back, as the caller sees it."""

    response: WireResponse

    def __getattr__(self, name):
        return json.loads(self.response.body).get(name, "")


def ask(operation, *, at, record=None, dialect=PLAIN, peer="", secure=True, headers=None, **message):
    """One call through the endpoint."""
    message = {"operation": operation, **({"record": record} if record else {}), **message}
    request = WireRequest("POST", "/plain", json.dumps(message).encode(), headers or {}, peer=peer, secure=secure)
    return Reply(serve(dialect, request, clock=lambda: at))
