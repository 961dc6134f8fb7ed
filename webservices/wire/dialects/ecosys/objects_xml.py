"""
One object as XML, both ways.

    <Part>
      <PartID>PUMP-100</PartID>
      <Price>250.00</Price>                                        one entry of a map: a column like any other
      <CompanyAssociations>Acme</CompanyAssociations>              a list: the element once per entry
      <CompanyAssociations>Initech</CompanyAssociations>
      <Rows><Row><Quantity>2</Quantity></Row></Rows>               rows: an element per row
      <Notes/>                                                     empty
    </Part>
"""

from collections.abc import Iterable

from records.shapes.fields import Kind
from records.shapes.values import EMPTY, Value, Values
from webservices.wire.dialects.ecosys.columns import Attribute, Columns, attribute_named, sent, shown
from webservices.wire.dialects.ecosys.names import row_name
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.writing import Markup, element, escape


def read_object(columns: Columns, node: Node) -> dict[str, Value]:
    """
    The values of an object's element, or of a row's; what is no column comes marked, for the core to refuse. What is
    nil was not sent.
    """
    values: dict[str, Value] = {}
    for child in node.sent:
        attribute = attribute_named(columns, child.name)
        attribute.put(values, _value(attribute, child))
    return values


def _value(attribute: Attribute, node: Node) -> Value:
    if attribute.field.kind is Kind.ROWS:
        return [read_object(attribute.row, row) for row in node.children] or EMPTY
    if node.children:
        return {child.name: child.text for child in node.children}  # the core says that this is no single value
    return node.text or EMPTY


def sent_object(columns: Columns, name: str, record: Values) -> Markup:
    """The element of an object to be written."""
    return _object(name, sent(columns, record), sent)


def found_object(columns: Columns, name: str, record: Values) -> Markup:
    """The element of an object that was found: all its columns."""
    return _object(name, shown(columns, record), shown)


def _object(name: str, values: Iterable[tuple[Attribute, Value]], of_row) -> Markup:
    content = "".join(_written(attribute, value, of_row) for attribute, value in values)
    return Markup(f"<{name}>{content}</{name}>")


def _written(attribute: Attribute, value: Value, of_row) -> str:
    name, kind = attribute.id, attribute.field.kind
    if value is EMPTY or value == "" or value == []:
        return f"<{name}/>"
    if kind is Kind.ROWS:
        row = row_name(attribute.field.child)
        return element(name, Markup("".join(_object(row, of_row(attribute.row, each), of_row) for each in value)))
    if isinstance(value, list):
        return "".join(f"<{name}>{escape(each or '')}</{name}>" for each in value)
    return f"<{name}>{escape(value)}</{name}>"
