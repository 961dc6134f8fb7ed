"""
EcoSys answers over REST.

    <PartResult xmlns="http://ecosys.net/api/Part" successFlag="true">        {"PartList": [{…}],
      <Part>…</Part>                                                          "nextPage": "https://…"}
      <nextPage><![CDATA[https://…?_pageId=…&_startRow=101&_count=100]]></nextPage>
    </PartResult>

    <PartResult xmlns="http://ecosys.net/api/Part">                           {"Result": {"ObjectResult": [{"index": 0,
      <ObjectResult index="0" successFlag="true" …/>                            "successFlag": true, …}]}}
    </PartResult>

A call that fails as a whole has its HTTP status, and a sentence:

    <PartResult … successFlag="false"><Message>…</Message></PartResult>       {"Result": {"successFlag": false,
                                                                                "Message": "…"}}
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from urllib.parse import urlencode

from records.shapes.problems import Family
from webservices.wire.dialects.ecosys import objects_json
from webservices.wire.dialects.ecosys.columns import columns_of
from webservices.wire.dialects.ecosys.context import EcoSysContext, RestContext
from webservices.wire.dialects.ecosys.names import list_name, namespace, status_of
from webservices.wire.dialects.ecosys.rest_bodies import JSON, Form
from webservices.wire.dialects.ecosys.rest_read import COUNT, PAGE, START
from webservices.wire.dialects.ecosys.results import (
    CHALLENGE,
    captioned,
    cookie,
    failure_sentence,
    meta,
    performance,
    results,
)
from webservices.wire.dialects.ecosys.write import framed, objects
from webservices.wire.json import Json, write_json
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.operations import Kind
from webservices.wire.query_string import cursor_after
from webservices.wire.streaming import response_of
from webservices.wire.xml.writing import Markup, document_texts, element, enclosed

SPELLED: Mapping[str, str] = {"level": "Level", "reason": "ReasonCode"}


def write_form(form: Form, answer: Answer | Failure, context: EcoSysContext) -> WireResponse:
    """An answer as bytes."""
    if isinstance(answer, Failure):
        return _failed(form, answer, context)
    texts = _BODIES[form.media, answer.operation.kind](answer, context)
    return response_of(answer, texts, form.content_type, cookie(answer, context))


def _found_xml(answer: Answer, context: RestContext) -> Iterator[str]:
    address = next_page(answer, context)
    follows = [element("nextPage", Markup(f"<![CDATA[{address}]]>"))] if address else []
    content = framed(objects(answer, context, SPELLED), answer, context)
    return _xml(chain(content, follows), context, successFlag="true")


def _written_xml(answer: Answer, context: RestContext) -> Iterator[str]:
    return _xml(framed(objects(answer, context, SPELLED, captions=True), answer, context), context)


def _xml(content: Iterable[Markup], context: EcoSysContext, **attributes: str) -> Iterator[str]:
    named = {"xmlns": namespace(context.api)} if context.api else {}
    name = f"{context.api.name}Result" if context.api else "Result"
    return document_texts(enclosed(name, content, {**named, **attributes}))


def _found_json(answer: Answer, context: RestContext) -> Iterator[str]:
    resource = answer.operation.resource
    columns = columns_of(context, resource)
    yield f"{{{write_json(list_name(resource.plural))}:["
    for number, record in enumerate(answer.records):
        yield ("," if number else "") + write_json(objects_json.found_object(columns, record))
    address = next_page(answer, context)
    after = _framed(answer, context) | ({"nextPage": address} if address else {})
    yield "]" + "".join(f",{write_json(name)}:{write_json(value)}" for name, value in after.items()) + "}"


def _written_json(answer: Answer, context: RestContext) -> Iterator[str]:
    resource = answer.operation.resource
    columns = columns_of(context, resource)
    given = []
    for result in results(answer, context):
        key = captioned(result, columns, resource)
        given.append(
            {
                "index": result.index,
                "successFlag": result.success,
                "internalId": result.internal_id,
                "externalId": result.external_id,
            }
        )
        if result.messages:
            given[-1]["ResultMessage"] = [
                {
                    SPELLED["level"]: message.level,
                    **({SPELLED["reason"]: message.reason} if message.reason else {}),
                    "KeyName": key,
                    "Message": message.text,
                }
                for message in result.messages
            ]
    yield write_json({"Result": {"ObjectResult": given, **_framed(answer, context)}})


def _framed(answer: Answer, context: EcoSysContext) -> dict[str, Json]:
    if not context.meta:
        return {}
    took = performance(answer)
    counts: dict[str, Json] = {name: int(text) for name, text in meta(answer, context).items()}
    return {"Meta": counts} | ({"Performance": dict(took)} if took else {})


_BODIES: Mapping[tuple[str, Kind], Callable[[Answer, RestContext], Iterator[str]]] = {
    ("xml", Kind.SEARCH): _found_xml,
    ("xml", Kind.WRITE): _written_xml,
    ("json", Kind.SEARCH): _found_json,
    ("json", Kind.WRITE): _written_json,
}


def next_page(answer: Answer, context: RestContext) -> str:
    """The address of the page that follows; "" after the last one."""
    if not answer.cut or not answer.records:
        return ""
    after = cursor_after(answer.operation.resource, answer.records[-1])
    start = context.start_row + len(answer.records)
    query = [*context.query, (PAGE, after), (START, str(start)), (COUNT, str(context.page))]
    return f"{context.address}?{urlencode(query)}"


def _failed(form: Form, failure: Failure, context: EcoSysContext) -> WireResponse:
    problem, sentence = failure.problems[0], failure_sentence(failure, context)
    if form is JSON:
        body = write_json({"Result": {"successFlag": False, "Message": sentence}})
    else:
        body = "".join(_xml([element("Message", sentence)], context, successFlag="false"))
    headers = {"WWW-Authenticate": CHALLENGE} if problem.family is Family.UNAUTHENTICATED else {}
    if failure.retry_after is not None:
        headers["Retry-After"] = str(failure.retry_after)
    return WireResponse(status_of(problem), body.encode(), form.content_type, headers)
