"""
Oracle CPQ requests, written: what `read` reads, made from a Call. Skeletons and round trips come from here.
"""

from collections.abc import Iterable, Sequence

from records.shapes.criteria import Comparator, Criterion
from records.shapes.resources import Resource
from records.shapes.values import Values
from webservices.wire.dialects.oracle.context import OracleContext
from webservices.wire.dialects.oracle.headers import Version, write_header
from webservices.wire.dialects.oracle.names import BY_CRITERIA, PREFIX, operation_name, spell, wrapper
from webservices.wire.dialects.oracle.records import record_writer, write_criterion
from webservices.wire.dialects.oracle.security import ask_special
from webservices.wire.messages import Call, WireRequest
from webservices.wire.operations import Kind
from webservices.wire.soap.envelope import write_envelope
from webservices.wire.soap.versions import SOAP_11, SOAP_12
from webservices.wire.xml.writing import Markup, element, join


def build_version_request(version: Version, call: Call, context: OracleContext) -> WireRequest:
    """The request that says this call in this manner; fields that Oracle's records do not have are left out."""
    plural = call.operation.resource.plural
    body = element(
        f"{PREFIX}:{operation_name(call.operation)}",
        ask_special(call) if call.operation.kind is Kind.ACTION else _wrapped(call),
        attributes={f"xmlns:{PREFIX}": context.namespace or version.namespace(plural)},
    )
    header = write_header(version, call.operation, call.credentials, call.options)
    path = version.address(plural)
    headers = {"content-type": context.version.content_type, **ACTIONS[context.version]}
    return WireRequest("POST", path, write_envelope(body, context.version, header), headers)


ACTIONS = {SOAP_11: {"soapaction": '""'}, SOAP_12: {}}


def _wrapped(call: Call) -> Markup:
    resource = call.operation.resource
    content = _criteria(call) if call.operation.verb in BY_CRITERIA else _records(resource, call.records)
    return element(f"{PREFIX}:{wrapper(resource.plural)}", content)


def _records(resource: Resource, records: Iterable[Values]) -> Markup:
    write = record_writer(resource)
    return Markup("".join(map(write, records)))


def _criteria(call: Call) -> Markup:
    plural = call.operation.resource.plural
    criteria = call.criteria if call.criteria is not None else _by_key(call.operation.resource, call.records)
    return join(
        write_criterion(spell(plural, criterion.path), ",".join(criterion.values), criterion.comparator)
        for criterion in criteria
    )


def _by_key(resource: Resource, records: Sequence[Values]) -> list[Criterion]:
    """The criteria that choose records by their keys; several of them need a key of one field."""
    if len(records) == 1:
        return [Criterion((name,), Comparator.EQUAL, (str(records[0].get(name, "")),)) for name in resource.key]
    return [Criterion((name,), Comparator.IN, tuple(str(each[name]) for each in records)) for name in resource.key]
