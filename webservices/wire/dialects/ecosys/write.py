"""
EcoSys answers over SOAP.

    <ns1:PartWriteResponseElement xmlns:ns1="http://ecosys.net/api/Part">
      <Meta><ObjectCount>2</ObjectCount><AttributeCount>15</AttributeCount></Meta>
      <ObjectResult index="0" successFlag="true" internalId="53377" externalId="PUMP-100"/>
      <ObjectResult index="1" successFlag="false" internalId="" externalId="PUMP-200">…</ObjectResult>
      <Performance><ElapsedSeconds>0.031</ElapsedSeconds>…</Performance>
    </ns1:PartWriteResponseElement>

A read answers PartReadResponseElement with a Part each. A record that fails fails alone, even if all of them do; a call
that fails as a whole is a fault. An event answers an empty CheckPartsTriggerResponseElement, or a fault. Meta and
Performance come when they are asked for. The content is generated piece by piece, as a read may find many objects.
"""

from collections.abc import Iterable, Iterator, Mapping

from records.shapes.problems import Family
from webservices.wire.dialects.ecosys.codes import FAMILIES
from webservices.wire.dialects.ecosys.columns import get_columns
from webservices.wire.dialects.ecosys.context import EcoSysContext, SoapContext
from webservices.wire.dialects.ecosys.names import SUCCESS, namespace, response_element
from webservices.wire.dialects.ecosys.results import (
    CHALLENGE,
    ObjectResult,
    caption_key,
    cookie_headers,
    failure_sentence,
    find_event_failure,
    meta_texts,
    performance_texts,
    results,
)
from webservices.wire.dialects.ecosys.values import xml_block_writer, xml_writer
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.operations import Kind
from webservices.wire.soap.envelope import envelope_texts
from webservices.wire.soap.faults import Fault, fault_of_envelope, write_fault
from webservices.wire.soap.versions import SOAP_11, SOAP_12
from webservices.wire.streaming import build_response, write_records
from webservices.wire.xml.writing import Markup, element, element_texts, join

PREFIX = "ns1"
FAULT_CODES = {
    SOAP_11: {"Client": "Client", "Server": "Server"},
    SOAP_12: {"Client": "Sender", "Server": "Receiver"},
}


def write(answer: Answer | Failure, context: SoapContext) -> WireResponse:
    """Write an answer as bytes, in the envelope of its request."""
    if isinstance(answer, Failure):
        return _write_fault(answer, context)
    if failure := find_event_failure(answer, context):
        return _write_fault(failure, context)
    body = element_texts(
        f"{PREFIX}:{response_element(context.api, answer.operation.verb)}",
        add_frame(write_objects(answer, context, ATTRIBUTE_NAMES), answer, context),
        {f"xmlns:{PREFIX}": namespace(context.api)},
    )
    return build_response(
        answer, envelope_texts(body, context.version), context.version.content_type, cookie_headers(answer, context)
    )


ATTRIBUTE_NAMES: Mapping[str, str] = {"level": "level", "reason": "reasonCode"}  # the attributes of a ResultMessage


def write_objects(
    answer: Answer, context: EcoSysContext, names: Mapping[str, str], *, captions: bool = False
) -> Iterator[Markup]:
    """
    Write the objects that were found, or one ObjectResult for each that was to be written.

    names     the attributes of a ResultMessage, which SOAP and REST spell differently
    captions  True if KeyName has the key's caption beside it, as over REST
    """
    if answer.operation.kind is Kind.TRIGGER:
        return
    resource = answer.operation.resource
    columns = get_columns(context, resource)
    if answer.operation.kind is Kind.SEARCH:
        name = context.api.name
        yield from map(
            Markup, write_records(answer.records, xml_writer(columns, name), xml_block_writer(columns, name))
        )
    for result in results(answer, context):
        key = caption_key(result, columns, resource) if captions else result.external_id
        yield _write_result(result, names, key)


def _write_result(result: ObjectResult, names: Mapping[str, str], key: str) -> Markup:
    messages = [
        element(
            "ResultMessage",
            element("KeyName", key),
            element("Message", message.text),
            attributes={
                names["level"]: message.level,
                **({names["reason"]: message.reason} if message.reason else {}),
            },
        )
        for message in result.messages
    ]
    attributes = {
        "index": str(result.index),
        SUCCESS: "true" if result.success else "false",
        "internalId": result.internal_id,
        "externalId": result.external_id,
    }
    return element("ObjectResult", *messages, attributes=attributes)


def add_frame(content: Iterable[Markup], answer: Answer, context: EcoSysContext) -> Iterator[Markup]:
    """Put the content between Meta and Performance, if they are asked for; an event has no Meta."""
    if context.meta and answer.operation.kind is not Kind.TRIGGER:
        yield _write_texts("Meta", meta_texts(answer, context))
    yield from content
    # Only now is it known how long the content took.
    if context.meta and (seconds := performance_texts(answer)):
        yield _write_texts("Performance", seconds)


def _write_texts(name: str, texts: Mapping[str, str]) -> Markup:
    return element(name, join(element(each, text) for each, text in texts.items()))


def _write_fault(failure: Failure, context: SoapContext) -> WireResponse:
    problem, sentence = failure.problems[0], failure_sentence(failure, context)
    fault = fault_of_envelope(problem, sentence, context.version)
    if fault is None:
        fault = Fault(FAULT_CODES[context.version][FAMILIES[problem.family].blame], sentence)
    # A fault is HTTP 500 in SOAP 1.1, but without credentials HTTP owes its own 401 and a challenge. Not where the
    # message had them: JAX-WS, .NET and PHP read no fault in the body of a 401, and have nothing else to send.
    status, body = write_fault(fault, context.version)
    headers = {"Retry-After": str(failure.retry_after)} if failure.retry_after is not None else {}
    if problem.family is Family.UNAUTHENTICATED and context.challenges:
        status, headers = 401, {"WWW-Authenticate": CHALLENGE, **headers}
    return WireResponse(status, body, context.version.content_type, headers)
