"""
The attribute by which a caller clears what holds others, rows or entries by key: `<rows clear="true"/>`.

Generated clients send an empty element for a structure that nobody set (Go's structs, Qt's merged types), so that an
empty one says nothing. XML's own nil is no way either: .NET and PHP send it for what nobody set.
"""

from lxml import etree

from records.shapes.problems import invalid_problem
from records.shapes.values import EMPTY, InvalidValue, Value, quote_text
from webservices.wire.xml.nodes import local_name

CLEAR = "clear"
CLEAR_HELP = f'Empty, it says nothing; {CLEAR}="true" on it, without content, clears it.'
FLAGS = {"": False, "false": False, "0": False, "true": True, "1": True}
BOTH = invalid_problem(f'{{field}} has content and {CLEAR}="true"; send one of them.', code="cleared-and-sent")


def read_structure(element: etree._Element, content: Value) -> Value | None:
    """The value of an element that holds others, given what is in it (EMPTY: nothing); None: it says nothing."""
    found = next((text for name, text in element.items() if local_name(str(name)) == CLEAR), "").strip()
    clears = FLAGS.get(found)
    if clears is None:
        text = f"{{field}} has {CLEAR}={quote_text(found)}; it is true or false."
        return InvalidValue(invalid_problem(text, code="wrong-option"))
    if content is EMPTY:
        return EMPTY if clears else None
    return InvalidValue(BOTH) if clears else content
