"""
The parameters of an address of Oracle CPQ's REST interface, in small letters: one client writes orderBy.

    ?q={partNumber:'X'}&limit=10&offset=20&totalResults=true&orderby=partNumber:desc&fields=id&expand=prices
"""

import re
from collections.abc import Mapping

from records.shapes.problems import malformed_error
from records.shapes.resources import Resource
from records.shapes.values import quote_text
from webservices.wire.dialects.oracle_rest.context import Entry, OracleRestContext, OracleRestSettings, Page, View
from webservices.wire.dialects.oracle_rest.names import children_of
from webservices.wire.dialects.oracle_rest.values import member_names, visible_children
from webservices.wire.query_string import Parameters

NUMBER = re.compile("[0-9]{1,18}", re.ASCII)
FLAGS = {"true": True, "1": True, "false": False, "0": False, "": True}
VIEW_PARAMETERS = ("fields", "expand", "onlydata", "excludelinks")
COLLECTION_PARAMETERS = ("q", "limit", "offset", "totalresults", "orderby", *VIEW_PARAMETERS)
PAGE_PARAMETERS = ("limit", "offset", "totalresults", "onlydata", "excludelinks")
# By the kind of address, the parameters that a GET takes there.
PARAMETERS: Mapping[Entry, tuple[str, ...]] = {
    Entry.SETUPS: COLLECTION_PARAMETERS,
    Entry.PARTS: COLLECTION_PARAMETERS,
    Entry.SETUP: VIEW_PARAMETERS,
    Entry.PART: VIEW_PARAMETERS,
    Entry.CHILDREN: (*PAGE_PARAMETERS, "expand"),
    Entry.CHILD: ("expand", "onlydata", "excludelinks"),
    Entry.BOOKS: PAGE_PARAMETERS,
    Entry.BOOK: ("onlydata", "excludelinks"),
    Entry.BOOK_TRANSLATIONS: PAGE_PARAMETERS,
}

Texts = Mapping[str, str]  # parameters, by their names in small letters


def read_texts(query: Parameters, known: tuple[str, ...]) -> Texts:
    """Return the parameters of an address; raises ProblemError for one that it does not take, or that comes twice."""
    found: dict[str, str] = {}
    for name, text in query:
        if name.lower() not in known:
            taken = f"those that are: {', '.join(known)}" if known else "none is"
            raise malformed_error("wrong-parameter", f"The parameter {quote_text(name)} is not taken here; {taken}.")
        if name.lower() in found:
            raise malformed_error("wrong-parameter", f"The parameter {quote_text(name)} comes more than once.")
        found[name.lower()] = text
    return found


def read_flag(texts: Texts, name: str) -> bool:
    """Return a parameter that is true or false; raises ProblemError for another text."""
    text = texts.get(name, "false").strip().lower()
    if text not in FLAGS:
        raise malformed_error("wrong-parameter", f"{name} is true or false, not {quote_text(text)}.")
    return FLAGS[text]


def read_view(texts: Texts, resource: Resource, context: OracleRestContext) -> View:
    """Return what of each record an answer shows; raises ProblemError for a member or child that there is not."""
    known = children_of(resource)
    paths = [child.path for child in known]
    expand = _names(texts.get("expand", ""))
    if context.child is not None:  # what is below a child is named without it
        expand = [each if each == "all" else f"{context.child.path}.{each}" for each in expand]
    wanted = frozenset(paths if "all" in expand else expand)
    if strange := sorted(wanted - {*paths}):
        text = f"expand takes {', '.join([*paths, 'all'])}, not {quote_text(strange[0])}."
        raise malformed_error("wrong-parameter", text)
    links = not (read_flag(texts, "onlydata") or read_flag(texts, "excludelinks"))
    return View(_read_fields(texts, resource, context), visible_children(View(expand=wanted)), links)


def _read_fields(texts: Texts, resource: Resource, context: OracleRestContext) -> frozenset[str] | None:
    fields = frozenset(_names(texts.get("fields", "")))
    if strange := sorted(fields - {*member_names(resource, context), "links"}):
        text = f"fields names {quote_text(strange[0])}, which is no member of a part here."
        raise malformed_error("wrong-parameter", text)
    return fields or None


def _names(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def read_page(texts: Texts, settings: OracleRestSettings) -> Page:
    """Return which of the records found an answer has; raises ProblemError for a limit of 0 and what is no number."""
    limit, offset = (_read_number(texts, name) for name in ("limit", "offset"))
    if limit == 0:
        raise malformed_error("wrong-parameter", "limit is 1 or more.")
    is_told = limit is not None or offset is not None
    return Page(min(limit or settings.page, settings.page), offset or 0, is_told)


def _read_number(texts: Texts, name: str) -> int | None:
    text = texts.get(name)
    if text is None:
        return None
    if not NUMBER.fullmatch(text.strip()):
        raise malformed_error("wrong-parameter", f"{name} is a whole number, not {quote_text(text)}.")
    return int(text)
