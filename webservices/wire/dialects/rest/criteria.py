"""
The parameters of a list, both ways.

    ?number=PUMP-100                      =
    ?lead_time__gt=3&price.USD__lt=10     both must be met
    ?number__like=PUMP-%25                % is any text, _ any character
    ?company__ilike=acme%25               as like, without regard to case
    ?number__in=A,B\\,C                    two numbers, the second with a comma
    ?notes=                               without notes
    ?ordering=-changed_at,number          the latest first; those of one moment by their numbers
    ?search=pump&cursor=…&limit=100
"""

import re
from collections.abc import Iterable
from typing import cast

from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import ScalarField
from records.shapes.parsing import reader
from records.shapes.problems import ProblemError, invalid_problem, malformed_error
from records.shapes.resources import Resource
from records.shapes.values import quote_text
from webservices.wire.dialects.rest.names import COMPARATORS, RESERVED
from webservices.wire.query_string import Parameters

LONGEST_SEARCH = 1000  # characters
ITEM = re.compile(r"\\.|,|[^,\\]+|\\", re.DOTALL)
SUFFIXES = {comparator: suffix for suffix, comparator in COMPARATORS.items()}


def read_criteria(resource: Resource, parameters: Parameters) -> tuple[Criterion, ...]:
    """Return the criteria among the parameters; the core refuses fields that are not known."""
    return tuple(_criterion(resource, name, text) for name, text in parameters if name not in RESERVED)


def _criterion(resource: Resource, name: str, text: str) -> Criterion:
    comparator = Comparator.EQUAL
    stem, mark, suffix = name.rpartition("__")
    # A field may have __ in its own name: it goes before a comparator that it seems to end in.
    if mark and name not in resource.by_name:
        if suffix in COMPARATORS:
            name, comparator = stem, COMPARATORS[suffix]
        # What is neither a comparator nor behind a field is an unknown field, of which the core says more.
        elif stem.partition(".")[0] in resource.by_name:
            known = ", ".join(f"__{each}" for each in COMPARATORS)
            raise ProblemError(
                invalid_problem(f"{quote_text('__' + suffix)} is no comparator; {known} are.", code="wrong-comparator")
            )
    path = tuple(name.split(".", 1))
    return Criterion(path, comparator, tuple(_items(text)) if comparator is Comparator.IN else (text,))


def _items(text: str) -> list[str]:
    items = [""]
    for piece in ITEM.findall(text):
        if piece == ",":
            items.append("")
        else:
            items[-1] += piece[-1] if piece[0] == "\\" else piece
    return items


def write_parameters(criteria: Iterable[Criterion]) -> list[tuple[str, str]]:
    """Return the parameters that `read_criteria` turns back into these criteria."""
    parameters = []
    for criterion in criteria:
        name = ".".join(map(str, criterion.path))
        # Plain equality has no suffix, unless the name alone would be read as something else.
        if criterion.comparator is not Comparator.EQUAL or name in RESERVED or "__" in name:
            name += f"__{SUFFIXES[criterion.comparator]}"
        is_in = criterion.comparator is Comparator.IN
        text = (
            ",".join(re.sub(r"([\\,])", r"\\\1", each) for each in criterion.values) if is_in else criterion.values[0]
        )
        parameters.append((name, text))
    return parameters


def read_ordering(text: str) -> tuple[str, ...]:
    """Return the fields of an order, `-` before one that descends; the core refuses those that are not known."""
    return tuple(name for each in text.split(",") if (name := each.strip()))


def read_limit(text: str, longest: int) -> int:
    """Return the number of records that a page has; raises ProblemError."""
    if not re.fullmatch("[0-9]{1,9}", text, re.ASCII) or not 1 <= int(text) <= longest:
        raise malformed_error("wrong-limit", f"limit must be 1 to {longest:,}; {quote_text(text)} is not.")
    return int(text)


def read_search(text: str) -> str:
    """Return the words to find; raises ProblemError for what no text may hold."""
    try:
        return cast(str, reader(ScalarField("search", max_length=LONGEST_SEARCH))(text))
    except ProblemError as refused:
        raise ProblemError(refused.problem.under("search")) from None
