"""
An order that one wire takes reads the same on all others, as far as these carry its fields.

Orders are made from the declaration of the resource, so a new field is in them by itself. Each is added over every wire
that adds orders, in every context that it has; the hub must then have the same of all of them. One of them is read over
every wire that finds orders: what is read is laid into a request of that wire, as a client does who writes it back, and
its reader turns it into the hub's values. Which fields a wire carries is its own to say.
"""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import Customer, CustomerPart, Territory
from orders.models import OrderStatus
from parts.models import Currency, Part
from records.models import CustomField
from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import SCALARS, Field, Kind, ScalarField
from records.shapes.parsing import is_blank, reader
from records.shapes.resources import Resource
from records.shapes.values import EMPTY, Value, Values
from records.tests.cast import NOW
from webservices.access.identify import identify
from webservices.declarations import OPERATIONS
from webservices.gateway import answer
from webservices.publishing import current_operations
from webservices.tests.test_idempotency import superuser
from webservices.tests.test_write_back import Wire, wires
from webservices.wire.credentials import SignedIn
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.messages import Call
from webservices.wire.operations import Verb

ORDERS, ROWS = "sales_orders", "rows"
SITE_CURRENCY = "USD"
WRITERS = [
    Wire(dialect, ORDERS, verb, 0, number)
    for dialect in DIALECTS
    for verb in (Verb.ADD, Verb.PUT)
    for number, _ in enumerate(dialect.contexts(OPERATIONS.get(ORDERS, verb)))
]
CHANGERS = [each for each in wires() if each.plural == ORDERS and each.reading == 0]
READERS = [each for each in wires() if each.plural == ORDERS and each.verb is Verb.UPDATE and each.writing == 0]
# It carries all fields: what becomes of a blank one there must become of it on any other wire.
FULLEST = next(each for each in WRITERS if each.dialect is REST)
OTHER = next(each for each in CHANGERS if each.dialect is REST and each.verb is Verb.UPDATE)
APART = ("id", "number", "version")  # of two orders that are alike
CUSTOM = {"text": (), "number": (), "date": (), "menu": ("Gold", "Tin & lead")}
# Moments are of the record, not of the order, and some wires have them by the second or the minute.
NOT_COMPARED = (Kind.DATETIME,)
# Each example is undone, so that all may share the world of the first.
FIXTURES = [HealthCheck.function_scoped_fixture]
NUMBER = "EVERY-WIRE-{}"


@dataclass(repr=False)
class World:
    """The site at which the orders are made: its records by which an order can name them, and its orders' fields."""

    resource: Resource
    contacts: dict[str, list[str]]  # of each customer
    parts: dict[str, set[str]]  # the currencies of the prices of each
    customer_parts: dict[str, dict[str, set[str]]]  # the same of each customer's own numbers
    names: dict[str, list[str]]  # of records that a field may name, by the field


@pytest.fixture
def caller(demo_world, db, stored_hash):
    return identify(SignedIn(superuser("ada", stored_hash).pk), call_id="", secure=True, at=NOW)


@pytest.fixture
def world(caller):
    for type_, choices in CUSTOM.items():
        CustomField.objects.create(
            resource="sales_order", name=f"every_{type_}", label=type_, type=type_, choices=[*choices]
        )
    for wire in (*WRITERS, *CHANGERS, *READERS):
        wire.prepare()
    digits = dict(Currency.objects.filter(active=True).order_by("-code").values_list("digits", "code"))
    usual = {"price_code": "", "minimum_quantity": 1, "effective_date": None}
    parts = {
        part.number: {*part.prices.filter(**usual).values_list("currency", flat=True)}
        for part in Part.objects.active()[:8]
    }
    customer_parts: dict[str, dict[str, set[str]]] = {}
    for each in CustomerPart.objects.select_related("customer", "part").filter(part__number__in=parts):
        customer_parts.setdefault(each.customer.number, {})[each.number] = parts[each.part.number]
    return World(
        resource=current_operations().get(ORDERS, Verb.ADD).resource,
        contacts={
            customer.number: [*customer.contacts.filter(active=True).values_list("number", flat=True)]
            for customer in Customer.objects.filter(active=True)[:5]
        },
        parts=parts,
        customer_parts=customer_parts,
        names={
            "currency": [*digits.values()],
            "status": [*OrderStatus.objects.filter(starts=True).values_list("name", flat=True)],
            "territory": [*Territory.objects.values_list("name", flat=True)],
            "assigned_user": [*User.objects.filter(is_active=True).values_list("username", flat=True)],
        },
    )


def texts(field: ScalarField) -> st.SearchStrategy[str]:
    """Texts of a field, whatever a wire might make of the characters in them."""
    characters = st.sampled_from(" aZ09<>&\"'|%_\\/#{}[]:;,.-+=é߀\u00a0\u2028\u0085\U0001f600\t\n\r")
    most = min(field.max_length or 30, 30)
    return st.text(characters, min_size=1, max_size=most) | st.just("x" * min(field.max_length or 300, 300))


def numbers(field: ScalarField) -> st.SearchStrategy[str]:
    """Numbers of a field, not too large for what is computed of them, in several spellings."""
    places = min(field.places or 0, 5) if field.kind is Kind.DECIMAL else 0
    most = min(int(field.maximum if field.maximum is not None else 10_000), 10_000)
    found = st.decimals(max(int(field.minimum or 0), 0), most, places=places, allow_nan=False).map(
        lambda number: f"{number:f}"
    )
    return found | found.map(lambda text: str(Decimal(text).normalize()))


def values(field: Field, world: World) -> st.SearchStrategy[Value]:
    """Values of one field, and the empty one."""
    if field.name in world.names:
        found = st.sampled_from(world.names[field.name])
    elif field.choices:
        found = st.sampled_from([value for value, _ in field.choices])
    elif field.kind is Kind.DATE:
        found = st.dates().map(str)
    elif field.kind in (Kind.DECIMAL, Kind.INTEGER):
        found = numbers(field)
    else:
        found = texts(field)
    return found | found | found | st.just(EMPTY)


@st.composite
def rows(draw, world: World, customer: str, currency: str) -> Values:
    """A row with a part, named in one of the ways that all wires have, or with a description alone."""
    child = world.resource.by_name[ROWS].child
    row = {
        field.name: draw(values(field, world))
        for field in child.writable
        if not field.reference and field.name not in ("line_number", "customer_part_number") and draw(st.booleans())
    }
    row["quantity"] = draw(numbers(child.by_name["quantity"]).filter(lambda text: Decimal(text) > 0))
    parts = draw(st.sampled_from([world.parts, world.customer_parts.get(customer, {}), {}]))
    if not parts:
        return row | {"description": draw(texts(child.by_name["description"]).filter(str.strip))}
    number = draw(st.sampled_from([*parts]))
    row["part_number" if parts is world.parts else "customer_part_number"] = number
    has_price = currency in parts[number] and Decimal(row["quantity"]) >= 1
    if not has_price or draw(st.booleans()):
        row["unit_price"] = draw(numbers(child.by_name["unit_price"]))
    return row


@st.composite
def orders(draw, world: World, customer: str = "") -> Values:
    """An order that the hub takes: any of its fields, a customer and perhaps a contact of it, some rows."""
    customer = customer or draw(st.sampled_from([*world.contacts]))
    plain = (
        field
        for field in world.resource.writable
        if field.kind in SCALARS and (not field.reference or field.name in world.names) and not field.auto_number
    )
    order = {field.name: draw(values(field, world)) for field in plain if draw(st.booleans())}
    order["customer"] = customer
    if world.contacts[customer] and draw(st.booleans()):
        order["contact"] = draw(st.sampled_from(world.contacts[customer]))
    found = draw(st.lists(rows(world, customer, order.get("currency") or SITE_CURRENCY), max_size=3))
    numbers = draw(st.just([]) | st.lists(st.integers(1, 99), min_size=3, max_size=3, unique=True).map(sorted))
    order[ROWS] = [{**({"line_number": str(numbers[n])} if numbers else {}), **row} for n, row in enumerate(found)]
    return order


def carried(wire: Wire, order: Values) -> Values:
    """What a wire carries of an order."""
    found = {name: value for name, value in order.items() if carries(wire, name)}
    if found.get(ROWS):
        found[ROWS] = [
            {name: value for name, value in row.items() if carries(wire, name, row=True)} for row in order[ROWS]
        ]
    return found


def carries(wire: Wire, name: str, *, row: bool = False) -> bool:
    """True if a wire has a field of an order, or of its rows."""
    resource = wire.resource.by_name[ROWS].child if row else wire.resource
    field = resource.by_name.get(name)
    if field is None:
        return False
    return wire.spoken.row_carries(ORDERS, ROWS, field) if row else wire.spoken.carries(ORDERS, field)


def understand(resource: Resource, record: Values) -> dict[str, object]:
    """Return the typed values of a record, whatever its texts look like; None for a blank one."""
    found: dict[str, object] = {}
    for name, value in record.items():
        field = resource.by_name.get(name)
        if field is None or field.kind in NOT_COMPARED:
            continue
        if field.kind is Kind.ROWS:
            found[name] = [understand(field.child, row) for row in value or ()]
        else:
            found[name] = None if value is None or is_blank(value) else reader(field)(value)
    return found


def fill(sent: dict[str, object], defaults: dict[str, object]) -> dict[str, object]:
    """Return what was sent, with what became of a field that was sent blank."""
    filled = {name: defaults[name] if value is None else value for name, value in sent.items()}
    if ROWS in sent:
        filled[ROWS] = [fill(*pair) for pair in zip(sent[ROWS], defaults[ROWS], strict=True)]
    return filled


def differences(found: dict[str, object], expected: dict[str, object]) -> dict[str, object]:
    """Return what is said of the fields that are expected, where it is another value."""
    told = {}
    for name in expected:
        if name == ROWS:
            pairs = zip(found[name], expected[name], strict=True)
            told |= {
                (number, *each): say for number, pair in enumerate(pairs) for each, say in differences(*pair).items()
            }
        elif found.get(name) != expected[name]:
            told[name,] = found.get(name), expected[name]
    return told


def complete(resource: Resource, record: Values, stored: Values) -> Values:
    """Return what was read, with what a sparse field says that an answer leaves out."""
    read = dict(record)
    for field in resource.fields:
        if field.name not in read and field.sparse:
            implied = stored[field.implied_by] if field.implied_by else field.default
            read[field.name] = implied[:10] if field.kind is Kind.DATE and implied else implied
    return read


def read_over(wire: Wire, stored: Values) -> Values:
    """Read an order over a wire, as the hub's values."""
    wire.live = stored
    request = wire.message(wire.record())
    [record] = wire.spoken.read(request, current_operations(), wire.spoken.settings).records
    read = complete(wire.resource, record, stored)
    child = wire.resource.by_name[ROWS].child
    read[ROWS] = [complete(child, row, {}) for row in record.get(ROWS) or ()]
    return read


def build(wire: Wire, record: Values):
    """Return the request by which a wire writes a record."""
    call = Call(wire.write, records=[record], credentials=wire.credentials(wire.write))
    return wire.spoken.build_request(call, wire.context)


def add_over_each_wire(order: Values, caller) -> dict[str, Values]:
    """Add an order over each wire, with a number of its own; what the hub has then, by the wire."""
    numbers = [NUMBER.format(number) for number, _ in enumerate(WRITERS)]
    for number, wire in zip(numbers, WRITERS, strict=True):
        failed, text = wire.send(build(wire, {**carried(wire, order), "number": number}))
        assert not failed, (wire, text)
    return dict(zip(map(repr, WRITERS), find(numbers, caller), strict=True))


def find(numbers: list[str], caller) -> list[Values]:
    """Return orders as the hub has them."""
    criteria = (Criterion(("number",), Comparator.IN, tuple(numbers)),)
    found = answer(Call(current_operations().get(ORDERS, Verb.FIND), criteria=criteria), caller, at=NOW).records
    by_number = {record["number"]: record for record in found}
    return [by_number[number] for number in numbers]


def sayable(wire: Wire, changes: Values) -> Values:
    """Return the changes that a message of the wire can hold: on some, no number can be cleared alone."""
    request = build(wire, {**changes, "number": "1", "id": "1"})
    [said] = wire.spoken.read(request, current_operations(), wire.spoken.settings).records
    return keep_said(wire.resource, changes, said)


def keep_said(resource: Resource, changes: Values, said: Values) -> Values:
    """Return the changes that a message says; raises AssertionError where it says less than it can."""
    found = {}
    for name, value in changes.items():
        field = resource.by_name[name]
        if name not in said:
            assert value is EMPTY, (name, value)
            assert field.kind in (Kind.DECIMAL, Kind.INTEGER), name
        elif field.kind is Kind.ROWS and value:
            found[name] = [keep_said(field.child, *pair) for pair in zip(value, said[name], strict=True)]
        else:
            found[name] = value
    return found


@given(st.data())
@settings(max_examples=15, suppress_health_check=FIXTURES)
def test_an_order_that_one_wire_takes_reads_the_same_on_all_others(world, caller, data):
    order = data.draw(orders(world))
    chosen = data.draw(st.sampled_from(WRITERS))
    with transaction.atomic():
        stored = add_over_each_wire(order, caller)
        defaults = understand(world.resource, stored[repr(FULLEST)])
        for wire in WRITERS:
            sent = fill(understand(world.resource, carried(wire, order)), defaults)
            assert differences(understand(world.resource, stored[repr(wire)]), sent) == {}, wire
        assert_reads_the_same(world, stored[repr(chosen)])
        transaction.set_rollback(True)


def assert_reads_the_same(world: World, stored: Values) -> None:
    """Hold what each wire reads of an order against what the hub has, field by field."""
    expected = understand(world.resource, stored)
    for wire in READERS:
        read = understand(world.resource, read_over(wire, stored))
        assert differences(read, carried(wire, expected)) == {}, wire


@given(st.data())
@settings(max_examples=15, suppress_health_check=FIXTURES)
def test_what_one_wire_changes_of_an_order_reads_the_same_on_all_others(world, caller, data):
    """REST makes the same change to another order of the same content."""
    customer = data.draw(st.sampled_from([*world.contacts]))
    order, changes = (data.draw(orders(world, customer)) for _ in range(2))
    if data.draw(st.booleans()):
        changes[ROWS] = EMPTY
    wire = data.draw(st.sampled_from(CHANGERS))
    changes = sayable(wire, carried(wire, changes))
    numbers = [NUMBER.format(0), NUMBER.format(1)]
    with transaction.atomic():
        for number in numbers:
            failed, text = FULLEST.send(build(FULLEST, {**order, "number": number}))
            assert not failed, text
        ids = [each["id"] for each in find(numbers, caller)]
        results = [
            by.send(build(by, {**changes, "number": number, "id": id}))
            for by, number, id in zip((OTHER, wire), numbers, ids, strict=True)
        ]
        assert results[0][0] == results[1][0], [text for _, text in results]
        by_rest, by_wire = find(numbers, caller)
        expected = {name: value for name, value in understand(world.resource, by_rest).items() if name not in APART}
        assert differences(understand(world.resource, by_wire), expected) == {}, wire
        assert_reads_the_same(world, by_wire)
        transaction.set_rollback(True)
