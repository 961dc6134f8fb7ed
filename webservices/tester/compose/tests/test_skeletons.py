"""
What a skeleton promises, for every operation of every dialect in every context: nobody adds a test for a new one.

A skeleton is made once for each key and asked all that it promises; what a site defines is defined once for all wires.
"""

import json
import re
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from html import unescape
from io import StringIO
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from jsonschema import Draft202012Validator
from lxml import etree

from records.models import CustomField, FieldRule
from records.shapes.criteria import Comparator, Criterion
from records.shapes.fields import Kind
from webservices.access.identify import identify
from webservices.declarations import OPERATIONS, RECORDS
from webservices.gateway import answer
from webservices.models import Exchange
from webservices.publishing import current_operations
from webservices.tester.compose.inputs import generate_input
from webservices.tester.send.addresses import LocalAddress
from webservices.tester.send.client import ONLY_COMMENTS, Sender, send_call
from webservices.wire.contracts.annotations import strip_comments
from webservices.wire.contracts.examples import (
    NOT_COPIED,
    completed_key,
    example_fields,
    example_record,
    free_keys,
)
from webservices.wire.credentials import SignedIn
from webservices.wire.dialects.ecosys.dialect import ECOSYS_REST_JSON
from webservices.wire.dialects.oracle_rest.dialect import ORACLE_REST
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import Call
from webservices.wire.operations import Verb
from webservices.wire.reference.catalog import Offer, documents

ODD = 'A&B <c> "d"'
ODD_TEXT = '  two lines\n\twith -- tabs // and \\ "quotes"\r\nand blanks  '

# Tables that are like territories or languages in all that matters here.
ALIKE = frozenset({"customer_types", "portals", "currencies"})
STORED = [each for each in OPERATIONS if each.find is not None and each.resource.plural not in ALIKE]
RESOURCES = {operation.resource.plural: operation.resource for operation in STORED}


def own_name(resource):
    """The field by which its records are told apart: of prices, the price code."""
    return next(field.name for field in reversed(resource.key_fields) if field.kind is Kind.TEXT)


def key_like_the_example(resource, **parts):
    return completed_key(resource, {}) | parts


def key_of_its_own(resource, text):
    """A key with this text; of a code, another one of its form."""
    field = resource.by_name[own_name(resource)]
    key = key_like_the_example(resource)
    if resource.writable and field.pattern:
        return list(free_keys(resource, key, 20))[len(text)]
    return key | {field.name: text[: field.max_length]}


def required(resource):
    """Of the declared example, what a record must have beside its key."""
    example = example_record(resource)
    return {
        each.name: example[each.name] for each in resource.writable if each.required and each.name not in resource.key
    }


# Everything below is read from the declarations; a table adds the cases that only its kind of record has.
LIVE = {plural: key_like_the_example(resource) for plural, resource in RESOURCES.items()}
NEW = {plural: key_of_its_own(resource, "NEW/1 & co") for plural, resource in RESOURCES.items()}
MORE_KEYS = {
    "parts": {
        "an inactive part": {"number": "PUMP-090"},
        "a part of some companies only": {"number": "PUMP-300-X"},
        "a part with a slash": {"number": "SERVICE/DAY"},
    },
    "prices": {
        "an ordinary price": {"part": "PUMP-100", "currency": "USD"},
    },
    "customers": {
        "an inactive customer": {"number": "BLUE-YONDER"},
        "a customer without contacts": {"number": "LUCERNE"},
    },
    "contacts": {
        "an inactive contact": {"number": "NORTHWIND-2"},
    },
    "customer_parts": {
        "an inactive one": {"customer": "TAILSPIN", "part": "PUMP-090", "number": "BILGE-0"},
    },
    "sales_orders": {
        "a quote": {"number": "SO-1007"},
        "an order without a line": {"number": "EMPTY"},
    },
}
MOVED_ON = {
    "a delivered order": {"number": "SO-1003"},
    "an approved order": {"number": "SO-1002"},
    "a cancelled order": {"number": "SO-1005"},
    "an order for an inactive customer": {"number": "GONE"},
}
ODDITIES = {
    "parts": {
        "display_number": "// no comment",
        "description": {"en": "<!-- --> ]]> &amp; 'x' \u2028 \U0001f527", "de": "number"},
        "notes": ODD_TEXT,
        "company_associations": ["price", "a -- b"],
    },
    "prices": {"part": ODD, "amount": "0.00001"},
    "customers": {
        "last_name": "// -- {x}",
        "company": "<!-- --> ]]> &amp; 'x'",
        "notes": ODD_TEXT,
        "city": "number",
    },
    "contacts": {
        "customer": ODD,
        "notes": ODD_TEXT,
        "portals": [
            {"portal": "Customers", "email": "\"o--'x'<&>//@a.example", "active": "false", "password": "s3cret"}
        ],
    },
    "customer_parts": {"customer": ODD, "part": ODD, "notes": ODD_TEXT, "user_1": "//"},
    "sales_orders": {
        "customer": ODD,
        "contact": ODD,
        "description": ODD_TEXT,
        "rows": [
            {"line_number": "7", "customer_part_number": ODD, "quantity": "0.0001", "unit_price": "0.00001"},
            {"line_number": "3", "part_number": ODD, "quantity": "2", "unit_price": "1", "description": ODD_TEXT},
        ],
    },
}
ODD_RECORDS = {
    plural: key_of_its_own(resource, ODD) | ODDITIES.get(plural, required(resource))
    for plural, resource in RESOURCES.items()
    if resource.writable
}
OTHERS = {
    "parts": [{"number": "GONE"}],
    "customers": [{"number": "GONE"}],
    "contacts": [{"number": "GONE-1", "customer": "GONE"}],
    "sales_orders": [
        {"number": "EMPTY", "customer": "ACME"},
        {
            "number": "GONE",
            "customer": "GONE",
            "contact": "GONE-1",
            "rows": [{"part_number": "GONE", "quantity": "1", "unit_price": "5"}],
        },
    ],
}
COMMON_KEYS = ("the example", "one that hates messages")
KEYS = {
    plural: {
        COMMON_KEYS[0]: LIVE[plural],
        **({COMMON_KEYS[1]: {name: ODD_RECORDS[plural][name] for name in resource.key}} if resource.writable else {}),
        **MORE_KEYS.get(plural, {}),
    }
    for plural, resource in RESOURCES.items()
}


def asked(*verbs: Verb, tables: bool = True):
    """Every operation of these verbs on a kind of record, of every dialect, in every context, by a name for each."""
    return {
        f"{dialect.name} {operation.name} {number}": (dialect, operation, number)
        for dialect in DIALECTS
        for operation in STORED
        for number, _ in enumerate(dialect.contexts(operation))
        if operation.verb in (verbs or frozenset(Verb)) and (tables or not operation.resource.site_table)
    }


ONLY_ADDED = {
    f"{dialect.name} {operation.name} {number}": (dialect, operation, number)
    for dialect in DIALECTS
    for operation in OPERATIONS
    for number, _ in enumerate(dialect.contexts(operation))
    if operation.verb is Verb.ADD and operation.find is None
}


def every_operation(*verbs: Verb, tables: bool = True):
    found = asked(*verbs, tables=tables)
    return pytest.mark.parametrize("dialect, operation, number", found.values(), ids=found)


def keys_of(operation, number):
    """The keys of existing records, by a name for each; of further contexts those that all kinds have."""
    # Contexts write one record alike: they differ in what is around it.
    keys = KEYS[operation.resource.plural]
    return keys if number == 0 else {what: keys[what] for what in COMMON_KEYS if what in keys}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The demo world and some odd records; each test is undone up to here, and this at the end of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", stdout=StringIO())
        user = User.objects.get(username="ada")
        for plural, record in ODD_RECORDS.items():
            add_the_example(user, plural)
            add(user, plural, record, *OTHERS.get(plural, ()))
        for plural, number in (("contacts", "GONE-1"), ("customers", "GONE"), ("parts", "GONE")):
            done(user, plural, Verb.UPDATE, {"number": number, "active": "false"})
        yield
        transaction.set_rollback(True)


@pytest.fixture
def ada(world, db) -> User:
    return User.objects.get(username="ada")


@contextmanager
def undone():
    """What is written inside is undone, so that one test may send several inputs to the same world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def done(user, plural, verb, *records):
    call = Call(current_operations().get(plural, verb), records=list(records))
    given = answer(call, caller(user), at=datetime.now(UTC))
    assert [problem.sentence() for outcome in given.outcomes for problem in outcome.problems] == []


def add(user, plural, *records):
    done(user, plural, Verb.ADD, *records)


def add_the_example(user, plural):
    """Add the declared example where the demo world has no record of its key."""
    find = current_operations().get(plural, Verb.FIND)
    criteria = tuple(Criterion((name,), Comparator.EQUAL, (text,)) for name, text in LIVE[plural].items())
    if not [*answer(Call(find, criteria=criteria), caller(user), at=datetime.now(UTC)).records]:
        add(user, plural, example_record(RESOURCES[plural]))


def caller(user):
    return identify(SignedIn(user.pk), call_id="", secure=True, at=datetime.now(UTC))


def made(dialect, operation, number, key, user):
    """The input that the page generates for this user."""
    operations = current_operations()
    current = operations.get(operation.resource.plural, operation.verb)
    context = dialect.contexts(current)[number]
    return generate_input(dialect, Offer("", "", current, context, None), key, user.pk, operations).skeleton


def sent(skeleton, user):
    sender = Sender(user.pk, user.username, "http://testserver", "127.0.0.1", secure=True)
    return send_call(
        LocalAddress(skeleton.path, skeleton.query), skeleton.method, skeleton.text, skeleton.headers, sender
    )


def says_its_key(dialect, operation):
    """Whether a record can be given its key on this wire; else it is drawn."""
    return all(dialect.carries(operation.resource.plural, field) for field in operation.resource.key_fields)


def named_by(dialect, operation, number):
    """The fields by which this wire knows one record."""
    return tuple(dialect.skeleton_hints(operation, dialect.contexts(operation)[number]).key)


def exchange_of(answered):
    return Exchange.objects.get(call_id=answered.call_id)


def stored(operation, user):
    """All records, as the user sees them."""
    find = current_operations().get(operation.resource.plural, Verb.FIND)
    return answer(Call(find), caller(user), at=datetime.now(UTC)).records


def copied_fields(dialect, operation, number):
    """The plain fields of a record, its key aside, that a copy over this wire has, too."""
    plain = (Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN, Kind.DATE)
    resource, hints = operation.resource, dialect.skeleton_hints(operation, dialect.contexts(operation)[number])
    gone = (*resource.key, *NOT_COPIED.get(resource.plural, ()), *hints.match_fields)
    return [
        field.name
        for field in example_fields(resource)
        if field.kind in plain and field.name not in gone and dialect.carries(resource.plural, field)
    ]


def short_field(dialect, operation, number):
    """A text field that a site may shorten: one that this wire sends and need not send, else its own name."""
    fields = map(operation.resource.by_name.get, copied_fields(dialect, operation, number))
    optional = (
        each for each in fields if each.kind is Kind.TEXT and not (each.choices or each.reference or each.required)
    )
    return next((field.name for field in optional), own_name(operation.resource))


@every_operation()
def test_says_and_does_what_it_promises(dialect, operation, number, ada, contracts):
    keys = {**keys_of(operation, number), NEW_KEY: NEW[operation.resource.plural], NO_KEY: {}}
    keys[BLANKS] = dict.fromkeys(operation.resource.key, "  ")
    skeletons = {what: made(dialect, operation, number, key, ada) for what, key in keys.items()}

    for skeleton in skeletons.values():
        holds_no_secret(skeleton, ada)
        is_valid_against_its_contract(dialect, operation, skeleton, contracts)
    comments_every_field_that_it_sends(dialect, operation, number, skeletons[COMMON_KEYS[0]])
    says_that_a_key_is_unknown(operation, keys[NEW_KEY], skeletons[NEW_KEY])
    uses_the_declared_example_for_a_blank_key(dialect, operation, number, skeletons[BLANKS])
    if operation.verb is not Verb.ADD:
        existing = {what: skeletons[what] for what in keys_of(operation, number)}
        has_no_failed_record_and_changes_nothing(operation, existing, ada)


NEW_KEY, NO_KEY, BLANKS = "a new key", "no key", "blanks for a key"


def has_no_failed_record_and_changes_nothing(operation, skeletons, user):
    before = stored(operation, user)
    for what, skeleton in skeletons.items():
        with undone():
            answered = sent(skeleton, user)

            exchange = exchange_of(answered)
            assert answered.status < 300, what
            assert (exchange.code, exchange.failed) == ("", 0), what
            written = exchange.updated + exchange.unchanged + exchange.deleted + exchange.inactivated
            assert (written if operation.writes else exchange.returned) == 1, what
            assert operation.verb is Verb.REMOVE or stored(operation, user) == before, what


class TestSentUnchanged:
    @every_operation(Verb.ADD, Verb.PUT)
    def test_has_no_failed_record_for_a_new_key(self, dialect, operation, number, ada):
        new = NEW[operation.resource.plural]

        answered = sent(made(dialect, operation, number, new, ada), ada)

        assert answered.status < 300
        assert exchange_of(answered).created == 1
        records = stored(operation, ada)
        if says_its_key(dialect, operation):
            assert any(new.items() <= record.items() for record in records)
        else:
            assert len([record for record in records if record[own_name(operation.resource)].isdigit()]) == 1

    @every_operation(Verb.ADD)
    def test_adds_a_copy_under_a_free_key_when_the_key_is_taken(self, dialect, operation, number, ada):
        plural, own = operation.resource.plural, own_name(operation.resource)
        key = LIVE[plural]
        [live] = [record for record in stored(operation, ada) if key.items() <= record.items()]

        first, second = (sent(made(dialect, operation, number, key, ada), ada) for _ in range(2))

        assert (exchange_of(first).created, exchange_of(second).created) == (1, 1)
        records = {record[own]: record for record in stored(operation, ada) if record["id"] != live["id"]}
        names = [free[own] for free in free_keys(operation.resource, key, 2)]
        if not says_its_key(dialect, operation):
            names = sorted(name for name in records if name.isdigit())
        assert len(names) == 2
        for field in copied_fields(dialect, operation, number):
            assert [records[name][field] for name in names] == [live[field]] * 2


def shortened_fields():
    """The operations that write a new record, by its kind and the field that a site shortens for them."""
    found = {}
    for name, case in asked(Verb.ADD, Verb.PUT).items():
        found.setdefault((case[1].resource.name, short_field(*case)), {})[name] = case
    return found


SHORTENED = shortened_fields()


@pytest.mark.parametrize("kind, field", SHORTENED)
def test_survives_what_a_site_defines(kind, field, ada):
    CustomField.objects.create(resource="part", name="2", label="Colour", type="text", required=True)
    CustomField.objects.create(resource="part", name="made", label="Made on", type="date")
    CustomField.objects.create(resource="customer_part", name="2", label="Colour", type="text", required=True)
    CustomField.objects.create(resource="customer", name="9", label="Since", type="date", required=True)
    FieldRule.objects.create(resource=kind, field=field, max_length=3, required=True)
    for name, (dialect, operation, number) in SHORTENED[kind, field].items():
        with undone():
            plural = operation.resource.plural

            skeleton = made(dialect, operation, number, key_of_its_own(operation.resource, "P1"), ada)
            answered = sent(skeleton, ada)

            fields = current_operations().get(plural, operation.verb).resource.custom_fields
            lacking = [each.name for each in fields if each.required and not dialect.carries(plural, each)]
            assert exchange_of(answered).created == (0 if lacking else 1), name
            assert all(f"Sent as it is, it fails: {each} is required." in skeleton.text for each in lacking), name


@pytest.mark.parametrize("dialect, operation, number", ONLY_ADDED.values(), ids=ONLY_ADDED)
def test_what_is_stored_as_other_records_is_added_each_time_that_it_is_sent(dialect, operation, number, ada, contracts):
    CustomField.objects.create(resource="customer", name="9", label="Since", type="date", required=True)
    skeleton = made(dialect, operation, number, {}, ada)

    exchanges = [exchange_of(sent(skeleton, ada)) for _ in range(2)]

    assert [(each.created, each.failed) for each in exchanges] == [(1, 0)] * 2
    resource = current_operations().get(operation.resource.plural, operation.verb).resource
    assert all(limits in unescape(skeleton.text) for limits in limits_of_sent_fields(dialect, resource))
    CHECKS.get(dialect.name, CHECKS[dialect.media])(dialect, operation, skeleton, contracts)


class TestDrawnKey:
    @every_operation(Verb.ADD)
    def test_is_drawn_when_it_is_blank(self, dialect, operation, number, ada):
        before = {record["id"] for record in stored(operation, ada)}
        skeleton = made(dialect, operation, number, {}, ada)

        answered = sent(skeleton, ada)

        drawn = all(field.auto_number for field in operation.resource.key_fields)
        assert exchange_of(answered).created == 1
        [new] = [record for record in stored(operation, ada) if record["id"] not in before]
        assert new[own_name(operation.resource)].isdigit() is drawn
        assert ("with a number that is drawn" in skeleton.text) is drawn


def of(plural: str, *verbs: Verb):
    found = {name: case for name, case in asked(*verbs).items() if case[1].resource.plural == plural}
    return pytest.mark.parametrize("dialect, operation, number", found.values(), ids=found)


class TestOrders:
    @of("sales_orders", Verb.FIND, Verb.UPDATE, Verb.PUT)
    def test_that_have_moved_on_may_be_sent_again(self, dialect, operation, number, ada):
        moved_on = {what: made(dialect, operation, number, key, ada) for what, key in MOVED_ON.items()}

        has_no_failed_record_and_changes_nothing(operation, moved_on, ada)

    @of("sales_orders", Verb.ADD)
    def test_that_have_moved_on_may_be_copied(self, dialect, operation, number, ada):
        for what, key in MOVED_ON.items():
            with undone():
                skeleton = made(dialect, operation, number, key, ada)

                assert exchange_of(sent(skeleton, ada)).created == 1, what
                assert ("There is no active customer GONE here" in skeleton.text) is (key == {"number": "GONE"}), what

    @of("sales_orders", Verb.REMOVE)
    def test_that_may_not_be_removed_say_so(self, dialect, operation, number, ada):
        delivered = made(dialect, operation, number, {"number": "SO-1003"}, ada).text

        assert "Sent as it is, it fails: An order that is Delivered may not be removed." in delivered
        assert "it fails" not in made(dialect, operation, number, {"number": "SO-1000"}, ada).text


@pytest.fixture(scope="class")
def empty(world, django_db_blocker):
    """A site without any record, made once for a class."""
    with django_db_blocker.unblock(), transaction.atomic():
        for services in reversed(RECORDS):  # what names others is declared after them
            services.model.objects.all().delete()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="class")
def grace(empty) -> User:
    """The admin of a site that has other customers and parts."""
    user = User.objects.create(username="grace", is_superuser=True, is_staff=True)
    add(user, "customers", {"number": "A-GONE", "active": "false"}, {"number": "BETA"}, {"number": "GAMMA"})
    add(user, "parts", {"number": "A-GONE", "active": "false"}, {"number": "BOLT"}, {"number": "NUT"})
    return user


class TestOnASiteWithoutTheExamples:
    # Tables of the site name none of the records that it lacks.
    @every_operation(Verb.ADD, Verb.PUT, tables=False)
    def test_names_what_there_is(self, dialect, operation, number, grace, db):
        plural = operation.resource.plural
        key = {"number": "N1"} if operation.resource.key == ("number",) else {}

        skeleton = made(dialect, operation, number, key, grace)
        answered = sent(skeleton, grace)

        named = {field.reference.label for field in operation.resource.fields if field.reference and field.required}
        if "sales order" in named:
            assert " names no sales order: " in skeleton.text
            return
        assert exchange_of(answered).created == 1
        assert named <= {"customer", "part"}, "this site has no other records that a new one may name"
        says = "There is no active customer ACME here; BETA is used instead." in skeleton.text
        assert says is ("customer" in named)
        says = "There is no active part PUMP-100 here; BOLT" in skeleton.text
        assert says is ("part" in named or plural == "sales_orders")


class TestOnAnEmptySite:
    def test_says_what_is_missing_when_there_is_nothing(self, empty, db):
        user = User.objects.create(username="grace", is_superuser=True, is_staff=True)

        skeleton = made(*asked()["rest sales_orders.add 0"], {"number": "N1"}, user)

        assert "Sent as it is, it fails: customer names no customer: 'ACME' is not known." in skeleton.text

    def test_says_what_its_user_may_not_do(self, empty, db):
        user = User.objects.get(username="bob")

        skeleton = made(*asked()["rest sales_orders.add 0"], {"number": "N1"}, user)

        assert "Sent as it is, it fails: bob may not add sales orders." in skeleton.text
        assert "There is no active" not in skeleton.text


def holds_no_secret(skeleton, user):
    assert not any(secret in skeleton.text for secret in ("ticket-", "argon2", user.password))
    assert "authorization" not in {name.lower() for name in skeleton.headers}


def comments_every_field_that_it_sends(dialect, operation, number, skeleton):
    text = skeleton.text
    if operation.verb in (Verb.ADD, Verb.UPDATE, Verb.PUT):
        plural = operation.resource.plural
        resource = current_operations().get(plural, operation.verb).resource
        for said in SAID.get(plural, ()):
            field = resource.by_name.get(OF_FIELD.get(said, ""))
            if said == NOTES and field is None:  # an order without notes has as long a description
                field = resource.by_name.get("description")
            carried = field is None or dialect.carries(plural, field)
            # A name that a wire alone has may have the same limits.
            assert (said in text) is carried or (not carried and plural in dialect.vendor_fields)
        assert all(limits in unescape(text) for limits in limits_of_sent_fields(dialect, resource))
        carried = {field.name for field in resource.custom_fields if dialect.carries(plural, field)}
        assert all(words in text for name, words in SAID_OF_CUSTOM.items() if name in carried)
    if operation.verb in (Verb.UPDATE, Verb.REMOVE) and dialect.media == "xml":
        by_id = operation.needs_only_key and named_by(dialect, operation, number) == ("id",)
        kind = "text, at most" if says_its_key(dialect, operation) and not by_id else "whole number"
        assert f"required: {kind}" in text


def says_that_a_key_is_unknown(operation, new, skeleton):
    unknown = f"No {operation.resource.label.lower()} {', '.join(new.values())} is known"
    says = operation.verb in (Verb.UPDATE, Verb.REMOVE)
    assert (unknown in skeleton.text or unknown.replace("&", "&amp;") in skeleton.text) is says


def uses_the_declared_example_for_a_blank_key(dialect, operation, number, skeleton):
    example = operation.resource.examples[0]
    drawn = operation.verb is Verb.ADD and all(field.auto_number for field in operation.resource.key_fields)
    own = "" if drawn else example[own_name(operation.resource)]
    by_id = ("id",) in (operation.resource.order, named_by(dialect, operation, number)) and own not in skeleton.text
    # A code has no room for a number: the free one is another.
    free = free_keys(operation.resource, completed_key(operation.resource, {}))
    codes = (key[own_name(operation.resource)] for key in free)
    target = unquote(skeleton.target)
    assert by_id or any(each in target + skeleton.text for each in (own, *codes))


def limits_of_sent_fields(dialect, resource):
    """The words on type and limits of each field that a record over this wire may have."""
    # The lines of an entry are not commented one by one.
    of_lines = ("line_number", "quantity") if (dialect.name, resource.plural) == ("expandable", "shipments") else ()
    fields = [field for field in example_fields(resource) if dialect.carries(resource.plural, field)]
    fields = [field for field in fields if field.name not in of_lines]
    return [dialect.describe(field).limits() for field in fields if field.name not in resource.key]


NOTES = "optional: text, at most 32,765 characters"
DIRECT_BUY = "one of 0 (Not direct), 1 (Direct buy), 2 (Recommended only), default 1"
OF_FIELD = {NOTES: "notes", DIRECT_BUY: "direct_buy"}  # fields that not every wire has
SAID = {
    "parts": [NOTES, DIRECT_BUY],
    "prices": ["names a part by its number", "optional: text, at most 20 characters", "default 1"],
    "customers": [NOTES, "names a country by its code or code2"],
    "contacts": [NOTES],
    "customer_parts": [NOTES, "number, at most 11 digits before and 4 after the point, 0 to 100"],
    "sales_orders": [NOTES, "names a customer by its number", "More than 0.", "names a part by its number"],
}


SAID_OF_CUSTOM = {
    "custom_tier": "one of Standard, Silver, Gold",
    "custom_segment": "one of Standard, Key account, Small",
}


@pytest.mark.parametrize(
    "dialect", [each for each in DIALECTS if each.media == "xml" and each.tickets], ids=lambda each: each.name
)
def test_shows_the_name_of_the_signed_in_user_and_an_empty_password(dialect, ada):
    operation = next(each for each in OPERATIONS if each.resource.key and dialect.contexts(each))
    skeleton = made(dialect, operation, 0, {}, ada)

    for place, beside in dialect.tickets.items():
        if place in skeleton.text:
            assert re.search(rf"<([a-z]+:)?{place}\b[^>]*></", skeleton.text)
            assert not beside or ">ada</" in skeleton.text
            break
    else:
        pytest.fail("there is no place for a ticket")


@pytest.fixture(scope="module")
def contracts(world, django_db_blocker):
    """All contracts as this site has them, its custom fields included; made once, for that takes a while."""
    with django_db_blocker.unblock():
        return documents(current_operations())


def is_valid_against_its_contract(dialect, operation, skeleton, contracts):
    if dialect not in (ECOSYS_REST_JSON, ORACLE_REST):  # their vendors describe the XML alone
        CHECKS.get(dialect.name, CHECKS[dialect.media])(dialect, operation, skeleton, contracts)


def check_against_xsd(dialect, operation, skeleton, contracts):
    service = operation.resource.plural.title().replace("_", "")
    document, schema = read_schema(contracts[f"{dialect.name}/{service[0].lower()}{service[1:]}.xsd"])
    if skeleton.method == "GET":
        assert ONLY_COMMENTS.fullmatch(skeleton.text)
        return
    root = etree.fromstring(skeleton.text)
    enveloped = etree.QName(root).localname == "Envelope"
    declared = {f"{{*}}{each}" for each in document.xpath("*[local-name() = 'element']/@name")}
    schema.assertValid(next(root[-1].iter(*declared)) if enveloped else root)


@cache
def read_schema(text):
    document = etree.fromstring(text)
    return document, etree.XMLSchema(document)


@cache
def read_json(text):
    return json.loads(text)


def check_against_openapi(dialect, operation, skeleton, contracts):
    description = read_json(contracts[f"{dialect.name}/openapi.json"])
    has_schema = description["paths"][openapi_path(skeleton.path, description["paths"])][skeleton.method.lower()]
    body = strip_comments(skeleton.text)
    if "requestBody" not in has_schema:
        assert body == ""
        return
    schema = {**has_schema["requestBody"]["content"]["application/json"]["schema"]}
    found = json.loads(body)
    # REST's document tells of a list in words, as generators lose a union: each of its records is valid.
    for record in found if isinstance(found, list) else [found]:
        Draft202012Validator(schema | {"components": description["components"]}).validate(record)


def openapi_path(path, has_schema):
    """The described path that a path is an instance of; a fixed one goes before one with a key in it."""
    patterns = {name: re.compile(re.sub(r"\\\{.+?\\\}", "[^/]+", re.escape(name))) for name in has_schema}
    return min((name for name in patterns if patterns[name].fullmatch(path)), key=lambda name: "{" in name)


def check_against_rpc(dialect, operation, skeleton, contracts):
    """Each argument has a part of its name in the WSDL, and is valid against its type."""
    name = skeleton.query.removeprefix("class=")
    contract = contracts[f"{dialect.name}/{name}.wsdl"]
    method = next(etree.fromstring(skeleton.text)[-1].iterchildren(etree.Element))
    parts, schema = typed_schema(contract, contracts[f"{dialect.name}/encoding.xsd"], etree.QName(method).localname)
    arguments = [*method.iterchildren(etree.Element)]
    assert [each.tag for each in arguments] == [*parts]
    for argument in arguments:
        schema.assertValid(etree.fromstring(etree.tostring(argument, with_tail=False)))


@cache
def typed_schema(wsdl, encoding, method):
    """The types of a method's parts by their names, and a schema with an element for each; an argument may be nil."""
    contract = etree.fromstring(wsdl.encode())
    message = contract.find(f"{{*}}message[@name='{method}Request']")
    parts = {part.get("name"): part.get("type") for part in message}
    types = next(contract.iter("{http://www.w3.org/2001/XMLSchema}schema"))
    files = {"types.xsd": etree.tostring(types), "encoding.xsd": encoding.encode()}

    class Files(etree.Resolver):
        def resolve(self, url, public_id, context):
            return self.resolve_string(files[url.rpartition("/")[2]], context)

    parser = etree.XMLParser()
    parser.resolvers.add(Files())
    elements = "".join(f'<xsd:element name="{name}" type="{kind}" nillable="true"/>' for name, kind in parts.items())
    namespace = types.get("targetNamespace")
    whole = (
        f'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="{namespace}">'
        f'<xsd:import namespace="{namespace}" schemaLocation="types.xsd"/>{elements}</xsd:schema>'
    )
    return parts, etree.XMLSchema(etree.fromstring(whole, parser))


CHECKS = {"xml": check_against_xsd, "json": check_against_openapi, "crm-service": check_against_rpc}
