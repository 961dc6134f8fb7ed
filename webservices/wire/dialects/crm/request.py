"""CRM-service requests, written from a Call: `read` turns each back into it. Skeletons and round trips use this."""

from collections.abc import Callable, Mapping

from records.shapes.criteria import Comparator
from records.shapes.problems import Path
from records.shapes.resources import VENDOR
from records.shapes.values import Values
from webservices.wire.credentials import Bearer, SessionToken
from webservices.wire.dialects.crm.bulk import write_json_records
from webservices.wire.dialects.crm.context import ENCODED, CrmContext
from webservices.wire.dialects.crm.criteria import write_value
from webservices.wire.dialects.crm.methods import API_KEY, CRITERIA, Method, MethodKind
from webservices.wire.dialects.crm.modules import module_name
from webservices.wire.dialects.crm.names import NAMESPACE, PREFIX, SERVICE, TYPES, wire_name
from webservices.wire.dialects.crm.values import nil_element, typed_element, write_record
from webservices.wire.messages import Call, WireRequest
from webservices.wire.soap.envelope import write_envelope
from webservices.wire.soap.options import option_blocks
from webservices.wire.soap.versions import SOAP_11
from webservices.wire.xml.namespaces import SOAP_11_ENCODING, XSD, XSI
from webservices.wire.xml.writing import Markup, element, join


def build_request(call: Call, context: CrmContext) -> WireRequest:
    """Build the request of a call by the method of the context."""
    method = context.method
    content = join([_write_credential(call, method), *_WRITERS[method.kind](call, context)])
    body = element(f"{PREFIX}:{method.name}", content, attributes=namespace_attributes(context.settings.use))
    return WireRequest(
        "POST",
        SERVICE,
        write_envelope(body, SOAP_11, option_blocks(call.options)),
        # SOAP 1.1 demands the header; an empty one says that the address tells what is meant.
        {"content-type": SOAP_11.content_type, "soapaction": '""'},
        f"class={method.manager}",
    )


def namespace_attributes(use: str) -> dict[str, str]:
    """Return the attributes of a method's element: the namespaces of types, and the style of encoding."""
    namespaces = {f"xmlns:{PREFIX}": NAMESPACE, "xmlns:xsd": XSD, "xmlns:xsi": XSI, "xmlns:SOAP-ENC": SOAP_11_ENCODING}
    return {**namespaces, **({"soapenv:encodingStyle": SOAP_11_ENCODING} if use == ENCODED else {})}


def _write_credential(call: Call, method: Method) -> Markup:
    credentials = call.credentials
    if method.credential == API_KEY:
        key = credentials.token if isinstance(credentials, Bearer) else ""
        return typed_element(method.credential, "xsd:string", key)
    token = typed_element("sessionID", "xsd:string", credentials.token if isinstance(credentials, SessionToken) else "")
    return typed_element(method.credential, f"{PREFIX}:{TYPES['sessions']}", token)


def _write_search(call: Call, context: CrmContext) -> list[Markup]:
    field, value = _find_criterion(call, context)
    settings = context.settings
    limit, offset = settings.usual_limit if call.limit is None else call.limit, call.offset
    kind = f"{PREFIX}:{TYPES[call.operation.resource.plural]}{CRITERIA}"
    parts = [
        typed_element("field", "xsd:string", field),
        typed_element("value", "xsd:string", value),
        typed_element("limit", "xsd:int", str(limit)),
        typed_element("offset", "xsd:int", str(offset)),
    ]
    return [typed_element("criteria", kind, join(parts))]


def _find_criterion(call: Call, context: CrmContext) -> tuple[str, str]:
    """Return field and value of the criteria of a search, all by one field; both are "" where it has none."""
    if not call.criteria:
        return "", ""
    criterion = call.criteria[0]
    name = wire_name(call.operation.resource.plural, ".".join(map(str, criterion.path[: _steps(criterion.path)])))
    if criterion.comparator is not Comparator.ILIKE:
        return name, write_value(call.criteria)
    value = criterion.values[0].replace("\\_", "_").replace("\\\\", "\\")  # undoes `escape_pattern`
    if criterion.path == ("status",):
        statuses = context.settings.statuses
        value = next((spelled for spelled, status in statuses.items() if status == value), value)
    return name, value


def _steps(path: Path) -> int:
    """Return how many steps of a path name a member: that of a map is named without the key of its one entry."""
    return 2 if path[0] == VENDOR else 1


def _write_get(call: Call, context: CrmContext) -> list[Markup]:
    requested = {criterion.path[0]: criterion.values[0] for criterion in call.criteria or ()}
    return [_write_id(requested.get("id", ""))]


def _write_id(text: str) -> Markup:
    return typed_element("id", "xsd:int", text) if text else nil_element("id")


def _write_delete(call: Call, context: CrmContext) -> list[Markup]:
    return [_write_id(str(call.records[0].get("id", "")))]


def _write_record(call: Call, context: CrmContext) -> list[Markup]:
    resource, name = call.operation.resource, context.method.payload.name
    return [write_record(resource, each, context.settings, name, in_request=True) for each in call.records[:1]]


def _write_bulk(call: Call, context: CrmContext) -> list[Markup]:
    resource = call.operation.resource
    datas = write_json_records(resource, call.records, context.settings)
    return [
        typed_element("type", "xsd:string", module_name(resource.plural)),
        typed_element("datas", "xsd:string", datas),
    ]


def _write_action(call: Call, context: CrmContext) -> list[Markup]:
    method, plural = context.method, call.operation.resource.plural
    record: Values = call.records[0] if call.records else {}
    arguments = []
    for parameter in method.parameters:
        if parameter.name == method.credential:
            continue
        if parameter.field:
            text = parameter.to_wire(str(record.get(parameter.field) or ""))
            arguments.append(typed_element(parameter.name, parameter.type, text))
        else:
            members = (
                typed_element(wire_name(plural, name), "xsd:string", str(value or "")) for name, value in record.items()
            )
            arguments.append(typed_element(parameter.name, f"{PREFIX}:{parameter.type}", join(members)))
    return arguments


_WRITERS: Mapping[MethodKind, Callable[[Call, CrmContext], list[Markup]]] = {
    MethodKind.SEARCH: _write_search,
    MethodKind.GET: _write_get,
    MethodKind.RECORD: _write_record,
    MethodKind.DELETE: _write_delete,
    MethodKind.BULK: _write_bulk,
    MethodKind.ACTION: _write_action,
}
