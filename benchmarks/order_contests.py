"""The contests of sales orders: loaded in calls of many, changed, read alone and as a list."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

from benchmarks import catalogue
from benchmarks.catalogue import Record, build_request
from benchmarks.contests import DRF_HEADERS, NONE_FAILED, ONE_FAILED, Contest, load, prepare_call, read_each
from benchmarks.environment import AUTHORIZATION, HttpWire, Wire
from benchmarks.measure import Work
from customers.services import CUSTOMERS
from orders.services import SALES_ORDERS
from parts.services import PARTS
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.oracle.dialect import ORACLE_2_0
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.operations import Verb

AnyWire = Wire | HttpWire

BUYERS = [f"CUSTOMER-{number}" for number in range(100)]
ORDERED_PARTS, STORED_ORDERS = 500, 2_000
CALL, ROWS = 500, 4  # orders of a call, and rows of an order, as in the load of an ordinary company
LISTED = 100
ORDERS_A_SECOND, ONE_MS, LIST_MS = 2_000, 5, 50  # what is wanted
OUTCOMES = {"hub, SOAP": (NONE_FAILED, None), "hub, REST": (b'"created"', ONE_FAILED)}
DIALECTS = {"hub, SOAP": ORACLE_2_0, "hub, REST": REST}
WHOLE = "hub, REST, the records answered"
DRF_DOCUMENTED = "DRF, as documented"


def list_contests(hub: AnyWire, drf: AnyWire) -> list[Contest]:
    builders = (write_one_by_one, put_new_orders, put_known_orders, read_one_order, list_orders)
    return [build(hub, drf) for build in builders]


def load_what_is_ordered() -> Sequence[str]:
    """Store parts and customers of orders; return the parts' numbers."""
    parts = catalogue.parts("ORDERED", ORDERED_PARTS)
    load(PARTS, parts)
    load(CUSTOMERS, [{"number": number, "company": number.title()} for number in BUYERS])
    return [str(part["number"]) for part in parts]


def write_one_by_one(hub: AnyWire, drf: AnyWire) -> Contest:
    parts = load_what_is_ordered()

    def put(side: str, name: str, size: int) -> Work:
        return _prepare_put(hub, side, catalogue.orders(name, size, parts, BUYERS))

    def run_drf(name: str, size: int) -> Work:
        bodies = [catalogue.to_json(catalogue.drf_order(each)) for each in catalogue.orders(name, size, parts, BUYERS)]
        return lambda: [drf.call("POST", "/drf/orders/", body, DRF_HEADERS) for body in bodies]

    return Contest(
        title="In process: 1,000 orders of 5 rows in one call, against one by one",
        sides={**{side: partial(put, side) for side in DIALECTS}, "DRF": run_drf},
        minimum_ratios={"DRF": 10},
        size=1000,
        sizes=(10, 1000),
        note=(
            "Parts, customers and statuses are named and looked up, totals computed, all orders new. DRF: a nested "
            "writable serializer, rows created in bulk, one request and one transaction for each order."
        ),
        counted_sides=(*DIALECTS, "DRF"),
    )


def put_new_orders(hub: AnyWire, drf: AnyWire) -> Contest:
    """Build the contest of a load: PUTs of many orders, all new."""
    parts = load_what_is_ordered()

    def put(side: str, name: str, size: int) -> Work:
        return _prepare_put(hub, side, catalogue.orders(f"{name}-NEW", size, parts, BUYERS, ROWS))

    def put_and_read(name: str, size: int) -> Work:
        records = catalogue.orders(f"{name}-NEW", size, parts, BUYERS, ROWS)
        return _prepare_put(hub, "hub, REST", records, {"prefer": "return=representation"})

    def run_drf(name: str, size: int) -> Work:
        return _prepare_drf_put(drf, catalogue.orders(f"{name}-NEW", size, parts, BUYERS, ROWS))

    return Contest(
        title=f"In process: {CALL} orders in a PUT, all new",
        sides={**{side: partial(put, side) for side in DIALECTS}, WHOLE: put_and_read, DRF_DOCUMENTED: run_drf},
        minimum_ratios={DRF_DOCUMENTED: 10},
        maximum_ratios={"hub, REST": 1.15},
        size=CALL,
        sizes=(10, CALL),
        note=(
            f"An order has {ROWS} rows, as the load of an ordinary company has them. Parts, customers and statuses are "
            "named and looked up, totals computed. The hub answers an outcome for each order; over REST, where the "
            "caller prefers it, with the order as it is then, which it finds for that. DRF: a nested "
            "`ModelSerializer(many=True)` in one transaction, one `create` for each order and each row, an answer of "
            "two numbers; no exchange and no history."
        ),
        counted_sides=(*DIALECTS, WHOLE, DRF_DOCUMENTED),
        unit="orders",
        limits=dict.fromkeys(DIALECTS, f"≥ {ORDERS_A_SECOND:,} orders/s"),
    )


def put_known_orders(hub: AnyWire, drf: AnyWire) -> Contest:
    parts = load_what_is_ordered()

    def store_and_change(name: str, size: int) -> list[Record]:
        load(SALES_ORDERS, catalogue.orders(f"{name}-KNOWN", size, parts, BUYERS, ROWS)[::2])
        return catalogue.orders(f"{name}-KNOWN", size, parts, BUYERS, ROWS, edition=2)

    def put(side: str, name: str, size: int) -> Work:
        return _prepare_put(hub, side, store_and_change(name, size))

    def run_drf(name: str, size: int) -> Work:
        return _prepare_drf_put(drf, store_and_change(name, size))

    return Contest(
        title=f"In process: every second of {CALL} orders known, with other rows",
        sides={**{side: partial(put, side) for side in DIALECTS}, DRF_DOCUMENTED: run_drf},
        minimum_ratios={DRF_DOCUMENTED: 10},
        maximum_ratios={"hub, REST": 1.15},
        size=CALL,
        sizes=(10, CALL),
        note="The same, but half of the orders are there already, and each of their rows has another price.",
        counted_sides=(*DIALECTS, DRF_DOCUMENTED),
        unit="orders",
        limits=dict.fromkeys(DIALECTS, f"≥ {ORDERS_A_SECOND:,} orders/s"),
    )


def _read(wire: AnyWire, path: str, expected: str, query: str = "") -> bytes:
    """Get what is at an address; raises AssertionError where the expected text is not in it."""
    answer = wire.call("GET", path, headers=AUTHORIZATION, query=query)
    if f'"{expected}"'.encode() not in answer:
        raise AssertionError(f"The answer has no {expected}: {answer[:2000].decode()}")
    return answer


def _read_list(wire: AnyWire, path: str, query: str) -> None:
    """Get a list; raises AssertionError where it has not as many orders as it should."""
    found = json.loads(_read(wire, path, "results", query))["results"]
    if [len(order["rows"]) for order in found] != [ROWS] * LISTED:
        raise AssertionError(f"The list has {len(found)} orders.")


def _prepare_put(hub: AnyWire, side: str, records: Sequence[Record], headers: dict[str, str] | None = None) -> Work:
    dialect: Dialect = DIALECTS[side]
    request = build_request(dialect, "sales_orders", Verb.PUT, records=records)
    return prepare_call(hub, replace(request, headers={**request.headers, **(headers or {})}), *OUTCOMES[side])


def _prepare_drf_put(drf: AnyWire, records: Sequence[Record]) -> Work:
    body = catalogue.to_json([catalogue.drf_order(each) for each in records])
    return partial(drf.call, "PUT", "/drf/documented/orders/", body, DRF_HEADERS)


def _load_orders() -> None:
    load(SALES_ORDERS, catalogue.orders("READ", STORED_ORDERS, load_what_is_ordered(), BUYERS[:5], ROWS))


def read_one_order(hub: AnyWire, drf: AnyWire) -> Contest:
    """Build the contest of reading one order with its rows, by its number."""
    _load_orders()

    def rest(place: str) -> Work:
        return partial(_read, hub, f"/api/v1/sales-orders/{place}/", place)

    def run_drf(place: str) -> Work:
        return partial(_read, drf, f"/drf/orders/{place}/", place)

    return Contest(
        title="In process: one order, 100 times",
        sides={"hub, REST": read_each(rest), "DRF": read_each(run_drf)},
        minimum_ratios={"DRF": 2},
        size=100,
        sizes=(1,),
        note=(
            f"One of {STORED_ORDERS:,} orders by its number, with its {ROWS} rows; Basic authentication, the exchange "
            "stored. DRF: retrieve with `select_related` and `prefetch_related`, nothing stored."
        ),
        counted_sides=("hub, REST", "DRF"),
        times=3,
        calls=100,
        limits={"hub, REST": f"≤ {ONE_MS} ms"},
    )


def list_orders(hub: AnyWire, drf: AnyWire) -> Contest:
    """Build the contest of a list: the orders of a customer in one status, of one month."""
    _load_orders()
    days = {"order_date__gt": "2026-12-31", "order_date__lt": "2027-02-01"}
    query = urlencode({"customer": BUYERS[0], "status": "Created", **days, "limit": LISTED})

    def rest(number: str) -> Work:
        return partial(_read_list, hub, "/api/v1/sales-orders/", query)

    def run_drf(number: str) -> Work:
        return partial(_read_list, drf, "/drf/orders/", query)

    return Contest(
        title=f"In process: a list of {LISTED} orders, 10 times",
        sides={"hub, REST": read_each(rest), "DRF": read_each(run_drf)},
        minimum_ratios={"DRF": 2},
        size=10,
        sizes=(1,),
        note=(
            f"The first {LISTED} of the orders of one customer, in one status, of one month, with their {ROWS} "
            "rows each; the exchange stored. DRF: a list with `select_related` and `prefetch_related`, filtered by the "
            "same parameters, nothing stored."
        ),
        counted_sides=("hub, REST", "DRF"),
        times=3,
        calls=10,
        limits={"hub, REST": f"≤ {LIST_MS} ms"},
    )
