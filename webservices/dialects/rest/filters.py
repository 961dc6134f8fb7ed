"""
The parameters of a list, both ways.

    ?number=PUMP-100                      =
    ?lead_time__gt=3&price.USD__lt=10     both must be met
    ?number__like=PUMP-%25                % is any text, _ any character
    ?company__ilike=acme%25               as like, without regard to case
    ?number__in=A,B\\,C                    two numbers, the second with a comma
    ?notes=                               without notes
    ?search=pump&cursor=…&limit=100
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl

from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import Field, Kind
from records.shapes.problems import Family, Problem, Refused, invalid
from records.shapes.reading import reader
from records.shapes.resources import Resource
from records.shapes.values import Values, quoted
from webservices.dialects.rest.spelling import COMPARATORS, RESERVED
from webservices.json_text import read_json, write_json

MOST_PARAMETERS = 200
LONGEST_SEARCH = 1000  # characters
HIGHEST_ID = 2**63 - 1
ITEM = re.compile(r"\\.|,|[^,\\]+|\\", re.DOTALL)
SUFFIXES = {comparator: suffix for suffix, comparator in COMPARATORS.items()}

Parameters = Sequence[tuple[str, str]]


def parameters_of(query: str) -> Parameters:
    """The query's names and values in their order; raises Refused."""
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except UnicodeDecodeError:
        raise _malformed("wrong-parameter", "The address is not UTF-8.") from None
    except ValueError:
        raise _malformed("wrong-parameter", f"An address has at most {MOST_PARAMETERS} parameters.") from None


def _malformed(code: str, sentence: str) -> Refused:
    return Refused(Problem(code, Family.MALFORMED, sentence))


def criteria_of(resource: Resource, parameters: Parameters) -> tuple[Criterion, ...]:
    """The criteria among the parameters; whether a field is known is not decided here."""
    return tuple(_criterion(resource, name, text) for name, text in parameters if name not in RESERVED)


def _criterion(resource: Resource, name: str, text: str) -> Criterion:
    comparator = Comparator.EQUAL
    stem, mark, suffix = name.rpartition("__")
    if mark and name not in resource.by_name:
        if suffix in COMPARATORS:
            name, comparator = stem, COMPARATORS[suffix]
        elif stem.partition(".")[0] in resource.by_name:
            known = ", ".join(f"__{each}" for each in COMPARATORS)
            raise Refused(invalid(f"{quoted('__' + suffix)} is no comparator; {known} are.", code="wrong-comparator"))
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


def parameters_from(criteria: Iterable[Criterion]) -> list[tuple[str, str]]:
    """Undoes `criteria_of`."""
    parameters = []
    for criterion in criteria:
        name = ".".join(map(str, criterion.path))
        if criterion.comparator is not Comparator.EQUAL or name in RESERVED or "__" in name:
            name += f"__{SUFFIXES[criterion.comparator]}"
        is_in = criterion.comparator is Comparator.IN
        text = (
            ",".join(re.sub(r"([\\,])", r"\\\1", each) for each in criterion.values) if is_in else criterion.values[0]
        )
        parameters.append((name, text))
    return parameters


def limit_of(text: str, longest: int) -> int:
    """How many records a page has; raises Refused."""
    if not re.fullmatch("[0-9]{1,9}", text, re.ASCII) or not 1 <= int(text) <= longest:
        raise _malformed("wrong-limit", f"limit must be 1 to {longest:,}; {quoted(text)} is not.")
    return int(text)


def search_of(text: str) -> str:
    """The words to find; raises Refused for what no text may hold."""
    try:
        return reader(Field("search", max_length=LONGEST_SEARCH))(text)
    except Refused as refused:
        raise Refused(refused.problem.under("search")) from None


def _limited(field: Field) -> Field:
    """The field with what PostgreSQL can compare it to."""
    return replace(field, minimum=0, maximum=HIGHEST_ID) if field.kind is Kind.INTEGER else field


def cursor_after(resource: Resource, record: Values) -> str:
    """Where a list goes on after a record: what it is ordered by, in a form that a URL carries as it is."""
    key = [str(record.get(name) or "") for name in resource.order]
    return urlsafe_b64encode(write_json(key).encode()).decode().rstrip("=")


def key_of_cursor(resource: Resource, cursor: str) -> tuple[str, ...]:
    """Undoes `cursor_after`; raises Refused for what no list has given."""
    try:
        key = read_json(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        for name, text in zip(resource.order, key, strict=True):
            field = _limited(resource.by_name[name])
            if text or field.kind is Kind.INTEGER:
                reader(field)(text)
        return tuple(key)
    except (ValueError, TypeError, Refused):
        raise _malformed("wrong-cursor", f"{quoted(cursor)} is no cursor that this list gave.") from None
