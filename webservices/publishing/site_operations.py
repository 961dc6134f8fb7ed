"""The operations as this site has extended them, for a generation of its definitions."""

from functools import lru_cache

from records import customization
from webservices.declarations import OPERATIONS
from webservices.wire.operations import Operations


@lru_cache(maxsize=8)
def _extended(definitions_generation: int) -> Operations:
    definitions = customization.definitions(definitions_generation)
    resources = {operation.resource.plural: operation.resource for operation in OPERATIONS}
    extended = {plural: definitions.extend(resource) for plural, resource in resources.items()}
    return OPERATIONS.replace_resources(extended, definitions.generation)


def operations(generation: int) -> Operations:
    """The operations of a generation, as a Caller names it."""
    return _extended(generation)


def current_operations() -> Operations:
    """The operations as they are now (one query)."""
    return _extended(customization.current_generation())
