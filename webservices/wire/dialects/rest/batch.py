"""
The body of a batch, both ways: any verb with n records, or with criteria.

    {"verb": "put", "records": [{"number": "PUMP-100", "units": 2, "version": 7}], "dry_run": true, "all_or_none": true}
    {"verb": "remove", "criteria": [{"field": "number", "comparator": "LIKE", "value": "OLD-%"}]}
    {"verb": "find", "criteria": [], "search": "pump", "limit": 100, "cursor": "…"}
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from records.shapes.criteria import Comparator, Criterion
from records.shapes.problems import Family, Path, Problem, ProblemError
from records.shapes.values import EMPTY, quoted
from webservices.wire.dialects.rest.filters import limit_of, search_of
from webservices.wire.dialects.rest.names import RestSettings
from webservices.wire.dialects.rest.routing import Place
from webservices.wire.dialects.rest.values import sent
from webservices.wire.json import Json, to_values
from webservices.wire.messages import Call, Options, Records
from webservices.wire.operations import Operation, Operations, Verb
from webservices.wire.query_string import cursor_after, key_of_cursor

COMPARATORS = {each.value: each for each in Comparator} | {"<>": Comparator.NOT_EQUAL}

OPTIONS = ("dry_run", "all_or_none")
MEMBERS: Mapping[Verb, tuple[str, ...]] = {
    Verb.FIND: ("verb", "criteria", "search", "limit", "cursor"),
    Verb.ADD: ("verb", "records", *OPTIONS),
    Verb.UPDATE: ("verb", "records", *OPTIONS),
    Verb.PUT: ("verb", "records", *OPTIONS),
    Verb.REMOVE: ("verb", "records", "criteria", *OPTIONS),
}
TYPES: Mapping[str, tuple[type, str]] = {
    "records": (list, "a list of objects"),
    "criteria": (list, "a list of objects"),
    "search": (str, "text"),
    "limit": (int, "a whole number"),
    "cursor": (str, "text"),
    "dry_run": (bool, "true or false"),
    "all_or_none": (bool, "true or false"),
}


def wrong_shape(sentence: str, path: Path = ()) -> ProblemError:
    """JSON that is none of the shapes that are taken here; the path is that of the JSON."""
    return ProblemError(Problem("wrong-shape", Family.MALFORMED, sentence, path))


def objects(found: Json, path: Path = ()) -> list[dict[str, Json]]:
    """A list of objects; raises ProblemError."""
    for index, each in enumerate(found):
        if not isinstance(each, dict):
            raise wrong_shape(f"Record {index + 1} must be an object, not {shape_of(each)}.", (*path, index))
    return found


def shape_of(found: Json) -> str:
    """What JSON is, in words."""
    words = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return words.get(type(found), "a number")


def read_batch(found: Json, place: Place, operations: Operations, settings: RestSettings) -> Call:
    """The Call of a batch's body; raises ProblemError."""
    if not isinstance(found, dict):
        raise wrong_shape(f"A batch is an object with a verb, not {shape_of(found)}.")
    operation = _operation(found.get("verb"), place, operations)
    _check_members(found, operation.verb)
    call = Call(operation, options=Options(**{name: found[name] for name in OPTIONS if name in found}))
    if operation.verb is Verb.FIND:
        limit = limit_of(str(found["limit"]), settings.longest_page) if "limit" in found else settings.page
        after = key_of_cursor(place.resource, found["cursor"]) if "cursor" in found else ()
        criteria = tuple(_criteria(found.get("criteria", [])))
        search = search_of(found.get("search", ""))
        return replace(call, criteria=criteria, search=search, limit=limit, after=after)
    if ("records" in found) == ("criteria" in found):
        either = "records or criteria" if operation.verb is Verb.REMOVE else "records"
        raise wrong_shape(f"A batch that does {operation.verb} takes {either}.")
    if "criteria" in found:
        if not found["criteria"]:
            raise wrong_shape("A removal by criteria needs at least one.", ("criteria",))
        return replace(call, criteria=tuple(_criteria(found["criteria"])))
    return replace(call, records=Records(map(to_values, objects(found["records"], ("records",)))))


def _operation(verb: Json, place: Place, operations: Operations) -> Operation:
    offered = [each for each in Verb if operations.get(place.resource.plural, each)]
    if verb not in offered:
        given = quoted(verb) if isinstance(verb, str) else shape_of(verb)
        raise wrong_shape(f"verb must be one of {', '.join(offered)}, not {given}.", ("verb",))
    return operations.get(place.resource.plural, Verb(verb))


def _check_members(found: dict[str, Json], verb: Verb) -> None:
    for name, value in found.items():
        if name not in MEMBERS[verb]:
            known = ", ".join(MEMBERS[verb])
            raise wrong_shape(f"A batch that does {verb} takes {known}, not {quoted(name)}.", (name,))
        kind, words = TYPES.get(name, (object, ""))
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise wrong_shape(f"{name} must be {words}, not {shape_of(value)}.", (name,))


def _criteria(found: list[Json]) -> Iterator[Criterion]:
    for index, each in enumerate(objects(found, ("criteria",))):
        path = ("criteria", index)
        if unknown := [name for name in each if name not in ("field", "comparator", "value")]:
            raise wrong_shape(
                f"A criterion has field, comparator, value, not {quoted(unknown[0])}.", (*path, unknown[0])
            )
        name, comparator = each.get("field"), each.get("comparator", "=")
        if not isinstance(name, str):
            raise wrong_shape("A criterion names its field as text.", (*path, "field"))
        if not isinstance(comparator, str) or comparator.upper() not in COMPARATORS:
            raise wrong_shape(f"comparator must be one of {', '.join(COMPARATORS)}.", (*path, "comparator"))
        chosen = COMPARATORS[comparator.upper()]
        yield Criterion(tuple(name.split(".", 1)), chosen, _operands(each.get("value"), chosen, path))


def _operands(value: Json, comparator: Comparator, path: Path) -> tuple[str, ...]:
    given = to_values(value)
    values = given if isinstance(given, list) and comparator is Comparator.IN else [given]
    if not values or not all(each is EMPTY or isinstance(each, str) for each in values):
        takes = "a list of values" if comparator is Comparator.IN else "one value"
        raise wrong_shape(f"{comparator} takes {takes}.", (*path, "value"))
    return tuple("" if each is EMPTY else each for each in values)


def write_batch(call: Call) -> dict[str, Json]:
    """Undoes `read_batch`."""
    resource, options = call.operation.resource, call.options
    body: dict[str, Json] = {"verb": str(call.operation.verb)}
    if call.criteria is not None or call.operation.verb is Verb.FIND:
        body["criteria"] = [_criterion(each) for each in call.criteria or ()]
    else:
        body["records"] = [sent(resource, record) for record in call.records]
    if call.search:
        body["search"] = call.search
    if call.limit is not None:
        body["limit"] = call.limit
    if call.after:
        body["cursor"] = cursor_after(resource, dict(zip(resource.order, call.after, strict=True)))
    return body | {name: True for name in OPTIONS if getattr(options, name) and name in MEMBERS[call.operation.verb]}


def _criterion(criterion: Criterion) -> dict[str, Json]:
    name = ".".join(map(str, criterion.path))
    value: Json = list(criterion.values) if criterion.comparator is Comparator.IN else criterion.values[0]
    return {"field": name, "comparator": str(criterion.comparator), "value": value}
