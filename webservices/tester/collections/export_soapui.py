"""
SoapUI's project: one test case whose steps are HTTP requests, with assertions; captures are property transfers.

SoapUI's XPath is 2.0, so a comparison of values is an XPath that must be true. What was exported stands in a setting of
each step, too, so that an import loses nothing.
"""

import re
from collections.abc import Iterator, Mapping
from uuid import NAMESPACE_URL, uuid5

from webservices.tester.collections.assertions.captures import PLACEHOLDER
from webservices.tester.collections.export_postman import FIELDS, WARNING, get_name, read_steps
from webservices.tester.collections.files import CallContent, CollectionContent
from webservices.tester.collections.sign_in import (
    ADDRESS,
    PASSWORD,
    SIGN_IN,
    USERNAME,
    VARIABLE,
    add_credentials,
    has_credentials,
)
from webservices.wire.json import write_json
from webservices.wire.xml.namespaces import XSI
from webservices.wire.xml.writing import Markup, element, pretty_document

SOAPUI = "http://eviware.com/soapui/config"
ORIGIN = "counterpart"  # the setting that holds what a step was made of
HEADERS = "com.eviware.soapui.impl.wsdl.WsdlRequest@request-headers"
SUCCESS = "200,201,202,204"
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
TEXT_CONDITIONS = {"contains": "contains(., {})", "matches": "matches(., {})", "exists": "true()"}

Assertion = tuple[str, Mapping[str, str]]  # its type, and its configuration by the names of SoapUI's elements


def write_soapui(content: CollectionContent, address: str) -> tuple[str, list[str]]:
    """Return the file of a collection, and a sentence for each thing that could not travel."""
    signed = add_credentials(content)
    warnings = [*signed.warnings, *(each for call in signed.content.calls for each in _find_warnings(call))]
    lost = "\n".join(warnings)
    values = {ADDRESS: address, **signed.variables, **content.values}
    # Ids are derived from names: two exports of the same collection must not differ.
    steps = [step for call in (*signed.opening, *signed.content.calls) for step in _write_steps(call)]
    case = element("con:testCase", *steps, attributes={"name": content.name, "id": _id(content.name, "case")})
    suite = element("con:testSuite", case, attributes={"name": content.name, "id": _id(content.name, "suite")})
    properties = [
        element("con:property", element("con:name", name), element("con:value", value))
        for name, value in values.items()
    ]
    project = element(
        "con:soapui-project",
        element("con:description", content.description + (f"\n\n{WARNING}\n{lost}" if lost else "")),
        suite,
        element("con:properties", *properties),
        attributes={
            "name": content.name,
            "id": _id(content.name, "project"),
            "soapui-version": "5.7.2",
            "xmlns:con": SOAPUI,
        },
    )
    return pretty_document(project).decode(), warnings


def _write_steps(call: CallContent) -> Iterator[Markup]:
    """Yield the step of a call, and that of its captures."""
    attributes = {"name": call.name, "id": _id(call.name, "request")}
    headers = "".join(
        f'<entry key="{_attribute(name)}" value="{_attribute(write_values(value))}"/>'
        for name, value in call.headers.items()
    )
    settings = [_setting(HEADERS, f"<xml-fragment>{headers}</xml-fragment>")]
    if not call.name.startswith(SIGN_IN):
        origin = {name: getattr(call, name) for name in FIELDS if getattr(call, name)}
        settings.append(_setting(ORIGIN, write_json(origin)))
    credentials = []
    if not (has_credentials(call) or call.name.startswith(SIGN_IN)):
        who = [element("con:username", _property(USERNAME)), element("con:password", _property(PASSWORD))]
        credentials = [element("con:credentials", *who, element("con:authType", "Preemptive"))]
    config = element(
        "con:config",
        element("con:settings", *settings),
        element("con:endpoint", _property(ADDRESS) + write_values(call.target)),
        element("con:request", write_values(call.body)),
        *(_write_assertion(*each) for each in list_assertions(call)),
        *credentials,
        attributes={
            "xmlns:xsi": XSI,
            "xsi:type": "con:HttpRequest",
            "method": call.method,
            "mediaType": call.headers.get("content-type", "text/xml").partition(";")[0],
            "postQueryString": "false",
            **attributes,
        },
    )
    yield element("con:testStep", config, attributes={"type": "httprequest", **attributes})
    if transfers := [*_write_transfers(call)]:
        name = f"{call.name}: values"
        attributes = {"xmlns:xsi": XSI, "xsi:type": "con:PropertyTransfersStep"}
        transfer = element("con:config", *transfers, attributes=attributes)
        yield element(
            "con:testStep", transfer, attributes={"type": "transfer", "name": name, "id": _id(name, "transfer")}
        )


def _setting(name: str, value: str) -> Markup:
    return element("con:setting", value, attributes={"id": name})


def _write_transfers(call: CallContent) -> Iterator[Markup]:
    for capture in call.captures:
        path = _convert_path(capture["path"])
        if path is not None:
            kind = "JSONPATH" if path.startswith("$") else "XPATH"
            parts = {
                "name": capture["name"],
                "sourceType": "Response",
                "sourceStep": call.name,
                "sourcePath": path,
                "targetType": capture["name"],
                "targetStep": "#Project#",
                "type": kind,
                "targetTransferType": "XPATH",
                "upgraded": "true",
            }
            yield element(
                "con:transfers",
                *(element(f"con:{name}", text) for name, text in parts.items()),
                attributes={"setNullOnMissingSource": "true", "transferTextContent": "true", "failOnError": "true"},
            )


def _write_assertion(kind: str, configuration: Mapping[str, str]) -> Markup:
    parts = [element(name, text) for name, text in configuration.items()]
    name = " ".join(configuration.values())[:200]
    return element(
        "con:assertion",
        element("con:configuration", *parts),
        attributes={"type": kind, "name": name, "id": _id(name, kind)},
    )


def list_assertions(call: CallContent) -> list[Assertion]:
    """The assertions for those checks of a call that SoapUI can make."""
    return [assertion for check in call.checks for assertion in _find_assertions(check)]


def _find_assertions(check: Mapping[str, str]) -> list[Assertion]:
    comparator, value = check.get("comparator", "="), check.get("value", "")
    match check["kind"]:
        case "status":
            codes = ",".join(_list_codes(value))
            return [("Valid HTTP Status Codes", {"codes": codes})]
        case "fault" if value == "false":
            condition = _true_xpath("not(exists(/*:Envelope/*:Body/*:Fault))")
            return [("Valid HTTP Status Codes", {"codes": SUCCESS}), condition]
        case "fault":
            return [("Invalid HTTP Status Codes", {"codes": SUCCESS})]
        case "time" if comparator in ("<", "<=") and value.isdigit():
            return [("Response SLA Assertion", {"SLA": str(int(value) - (comparator == "<"))})]
        case "value":
            return _find_value_assertions(check["path"], comparator, write_values(value))
    return []


def _list_codes(value: str) -> list[str]:
    return [f"{value[0]}{number:02}" for number in range(100)] if value.endswith("xx") else [value]


def _find_value_assertions(path: str, comparator: str, value: str) -> list[Assertion]:
    if path.startswith("$"):
        if comparator == "=":
            return [("JsonPath Match", {"path": path, "content": value, "allowWildcards": "false"})]
        if comparator == "exists":
            return [("JsonPath Existence Match", {"path": path, "content": "true"})]
        if comparator == "matches":
            return [("JsonPath RegEx Match", {"path": path, "content": "true", "regEx": f".*{value}.*"})]
        return []
    converted = _convert_path(path)
    if converted is None:
        return []
    condition = _write_condition("=" if comparator == "!=" else comparator, value)
    found = f"exists({converted}[{condition}])"
    return [_true_xpath(f"not({found})" if comparator == "!=" else found)]


def _true_xpath(path: str) -> Assertion:
    names = ("allowWildcards", "ignoreNamspaceDifferences", "ignoreComments")  # spelled as SoapUI reads them
    return "XPath Match", {"path": path, "content": "true", **dict.fromkeys(names, "false")}


def _write_condition(comparator: str, value: str) -> str:
    quoted = '"' + value.replace('"', '""') + '"'
    if comparator in TEXT_CONDITIONS:
        return TEXT_CONDITIONS[comparator].format(quoted)
    number = NUMBER.fullmatch(value) or "${" in value
    if comparator == "=":
        same = f"normalize-space(.) = normalize-space({quoted})"
        return f"{same} or number(.) = number({quoted})" if number else same
    return f"number(.) {comparator} number({quoted})"


def _convert_path(path: str) -> str | None:
    """The path as SoapUI has it, names in any namespace; None: it has more than steps, names and simple conditions."""
    steps = read_steps(path)
    if steps is None or path.startswith("$"):
        return path if steps is not None else None
    written = []
    for deep, name, predicates in steps:
        assert isinstance(predicates, list)
        conditions = [
            f"[{each}]" if isinstance(each, int) else f'[{_any_namespace(each[0])} = "{each[1]}"]'
            for each in predicates
        ]
        written.append(f"{'//' if deep else '/'}{_any_namespace(str(name))}{''.join(conditions)}")
    return "".join(written)


def _any_namespace(name: str) -> str:
    if name in ("*", "text()"):
        return name
    return f"@*:{name[1:]}" if name.startswith("@") else f"*:{name}"


def _find_warnings(call: CallContent) -> Iterator[str]:
    for check in call.checks:
        if not _find_assertions(check):
            yield f"{call.name}: the check {get_name(check)} is left out, as SoapUI has no assertion for it."
    for capture in call.captures:
        if _convert_path(capture["path"]) is None:
            yield f"{call.name}: the value {capture['name']} is not captured, as SoapUI cannot read its path."
    if call.ignored:
        yield f"{call.name}: answers are not compared with those of the run before."


# The headers are XML inside the text of an element, so their quotes are escaped here, and all of it once more there.
def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _property(name: str) -> str:
    return f"${{#Project#{name}}}"


def write_values(text: str) -> str:
    """Write our placeholders as SoapUI's properties."""
    return VARIABLE.sub(r"${#Project#\1}", PLACEHOLDER.sub(r"${#Project#\1}", text))


def _id(name: str, kind: str) -> str:
    """An id that is the same in every export, so that exports can be compared."""
    return str(uuid5(NAMESPACE_URL, f"counterpart:{kind}:{name}"))
