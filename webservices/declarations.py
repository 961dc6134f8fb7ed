"""
The operations, resource by resource, at a glance.

What crosses two apps is put together here.
"""

from collections.abc import Callable

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


def operations_on(
    resource: Resource, app: str, *, find: Callable, add: Callable, update: Callable, put: Callable, remove: Callable
) -> dict[tuple[str, Verb], Operation]:
    """The five verbs on a resource, each with its service, and with Django's model permissions of its app."""
    services = {Verb.FIND: find, Verb.ADD: add, Verb.UPDATE: update, Verb.PUT: put, Verb.REMOVE: remove}
    return {
        (resource.plural, verb): Operation(
            verb, resource, tuple(f"{app}.{right}_{resource.name}" for right in RIGHTS[verb]), service, find
        )
        for verb, service in services.items()
    }


OPERATIONS = Operations(
    {
        **operations_on(
            PART,
            "parts",
            find=parts.find_parts,
            add=parts.add_parts,
            update=parts.update_parts,
            put=parts.put_parts,
            remove=parts.remove_parts,
        ),
    }
)
