"""
Validation of XML by the schemas of a contract.

Every element that a schema declares globally is validated, the outermost first: the Body's child, and those that stand
in an xsd:any.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from functools import lru_cache

from lxml import etree

from webservices.tester.compose.validate.problem import Problem
from webservices.wire.xml.documents import InvalidXml, compile_schema, has_document_type, parse_document
from webservices.wire.xml.namespaces import XSD

NAMESPACE = re.compile(r"\{[^}]*\}")
ONLY_COMMENTS = re.compile(r"(\s*<!--.*?-->)*\s*", re.DOTALL)

# libxml2's messages in plainer words; others are shown as they are.
WORDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern), say)
    for pattern, say in (
        (
            r"\[facet 'maxLength'\] The value(?: '.*')? has a length of '(\d+)'; .* of '(\d+)'",
            lambda found: f"has {int(found[1]):,} characters, at most {int(found[2]):,} are allowed.",
        ),
        (
            r"\[facet 'enumeration'\] The value '(.*)' is not an element of the set \{(.*)\}",
            lambda found: f"'{found[1]}' is not one of {found[2].replace(chr(39), '')}.",
        ),
        (
            r"\[facet 'minInclusive'\] The value '(.*)' is less than .* \('(.*)'\)",
            lambda found: f"{found[1]} is less than {found[2]}.",
        ),
        (
            r"\[facet 'maxInclusive'\] The value '(.*)' is greater than .* \('(.*)'\)",
            lambda found: f"{found[1]} is more than {found[2]}.",
        ),
        (
            # A pattern is no sentence: the words for what is allowed come from the field's declaration.
            r"\[facet 'pattern'\] The value '(.*)' is not accepted by the pattern",
            lambda found: f"'{found[1]}' is not a value that it may have.",
        ),
        (r"'(.*)' is not a valid value of the .*type", lambda found: f"'{found[1]}' is not a value that it may have."),
        (
            r"This element is not expected\. Expected is (?:one of )?\( (.*) \)",
            lambda found: f"is not expected here; expected: {_first_names(found[1])}.",
        ),
        (r"This element is not expected\.", lambda found: "is not expected here."),
        (
            r"Missing child element\(s\)\. Expected is (?:one of )?\( (.*) \)",
            lambda found: f"lacks {_first_names(found[1])}.",
        ),
        (r"The attribute '(.*)' is required but missing", lambda found: f"lacks the attribute {found[1]}."),
        (r"The attribute '(.*)' is not allowed", lambda found: f"has no attribute {found[1]}."),
    )
)


def _first_names(names: str) -> str:
    """The first eight of a list of names."""
    found = [name.strip() for name in NAMESPACE.sub("", names).split(",")]
    return ", ".join(found[:8]) + (", …" if len(found) > 8 else "")


def is_only_comments(text: str) -> bool:
    """True if the text has nothing but comments: then the request has no body."""
    return ONLY_COMMENTS.fullmatch(text) is not None


def validate(body: bytes, schemas: Sequence[bytes], limits: Mapping[str, str]) -> list[Problem]:
    """
    Validate a message.

    limits  words for the allowed values of a field, by its name
    """
    try:
        root = parse_document(body)
    except InvalidXml as error:
        return [Problem(max(error.line, 1), "", f"This is not XML: {_sentence(str(error))}")]
    if has_document_type(root):
        return [Problem(1, "", "A document type is not taken.")]
    known = [load_schema(schema) for schema in schemas]
    content = _content(root)
    if content is None:
        return [Problem(root.sourceline or 1, etree.QName(root).localname, "The envelope has no Body with an element.")]
    if known and not any(str(content.tag) in names for _, names in known):
        name = etree.QName(content)
        return [
            Problem(content.sourceline or 1, name.localname, f"{name.text} is not in the contract of this address.")
        ]
    problems = (problem for schema, names in known for problem in _problems(content, schema, names, limits))
    # Two schemas may declare the same element, and each of them then finds the same problem.
    return [*dict.fromkeys(problems)]


def _sentence(message: str) -> str:
    message = re.sub(r", line \d+, column \d+.*", "", message).strip().rstrip(".")
    return message + "."


def _content(root: etree._Element) -> etree._Element | None:
    """The Body's first child of an envelope; the root of any other message."""
    if etree.QName(root).localname != "Envelope":
        return root
    body = root.find("{*}Body")
    return next(body.iterchildren(tag=etree.Element), None) if body is not None else None


@lru_cache(maxsize=32)
def load_schema(schema: bytes) -> tuple[etree.XMLSchema, frozenset[str]]:
    """Compile a schema; returns it with the names of its global elements. Cached, since compiling is slow."""
    root = parse_document(schema)
    space = root.get("targetNamespace")
    names = (each.get("name", "") for each in root.iterchildren(f"{{{XSD}}}element"))
    return compile_schema(root), frozenset(f"{{{space}}}{name}" if space else name for name in names)


def _problems(
    content: etree._Element, schema: etree.XMLSchema, names: frozenset[str], limits: Mapping[str, str]
) -> Iterator[Problem]:
    for element in _outermost(content, names):
        # A schema validates a document, so the element becomes the root of one; a copy keeps its line numbers.
        alone = etree.ElementTree(deepcopy(element))
        if schema.validate(alone):
            continue
        seen: set[tuple[int, str]] = set()
        for error in schema.error_log:
            found = _element_at(alone, error.path)
            path = _path_text(found) if found is not None else ""
            if (error.line, path) not in seen:  # a facet's sentence, and then once more that the value is not valid
                seen.add((error.line, path))
                yield Problem(error.line, path, _message(error.message, limits))


def _outermost(element: etree._Element, names: frozenset[str]) -> Iterator[etree._Element]:
    if str(element.tag) in names:
        yield element
        return
    for child in element.iterchildren(tag=etree.Element):
        yield from _outermost(child, names)


def _element_at(tree: etree._ElementTree, path: str | None) -> etree._Element | None:
    """The element at libxml2's path, which uses the prefixes of the document."""
    namespaces = {prefix: uri for each in tree.iter(etree.Element) for prefix, uri in each.nsmap.items() if prefix}
    try:
        found = tree.xpath(path, namespaces=namespaces) if path else []
    except etree.XPathError:
        return None
    return found[0] if found and isinstance(found[0], etree._Element) else None


def _path_text(element: etree._Element) -> str:
    """`Parts/each_record[2]/direct_buy`, from below the operation's element."""
    steps: list[str] = []
    while (parent := element.getparent()) is not None:
        same_name = list(parent.iterchildren(str(element.tag)))
        number = f"[{same_name.index(element) + 1}]" if len(same_name) > 1 else ""
        steps.append(etree.QName(element).localname + number)
        element = parent
    return "/".join(reversed(steps)) or etree.QName(element).localname


def _message(message: str, limits: Mapping[str, str]) -> str:
    message = NAMESPACE.sub("", message)
    found = re.match(r"Element '([^']*)'(?:, attribute '([^']*)')?: ", message)
    name, rest = (found[1], message[found.end() :]) if found else ("", message)
    words = next((say(match) for pattern, say in WORDS if (match := pattern.match(rest))), _sentence(rest))
    # A sentence that begins with the value needs a colon behind the field's name.
    field = f"{name}: " if words[:1] in "'0123456789-" else f"{name} "
    limit = f" Allowed: {limits[name]}." if name in limits and "value that it may have" in words else ""
    return f"{field if name else ''}{words}{limit}"
