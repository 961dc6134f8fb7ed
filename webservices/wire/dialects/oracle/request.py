"""
Oracle CPQ requests, written: `read` turns them into the same Call. Skeletons and round trips come from here.
"""

from collections.abc import Iterable

from records.shapes.resources import Resource
from records.shapes.values import Values
from webservices.wire.dialects.oracle.context import OracleContext
from webservices.wire.dialects.oracle.criteria import write_criteria
from webservices.wire.dialects.oracle.headers import Version, write_header
from webservices.wire.dialects.oracle.names import BY_CRITERIA, PREFIX, operation_name, wrapper
from webservices.wire.dialects.oracle.security import write_action
from webservices.wire.dialects.oracle.values import record_writer
from webservices.wire.messages import Call, WireRequest
from webservices.wire.operations import Kind
from webservices.wire.soap.envelope import write_envelope
from webservices.wire.soap.versions import SOAP_11, SOAP_12
from webservices.wire.xml.writing import Markup, element

ACTION_HEADERS = {SOAP_11: {"soapaction": '""'}, SOAP_12: {}}  # SOAP 1.2 has no such header


def build_version_request(version: Version, call: Call, context: OracleContext) -> WireRequest:
    """Build the request of a call in a context; fields that Oracle's records do not have are left out."""
    plural = call.operation.resource.plural
    body = element(
        f"{PREFIX}:{operation_name(call.operation)}",
        write_action(call) if call.operation.kind is Kind.ACTION else _content(call),
        attributes={f"xmlns:{PREFIX}": context.namespace or version.namespace(plural)},
    )
    header = write_header(version, call.operation, call.credentials, call.options)
    path = version.address(plural)
    headers = {"content-type": context.version.content_type, **ACTION_HEADERS[context.version]}
    return WireRequest("POST", path, write_envelope(body, context.version, header), headers)


def _content(call: Call) -> Markup:
    resource = call.operation.resource
    content = write_criteria(call) if call.operation.verb in BY_CRITERIA else _records(resource, call.records)
    return element(f"{PREFIX}:{wrapper(resource.plural)}", content)


def _records(resource: Resource, records: Iterable[Values]) -> Markup:
    write = record_writer(resource, in_request=True)
    return Markup("".join(map(write, records)))
