"""The address of a resource, read from a path: percent-encoded, with or without the slash at the end."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from records.shapes.problems import Family, Problem, ProblemError
from records.shapes.resources import Resource
from records.shapes.values import quote_text
from webservices.wire.dialects.rest.names import (
    BASE,
    BATCH,
    METHODS,
    Entry,
    address_field,
    addressed_resources,
    has_batch,
    segment,
)
from webservices.wire.operations import Operation, Operations
from webservices.wire.query_string import Parameters


@dataclass(frozen=True)
class Address:
    """
    An address of a resource: of many, of one with its key, or of batches.

    parameters  the parameters of the query, without a key that is part of the address
    """

    resource: Resource
    entry: Entry
    key: str = ""
    parameters: Parameters = ()

    def methods(self, operations: Operations) -> dict[str, Operation | None]:
        """The methods of the address, with their operations; a batch names its own."""
        if self.entry is Entry.BATCH:
            return {"POST": None}
        verbs = METHODS[self.entry].items()
        found = {method: operations.get(self.resource.plural, verb) for method, verb in verbs}
        return {method: operation for method, operation in found.items() if operation is not None}


def allowed_methods(methods: Iterable[str]) -> list[str]:
    """Return the methods of an address as Allow has them: HEAD goes with GET, OPTIONS with all."""
    return [*(each for method in methods for each in ((method, "HEAD") if method == "GET" else (method,))), "OPTIONS"]


def find_address(method: str, path: str, parameters: Parameters, operations: Operations) -> Address:
    """Return the address that a request names; raises ProblemError when there is none."""
    # A key may hold slashes, encoded or not: all that follows the resource is the key.
    name, _, rest = path.removeprefix(BASE).partition("/")
    resources = {segment(resource): resource for resource in addressed_resources(operations).values()}
    resource = resources.get(unquote(name))
    if resource is None or not path.startswith(BASE):
        known = ", ".join(f"{BASE}{each}/" for each in resources)
        raise ProblemError(Problem("unknown-address", Family.NOT_FOUND, f"There is nothing here; known are {known}."))
    key = _key(rest.removesuffix("/"))
    if key == BATCH and has_batch(resource):
        return Address(resource, Entry.BATCH, parameters=parameters)
    if key:
        return Address(resource, Entry.ONE, key, parameters)
    return _collection_address(method, resource, parameters)


def _key(encoded: str) -> str:
    # Strictly: what is replaced by U+FFFD could be the key of another record.
    try:
        return unquote(encoded, errors="strict")
    except UnicodeDecodeError:
        raise ProblemError(Problem("wrong-key", Family.MALFORMED, "The key in the address is not UTF-8.")) from None


def _collection_address(method: str, resource: Resource, parameters: Parameters) -> Address:
    """The collection; or one record, when a method of one record comes with its key as a parameter."""
    # GET and POST mean the collection even so: there the parameter is a criterion like any other.
    name = address_field(resource).name
    keys = [text for parameter, text in parameters if parameter == name]
    if method in METHODS[Entry.MANY] or method not in METHODS[Entry.ONE] or not keys:
        return Address(resource, Entry.MANY, parameters=parameters)
    if len(keys) > 1 or not keys[0].strip():
        text = f"{method} here takes one {name}, not {', '.join(map(quote_text, keys))}."
        raise ProblemError(Problem("wrong-parameter", Family.MALFORMED, text))
    return Address(resource, Entry.ONE, keys[0], [pair for pair in parameters if pair[0] != name])
