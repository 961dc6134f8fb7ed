"""
CRM-service answers.

    <tns:createProductResponse xmlns:tns="https://crmservice.fi/CrmIntegrationWebservice" …>
      <createProductReturn xsi:type="tns:Product"><id xsi:type="xsd:int">77</id>…</createProductReturn>
    </tns:createProductResponse>

    <soapenv:Fault>
      <faultcode>soapenv:Client.InvalidSession</faultcode>
      <faultstring>This session is not known, or it has ended: call createSession again.</faultstring>
    </soapenv:Fault>

Every problem is a fault, but for the records of bulkEntitySave: it answers those that were saved, and the header
X-Problems says why others were not.
"""

from collections.abc import Callable, Mapping, Sequence

from records.shapes.problems import Family, Problem
from webservices.wire.dialects.crm.bulk import write_outcomes, write_problems
from webservices.wire.dialects.crm.codes import NOT_FOUND, build_sentence, find_fault_code
from webservices.wire.dialects.crm.context import CrmContext
from webservices.wire.dialects.crm.fields import crm_fields
from webservices.wire.dialects.crm.methods import MethodKind
from webservices.wire.dialects.crm.names import PREFIX, TYPES, spell
from webservices.wire.dialects.crm.request import namespace_attributes
from webservices.wire.dialects.crm.values import ITEM, array_element, nil_element, typed_element, write_record
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.soap.envelope import VERSION_MISMATCH, write_envelope
from webservices.wire.soap.faults import Fault, fault_of_envelope, write_fault
from webservices.wire.soap.versions import SOAP_11
from webservices.wire.xml.writing import Markup, element

CONVERTERS = {"crm_fields": crm_fields}  # of records that this wire words differently than the hub


def write(answer: Answer | Failure, context: CrmContext) -> WireResponse:
    """Write an answer as bytes: the return value of its method, or a fault."""
    if isinstance(answer, Failure):
        return _write_fault(answer.problems, context, _plural(answer), answer.retry_after)
    is_bulk = context.method.kind is MethodKind.BULK
    if _has_failed(answer) and (context.settings.answer_failed or not is_bulk):
        problems = [problem for outcome in answer.outcomes for problem in outcome.problems]
        return _write_fault(problems, context, _plural(answer))
    # A get is a find by id: to the core it is no failure when nothing is found, on this wire it is a fault.
    if context.method.kind is MethodKind.GET and not answer.records:
        return _write_fault([_not_found(answer, context)], context, _plural(answer))
    name = context.method.name
    content = _WRITERS[context.method.kind](answer, context, f"{name}Return")
    body = element(f"{PREFIX}:{name}Response", content, attributes=namespace_attributes(context.settings.use))
    reasons = write_problems(answer.operation.resource, answer.outcomes) if is_bulk else ""
    headers = {"X-Problems": reasons} if reasons else {}
    return WireResponse(200, write_envelope(body, SOAP_11), SOAP_11.content_type, headers)


def _has_failed(answer: Answer) -> bool:
    """True if nothing came of a write."""
    return bool(answer.outcomes) and all(outcome.failed for outcome in answer.outcomes)


def _plural(answer: Answer | Failure) -> str:
    return answer.operation.resource.plural if answer.operation else ""


def _not_found(answer: Answer, context: CrmContext) -> Problem:
    text = f"There is no {answer.operation.resource.label.lower()} with {{field}} {context.requested_id}."
    return Problem(NOT_FOUND, Family.NOT_FOUND, text, ("id",))


def _write_array(answer: Answer, context: CrmContext, name: str) -> Markup:
    resource = answer.operation.resource
    convert = CONVERTERS.get(resource.plural)
    records = convert(answer.records, context.settings) if convert else answer.records
    items = [write_record(resource, record, context.settings, ITEM) for record in records]
    return array_element(name, TYPES[resource.plural], items)


def _write_record(answer: Answer, context: CrmContext, name: str) -> Markup:
    """Write the record, or nil where there is none: after a dry run and after a deletion."""
    record = next(iter(answer.records), None)
    return write_record(answer.operation.resource, record, context.settings, name) if record else nil_element(name)


def _write_outcomes(answer: Answer, context: CrmContext, name: str) -> Markup:
    with_failed = context.settings.answer_failed
    entries = write_outcomes(answer.operation.resource, answer.outcomes, with_failed=with_failed)
    return typed_element(name, "xsd:string", entries)


def _write_action(answer: Answer, context: CrmContext, name: str) -> Markup:
    """Write the result of an action: an array, a struct, or true where it has nothing to say."""
    answer_type = context.method.answer
    if answer_type == "xsd:boolean":
        return typed_element(name, answer_type, "1")
    return (_write_record if answer_type in TYPES.values() else _write_array)(answer, context, name)


_WRITERS: Mapping[MethodKind, Callable[[Answer, CrmContext, str], Markup]] = {
    MethodKind.SEARCH: _write_array,
    MethodKind.GET: _write_record,
    MethodKind.RECORD: _write_record,
    MethodKind.DELETE: _write_record,
    MethodKind.BULK: _write_outcomes,
    MethodKind.ACTION: _write_action,
}


def _write_fault(
    problems: Sequence[Problem], context: CrmContext, plural: str, retry_after: int | None = None
) -> WireResponse:
    first = problems[0]
    sentences = (build_sentence(problem, lambda path: spell(plural, path)) for problem in problems)
    reason = " ".join(dict.fromkeys(sentences))
    if first.code == VERSION_MISMATCH:
        fault = Fault("VersionMismatch", reason)  # without the block Upgrade, which would offer SOAP 1.2
    else:
        fault = fault_of_envelope(first, reason, SOAP_11) or Fault(find_fault_code(first, context.method), reason)
    status, body = write_fault(fault, SOAP_11)
    headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
    return WireResponse(status, body, SOAP_11.content_type, headers)
