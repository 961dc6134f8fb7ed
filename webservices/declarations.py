"""
The operations, resource by resource, at a glance.

What crosses two apps is put together here.
"""

from collections.abc import Callable
from dataclasses import replace

from customers.services import CONTACTS, CUSTOMER_PARTS, CUSTOMERS
from orders.services import SALES_ORDERS
from parts.models import Part
from parts.resources import PART
from parts.services import PARTS, PRICES
from records.child_services import ChildServices
from records.derive import gathered
from records.services import Services
from webservices.access.session_services import (
    SESSION,
    close_session,
    open_session,
    set_currency_of_session,
    show_session,
)
from webservices.operations import Operation, Operations, Special, Verb

BY_ANY_NUMBER = gathered(
    Part,
    "customer_part_numbers",
    source="customer_parts",
    column="number",
    help="What customers call it; a part is found by any of them.",
)
PARTS_BY_ANY_NUMBER = replace(PARTS, resource=replace(PART, fields=(*PART.fields, BY_ANY_NUMBER)))

RIGHTS = {
    Verb.FIND: ("view",),
    Verb.ADD: ("add",),
    Verb.UPDATE: ("change",),
    Verb.PUT: ("add", "change"),
    Verb.REMOVE: ("delete",),
}


def operations_on(services: Services | ChildServices) -> dict[tuple[str, Verb], Operation]:
    """The five verbs on a resource, each with its service, and with Django's model permissions."""
    resource, options = services.resource, services.model._meta
    answers = {
        Verb.FIND: services.find,
        Verb.ADD: services.add,
        Verb.UPDATE: services.update,
        Verb.PUT: services.put,
        Verb.REMOVE: services.remove,
    }
    return {
        (resource.plural, verb): Operation(
            verb,
            resource,
            tuple(f"{options.app_label}.{right}_{options.model_name}" for right in RIGHTS[verb]),
            service,
            services.find,
        )
        for verb, service in answers.items()
    }


def special(verb: Special, service: Callable, right: str, takes: tuple[str, ...] = ()) -> dict[tuple, Operation]:
    """An operation on the caller's session, with a permission of its own."""
    permissions = (f"webservices.{right}",)
    return {(SESSION.plural, verb): Operation(verb, SESSION, permissions, service, takes=takes)}


OPERATIONS = Operations(
    {
        **operations_on(PARTS_BY_ANY_NUMBER),
        **operations_on(PRICES),
        **operations_on(CUSTOMERS),
        **operations_on(CONTACTS),
        **operations_on(CUSTOMER_PARTS),
        **operations_on(SALES_ORDERS),
        **special(Special.OPEN, open_session, "open_session", takes=("currency",)),
        **special(Special.SHOW, show_session, "view_own_user"),
        **special(Special.SET_CURRENCY, set_currency_of_session, "set_currency_of_session", takes=("currency",)),
        **special(Special.CLOSE, close_session, "close_session"),
    }
)
