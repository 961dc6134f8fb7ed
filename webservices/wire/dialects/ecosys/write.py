"""
EcoSys answers over SOAP.

    <ns1:PartWriteResponseElement xmlns:ns1="http://ecosys.net/api/Part">
      <Meta><ObjectCount>2</ObjectCount><AttributeCount>15</AttributeCount></Meta>
      <ObjectResult index="0" successFlag="true" internalId="53377" externalId="PUMP-100"/>
      <ObjectResult index="1" successFlag="false" internalId="" externalId="PUMP-200">…</ObjectResult>
      <Performance><ElapsedSeconds>0.031</ElapsedSeconds>…</Performance>
    </ns1:PartWriteResponseElement>

A read answers PartReadResponseElement with a Part each. Records that fail fail alone, be it all of them; a call that
fails as a whole is a fault. Meta and Performance come when they are asked for. What is written comes bit by bit, as a
read may find many objects.
"""

from collections.abc import Iterable, Iterator, Mapping

from records.shapes.problems import Family
from webservices.wire.dialects.ecosys.columns import columns_of
from webservices.wire.dialects.ecosys.context import EcoSysContext, SoapContext
from webservices.wire.dialects.ecosys.names import FAMILIES, namespace, response_element
from webservices.wire.dialects.ecosys.objects_xml import found_object
from webservices.wire.dialects.ecosys.results import (
    CHALLENGE,
    ObjectResult,
    captioned,
    cookie,
    failure_sentence,
    meta,
    performance,
    results,
)
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.operations import Kind
from webservices.wire.soap.envelope import MUST_UNDERSTAND, VERSION_MISMATCH, envelope_texts
from webservices.wire.soap.faults import Fault, must_understand, version_mismatch, write_fault
from webservices.wire.soap.versions import SOAP_11, SOAP_12
from webservices.wire.streaming import response_of
from webservices.wire.xml.writing import Markup, element, enclosed, join

PREFIX = "ns1"
BLAMED = {
    SOAP_11: {"Client": "Client", "Server": "Server"},
    SOAP_12: {"Client": "Sender", "Server": "Receiver"},
}


def write(answer: Answer | Failure, context: SoapContext) -> WireResponse:
    """An answer as bytes, in the envelope of its request."""
    if isinstance(answer, Failure):
        return _fault(answer, context)
    body = enclosed(
        f"{PREFIX}:{response_element(context.api, answer.operation.verb)}",
        framed(objects(answer, context, SPELLED), answer, context),
        {f"xmlns:{PREFIX}": namespace(context.api)},
    )
    return response_of(
        answer, envelope_texts(body, context.version), context.version.content_type, cookie(answer, context)
    )


SPELLED: Mapping[str, str] = {"level": "level", "reason": "reasonCode"}  # the attributes of a ResultMessage


def objects(
    answer: Answer, context: EcoSysContext, names: Mapping[str, str], *, captions: bool = False
) -> Iterator[Markup]:
    """
    The objects that were found, or one ObjectResult for each that was to be written.

    names     of the attributes of a ResultMessage, which SOAP and REST spell differently
    captions  whether KeyName has the key's caption beside it, as over REST
    """
    resource = answer.operation.resource
    columns = columns_of(context, resource)
    if answer.operation.kind is Kind.SEARCH:
        for record in answer.records:
            yield found_object(columns, context.api.name, record)
    for result in results(answer, context):
        key = captioned(result, columns, resource) if captions else result.external_id
        yield _result(result, names, key)


def _result(result: ObjectResult, names: Mapping[str, str], key: str) -> Markup:
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
        "successFlag": "true" if result.success else "false",
        "internalId": result.internal_id,
        "externalId": result.external_id,
    }
    return element("ObjectResult", *messages, attributes=attributes)


def framed(content: Iterable[Markup], answer: Answer, context: EcoSysContext) -> Iterator[Markup]:
    """The content between Meta and Performance, if these are asked for."""
    if context.meta:
        yield _named("Meta", meta(answer, context))
    yield from content
    if context.meta and (took := performance(answer)):
        yield _named("Performance", took)


def _named(name: str, texts: Mapping[str, str]) -> Markup:
    return element(name, join(element(each, text) for each, text in texts.items()))


def _fault(failure: Failure, context: SoapContext) -> WireResponse:
    problem, sentence = failure.problems[0], failure_sentence(failure, context)
    if problem.code == VERSION_MISMATCH:
        fault = version_mismatch(sentence)
    elif problem.code == MUST_UNDERSTAND:
        fault = must_understand(sentence, problem.path, context.version)
    else:
        fault = Fault(BLAMED[context.version][FAMILIES[problem.family].blame], sentence)
    status, body = write_fault(fault, context.version)
    headers = {"Retry-After": str(failure.retry_after)} if failure.retry_after is not None else {}
    if problem.family is Family.UNAUTHENTICATED:
        status, headers = 401, {"WWW-Authenticate": CHALLENGE, **headers}
    return WireResponse(status, body, context.version.content_type, headers)
