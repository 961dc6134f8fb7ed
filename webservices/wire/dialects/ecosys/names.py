"""
EcoSys' names: paths, operations, elements, columns.

    an API named Part     ReadPart      PartReadRequestElement             PartReadResponseElement
                          UpdatePart    PartUpdateRequestElement           PartWriteResponseElement
                          CreatePart, CreateOrUpdatePart, DeletePart       likewise

The shape is open: every field of a resource appears by itself, named by `published.column_name`, but for LEFT_OUT.
"""

import re
from collections.abc import Mapping

from records.shapes.problems import Path
from records.shapes.resources import Resource
from webservices.wire.dialects.ecosys.published import DEFAULT_APIS, PublishedApi, camel_case, column_name
from webservices.wire.operations import TRIGGERS, Action, Verb

NAMESPACE = "http://ecosys.net/api/"
SUCCESS = "successFlag"  # of a Result that of the call, of an ObjectResult that of the object
COOKIE = "ECOSYSSESSION"
COOKIE_PATH = "/ecosys"

BASE = "/ecosys/api/"
SOAP_PATH = f"{BASE}soap/"
REST_XML_PATH = f"{BASE}restxml/"
REST_JSON_PATH = f"{BASE}restjson/"

VERBS: Mapping[Verb | Action, str] = {
    Verb.FIND: "Read",
    Verb.ADD: "Create",
    Verb.UPDATE: "Update",
    Verb.PUT: "CreateOrUpdate",
    Verb.REMOVE: "Delete",
    **dict.fromkeys(TRIGGERS, "Trigger"),
}
RESPONSES: Mapping[Verb | Action, str] = {Verb.FIND: "Read", **dict.fromkeys(TRIGGERS, "Trigger")}
EVENT_METHOD = "POST"
SWITCHES: Mapping[Verb | Action, tuple[str, ...]] = {
    Verb.FIND: ("may_read",),
    Verb.ADD: ("may_insert",),
    Verb.UPDATE: ("may_update",),
    Verb.PUT: ("may_insert", "may_update"),
    Verb.REMOVE: ("may_delete",),
}
# By the vendor's documents it is POST that creates or updates, and PUT that only creates.
METHODS: Mapping[str, Verb] = {
    "GET": Verb.FIND,
    "POST": Verb.PUT,
    "PUT": Verb.ADD,
    "DELETE": Verb.REMOVE,
    "PATCH": Verb.UPDATE,
}

EMPTY_IS_ABSENT = frozenset({"active"})  # a client that sends every column must not bring back a retired record
DECLINED = {
    "prices": "Not published at first: a part's object has its ordinary price.",
    "shipments": "Not published at first.",
}
# Of the columns by rule; a site may still publish a column on any of these fields.
LEFT_OUT = {
    "open_quantity": "Of rows; a client that was generated before there were shipments refuses what it does not know.",
    "id": "The internalId of an ObjectResult.",
    "version": "EcoSys' objects have no version; IfMatch demands one.",
    "created_at": "Not a column by rule.",
    "created_by": "Not a column by rule.",
    "changed_at": "Not a column by rule.",
    "changed_by": "Not a column by rule.",
    "customer_part_numbers": "Not a column by rule; a parameter may compare it.",
    "customer_id": "CustomerID says it; an object that is read, changed and sent back says no other.",
    "contact_id": "ContactID says it.",
    "assigned_user_id": "AssignedUser says it.",
    "owner_id": "Owner says it.",
    "prices": "Price holds the ordinary price in the site's currency; a column such as price.EUR shows another.",
}
UNKNOWN = ":"  # put before the id of an unknown column, lest the core take it for a field of its own


def namespace(api: PublishedApi) -> str:
    return NAMESPACE + api.name


def is_enabled(api: PublishedApi, verb: Verb | Action) -> bool:
    """True if the API's switches allow the verb (CreateOrUpdate needs both of its own), or if it is the API's event."""
    if api.event is not None or verb in TRIGGERS:
        return verb is api.event
    return all(getattr(api, switch) for switch in SWITCHES[verb])


def list_verbs(api: PublishedApi) -> tuple[Verb | Action, ...]:
    """List what requests to an API can ask, switched on or not."""
    return (api.event,) if api.event is not None else tuple(Verb)


def list_enabled(api: PublishedApi) -> list[Verb | Action]:
    """List what requests to an API may ask, in the order of the vendor's documents."""
    return [verb for verb in VERBS if is_enabled(api, verb)]


def operation_name(api: PublishedApi, verb: Verb | Action) -> str:
    """Return the name of an operation in the WSDL: `UpdatePart`."""
    return VERBS[verb] + api.name


def request_element(api: PublishedApi, verb: Verb | Action) -> str:
    """Return the element of a request: `PartUpdateRequestElement`."""
    return f"{api.name}{VERBS[verb]}RequestElement"


def response_element(api: PublishedApi, verb: Verb | Action) -> str:
    """Return the element of an answer: `PartReadResponseElement`; all writes share `PartWriteResponseElement`."""
    return f"{api.name}{RESPONSES.get(verb, 'Write')}ResponseElement"


def object_element(api: PublishedApi, verb: Verb | Action) -> str:
    """Return the element of an object: `Part`; for Delete, which needs its key alone, `PartKey`."""
    return f"{api.name}Key" if verb is Verb.REMOVE else api.name


def error_name(name: str) -> str:
    """Return the element, and the JSON member, of the sentence of a failed call to an API of a name: `PartError`."""
    return f"{name}Error"


def list_name(plural: str) -> str:
    """Return the JSON member that holds objects, called after the kind of record, not the API: `CustomerPartList`."""
    return camel_case(plural.removesuffix("s")) + "List"  # the hub's plurals are regular


def row_name(resource: Resource) -> str:
    """Return the element of one row: `Row`, `PortalUser`."""
    return camel_case(resource.name)


def caption(column_id: str) -> str:
    """Return the id of a column as people read it: `Cost Object ID` for `CostObjectID`."""
    # A space before a capital after a small letter, and before the last capital of an abbreviation: `ID Of Part`.
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_", " ", column_id)


def spell(plural: str, path: Path) -> str:
    """Spell a path by rule: `Price.USD` for `("price", "USD")`, `Rows[2].Quantity` for `("rows", 1, "quantity")`."""
    return spell_path(path, {}, plural)


def spell_path(path: Path, ids: Mapping[Path, str], plural: str) -> str:
    """
    Spell a path by the columns of an API, and by rule where it has none.

    ids  the ids of the API's columns by their paths
    """
    if not path:
        return ""
    length = next((length for length in (2, 1) if path[:length] in ids), 0)  # an entry's own column goes first
    text, rest = (ids[path[:length]], path[length:]) if length else (_spell_name(plural, str(path[0])), path[1:])
    in_row = bool(rest) and isinstance(rest[0], int)
    for step in rest:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{_spell_name('', step) if in_row else step}"
    return text


def _spell_name(plural: str, name: str) -> str:
    return name.removeprefix(UNKNOWN) if name.startswith(UNKNOWN) else column_name(plural, name)


DEFAULT_APIS_BY_PLURAL: Mapping[str, PublishedApi] = {api.plural: api for api in DEFAULT_APIS}


def file_name(plural: str) -> str:
    """Return the name of the files that describe the API of a kind of record: `customerParts`."""
    first, *others = plural.split("_")
    return first + "".join(map(str.capitalize, others))
