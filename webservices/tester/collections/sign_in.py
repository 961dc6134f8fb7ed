"""
Credentials of an exported collection: variables in the places where a dialect has them, never a value.

    <Username>ada</Username>       <Username>{{hub-username}}</Username>
    <Password></Password>          <Password>{{hub-password}}</Password>
    <sessionId></sessionId>        <sessionId>{{hub-sessionId}}</sessionId>, after a call that opens it

No value of a collection has a hyphen in its name, so these names are free.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from webservices.conf import ServerSettings, server_settings
from webservices.declarations import OPERATIONS
from webservices.tester.collections.files import CallContent, CollectionContent
from webservices.tester.send.credentials import find_secrets, is_empty, parse_message, set_texts
from webservices.wire.credentials import Password
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import Call
from webservices.wire.operations import Action

ADDRESS, USERNAME, PASSWORD = "hub-address", "hub-username", "hub-password"
VARIABLE = re.compile(r"\{\{(hub-[A-Za-z0-9_-]+)\}\}")
SIGN_IN = "Sign in: "
SETTINGS = frozenset(each.name for each in fields(ServerSettings))


@dataclass(frozen=True)
class Credentials:
    """
    A collection with variables for its credentials.

    opening    calls that open the sessions of the others, and capture them
    variables  by name: the user's name, and blanks for what is secret
    warnings   sentences about calls that cannot sign in by themselves
    """

    content: CollectionContent
    opening: Sequence[CallContent]
    variables: Mapping[str, str]
    warnings: Sequence[str]


def add_credentials(content: CollectionContent) -> Credentials:
    """Put variables into the places of a collection's credentials."""
    variables = {USERNAME: "", PASSWORD: ""}
    users: list[str] = []
    calls = [_fill(call, users, variables) for call in content.calls]
    variables |= {_user_variable(number): user for number, user in enumerate(users)}
    opening: list[CallContent] = []
    warnings: list[str] = []
    for name in dict.fromkeys(call.dialect for call in calls if _used_sessions(call)):
        dialect = next(each for each in DIALECTS if each.name == name)
        names = sorted({each for call in calls if call.dialect == name for each in _used_sessions(call)})
        if call := _build_opening(dialect, names):
            opening.append(_fill(call, users, variables))
        else:
            wanted = ", ".join(names)
            warnings.append(f"No call opens a session of {dialect.label}: set {wanted} before the calls are sent.")
    return Credentials(replace(content, calls=calls), opening, variables, warnings)


def remove_credentials(content: CollectionContent) -> CollectionContent:
    """Undo `add_credentials`: the names of users where they were, nothing in the place of a secret."""
    users = {name: value for name, value in content.values.items() if name.startswith(USERNAME)}

    def restore(text: str) -> str:
        return VARIABLE.sub(lambda found: users.get(found[1], ""), text)

    calls = [replace(call, body=restore(call.body)) for call in content.calls if not call.name.startswith(SIGN_IN)]
    return replace(content, calls=calls)


def has_credentials(call: CallContent) -> bool:
    """True if the credentials of an exported call stand in its message."""
    return VARIABLE.search(call.body) is not None


def _user_variable(number: int) -> str:
    return USERNAME + (f"-{number + 1}" if number else "")


def _fill(call: CallContent, users: list[str], variables: dict[str, str]) -> CallContent:
    dialect = next((each for each in DIALECTS if each.name == call.dialect), None)
    if dialect is None or not call.body:
        return call
    if dialect.media == "json":
        return replace(call, body=_fill_members(call.body, dialect, variables))
    body = call.body.encode()
    root = parse_message(body)
    if root is None:
        return call
    texts = {}
    for secret, name in find_secrets(root, dialect.tickets):
        if not is_empty(secret):
            continue
        variable = f"hub-{str(secret.tag).rpartition('}')[2]}"
        if name is not None:
            user = (name.text or "").strip()
            if user not in users:
                users.append(user)
            number = users.index(user)
            variable = PASSWORD + (f"-{number + 1}" if number else "")
            texts[name] = f"{{{{{_user_variable(number)}}}}}"
        variables.setdefault(variable, "")
        texts[secret] = f"{{{{{variable}}}}}"
    return replace(call, body=set_texts(body, root, texts).decode()) if texts else call


def _fill_members(text: str, dialect: Dialect, variables: dict[str, str]) -> str:
    """Put a variable into each empty member of JSON that is secret: that of the password, or one of its own."""

    def fill(member: re.Match[str]) -> str:
        name = PASSWORD if "pass" in member[2].lower() else f"hub-{member[2]}"
        variables.setdefault(name, "")
        return f'{member[1]}"{{{{{name}}}}}"'

    names = "|".join(sorted(map(re.escape, dialect.secrets.members)))
    return re.sub(rf'("({names})"\s*:\s*)""', fill, text) if names else text


def _used_sessions(call: CallContent) -> list[str]:
    """The variables of a call that only the answer of another call can fill."""
    return [name for name in VARIABLE.findall(call.body) if not name.startswith((USERNAME, PASSWORD))]


def _build_opening(dialect: Dialect, names: Sequence[str]) -> CallContent | None:
    """The call that opens a session, and captures what its answer has under these names."""
    for operation in OPERATIONS:
        if operation.verb is Action.OPEN and (context := next(iter(dialect.contexts(operation)), None)):
            who = Password(f"{{{{{USERNAME}}}}}", f"{{{{{PASSWORD}}}}}")
            # A wire may ask for the name of the site, which is a setting.
            taken = {name: str(getattr(server_settings(), name)) for name in operation.takes if name in SETTINGS}
            request = dialect.build_request(Call(operation, records=[taken], credentials=who), context)
            captures = [*_captures(dialect, names)]
            headers = {
                name.lower(): value for name, value in request.headers.items() if name.lower() != "authorization"
            }
            return CallContent(
                f"{SIGN_IN}{dialect.label}",
                request.method,
                request.path + (f"?{request.query}" if request.query else ""),
                dialect.name,
                operation.name,
                headers,
                request.body.decode(),
                [{"kind": "fault", "value": "false"}],
                captures,
            )
    return None


def _captures(dialect: Dialect, names: Sequence[str]) -> Iterator[dict[str, str]]:
    for name in names:
        wire = name.removeprefix("hub-")
        yield {"name": name, "path": f"$..{wire}" if dialect.media == "json" else f"//{wire}"}
