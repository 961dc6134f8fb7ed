"""
Oracle CPQ requests: SOAP 1.1 or 1.2, document/literal.

    POST /v2_0/receiver/parts
    <soapenv:Body>
      <bm:getParts xmlns:bm="http://xmlns.oracle.com/cpqcloud/parts"><bm:Parts>
        <bm:criteria><bm:field>part_number</bm:field><bm:value>PUMP-100</bm:value><bm:comparator>=</bm:comparator></bm:criteria>
      </bm:Parts></bm:getParts>
    </soapenv:Body>

The local name of the Body's first child is the operation. addParts, updateParts and modifyParts hold each_record,
getParts and deleteParts hold criteria. Names below the operation are matched by their local part. In version 1.0, which
has one address, any operation of any service may come.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from records.shapes.criteria import Comparator, Criterion
from records.shapes.problems import Family, Problem, ProblemError, invalid
from records.shapes.resources import Resource
from records.shapes.values import Values, quoted
from webservices.wire.dialects.oracle.context import OracleContext, OracleSettings
from webservices.wire.dialects.oracle.headers import Version, is_ours, understood
from webservices.wire.dialects.oracle.names import (
    BY_CRITERIA,
    COMPARATORS,
    CRITERION,
    NAMED_TO_REMOVE,
    RECORD,
    field_name,
    name_of_field,
    operation_name,
    wrapper,
)
from webservices.wire.dialects.oracle.records import record_reader
from webservices.wire.dialects.oracle.security import read_special
from webservices.wire.messages import Call, Records, RequestError, WireRequest
from webservices.wire.operations import Kind, Operation, Operations, Verb
from webservices.wire.soap.envelope import Envelope
from webservices.wire.soap.options import read_options
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.parsing import refused

ONLY = (CRITERION, RECORD)


def read_version(version: Version, request: WireRequest, operations: Operations, settings: OracleSettings) -> Call:
    """A request of one version as a Call; raises RequestError for what cannot be one."""
    envelope = Envelope(request.body, request.headers.get("content-type", ""))
    context, operation = OracleContext(envelope.version), None
    try:
        service, known = _known_here(version, request.path, operations)
        context = replace(context, plural=service)
        try:
            envelope.open()
        finally:
            context = replace(context, version=envelope.version)
        if is_ours(envelope.operation.namespace):
            context = replace(context, namespace=envelope.operation.namespace)
        envelope.check_understood(understood)
        operation = _operation(envelope, known)
        envelope.check_action(request.headers, known)
        context = replace(context, plural=operation.resource.plural)
        call = Call(
            operation,
            options=read_options(envelope.blocks, request.headers),
            credentials=version.read_credentials(envelope.blocks),
            context=context,
        )
        if operation.kind is Kind.ACTION:
            return read_special(call, envelope.records(1))
        if operation.verb in BY_CRITERIA:
            return _with_criteria(call, envelope, settings)
    except ProblemError as refusal:
        raise RequestError(context, refusal.problem, operation) from None
    return replace(call, records=Records(_records(call, envelope)))


def _known_here(version: Version, path: str, operations: Operations) -> tuple[str, Mapping[str, Operation]]:
    """The resource that the address names, by its plural, and the operations of this address by name."""
    offered = (operation for operation in operations if operation.resource.plural in version.services)
    if not version.service_in_path:
        return "", {operation_name(operation): operation for operation in offered}
    service = path.rstrip("/").rpartition("/")[2]
    plural = next((plural for plural, name in version.services.items() if name == service), "")
    known = {operation_name(operation): operation for operation in offered if operation.resource.plural == plural}
    if not known:
        services = ", ".join(version.services.values())
        raise _unknown(f"There is no service {quoted(service)} here; the services are: {services}.")
    return plural, known


def _unknown(sentence: str) -> ProblemError:
    return ProblemError(Problem("unknown-operation", Family.UNKNOWN_OPERATION, sentence))


def _operation(envelope: Envelope, known: Mapping[str, Operation]) -> Operation:
    element = envelope.operation
    names = ", ".join(known)
    if element.name not in known:
        raise _unknown(f"{quoted(element.name)} is no operation of this address; its operations are {names}.")
    if element.namespace and not is_ours(element.namespace):
        raise _unknown(f"{element.name} is not known in the namespace {quoted(element.namespace)}.")
    return known[element.name]


def _records(call: Call, envelope: Envelope) -> Iterator[Values]:
    resource = call.operation.resource
    read, found = record_reader(resource), False
    try:
        for node in envelope.records(2, (wrapper(resource.plural),)):
            _check_name(node, RECORD, call.operation)
            found = True
            yield read(node)
        if not found:
            name = operation_name(call.operation)
            raise refused("no-record", f"{name} has no {RECORD} in {wrapper(resource.plural)}.")
    except ProblemError as refusal:
        raise RequestError(call.context, refusal.problem, call.operation) from None


def _check_name(node: Node, name: str, operation: Operation) -> None:
    if node.name != name:
        asked, parent = operation_name(operation), wrapper(operation.resource.plural)
        raise refused("unknown-element", f"{asked} takes {name} in {parent}, not {quoted(node.name)}.")


def _with_criteria(call: Call, envelope: Envelope, settings: OracleSettings) -> Call:
    resource = call.operation.resource
    criteria = []
    for node in envelope.records(2, (wrapper(resource.plural),)):
        _check_name(node, CRITERION, call.operation)
        criteria.append(_criterion(resource, node))
        if len(criteria) > settings.criteria_limit:
            raise ProblemError(
                invalid(f"A call may have at most {settings.criteria_limit} {CRITERION}.", code="too-many")
            )
    if call.operation.verb is Verb.FIND:
        return replace(call, criteria=tuple(criteria), limit=settings.get_limit)
    if settings.delete_needs_key:
        _check_named(call.operation, criteria)
    return replace(call, criteria=tuple(criteria))


def _check_named(operation: Operation, criteria: Sequence[Criterion]) -> None:
    """Refuses a removal that does not name its records: whole tables are removed by no slip."""
    resource = operation.resource
    sets = NAMED_TO_REMOVE.get(resource.plural, (resource.key,))
    named = {criterion.path[0] for criterion in criteria if _names_records(criterion)}
    if not any(named.issuperset(each) for each in sets):
        ways = [" and ".join(field_name(resource.name, name) for name in each) for each in sets]
        what = f"a {CRITERION}" if len(sets[0]) == 1 else CRITERION
        text = f"{operation_name(operation)} needs {what} on {' or on '.join(ways)} with = or IN and a value."
        raise ProblemError(Problem("needs-a-key", Family.MISSING, text))


def _names_records(criterion: Criterion) -> bool:
    return criterion.comparator in (Comparator.EQUAL, Comparator.IN) and any(map(str.strip, criterion.values))


def _criterion(resource: Resource, node: Node) -> Criterion:
    texts = {"field": "", "value": "", "comparator": ""}
    for child in node.children:
        if child.name not in texts or child.children:
            raise refused("unknown-element", f"{CRITERION} holds {', '.join(texts)}, not {quoted(child.name)}.")
        texts[child.name] = child.text
    spelled, asked = texts["field"].strip(), texts["comparator"].strip()
    name, *key = spelled.split(".")
    if not name:
        raise refused("no-field", f"A {CRITERION} has no field.")
    comparator = COMPARATORS.get(asked.lower())
    if comparator is None:
        raise ProblemError(
            invalid(f"{quoted(asked)} is no comparator; they are {'  '.join(Comparator)}.", code="comparator")
        )
    values = texts["value"].split(",") if comparator is Comparator.IN else [texts["value"]]
    return Criterion((name_of_field(resource, name), *key), comparator, tuple(map(str.strip, values)))
