"""
The managers and their methods, as one table: the parameters of each, its answer, and its operation.

    productManager    searchProducts(session, criteria) → ProductArray      parts.find
                      getProduct(session, id) → Product                     parts.find
                      createProduct(session, product) → Product             parts.add
                      updateProduct(session, product) → Product             parts.update
                      deleteProduct(session, id) → Product                  parts.remove
    entityManager     bulkEntitySave(session, type, datas) → string         parts.put, customers.put …
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from webservices.wire.dialects.crm.modules import ADDED_ONLY, MODULES, find_plural, module_name
from webservices.wire.dialects.crm.names import SESSION, TYPES
from webservices.wire.operations import Action, Operation, Operations, Verb

API_KEY = "apiKey"
ARRAY = "Array"
CRITERIA = "SearchCriteria"
LOGIN = "PortalUserLoginDetails"


class MethodKind(Enum):
    """The kinds of methods, by what they take beside the session and what they answer."""

    SEARCH = "criteria; an array of records"
    GET = "an id; the record"
    RECORD = "a record; the record as it is stored"
    DELETE = "an id; nothing, or the record that was made inactive"
    BULK = "records as JSON; an entry for each that was saved, as JSON"
    ACTION = "texts; the records of the operation's answer"


@dataclass(frozen=True)
class Parameter:
    """
    One parameter: its name and its type, as the WSDL has it; a type of ours has no prefix.

    field            the hub's field of a text; "": a struct, with the fields that its operation takes
    to_hub, to_wire  turn its text here into the hub's, and back
    """

    name: str
    type: str
    field: str = ""
    to_hub: Callable[[str], str] = str.strip
    to_wire: Callable[[str], str] = str


@dataclass(frozen=True)
class Method:
    """
    One method of a manager.

    operations  its operation, by (plural, verb); `bulkEntitySave` has several, one for each type of record
    answer      the type of its return value
    credential  the parameter with the session, or with the API key
    """

    name: str
    manager: str
    kind: MethodKind
    operations: tuple[tuple[str, Verb | Action], ...]
    parameters: tuple[Parameter, ...]
    answer: str
    help: str
    credential: str = SESSION

    @property
    def payload(self) -> Parameter:
        """The last parameter."""
        return self.parameters[-1]


# In the place of a method that is not known, so that a fault can be written without asking whether there is one.
NO_METHOD = Method("", "", MethodKind.ACTION, (), (), "", "", credential="")

SESSION_PARAMETER = Parameter(SESSION, "CrmIntegrationWebserviceSession")
ID = Parameter("id", "xsd:int", "id")


def _build_record_methods(manager: str, plural: str, many: str) -> Iterator[Method]:
    """Build the five methods on a kind of record; `many` is its plural in words."""
    one = TYPES[plural]
    record, words = Parameter(one[0].lower() + one[1:], one), many.lower()

    def method(name: str, kind: MethodKind, verb: Verb, parameter: Parameter, help: str, answer: str = one) -> Method:
        return Method(name, manager, kind, ((plural, verb),), (SESSION_PARAMETER, parameter), answer, help)

    criteria = Parameter("criteria", f"{one}{CRITERIA}")
    yield method(
        f"search{one}s", MethodKind.SEARCH, Verb.FIND, criteria,
        f"Finds {words} by one field, in the order of their ids.",
        f"{one}{ARRAY}",
    )  # fmt: skip
    yield method(f"get{one}", MethodKind.GET, Verb.FIND, ID, "Gives the one with this id.")
    yield method(f"create{one}", MethodKind.RECORD, Verb.ADD, record, "Adds one; answers it as it is stored.")
    yield method(
        f"update{one}", MethodKind.RECORD, Verb.UPDATE, record,
        f"Changes the one with this id, or without an id the one with this {_number(plural)}. A member that is not "
        "sent, or nil, stays as it is; an empty one is cleared. Answers it as it is stored.",
    )  # fmt: skip
    yield method(
        f"delete{one}", MethodKind.DELETE, Verb.REMOVE, ID,
        "Deletes the one with this id and answers nil; one that is in use is made inactive instead and answered.",
    )  # fmt: skip


def _number(plural: str) -> str:
    return {"parts": "product_no", "customers": "account_no", "contacts": "contact_no"}.get(plural, "salesorder_no")


def _build_action(
    name: str, manager: str, plural: str, verb: Action, parameters: Sequence[Parameter], answer: str, help: str
) -> Method:
    return Method(name, manager, MethodKind.ACTION, ((plural, verb),), tuple(parameters), answer, help)


CREATE_SESSION = Method(
    name="createSession",
    manager="sessionManager",
    kind=MethodKind.ACTION,
    operations=(("sessions", Action.OPEN),),
    parameters=(Parameter(API_KEY, "xsd:string"),),
    answer=SESSION_PARAMETER.type,
    help="Opens a session with an API key; other methods take it first.",
    credential=API_KEY,
)
DESTROY_SESSION = _build_action(
    "destroySession",
    "sessionManager",
    "sessions",
    Action.CLOSE,
    [SESSION_PARAMETER],
    "xsd:boolean",
    "Ends the session.",
)
BULK = Method(
    "bulkEntitySave", "entityManager", MethodKind.BULK,
    tuple((plural, Verb.ADD if plural in ADDED_ONLY else Verb.PUT) for plural in MODULES.values()),
    (SESSION_PARAMETER, Parameter("type", "xsd:string"), Parameter("datas", "xsd:string")), "xsd:string",
    f"Saves records of one type: {', '.join(MODULES)}. datas is a JSON array of objects with the members of the type. "
    "One with an id, or with a number that is known, is changed, any other added; those of "
    f"{', '.join(module for module, plural in MODULES.items() if plural in ADDED_ONLY)} are only added. Answers a JSON "
    "array with an entry for each that was saved, in order; the header X-Problems says why others were not.",
)  # fmt: skip

AUTHENTICATE = _build_action(
    "authenticatePortalUser", "contactManager", "portal_users", Action.SIGN_IN,
    [SESSION_PARAMETER, Parameter("login", LOGIN)], TYPES["portal_users"],
    "Signs a contact in to a portal. Whatever is wrong, the fault reads the same.",
)  # fmt: skip
GET_FIELDS = _build_action(
    "getCrmFields", "fieldManager", "crm_fields", Action.SHOW,
    [SESSION_PARAMETER, Parameter("module", "xsd:string", "module", find_plural, module_name)],
    TYPES["crm_fields"] + ARRAY,
    f"The fields of a module: {', '.join(MODULES)}.",
)  # fmt: skip
GET_PICKLIST = _build_action(
    "getPicklistValues", "picklistManager", "picklist_values", Action.SHOW,
    [
        SESSION_PARAMETER,
        Parameter("picklist_id", "xsd:int", "picklist_id"),
        Parameter("language", "xsd:string", "language"),
    ],
    TYPES["picklist_values"] + ARRAY,
    "What a field may be chosen from; labels are kept in one language.",
)  # fmt: skip

METHODS: Sequence[Method] = (
    CREATE_SESSION,
    DESTROY_SESSION,
    AUTHENTICATE,
    *_build_record_methods("contactManager", "contacts", "Contacts"),
    *_build_record_methods("accountManager", "customers", "Accounts"),
    *_build_record_methods("productManager", "parts", "Products"),
    *_build_record_methods("salesorderManager", "sales_orders", "Sales orders"),
    GET_FIELDS,
    GET_PICKLIST,
    BULK,
)
MANAGERS: Mapping[str, Sequence[Method]] = {
    manager: tuple(method for method in METHODS if method.manager == manager)
    for manager in dict.fromkeys(method.manager for method in METHODS)
}

MANAGERS_BY_LOWER_CASE = {manager.lower(): manager for manager in MANAGERS}


def find_methods(operation: Operation) -> list[Method]:
    """Return the methods that call an operation: two for find, one or two for a write."""
    name = (operation.resource.plural, operation.verb)
    return [method for method in METHODS if name in method.operations]


def find_operation(method: Method, operations: Operations, plural: str = "") -> Operation | None:
    """
    Return the operation of a method; None where the hub has none.

    plural  the kind of record, where the method has an operation for each
    """
    names = [name for name in method.operations if plural in ("", name[0])]
    return operations.get(*names[0]) if names else None
