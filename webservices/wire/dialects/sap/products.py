"""
The values of one product, both ways: an element into Values, and Values into an element.

    <Product>
      <Identificator>PartNumber</Identificator><PartNumber>PUMP-100</PartNumber>
      <ProductName><USEnglish>Pump, small</USEnglish></ProductName>
      <Categories><USEnglish>Everything&gt;Pumps</USEnglish></Categories><ProductType>Hardware</ProductType>
      <Price>250</Price><LeadTime>3 weeks</LeadTime>
    </Product>

Names are taken in any case, values without the blanks around them. An empty element clears its field, an absent one
leaves it. A text without elements for languages is in the site's own language.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from records.shapes.problems import ProblemError, invalid_problem, missing_problem
from records.shapes.values import EMPTY, InvalidValue, Value, Values, quote_text
from webservices.wire.dialects.sap.context import SapContext, SapSettings
from webservices.wire.dialects.sap.functions import IMPORT, Function
from webservices.wire.dialects.sap.nodes import (
    ACTIVE,
    BY_LOWER_CASE,
    CATEGORIES,
    DISPLAY_TYPE,
    DISPLAY_TYPES,
    FIELDS,
    IDENTIFICATOR,
    LEAD_TIME,
    MADE_UP,
    NUMBER,
    PRICE,
    PRODUCT_ID,
    SYSTEM_ID,
    TEXTS,
    UNKNOWN,
    VENDOR,
    VENDOR_NODES,
    Form,
)
from webservices.wire.dialects.sap.values import REPEATED
from webservices.wire.xml.documents import InvalidXml, parse_document
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.writing import NOTHING, Markup, element, join

WHOLE_NUMBER = re.compile("[+-]?[0-9]+", re.ASCII)
DATE = re.compile("[0-9]{1,2}/[0-9]{1,2}/([0-9]{2}|[0-9]{4})|[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
FLAGS = frozenset({"1", "0", "true", "false"})


def read_product(node: Node, function: Function, settings: SapSettings) -> tuple[dict[str, Value], dict[str, str]]:
    """
    Read the values of a product's element, and the nodes that say how it is found, as texts.

    Unknown elements come marked, for the core to refuse; what is wrong stands as an InvalidValue in its place.
    """
    values: dict[str, Value] = {}
    vendor: dict[str, Value] = {}
    found_by: dict[str, str] = {}
    for child in node.sent_children:
        name = BY_LOWER_CASE.get(child.name.lower())
        if name is None:
            if not settings.unknown_nodes:
                values[UNKNOWN + child.name] = child.text or EMPTY
        elif name == IDENTIFICATOR:
            found_by[name] = f"{found_by.get(name, '')} {child.text.strip()}".strip()
        elif name == PRODUCT_ID:
            found_by[name] = child.text.strip()
        # Generated clients send every element: an empty one must not bring back a retired product.
        elif name != ACTIVE or child.text.strip():
            _add_node(name, child, values, vendor, settings)
    number, system_id = values.get(FIELDS[NUMBER], EMPTY), vendor.get(SYSTEM_ID, EMPTY)
    if number is EMPTY:
        values.pop(FIELDS[NUMBER], None)
    elif system_id == f"{number}{MADE_UP}":
        del vendor[SYSTEM_ID]  # made of the number: a product without one of its own is found by it all the same
    if function is IMPORT and system_id is EMPTY:
        values[UNKNOWN + SYSTEM_ID] = InvalidValue(missing_problem(()))
    if vendor:
        values[VENDOR] = vendor
        _check_size(vendor, values, settings)
    return values, found_by


def _add_node(name: str, node: Node, values: dict[str, Value], vendor: dict[str, Value], settings: SapSettings) -> None:
    try:
        path, value = _read_node(name, node, settings)
    except ProblemError as refused:
        # A node that cannot be read has no other place: vendor data take texts alone.
        path, value = ((FIELDS[name],) if name in FIELDS else (UNKNOWN + name,)), InvalidValue(refused.problem)
    target = vendor if path[0] == VENDOR else values
    if path[-1] in target:
        values[UNKNOWN + name] = InvalidValue(REPEATED)
    target[path[-1]] = value


def _read_node(name: str, node: Node, settings: SapSettings) -> tuple[tuple[str, ...], Value]:
    """Return path and value of a node; raises ProblemError."""
    if name in VENDOR_NODES:
        return (VENDOR, name), _read_vendor_node(name, node)
    if name in TEXTS:
        return (FIELDS[name],), _read_texts(node, settings)
    text = _read_text(node)
    if name == LEAD_TIME and text and not WHOLE_NUMBER.fullmatch(text):
        return (VENDOR, name), text
    if name == PRICE:
        return (FIELDS[name],), {settings.currency: text or EMPTY}
    return (FIELDS[name],), text or EMPTY


def _read_text(node: Node) -> str:
    if node.children:
        raise ProblemError(invalid_problem("{field} takes a text, not elements.", code="wrong-shape"))
    return node.text.strip()


def _read_texts(node: Node, settings: SapSettings) -> Value:
    """Read the texts of a node by language."""
    if not node.children:
        text = node.text.strip()
        return {settings.language: text} if text else EMPTY
    return {_find_language(child.name, settings): child.text.strip() or EMPTY for child in node.sent_children}


def _find_language(name: str, settings: SapSettings) -> str:
    """Return the code of a language by the vendor's name, in any case, or by its code."""
    by_name = {each.lower(): code for each, code in settings.languages.items()}
    return by_name.get(name.lower(), name)


def _read_vendor_node(name: str, node: Node) -> Value:
    form = VENDOR_NODES[name]
    if form is Form.XML and node.children:
        return str(join(_copy(child) for child in node.children))
    text = _read_text(node)
    if text and form in _CHECKS and not _CHECKS[form](text):
        raise ProblemError(invalid_problem(f"{{field}} {_SAYS[form]}; {quote_text(text)} is not.", code="wrong-form"))
    if text and name == DISPLAY_TYPE and text.lower() not in map(str.lower, DISPLAY_TYPES):
        raise ProblemError(
            invalid_problem(
                f"{{field}} is one of {', '.join(DISPLAY_TYPES)}, not {quote_text(text)}.", code="not-a-choice"
            )
        )
    return text or EMPTY


_CHECKS: Mapping[Form, Callable[[str], object]] = {
    Form.FLAG: lambda text: text.lower() in FLAGS,
    Form.DATE: DATE.fullmatch,
}
_SAYS: Mapping[Form, str] = {
    Form.FLAG: "is 1, 0, true or false",
    Form.DATE: "is a date such as 1/31/2026 or 2026-01-31",
}


def _copy(node: Node) -> Markup:
    content = join(map(_copy, node.children)) if node.children else node.text.strip()
    return element(
        node.name, content, attributes={name.rpartition("}")[2]: text for name, text in node.attributes.items()}
    )


def _check_size(vendor: Mapping[str, Value], values: dict[str, Value], settings: SapSettings) -> None:
    size = sum(len(text.encode()) for text in vendor.values() if isinstance(text, str))
    if size > settings.vendor_limit:
        del values[VENDOR]
        text = f"What no field of a part holds may have {settings.vendor_limit:,} bytes in all; this has {size:,}."
        values[UNKNOWN + CATEGORIES] = InvalidValue(invalid_problem(text, code="too-long"))


def find_part_number(node: Node) -> str:
    """Return what a sentence names a product by: its part number, or what else says which it is; "": nothing does."""
    texts = {BY_LOWER_CASE.get(child.name.lower(), ""): child.text.strip() for child in node.children}
    return next((texts[name] for name in (NUMBER, SYSTEM_ID, PRODUCT_ID) if texts.get(name)), "")


def write_product(values: Values, function: Function, context: SapContext) -> Markup:
    """Write a product's element; fields that SAP's products do not have are left out."""
    entries = values.get(VENDOR)
    vendor = entries if isinstance(entries, dict) else {}
    if function is IMPORT and SYSTEM_ID not in vendor:
        vendor = {SYSTEM_ID: f"{values.get(FIELDS[NUMBER], '')}{MADE_UP}", **vendor}
    return element("Product", *_write_fields(values, context), *(_write_vendor_node(*each) for each in vendor.items()))


def _write_fields(values: Values, context: SapContext) -> Iterator[Markup]:
    for node, name in FIELDS.items():
        if name not in values:
            continue
        value = values[name]
        if node == PRICE:
            price = value.get(context.settings.currency) if isinstance(value, dict) else value
            if price is not None:
                yield element(node, _text(price))
        elif isinstance(value, dict):
            yield element(node, *_write_texts(value, context.settings))
        else:
            yield element(node, _text(value))


def _write_texts(texts: Mapping[str, Value], settings: SapSettings) -> Iterator[Markup]:
    names = {code: name for name, code in settings.languages.items()}
    return (element(names.get(code, code), _text(text)) for code, text in texts.items())


def _write_vendor_node(name: str, value: Value) -> Markup:
    if name not in VENDOR_NODES and name != LEAD_TIME:
        return NOTHING
    text = _text(value)
    return element(name, Markup(text) if VENDOR_NODES.get(name) is Form.XML and _is_xml(text) else text)


def _is_xml(text: str) -> bool:
    """True for the elements that a node with children was kept as."""
    try:
        return len(parse_document(f"<a>{text}</a>".encode())) > 0
    except InvalidXml:
        return False


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""
