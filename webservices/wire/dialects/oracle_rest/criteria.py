"""
Criteria, both ways: `q`, and the order of what is found.

    {partNumber: 'PUMP-100'}                      =
    {leadTime: {$gte: 3, $lt: 10}, units: '1'}    all must be met
    {$or: [{leadTime: -1}, {leadTime: null}]}     one must be met
    {externalKey1: {$exists: true}}               has a value
    orderby=leadTime:desc,partNumber
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, product
from math import prod

from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import Kind
from records.shapes.parsing import unknown
from records.shapes.problems import Path, ProblemError, invalid_problem, malformed_error
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, quote_text
from webservices.wire.dialects.oracle_rest.members import find_code, read_choices
from webservices.wire.dialects.oracle_rest.names import (
    AND,
    CHILDREN,
    COMPARATORS,
    DISPLAY_VALUE,
    EXISTS,
    FLAGS,
    LOOKUP_CODE,
    OR,
    hub_name,
    is_described,
    is_lookup,
    spell,
)
from webservices.wire.dialects.oracle_rest.relaxed_json import read_relaxed
from webservices.wire.json import Json, to_values, write_json
from webservices.wire.messages import too_many_criteria_problem

OPERATORS = {comparator: name for name, comparator in COMPARATORS.items()}
MOST_CLAUSES = 100  # that alternatives are put into
KNOWN = f"{', '.join([*COMPARATORS, EXISTS])}, and {AND} and {OR} of lists"
CHILD_PATH = re.compile(r"([A-Za-z.0-9]+)\[([A-Za-z_]{1,12})\]", re.ASCII)
DESCENDING = "-"  # as the core has it


Clause = tuple[Criterion, ...]  # of which one must be met; a search must meet all of its clauses


def read_q(q: Json, resource: Resource, language: str, most: int) -> tuple[Criterion, ...]:
    """Return the criteria of a `q`, text or object; raises ProblemError. `most`: comparisons that it may have."""
    tree = read_relaxed(q) if isinstance(q, str) else q
    if not isinstance(tree, dict):
        raise malformed_error("wrong-q", "q is an object, such as {partNumber:'PUMP-100'}.")
    clauses = [*_read_object(tree, resource, language)]
    if sum(map(len, clauses)) > most:
        raise ProblemError(too_many_criteria_problem(most))
    return tuple(replace(first, others=tuple(others)) for first, *others in clauses)


def _read_object(tree: Mapping[str, Json], resource: Resource, language: str) -> Iterator[Clause]:
    for name, value in tree.items():
        if name in (AND, OR):
            if not isinstance(value, list) or not value or not all(isinstance(each, dict) and each for each in value):
                raise malformed_error("wrong-q", f"{name} takes a list of objects, none of them empty.")
            groups = [[*_read_object(each, resource, language)] for each in value if isinstance(each, dict)]
            yield from _distribute(groups) if name == OR else chain.from_iterable(groups)
        elif name.startswith("$"):
            raise _no_operator(name)
        else:
            yield from ((criterion,) for criterion in _read_field(name, value, resource, language))


def _distribute(groups: Sequence[Sequence[Clause]]) -> Iterator[Clause]:
    """
    Yield the clauses that together mean that all clauses of one group are met: (a and b) or c is (a or c) and (b or c).
    """
    if prod(map(len, groups)) > MOST_CLAUSES:
        text = f"The {OR} of q has too many conditions joined by {AND}; ask for them in several calls."
        raise ProblemError(invalid_problem(text, code="too-many"))
    yield from (tuple(dict.fromkeys(chain.from_iterable(clauses))) for clauses in product(*groups))


def _no_operator(name: str) -> ProblemError:
    return malformed_error("wrong-operator", f"{quote_text(name)} is no operator of q here; there are {KNOWN}.")


def _read_field(name: str, value: Json, resource: Resource, language: str) -> Iterator[Criterion]:
    path = read_path(name, resource, language)
    if not isinstance(value, dict):
        yield _compare(path, Comparator.EQUAL, value, resource)
        return
    for operator, operand in value.items():
        if operator in (LOOKUP_CODE, DISPLAY_VALUE):
            yield from _read_field(name, operand, resource, language)
        elif operator == EXISTS:
            is_there = to_values(operand)
            if is_there not in ("true", "false"):
                raise malformed_error("wrong-q", f"{EXISTS} is true or false.")
            yield Criterion(path, Comparator.NOT_EQUAL if is_there == "true" else Comparator.EQUAL)
        elif operator in COMPARATORS:
            yield _compare(path, COMPARATORS[operator], operand, resource)
        else:
            raise _no_operator(operator)


def _compare(path: Path, comparator: Comparator, operand: Json, resource: Resource) -> Criterion:
    value = "" if to_values(operand) is EMPTY else to_values(operand)
    if not isinstance(value, str):
        raise malformed_error("wrong-q", "A field is compared with one value: a text, a number, true, false or null.")
    field = resource.by_name.get(str(path[0]))
    if field is not None and value and is_lookup(field):
        value = find_code(read_choices(field), value)
    elif field is not None and field.kind is Kind.BOOLEAN:
        value = FLAGS.get(value.strip().lower(), value)
    return Criterion(path, comparator, (value,))


def read_path(name: str, resource: Resource, language: str) -> Path:
    """Return the path of a field by its name on the wire: `leadTime`, `prices[USD]`; the core refuses what is none."""
    if found := CHILD_PATH.fullmatch(name):
        for child in CHILDREN:
            for field in child.fields(resource):
                if spell((field.name, found[2])) == name:
                    return field.name, found[2]
    plain = name.removesuffix(f".{LOOKUP_CODE}").removesuffix(f".{DISPLAY_VALUE}")
    hub = hub_name(resource, plain)
    member = resource.by_name.get(hub)
    return (hub, language) if member is not None and is_described(member) else (hub,)


def equality(name: str, text: str) -> Criterion:
    """Return the criterion that a field has a value."""
    return Criterion((name,), Comparator.EQUAL, (text,))


def write_q(criteria: Sequence[Criterion], language: str) -> str:
    """Return the `q` that `read_q` turns back into these criteria, as JSON; raises KeyError for LIKE and IN."""
    return write_json(_write_all(criteria, language))


def _write_all(criteria: Sequence[Criterion], language: str) -> dict[str, object]:
    trees = [_write(each, language) for each in criteria]
    names = [name for tree in trees for name in tree]
    if len(set(names)) < len(names):
        return {AND: trees}
    return {name: value for tree in trees for name, value in tree.items()}


def _write(criterion: Criterion, language: str) -> dict[str, object]:
    if criterion.others:
        return {OR: [_write(each, language) for each in (replace(criterion, others=()), *criterion.others)]}
    value = criterion.values[0]
    if criterion.comparator in (Comparator.EQUAL, Comparator.NOT_EQUAL) and not value:
        test: object = {EXISTS: criterion.comparator is Comparator.NOT_EQUAL}
    elif criterion.comparator is Comparator.EQUAL:
        test = value
    else:
        test = {OPERATORS[criterion.comparator]: value}
    return {spell(criterion.path, language): test}


def read_order(text: str, resource: Resource, language: str) -> tuple[str, ...]:
    """Return the fields of an `orderby`, `-` before one that goes down; raises ProblemError for what is none."""
    return tuple(_read_order(each.strip(), resource, language) for each in text.split(",") if each.strip())


def _read_order(text: str, resource: Resource, language: str) -> str:
    name, _, direction = text.partition(":")
    path = read_path(name.strip(), resource, language)
    if str(path[0]) not in resource.by_name:
        raise ProblemError(unknown(resource, str(path[0])))
    if direction.strip().lower() not in ("", "asc", "desc"):
        raise malformed_error("wrong-order", f"orderby goes :asc or :desc, not {quote_text(':' + direction)}.")
    if len(path) > 1:
        raise ProblemError(invalid_problem("Records cannot be ordered by {field}.", code="no-order", path=path))
    return (DESCENDING if direction.strip().lower() == "desc" else "") + str(path[0])


def write_order(order: Sequence[str], language: str) -> str:
    """Return the `orderby` that `read_order` turns back into this order."""
    return ",".join(
        spell((each.removeprefix(DESCENDING),), language) + (":desc" if each.startswith(DESCENDING) else "")
        for each in order
    )
