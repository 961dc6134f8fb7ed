"""
Expandable's names: its programs and calls by what they are about, and the spelling of fields.

    POST /api/customer-part-create

    {"PART_ID": "PUMP-100", "CUSTOMER_ID": "ACME", "CUST_PART_ID": "LARGE-HYDRAULIC-PUMP", …, "AUTH_TOKEN": "…"}

Names are upper-case, of at most 15 characters. What a kind of record has is listed in `master_programs` and
`order_programs`, and nowhere else (check webservices.E012 finds a field that the hub does not have). A field that is
added to the hub stays unknown here; a name that leads to no field of the hub is the vendor's alone, and kept as it is.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from records.shapes.problems import Path
from records.shapes.resources import VENDOR
from webservices.wire.dialects.expandable.context import ExpandableSettings
from webservices.wire.dialects.expandable.master_programs import (
    CUSTOMER,
    CUSTOMER_CONTACT,
    CUSTOMER_PART,
    PART,
    PRODUCT_PRICE,
)
from webservices.wire.dialects.expandable.order_programs import SALES_ORDER, SHIPMENT_TRANSACTION, SHIPMENTS_ENTRY
from webservices.wire.dialects.expandable.tables import (
    OLD_PASSWORD,
    OLD_TOKEN,
    PASSWORD,
    TOKEN,
    UNKNOWN_PREFIX,
    USER_NAME,
    Lines,
    PlainCall,
    Program,
)
from webservices.wire.operations import Action, Operation, Verb

BASE = "/api/"
HELP = "/help/"
VERBS: Mapping[Verb | Action, str] = {
    Verb.ADD: "create",
    Verb.UPDATE: "update",
    Verb.REMOVE: "delete",
    Verb.FIND: "query",
}

PROGRAMS: Mapping[str, Program] = {
    "parts": PART,
    "customers": CUSTOMER,
    "contacts": CUSTOMER_CONTACT,
    "customer_parts": CUSTOMER_PART,
    "prices": PRODUCT_PRICE,
    "sales_orders": SALES_ORDER,
    "shipments": SHIPMENT_TRANSACTION,
}
# Where records are made by a transaction, and not one by one.
ENTRIES: Mapping[str, Program] = {"shipments": SHIPMENTS_ENTRY}
ALL_PROGRAMS = (*PROGRAMS.values(), *ENTRIES.values())


def program_of(operation: Operation) -> Program | None:
    """Return the program of an operation as it is declared; None: there is none."""
    entry = ENTRIES.get(operation.resource.plural) if operation.verb is Verb.ADD else None
    program = entry or PROGRAMS.get(operation.resource.plural)
    return program if program is not None and operation.verb in program.verbs else None


PLAIN_CALLS: Mapping[tuple[str, Verb | Action], PlainCall] = {
    ("api_version", Action.SHOW): PlainCall(
        "api-version-get",
        "API Version, Get",
        "Returns the version of this API.",
        {"API_VERSION": "version"},
    ),
    ("auth_tokens", Action.OPEN): PlainCall(
        "auth-token-get",
        "Auth Token, Get",
        "Returns an Auth Token for a user of a data source; every call that needs one takes it as AUTH_TOKEN.",
        {TOKEN: "token"},
        {"DATA_SOURCE": "data_source"},
        login=(USER_NAME, PASSWORD),
    ),
    ("data_sources", Action.SHOW): PlainCall(
        "data-sources-get",
        "Data Sources, Get",
        "Returns the names of the data sources that there are: what DATA_SOURCE of Auth Token, Get may be.",
        {"DATA_SOURCES": "name"},
        is_list=True,
    ),
    ("server_time", Action.SHOW): PlainCall(
        "server-time-get",
        "Server Time, Get",
        "Returns the time of this server, in UTC.",
        {"SERVER_TIME": "at"},
    ),
}

# The older generation's, at addresses below its own resource.
OLD_PLAIN_CALLS: Mapping[tuple[str, Verb | Action], PlainCall] = {
    ("sessions", Action.OPEN): PlainCall(
        "Security/Login",
        "Security, Login",
        "Returns an AuthToken, as a header, for a user of a data source; other calls take it as the same header.",
        login=("UserName", OLD_PASSWORD),
        data_source="DataSource",
        token_header=OLD_TOKEN,
    ),
    ("sessions", Action.CLOSE): PlainCall(
        "Security/Logout",
        "Security, Logout",
        "Retires an AuthToken.",
        takes_token=True,
    ),
}


def find_plain_call(operation: Operation, *, old: bool = False) -> PlainCall:
    """Return the call that makes an operation about no record; raises KeyError where there is none."""
    return (OLD_PLAIN_CALLS if old else PLAIN_CALLS)[operation.resource.plural, operation.verb]


@lru_cache(maxsize=64)
def _extend(noun: str, names: tuple[str, ...]) -> Program:
    return next(each for each in ALL_PROGRAMS if each.noun == noun).extend(names)


def find_program(operation: Operation, settings: ExpandableSettings, *, old: bool = False) -> Program | None:
    """Return the program of an operation as the site has it; None: there is none."""
    program = program_of(operation)
    if program is None:
        return None
    further = settings.names.get(program.names_from or program.noun, ()) if program.is_open else ()
    extended = _extend(program.noun, tuple(further))
    return extended.old if old else extended


def spell(plural: str, path: Path, *, old: bool = False) -> str:
    """
    Spell the hub's path of a field as this wire does; a name that is no field's stays.

    `("rows", 0, "quantity")` of an order is `LINES[1].ORDER_QTY`, `("attachments", 1)` is `ATTACHMENTS[2]`.

    old  as the older generation does
    """
    name, *rest = path or ("",)
    program = PROGRAMS.get(plural)
    if str(name).startswith(UNKNOWN_PREFIX):
        return str(name).removeprefix(UNKNOWN_PREFIX) + _spell_steps(rest)
    if program is None:
        return _plain_names(plural).get(str(name), str(name))
    if program.lines is not None and name == program.lines.name:
        return (program.lines.old_member if old else program.lines.member) + _spell_line(program.lines, rest)
    if name == "active" and program.status:
        return program.status
    if name in program.problem_names:
        return program.problem_names[str(name)]
    if name == VENDOR and rest:
        return _spell_list(program, str(rest[0]), rest[1:], old=old)
    # Of the names that an audit field has here, the first: DATE_LAST_UPDT says the same as DATE_MODIFIED.
    audit = {"created_by": "CREATED_BY", "created_at": "DATE_CREATED", "changed_by": "MODIFIED_BY"}
    if name == "changed_at":
        return "TIME_LAST_UPDT" if "time" in rest else "DATE_MODIFIED"
    joined = {path: wire for wire, path in program.joined.items()}
    spelled = (
        program.wire_names.get(str(name)) or joined.get(path) or joined.get(path[:1]) or audit.get(str(name), str(name))
    )
    return spelled + "".join(f"[{step + 1}]" for step in rest if isinstance(step, int))


def _plain_names(plural: str) -> dict[str, str]:
    found = (plain for (about, _), plain in PLAIN_CALLS.items() if about == plural)
    return {name: wire for plain in found for wire, name in (*plain.outputs.items(), *plain.inputs.items())}


def _spell_list(program: Program, name: str, rest: Sequence[str | int], *, old: bool) -> str:
    """`COMMENTS[1].COMMENT_TEXT` of `("COMMENTS", 0, "COMMENT_TEXT")`, `PART_UM` of itself."""
    found = next((each for each in program.lists if name in (each.member, each.stored_name)), None)
    member = name if found is None else found.old_member if old else found.member
    return member + _spell_steps(rest)


def _spell_line(lines: Lines, rest: Sequence[str | int]) -> str:
    """`[1].ORDER_QTY` of `(0, "quantity")`."""
    steps = [step for step in rest if step != VENDOR]
    return _spell_steps([lines.wire_names.get(str(step), step) if isinstance(step, str) else step for step in steps])


def _spell_steps(steps: Sequence[str | int]) -> str:
    return "".join(
        f"[{step + 1}]" if isinstance(step, int) else f".{step.removeprefix(UNKNOWN_PREFIX)}" for step in steps
    )
