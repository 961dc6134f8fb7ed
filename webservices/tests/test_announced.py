"""
What a SOAP contract announces is true: every operation, every option and every header block, found in the contracts.

Operations: sent as their own skeletons, in `webservices/tester/compose/tests/test_skeletons.py::TestSentUnchanged`.
Options: sent here with every write of every SOAP wire, those that go with some operations over every wire; those of
one wire alone by the tests that `HELD` names.
"""

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from lxml import etree

from orders.models import SalesOrder
from records.models import Change
from records.shapes.values import Tags
from records.tests.cast import table
from webservices.declarations import OPERATIONS
from webservices.tests.api_keys import permission
from webservices.tests.test_idempotency import (
    WRITES,
    build_call,
    every_wire,
    exchange_of,
    send,
    stored_record,
    superuser,
)
from webservices.wire.contracts.examples import completed_key
from webservices.wire.credentials import Password
from webservices.wire.dialects.ecosys.options import OPTIONS as ECOSYS_OPTIONS
from webservices.wire.dialects.oracle.headers import BLOCKS_1_0
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.messages import Options
from webservices.wire.operations import Verb
from webservices.wire.options import OPTIONS
from webservices.wire.reference.catalog import documents
from webservices.wire.reference.skeletons import skeleton_call

ROOT = Path(__file__).parents[2]
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
CONTRACTS = {
    name: etree.fromstring(text.encode()) for name, text in documents(OPERATIONS).items() if name.endswith(".wsdl")
}
SOAP = [dialect for dialect in DIALECTS if any(name.startswith(f"{dialect.name}/") for name in CONTRACTS)]
SOAP_WRITES = {name: case for name, case in WRITES.items() if case[0] in SOAP}
every_write = pytest.mark.parametrize("case", table({name: (case,) for name, case in SOAP_WRITES.items()}))

IMPORTS = {name: (case,) for name, case in WRITES.items() if case[1].takes_option("import_finished")}
every_import = pytest.mark.parametrize("case", table(IMPORTS))

ECOSYS, ACCESS = "webservices/views/tests/test_ecosys", "webservices/access/tests/test_sessions.py::TestSession"
READ = "webservices/wire/dialects/ecosys/tests/test_read.py"
HERE, STRUCTURES = "webservices/tests/test_announced.py::TestOptions", "webservices/views/tests/test_structures.py"
# The test that holds each thing that is announced, by the name that its contract has for it.
HELD = {
    "Username": f"{READ}::TestCredentials::test_precedence",
    "Password": f"{READ}::TestCredentials::test_precedence",
    "LogoutSession": f"{ECOSYS}.py::TestSessions::test_are_kept_by_a_cookie_until_a_call_lets_them_end",
    "LogLevel": f"{ECOSYS}_site.py::TestJobs::test_hold_objects_as_they_were_sent",
    "LogTitle": f"{ECOSYS}_site.py::TestJobs::test_are_asked_for_in_an_address",
    "LogDebug": f"{ECOSYS}_site.py::TestJobs::test_hold_objects_as_they_were_sent",
    "IncludeMetaData": f"{ECOSYS}.py::TestReads::test_meta_and_performance",
    "userInfo": f"{ACCESS}::test_is_needed_for_all_but_login",
    "category": f"{ACCESS}::test_whatever_category_and_xsd_info_hold",
    "xsdInfo": f"{ACCESS}::test_whatever_category_and_xsd_info_hold",
    "DryRun": f"{HERE}::test_a_dry_run_keeps_nothing",
    "AllOrNone": f"{HERE}::test_all_or_none_keeps_nothing_of_a_call_that_fails",
    "IfMatch": f"{HERE}::test_another_version_is_refused",
    "Import": f"{HERE}::test_an_import_adds_a_finished_order_for_who_may",
    "CheckTotals": "webservices/tests/test_write_back.py::"
    "test_a_total_that_comes_back_changed_is_a_warning_and_fails_where_totals_are_checked",
    "IdempotencyKey": "webservices/tests/test_idempotency.py::TestSentAgain::test_has_the_same_answer_byte_for_byte",
    "clear": f"{STRUCTURES}::test_oracle_leaves_the_rows",
    "clear_rows": f"{STRUCTURES}::test_crm_service_leaves_the_rows",
}


def list_announced_names(root) -> set[str]:
    """Names of header blocks, of EcoSys' options, of options in prose, of ways to clear."""
    found = {block.get("part") for block in root.iter("{*}header")}
    found |= {
        each.get("name") for each in root.iterfind(".//{*}complexType[@name]/{*}all/{*}element") if in_options(each)
    }
    prose = " ".join(each.text or "" for each in root.iter(f"{WSDL}documentation"))
    found |= {option.name for option in OPTIONS if re.search(rf"\b{option.name}\b", prose)}
    found |= {each.get("name") for each in root.iter("{*}attribute") if each.get("name") == "clear"}
    return found | {
        each.get("name") for each in root.iter("{*}element") if (each.get("name") or "").startswith("clear_")
    }


def in_options(element) -> bool:
    return element.getparent().getparent().get("name").endswith("OptionsType")


def functions_in(path: str) -> set[str]:
    """`TestClass::test` and `test` of a module."""
    found = set()
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
    return found


class TestContracts:
    def test_everything_announced_has_a_test_that_is_there(self):
        names = set().union(*map(list_announced_names, CONTRACTS.values()))

        assert names == set(HELD)
        for name, place in HELD.items():
            path, _, function = place.partition("::")
            assert function in functions_in(path), name

    def test_options_and_blocks_are_all_that_the_wires_read(self):
        assert {*ECOSYS_OPTIONS, *BLOCKS_1_0, *(option.name for option in OPTIONS)} <= set(HELD)

    @pytest.mark.parametrize("dialect", SOAP, ids=lambda dialect: dialect.name)
    def test_operations_are_those_that_are_sent_as_skeletons(self, dialect):
        named = {
            each.get("name")
            for name, root in CONTRACTS.items()
            if name.startswith(f"{dialect.name}/")
            for each in root.iterfind(f"{WSDL}portType/{WSDL}operation")
        }
        sent = {
            dialect.spell_operation(operation, context)
            for operation in OPERATIONS
            for context in dialect.contexts(operation)
        }

        assert named - {"CustomerAdministration"} <= {name.partition(" ")[0] for name in sent}
        assert named


@pytest.fixture
def ada(demo_world, db, stored_hash):
    return superuser("ada", stored_hash)


class TestOptions:
    @every_write
    def test_a_dry_run_keeps_nothing(self, ada, case):
        before = Change.objects.count()

        completed = send(build_call(case, ada, key="", dry_run=True))

        assert completed.response.status < 300, completed.response.body
        assert exchange_of(completed).failed == 0
        assert Change.objects.count() == before

    @every_write
    def test_another_version_is_refused(self, ada, case):
        if case[1].verb is Verb.ADD:
            pytest.skip("A new record has no version.")
        live = stored_record(case[1], ada)
        before = Change.objects.count()

        wrong = send(build_call(case, ada, key="", if_match=Tags((int(live["version"]) + 5,))))

        assert exchange_of(wrong).failed or wrong.response.status >= 400, wrong.response.body
        assert Change.objects.count() == before
        right = send(build_call(case, ada, key="", if_match=Tags((int(live["version"]),))))
        assert right.response.status < 300, right.response.body
        assert exchange_of(right).failed == 0

    @every_write
    def test_all_or_none_keeps_nothing_of_a_call_that_fails(self, ada, case):
        (dialect, operation, _), call = build_call(case, ada, key="", all_or_none=True)
        good = call.records[0] if operation.verb is not Verb.REMOVE and len(call.records) else {}
        carried = (name for name in good if is_text(operation, name) and dialect.carries(*text_of(operation, name)))
        long = next(carried, "")
        call = replace(call, records=[good, {**good, long: "x" * 40_000}])
        if not long or read_back(case, call) != 2:
            pytest.skip("A call of it holds one record.")
        before = Change.objects.count()

        completed = send((case, call))

        assert exchange_of(completed).failed == 2, completed.response.body
        assert Change.objects.count() == before

    @every_import
    def test_an_import_adds_a_finished_order_for_who_may(self, ada, clerk, stranger, case):
        def send_as(user, **options):
            who = Password(user.username, f"{user.username}-{user.username}!")
            completed = send(finished_order(case, who, **options), who)
            exchange = exchange_of(completed)
            return exchange.created, exchange.code, completed.response.status, completed.response.body.decode()

        refused = send_as(clerk)
        forbidden, unknown = send_as(clerk, import_finished=True), send_as(stranger, import_finished=True)

        assert (refused[0], SalesOrder.objects.filter(number="NEW-1").exists()) == (0, False), refused
        assert forbidden[:3] == unknown[:3] == (0, "forbidden", unknown[2]), forbidden
        assert "with the option Import (X-Import)" in forbidden[3], forbidden
        assert send_as(ada, import_finished=True)[0] == 1
        clerk.user_permissions.add(permission("orders.import_finished_orders"))
        assert SalesOrder.objects.filter(number="NEW-1").delete()[0]
        created, *rest = send_as(clerk, import_finished=True)
        assert created == 1, rest
        assert SalesOrder.objects.get(number="NEW-1").status.name == "Delivered"

    @every_wire
    def test_that_go_with_some_operations_are_refused_by_all_others(self, ada, case):
        before = Change.objects.count()
        for option in OPTIONS:
            if not option.general and not case[1].takes_option(option.field):
                completed = send(build_call(case, ada, key="", **{option.field: True}))

                assert exchange_of(completed).code == "wrong-option", completed.response.body
                assert f"{option.name} ({option.header}) does not go with this call" in str(completed.response.body)
        assert Change.objects.count() == before


@pytest.fixture
def clerk(ada, stored_hash):
    """A user who may write orders, and nothing else."""
    clerk = stranger_named("bob", stored_hash)
    clerk.user_permissions.set(permission(f"orders.{each}_salesorder") for each in ("view", "add", "change"))
    clerk.user_permissions.add(permission("webservices.open_session"), permission("webservices.get_auth_token"))
    return clerk


@pytest.fixture
def stranger(ada, stored_hash):
    """A user who may do nothing, but get in."""
    stranger = stranger_named("carol", stored_hash)
    stranger.user_permissions.add(permission("webservices.open_session"), permission("webservices.get_auth_token"))
    return stranger


def stranger_named(name, stored_hash):
    superuser(name, stored_hash)
    User.objects.filter(username=name).update(is_superuser=False)
    return User.objects.get(username=name)


def finished_order(case, who, **options):
    """A call that adds an order that is delivered."""
    dialect, operation, context = case
    named = completed_key(operation.resource, {}) | {"number": "NEW-1"}
    call = skeleton_call(dialect, operation, named, None, who.user_name, context)
    records = [{**call.records[0], "status": "Delivered"}]
    credentials = dialect.credentials(operation, who)
    return case, replace(call, records=records, credentials=credentials, options=Options(**options))


def text_of(operation, name):
    return operation.resource.plural, operation.resource.by_name[name]


def is_text(operation, name) -> bool:
    """True for a text that names nothing: what is wrong with it is wrong with its record alone."""
    field = operation.resource.by_name.get(name)
    return field is not None and field.kind == "text" and name not in operation.resource.key and not field.reference


def read_back(case, call) -> int:
    """The records of a call as its wire reads them again."""
    dialect, _, context = case
    return len([*dialect.read(dialect.build_request(call, context), OPERATIONS, dialect.settings).records])
