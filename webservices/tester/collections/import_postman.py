"""
Postman's collection, version 2: requests in folders, variables, and the statuses that their tests demand. A script that
is still as it was exported from here gives back all that it was made of.

    {"info": {"name": "Parts", "schema": "…/v2.1.0/collection.json"}, "variable": [{"key": "number", "value": "P-1"}],
     "item": [{"name": "adds a part", "request": {"method": "POST", "url": …, "header": […], "body": {"raw": "…"}}}]}
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from webservices.tester.collections.export_postman import FIELDS, MADE_OF, WARNING, write_script
from webservices.tester.collections.files import DEFAULT_CHECKS, CallContent, CollectionContent, check_call
from webservices.tester.errors import TesterError
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
        _text(info.get("name")),
        _text(info.get("description")).partition(f"\n\n{WARNING}\n")[0],
        values,
        [*_calls(found["item"], "")],
    )


def _calls(items: Json, folder: str) -> Iterator[CallContent]:
    for item in _objects(items):
        name, request = f"{folder}{item.get('name', '')}", item.get("request")
        if isinstance(item.get("item"), list):
            yield from _calls(item["item"], f"{name} / ")
        # Postman's schema allows a request that is its address alone, and an address that is a text or an object.
        elif isinstance(request, str):
            yield CallContent(name, "GET", request, checks=DEFAULT_CHECKS)
        elif isinstance(request, dict):
            yield _add_expectations(_call(name, request), item.get("event"), request)


def _call(name: str, request: Mapping[str, Json]) -> CallContent:
    url = request.get("url")
    body, media = _body(request.get("body"))
    headers = {"content-type": media} if media else {}
    headers |= {
        # Postman keeps in its file what its user has switched off.
        str(each.get("key")).lower(): str(each.get("value", ""))
        for each in _enabled_objects(request.get("header"))
    }
    target = _text(url.get("raw")) if isinstance(url, dict) else _text(url)
    return CallContent(name, str(request.get("method", "GET")).upper(), target, headers=headers, body=body)


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


def _headers(request: Mapping[str, Json]) -> dict[str, str]:
    return {
        str(each.get("key")).lower(): str(each.get("value", "")) for each in _enabled_objects(request.get("header"))
    }


def _add_expectations(call: CallContent, events: Json, request: Mapping[str, Json]) -> CallContent:
    """The call with what its tests were made of; of tests that somebody wrote, with the status that they demand."""
    scripts = _objects([each.get("script") for each in _objects(events) if each.get("listen") == "test"])
    lines = [line for script in scripts for line in _lines(script.get("exec"))]
    if lines and lines[0].startswith(MADE_OF):
        exported = _read_origin(call, lines[0].removeprefix(MADE_OF))
        # Somebody may have changed the tests, or the line: then what runs is what counts.
        if exported is not None and [*write_script(exported)] == lines:
            return replace(exported, headers=_headers(request))
    # Scripts are JavaScript: only the one form in which Postman's own snippets check a status is looked for.
    found = STATUS.findall("\n".join(lines))
    return replace(call, checks=[{"kind": "status", "value": status} for status in found[:1]] or DEFAULT_CHECKS)


def _read_origin(call: CallContent, text: str) -> CallContent | None:
    try:
        origin = json.loads(text)
        exported = replace(call, **{name: origin[name] for name in FIELDS if name in origin})
        check_call(replace(exported, method="GET", headers={}))
    except (ValueError, TypeError, AttributeError, KeyError, TesterError):
        return None
    return exported


def _lines(found: Json) -> list[str]:
    return [_text(each) for each in found] if isinstance(found, list) else [_text(found)]


def _objects(found: Json) -> list[Mapping[str, Json]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _enabled_objects(found: Json) -> list[Mapping[str, Json]]:
    return [each for each in _objects(found) if each.get("disabled") is not True]


def _text(found: Json) -> str:
    return found if isinstance(found, str) else ""
