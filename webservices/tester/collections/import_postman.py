"""
Postman's collection, version 2: requests in folders, variables, and the statuses that their tests demand.

    {"info": {"name": "Parts", "schema": "…/v2.1.0/collection.json"}, "variable": [{"key": "number", "value": "P-1"}],
     "item": [{"name": "adds a part", "request": {"method": "POST", "url": …, "header": […], "body": {"raw": "…"}}}]}
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from webservices.tester.collections.files import CallContent, CollectionContent
from webservices.wire.json import Json

STATUS = re.compile(r"have\.status\((\d{3})\)")


def is_postman(found: Json) -> bool:
    """True if the JSON of a file is a collection of Postman."""
    return isinstance(found, dict) and isinstance(found.get("info"), dict) and isinstance(found.get("item"), list)


def import_postman(found: Mapping[str, Json]) -> CollectionContent:
    """Convert the requests of a collection; the names of folders come before those of their calls."""
    info = found["info"] if isinstance(found["info"], dict) else {}
    values = {str(each.get("key")): str(each.get("value", "")) for each in _objects(found.get("variable"))}
    return CollectionContent(
        _text(info.get("name")), _text(info.get("description")), values, [*_calls(found["item"], "")]
    )


def _calls(items: Json, folder: str) -> Iterator[CallContent]:
    for item in _objects(items):
        name, request = f"{folder}{item.get('name', '')}", item.get("request")
        if isinstance(item.get("item"), list):
            yield from _calls(item["item"], f"{name} / ")
        # Postman's schema allows a request that is its address alone, and an address that is a text or an object.
        elif isinstance(request, str):
            yield CallContent(name, "GET", request)
        elif isinstance(request, dict):
            yield _call(name, request, _statuses(item.get("event")))


def _call(name: str, request: Mapping[str, Json], checks: list[dict[str, str]]) -> CallContent:
    url = request.get("url")
    body, media = _body(request.get("body"))
    headers = {"content-type": media} if media else {}
    headers |= {
        # Postman keeps in its file what its user has switched off.
        str(each.get("key")).lower(): str(each.get("value", ""))
        for each in _enabled_objects(request.get("header"))
    }
    target = _text(url.get("raw")) if isinstance(url, dict) else _text(url)
    return CallContent(
        name, str(request.get("method", "GET")).upper(), target, headers=headers, body=body, checks=checks
    )


def _body(body: Json) -> tuple[str, str]:
    """The body, and its media type as Postman would send it by itself."""
    if not isinstance(body, dict) or body.get("disabled") is True:
        return "", ""
    # Postman stores a form as pairs, and sends its media type without a header for it.
    if body.get("mode") == "urlencoded":
        pairs = [
            (str(each.get("key")), str(each.get("value", ""))) for each in _enabled_objects(body.get("urlencoded"))
        ]
        return urlencode(pairs), "application/x-www-form-urlencoded"
    raw = _text(body.get("raw"))
    return raw, ("text/xml" if raw.lstrip().startswith("<") else "application/json") if raw else ""


def _statuses(events: Json) -> list[dict[str, str]]:
    """The status that the tests of a request demand."""
    # Scripts are JavaScript: only the one form in which Postman's own snippets check a status is looked for.
    scripts = _objects([each.get("script") for each in _objects(events) if each.get("listen") == "test"])
    found = STATUS.findall("\n".join(line for script in scripts for line in _lines(script.get("exec"))))
    # One check at most: two different statuses would never both be met.
    return [{"kind": "status", "value": status} for status in found[:1]]


def _lines(found: Json) -> list[str]:
    return [_text(each) for each in found] if isinstance(found, list) else [_text(found)]


def _objects(found: Json) -> list[Mapping[str, Json]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _enabled_objects(found: Json) -> list[Mapping[str, Json]]:
    return [each for each in _objects(found) if each.get("disabled") is not True]


def _text(found: Json) -> str:
    return found if isinstance(found, str) else ""
