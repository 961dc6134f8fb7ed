"""
Addresses of the children of a part in Oracle CPQ's REST interface, read as the part and the child that they name.

    /rest/v19/partSetups/PUMP-100/prices                  all prices of a part
    /rest/v19/partSetups/7/prices/4821                    one of them: its id says the part and the currency
    /rest/v19/partSetups/7/extendedDescriptions/{id}/translations
"""

from records.shapes.copying import replace
from records.shapes.criteria import Comparator, Criterion, Scope
from records.shapes.problems import Family, Problem, ProblemError
from records.shapes.resources import Resource
from records.shapes.values import Values, quote_text
from webservices.wire.dialects.oracle_rest.context import Entry, OracleRestContext
from webservices.wire.dialects.oracle_rest.criteria import equality
from webservices.wire.dialects.oracle_rest.names import Child, find_codes, split_child_id
from webservices.wire.dialects.oracle_rest.routing import CHILD_ID, ID, Address


def read_child_address(
    address: Address, child: Child, resource: Resource, context: OracleRestContext, named: dict[str, str]
) -> tuple[OracleRestContext, dict[str, str], Scope]:
    """
    Read the address of children, of one, or of what is below one; raises ProblemError for an id that none can have.

    Return the context with the currency or language, what names the part, and a scope in which it has the number that
    the address may say.
    """
    code = ""
    ids = [text for step, text in zip(_braces(address), address.texts, strict=True) if step == CHILD_ID]
    kinds = [child.parent, child] if child.parent else [child]
    number = named.get("number")
    for kind, text in zip(kinds, ids, strict=False):
        part, hashed = split_child_id(int(text)) if ID.fullmatch(text) else (-1, -1)
        codes = find_codes(kind, hashed, resource)
        if len(codes) != 1 or named.get("id", str(part)) != str(part):
            raise no_child_error(context, text)
        named, code = {"id": str(part)}, codes[0]
    scope = Scope(before=(equality("number", number),)) if number is not None and ids else Scope()
    if context.method == "GET" and scope.before:
        named = {**named, "number": str(number)}
    return replace(context, code=code), named, scope


def _braces(address: Address) -> list[str]:
    return [step for step in address.route.steps.split("/") if step.startswith("{")]


def no_child_error(context: OracleRestContext, text: str) -> ProblemError:
    """Return the error of a child that a part has not; `text` is what the address names it by."""
    name = context.child.path if context.child else ""
    sentence = f"Part {quote_text(context.key)} has no {name} {quote_text(text)}." if context.key else "There is none."
    return ProblemError(Problem("no-child", Family.NOT_FOUND, sentence))


def demand_children(scope: Scope, child: Child, resource: Resource, context: OracleRestContext) -> Scope:
    """Narrow a scope: a child that is below another needs that, one that is named is there, one to be added is not."""
    fields = [field.name for field in child.fields(resource)]
    some, own = _some_of([(name,) for name in fields]), _some_of([(name, context.code) for name in fields])
    this = some if child.is_one else own
    if context.entry is Entry.CHILD:
        return replace(scope, within=(this,))
    return replace(scope, locked=(this,), within=(some,) if child.parent else ())


def _some_of(paths: list[tuple[str, ...]]) -> Criterion:
    first, *others = (Criterion(path, Comparator.NOT_EQUAL) for path in paths)
    return replace(first, others=tuple(others))


def find_child_code(record: Values, child: Child, resource: Resource) -> str:
    """Return the currency or language of the child that a record of its part holds; "": the part has but one."""
    entries = (record.get(field.name) for field in child.fields(resource))
    codes = [code for each in entries if isinstance(each, dict) for code in each]
    return codes[0] if codes and not child.is_one else ""
