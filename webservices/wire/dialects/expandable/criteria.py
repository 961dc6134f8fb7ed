"""
Query by example, the criteria of Expandable, both ways: one text says all that a field must be.

    PUMP002                  equal                      <>X             not equal
    >0   >=2016-01-01        greater, or equal          <100   <=10     less, or equal
    BETWEEN 10 AND 100       from 10 to 100             IN A,C          one of these; also IN 'CA','NV'
    MOTOR%   GC0000406_      like: % is any text, _ one character (of texts only)
    'IN STOCK'   'A_1'       exactly this text, whatever it looks like; a quote in it is doubled
    ''   <>''                without a value, with one

Keywords may be in any case. In quotes nothing means anything; what follows a comparator or stands in a list has no wild
cards.
"""

import re
from collections.abc import Sequence

from records.shapes.criteria import Comparator
from records.shapes.fields import Kind, ScalarField
from records.shapes.problems import ProblemError, invalid_problem
from records.shapes.values import quote_text
from webservices.wire.contracts.openapi_schemas import DAY, anchor, value_pattern

NOTATION: Sequence[tuple[str, str]] = (
    ("PUMP002", "equal"),
    ("<>X", "not equal"),
    (">0   >=2016-01-01", "greater, greater or equal"),
    ("<100   <=2019-05-30", "less, less or equal"),
    ("BETWEEN 10 AND 100", "from 10 to 100, both included"),
    ("IN A,C   IN 'CA','NV'", "one of these"),
    ("MOTOR%   GC0000406_", "like: % is any text, _ any one character; of texts only"),
    ("'GC_1'", "exactly this text: in quotes nothing has a meaning; a quote inside is doubled"),
    ("''   <>''", "without a value, with one"),
)

Condition = tuple[Comparator, tuple[str, ...]]

OPERATORS = {
    "<>": Comparator.NOT_EQUAL,
    ">=": Comparator.AT_LEAST,
    "<=": Comparator.AT_MOST,
    ">": Comparator.MORE,
    "<": Comparator.LESS,
}
WRITTEN = {comparator: operator for operator, comparator in OPERATORS.items()}
OPERAND = r"""'(?:[^']|'')*'|[^'].*?"""
OPERATOR = re.compile(r"(<>|>=|<=|>|<)\s*(.*)", re.DOTALL)
BETWEEN = re.compile(rf"BETWEEN\s+({OPERAND})\s+AND\s+({OPERAND})", re.DOTALL | re.IGNORECASE)
IN = re.compile(r"IN\s*(?:\((.*)\)|(?<=\s)(.*)|(?=')(.*))", re.DOTALL | re.IGNORECASE)
KEYWORD = re.compile(r"(BETWEEN|IN)[\s('].*", re.DOTALL | re.IGNORECASE)  # a state may be IN
# With possessive quantifiers, so that no list takes long to be found not well written.
ITEM = re.compile(r"""\s*+('(?:[^']|'')*+'|[^',]*+)\s*+(,|\Z)""", re.DOTALL)
QUOTED = re.compile(r"'((?:[^']|'')*)'", re.DOTALL)
WILD = re.compile("[%_]")
LONGEST = 20_000  # characters of one criterion
LONGEST_RANGE = 2_000  # of a BETWEEN, whose pattern takes time with the square of its length


def parse_criterion(text: str, is_text: bool = True) -> list[Condition]:
    """
    Return the conditions of a criterion, all of which must be met; raises ProblemError. Blank text has none.

    is_text  the field holds text: only then there are wild cards
    """
    text = text.strip()
    if not text:
        return []
    if len(text) > LONGEST:
        raise _error(f"{{field}}: a criterion has at most {LONGEST:,} characters.")
    if found := OPERATOR.fullmatch(text):
        return [(OPERATORS[found[1]], (_operand(found[2], is_text, found[1]),))]
    # Before quotes and wild cards: what begins like a keyword is one, or is an error that names its right form.
    if KEYWORD.fullmatch(text):
        return _keyword_conditions(text, is_text)
    if text.startswith("'"):
        return [(Comparator.EQUAL, (_unquote(text),))]
    if is_text and WILD.search(text):
        # LIKE in SQL has an escape sign, this notation has none: a backslash is a backslash.
        return [(Comparator.LIKE, (text.replace("\\", "\\\\"),))]
    return [(Comparator.EQUAL, (text,))]


def criterion_pattern(field: ScalarField) -> str:
    """
    Return the pattern of the criteria of a field that is no text, the blank one included.

    What it leaves out, such as a value in quotes, may be taken too.
    """
    if field.kind is Kind.BOOLEAN:
        return anchor(r"(?:<>)?\s*[YyNn]|(?:<>)?''|IN\s+[YyNn](?:,[YyNn])*", optional=True)
    # Of a moment a part is compared: a day, a number.
    value = DAY if field.kind is Kind.DATE else value_pattern(field)
    lead = rf"(?:<>|>=|<=|>|<)?\s*|BETWEEN\s+(?:{value})\s+AND\s+|IN\s+(?:(?:{value}),)*"
    return anchor(rf"(?:{lead})(?:{value})|(?:<>)?''", optional=True)


def _keyword_conditions(text: str, is_text: bool) -> list[Condition]:
    if text[:2].upper() == "IN":
        found = IN.fullmatch(text)
        items = _items(next(group for group in found.groups() if group is not None), is_text) if found else []
        if not items:
            raise _error("{field}: IN is written IN A,C or IN 'CA','NV'; a text that begins so goes in quotes.")
        return [(Comparator.IN, tuple(items))]
    found = BETWEEN.fullmatch(text) if len(text) <= LONGEST_RANGE else None
    # With a third AND it cannot be told which of them parts the two values.
    if found is None or _has_and(found[1]) or _has_and(found[2]):
        words = "{field}: BETWEEN is written BETWEEN 10 AND 100; a value with AND in it goes in quotes."
        raise _error(words)
    low, high = (_operand(each, is_text, "BETWEEN") for each in found.groups())
    return [(Comparator.AT_LEAST, (low,)), (Comparator.AT_MOST, (high,))]


def _has_and(operand: str) -> bool:
    return not operand.startswith("'") and re.search(r"\sAND\s", operand, re.IGNORECASE) is not None


def _items(text: str, is_text: bool) -> list[str]:
    """The values of a list; none when it is not well written."""
    # By matching on and on and not by splitting: a comma inside quotes parts nothing.
    items, at = [], 0
    while found := ITEM.match(text, at):
        if not found[1]:
            return []
        items.append(_operand(found[1].strip(), is_text, "IN"))
        if not found[2]:
            return items
        at = found.end()
    return []


def _operand(text: str, is_text: bool, after: str) -> str:
    """A value after a comparator or in a list, where wild cards mean nothing."""
    text = text.strip()
    if text.startswith("'"):
        return _unquote(text)
    if not text:
        raise _error(f"{{field}}: {after} needs a value; to ask for no value at all, write '' or <>''.")
    # An underscore is common in part numbers and can only be meant; a per cent sign is more likely a mistake.
    if is_text and "%" in text:
        raise _error(f"{{field}}: {after} takes no wild cards; to mean the % itself, write {_quote(text)}.")
    return text


def _unquote(text: str) -> str:
    found = QUOTED.fullmatch(text)
    if found is None:
        raise _error(f"{{field}}: {quote_text(text)} does not end its quotes; a quote inside them is doubled.")
    return found[1].replace("''", "'")


def _error(sentence: str) -> ProblemError:
    return ProblemError(invalid_problem(sentence, code="wrong-criterion"))


def write_criterion(conditions: Sequence[Condition], is_text: bool = True) -> str:
    """Return the criterion that `parse_criterion` reads as these conditions; raises ValueError where there is none."""
    # Two conditions are a range; a field has no other pair of them here.
    match conditions:
        case [(Comparator.AT_LEAST, (low,)), (Comparator.AT_MOST, (high,))]:
            return f"BETWEEN {_quote(low)} AND {_quote(high)}"
        case [(Comparator.EQUAL, (value,))]:
            # Plain where it can be, as people would write it; in quotes where it would mean something else.
            return value if _try_parse(value, is_text) == list(conditions) else _quote(value)
        case [(Comparator.IN, values)]:
            return f"IN {','.join(map(_quote, values))}"
        case [(Comparator.LIKE, (pattern,))]:
            text = pattern.replace("\\\\", "\\")
            if is_text and _try_parse(text) == list(conditions):
                return text
        case [(comparator, (value,))] if comparator in WRITTEN:
            plain = WRITTEN[comparator] + value
            return plain if _try_parse(plain, is_text) == list(conditions) else WRITTEN[comparator] + _quote(value)
    raise ValueError(f"Query by example has no way to say {conditions!r}.")


def _try_parse(text: str, is_text: bool = True) -> list[Condition] | None:
    try:
        return parse_criterion(text, is_text)
    except ProblemError:
        return None


def _quote(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def search_notes() -> list[str]:
    """Return the notation of criteria in words, for skeletons."""
    width = max(len(example) for example, _ in NOTATION)
    return [
        "A blank criterion asks nothing. What a criterion may be:",
        *(f"    {example.ljust(width)}    {meaning}" for example, meaning in NOTATION),
        "All fields but NOTES and ATTACHMENTS can be asked for, the audit fields too, such as DATE_CREATED.",
    ]
