"""
The bodies of REST requests, in XML and in JSON, both ways.

    <PartRequest xmlns="http://ecosys.net/api/Part">          {"PartList": [{"PartID": "PUMP-100", "Units": 2}]}
      <Part><PartID>PUMP-100</PartID><Units>2</Units></Part>
    </PartRequest>

In JSON the list is called after the kind of record; the API's own name is taken too, and a single object for a list of
one, as programs write it that make JSON of XML. PartKey is taken for Part.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from records.shapes.problems import Family, Problem, ProblemError, malformed_error
from records.shapes.resources import Resource
from records.shapes.values import Values, quote_text
from webservices.wire.dialects.ecosys.columns import get_columns
from webservices.wire.dialects.ecosys.context import RestContext
from webservices.wire.dialects.ecosys.names import REST_JSON_PATH, REST_XML_PATH, list_name, namespace
from webservices.wire.dialects.ecosys.values import read_json_object, read_xml_object, sent_members, write_sent_xml
from webservices.wire.json import Json, read_json, write_json
from webservices.wire.messages import DialectSettings, WireRequest
from webservices.wire.soap.envelope import parameters
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.parsing import Allowance, parse
from webservices.wire.xml.writing import Markup, document, element


@dataclass(frozen=True)
class BodyFormat:
    """
    XML or JSON.

    path   the address under which its APIs are
    read   reads the objects of a request's body, one after the other; raises ProblemError
    write  writes a body of objects
    """

    media: str
    path: str
    content_type: str
    read: Callable[[WireRequest, RestContext, Resource, DialectSettings], Iterator[Values]]
    write: Callable[[Sequence[Values], RestContext, Resource], bytes]


def _read_xml(
    request: WireRequest, context: RestContext, resource: Resource, settings: DialectSettings
) -> Iterator[Values]:
    api, columns = context.api, get_columns(context, resource)
    for node in _parse_objects(request, f"{api.name}Request", settings):
        if node.name not in (api.name, f"{api.name}Key"):
            raise malformed_error(
                "unknown-element", f"{api.name}Request holds {api.name}, not {quote_text(node.name)}."
            )
        yield read_xml_object(columns, node)


def _parse_objects(request: WireRequest, root_name: str, settings: DialectSettings) -> Iterator[Node]:
    """Parse the children of the root, each complete, one by one as they are needed."""
    if not request.body.strip():
        raise malformed_error("empty-body", "The request has no body.")
    allowance = Allowance.for_site(settings)
    allowance.begin_record()
    for starts, node, depth in parse(request.body, _charset(request), allowance):
        if depth == 1 and starts:
            if node.name != root_name:
                raise malformed_error("unknown-element", f"The body is a {root_name}, not {quote_text(node.name)}.")
        elif depth == 2 and not starts:
            node.forget_earlier()  # a body may have more objects than fit into memory
            yield node
            allowance.begin_record()


def _charset(request: WireRequest) -> str:
    return parameters(request.headers.get("content-type", "")).get("charset", "")


def _write_xml(records: Sequence[Values], context: RestContext, resource: Resource) -> bytes:
    api, columns = context.api, get_columns(context, resource)
    objects = Markup("".join(write_sent_xml(columns, api.name, record) for record in records))
    return document(element(f"{api.name}Request", objects, attributes={"xmlns": namespace(api)}))


def _read_json(
    request: WireRequest, context: RestContext, resource: Resource, settings: DialectSettings
) -> Iterator[Values]:
    columns, api = get_columns(context, resource), context.api
    name = list_name(resource.plural)
    found = read_json(request.body, settings.body_limit)
    for number, each in enumerate(_find_objects(found, (name, f"{api.name}List")), 1):
        if not isinstance(each, dict):
            raise _wrong_shape(f"Object {number} of {name} is no object.")
        yield read_json_object(columns, each)


def _find_objects(body: Json, names: Sequence[str]) -> list[Json]:
    """Return the one member of the body, a list or an object, called by one of the names; raises ProblemError."""
    if isinstance(body, dict) and len(body) == 1:
        [(name, found)] = body.items()
        if name in names and isinstance(found, list | dict):
            return found if isinstance(found, list) else [found]
    raise _wrong_shape(f'The body is an object with one list, {{"{names[0]}": [...]}}.')


def _wrong_shape(sentence: str) -> ProblemError:
    return ProblemError(Problem("wrong-shape", Family.MALFORMED, sentence))


def _write_json(records: Sequence[Values], context: RestContext, resource: Resource) -> bytes:
    columns = get_columns(context, resource)
    return write_json({list_name(resource.plural): [sent_members(columns, record) for record in records]}).encode()


XML = BodyFormat("xml", REST_XML_PATH, "application/xml; charset=UTF-8", _read_xml, _write_xml)
JSON = BodyFormat("json", REST_JSON_PATH, "application/json", _read_json, _write_json)
