"""
The body of a search in Oracle CPQ's REST interface, read as a Call.

    POST /rest/v19/parts/actions/search
    {"criteria": {"q": {"partNumber": "PUMP-100"}, "keywords": ["pump"], "limit": 10},
     "context": {"pricebookVarName": "_default_price_book"}}
"""

from collections.abc import Mapping

from records.shapes.copying import replace
from records.shapes.problems import Family, Problem, ProblemError, malformed_error
from records.shapes.values import quote_text
from webservices.wire.dialects.oracle_rest.context import OracleRestContext, OracleRestSettings
from webservices.wire.dialects.oracle_rest.criteria import read_order, read_q
from webservices.wire.dialects.oracle_rest.names import PRICE_BOOK
from webservices.wire.dialects.oracle_rest.parameters import read_flag, read_page, read_view
from webservices.wire.dialects.oracle_rest.records import read_object
from webservices.wire.json import Json
from webservices.wire.messages import Call, WireRequest
from webservices.wire.operations import Operation

SEARCH_MEMBERS = ("q", "limit", "offset", "totalResults", "orderby", "orderBy", "keywords", "fields", "expand")


def read_search(
    request: WireRequest, operation: Operation, context: OracleRestContext, settings: OracleRestSettings
) -> Call:
    """Return the Call of a search; raises ProblemError for a member that it does not have, or that cannot be read."""
    body = read_object(request, settings)
    check_members(body, ("criteria", "context"), "A search")
    criteria = _object_member(body, "criteria")
    check_members(criteria, SEARCH_MEMBERS, "criteria")
    book = _object_member(body, "context")
    check_members(book, ("pricebookVarName",), "context")
    if (name := book.get("pricebookVarName")) not in (None, "", PRICE_BOOK):
        text = f"There is one price book, {PRICE_BOOK}, and no {quote_text(name)}."
        raise ProblemError(Problem("unknown-price-book", Family.INVALID, text))
    resource = operation.resource
    texts = {name.lower(): _as_text(name, value) for name, value in criteria.items() if name not in ("q", "keywords")}
    context = replace(context, view=read_view(texts, resource, context), page=read_page(texts, settings))
    q = criteria.get("q")
    return Call(
        operation,
        criteria=read_q(q, resource, context.language, settings.criteria_limit) if q else (),
        search=_as_text("keywords", criteria.get("keywords"), " "),
        limit=context.page.limit,
        offset=context.page.offset,
        order=read_order(texts.get("orderby", ""), resource, context.language),
        count=context.page.is_told and read_flag(texts, "totalresults"),
        context=context,
    )


def check_members(found: Mapping[str, Json], known: tuple[str, ...], what: str) -> None:
    """Raise ProblemError for a member of an object that has other members only."""
    if strange := [name for name in found if name not in known]:
        text = f"{what} has {', '.join(known)}, not {quote_text(strange[0])}."
        raise malformed_error("wrong-shape", text)


def _object_member(body: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    value = body.get(name)
    if value is not None and not isinstance(value, dict):
        raise malformed_error("wrong-shape", f"{name} is an object.")
    return value or {}


def _as_text(name: str, value: Json, separator: str = ",") -> str:
    """Return a member as the parameter of an address has it; raises ProblemError for an object in it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return separator.join(_as_text(name, each) for each in value)
        case dict():
            raise malformed_error("wrong-shape", f"{name} is no object.")
    return str(value)
