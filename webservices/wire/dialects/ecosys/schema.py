"""
The schema of an API, built from its columns: for the WSDL, and as a document for REST XML.

    SOAP   api:PartUpdateRequestElement   PartOptions, PartParameters, Part …     local names in no namespace
           api:PartWriteResponseElement   Meta, ObjectResult …, Performance
           api:PartReadResponseElement    Meta, Part …, Performance
           api:CheckPartsTriggerResponseElement   of an event: Performance
    REST   api:PartRequest                Part … or PartKey …                     all names in the namespace
           api:PartResult                 Meta, Part … or ObjectResult …, Performance, nextPage, PartError
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from records.shapes.fields import Field
from records.shapes.resources import Resource
from webservices.wire.contracts import xsd
from webservices.wire.dialects.ecosys import rest_write, write
from webservices.wire.dialects.ecosys.codes import FAILURE, FAMILIES, WARNING
from webservices.wire.dialects.ecosys.columns import Attribute, Columns, get_columns, row_fields
from webservices.wire.dialects.ecosys.context import EcoSysContext
from webservices.wire.dialects.ecosys.names import (
    SUCCESS,
    error_name,
    list_enabled,
    namespace,
    object_element,
    request_element,
    response_element,
    row_name,
)
from webservices.wire.dialects.ecosys.options import (
    DEBUG,
    INPUT,
    LEVEL,
    LOGOUT,
    META,
    PASSWORD,
    TITLE,
    USERNAME,
)
from webservices.wire.dialects.ecosys.published import LEVELS, Parameter, PublishedApi, column_name
from webservices.wire.messages import CALL_LIMITS
from webservices.wire.operations import WRITES, Action, Operations, Verb
from webservices.wire.xml.writing import NOTHING, Markup, element, join, pretty_document

PREFIX = "api"
OPTIONAL = {"minOccurs": "0"}  # for an element that may be left out
MANY = {"maxOccurs": "unbounded"}
REASONS = tuple(dict.fromkeys(standing.reason for standing in FAMILIES.values()))


def soap_schema(context: EcoSysContext, operations: Operations) -> Markup:
    """Declare the schema inside the WSDL, for the operations that are switched on."""
    api = context.api
    verbs = list_enabled(api)
    elements = [_request(api, verb) for verb in verbs]
    # All writes share one element of an answer: ADD stands for them.
    answered = (Verb.FIND, Verb.ADD) if api.event is None else (api.event,)
    elements += [_response(api, verb) for verb in answered if _has_response(api, verb, verbs)]
    heads = [_options(api), _parameters(api)]
    types = _types(context, operations, write.ATTRIBUTE_NAMES)
    # Over SOAP the wrapper alone is qualified, over REST every element is.
    return xsd.schema(
        PREFIX,
        namespace(api),
        *types,
        *heads,
        *elements,
        elements=xsd.UNQUALIFIED,
        attributes=xsd.UNQUALIFIED,
    )


def _has_response(api: PublishedApi, verb: Verb | Action, verbs: Sequence[Verb | Action]) -> bool:
    return any(response_element(api, each) == response_element(api, verb) for each in verbs)


def rest_schema(context: EcoSysContext, operations: Operations, limits: str = CALL_LIMITS) -> bytes:
    """Write the schema of REST XML, as a document."""
    api = context.api
    flag = _attribute(SUCCESS, "xsd:boolean", default="true")
    whole = xsd.schema(
        PREFIX,
        namespace(api),
        xsd.documentation(limits),
        *_types(context, operations, rest_write.ATTRIBUTE_NAMES),
        NOTHING if api.event is not None else _declare_rest_request(api),
        xsd.sequence(*_declare_result(api), name=f"{api.name}ResultType", attributes=[flag]),
        _typed_element(f"{api.name}Result"),
        attributes=xsd.UNQUALIFIED,
    )
    return pretty_document(whole)


def _declare_rest_request(api: PublishedApi) -> Markup:
    sent = element("xsd:choice", _typed_element(api.name, **MANY), _typed_element(f"{api.name}Key", **MANY))
    return xsd.message_element(PREFIX, f"{api.name}Request", sent)


def _declare_result(api: PublishedApi) -> list[Markup]:
    """Declare the content of a Result: that of an event tells of the call alone."""
    if api.event is not None:
        return [_named_type("Performance"), _text(error_name(api.name))]
    texts = [_text("nextPage"), _text(error_name(api.name))]
    return [_named_type("Meta"), _declare_objects(api), _named_type("Performance"), *texts]


def _types(context: EcoSysContext, operations: Operations, names: Mapping[str, str]) -> list[Markup]:
    """Declare the types that requests and answers share; `names` are the attributes of a ResultMessage."""
    api = context.api
    seconds = [xsd.typed_element(name, "xsd:decimal") for name in ("ElapsedSeconds", "CpuSeconds", "DbSeconds")]
    performance = xsd.sequence(*seconds, name="PerformanceType")
    if api.event is not None:
        return [performance]
    resource = operations.resource(api.plural)
    columns = get_columns(context, resource)
    counts = [xsd.typed_element(name, "xsd:long") for name in ("ObjectCount", "AttributeCount")]
    return [
        xsd.field_types(PREFIX, [*_describe(columns.all, resource), *_describe_key(columns, resource)], STYLE),
        xsd.sequence(*_declare_columns(columns, resource), name=f"{api.name}Type"),
        xsd.sequence(*_declare_key(columns, resource), name=f"{api.name}KeyType"),
        *_result_types(names),
        xsd.sequence(*counts, name="MetaType"),
        performance,
    ]


STYLE = xsd.SchemaStyle(
    PREFIX,
    lambda field: field.name,
    lambda field: row_name(field.child),
    lambda field: [replace(inner, name=column_name("", inner.name)) for inner in row_fields(field.child)],
)


def _declare_columns(columns: Columns, resource: Resource) -> list[Markup]:
    return [xsd.field_element(field, STYLE, required=needed) for field, needed in _describe(columns.all, resource)]


def _describe(attributes: Iterable[Attribute], resource: Resource) -> Iterator[tuple[Field, bool]]:
    """Give the field of each column, and whether no object goes without it."""
    for attribute in attributes:
        needed = attribute.path[0] in resource.key and resource.needs(attribute.field)
        yield _describe_attribute(attribute), needed


def _declare_key(columns: Columns, resource: Resource) -> list[Markup]:
    return [xsd.field_element(field, STYLE, required=needed) for field, needed in _describe_key(columns, resource)]


def _describe_key(columns: Columns, resource: Resource) -> Iterator[tuple[Field, bool]]:
    return ((_describe_attribute(each), True) for each in columns.key_attributes(resource))


def _describe_attribute(attribute: Attribute) -> Field:
    help = f"{attribute.field.help} Read only." if attribute.read_only else attribute.field.help
    return replace(attribute.field, name=attribute.id, help=help.strip())


def _result_types(names: Mapping[str, str]) -> list[Markup]:
    attributes = [
        _attribute(names["level"], f"{PREFIX}:LevelType", use="required"),
        _attribute(names["reason"], f"{PREFIX}:ReasonType"),
    ]
    texts = (xsd.typed_element(name, "xsd:string") for name in ("KeyName", "Message"))
    kinds = {"index": "int", SUCCESS: "boolean", "internalId": "string", "externalId": "string"}
    return [
        xsd.enumeration_type("LevelType", (FAILURE, WARNING, "SUCCESS")),
        xsd.enumeration_type("ReasonType", REASONS),
        xsd.sequence(*texts, name="ResultMessageType", attributes=attributes),
        xsd.sequence(
            _typed_element("ResultMessage", **OPTIONAL, **MANY),
            name="ObjectResultType",
            attributes=[_attribute(name, f"xsd:{kind}", use="required") for name, kind in kinds.items()],
        ),
    ]


def _options(api: PublishedApi) -> Markup:
    flags = [xsd.typed_element(name, "xsd:boolean", **OPTIONAL) for name in (LOGOUT, META)]
    texts = [xsd.typed_element(name, "xsd:string", **OPTIONAL) for name in (USERNAME, PASSWORD, TITLE)]
    choices = {LEVEL: LEVELS, DEBUG: (INPUT,)}
    chosen = [_typed_element(name, **OPTIONAL) for name in choices]
    # In xsd:all, as options are read in any order.
    options = xsd.all_group(*texts[:2], *flags, *chosen, texts[2], name=f"{api.name}OptionsType")
    return join([*(xsd.choice_type(f"{name}Type", values) for name, values in choices.items()), options])


def _parameters(api: PublishedApi) -> Markup:
    if not api.parameters:
        return NOTHING
    return xsd.all_group(*map(_parameter, api.parameters), name=f"{api.name}ParametersType")


def _parameter(parameter: Parameter) -> Markup:
    help = xsd.documentation(f"{parameter.field} {parameter.comparator} this value.")
    return xsd.complex_element(parameter.id, help, type="xsd:string", **({} if parameter.required else OPTIONAL))


def _request(api: PublishedApi, verb: Verb | Action) -> Markup:
    parts = [_typed_element(f"{api.name}Options", **OPTIONAL)]
    if api.parameters:
        needed = any(parameter.required for parameter in api.parameters)
        parts.append(_typed_element(f"{api.name}Parameters", **({} if needed else OPTIONAL)))
    if verb in WRITES:
        parts.append(_typed_element(object_element(api, verb), **MANY))
    return xsd.message_element(PREFIX, request_element(api, verb), *parts)


def _response(api: PublishedApi, verb: Verb | Action) -> Markup:
    if api.event is not None:
        return xsd.message_element(PREFIX, response_element(api, verb), _named_type("Performance"))
    reads = verb is Verb.FIND
    content = _typed_element(api.name, **OPTIONAL, **MANY) if reads else _typed_element("ObjectResult", **MANY)
    parts = [_named_type("Meta"), content, _named_type("Performance")]
    return xsd.message_element(PREFIX, response_element(api, verb), *parts)


def _declare_objects(api: PublishedApi) -> Markup:
    found, done = _typed_element(api.name, **OPTIONAL, **MANY), _typed_element("ObjectResult", **OPTIONAL, **MANY)
    return element("xsd:choice", found, done)


def _typed_element(name: str, **attributes: str) -> Markup:
    """Declare an element whose type is called after it."""
    return xsd.typed_element(name, f"{PREFIX}:{name}Type", **attributes)


def _named_type(name: str) -> Markup:
    return _typed_element(name, **OPTIONAL)


def _text(name: str) -> Markup:
    return xsd.typed_element(name, "xsd:string", **OPTIONAL)


def _attribute(name: str, kind: str, **attributes: str) -> Markup:
    return element("xsd:attribute", attributes={"name": name, "type": kind, **attributes})
