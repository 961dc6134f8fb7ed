"""Every OpenAPI document keeps to what generators of clients survive: decision 0027, as rules."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from datetime import date

import pytest

from records.shapes.fields import Kind, ListField, ScalarField
from records.shapes.problems import ProblemError
from records.shapes.scalars import boolean_reader, date_reader, datetime_reader, decimal_reader, integer_reader
from webservices.declarations import OPERATIONS
from webservices.wire.contracts.openapi_schemas import DAY, anchor, value_pattern
from webservices.wire.dialects.registry import DIALECTS

CUSTOM = [
    ScalarField("custom_tier", label="Price", choices=(("", ""), ("A+ (new)", "")), custom=True),
    ScalarField("custom_field7", Kind.INTEGER, label="Size", choices=(("1", ""),), custom=True, nullable=True),
    ScalarField("custom_fits", Kind.BOOLEAN, label="Fits", default="true", custom=True),
    ScalarField("custom_sold", Kind.DATE, label="Sold", custom=True, required=True),
    ListField("custom_fields", label="Links", item=ScalarField("link"), custom=True),
]
PLURALS = {each.resource.plural for each in OPERATIONS if each.writes}
SITE = OPERATIONS.replace_resources(
    {plural: OPERATIONS.resource(plural).add_custom_fields(CUSTOM, 3) for plural in PLURALS}, 3
)
DOCUMENTS = {
    f"{dialect.name}{words}": json.loads(text)
    for operations, words in ((OPERATIONS, ""), (SITE, " of a site with fields of its own"))
    for dialect in DIALECTS
    if dialect.media == "json"
    for name, text in dialect.documents(operations, "http://testserver")
    if name == "openapi.json"
}
INT_32 = 2**31 - 1
# What a class is called in some language already, or in what a generator adds.
LANGUAGES = "any array boolean client configuration date dict error function int integer list long map number object"
LANGUAGE_NAMES = {*LANGUAGES.split(), "problemdetails", "record", "response", "set", "string", "symbol", "type", "void"}
Found = Iterable[object]


def walk(schema, place: str) -> Iterator[tuple[str, dict]]:
    """A schema and those in it that generators see, each with its place; what stands under `if` they pass over."""
    if isinstance(schema, dict):
        yield place, schema
        for name, each in schema.get("properties", {}).items():
            yield from walk(each, f"{place}/{name}")
        for name in ("items", "additionalProperties"):
            yield from walk(schema.get(name), f"{place}/{name}")
        for name in ("oneOf", "anyOf", "allOf"):
            for number, each in enumerate(schema.get(name, ())):
                yield from walk(each, f"{place}/{name}/{number}")


def operations(document) -> list:
    return [each for item in document["paths"].values() for each in item.values()]


def bodies(holder) -> list:
    return [media["schema"] for media in holder.get("content", {}).values()]


def requests(document) -> list:
    return [schema for each in operations(document) for schema in bodies(each.get("requestBody", {}))]


def responses(document) -> list:
    named = document["components"].get("responses", {}).values()
    return [
        schema
        for answers in (*(each["responses"].values() for each in operations(document)), named)
        for answer in answers
        for schema in bodies(answer)
    ]


def parameters(document) -> list:
    own = [each for operation in operations(document) for each in operation.get("parameters", ()) if "name" in each]
    return [*own, *document["components"].get("parameters", {}).values()]


def seen(document) -> list[tuple[str, dict]]:
    """All schemas that generators see."""
    roots = [(name, each) for name, each in document["components"]["schemas"].items()]
    roots += [("request", each) for each in requests(document)] + [("response", each) for each in responses(document)]
    roots += [(each["name"], each["schema"]) for each in parameters(document)]
    return [found for name, root in roots for found in walk(root, name)]


def reached(document, roots) -> dict[str, dict]:
    """The schemas with names that some schemas lead to."""
    found: dict[str, dict] = {}
    waiting = [*roots]
    while waiting:
        for _, each in walk(waiting.pop(), ""):
            name = each.get("$ref", "").rpartition("/")[2]
            if name and name not in found:
                found[name] = document["components"]["schemas"][name]
                waiting.append(found[name])
    return found


def folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def twice(names: Iterable[str]) -> list[str]:
    return [name for name, number in Counter(map(folded, names)).items() if number > 1]


def is_union(schema) -> bool:
    kinds = schema.get("type")
    return bool(schema.keys() & {"oneOf", "anyOf", "allOf"}) or (
        isinstance(kinds, list) and not (len(kinds) == 2 and "null" in kinds)
    )


def has_class(schema) -> bool:
    """True for an object of which a generator makes a class; one without a member is an object of the language."""
    return bool(schema.get("properties") or isinstance(schema.get("additionalProperties"), dict))


def is_narrow(schema) -> bool:
    kinds = schema.get("type", ())
    return "integer" in ([kinds] if isinstance(kinds, str) else kinds) and not (
        "format" in schema or schema.get("maximum", INT_32 + 1) <= INT_32
    )


def unknown_references(document) -> Found:
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document))):
        found = document
        for step in reference.split("/"):
            found = found.get(step, {})
        if not found:
            yield reference


def unused(document) -> Found:
    text = json.dumps(document)
    for kind in ("schemas", "parameters", "headers"):
        for name in document["components"].get(kind, {}):
            if f'"#/components/{kind}/{name}"' not in text:
                yield name


def unknown_schemes(document) -> Found:
    known = document["components"].get("securitySchemes", {})
    if not (document.get("servers") and document.get("security") and known):
        yield "no servers, no security"
    demands = [document.get("security", ()), *(each.get("security", ()) for each in operations(document))]
    yield from (name for demand in demands for choice in demand for name in choice if name not in known)


def lists_that_may_be_empty(document) -> Found:
    """Of an input: optional lists that are not nullable, which classes in Java set to [] and send."""
    for name, schema in reached(document, requests(document)).items():
        for member, each in schema.get("properties", {}).items():
            if each.get("type") == "array" and member not in schema.get("required", ()):
                yield f"{name}.{member}"


def different_answers(document) -> Found:
    for each in operations(document):
        answers = [bodies(answer) for status, answer in each["responses"].items() if status.startswith("2")]
        if len({json.dumps(answer) for answer in answers if answer}) > 1:
            yield each["operationId"]


# Look-around is unknown to Rust and Go, `\\u` to PCRE; PHP's clients write NUL as it is.
NOT_PORTABLE = re.compile(r"\(\?[^:]|\\u|\\x00|[+*}?]\+|\\[pPkAZbz]")


def patterns(found) -> Iterator[str]:
    """All patterns, wherever they stand."""
    for name, each in found.items() if isinstance(found, dict) else enumerate(found if isinstance(found, list) else ()):
        if name == "pattern" and isinstance(each, str):
            yield each
        yield from patterns(each)


RULES: dict[str, Callable[[dict], Found]] = {
    "nothing has a default": lambda document: [place for place, each in seen(document) if "default" in each],
    "no union": lambda document: [place for place, each in seen(document) if is_union(each)],
    "one answer for all statuses of success": different_answers,
    "every object and every map has a name": lambda document: [
        place
        for place, each in seen(document)
        if has_class(each) and ("/" in place or place not in document["components"]["schemas"])
    ],
    "no object is called by a title": lambda document: [
        place for place, each in seen(document) if has_class(each) and "title" in each
    ],
    "names of schemas differ without regard to case and signs": lambda document: twice(
        (*document["components"]["schemas"], *(f"{each['name']}Api" for each in document.get("tags", ())))
    ),
    "no schema is called as a language's own": lambda document: [
        name for name in document["components"]["schemas"] if folded(name) in LANGUAGE_NAMES
    ],
    "names of operations differ likewise": lambda document: twice(e["operationId"] for e in operations(document)),
    "names of members differ likewise": lambda document: [
        place for place, each in seen(document) if twice(each.get("properties", ()))
    ],
    "no member is called as its schema": lambda document: [
        name
        for name, each in document["components"]["schemas"].items()
        if folded(name) in map(folded, each.get("properties", ()))
    ],
    "names of an operation's parameters differ likewise": lambda document: [
        each["operationId"]
        for each in operations(document)
        if twice(one.get("name") or one["$ref"] for one in each.get("parameters", ()))
    ],
    "every enumeration has a name, and no empty value": lambda document: [
        place for place, each in seen(document) if "enum" in each and ("/" in place or {"", None} & {*each["enum"]})
    ],
    "nothing is read only": lambda document: [place for place, each in seen(document) if each.get("readOnly")],
    "an answer may have further members": lambda document: [
        name
        for name, each in reached(document, responses(document)).items()
        if each.get("additionalProperties") is False
    ],
    "an optional list that is sent may be null": lists_that_may_be_empty,
    "whole numbers have a width": lambda document: [place for place, each in seen(document) if is_narrow(each)],
    "what is required is a member": lambda document: [
        place for place, each in seen(document) if not {*each.get("required", ())} <= {*each.get("properties", ())}
    ],
    "a body that has members is required": lambda document: [
        each["operationId"]
        for each in operations(document)
        for schema in bodies(each.get("requestBody", {}))
        if "$ref" in schema and not each["requestBody"].get("required")
    ],
    "servers and ways to sign in are named": unknown_schemes,
    "every reference leads to something": unknown_references,
    "every component is used": unused,
    "every language compiles each pattern": lambda document: [
        each for each in {*patterns(document)} if NOT_PORTABLE.search(each)
    ],
}


@pytest.mark.parametrize("rule", RULES)
def test_every_document_keeps_to(rule):
    assert {name: found for name, each in DOCUMENTS.items() if (found := [*RULES[rule](each)])} == {}


def test_they_are_those_of_rest_and_expandable():
    assert {name.partition(" ")[0] for name in DOCUMENTS} == {"rest", "expandable"}
    assert len(DOCUMENTS) == 4


def schema(**keywords):
    """A change of a document: a schema Broken, which the first operation sends and answers."""

    def change(document):
        document["components"]["schemas"]["Broken"] = keywords
        content = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Broken"}}}}
        first = operations(document)[0]
        first["requestBody"], first["responses"]["200"] = content, {"description": "", **content}

    return change


def entry(*path, value):
    """A change of a document: another value at a place in it."""

    def change(document):
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = value

    return change


PATH = ("paths", "/api/v1/parts/")
TEXT, MAP = {"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}
CREATED = {"description": "", "content": {"application/json": {"schema": TEXT}}}
BROKEN = {
    "nothing has a default": schema(properties={"a": TEXT | {"default": ""}}),
    "no union": schema(properties={"a": {"type": ["string", "number"]}}),
    "one answer for all statuses of success": entry(*PATH, "get", "responses", "202", value=CREATED),
    "every object and every map has a name": schema(properties={"a": MAP}),
    "no object is called by a title": schema(title="Price", **MAP),
    "names of schemas differ without regard to case and signs": entry("components", "schemas", "NEW_PART", value=TEXT),
    "no schema is called as a language's own": entry("components", "schemas", "Error", value=TEXT),
    "names of operations differ likewise": entry(*PATH, "get", "operationId", value="add_parts"),
    "names of members differ likewise": schema(properties={"e_mail": TEXT, "EMail": TEXT}),
    "no member is called as its schema": schema(properties={"BROKEN": TEXT}),
    "names of an operation's parameters differ likewise": entry(
        *PATH, "get", "parameters", value=[{"name": name, "schema": TEXT} for name in ("a_b", "aB")]
    ),
    "every enumeration has a name, and no empty value": schema(enum=["", "a"]),
    "nothing is read only": schema(properties={"a": {"readOnly": True}}),
    "an answer may have further members": schema(additionalProperties=False),
    "an optional list that is sent may be null": schema(properties={"a": {"type": "array", "items": TEXT}}),
    "whole numbers have a width": schema(properties={"a": {"type": ["integer", "null"]}}),
    "what is required is a member": schema(required=["a"]),
    "a body that has members is required": schema(),
    "servers and ways to sign in are named": entry(*PATH, "get", "security", value=[{"oauth": []}]),
    "every reference leads to something": schema(items={"$ref": "#/components/schemas/Nobody"}),
    "every component is used": entry("components", "schemas", "Nobody", value=TEXT),
    "every language compiles each pattern": schema(pattern="^(?!IN)"),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_finds_what_breaks_it(rule):
    document = deepcopy(DOCUMENTS["rest"])
    BROKEN[rule](document)

    assert [*RULES[rule](document)]


def is_a_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def test_a_day_is_one_of_the_calendar():
    day = re.compile(f"^{DAY}$")
    texts = [
        f"{year}-{month:02}-{number:02}"
        for year in (1900, 2000, 2023, 2024)
        for month in range(14)
        for number in range(33)
    ]
    texts += [f"{year:04}-02-29" for year in range(10_000)]

    assert [text for text in texts if bool(day.match(text)) != is_a_day(text)] == []


# The values of a field as they are read, and as its pattern has them; an exponent is taken, and not announced.
FIELDS = {
    "a whole number": (ScalarField("x", Kind.INTEGER), integer_reader, "5 -5 +5 1.0 0x5 1.5 five 1_000 ٣"),
    "a decimal": (
        ScalarField("x", Kind.DECIMAL, digits=6, places=2),
        decimal_reader,
        "1 -1.25 1.2500 .5 5. 1.255 12345 00001 ,5",
    ),
    "true or false": (ScalarField("x", Kind.BOOLEAN), boolean_reader, "true True FALSE 1 0 yes t 2"),
    "a date": (
        ScalarField("x", Kind.DATE),
        date_reader,
        "2026-01-31 2026-02-30 2024-02-29Z 2026-01-31T00:00:00+02:00 20260131",
    ),
    "a moment": (
        ScalarField("x", Kind.DATETIME),
        datetime_reader,
        "2026-01-31T12:00:00Z 2026-01-31T12:00 2026-01-31 2026-01-31T12:00:00.5+02:00 2026-01-31T25:00 noon",
    ),
}


@pytest.mark.parametrize("kind", FIELDS)
def test_a_pattern_has_what_is_read(kind):
    field, reader, texts = FIELDS[kind]
    read, pattern = reader(field), re.compile(anchor(value_pattern(field), optional=False))

    for text in texts.split():
        try:
            taken = read(text) is not None
        except ProblemError:
            taken = False
        assert bool(pattern.match(text)) == taken, text
