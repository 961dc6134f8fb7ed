"""
The pieces of work that are done over HTTP, call by call: each side with its requests, and what makes an answer right.

A turn has records of its own, whose numbers begin with the turn's name; the digits behind differ from call to call.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count

from django.contrib.auth.models import User

from benchmarks import catalogue, stored
from benchmarks.contests import load
from benchmarks.environment import AUTHORIZATION, JSON, PASSWORD, USER, Wire
from benchmarks.http_ground import DRF, FLOOR, GUNICORN, HUB, NODE, SPYNE
from benchmarks.load import Slot, Template
from customers.services import CUSTOMERS
from parts.services import PARTS
from records.shapes.criteria import Comparator, Criterion
from records.shapes.matching import Matching, MatchRule
from webservices.access.services import make_key
from webservices.conf import server_settings
from webservices.declarations import OPERATIONS
from webservices.models import ApiKey
from webservices.wire.credentials import Bearer, Credentials, Password, SessionToken, SignedToken
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.crm.dialect import CRM
from webservices.wire.dialects.ecosys.dialect import ECOSYS
from webservices.wire.dialects.expandable.dialect import EXPANDABLE
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.dialects.sap.criteria import BY_ID
from webservices.wire.dialects.sap.dialect import SAP
from webservices.wire.messages import Call, WireRequest
from webservices.wire.operations import Action, Verb

# Marks of digits that differ from call to call; no request has them elsewhere.
NUMBER, EDITION, CUSTOMER = "98765", "54321", "93201"
PARTS_OF_ROWS = ("91301", "91302", "91303", "91304", "91305")
TURNS = count()
STORED_PARTS, UPDATED_PARTS, ORDERED_PARTS, ORDERING_CUSTOMERS = 10_000, 500, 500, 100


@dataclass(frozen=True)
class Side:
    """
    One who does a piece of work.

    server   who runs it: `hub` or a rival's name
    build    gives the template of a turn's calls, by the turn's name
    prepare  stores what a turn needs
    """

    name: str
    server: str
    build: Callable[[str], Template]
    prepare: Callable[[str], None] = lambda turn: None


@dataclass(frozen=True)
class Work:
    """
    A piece of work; its first side is the hub's, with which all others are compared.

    wanted   how many times as fast as a rival each of the hub's sides should be
    stored   lists what a turn has written; None: the work writes nothing, and answers are compared
    """

    title: str
    note: str
    sides: Sequence[Side]
    wanted: Mapping[str, float]
    stored: Callable[[str], list[tuple]] | None = None


def build_template(request: WireRequest, expected: Sequence[str], slots: Sequence[Slot]) -> Template:
    path = f"{request.path}?{request.query}" if request.query else request.path
    texts = tuple(text.encode() for text in expected)
    return Template(request.method, path, dict(request.headers), request.body, texts, tuple(slots))


def next_turn() -> str:
    """Return the name of a turn that no other one has."""
    return f"TURN{next(TURNS):03}"


def number_slot(modulo: int = 0) -> Slot:
    # By a prime, so that neighbours in time are none in the table.
    return Slot(NUMBER.encode(), step=7919 if modulo else 1, modulo=modulo)


# Reading one part.


def read_work(hub: Wire) -> Work:
    load(PARTS, catalogue.parts("READ", STORED_PARTS))
    load(CUSTOMERS, [_searched_customer(f"{number:05}") for number in range(100)])
    soap = Side("hub, SOAP 2.0", HUB, lambda turn: _read(ORACLE_2_0, Password(USER, PASSWORD)))
    key, token = open_session(hub), open_token(hub)
    rivals = [Side(name, name, soap.build) for name in (FLOOR, GUNICORN, NODE, SPYNE)]
    return Work(
        title="getParts of one part",
        note=(
            f"One of {STORED_PARTS:,} parts by its number, the caller named in each call: a UsernameToken over SOAP, "
            "Basic over REST, a session of CRM-service, a signed token of Expandable. SAP CPQ reads nothing by itself: "
            "its search is an ADDORUPDATE that finds a customer by its CRM account and has nothing to change. The hub "
            "stores each exchange, no rival does."
        ),
        sides=[
            soap,
            Side("hub, EcoSys", HUB, lambda turn: _read(ECOSYS, Password(USER, PASSWORD))),
            Side("hub, Expandable", HUB, lambda turn: _read(EXPANDABLE, token)),
            Side("hub, CRM-service", HUB, lambda turn: _read(CRM, key, method="searchProducts")),
            Side("hub, REST", HUB, lambda turn: _read(REST, Password(USER, PASSWORD))),
            Side("hub, SAP CPQ's search", HUB, lambda turn: _search_customer()),
            *rivals,
            Side(DRF, DRF, lambda turn: _drf("GET", f"/drf/parts/READ-{NUMBER}/", b"", [f'"READ-{NUMBER}"'])),
        ],
        wanted={NODE: 1, FLOOR: 0.5, SPYNE: 5, DRF: 8},
    )


def _read(dialect: Dialect, credentials: Credentials, method: str = "") -> Template:
    by_number = (Criterion(("number",), Comparator.EQUAL, (f"READ-{NUMBER}",)),)
    request = build_request(dialect, "parts", Verb.FIND, credentials, method, criteria=by_number)
    mark = f'"READ-{NUMBER}"' if dialect.media == "json" else f">READ-{NUMBER}<"
    return build_template(request, [mark], [number_slot(STORED_PARTS)])


def build_request(
    dialect: Dialect, plural: str, verb: Verb | Action, credentials: Credentials, method: str = "", **content: object
) -> WireRequest:
    """Build a request with these credentials; of several methods of a wire that do the same, that of this name."""
    operation = OPERATIONS.get(plural, verb)
    contexts = dialect.contexts(operation)
    named = [each for each in contexts if method and each.method.name == method]
    return dialect.build_request(Call(operation, credentials=credentials, **content), (named or contexts)[0])


def open_session(hub: Wire) -> SessionToken:
    """Open a session of CRM-service, with an API key made for it."""
    user = User.objects.get(username=USER)
    operations = [operation.name for operation in OPERATIONS if not operation.public]
    key = make_key(key=ApiKey(name="benchmark", user=user, operations=operations), by=user, at=datetime.now(UTC))
    answer = call(hub, build_request(CRM, "sessions", Action.OPEN, Bearer(key)))
    return SessionToken(re.search(rb"<sessionID[^>]*>([^<]+)<", answer)[1].decode())


def open_token(hub: Wire) -> SignedToken:
    """Get a token of Expandable's."""
    record = {"data_source": server_settings().data_source}
    request = build_request(EXPANDABLE, "auth_tokens", Action.OPEN, Password(USER, PASSWORD), records=[record])
    return SignedToken(re.search(rb'"AUTH_TOKEN": *"([^"]+)"', call(hub, request))[1].decode())


def call(hub: Wire, request: WireRequest) -> bytes:
    path = f"{request.path}?{request.query}" if request.query else request.path
    return hub.call(request.method, path, request.body, request.headers)


def _searched_customer(number: str) -> catalogue.Record:
    name = f"Byron {number}"
    return {"number": f"SEARCHED-{number}", "crm_account_id": f"CRM-{number}", "last_name": name, "company": name}


def _search_customer() -> Template:
    record = {name: text for name, text in _searched_customer(CUSTOMER).items() if name != "number"}
    matching = Matching((MatchRule(("crm_account_id",), caseless=True), BY_ID), sequential=True)
    request = build_request(
        SAP, "customers", Verb.PUT, Password(USER, PASSWORD), records=[record], matching=matching
    )  # fmt: skip
    return build_template(request, ["<Status>OK<"], [Slot(CUSTOMER.encode(), modulo=100)])


def _drf(method: str, path: str, body: bytes, expected: Sequence[str], slots: Sequence[Slot] = ()) -> Template:
    headers = {**AUTHORIZATION, **({"content-type": JSON} if body else {})}
    request = WireRequest(method, path, body, headers)
    return build_template(request, expected, slots or [number_slot(STORED_PARTS)])


# Writing one part, or one order.


def _part(turn: str, edition: str = "1") -> catalogue.Record:
    [record] = catalogue.parts(turn, 1)
    texts = {"notes": f"Comes with gasket, edition {edition}.", "description": {"en": f"Pump, edition {edition}"}}
    return {**record, "number": f"{turn}-{NUMBER}", **texts}


def add_work() -> Work:
    slots = [number_slot()]

    def soap(turn: str) -> Template:
        request = catalogue.build_request(ORACLE_2_0, "parts", Verb.ADD, records=[_part(turn)])
        return build_template(request, ["records_inserted>1<"], slots)

    def rest(turn: str) -> Template:
        request = catalogue.build_request(REST, "parts", Verb.ADD, records=[_part(turn)])
        return build_template(request, [f'"{turn}-{NUMBER}"'], slots)

    def drf(turn: str) -> Template:
        body = catalogue.drf_part(_part(turn))
        return _drf("POST", "/drf/documented/parts/new/", catalogue.to_json(body), [f'"{turn}-{NUMBER}"'], slots)

    return _write_work(
        "addParts of one part", "A part with a description, a price and three more fields.", soap, rest, drf
    )


def update_work() -> Work:
    slots = [replace(number_slot(), modulo=UPDATED_PARTS), Slot(EDITION.encode())]

    def prepare(turn: str) -> None:
        records = [_part(turn) | {"number": f"{turn}-{number:05}"} for number in range(UPDATED_PARTS)]
        load(PARTS, records)

    def soap(turn: str) -> Template:
        request = catalogue.build_request(ORACLE_2_0, "parts", Verb.UPDATE, records=[_part(turn, EDITION)])
        return build_template(request, ["records_updated>1<"], slots)

    def rest(turn: str) -> Template:
        request = catalogue.build_request(REST, "parts", Verb.UPDATE, records=[_part(turn, EDITION)])
        return build_template(request, [f'"{turn}-{NUMBER}"', f"edition {EDITION}"], slots)

    def drf(turn: str) -> Template:
        body = catalogue.to_json(catalogue.drf_part(_part(turn, EDITION)))
        path = f"/drf/documented/parts/{turn}-{NUMBER}/"
        return _drf("PATCH", path, body, [f'"{turn}-{NUMBER}"', f"edition {EDITION}"], slots)

    note = (
        f"Description and notes of one of {UPDATED_PARTS} parts are new; price and other fields are sent as they are."
    )
    return _write_work("updateParts of one part", note, soap, rest, drf, prepare)


def order_work() -> Work:
    load(PARTS, catalogue.parts("ORDERED", ORDERED_PARTS))
    load(CUSTOMERS, [{"number": f"BUYER-{n:05}", "company": f"Buyer {n}"} for n in range(ORDERING_CUSTOMERS)])
    slots = [
        number_slot(),
        Slot(CUSTOMER.encode(), modulo=ORDERING_CUSTOMERS),
        *(Slot(mark.encode(), 5, row, ORDERED_PARTS) for row, mark in enumerate(PARTS_OF_ROWS)),
    ]

    def record(turn: str) -> catalogue.Record:
        [order] = catalogue.orders(turn, 1, [f"ORDERED-{mark}" for mark in PARTS_OF_ROWS], [f"BUYER-{CUSTOMER}"])
        return {**order, "number": f"{turn}-{NUMBER}"}

    def soap(turn: str) -> Template:
        request = catalogue.build_request(ORACLE_2_0, "sales_orders", Verb.ADD, records=[record(turn)])
        return build_template(request, ["records_inserted>1<"], slots)

    def rest(turn: str) -> Template:
        request = catalogue.build_request(REST, "sales_orders", Verb.ADD, records=[record(turn)])
        return build_template(request, [f'"{turn}-{NUMBER}"'], slots)

    def drf(turn: str) -> Template:
        return _drf(
            "POST", "/drf/orders/", catalogue.to_json(catalogue.drf_order(record(turn))), [f'"{turn}-{NUMBER}"'], slots
        )

    note = "The customer, the status and five parts are named and looked up, totals computed."
    return replace(_write_work("an order of 5 rows", note, soap, rest, drf), stored=stored.list_orders)


def _write_work(
    title: str,
    note: str,
    soap: Callable[[str], Template],
    rest: Callable[[str], Template],
    drf: Callable[[str], Template],
    prepare: Callable[[str], None] = lambda turn: None,
) -> Work:
    floors = [Side(name, name, soap, prepare) for name in (FLOOR, GUNICORN)]
    return Work(
        title=title,
        note=f"{note} The floor writes the same rows in one transaction, Change and exchange too; DRF keeps neither.",
        sides=[
            Side("hub, SOAP 2.0", HUB, soap, prepare),
            Side("hub, REST", HUB, rest, prepare),
            *floors,
            Side(DRF, DRF, drf, prepare),
        ],
        wanted={DRF: 4, FLOOR: 0.5, GUNICORN: 0.5},
        stored=stored.list_parts,
    )


WORKS: Mapping[str, Callable[[Wire], Work]] = {
    "getParts of one part": read_work,
    "addParts of one part": lambda hub: add_work(),
    "updateParts of one part": lambda hub: update_work(),
    "an order of 5 rows": lambda hub: order_work(),
}
