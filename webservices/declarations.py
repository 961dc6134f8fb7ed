"""
The operations, resource by resource, at a glance.

What crosses two apps is put together here; the services that answer the operations are in `SERVICES`.
"""

from collections.abc import Callable, Mapping

from parts import services as parts
from parts.resources import PART
from records.shapes.resources import Resource
from webservices.operations import Operation, Operations, Verb

RIGHTS = {
    Verb.FIND: ("view",),
    Verb.ADD: ("add",),
    Verb.UPDATE: ("change",),
    Verb.PUT: ("add", "change"),
    Verb.REMOVE: ("delete",),
}


def operations_on(resource: Resource, app: str) -> dict[tuple[str, Verb], Operation]:
    """The five verbs on a resource, with Django's model permissions of its app."""
    return {
        (resource.plural, verb): Operation(verb, resource, tuple(f"{app}.{right}_{resource.name}" for right in rights))
        for verb, rights in RIGHTS.items()
    }


OPERATIONS = Operations({**operations_on(PART, "parts")})

SERVICES: Mapping[str, Mapping[Verb, Callable]] = {
    "parts": {
        Verb.FIND: parts.find_parts,
        Verb.ADD: parts.add_parts,
        Verb.UPDATE: parts.update_parts,
        Verb.PUT: parts.put_parts,
        Verb.REMOVE: parts.remove_parts,
    },
}
