"""
XML Schema from fields: one element declaration per field, of a type that has a name, its help as documentation.

    <xsd:element name="lead_time" minOccurs="0" nillable="true" type="bm:LongOrBlank">
      <xsd:annotation><xsd:documentation>In days; -1 is not set. Whole number, …</xsd:documentation></xsd:annotation>
    …
    <xsd:element name="rows" minOccurs="0" nillable="true" type="bm:RowsList">…

    <xsd:simpleType name="StringTo50"><xsd:restriction base="xsd:string"><xsd:maxLength value="50"/>…
    <xsd:simpleType name="LongOrBlank"><xsd:restriction base="xsd:string"><xsd:pattern value="…"/>…
    <xsd:complexType name="RowsList">   each_row …, attribute clear
    <xsd:complexType name="PriceMap">   USD EUR …, attribute clear

Every type has a name and stands at the top: of an anonymous one Go's generator makes a struct that is always sent. What
may be blank is a text with a pattern: tools fail on a union, or bind it wrongly, and on an enumeration with "".
A type never refuses what the server takes, but for white space around a text, and a blank flag that has always a value:
PHP's SoapClient writes false into a text as blank, which means the default.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from zlib import crc32

from records.shapes.fields import Field, Kind, MapField, RowsField, ScalarField
from webservices.wire.xml.clear import CLEAR, CLEAR_HELP
from webservices.wire.xml.namespaces import XSD
from webservices.wire.xml.writing import NOTHING, Markup, element, join

NO_NAME = re.compile(r"\W")
METACHARACTERS = re.compile(r"[\\.?*+{}()\[\]|^-]")
LONGEST_NAME = 40  # of the choices in a type's name; of longer ones there is a sum
QUALIFIED, UNQUALIFIED = "qualified", "unqualified"

BASES: Mapping[Kind, str] = {
    Kind.TEXT: "string",
    Kind.INTEGER: "long",
    Kind.DECIMAL: "decimal",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.DATETIME: "dateTime",
}


def _writable_fields(field: RowsField) -> Iterable[Field]:
    return field.child.writable


@dataclass(frozen=True)
class SchemaStyle:
    """
    The style in which a dialect declares fields.

    prefix    of the target namespace, which has the types of `field_types`
    spell     the name of a field's element
    row       the name of a row's element
    fields    the fields that each row of a field may have
    """

    prefix: str
    spell: Callable[[Field], str]
    row: Callable[[RowsField], str]
    fields: Callable[[RowsField], Iterable[Field]] = _writable_fields


def typed_element(name: str, type_name: str, **attributes: str) -> Markup:
    """An element of a type that has a name; `minOccurs` and the like are further attributes."""
    return element("xsd:element", attributes={"name": name, "type": type_name, **attributes})


def message_element(prefix: str, name: str, *particles: str) -> Markup:
    """A message's element and its type, which has these elements in this order and is called after it."""
    type_name = f"{capitalize(name)}Type"
    return join([sequence(*particles, name=type_name), typed_element(name, f"{prefix}:{type_name}")])


def capitalize(name: str) -> str:
    """The name with a capital at its beginning."""
    return name[0].upper() + name[1:]


def complex_element(name: str, content: Markup, **attributes: str) -> Markup:
    """An element with content, such as its annotation."""
    return element("xsd:element", content, attributes={"name": name, **attributes})


def sequence(*particles: str, name: str, attributes: Iterable[str] = ()) -> Markup:
    """A complex type: these elements in this order, and these attributes."""
    return element("xsd:complexType", element("xsd:sequence", *particles), *attributes, attributes={"name": name})


def all_group(*particles: str, name: str, attributes: Iterable[str] = ()) -> Markup:
    """A complex type: these elements in any order, and these attributes."""
    return element("xsd:complexType", element("xsd:all", *particles), *attributes, attributes={"name": name})


def documentation(*sentences: str) -> Markup:
    """Return the annotation of a declaration."""
    text = " ".join(sentence for sentence in sentences if sentence)
    return element("xsd:annotation", element("xsd:documentation", text)) if text else NOTHING


ZONE = r"(Z|[+\-][0-9]{2}:[0-9]{2})?"
DAY = "-?[0-9]{4,}-[0-9]{2}-[0-9]{2}"
# The forms of each kind that the server takes (records.shapes.scalars), as XML Schema's patterns.
FORMS: Mapping[Kind, str] = {
    Kind.INTEGER: r"[+\-]?[0-9]+(\.0*)?([eE][+\-]?[0-9]+)?",
    Kind.DECIMAL: r"[+\-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+\-]?[0-9]+)?",
    Kind.BOOLEAN: "true|false|1|0",
    Kind.DATE: DAY + r"(T00:00:00(\.0+)?)?" + ZONE,
    Kind.DATETIME: DAY + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?" + ZONE,
}


def field_types(prefix: str, fields: Iterable[tuple[Field, bool]], style: SchemaStyle) -> Markup:
    """The types of these fields' elements, each once; a field comes with whether no record goes without it."""
    types: dict[str, Markup] = {}
    for field, required in fields:
        types |= {name: declared for name, declared in _field_types(field, style, required=required) if declared}
    return join(types.values())


def _field_types(field: Field, style: SchemaStyle, *, required: bool) -> Iterator[tuple[str, Markup]]:
    """Name and declaration of each type that a field's element needs; one of XML Schema's own has none."""
    match field.kind:
        case Kind.LIST:
            yield _scalar_type(field.item, required=False)
        case Kind.MAP:
            entry = _entry_type(field, style)
            yield entry
            yield list_name(field, style), _map_type(field, style, entry[0])
        case Kind.ROWS:
            inner = [*style.fields(field)]
            for each in inner:
                yield from _field_types(each, style, required=each.required)
            elements = (field_element(each, style, required=each.required) for each in inner)
            yield row_name(field, style), sequence(*elements, name=row_name(field, style))
            yield list_name(field, style), _rows_type(field, style)
        case _:
            yield _scalar_type(field, required=required)


def list_name(field: Field, style: SchemaStyle) -> str:
    """The name of the type of a field that holds others: `RowsList`, `PriceMap`."""
    return capitalize(style.spell(field)) + ("Map" if field.kind is Kind.MAP else "List")


def row_name(field: RowsField, style: SchemaStyle) -> str:
    """The name of the type of a row: `RowsRow`."""
    return f"{capitalize(style.spell(field))}Row"


def _scalar_type(field: ScalarField, *, required: bool) -> tuple[str, Markup]:
    """Name and declaration of a scalar's type; what is not required may be blank."""
    text, base = field.kind is Kind.TEXT, BASES[field.kind]
    # A flag that has always a value may not be blank: see above.
    never_blank = required or (field.kind is Kind.BOOLEAN and not field.nullable)
    if field.choices and not never_blank:
        choices = [value for value, _ in field.choices if value]
        return f"{_choices_name(field)}OrBlank", _blank_type(f"{_choices_name(field)}OrBlank", _escape(choices))
    if text or never_blank:
        limits = facets(field, required=required)
        name = _limited_name(field, required=required)
        return (name, _restriction(base, limits, name)) if limits else (f"xsd:{base}", NOTHING)
    name = f"{capitalize(base)}OrBlank"
    return name, _blank_type(name, FORMS[field.kind])


def _blank_type(name: str, forms: str) -> Markup:
    """A text that has one of these forms, or is blank."""
    return _restriction("string", [_facet("pattern", rf"\s*({forms})?\s*")], name)


def text_type(name: str, limits: Mapping[str, str]) -> Markup:
    """A type of a text with these facets."""
    return _restriction("string", [_facet(facet, value) for facet, value in limits.items()], name)


def choice_type(name: str, values: Iterable[str]) -> Markup:
    """A type of a text that is one of these, or blank where a client fills in every element."""
    return _blank_type(name, _escape(values))


def enumeration_type(name: str, values: Iterable[str]) -> Markup:
    """A type of a text that is one of these."""
    return _restriction("string", [_facet("enumeration", value) for value in values], name)


def _escape(values: Iterable[str]) -> str:
    return "|".join(METACHARACTERS.sub(r"\\\g<0>", value) for value in values)


def _choices_name(field: ScalarField) -> str:
    # Codes come and go: the classes of generated clients keep the name.
    if field.code_list:
        return f"{capitalize(BASES[field.kind])}OneOf{capitalize(field.code_list)}"
    values = "_".join(value for value, _ in field.choices)
    if NO_NAME.search(values) or len(values) > LONGEST_NAME:
        values = f"{len(field.choices)}_{crc32(values.encode()):08x}"
    return f"{capitalize(BASES[field.kind])}OneOf_{values}"


def _limited_name(field: ScalarField, *, required: bool) -> str:
    """The name of a simple type, after its limits: `Decimal19Places5From0`, `StringFrom1To50`."""
    if field.choices:
        return _choices_name(field)
    text = field.kind is Kind.TEXT
    least, most = (1 if required else None, field.max_length) if text else (field.minimum, field.maximum)
    limits = {"": field.digits, "Places": field.places, "From": least, "To": most}
    found = [f"{word}{limit}" for word, limit in limits.items() if limit is not None]
    return NO_NAME.sub("_", "".join([capitalize(BASES[field.kind]), *found]).replace("-", "Minus"))


def _restriction(base: str, limits: Iterable[str], name: str) -> Markup:
    restriction = element("xsd:restriction", *limits, attributes={"base": f"xsd:{base}"})
    return element("xsd:simpleType", restriction, attributes={"name": name})


def facets(field: ScalarField, *, required: bool = False) -> list[Markup]:
    """The limits of a scalar field; a text that is not required may be blank by its own."""
    if field.choices:
        return [_facet("enumeration", value) for value, _ in field.choices if value]
    found = {
        "minLength": 1 if field.kind is Kind.TEXT and required else None,
        "maxLength": field.max_length,
        "totalDigits": field.digits,
        "fractionDigits": field.places,
        "minInclusive": field.minimum,
        "maxInclusive": field.maximum,
    }
    return [_facet(name, str(value)) for name, value in found.items() if value is not None]


def _facet(name: str, value: str) -> Markup:
    return element(f"xsd:{name}", attributes={"value": value})


def _qualify(name: str, style: SchemaStyle) -> str:
    return name if ":" in name else f"{style.prefix}:{name}"


def field_element(field: Field, style: SchemaStyle, *, required: bool = False) -> Markup:
    """The declaration of a field's element, whose types are in `field_types`; `required`: no record goes without it."""
    occurs = {} if required else {"minOccurs": "0", "nillable": "true"}
    help = [field.help, f"{capitalize(field.limits())}."]
    match field.kind:
        case Kind.LIST:
            name, occurs = _scalar_type(field.item, required=False)[0], {**occurs, "maxOccurs": "unbounded"}
        case Kind.MAP | Kind.ROWS:
            name = list_name(field, style)
            help.append(CLEAR_HELP)
        case _:
            name = _scalar_type(field, required=required)[0]
    return complex_element(style.spell(field), documentation(*help), **occurs, type=_qualify(name, style))


_CLEAR = element("xsd:attribute", attributes={"name": CLEAR, "type": "xsd:boolean", "form": "unqualified"})


def _map_type(field: MapField, style: SchemaStyle, entry: str) -> Markup:
    """An element per key that can be listed, in any order; else any elements of the target namespace."""
    keys, name = known_keys(field), list_name(field, style)
    if not keys:
        some = {"namespace": "##targetNamespace", "processContents": "skip", "minOccurs": "0", "maxOccurs": "unbounded"}
        return sequence(element("xsd:any", attributes=some), name=name, attributes=[_CLEAR])
    entries = (typed_element(key, _qualify(entry, style), minOccurs="0", nillable="true") for key in keys)
    return all_group(*entries, name=name, attributes=[_CLEAR])


def _rows_type(field: RowsField, style: SchemaStyle) -> Markup:
    row = typed_element(style.row(field), _qualify(row_name(field, style), style), minOccurs="0", maxOccurs="unbounded")
    return sequence(row, name=list_name(field, style), attributes=[_CLEAR])


def _entry_type(field: MapField, style: SchemaStyle) -> tuple[str, Markup]:
    """Name and declaration of the type that all entries of a map have."""
    name, declared = _scalar_type(field.item, required=False)
    if field.item.kind is not Kind.TEXT or not declared:
        return name, declared
    name = f"{style.spell(field)}_entry"
    return name, _restriction("string", facets(field.item), name)


def schema(
    prefix: str, namespace: str, *declarations: str, elements: str = QUALIFIED, attributes: str = QUALIFIED
) -> Markup:
    """A whole schema; qualified throughout, unless local elements or attributes are said to be UNQUALIFIED."""
    spaces = {
        "xmlns:xsd": XSD,
        f"xmlns:{prefix}": namespace,
        "targetNamespace": namespace,
        "elementFormDefault": elements,
        "attributeFormDefault": attributes,
    }
    return element("xsd:schema", *declarations, attributes=spaces)


def known_keys(field: Field) -> tuple[str, ...]:
    """The keys of a map that can be listed; (): they cannot."""
    if field.kind is not Kind.MAP:
        return ()
    return tuple(value for value, _ in field.keys.choices)
