"""
The body of a batch, both ways: any verb with n records, or with criteria.

    {"verb": "put", "records": [{"number": "PUMP-100", "units": 2, "version": 7}], "dry_run": true, "all_or_none": true}
    {"verb": "remove", "criteria": [{"field": "number", "comparator": "LIKE", "value": "OLD-%"}]}
    {"verb": "find", "criteria": [], "search": "pump", "ordering": "-units", "limit": 100, "cursor": "…"}
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from records.shapes.criteria import Comparator, Criterion
from records.shapes.problems import Family, Path, Problem, ProblemError
from records.shapes.values import EMPTY, Values, quote_text
from webservices.wire.dialects.rest.context import RestSettings
from webservices.wire.dialects.rest.criteria import read_limit, read_ordering, read_search
from webservices.wire.dialects.rest.names import COMPARATORS as FILTER_COMPARATORS
from webservices.wire.dialects.rest.routing import Address
from webservices.wire.dialects.rest.values import request_tree
from webservices.wire.json import Json, to_values
from webservices.wire.json_lists import LongJson, LongList
from webservices.wire.messages import Call, Options, Records, too_many_criteria_problem
from webservices.wire.operations import Action, Operation, Operations, Verb
from webservices.wire.options import FLAGS, own_options
from webservices.wire.query_string import read_cursor, write_cursor

# By the hub's own names of them, not by the suffixes of parameters; `<>` is SQL's `!=`.
COMPARATORS = {each.value: each for each in FILTER_COMPARATORS.values()} | {"<>": Comparator.NOT_EQUAL}

OPTIONS = ("dry_run", "all_or_none")  # of any write
LISTS = (list, LongList)
MEMBERS: Mapping[Verb | Action, tuple[str, ...]] = {
    Verb.FIND: ("verb", "criteria", "search", "ordering", "limit", "cursor"),
    Verb.ADD: ("verb", "records", *OPTIONS),
    Verb.UPDATE: ("verb", "records", *OPTIONS),
    Verb.PUT: ("verb", "records", *OPTIONS),
    Verb.REMOVE: ("verb", "records", "criteria", *OPTIONS),
}
TYPES: Mapping[str, tuple[type | tuple[type, ...], str]] = {
    "records": (LISTS, "a list of objects"),
    "criteria": (list, "a list of objects"),
    "search": (str, "text"),
    "ordering": (str, "text"),
    "limit": (int, "a whole number"),
    "cursor": (str, "text"),
    **dict.fromkeys((each.member for each in FLAGS), (bool, "true or false")),
}


def list_members(operation: Operation) -> tuple[str, ...]:
    """List the members of a batch that does an operation: those of its verb, and its own options."""
    return (*MEMBERS[operation.verb], *(option.member for option in own_options([operation])))


def wrong_shape(sentence: str, path: Path = ()) -> ProblemError:
    """The error of JSON that is none of the shapes that are taken here; the path is that in the body."""
    return ProblemError(Problem("wrong-shape", Family.MALFORMED, sentence, path))


def objects(found: LongJson, path: Path = ()) -> Iterator[dict[str, Json]]:
    """Return the objects of a list; raises ProblemError where one is none, before the first is looked at."""
    if isinstance(found, LongList):
        return iter(found)
    listed = found if isinstance(found, list) else []
    for index, each in enumerate(listed):
        if not isinstance(each, dict):
            raise wrong_shape(f"Record {index + 1} must be an object, not {json_kind(each)}.", (*path, index))
    return (each for each in listed if isinstance(each, dict))


def record_values(found: dict[str, Json]) -> Values:
    """Return the values of an object."""
    return {name: to_values(value) for name, value in found.items()}


def json_kind(found: LongJson) -> str:
    """The kind of a JSON value, in words: `a list`."""
    words = {dict: "an object", str: "text", bool: "true or false", type(None): "null"} | dict.fromkeys(LISTS, "a list")
    return words.get(type(found), "a number")


def read_batch(found: LongJson, address: Address, operations: Operations, settings: RestSettings) -> Call:
    """Return the Call of a batch's body; raises ProblemError."""
    if not isinstance(found, dict):
        raise wrong_shape(f"A batch is an object with a verb, not {json_kind(found)}.")
    # Models of some generators write null for every member that their user has not set.
    members: dict[str, Any] = {name: _to_whole(value) for name, value in found.items() if value is not None}
    operation = _operation(members.get("verb"), address, operations)
    _check_members(members, operation)
    flags: dict[str, Any] = {each.field: members.get(each.member) is True for each in FLAGS}
    call = Call(operation, options=Options(**flags))
    if operation.verb is Verb.FIND:
        limit = read_limit(str(members["limit"]), settings.longest_page) if "limit" in members else settings.page
        order = read_ordering(str(members.get("ordering", "")))
        after = read_cursor(address.resource, str(members["cursor"]), order) if "cursor" in members else ()
        criteria = tuple(_criteria(members.get("criteria", []), settings))
        search = read_search(str(members.get("search", "")))
        return replace(call, criteria=criteria, search=search, limit=limit, after=after, order=order)
    if ("records" in members) == ("criteria" in members):
        either = "records or criteria" if operation.verb is Verb.REMOVE else "records"
        raise wrong_shape(f"A batch that does {operation.verb} takes {either}.")
    if "criteria" in members:
        # No criterion at all would remove every record: that is no thing to ask for by a slip.
        if not members["criteria"]:
            raise wrong_shape("A removal by criteria needs at least one.", ("criteria",))
        return replace(call, criteria=tuple(_criteria(members["criteria"], settings)))
    return replace(call, records=Records(map(record_values, objects(members["records"], ("records",)))))


def _to_whole(value: Json | LongList) -> Any:
    """Return a number that has no fraction as a whole one, however it is written: 100.0."""
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else value


def _operation(verb: Json, address: Address, operations: Operations) -> Operation:
    offered = [each for each in Verb if operations.get(address.resource.plural, each)]
    operation = operations.get(address.resource.plural, Verb(str(verb))) if verb in offered else None
    if operation is None:
        words = quote_text(verb) if isinstance(verb, str) else json_kind(verb)
        raise wrong_shape(f"verb must be one of {', '.join(offered)}, not {words}.", ("verb",))
    return operation


def _check_members(found: Mapping[str, Any], operation: Operation) -> None:
    known = list_members(operation)
    for name, value in found.items():
        if name not in known:
            sentence = f"A batch that does {operation.verb} takes {', '.join(known)}, not {quote_text(name)}."
            raise wrong_shape(sentence, (name,))
        kind, words = TYPES.get(name, (object, ""))
        # In Python true is a number, in JSON it is none.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise wrong_shape(f"{name} must be {words}, not {json_kind(value)}.", (name,))


def _criteria(found: Json, settings: RestSettings) -> Iterator[Criterion]:
    if isinstance(found, list) and len(found) > settings.criteria_limit:
        raise ProblemError(too_many_criteria_problem(settings.criteria_limit))
    for index, each in enumerate(objects(found, ("criteria",))):
        path = ("criteria", index)
        if unknown := [name for name in each if name not in ("field", "comparator", "value")]:
            raise wrong_shape(
                f"A criterion has field, comparator, value, not {quote_text(unknown[0])}.", (*path, unknown[0])
            )
        name, comparator = each.get("field"), each.get("comparator", "=")
        if not isinstance(name, str):
            raise wrong_shape("A criterion names its field as text.", (*path, "field"))
        if not isinstance(comparator, str) or comparator.upper() not in COMPARATORS:
            raise wrong_shape(f"comparator must be one of {', '.join(COMPARATORS)}.", (*path, "comparator"))
        known = COMPARATORS[comparator.upper()]
        yield Criterion(tuple(name.split(".", 1)), known, _operands(each.get("value"), known, path))


def _operands(value: Json, comparator: Comparator, path: Path) -> tuple[str, ...]:
    found = to_values(value)
    values = found if isinstance(found, list) and comparator is Comparator.IN else [found]
    operands = tuple("" if each is EMPTY else each for each in values if each is EMPTY or isinstance(each, str))
    if not operands or len(operands) < len(values):
        takes = "a list of values" if comparator is Comparator.IN else "one value"
        raise wrong_shape(f"{comparator} takes {takes}.", (*path, "value"))
    return operands


def write_batch(call: Call) -> dict[str, Json]:
    """Write the body of a batch: `read_batch` turns it into the same call."""
    resource, options = call.operation.resource, call.options
    body: dict[str, Json] = {"verb": str(call.operation.verb)}
    if call.criteria is not None or call.operation.verb is Verb.FIND:
        body["criteria"] = [_criterion(each) for each in call.criteria or ()]
    else:
        body["records"] = [request_tree(resource, record) for record in call.records]
    if call.search:
        body["search"] = call.search
    if call.order:
        body["ordering"] = ",".join(call.order)
    if call.limit is not None:
        body["limit"] = call.limit
    if call.after:
        body["cursor"] = write_cursor(call.after, call.order)
    taken = list_members(call.operation)
    return body | {each.member: True for each in FLAGS if getattr(options, each.field) and each.member in taken}


def _criterion(criterion: Criterion) -> dict[str, Json]:
    name = ".".join(map(str, criterion.path))
    value: Json = list(criterion.values) if criterion.comparator is Comparator.IN else criterion.values[0]
    return {"field": name, "comparator": str(criterion.comparator), "value": value}
