"""
The schema of an API, built from its columns: for the WSDL, and as a document for REST XML.

    SOAP   api:PartUpdateRequestElement   PartOptions, PartParameters, Part …     local names in no namespace
           api:PartWriteResponseElement   Meta, ObjectResult …, Performance
           api:PartReadResponseElement    Meta, Part …, Performance
    REST   api:PartRequest                Part … or PartKey …                     all names in the namespace
           api:PartResult                 Meta, Part … or ObjectResult …, Performance, nextPage, Message
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from records.shapes.fields import Field
from records.shapes.resources import Resource
from webservices.wire.contracts import xsd
from webservices.wire.dialects.ecosys import rest_write, write
from webservices.wire.dialects.ecosys.codes import FAILURE, FAMILIES, WARNING
from webservices.wire.dialects.ecosys.columns import Attribute, Columns, get_columns
from webservices.wire.dialects.ecosys.context import EcoSysContext
from webservices.wire.dialects.ecosys.names import (
    is_enabled,
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
    LEVELS,
    LOGOUT,
    META,
    PASSWORD,
    TITLE,
    USERNAME,
)
from webservices.wire.dialects.ecosys.published import Parameter, PublishedApi, column_name
from webservices.wire.operations import Operations, Verb
from webservices.wire.xml.writing import NOTHING, Markup, element, join, pretty_document

PREFIX = "api"
OPTIONAL = {"minOccurs": "0"}  # for an element that may be left out
MANY = {"maxOccurs": "unbounded"}
BLANK = ("",)  # sent by clients that fill in every element
REASONS = tuple(dict.fromkeys(standing.reason for standing in FAMILIES.values()))


def soap_schema(context: EcoSysContext, operations: Operations) -> Markup:
    """Declare the schema inside the WSDL, for the operations that are switched on."""
    api = context.api
    verbs = [verb for verb in Verb if is_enabled(api, verb)]
    elements = [_request(api, verb) for verb in verbs]
    # All writes share one element of an answer: ADD stands for them.
    elements += [_response(api, verb) for verb in (Verb.FIND, Verb.ADD) if _has_response(api, verb, verbs)]
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


def _has_response(api: PublishedApi, verb: Verb, verbs: Sequence[Verb]) -> bool:
    return any(response_element(api, each) == response_element(api, verb) for each in verbs)


def rest_schema(context: EcoSysContext, operations: Operations) -> bytes:
    """Write the schema of REST XML, as a document."""
    api = context.api
    request = xsd.complex_element(
        f"{api.name}Request", _choice(_typed_element(api.name, **MANY), _typed_element(f"{api.name}Key", **MANY))
    )
    texts = [_text("nextPage"), _text("Message")]
    parts = [_named_type("Meta"), _declare_objects(api), _named_type("Performance"), *texts]
    result = _structure(parts, [_attribute("successFlag", "xsd:boolean")])
    whole = xsd.schema(
        PREFIX,
        namespace(api),
        *_types(context, operations, rest_write.ATTRIBUTE_NAMES),
        request,
        xsd.complex_element(f"{api.name}Result", result),
        attributes=xsd.UNQUALIFIED,
    )
    return pretty_document(whole)


def _types(context: EcoSysContext, operations: Operations, names: Mapping[str, str]) -> list[Markup]:
    """Declare the types that requests and answers share; `names` are the attributes of a ResultMessage."""
    api = context.api
    resource = operations.resource(api.plural)
    columns = get_columns(context, resource)
    counts = [xsd.typed_element(name, "xsd:long") for name in ("ObjectCount", "AttributeCount")]
    seconds = [xsd.typed_element(name, "xsd:decimal") for name in ("ElapsedSeconds", "CpuSeconds", "DbSeconds")]
    return [
        xsd.blank_types(PREFIX, map(_describe_attribute, columns.all), STYLE),
        xsd.sequence(*_declare_columns(columns, resource), name=f"{api.name}Type"),
        xsd.sequence(*_declare_key(columns, resource), name=f"{api.name}KeyType"),
        _result_type(names),
        xsd.sequence(*counts, name="MetaType"),
        xsd.sequence(*seconds, name="PerformanceType"),
    ]


STYLE = xsd.SchemaStyle(
    PREFIX,
    lambda field: field.name,
    lambda field: row_name(field.child),
    lambda field: [replace(inner, name=column_name("", inner.name)) for inner in field.child.fields],
)


def _declare_columns(columns: Columns, resource: Resource) -> list[Markup]:
    found = []
    for attribute in columns.all:
        needed = attribute.path[0] in resource.key and resource.needs(attribute.field)
        found.append(xsd.field_element(_describe_attribute(attribute), STYLE, required=needed))
    return found


def _declare_key(columns: Columns, resource: Resource) -> list[Markup]:
    key = columns.key_attributes(resource)
    return [xsd.field_element(_describe_attribute(each), STYLE, required=True) for each in key]


def _describe_attribute(attribute: Attribute) -> Field:
    help = f"{attribute.field.help} Read only." if attribute.read_only else attribute.field.help
    return replace(attribute.field, name=attribute.id, help=help.strip())


def _result_type(names: Mapping[str, str]) -> Markup:
    attributes = [
        _attribute(names["level"], _enumeration((FAILURE, WARNING, "SUCCESS")), use="required"),
        _attribute(names["reason"], _enumeration(REASONS)),
    ]
    message = _structure(
        [xsd.typed_element("KeyName", "xsd:string"), xsd.typed_element("Message", "xsd:string")], attributes
    )
    kinds = {"index": "int", "successFlag": "boolean", "internalId": "string", "externalId": "string"}
    return _structure(
        [xsd.complex_element("ResultMessage", message, **OPTIONAL, **MANY)],
        [_attribute(name, f"xsd:{kind}", use="required") for name, kind in kinds.items()],
        name="ObjectResultType",
    )


def _options(api: PublishedApi) -> Markup:
    flags = [xsd.typed_element(name, "xsd:boolean", **OPTIONAL) for name in (LOGOUT, META)]
    texts = [xsd.typed_element(name, "xsd:string", **OPTIONAL) for name in (USERNAME, PASSWORD, TITLE)]
    choices = {LEVEL: LEVELS, DEBUG: (INPUT,)}
    chosen = [
        xsd.complex_element(name, _enumeration((*values, *BLANK)), **OPTIONAL) for name, values in choices.items()
    ]
    # In xsd:all, as options are read in any order.
    return xsd.all_group(*texts[:2], *flags, *chosen, texts[2], name=f"{api.name}OptionsType")


def _parameters(api: PublishedApi) -> Markup:
    if not api.parameters:
        return NOTHING
    return xsd.all_group(*map(_parameter, api.parameters), name=f"{api.name}ParametersType")


def _parameter(parameter: Parameter) -> Markup:
    help = xsd.documentation(f"{parameter.field} {parameter.comparator} this value.")
    return xsd.complex_element(parameter.id, help, type="xsd:string", **({} if parameter.required else OPTIONAL))


def _request(api: PublishedApi, verb: Verb) -> Markup:
    parts = [_typed_element(f"{api.name}Options", **OPTIONAL)]
    if api.parameters:
        needed = any(parameter.required for parameter in api.parameters)
        parts.append(_typed_element(f"{api.name}Parameters", **({} if needed else OPTIONAL)))
    if verb is not Verb.FIND:
        parts.append(_typed_element(object_element(api, verb), **MANY))
    return xsd.complex_element(request_element(api, verb), xsd.sequence(*parts))


def _response(api: PublishedApi, verb: Verb) -> Markup:
    reads = verb is Verb.FIND
    content = _typed_element(api.name, **OPTIONAL, **MANY) if reads else _typed_element("ObjectResult", **MANY)
    parts = [_named_type("Meta"), content, _named_type("Performance")]
    return xsd.complex_element(response_element(api, verb), xsd.sequence(*parts))


def _declare_objects(api: PublishedApi) -> Markup:
    found, done = _typed_element(api.name, **OPTIONAL, **MANY), _typed_element("ObjectResult", **OPTIONAL, **MANY)
    return element("xsd:choice", found, done)


def _choice(*particles: Markup) -> Markup:
    return element("xsd:complexType", element("xsd:choice", *particles))


def _typed_element(name: str, **attributes: str) -> Markup:
    """Declare an element whose type is called after it."""
    return xsd.typed_element(name, f"{PREFIX}:{name}Type", **attributes)


def _named_type(name: str) -> Markup:
    return _typed_element(name, **OPTIONAL)


def _text(name: str) -> Markup:
    return xsd.typed_element(name, "xsd:string", **OPTIONAL)


def _structure(particles: Sequence[Markup], attributes: Sequence[Markup], name: str = "") -> Markup:
    """Declare a complex type with attributes, which follow the elements in XSD."""
    content = [element("xsd:sequence", *particles), *attributes]
    return element("xsd:complexType", join(content), attributes={"name": name} if name else {})


def _attribute(name: str, kind: str, **attributes: str) -> Markup:
    """Declare an attribute; `kind` is the name of its type, or the declaration of one of its own."""
    if isinstance(kind, Markup):
        return element("xsd:attribute", kind, attributes={"name": name, **attributes})
    return element("xsd:attribute", attributes={"name": name, "type": kind, **attributes})


def _enumeration(values: Sequence[str]) -> Markup:
    limits = [element("xsd:enumeration", attributes={"value": value}) for value in values]
    return element("xsd:simpleType", element("xsd:restriction", *limits, attributes={"base": "xsd:string"}))
