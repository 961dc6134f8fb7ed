"""The operations as this site has extended them, for a generation of its definitions."""

from functools import lru_cache

from records import customization
from webservices.declarations import OPERATIONS
from webservices.wire.operations import Operations


@lru_cache(maxsize=8)
def _extend(definitions_generation: int) -> Operations:
    definitions = customization.definitions(definitions_generation)
    resources = {operation.resource.plural: operation.resource for operation in OPERATIONS}
    extended = {plural: definitions.extend(resource) for plural, resource in resources.items()}
    return OPERATIONS.replace_resources(extended, definitions.generation)


def operations(generation: int) -> Operations:
    """Return the operations of a generation, as a Caller names it."""
    return _extend(generation)


def current_operations() -> Operations:
    """Return the operations as they are now (one query)."""
    return _extend(customization.current_generation())
