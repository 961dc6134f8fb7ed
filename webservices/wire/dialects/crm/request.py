"""
CRM-service requests, written: what `read` reads, made from a Call. Skeletons and round trips come from here.
"""

from collections.abc import Callable, Mapping

from records.shapes.criteria import Comparator
from webservices.wire.credentials import Bearer, SessionToken
from webservices.wire.dialects.crm.bulk import write_datas
from webservices.wire.dialects.crm.context import ENCODED, CrmContext
from webservices.wire.dialects.crm.methods import CRITERIA, Form, Method
from webservices.wire.dialects.crm.names import NAMESPACE, PREFIX, SERVICE, TYPES, module_of, name_of
from webservices.wire.dialects.crm.records import ask_record, nil, typed
from webservices.wire.messages import Call, WireRequest
from webservices.wire.soap.envelope import write_envelope
from webservices.wire.soap.options import option_blocks
from webservices.wire.soap.versions import SOAP_11
from webservices.wire.xml.writing import NOTHING, Markup, element, join

XSD = "http://www.w3.org/2001/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"


def build_request(call: Call, context: CrmContext) -> WireRequest:
    """The request that says this call by the method of this manner."""
    method = context.method
    content = join([_who(call, method), *_ASK[method.form](call, context)])
    body = element(f"{PREFIX}:{method.name}", content, attributes=declared(context.settings.use))
    return WireRequest(
        "POST",
        SERVICE,
        write_envelope(body, SOAP_11, option_blocks(call.options)),
        {"content-type": SOAP_11.content_type, "soapaction": '""'},
        f"class={method.manager}",
    )


def declared(use: str) -> dict[str, str]:
    """The attributes of a method's element: the namespaces of types, and the style of encoding."""
    named = {f"xmlns:{PREFIX}": NAMESPACE, "xmlns:xsd": XSD, "xmlns:xsi": XSI, "xmlns:SOAP-ENC": ENCODING}
    return {**named, **({"soapenv:encodingStyle": ENCODING} if use == ENCODED else {})}


def _who(call: Call, method: Method) -> Markup:
    who = call.credentials
    if method.credential == "apiKey":
        return typed(method.credential, "xsd:string", who.token if isinstance(who, Bearer) else "")
    token = who.token if isinstance(who, SessionToken) else ""
    return typed(method.credential, f"{PREFIX}:{TYPES['sessions']}", typed("sessionID", "xsd:string", token))


def _search(call: Call, context: CrmContext) -> list[Markup]:
    field, value = _asked(call, context)
    settings = context.settings
    limit, offset = settings.usual_limit if call.limit is None else call.limit, call.offset
    kind = f"{PREFIX}:{TYPES[call.operation.resource.plural]}{CRITERIA}"
    parts = [
        typed("field", "xsd:string", field),
        typed("value", "xsd:string", value),
        typed("limit", "xsd:int", str(limit)),
        typed("offset", "xsd:int", str(offset)),
    ]
    return [typed("criteria", kind, join(parts))]


def _asked(call: Call, context: CrmContext) -> tuple[str, str]:
    """Field and value of the one criterion that a search has."""
    plural = call.operation.resource.plural
    for criterion in call.criteria or ():
        value = criterion.values[0]
        if criterion.comparator is Comparator.ILIKE:
            value = value.replace("\\_", "_").replace("\\\\", "\\")
        if criterion.path == ("status",):
            value = next((here for here, inside in context.settings.statuses.items() if inside == value), value)
        return name_of(plural, str(criterion.path[0])), value
    return "", ""


def _get(call: Call, context: CrmContext) -> list[Markup]:
    asked = {criterion.path[0]: criterion.values[0] for criterion in call.criteria or ()}
    return [_id(asked.get("id", ""))]


def _id(text: str) -> Markup:
    return typed("id", "xsd:int", text) if text else nil("id")


def _delete(call: Call, context: CrmContext) -> list[Markup]:
    return [_id(str(call.records[0].get("id", "")))]


def _record(call: Call, context: CrmContext) -> list[Markup]:
    resource = call.operation.resource
    return [ask_record(resource, record, context.settings, context.method.payload.name) for record in call.records[:1]]


def _bulk(call: Call, context: CrmContext) -> list[Markup]:
    resource = call.operation.resource
    datas = write_datas(resource, call.records, context.settings)
    return [typed("type", "xsd:string", module_of(resource.plural)), typed("datas", "xsd:string", datas)]


def _special(call: Call, context: CrmContext) -> list[Markup]:
    method, plural = context.method, call.operation.resource.plural
    record = call.records[0] if call.records else {}
    said = []
    for parameter in method.parameters:
        if parameter.name == method.credential:
            continue
        if parameter.field:
            said.append(
                typed(parameter.name, parameter.type, parameter.to_wire(str(record.get(parameter.field) or "")))
            )
        else:
            texts = (typed(name_of(plural, name), "xsd:string", str(text or "")) for name, text in record.items())
            said.append(typed(parameter.name, f"{PREFIX}:{parameter.type}", join(texts) or NOTHING))
    return said


_ASK: Mapping[Form, Callable[[Call, CrmContext], list[Markup]]] = {
    Form.SEARCH: _search,
    Form.GET: _get,
    Form.RECORD: _record,
    Form.DELETE: _delete,
    Form.BULK: _bulk,
    Form.ACTION: _special,
}
