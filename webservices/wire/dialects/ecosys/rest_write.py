"""
EcoSys answers over REST.

    <PartResult xmlns="http://ecosys.net/api/Part" successFlag="true">        {"PartList": [{…}],
      <Part>…</Part>                                                          "nextPage": "https://…"}
      <nextPage><![CDATA[https://…?_pageId=…&_startRow=101&_count=100]]></nextPage>
    </PartResult>

    <PartResult xmlns="http://ecosys.net/api/Part" successFlag="true">        {"Result": {"successFlag": true,
      <ObjectResult index="0" successFlag="false" …/>                           "ObjectResult": [{"index": 0, …}]}}
    </PartResult>

The flag of a Result is that of the call, whatever became of its objects. A call that fails as a whole has its HTTP
status (or 200, where the site says so), and a sentence:

    <PartResult … successFlag="false"><PartError>…</PartError></PartResult>   {"Result": {"successFlag": false},
                                                                               "PartError": "…"}
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from urllib.parse import urlencode

from records.shapes.problems import Family, Problem
from webservices.wire.dialects.ecosys.codes import UNKNOWN_METHOD, find_status
from webservices.wire.dialects.ecosys.columns import get_columns
from webservices.wire.dialects.ecosys.context import EcoSysContext, RestContext
from webservices.wire.dialects.ecosys.names import EVENT_METHOD, METHODS, NAMESPACE, SUCCESS, error_name, list_name
from webservices.wire.dialects.ecosys.rest_bodies import JSON, BodyFormat
from webservices.wire.dialects.ecosys.rest_read import COUNT, PAGE, START
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
from webservices.wire.dialects.ecosys.values import json_block_writer, json_writer
from webservices.wire.dialects.ecosys.write import add_frame, write_objects
from webservices.wire.json import Json, write_json
from webservices.wire.messages import Answer, Failure, WireResponse
from webservices.wire.operations import Kind
from webservices.wire.query_string import cursor_after
from webservices.wire.streaming import build_response, write_records
from webservices.wire.xml.writing import Markup, document_texts, element, element_texts

ATTRIBUTE_NAMES: Mapping[str, str] = {"level": "Level", "reason": "ReasonCode"}


def write_rest(form: BodyFormat, answer: Answer | Failure, context: RestContext) -> WireResponse:
    """Write an answer as bytes; a list that was read comes piece by piece."""
    if isinstance(answer, Failure):
        return _write_failure(form, answer, context)
    if failure := find_event_failure(answer, context):
        return _write_failure(form, failure, context)
    texts = _BODIES[form.media, answer.operation.kind](answer, context)
    return build_response(answer, texts, form.content_type, cookie_headers(answer, context))


def _write_found_xml(answer: Answer, context: RestContext) -> Iterator[str]:
    address = next_page(answer, context)
    # In CDATA, as the vendor's own answers have it: an address is full of ampersands.
    # It cannot end the CDATA: path and query are percent-encoded.
    next_page_element = [element("nextPage", Markup(f"<![CDATA[{address}]]>"))] if address else []
    content = add_frame(write_objects(answer, context, ATTRIBUTE_NAMES), answer, context)
    return _write_result(chain(content, next_page_element), context)


def _write_results_xml(answer: Answer, context: RestContext) -> Iterator[str]:
    objects = write_objects(answer, context, ATTRIBUTE_NAMES, captions=True)
    return _write_result(add_frame(objects, answer, context), context)


def _write_result(content: Iterable[Markup], context: RestContext, *, success: bool = True) -> Iterator[str]:
    """Write the document of a Result, which is named as the caller named the API, published or not."""
    attributes = {"xmlns": NAMESPACE + context.name, SUCCESS: "true" if success else "false"}
    return document_texts(element_texts(f"{context.name}Result", content, attributes))


def _write_found_json(answer: Answer, context: RestContext) -> Iterator[str]:
    resource = answer.operation.resource
    columns = get_columns(context, resource)
    yield f"{{{write_json(list_name(resource.plural))}:["
    yield from write_records(answer.records, json_writer(columns), json_block_writer(columns), ",")
    address = next_page(answer, context)
    members = _build_frame(answer, context) | ({"nextPage": address} if address else {})
    yield "]" + "".join(f",{write_json(name)}:{write_json(value)}" for name, value in members.items()) + "}"


def _write_results_json(answer: Answer, context: RestContext) -> Iterator[str]:
    resource = answer.operation.resource
    columns = get_columns(context, resource)
    objects = [_build_result(each, caption_key(each, columns, resource)) for each in results(answer, context)]
    yield write_json({"Result": {SUCCESS: True, "ObjectResult": objects, **_build_frame(answer, context)}})


def _write_event_xml(answer: Answer, context: RestContext) -> Iterator[str]:
    return _write_result(add_frame((), answer, context), context)


def _write_event_json(answer: Answer, context: RestContext) -> Iterator[str]:
    yield write_json({"Result": {SUCCESS: True, **_build_frame(answer, context)}})


def _build_result(result: ObjectResult, key: str) -> dict[str, object]:
    members: dict[str, object] = {
        "index": result.index,
        SUCCESS: result.success,
        "internalId": result.internal_id,
        "externalId": result.external_id,
    }
    if result.messages:
        members["ResultMessage"] = [
            {
                ATTRIBUTE_NAMES["level"]: message.level,
                **({ATTRIBUTE_NAMES["reason"]: message.reason} if message.reason else {}),
                "KeyName": key,
                "Message": message.text,
            }
            for message in result.messages
        ]
    return members


def _build_frame(answer: Answer, context: EcoSysContext) -> dict[str, Json]:
    """Build the members Meta and Performance, if they are asked for."""
    if not context.meta:
        return {}
    frame: dict[str, Json] = {}
    if answer.operation.kind is not Kind.TRIGGER:
        frame["Meta"] = {name: int(text) for name, text in meta_texts(answer, context).items()}
    if seconds := performance_texts(answer):
        frame["Performance"] = {**seconds}
    return frame


_BODIES: Mapping[tuple[str, Kind], Callable[[Answer, RestContext], Iterator[str]]] = {
    ("xml", Kind.SEARCH): _write_found_xml,
    ("xml", Kind.WRITE): _write_results_xml,
    ("xml", Kind.TRIGGER): _write_event_xml,
    ("json", Kind.TRIGGER): _write_event_json,
    ("json", Kind.SEARCH): _write_found_json,
    ("json", Kind.WRITE): _write_results_json,
}


def next_page(answer: Answer, context: RestContext) -> str:
    """Return the address of the page that follows; "" after the last one."""
    records = answer.records
    if not answer.cut or not isinstance(records, tuple) or not records:  # a Stream has all records: nothing follows
        return ""
    after = cursor_after(answer.operation.resource, records[-1])
    start = context.start_row + len(records)
    query = [*context.query, (PAGE, after), (START, str(start)), (COUNT, str(context.page_size))]
    return f"{context.address}?{urlencode(query)}"


def _write_failure(form: BodyFormat, failure: Failure, context: RestContext) -> WireResponse:
    problem, sentence = failure.problems[0], failure_sentence(failure, context)
    name = error_name(context.name)
    if form is JSON:
        body = write_json({"Result": {SUCCESS: False}, name: sentence})
    else:
        body = "".join(_write_result([element(name, sentence)], context, success=False))
    headers = {"WWW-Authenticate": CHALLENGE} if problem.family is Family.UNAUTHENTICATED else {}
    if failure.retry_after is not None:
        headers["Retry-After"] = str(failure.retry_after)
    if problem.code == UNKNOWN_METHOD:
        headers["Allow"] = EVENT_METHOD if context.api.event is not None else ", ".join(METHODS)
    return WireResponse(_find_status(problem, context), body.encode(), form.content_type, headers)


def _find_status(problem: Problem, context: RestContext) -> int:
    # Without HTTP's own 401 no client would ever send its credentials.
    if context.error_status is None or problem.family is Family.UNAUTHENTICATED:
        return find_status(problem)
    return context.error_status
