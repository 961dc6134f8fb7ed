"""
EcoSys' names: operations, elements, options, reason codes.

    an API named Part     ReadPart      PartReadRequestElement             PartReadResponseElement
                          UpdatePart    PartUpdateRequestElement           PartWriteResponseElement
                          CreatePart, CreateOrUpdatePart, DeletePart       likewise

The shape is open: every field of a resource appears by itself, named by `published.column_name`, but for LEFT_OUT.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from records.shapes.problems import Family, Path, Problem
from records.shapes.resources import Resource
from webservices.wire.dialects.ecosys.published import PUBLISHED_AT_FIRST, PublishedApi, camel, column_name
from webservices.wire.operations import Verb

NAMESPACE = "http://ecosys.net/api/"
COOKIE = "ECOSYSSESSION"
COOKIE_PATH = "/ecosys"

BASE = "/ecosys/api/"
SOAP_PATH = f"{BASE}soap/"
REST_XML_PATH = f"{BASE}restxml/"
REST_JSON_PATH = f"{BASE}restjson/"

VERBS: Mapping[Verb, str] = {
    Verb.FIND: "Read",
    Verb.ADD: "Create",
    Verb.UPDATE: "Update",
    Verb.PUT: "CreateOrUpdate",
    Verb.REMOVE: "Delete",
}
SWITCHES: Mapping[Verb, tuple[str, ...]] = {
    Verb.FIND: ("may_read",),
    Verb.ADD: ("may_insert",),
    Verb.UPDATE: ("may_update",),
    Verb.PUT: ("may_insert", "may_update"),
    Verb.REMOVE: ("may_delete",),
}
METHODS: Mapping[str, Verb] = {
    "GET": Verb.FIND,
    "POST": Verb.PUT,
    "PUT": Verb.ADD,
    "DELETE": Verb.REMOVE,
    "PATCH": Verb.UPDATE,
}

EMPTY_IS_ABSENT = frozenset({"active"})  # a client that sends every column must not bring back what was retired
LEFT_OUT = {
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
UNKNOWN = ":"  # before the id of a column that there is not, but that the hub might take for a field of its own
FAILURE, WARNING = "FAILURE", "WARNING"
DUPLICATE = "ESRC_DUPLICATE_IDENTIFIER"
DISALLOWED_BY_FILTER = "ESRC_DISALLOWED_BY_FILTER"
VALIDATION = "ESRC_VALIDATION_FAULT"


@dataclass(frozen=True)
class Standing:
    """
    What a family of problem is here.

    reason  the code of a failed object
    status  over REST, when the whole call failed
    blame   of a fault: whose it is
    """

    reason: str = VALIDATION
    status: int = 400
    blame: str = "Client"


FAMILIES: Mapping[Family, Standing] = {
    Family.MISSING: Standing("ESRC_MISSING_REQUIRED_VALUE"),
    Family.INVALID: Standing(),
    Family.DUPLICATE: Standing(DUPLICATE),
    Family.NOT_FOUND: Standing("ESRC_OBJECT_NOT_FOUND_BY_KEY"),
    Family.AMBIGUOUS: Standing("ESRC_UNRESOLVED_IDENTIFIER"),
    Family.UNRESOLVED: Standing("ESRC_UNRESOLVED_IDENTIFIER"),
    Family.IN_USE: Standing(),
    Family.FILTERED: Standing(DISALLOWED_BY_FILTER),
    Family.LOCKED: Standing("ESRC_DISALLOWED_BY_CONDFORMAT"),
    Family.CONFLICT: Standing(),
    Family.ROLLED_BACK: Standing(),
    Family.INTERNAL: Standing(status=500, blame="Server"),
    Family.MALFORMED: Standing(),
    Family.UNKNOWN_OPERATION: Standing(status=403),
    Family.TOO_LARGE: Standing(status=413),
    Family.UNAUTHENTICATED: Standing(status=401),
    Family.FORBIDDEN: Standing(status=403),
    Family.BUSY: Standing(status=503, blame="Server"),
}
UNKNOWN_API = "unknown-api"
STATUSES: Mapping[str, int] = {UNKNOWN_API: 404, "unknown-method": 405}  # of single problems, before their family


def standing_of(problem: Problem, verb: Verb | None = None) -> Standing:
    """
    What a problem is here. A record that is to be made is never looked for: where it is not found it is there, but
    outside of what the call may see.
    """
    if problem.family is Family.NOT_FOUND and verb in (Verb.ADD, Verb.PUT):
        return FAMILIES[Family.FILTERED]
    return FAMILIES[problem.family]


def status_of(problem: Problem) -> int:
    """Over REST, when the whole call failed."""
    return STATUSES.get(problem.code) or FAMILIES[problem.family].status


def namespace(api: PublishedApi) -> str:
    return NAMESPACE + api.name


def is_on(api: PublishedApi, verb: Verb) -> bool:
    """Whether the API's switches allow it."""
    return all(getattr(api, switch) for switch in SWITCHES[verb])


def operation_name(api: PublishedApi, verb: Verb) -> str:
    """`UpdatePart`, as the WSDL calls it."""
    return VERBS[verb] + api.name


def request_element(api: PublishedApi, verb: Verb) -> str:
    """`PartUpdateRequestElement`."""
    return f"{api.name}{VERBS[verb]}RequestElement"


def response_element(api: PublishedApi, verb: Verb) -> str:
    """`PartReadResponseElement`, and `PartWriteResponseElement` of all that write."""
    return f"{api.name}{'Read' if verb is Verb.FIND else 'Write'}ResponseElement"


def object_element(api: PublishedApi, verb: Verb) -> str:
    """`Part`, and `PartKey` where the key is all there is to say."""
    return f"{api.name}Key" if verb is Verb.REMOVE else api.name


def list_name(plural: str) -> str:
    """`CustomerPartList`: what holds objects in JSON, called after the kind of record and not after the API."""
    return camel(plural.removesuffix("s")) + "List"


def row_name(resource: Resource) -> str:
    """`Row`, `PortalUser`: the element of one row."""
    return camel(resource.name)


def caption(column_id: str) -> str:
    """`CostObjectID` is `Cost Object ID`: as people read it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_", " ", column_id)


def spell(plural: str, path: Path) -> str:
    """The column by rule: `Price.USD` of `("price", "USD")`, `Rows[2].Quantity` of `("rows", 1, "quantity")`."""
    return spelled(path, {}, plural)


def spelled(path: Path, ids: Mapping[Path, str], plural: str) -> str:
    """
    A path as a caller knows it.

    ids  of an API's columns, by the path of what each shows: a field, or one entry of a map
    """
    if not path:
        return ""
    shown = next((length for length in (2, 1) if path[:length] in ids), 0)
    text, rest = (ids[path[:shown]], path[shown:]) if shown else (_named(plural, str(path[0])), path[1:])
    in_row = bool(rest) and isinstance(rest[0], int)
    for step in rest:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{_named('', step) if in_row else step}"
    return text


def _named(plural: str, name: str) -> str:
    return name.removeprefix(UNKNOWN) if name.startswith(UNKNOWN) else column_name(plural, name)


DEFAULT_APIS: Mapping[str, PublishedApi] = {api.plural: api for api in PUBLISHED_AT_FIRST}


def file_name(plural: str) -> str:
    """`customerParts`: the name of the files that describe the API of a kind of record."""
    first, *others = plural.split("_")
    return first + "".join(map(str.capitalize, others))
