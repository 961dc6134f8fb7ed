"""
XML Schema from fields: one element declaration per field, with its limits as facets and its help as documentation.

    <xsd:element name="active" minOccurs="0" nillable="true" type="xsd:boolean">…
    <xsd:element name="lead_time" minOccurs="0" nillable="true" type="bm:LongFromMinus1OrBlank">
      <xsd:annotation><xsd:documentation>In days; -1 is not set. Whole number, …</xsd:documentation></xsd:annotation>
    …
    <xsd:simpleType name="LongFromMinus1OrBlank"><xsd:union memberTypes="bm:LongFromMinus1 bm:Blank"/></xsd:simpleType>

A type never refuses what the server takes, but for white space around a text, and a blank flag that has always a value:
into a union PHP's SoapClient writes false as blank, which means the default. A union names its members: what Axis
generates from one that declares them inside does not compile.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.core import get_global

from records.shapes.fields import Field, Kind, MapField, RowsField, ScalarField
from webservices.wire.xml.namespaces import XSD
from webservices.wire.xml.writing import NOTHING, Markup, element, join

NO_NAME = re.compile(r"\W")
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

    prefix    of the target namespace, which has the types of `blank_types`
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


def complex_element(name: str, content: Markup, **attributes: str) -> Markup:
    """An element with a type of its own."""
    return element("xsd:element", content, attributes={"name": name, **attributes})


def sequence(*particles: str, name: str = "") -> Markup:
    """A complex type: these elements in this order."""
    return element("xsd:complexType", element("xsd:sequence", *particles), attributes=_name(name))


def all_group(*particles: str, name: str = "") -> Markup:
    """A complex type: these elements in any order."""
    return element("xsd:complexType", element("xsd:all", *particles), attributes=_name(name))


def _name(name: str) -> dict[str, str]:
    return {"name": name} if name else {}


def documentation(*sentences: str) -> Markup:
    """Return the annotation of a declaration."""
    text = " ".join(sentence for sentence in sentences if sentence)
    return element("xsd:annotation", element("xsd:documentation", text)) if text else NOTHING


def blank_types(prefix: str, fields: Iterable[Field] = (), style: SchemaStyle | None = None) -> Markup:
    """`Blank`, and each simple type that may be blank: `LongOrBlank`, and those with the limits of these fields."""
    found = [_restriction("string", [_facet("length", "0")], name="Blank")]
    found += [_union(prefix, f"xsd:{base}", _or_blank(base)) for base in BASES.values() if base != "string"]
    limited = {_limited_name(field): field for field in _may_be_blank(fields, style) if facets(field)}
    for name, field in limited.items():
        found += [
            _restriction(BASES[field.kind], facets(field), name),
            _union(prefix, f"{prefix}:{name}", _or_blank(name)),
        ]
    return join(found)


def _may_be_blank(fields: Iterable[Field], style: SchemaStyle | None) -> Iterable[ScalarField]:
    """Every scalar in these fields that is no text and may be blank."""
    for field in fields:
        if field.kind is Kind.ROWS:
            if style is None:
                raise TypeError(f"Rows, such as {field.name}, need a style.")
            yield from _may_be_blank((each for each in style.fields(field) if not each.required), style)
        else:
            scalar = field.item if field.kind is Kind.LIST or field.kind is Kind.MAP else field
            if scalar.kind is not Kind.TEXT:
                yield scalar


def _limited_name(field: ScalarField) -> str:
    """The name of a simple type, after its limits: `Decimal19Places5From0`."""
    base = BASES[field.kind]
    found = [base[0].upper() + base[1:]]
    if field.choices:
        found.append("OneOf_" + "_".join(value for value, _ in field.choices))
    limits = {"": field.digits, "Places": field.places, "From": field.minimum, "To": field.maximum}
    found += [f"{word}{limit}" for word, limit in limits.items() if limit is not None and not field.choices]
    return NO_NAME.sub("_", "".join(found).replace("-", "Minus"))


def _or_blank(name: str) -> str:
    return f"{name[0].upper()}{name[1:]}OrBlank"


def _restriction(base: str, limits: Iterable[str], name: str = "") -> Markup:
    restriction = element("xsd:restriction", *limits, attributes={"base": f"xsd:{base}"})
    return element("xsd:simpleType", restriction, attributes=_name(name))


def _union(prefix: str, member: str, name: str) -> Markup:
    members = element("xsd:union", attributes={"memberTypes": f"{member} {prefix}:Blank"})
    return element("xsd:simpleType", members, attributes=_name(name))


def facets(field: ScalarField, *, required: bool = False) -> list[Markup]:
    """
    The limits of a scalar field. A text that is not required may be blank by its own facets, without a union:
    PHP's SoapClient forgets to escape what it puts into a union.
    """
    text = field.kind is Kind.TEXT
    if field.choices:
        blank = [_facet("enumeration", "")] if text and not required else []
        return blank + [_facet("enumeration", value) for value, _ in field.choices]
    found = {
        "minLength": 1 if text and required else None,
        "maxLength": field.max_length,
        "totalDigits": field.digits,
        "fractionDigits": field.places,
        "minInclusive": field.minimum,
        "maxInclusive": field.maximum,
    }
    return [_facet(name, str(value)) for name, value in found.items() if value is not None]


def _facet(name: str, value: str) -> Markup:
    return element(f"xsd:{name}", attributes={"value": value})


def _scalar_element(
    name: str, field: ScalarField, style: SchemaStyle, annotation: Markup, *, required: bool, **occurs: str
) -> Markup:
    """An element that holds a scalar; what is not required may be blank."""
    if required or field.kind is Kind.TEXT:
        held = _restriction(BASES[field.kind], facets(field, required=required))
        return complex_element(name, join([annotation, held]), **occurs)
    return complex_element(name, annotation, **occurs, type=_blank_type(field, style))


def _blank_type(field: ScalarField, style: SchemaStyle) -> str:
    """The name of the type of a scalar that is no text and may be blank; a flag that has always a value may not."""
    if field.kind is Kind.BOOLEAN and not field.nullable:
        return f"xsd:{BASES[field.kind]}"
    return f"{style.prefix}:{_or_blank(_limited_name(field) if facets(field) else BASES[field.kind])}"


def field_element(field: Field, style: SchemaStyle, *, required: bool = False) -> Markup:
    """The declaration of a field's element; `required` when no record goes without it."""
    occurs = {} if required else {"minOccurs": "0", "nillable": "true"}
    annotation = documentation(field.help, f"{field.limits().capitalize()}.")
    name = style.spell(field)
    match field.kind:
        case Kind.LIST:
            return _scalar_element(name, field.item, style, annotation, required=False, **occurs, maxOccurs="unbounded")
        case Kind.MAP:
            return complex_element(name, join([annotation, _map_type(field, style)]), **occurs)
        case Kind.ROWS:
            return complex_element(name, join([annotation, _rows_type(field, style)]), **occurs)
    return _scalar_element(name, field, style, annotation, required=required, **occurs)


def _map_type(field: MapField, style: SchemaStyle) -> Markup:
    """An element per key that can be listed, in any order; else any elements of the target namespace."""
    keys = known_keys(field)
    if not keys:
        # skip: the schema declares no element for any of these keys.
        some = {"namespace": "##targetNamespace", "processContents": "skip", "minOccurs": "0", "maxOccurs": "unbounded"}
        return sequence(element("xsd:any", attributes=some))
    text = field.item.kind is Kind.TEXT
    entry = f"{style.prefix}:{entry_type(field, style)}" if text else _blank_type(field.item, style)
    # In any order, and each at most once: XSD 1.0 allows no more in an `all`, and a map needs no more.
    return all_group(*(typed_element(key, entry, minOccurs="0", nillable="true") for key in keys))


def _rows_type(field: RowsField, style: SchemaStyle) -> Markup:
    row = sequence(*(field_element(each, style, required=each.required) for each in style.fields(field)))
    return sequence(complex_element(style.row(field), row, minOccurs="0", maxOccurs="unbounded"))


def entry_type(field: Field, style: SchemaStyle) -> str:
    """The name of the type that all entries of a map of texts have."""
    return f"{style.spell(field)}_entry"


def entry_types(fields: Iterable[Field], style: SchemaStyle) -> Markup:
    """The types that `field_element` names for the entries of maps of texts."""
    return join(
        _restriction("string", facets(field.item), entry_type(field, style))
        for field in fields
        if field.kind is Kind.MAP and field.item.kind is Kind.TEXT
    )


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


REGIONAL = (
    "de_AT", "de_CH", "en_AU", "en_CA", "en_GB", "en_US", "es_ES", "es_MX", "fr_BE", "fr_CA", "fr_CH", "nl_BE",
    "pt_BR", "pt_PT", "zh_CN", "zh_HK", "zh_TW",
)  # fmt: skip


@cache
def languages() -> tuple[str, ...]:
    """The languages of two letters, and the regional ones that catalogues are commonly kept in."""
    return tuple(sorted({code for code in map(str, Locale("en").languages) if len(code) == 2} | set(REGIONAL)))


@cache
def currencies() -> tuple[str, ...]:
    """The currencies that are legal tender somewhere today."""
    used = get_global("territory_currencies")
    return tuple(
        sorted({str(code) for uses in used.values() for code, _, end, tender in uses if end is None and tender})
    )


KNOWN = {"language": languages, "currency": currencies}


def known_keys(field: Field) -> tuple[str, ...]:
    """The keys of a map that can be listed; (): they cannot."""
    if field.kind is not Kind.MAP:
        return ()
    if field.keys.choices:
        return tuple(value for value, _ in field.keys.choices)
    return KNOWN.get(field.keys.name, tuple)()
