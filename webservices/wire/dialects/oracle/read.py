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

from collections.abc import Iterator, Mapping
from functools import lru_cache

from records.shapes.copying import replace
from records.shapes.problems import Family, Problem, ProblemError, malformed_error
from records.shapes.values import Values, quote_text
from webservices.wire.dialects.oracle.context import OracleContext, OracleSettings
from webservices.wire.dialects.oracle.criteria import check_removal, read_criteria
from webservices.wire.dialects.oracle.headers import Version, is_ours, is_understood
from webservices.wire.dialects.oracle.names import (
    BY_CRITERIA,
    CRITERION,
    RECORD,
    STAMPS,
    has_name,
    operation_name,
    wrapper,
)
from webservices.wire.dialects.oracle.security import read_action
from webservices.wire.dialects.oracle.values import record_reader
from webservices.wire.messages import Call, Records, RequestError, WireRequest
from webservices.wire.operations import Kind, Operation, Operations, Verb
from webservices.wire.soap.envelope import Envelope
from webservices.wire.soap.options import read_options
from webservices.wire.xml.nodes import Node


def read_version(version: Version, request: WireRequest, operations: Operations, settings: OracleSettings) -> Call:
    """Return the Call of a request of one version; raises RequestError for what cannot be one."""
    # The context grows as more of the message is known, so that even a failure halfway is answered in kind.
    envelope = Envelope(request.body, request.headers.get("content-type", ""), settings=settings)
    context, operation = OracleContext(envelope.version), None
    try:
        plural, known = _operations_at(version, request.path, operations)
        context = replace(context, plural=plural)
        try:
            envelope.open()
        finally:
            # A message of SOAP 1.2 that fails here gets a fault of SOAP 1.2.
            context = replace(context, version=envelope.version)
        if is_ours(envelope.operation.namespace):
            context = replace(context, namespace=envelope.operation.namespace)
        envelope.check_understood(is_understood)
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
            return read_action(call, envelope.records(1))
        if operation.verb in BY_CRITERIA:
            return _read_criteria(call, envelope, settings)
    except ProblemError as refusal:
        raise RequestError(context, refusal.problem, operation) from None
    # Records are parsed when they are first looked at, which is when the caller is known: strangers cost no time.
    return replace(call, records=Records(_records(call, envelope)))


def _operations_at(version: Version, path: str, operations: Operations) -> tuple[str, Mapping[str, Operation]]:
    """
    Return the resource that a path names, by its plural, and the operations of this address by name.

    Raises ProblemError where there is no such service. In version 1.0 the path names none: the plural is "".
    """
    plural = ""
    if version.service_in_path:
        service = path.rstrip("/").rpartition("/")[2]
        plural = next((plural for plural, name in version.services.items() if name == service), "")
    known = _known_operations(version, plural, operations)
    if not known:
        services = ", ".join(version.services.values())
        raise _unknown(f"There is no service {quote_text(service)} here; the services are: {services}.")
    return plural, known


@lru_cache(maxsize=64)
def _known_operations(version: Version, plural: str, operations: Operations) -> Mapping[str, Operation]:
    """Return the operations of one service by name, or of all where none is named and one address has all."""
    names = {plural} if version.service_in_path else version.services.keys()
    known = (each for each in operations if each.resource.plural in names and has_name(each))
    return {operation_name(each): each for each in known}


def _unknown(sentence: str) -> ProblemError:
    return ProblemError(Problem("unknown-operation", Family.UNKNOWN_OPERATION, sentence))


def _operation(envelope: Envelope, known: Mapping[str, Operation]) -> Operation:
    element = envelope.operation
    names = ", ".join(known)
    if element.name not in known:
        raise _unknown(f"{quote_text(element.name)} is no operation of this address; its operations are {names}.")
    # Clients of every age send one namespace or another, and some none; one of somebody else's is another operation.
    if element.namespace and not is_ours(element.namespace):
        raise _unknown(f"{element.name} is not known in the namespace {quote_text(element.namespace)}.")
    return known[element.name]


def _records(call: Call, envelope: Envelope) -> Iterator[Values]:
    resource = call.operation.resource
    read, is_empty = record_reader(resource), True
    try:
        for node in _children(envelope, call.operation, RECORD):
            is_empty = False
            yield read(node)
        # Only now can it be told: the records have come as a stream.
        if is_empty:
            name = operation_name(call.operation)
            raise malformed_error("no-record", f"{name} has no {RECORD} in {wrapper(resource.plural)}.")
    except ProblemError as refusal:
        # Whoever looks at the records is far from here, and needs to know how to answer.
        raise RequestError(call.context, refusal.problem, call.operation) from None


def _read_criteria(call: Call, envelope: Envelope, settings: OracleSettings) -> Call:
    """The call with its criteria, which are few: they are read at once, records only when the caller is known."""
    operation = call.operation
    nodes = _children(envelope, operation, CRITERION)
    criteria = tuple(read_criteria(operation.resource, nodes, settings))
    if operation.verb is Verb.FIND:
        stamps = STAMPS.get(operation.resource.name, {}).keys() & {each.path[0] for each in criteria}
        call = replace(call, context=replace(call.context, stamps=bool(stamps)))
        return replace(call, criteria=criteria, limit=settings.get_limit, streamable=True)
    if settings.delete_needs_key:
        check_removal(operation, criteria)
    return replace(call, criteria=criteria)


def _children(envelope: Envelope, operation: Operation, name: str) -> Iterator[Node]:
    """The children of the wrapper; raises ProblemError for one that has another name."""
    parent = wrapper(operation.resource.plural)
    for node in envelope.records(2, (parent,)):
        if node.name != name:
            text = f"{operation_name(operation)} takes {name} in {parent}, not {quote_text(node.name)}."
            raise malformed_error("unknown-element", text)
        yield node
