"""
Read, change one field, write back: on every wire, for every kind of record that it offers to read and to change.

The cases are walked from the declarations, so a new dialect, a new resource and a new way to send them is in it by
itself. What is sent is the record as the wire's own read answered it, every element or member of it; a wire that cannot
read (SAP CPQ) sends what the test page makes of a stored record.
"""

import html
import json
import re
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from lxml import etree

from records.models import Change
from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import Kind
from records.shapes.outcomes import Result
from records.tests.cast import NOW
from webservices import endpoint
from webservices.access.identify import identify
from webservices.declarations import OPERATIONS
from webservices.gateway import answer
from webservices.models import Exchange
from webservices.publishing import current_operations, dialect_settings
from webservices.tests.test_idempotency import superuser
from webservices.tests.test_round_trip import carried_values
from webservices.wire.credentials import Password, SignedIn
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import Call
from webservices.wire.operations import Verb

ADA = Password("ada", "ada-ada!")
WRITES = (Verb.UPDATE, Verb.PUT)
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
ARRAY = "{http://schemas.xmlsoap.org/soap/encoding/}arrayType"
STAMPS = ("version", "changed_at", "changed_by")  # of a record that was written


class Wire:
    """One way to read a kind of record on a dialect, and one way to write it."""

    def __init__(self, dialect, plural, verb, reading, writing):
        self.dialect, self.plural, self.verb = dialect, plural, verb
        self.reading, self.writing = reading, writing  # the numbers of their contexts

    def __repr__(self):
        return f"{self.dialect.name}-{self.plural}-{self.verb}-{self.reading}-{self.writing}"

    def prepare(self):
        self.spoken = self.dialect.for_site(dialect_settings(self.dialect))
        operations = current_operations()
        self.find, self.write = (operations.get(self.plural, verb) for verb in (Verb.FIND, self.verb))
        self.resource = self.write.resource
        self.context = self.spoken.contexts(self.write)[self.writing]
        self.spell = self.spoken.speller(self.context, self.write)
        return self

    def wire_name(self, *path):
        return self.spell(path).rpartition(".")[2]

    @property
    def key_names(self):
        """The fields by which a write finds its record; another value of one means another record."""
        hints = self.spoken.skeleton_hints(self.write, self.context)
        return {*hints.key, *self.resource.key, *hints.match_fields}

    @property
    def writable_names(self):
        """The wire's names of all that may come back changed, or that name the record or the version demanded."""
        names = {*map(self.wire_name, self.key_names), self.wire_name("version")}
        names.update(self.spoken.other_names.get(self.plural, ()))
        for field in self.resource.writable:
            names.add(self.wire_name(field.name))
            if field.kind is Kind.ROWS:
                names |= {self.wire_name(field.name, 0, each.name) for each in field.child.writable}
            elif field.kind is Kind.MAP:
                names |= {self.wire_name(field.name, key) for key in self.live[field.name] or ()}
        return names

    def request(self, changes):
        """The request that changes these fields of the record, and nothing else of it."""
        hints = self.spoken.skeleton_hints(self.write, self.context)
        named = {name: self.live[name] for name in hints.key}
        call = Call(self.write, records=[{**named, **changes}], credentials=self.credentials(self.write))
        return self.spoken.build_request(call, self.context)

    def credentials(self, operation):
        return self.spoken.credentials(operation, ADA)

    def read(self):
        """The body of the wire's answer to who reads the record."""
        contexts = self.spoken.contexts(self.find) if self.find else ()
        if not contexts:
            carried = carried_values(self.spoken, self.resource, self.live)
            return self.request({name: value for name, value in carried.items() if value})
        context = contexts[self.reading]
        hints = self.spoken.skeleton_hints(self.find, context)
        fields = self.find.resource.by_name
        criteria = [
            Criterion((n,), hints.comparator(fields[n]), (str(self.live[n]),)) for n in hints.key if self.live[n]
        ]
        call = Call(self.find, criteria=criteria, credentials=self.credentials(self.find))
        response = endpoint.serve(self.dialect, self.spoken.build_request(call, context), ADA)
        assert response.status == 200, response.body
        return response

    def send(self, request):
        """True if the record failed, or the call; and the answer as text."""
        completed = endpoint.serve_and_report(self.dialect, request, ADA)
        response = completed.response
        exchange = Exchange.objects.get(call_id=completed.call_id)
        # Where failed records have no entry in the body, a header says why.
        text = html.unescape(body_of(response).decode())
        text += "".join(response.headers.get(name, "") for name in ("X-Problems", "X-Warnings"))
        return bool(exchange.failed) or response.status >= 400, text

    def record(self):
        """The record as the wire's own read answers it, and as its write takes it."""
        return self.document(body_of(self.read())).record

    def document(self, body):
        # A wire that finds a record by other fields than its key need not have the key at all.
        named = {"id", *self.key_names}
        keys = {self.wire_name(name): self.live[name] for name in named if self.live.get(name)}
        if self.dialect.media == "json":
            return JsonDocument(json.loads(body, parse_float=Decimal), keys)
        root = etree.fromstring(body)
        listed = next((each for each in root.iter() if holds_objects(each.text or "")), None)
        return XmlDocument(root, keys) if listed is None else TextDocument(root, listed, keys)

    def message(self, record, changes=None):
        """The request that writes a record as it was read, with these changes."""
        request = self.request(changes or {})
        document = self.document(request.body)
        document.lay_under(deepcopy(record))
        return replace(request, body=document.write())


class XmlDocument:
    """A message in XML: its record is the element that holds its key."""

    def __init__(self, root, keys):
        self.root = root
        leaves = [each for each in root.iter("{*}*") if keys.get(local_name(each)) == (each.text or "").strip()]
        holders = [each.getparent() for each in leaves if each.getparent() is not None]
        self.record = holders[0]

    def lay_under(self, record):
        """Put what was read below what the message says already."""
        put_under(self.record, record)

    def write(self):
        return etree.tostring(self.root)


def put_under(element, other):
    """Add the children that only the other element has; of a structure that both have likewise."""
    said = {local_name(each): each for each in element}
    for each in other:
        own = said.get(local_name(each))
        if own is None:
            element.append(each)
        elif len(own) and len(each):
            put_under(own, each)


class JsonDocument:
    """A message in JSON: its record is the first entry of a list, or else the whole of it."""

    def __init__(self, body, keys):
        self.body = body
        holders = [body, *(v for v in body.values() if isinstance(v, dict))] if isinstance(body, dict) else []
        lists = (
            [body] if isinstance(body, list) else [v for each in holders for v in each.values() if isinstance(v, list)]
        )
        found = [each for each in lists if isinstance(each, list) and each and holds_key(each[0], keys)]
        self.record = found[0][0] if found else body

    def lay_under(self, record):
        merged = merge(record, self.record)
        self.record.clear()
        self.record.update(merged)

    def write(self):
        return json.dumps(self.body, default=float).encode()


class TextDocument(JsonDocument):
    """A list of records as JSON in an element of XML, filled from a record that was read as XML."""

    def __init__(self, root, element, keys):
        super().__init__(json.loads(element.text), keys)
        self.root, self.element = root, element

    def lay_under(self, record):
        super().lay_under(object_of(record))

    def write(self):
        self.element.text = json.dumps(self.body)
        return etree.tostring(self.root)


def holds_objects(text):
    """True of a text that is a list of objects in JSON."""
    return re.match(r"\s*\[\s*\{\s*\"", text) is not None


def body_of(message):
    chunks = getattr(message, "chunks", None)
    return b"".join(chunks) if chunks is not None else message.body


def local_name(element):
    return etree.QName(element).localname


def holds_key(entry, keys):
    """True of an object, or of one whose first member is one, that has one of the keys."""
    if not isinstance(entry, dict):
        return False
    return any(str(entry.get(name)) == text for name, text in keys.items()) or any(
        isinstance(each, dict) and holds_key(each, keys) for each in entry.values()
    )


def merge(below, above):
    """An object with all members of both; those of `above` count."""
    merged = {**below, **above}
    both = (name for name in above if isinstance(above[name], dict) and isinstance(below.get(name), dict))
    return merged | {name: merge(below[name], above[name]) for name in both}


def object_of(element):
    """Return an element as a client of SOAP has it: an object, a list, a number, a flag, text, nothing."""
    if element.get(XSI + "nil") == "true":
        return None
    if len(element) or element.get(ARRAY):
        items = [object_of(each) for each in element]
        is_list = all(local_name(each) == "item" for each in element)
        return items if is_list else {local_name(each): item for each, item in zip(element, items, strict=True)}
    convert = {"int": int, "float": float, "boolean": "1".__eq__}.get(
        (element.get(XSI + "type") or "").rpartition(":")[2]
    )
    return convert(element.text) if convert and element.text else element.text or ""


class Leaf:
    """A value of a message that can be made another."""

    def __init__(self, holder, name, value):
        self.holder, self.name, self.value = holder, name, value

    def put(self, value):
        if etree.iselement(self.holder):
            self.holder.text = value
        else:
            self.holder[self.name] = value

    def change(self):
        self.put([*self.value, "another"] if isinstance(self.value, list) else another(str(self.value or "")))


def another(text):
    """Another value of the kind that a text seems to be."""
    if re.match(r"\d{4}-\d\d-\d\d", text):
        return "2001" + text[4:]
    if re.fullmatch(r"\d\d:\d\d:\d\d", text):
        return "01:01:01"
    return str(Decimal(text) + 1) if re.fullmatch(r"\d+(\.\d+)?", text) else text + "x"


def leaves(record, rows):
    """Each value of a record and of its rows, by the names of these, with its name on the wire."""
    yield from record_leaves(record, rows)
    yield from row_leaves(record, rows)


def record_leaves(record, rows):
    """The values of a record itself, or of a row."""
    if etree.iselement(record):
        yield from ((local_name(each), Leaf(each, "", each.text)) for each in record if not len(each))
        return
    for name, value in record.items():
        if isinstance(value, dict):  # the order beside its lines
            yield from record_leaves(value, rows)
        elif name not in rows and not isinstance(value, list):  # a list beside the rows has no value of its own
            yield name, Leaf(record, name, value)


def row_leaves(record, rows):
    """The values of the rows of a record."""
    if etree.iselement(record):
        lists = [each for each in record if local_name(each) in rows]
    else:
        lists = [value for name, value in record.items() if name in rows]
    for each in lists:
        for row in each:
            yield from record_leaves(row, rows)


def wires():
    """Every way to write a kind of record, with every way to read it."""
    for dialect in DIALECTS:
        for write in OPERATIONS:
            if write.verb not in WRITES:
                continue
            find = next((o for o in OPERATIONS if o.resource is write.resource and o.verb is Verb.FIND), None)
            contexts = dialect.contexts(find) if find else ()
            readings = [n for n, context in enumerate(contexts) if getattr(context, "child", None) is None] or [0]
            for writing in range(len(dialect.contexts(write))):
                for reading in readings:
                    yield Wire(dialect, write.resource.plural, write.verb, reading, writing)


def is_a_key(resource):
    """True of records, or rows, that have nothing to change but their key: a territory is its name."""
    return {field.name for field in resource.writable} <= {*resource.key}


def has_rows(wire):
    """True if the wire carries a list of rows of such records that have more than a key."""
    fields = [each for each in OPERATIONS.get(wire.plural, wire.verb).resource.writable if each.kind is Kind.ROWS]
    return any(wire.dialect.carries(wire.plural, each) and not is_a_key(each.child) for each in fields)


ALL = [pytest.param(wire, id=repr(wire)) for wire in wires()]
FIRST = [each for each in ALL if each.values[0].reading == each.values[0].writing == 0]
EACH_KIND = [
    each
    for each in FIRST
    if each.values[0].verb is Verb.UPDATE and not is_a_key(OPERATIONS.get(each.values[0].plural, Verb.UPDATE).resource)
]
WITH_ROWS = [each for each in FIRST if has_rows(each.values[0])]


@pytest.fixture(scope="module")
def results(demo_world):
    """The records as the services leave them, by kind, verb, field and value: each wire asks for the same."""
    return {}


@pytest.fixture
def wire(request, demo_world, db, stored_hash, results):
    wire = request.param.prepare()
    wire.results = results
    wire.caller = identify(SignedIn(superuser("ada", stored_hash).pk), call_id="", secure=True, at=NOW)
    wire.live = max(all_stored(wire), key=fullness)
    return wire


def all_stored(wire):
    """The records of this kind as the hub has them."""
    return [*answer(Call(current_operations().get(wire.plural, Verb.FIND)), wire.caller, at=NOW).records]


def fullness(record):
    """The record that has most to lose comes last; an order that may still be changed before any that may not."""
    return record.get("status") in (None, "Created", "Quote"), sum(map(bool, record.values()))


def read_stored(wire):
    find = current_operations().get(wire.plural, Verb.FIND)
    criteria = (Criterion(("id",), Comparator.EQUAL, (str(wire.live["id"]),)),)
    [record] = answer(Call(find, criteria=criteria), wire.caller, at=NOW).records
    return record


def content(record):
    return {name: value for name, value in record.items() if name not in STAMPS}


def changes(wire):
    """Each field that can be changed by itself: its name, another value, and what the hub then has of the record."""
    others = all_stored(wire)
    carried = carried_values(wire.spoken, wire.resource, wire.live)
    for field in wire.resource.writable:
        if field.name in wire.key_names or field.kind is Kind.ROWS or field.name not in carried:
            continue
        for value in other_values(field, carried[field.name], [each.get(field.name) for each in others]):
            if after := content_after(wire, field.name, value):
                yield field.name, value, after
                break


def other_values(field, value, others):
    """Values that the field may have: one like its own, then those of other records."""
    text = value if isinstance(value, str) else ""
    if field.kind is Kind.MAP and isinstance(value, dict):
        yield from ({key: other} for key, entry in value.items() for other in other_values(field.item, entry, ()))
    elif field.kind is Kind.LIST:
        yield ["x", "y"]
    elif field.kind is Kind.BOOLEAN:
        yield "false" if text == "true" else "true"
    elif field.kind in (Kind.INTEGER, Kind.DECIMAL) and text:
        yield str(int(Decimal(text)) + 1)
    elif field.kind is Kind.DATE and text:
        yield (date.fromisoformat(text) + timedelta(1)).isoformat()
    elif field.kind is Kind.TEXT:
        yield text[:-1] + ("y" if text.endswith("x") else "x")
    yield from (each for each in others if isinstance(each, str) and each != value)


def content_after(wire, name, value):
    """Return the record after its service wrote one field; None: it refuses, or finds no change."""
    asked = wire.plural, wire.verb, name, repr(value)
    if asked not in wire.results:
        wire.results[asked] = _write_and_undo(wire, name, value)
    return wire.results[asked]


def _write_and_undo(wire, name, value):
    record = {part: wire.live[part] for part in wire.resource.key} | {name: value}
    with transaction.atomic():
        [outcome] = answer(Call(wire.write, records=[record]), wire.caller, at=NOW).outcomes
        after = None if outcome.failed or outcome.result is Result.UNCHANGED else content(read_stored(wire))
        transaction.set_rollback(True)
    return after


@pytest.mark.parametrize("wire", ALL, indirect=True)
def test_what_was_read_changes_nothing_and_with_one_field_changed_that_alone(wire):
    record, before = wire.record(), Change.objects.count()

    failed, text = wire.send(wire.message(record))

    assert not failed, text
    assert read_stored(wire) == wire.live
    assert Change.objects.count() == before

    change = next(changes(wire), None)
    assert change or is_a_key(wire.resource)
    if change:
        name, value, after = change
        failed, text = wire.send(wire.message(record, {name: value}))

        assert not failed, text
        assert content(read_stored(wire)) == after


@pytest.mark.parametrize("wire", EACH_KIND, indirect=True)
def test_whichever_field_it_is(wire):
    record = wire.record()
    names = []
    for name, value, after in changes(wire):
        with transaction.atomic():
            failed, text = wire.send(wire.message(record, {name: value}))
            written = content(read_stored(wire))
            transaction.set_rollback(True)

        assert not failed, (name, value, text)
        assert written == after, (name, value)
        names.append(name)
    assert names


def row_changes(wire):
    """Each text, number and day of the first row that can become another: its path, its value, and the record then."""
    for field in wire.resource.writable:
        rows = wire.live.get(field.name)
        if field.kind is not Kind.ROWS or not rows or not wire.spoken.carries(wire.plural, field):
            continue
        writable = {each.name: each for each in field.child.writable if each.name not in field.child.key}
        first, *rest = ({n: v for n, v in row.items() if field.child.by_name[n].writable} for row in rows)
        known = wire.spoken.known_names(wire.write, wire.context, (field.name, 0))
        carried = {name for name in writable if wire.wire_name(field.name, 0, name) in known}
        for name in first.keys() & carried - {"active"}:
            for value in other_values(writable[name], first[name], ()):
                if after := content_after(wire, field.name, [first | {name: value}, *rest]):
                    yield (field.name, 0, name), value, after


@pytest.mark.parametrize("wire", WITH_ROWS, indirect=True)
def test_one_field_of_a_row_is_changed_and_nothing_else(wire):
    names = []
    for path, value, after in row_changes(wire):
        record = wire.record()
        rows = {wire.wire_name(path[0])}
        leaf = next(leaf for name, leaf in row_leaves(record, rows) if name == wire.wire_name(*path))
        leaf.put(value)
        with transaction.atomic():
            failed, text = wire.send(wire.message(record))
            written = content(read_stored(wire))
            transaction.set_rollback(True)

        assert not failed, (path, value, text)
        assert written == after, path
        names.append(path)
    assert names


# What a wire gives back and takes without a look: Oracle's dates, which have milliseconds only, and what is said of a
# choice beside its code; that can be written.
PASSED_OVER = {"oracle-rest": {"dateAdded", "dateModified", "links", "lookupCode", "displayValue"}}


def read_only_leaves(wire, record):
    """The values of a record, as it was read, of fields that are only read and must come back as they are."""
    others = wire.writable_names | PASSED_OVER.get(wire.dialect.name, set()) | total_names(wire)
    return [(name, leaf) for name, leaf in leaves(record, row_names(wire)) if name not in others]


def row_names(wire):
    return {wire.wire_name(field.name) for field in wire.resource.writable if field.kind is Kind.ROWS}


def total_names(wire):
    """The wire's names of what the hub computes: it is compared when it comes back."""
    names = {wire.wire_name(field.name) for field in wire.resource.fields if field.computed}
    for rows in (field for field in wire.resource.writable if field.kind is Kind.ROWS):
        names |= {wire.wire_name(rows.name, 0, each.name) for each in rows.child.fields if each.computed}
    return names


@pytest.mark.parametrize("wire", FIRST, indirect=True)
def test_a_field_that_is_only_read_is_refused_when_it_comes_back_changed(wire):
    record = wire.record()
    for number, (name, _) in enumerate(read_only_leaves(wire, record)):
        changed = deepcopy(record)
        _, place = read_only_leaves(wire, changed)[number]
        place.change()
        before = Change.objects.count()

        failed, text = wire.send(wire.message(changed))

        assert failed, (name, text)
        assert re.search(rf"\b{name}\b.*(read only|must agree|no \w+ with)", text), (name, text)
        assert Change.objects.count() == before
        assert read_stored(wire) == wire.live


def total_leaves(wire, record):
    names = total_names(wire)
    return [(name, leaf) for name, leaf in leaves(record, row_names(wire)) if name in names]


WITH_TOTALS = [each for each in FIRST if OPERATIONS.get(each.values[0].plural, Verb.PUT).takes_option("check_totals")]


@pytest.mark.parametrize("wire", WITH_TOTALS, indirect=True)
def test_a_total_that_comes_back_changed_is_a_warning_and_fails_where_totals_are_checked(wire):
    record = wire.record()
    for number, (name, _) in enumerate(total_leaves(wire, record)):
        changed = deepcopy(record)
        _, place = total_leaves(wire, changed)[number]
        place.change()
        before, request = Change.objects.count(), wire.message(changed)

        failed, text = wire.send(request)
        checked, why = wire.send(replace(request, headers={**request.headers, "x-check-totals": "true"}))

        assert (failed, checked) == (False, True), (name, text, why)
        for said in (text, why):
            assert re.search(rf"\b{name}\b.* is sent as '.*', but comes to [0-9.]+\.", said), said
        assert Change.objects.count() == before
    assert total_leaves(wire, record)
