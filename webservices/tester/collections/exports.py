"""
A collection in the forms of other programs: Postman, SoapUI, OpenAPI. One row of EXPORTS each.

None of them has a secret, since a collection has none.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit
from uuid import NAMESPACE_URL, uuid5

from webservices.tester.collections.assertions.captures import PLACEHOLDER
from webservices.tester.collections.files import CallContent, CollectionContent, write_file
from webservices.wire.json import write_json
from webservices.wire.xml.namespaces import XSI
from webservices.wire.xml.writing import Markup, element, pretty_document

POSTMAN = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
SOAPUI = "http://eviware.com/soapui/config"
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class Export:
    """
    One form of export.

    write  returns the file of a collection; its second argument is scheme and host of this server
    """

    name: str
    label: str
    suffix: str
    content_type: str
    write: Callable[[CollectionContent, str], str]


def postman(content: CollectionContent, address: str) -> str:
    """Postman's collection, version 2.1; values are its variables, which it writes as we do."""
    variables = [{"key": "address", "value": address}]
    variables += [{"key": name, "value": value} for name, value in content.values.items()]
    return write_json(
        {
            "info": {"name": content.name, "description": content.description, "schema": POSTMAN},
            "auth": {
                "type": "basic",
                # These two variables are not defined in the file: whoever imports it fills them in.
                "basic": [
                    {"key": "username", "value": "{{username}}", "type": "string"},
                    {"key": "password", "value": "{{password}}", "type": "string"},
                ],
            },
            "variable": variables,
            "item": [_postman_item(call) for call in content.calls],
        },
        indent=2,
    )


def _postman_item(call: CallContent) -> dict[str, object]:
    request: dict[str, object] = {
        "method": call.method,
        "header": [{"key": name, "value": value} for name, value in call.headers.items()],
        "url": "{{address}}" + call.target,
    }
    if call.body:
        language = "xml" if call.body.lstrip().startswith("<") else "json"
        request["body"] = {"mode": "raw", "raw": call.body, "options": {"raw": {"language": language}}}
    item: dict[str, object] = {"name": call.name, "request": request}
    if script := [*_postman_script(call)]:
        item["event"] = [{"listen": "test", "script": {"type": "text/javascript", "exec": script}}]
    return item


def _postman_script(call: CallContent) -> Iterator[str]:
    """The checks that Postman can make by itself; the others as comments."""
    for check in call.checks:
        match check:
            case {"kind": "status", "value": str(value)} if value.isdigit():
                yield f'pm.test("status is {value}", () => pm.response.to.have.status({value}));'
            case {"kind": "time", "comparator": "<" | "<=" as most, "value": str(value)} if NUMBER.fullmatch(value):
                below = "below" if most == "<" else "at.most"
                yield f'pm.test("time", () => pm.expect(pm.response.responseTime).to.be.{below}({value}));'
            case _:
                yield f"// check: {write_json(check)}"


def soapui(content: CollectionContent, address: str) -> str:
    """SoapUI's project: one test case whose steps are HTTP requests; values are properties of the project."""
    # Ids are derived from names: two exports of the same collection must not differ.
    steps = [_soapui_step(call, address) for call in content.calls]
    case = element("con:testCase", *steps, attributes={"name": content.name, "id": _id(content.name, "case")})
    suite = element("con:testSuite", case, attributes={"name": content.name, "id": _id(content.name, "suite")})
    properties = [
        element("con:property", element("con:name", name), element("con:value", value))
        for name, value in content.values.items()
    ]
    return pretty_document(
        element(
            "con:soapui-project",
            suite,
            element("con:properties", *properties),
            attributes={
                "name": content.name,
                "id": _id(content.name, "project"),
                "soapui-version": "5.7.2",
                "xmlns:con": SOAPUI,
            },
        )
    ).decode()


def _soapui_step(call: CallContent, address: str) -> Markup:
    attributes = {"name": call.name, "id": _id(call.name, "request")}
    headers = "".join(
        f'<entry key="{_attribute(name)}" value="{_attribute(_soapui_values(value))}"/>'
        for name, value in call.headers.items()
    )
    setting = element(
        "con:setting",
        f"<xml-fragment>{headers}</xml-fragment>",
        attributes={"id": "com.eviware.soapui.impl.wsdl.WsdlRequest@request-headers"},
    )
    config = element(
        "con:config",
        element("con:settings", setting),
        element("con:endpoint", _soapui_values(address + call.target)),
        element("con:request", _soapui_values(call.body)),
        *_soapui_assertions(call),
        attributes={
            "xmlns:xsi": XSI,
            "xsi:type": "con:HttpRequest",
            "method": call.method,
            "mediaType": call.headers.get("content-type", "text/xml").partition(";")[0],
            "postQueryString": "false",
            **attributes,
        },
    )
    return element("con:testStep", config, attributes={"type": "httprequest", **attributes})


def _soapui_assertions(call: CallContent) -> Iterator[Markup]:
    for check in call.checks:
        if check["kind"] == "status" and check["value"].isdigit():
            configuration = element("codes", check["value"])
            yield element(
                "con:assertion",
                element("con:configuration", configuration),
                attributes={"type": "Valid HTTP Status Codes", "name": f"status is {check['value']}"},
            )


# The headers are XML inside the text of an element, so their quotes are escaped here, and all of it once more there.
def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _soapui_values(text: str) -> str:
    return PLACEHOLDER.sub(r"${#Project#\1}", text)


def _id(name: str, kind: str) -> str:
    """An id that is the same in every export, so that exports can be compared."""
    return str(uuid5(NAMESPACE_URL, f"counterpart:{kind}:{name}"))


def openapi(content: CollectionContent, address: str) -> str:
    """OpenAPI 3.1: the address of each call, its bodies as examples by the names of the calls."""
    paths: dict[str, dict[str, dict]] = {}
    for call in content.calls:
        split = urlsplit(call.target)
        described = paths.setdefault(_path_template(split.path), {}).setdefault(call.method.lower(), _operation(call))
        _add_example(described, call)
        _add_parameters(described, split.path, split.query)
    described = {
        "openapi": "3.1.0",
        "info": {"title": content.name, "version": "1", "description": content.description},
        "servers": [{"url": address}],
        "paths": paths,
    }
    return write_json(described, indent=2)


def _path_template(path: str) -> str:
    return PLACEHOLDER.sub(r"{\1}", path)


def _operation(call: CallContent) -> dict[str, object]:
    return {
        "operationId": re.sub(r"[^A-Za-z0-9]+", "_", call.name).strip("_") or "call",
        "summary": call.name,
        "responses": {"default": {"description": "The answer."}},
    }


def _add_example(described: dict, call: CallContent) -> None:
    if call.body:
        kind = call.headers.get("content-type", "text/xml").partition(";")[0].strip()
        content = described.setdefault("requestBody", {"content": {}})["content"]
        content.setdefault(kind, {"examples": {}})["examples"][call.name] = {"value": call.body}


def _add_parameters(described: dict, path: str, query: str) -> None:
    wanted = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in PLACEHOLDER.findall(path)
    ]
    wanted += [
        {"name": name, "in": "query", "schema": {"type": "string"}, "example": value}
        for name, value in parse_qsl(query, keep_blank_values=True)
    ]
    if wanted:
        known = described.setdefault("parameters", [])
        # Calls of the same method and address share their parameters.
        have = {(each["name"], each["in"]) for each in known}
        known += [each for each in wanted if (each["name"], each["in"]) not in have]


EXPORTS: tuple[Export, ...] = (
    Export(
        "counterpart", "Collection", "collection.json", "application/json", lambda content, address: write_file(content)
    ),
    Export("postman", "Postman", "postman_collection.json", "application/json", postman),
    Export("soapui", "SoapUI", "soapui-project.xml", "text/xml", soapui),
    Export("openapi", "OpenAPI", "openapi.json", "application/json", openapi),
)
