"""
SearchFields, both ways: how the customers of a call find their stored records.

    <SearchFields Priority="1">                 1: by these fields first, then by Id or ExternalId; else the reverse
      <SearchField>CRMAccountId</SearchField>
      <SearchCustomFields><CustomField><Name>Tier</Name></CustomField></SearchCustomFields>
    </SearchFields>
"""

from collections.abc import Iterable, Iterator

from records.shapes.matching import Matching, MatchRule
from records.shapes.problems import Problem, ProblemError, invalid_problem
from records.shapes.resources import Resource
from records.shapes.values import quote_text
from webservices.wire.dialects.sap.names import (
    CARRIED_FIELDS,
    CUSTOM,
    CUSTOM_FIELD,
    MATCH_FIELDS,
    NAMES,
    PRIORITY,
    SEARCH_CUSTOM,
    SEARCH_FIELD,
    SEARCH_FIELDS,
    custom_field,
    custom_name,
    hub_field,
)
from webservices.wire.dialects.sap.values import unknown_custom_field
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.writing import NOTHING, Markup, element

BY_ID = MatchRule(MATCH_FIELDS, first_only=True, caseless=True)
# SAP works customer after customer: one may find what an earlier one of the same call has just changed.
MATCHING_BY_ID = Matching((BY_ID,), sequential=True)
FIRST = "1"  # the Priority of fields that are searched by before the ids


def read_search(resource: Resource, search: Node | None) -> tuple[Matching, str]:
    """
    Read how customers are searched, and the custom field that each of them must carry for that; "": none.

    search  the element SearchFields; None: it was not sent

    Raises ProblemError for what cannot be read.
    """
    if search is None:
        return MATCHING_BY_ID, ""
    priority = search.attributes.get(PRIORITY, "").strip()
    if not priority:
        text = f"{SEARCH_FIELDS} needs the attribute {PRIORITY}: 1 searches by them first."
        raise ProblemError(unreadable(text))
    names = tuple(dict.fromkeys(_read_fields(resource, search)))
    custom = _read_custom_field(resource, search)
    fields = (*names, custom) if custom else names
    if not fields:
        return MATCHING_BY_ID, custom
    # The vendor's database compares texts without case, whatever they are.
    by_fields = MatchRule(fields, caseless=True)
    rules = (by_fields, BY_ID) if priority == FIRST else (BY_ID, by_fields)
    return Matching(rules, sequential=True), custom


def unreadable(text: str) -> Problem:
    """Build the problem of a document in `xml` that is not as it must be."""
    return invalid_problem(text, code="unreadable-xml")


def _read_fields(resource: Resource, search: Node) -> Iterator[str]:
    """Read the names in SearchField; a blank one says nothing."""
    for node in search.children:
        if node.name == SEARCH_FIELD:
            if spelled := node.text.strip():
                name = hub_field(spelled)
                if name not in CARRIED_FIELDS[resource.plural]:
                    raise ProblemError(unreadable(f"{SEARCH_FIELD} {quote_text(spelled)} is no field of a customer."))
                yield name
        elif node.name != SEARCH_CUSTOM:
            text = f"{SEARCH_FIELDS} holds {SEARCH_FIELD} and {SEARCH_CUSTOM}, not {quote_text(node.name)}."
            raise ProblemError(unreadable(text))


def _read_custom_field(resource: Resource, search: Node) -> str:
    """Read the one custom field; "": none is named."""
    names = [*_read_custom_names(search)]
    if len(names) > 1:
        raise ProblemError(unreadable(f"{SEARCH_CUSTOM} names at most one custom field; {len(names)} are named."))
    if not names:
        return ""
    field = custom_field(resource, names[0])
    if field is None:
        raise ProblemError(unknown_custom_field(resource, names[0]))
    return field.name


def _read_custom_names(search: Node) -> Iterator[str]:
    """Read the names in SearchCustomFields/CustomField/Name; a blank one says nothing."""
    for group in _filter_by_name(search.children, SEARCH_CUSTOM):
        for entry in _filter_by_name(group.children, CUSTOM_FIELD):
            for name in _filter_by_name(entry.children, "Name"):
                if name.text.strip():
                    yield name.text.strip()


def _filter_by_name(nodes: Iterable[Node], name: str) -> Iterator[Node]:
    return (node for node in nodes if node.name == name)


def write_search(matching: Matching) -> Markup:
    """Write SearchFields; nothing where customers are searched by Id or ExternalId alone."""
    rules = [rule for rule in matching.rules if rule != BY_ID]
    if not rules:
        return NOTHING
    priority = FIRST if matching.rules[0] != BY_ID else "0"
    return element(SEARCH_FIELDS, *_write_fields(rules[0]), attributes={PRIORITY: priority})


def _write_fields(rule: MatchRule) -> Iterator[Markup]:
    for name in rule.fields:
        if not name.startswith(CUSTOM):
            yield element(SEARCH_FIELD, NAMES[name])
    for name in rule.fields:
        if name.startswith(CUSTOM):
            yield element(SEARCH_CUSTOM, element(CUSTOM_FIELD, element("Name", custom_name(name))))
