"""
CRM-service answers.

    <tns:createProductResponse xmlns:tns="https://crmservice.fi/CrmIntegrationWebservice" …>
      <createProductReturn xsi:type="tns:Product"><id xsi:type="xsd:int">77</id>…</createProductReturn>
    </tns:createProductResponse>

    <soapenv:Fault>
      <faultcode>soapenv:Client.InvalidSession</faultcode>
      <faultstring>This session is not known, or it has ended: call createSession again.</faultstring>
    </soapenv:Fault>

Every problem is a fault, but for single records of bulkEntitySave, whose answer says what became of each.
"""

from collections.abc import Callable, Mapping, Sequence

from records.shapes.problems import Family, Problem
from webservices.wire.dialects.crm.bulk import write_outcomes
from webservices.wire.dialects.crm.context import CrmContext
from webservices.wire.dialects.crm.faults import NOT_FOUND, code_of, sentence_of
from webservices.wire.dialects.crm.fields import crm_fields
from webservices.wire.dialects.crm.methods import Form
from webservices.wire.dialects.crm.names import PREFIX, TYPES, spell
from webservices.wire.dialects.crm.records import ITEM, array, nil, typed, write_record
from webservices.wire.dialects.crm.request import declared
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.soap.envelope import MUST_UNDERSTAND, VERSION_MISMATCH, write_envelope
from webservices.wire.soap.faults import Fault, must_understand, write_fault
from webservices.wire.soap.versions import SOAP_11
from webservices.wire.xml.writing import Markup, element

TOLD = {"crm_fields": crm_fields}  # what this wire tells of records that no model keeps


def write(answer: Answer | Failure, context: CrmContext) -> WireResponse:
    """An answer as bytes."""
    if isinstance(answer, Failure):
        return _fault(answer.problems, context, _plural(answer), answer.retry_after)
    if answer.outcomes and all(outcome.failed for outcome in answer.outcomes):
        problems = [problem for outcome in answer.outcomes for problem in outcome.problems]
        return _fault(problems, context, _plural(answer))
    if context.method.form is Form.GET and not answer.records:
        return _fault([_unknown(answer, context)], context, _plural(answer))
    name = context.method.name
    content = _CONTENT[context.method.form](answer, context, f"{name}Return")
    body = element(f"{PREFIX}:{name}Response", content, attributes=declared(context.settings.use))
    return WireResponse(200, write_envelope(body, SOAP_11), SOAP_11.content_type)


def _plural(answer: Answer | Failure) -> str:
    return answer.operation.resource.plural if answer.operation else ""


def _unknown(answer: Answer, context: CrmContext) -> Problem:
    text = f"There is no {answer.operation.resource.label.lower()} with {{field}} {context.asked}."
    return Problem(NOT_FOUND, Family.NOT_FOUND, text, ("id",))


def _found(answer: Answer, context: CrmContext, name: str) -> Markup:
    resource = answer.operation.resource
    records = TOLD[resource.plural](answer.records, context.settings) if resource.plural in TOLD else answer.records
    items = [write_record(resource, record, context.settings, ITEM) for record in records]
    return array(name, TYPES[resource.plural], items)


def _one(answer: Answer, context: CrmContext, name: str) -> Markup:
    """The record, if there is one: after a dry run and after a deletion there is none."""
    record = answer.records[0] if answer.records else {}
    return write_record(answer.operation.resource, record, context.settings, name) if record else nil(name)


def _became(answer: Answer, context: CrmContext, name: str) -> Markup:
    return typed(name, "xsd:string", write_outcomes(answer.operation.resource, answer.outcomes))


def _said(answer: Answer, context: CrmContext, name: str) -> Markup:
    """What a special has to say: an array, a struct, or that it is done."""
    kind = context.method.answer
    if kind == "xsd:boolean":
        return typed(name, kind, "1")
    return (_found if kind not in TYPES.values() else _one)(answer, context, name)


_CONTENT: Mapping[Form, Callable[[Answer, CrmContext, str], Markup]] = {
    Form.SEARCH: _found,
    Form.GET: _one,
    Form.RECORD: _one,
    Form.DELETE: _one,
    Form.BULK: _became,
    Form.ACTION: _said,
}


def _fault(
    problems: Sequence[Problem], context: CrmContext, plural: str, retry_after: int | None = None
) -> WireResponse:
    first = problems[0]
    sentences = (sentence_of(problem, context.method, lambda path: spell(plural, path)) for problem in problems)
    reason = " ".join(dict.fromkeys(sentences))
    if first.code == VERSION_MISMATCH:
        fault = Fault("VersionMismatch", reason)
    elif first.code == MUST_UNDERSTAND:
        fault = must_understand(reason, first.path, SOAP_11)
    else:
        fault = Fault(code_of(first, context.method), reason)
    status, body = write_fault(fault, SOAP_11)
    headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
    return WireResponse(status, body, SOAP_11.content_type, headers)
