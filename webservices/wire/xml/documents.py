"""
Whole documents of XML: a message that somebody wrote, a contract, an answer that is checked.

Every parser of this code is made here or, where a message is read as a stream, in `parsing`: without network, without
documents of a document type from elsewhere, without entities, at most 256 deep and without huge texts, which lxml
sees to.
"""

from typing import Final, TypedDict

from lxml import etree


class InvalidXml(ValueError):
    """Text that is no XML; the parser's own sentence, and the line where it stopped."""

    def __init__(self, sentence: str, line: int = 1):
        super().__init__(sentence)
        self.line = line


class ParserOptions(TypedDict):
    """The switches of lxml that make a parser safe."""

    resolve_entities: bool
    no_network: bool
    huge_tree: bool
    load_dtd: bool
    dtd_validation: bool


# Each of them has been a way in: an entity that is a file of this machine, or one that grows without end; a document
# type that is fetched from elsewhere; a text of gigabytes.
SAFE: Final[ParserOptions] = {
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": False,
    "load_dtd": False,
    "dtd_validation": False,
}


def parse_document(body: bytes, *, remove_comments: bool = False, remove_pis: bool = False) -> etree._Element:
    """
    Return the root of a document; raise InvalidXml for what is none.

    A document type is passed over, not applied: whoever refuses one asks `has_document_type`.
    """
    # A parser for each document: one that is shared keeps the errors of the last, and is locked between threads.
    parser = etree.XMLParser(remove_comments=remove_comments, remove_pis=remove_pis, **SAFE)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise InvalidXml(error.msg or "", error.lineno or 1) from None
    except ValueError as error:  # such as an unknown encoding
        raise InvalidXml(str(error)) from None


def has_document_type(root: etree._Element) -> bool:
    """True if the document begins with a document type."""
    return bool(root.getroottree().docinfo.doctype)


def compile_schema(root: etree._Element) -> etree.XMLSchema:
    """Compile a schema; what it imports is looked up in no network."""
    return etree.XMLSchema(root)
