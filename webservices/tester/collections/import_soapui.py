"""
SoapUI's project: the requests of its test steps and of its interfaces, its properties, the statuses that it asserts. A
step that is still as it was exported from here gives back all that it was made of.

    <con:soapui-project name="Parts" xmlns:con="http://eviware.com/soapui/config">…
      <con:testStep type="httprequest" name="adds a part"><con:config method="POST">
        <con:endpoint>https://…</con:endpoint><con:request>…${#Project#number}…</con:request>
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree

from webservices.tester.collections.assertions.captures import NAME
from webservices.tester.collections.export_postman import FIELDS, WARNING
from webservices.tester.collections.export_soapui import HEADERS, ORIGIN, Assertion, list_assertions
from webservices.tester.collections.files import DEFAULT_CHECKS, CallContent, CollectionContent, check_call
from webservices.tester.errors import TesterError
from webservices.tester.send.credentials import parse_message

CON = "{http://eviware.com/soapui/config}"
# The scope (`#Project#`, `#TestCase#`) is dropped: a collection has one set of values.
PROPERTY = re.compile(r"\$\{(?:#[^#}]*#)?(" + NAME.pattern + r"|hub-[A-Za-z0-9_-]+)\}")
# An HTTP step, a SOAP step and the sample of an interface hold their request in elements of different names.
REQUESTS = tuple(f"{CON}{name}" for name in ("config", "request", "call"))


def import_soapui(body: bytes) -> CollectionContent:
    """Convert the requests of a project; raises TesterError."""
    root = parse_message(body)
    if root is None or root.tag != f"{CON}soapui-project":
        raise TesterError("This is XML, but no project of SoapUI.")
    values = {
        each.findtext(f"{CON}name", ""): each.findtext(f"{CON}value", "")
        for each in root.iterfind(f"{CON}properties/{CON}property")
    }
    # SoapUI writes elements of these names for other purposes too; only a request names an endpoint.
    requests = [each for each in root.iter(*REQUESTS) if each.find(f"{CON}endpoint") is not None]
    return CollectionContent(
        root.get("name", ""),
        root.findtext(f"{CON}description", "").partition(f"\n\n{WARNING}\n")[0],
        values,
        [*map(_call, requests)],
    )


def _call(found: etree._Element) -> CallContent:
    # The name stands on the test step; an interface's request has one of its own.
    elements = [*found.iterancestors(f"{CON}testStep"), found]
    body = _convert_properties(found.findtext(f"{CON}request", ""))
    # SoapUI has the media type in an attribute, not among the headers; an explicit header below wins.
    usual = {"content-type": found.get("mediaType", "text/xml; charset=UTF-8")} if body else {}
    codes = found.findtext(f"{CON}assertion/{CON}configuration/codes", "").strip()
    call = CallContent(
        next((each.get("name", "") for each in elements if each.get("name")), ""),
        found.get("method", "POST"),
        _convert_properties(found.findtext(f"{CON}endpoint", "")),
        headers={**usual, **_headers(found)},
        body=body,
        checks=[{"kind": "status", "value": codes}] if re.fullmatch(r"\d{3}", codes) else DEFAULT_CHECKS,
    )
    return _read_origin(call, found) or call


def _read_origin(call: CallContent, found: etree._Element) -> CallContent | None:
    """The call with all that its step was exported from; None: it was not, or its assertions were changed since."""
    try:
        origin = json.loads(found.findtext(f"{CON}settings/{CON}setting[@id='{ORIGIN}']", ""))
        exported = replace(call, **{"checks": [], **{name: origin[name] for name in FIELDS if name in origin}})
        check_call(replace(exported, method="GET", headers={}))
        if list_assertions(exported) != [*_assertions(found)]:
            return None
        return replace(exported, headers=_headers(found))
    except (ValueError, TypeError, AttributeError, KeyError, TesterError):
        return None


def _assertions(found: etree._Element) -> Iterator[Assertion]:
    for each in found.iterfind(f"{CON}assertion"):
        configuration = each.find(f"{CON}configuration")
        parts = [] if configuration is None else [*configuration.iterchildren(tag=etree.Element)]
        yield each.get("type", ""), {etree.QName(part).localname: part.text or "" for part in parts}


def _headers(found: etree._Element) -> Mapping[str, str]:
    """The headers of a request, which SoapUI stores as XML in the text of a setting."""
    text = found.findtext(f"{CON}settings/{CON}setting[@id='{HEADERS}']", "")
    entries = parse_message(text.encode())
    if entries is None:
        return {}
    return {
        each.get("key", "").lower(): _convert_properties(each.get("value", "")) for each in entries.iter("{*}entry")
    }


def _convert_properties(text: str) -> str:
    """Write SoapUI's properties as placeholders of ours."""
    return PROPERTY.sub(r"{{\1}}", text)
