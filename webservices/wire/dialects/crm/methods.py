"""
The managers and their methods, as one table: what each takes, what it answers, and which operation of the hub it is.

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

from webservices.wire.dialects.crm.names import MODULES, SESSION, TYPES, kind_of, module_of
from webservices.wire.operations import Action, Operation, Operations, Verb

ARRAY = "Array"
CRITERIA = "SearchCriteria"
LOGIN = "PortalUserLoginDetails"


class Form(Enum):
    """What a method takes beside the session, and what it gives."""

    SEARCH = "criteria; an array of records"
    GET = "an id; the record"
    RECORD = "a record; the record as it is stored"
    DELETE = "an id; nothing, or the record that was made inactive"
    BULK = "records as JSON; what became of each as JSON"
    ACTION = "texts; what the operation says"


@dataclass(frozen=True)
class Parameter:
    """
    One parameter: its name and its type, as the WSDL has it; a type of ours has no prefix.

    field      of a text, the hub's field; a struct has those that its operation takes
    read, ask  between its text here and the hub's
    """

    name: str
    type: str
    field: str = ""
    read: Callable[[str], str] = str.strip
    to_wire: Callable[[str], str] = str


@dataclass(frozen=True)
class Method:
    """
    One method of a manager.

    operations  the operation that it is, by (plural, verb); `bulkEntitySave` is one of several
    answer      the type of what it returns
    credential  the parameter that says who is calling
    """

    name: str
    manager: str
    form: Form
    operations: tuple[tuple[str, Verb | Action], ...]
    parameters: tuple[Parameter, ...]
    answer: str
    help: str
    credential: str = SESSION

    @property
    def payload(self) -> Parameter:
        """The last parameter."""
        return self.parameters[-1]


WHO = Parameter(SESSION, "CrmIntegrationWebserviceSession")
ID = Parameter("id", "xsd:int", "id")


def _on_records(manager: str, plural: str, many: str) -> Iterator[Method]:
    """The five methods on a kind of record."""
    one = TYPES[plural]
    name = one[0].lower() + one[1:]
    record, words = Parameter(name, one), many.lower()

    def method(verb: str, form: Form, asked: Verb, parameter: Parameter, help: str, answer: str = one) -> Method:
        return Method(verb, manager, form, ((plural, asked),), (WHO, parameter), answer, help)

    criteria = Parameter("criteria", f"{one}{CRITERIA}")
    yield method(
        f"search{one}s", Form.SEARCH, Verb.FIND, criteria, f"Finds {words} by one field, in the order of their ids.",
        f"{one}{ARRAY}",
    )  # fmt: skip
    yield method(f"get{one}", Form.GET, Verb.FIND, ID, "Gives the one with this id.")
    yield method(f"create{one}", Form.RECORD, Verb.ADD, record, "Adds one; answers it as it is stored.")
    yield method(
        f"update{one}", Form.RECORD, Verb.UPDATE, record,
        f"Changes the one with this id, or without an id the one with this {_number(plural)}. A member that is not "
        "sent, or nil, stays as it is; an empty one is cleared. Answers it as it is stored.",
    )  # fmt: skip
    yield method(
        f"delete{one}", Form.DELETE, Verb.REMOVE, ID,
        "Deletes the one with this id and answers nil; one that is in use is made inactive instead and answered.",
    )  # fmt: skip


def _number(plural: str) -> str:
    return {"parts": "product_no", "customers": "account_no", "contacts": "contact_no"}.get(plural, "salesorder_no")


def _special(
    name: str, manager: str, plural: str, verb: Action, parameters: Sequence[Parameter], answer: str, help: str
) -> Method:
    return Method(name, manager, Form.ACTION, ((plural, verb),), tuple(parameters), answer, help)


CREATE_SESSION = Method(
    name="createSession",
    manager="sessionManager",
    form=Form.ACTION,
    operations=(("sessions", Action.OPEN),),
    parameters=(Parameter("apiKey", "xsd:string"),),
    answer=WHO.type,
    help="Opens a session with an API key; other methods take it first.",
    credential="apiKey",
)
DESTROY_SESSION = _special(
    "destroySession", "sessionManager", "sessions", Action.CLOSE, [WHO], "xsd:boolean", "Ends the session."
)
BULK = Method(
    "bulkEntitySave", "entityManager", Form.BULK, tuple((plural, Verb.PUT) for plural in MODULES.values()),
    (WHO, Parameter("type", "xsd:string"), Parameter("datas", "xsd:string")), "xsd:string",
    "Saves records of one type: datas is a JSON array of objects with the members of the type. One with an id, or with "
    "a number that is known, is changed, any other added. Answers a JSON array: what became of each, in order. When "
    "all of them fail, that is a fault.",
)  # fmt: skip

AUTHENTICATE = _special(
    "authenticatePortalUser", "contactManager", "portal_users", Action.SIGN_IN,
    [WHO, Parameter("login", LOGIN)], TYPES["portal_users"],
    "Signs a contact in to a portal. Whatever is wrong, the fault reads the same.",
)  # fmt: skip
GET_FIELDS = _special(
    "getCrmFields", "fieldManager", "crm_fields", Action.SHOW,
    [WHO, Parameter("module", "xsd:string", "module", kind_of, module_of)], TYPES["crm_fields"] + ARRAY,
    f"The fields of a module: {', '.join(MODULES)}.",
)  # fmt: skip
GET_PICKLIST = _special(
    "getPicklistValues", "picklistManager", "picklist_values", Action.SHOW,
    [WHO, Parameter("picklist_id", "xsd:int", "picklist_id"), Parameter("language", "xsd:string", "language")],
    TYPES["picklist_values"] + ARRAY,
    "What a field may be chosen from; labels are kept in one language.",
)  # fmt: skip

METHODS: Sequence[Method] = (
    CREATE_SESSION,
    DESTROY_SESSION,
    AUTHENTICATE,
    *_on_records("contactManager", "contacts", "Contacts"),
    *_on_records("accountManager", "customers", "Accounts"),
    *_on_records("productManager", "parts", "Products"),
    *_on_records("salesorderManager", "sales_orders", "Sales orders"),
    GET_FIELDS,
    GET_PICKLIST,
    BULK,
)
MANAGERS: Mapping[str, Sequence[Method]] = {
    manager: tuple(method for method in METHODS if method.manager == manager)
    for manager in dict.fromkeys(method.manager for method in METHODS)
}
BY_LOWER_CASE = {manager.lower(): manager for manager in MANAGERS}


def methods_of(operation: Operation) -> list[Method]:
    """Those that an operation is asked by."""
    name = (operation.resource.plural, operation.verb)
    return [method for method in METHODS if name in method.operations]


def operation_of(method: Method, operations: Operations, plural: str = "") -> Operation | None:
    """The operation that a method is; of one that is several, that on this kind of record."""
    names = [name for name in method.operations if plural in ("", name[0])]
    return operations.get(*names[0]) if names else None
