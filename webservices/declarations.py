"""
The operations, resource by resource, at a glance.

What crosses two apps is put together here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from django.db.models import Model

from customers.leads import LEAD, add_leads
from customers.models import Contact, Customer
from customers.services import CONTACTS, CUSTOMER_PARTS, CUSTOMERS
from customers.tables import COUNTRIES, CUSTOMER_TYPES, PORTALS, STATES, TERRITORIES
from orders.models import SalesOrder
from orders.potentials import POTENTIAL, add_potentials
from orders.services import SALES_ORDERS, SHIPMENTS
from orders.statuses import ORDER_STATUSES
from parts.models import Part
from parts.resources import PART
from parts.services import PARTS, PRICES
from parts.tables import CURRENCIES, LANGUAGES
from records.derive import reverse_list
from records.services import Services, log_call
from records.shapes.resources import Resource
from records.users import USERS
from webservices.access.portal_services import PORTAL_USER, sign_in
from webservices.access.session_services import (
    AUTH_TOKEN,
    SESSION,
    close_session,
    open_session,
    open_token,
    set_currency_of_session,
    show_session,
)
from webservices.access.user_services import NAME, USER, show_user
from webservices.introspection.fields import CRM_FIELD, PART_FIELD, show_fields, show_part_fields
from webservices.introspection.languages import LANGUAGE, show_languages
from webservices.introspection.picklists import PICKLIST_VALUE, show_picklist_values
from webservices.introspection.price_books import PRICE_BOOK, show_price_books
from webservices.introspection.server import (
    API_VERSION,
    DATA_SOURCE,
    SERVER_TIME,
    show_data_sources,
    show_time,
    show_version,
)
from webservices.wire.operations import Action, Operation, Operations, OwnOption, Verb

BY_ANY_NUMBER = reverse_list(
    Part,
    "customer_part_numbers",
    source="customer_parts",
    column="number",
    help="What customers call it; a part is found by any of them.",
)
PARTS_BY_ANY_NUMBER = replace(PARTS, resource=replace(PART, fields=(*PART.fields, BY_ANY_NUMBER)))

PERMISSIONS: Mapping[Verb | Action, tuple[str, ...]] = {
    Verb.FIND: ("view",),
    Verb.ADD: ("add",),
    Verb.UPDATE: ("change",),
    Verb.PUT: ("add", "change"),
    Verb.REMOVE: ("delete",),
    Action.CHECK: ("view",),
    Action.INACTIVATE: ("change",),
    Action.LOG: ("view",),
}


def operations_on(services: Services, *, readers: Sequence[str] = ()) -> dict[tuple[str, Verb | Action], Operation]:
    """
    Return the verbs and the triggers on a resource, each with its service, and with Django's model permissions.

    A table of the site has no triggers, which are those of published APIs.

    readers  further permissions, each of which allows to find the records
    """
    resource, options = services.resource, services.model._meta
    verbs: dict[Verb | Action, Callable] = {
        Verb.FIND: services.find,
        Verb.ADD: services.add,
        Verb.UPDATE: services.update,
        Verb.PUT: services.put,
        Verb.REMOVE: services.remove,
    }
    if not resource.site_table:
        verbs |= {Action.CHECK: services.check, Action.LOG: log_call}
        if "active" in resource.by_name:
            verbs[Action.INACTIVATE] = services.inactivate
    return {
        (resource.plural, verb): Operation(
            verb,
            resource,
            tuple(f"{options.app_label}.{prefix}_{options.model_name}" for prefix in PERMISSIONS[verb]),
            service,
            services.find,
            trial=verb is Action.CHECK,
            options=own_options(services, verb),
            or_permissions=tuple(readers) if verb is Verb.FIND else (),
        )
        for verb, service in verbs.items()
    }


def own_options(services: Services, verb: Verb | Action) -> tuple[OwnOption, ...]:
    """Return the options of a verb that not every write has: for totals, and for finished business."""
    options = []
    if services.has_totals and verb in (Verb.ADD, Verb.UPDATE, Verb.PUT):
        options.append(OwnOption("check_totals"))
    if services.import_permission and verb in (Verb.ADD, Verb.PUT):
        listed_as = f"{services.resource.plural}.import"
        options.append(OwnOption("import_finished", services.import_permission, listed_as))
    return tuple(options)


def addition(resource: Resource, service: Callable, *models: type[Model]) -> dict[tuple[str, Verb], Operation]:
    """Return the operation that adds something as records of these models; it is stored as they are, not by itself."""
    permissions = tuple(f"{model._meta.app_label}.add_{model._meta.model_name}" for model in models)
    return {(resource.plural, Verb.ADD): Operation(Verb.ADD, resource, permissions, service)}


def action(
    verb: Action, resource: Resource, service: Callable, permission: str, takes: tuple[str, ...] = ()
) -> dict[tuple, Operation]:
    """Return an operation beside the verbs, with a permission of its own, or with that of another app: `parts.add`."""
    named = permission if "." in permission else f"webservices.{permission}"
    return {(resource.plural, verb): Operation(verb, resource, (named,), service, takes=takes)}


def public(resource: Resource, service: Callable) -> dict[tuple, Operation]:
    """Return an operation that shows something to anybody."""
    return {(resource.plural, Action.SHOW): Operation(Action.SHOW, resource, (), service, public=True)}


RECORDS: tuple[Services, ...] = (
    PARTS_BY_ANY_NUMBER, PRICES, CUSTOMERS, CONTACTS, CUSTOMER_PARTS, SALES_ORDERS, SHIPMENTS,
)  # fmt: skip
# The tables of the site; each may be read by whoever may see what names its records.
TABLES: Mapping[Services, Sequence[str]] = {
    TERRITORIES: ("customers.view_customer", "orders.view_salesorder"),
    CUSTOMER_TYPES: ("customers.view_customer",),
    COUNTRIES: ("customers.view_customer",),
    STATES: ("customers.view_customer",),
    PORTALS: ("customers.view_contact",),
    ORDER_STATUSES: ("orders.view_salesorder",),
    LANGUAGES: ("parts.view_part",),
    CURRENCIES: ("parts.view_part", "parts.view_price", "customers.view_customerpart", "orders.view_salesorder"),
}
TABLE_OPERATIONS = {
    name: operation
    for services, readers in TABLES.items()
    for name, operation in operations_on(services, readers=readers).items()
}
USERS_BY_NAME = {
    name: operation
    for name, operation in operations_on(USERS, readers=("customers.view_customer", "orders.view_salesorder")).items()
    if operation.verb is Verb.FIND
}
ADDITIONS = {
    **addition(LEAD, add_leads, Customer, Contact),
    **addition(POTENTIAL, add_potentials, Customer, SalesOrder),
}
KINDS = {
    resource.plural: resource
    for resource in (
        *(services.resource for services in RECORDS),
        *(operation.resource for operation in ADDITIONS.values()),
    )
}

ACTIONS = {
    **action(Action.OPEN, SESSION, open_session, "open_session", takes=("currency",)),
    **action(Action.SHOW, SESSION, show_session, "view_own_user"),
    **action(Action.SET_CURRENCY, SESSION, set_currency_of_session, "set_currency_of_session", takes=("currency",)),
    **action(Action.CLOSE, SESSION, close_session, "close_session"),
    **action(Action.SHOW, USER, show_user, "view_own_user", takes=(NAME,)),
    **action(Action.SIGN_IN, PORTAL_USER, sign_in, "sign_in_portal_user", ("email", "password", "portal_id")),
    **action(Action.OPEN, AUTH_TOKEN, open_token, "get_auth_token", takes=("data_source",)),
    **action(Action.SHOW, CRM_FIELD, partial(show_fields, KINDS), "view_fields", takes=("module",)),
    **action(
        Action.SHOW, PICKLIST_VALUE, partial(show_picklist_values, KINDS), "view_picklists",
        takes=("picklist_id", "language"),
    ),
    **action(Action.SHOW, PART_FIELD, partial(show_part_fields, KINDS["parts"]), "view_fields"),
    **action(Action.SHOW, PRICE_BOOK, show_price_books, "parts.view_price"),
    **action(Action.SHOW, LANGUAGE, show_languages, "parts.view_part"),
    **public(API_VERSION, show_version),
    **public(DATA_SOURCE, show_data_sources),
    **public(SERVER_TIME, show_time),
}  # fmt: skip

OPERATIONS = Operations(
    {name: operation for services in RECORDS for name, operation in operations_on(services).items()}
    | TABLE_OPERATIONS
    | USERS_BY_NAME
    | ADDITIONS
    | ACTIONS
)
