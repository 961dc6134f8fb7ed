"""Oracle CPQ 1.0: the Security service, and the sessions that every other call needs."""

import re
import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection, connections, transaction

from parts.models import Part
from records.shapes.problems import Family
from records.tests.cast import table
from webservices.access import sessions
from webservices.access.identify import identify, issue_ticket
from webservices.access.identity import AuthenticationFailed
from webservices.access.session_services import SESSION
from webservices.access.users import find_user_by_name
from webservices.declarations import OPERATIONS
from webservices.models import Exchange, Session
from webservices.tests.version_1_0 import NOON, Client, login, number_of, session_block
from webservices.wire.credentials import SessionToken
from webservices.wire.dialects.oracle.dialect import ORACLE_1_0, ORACLE_2_0
from webservices.wire.dialects.oracle.names import operation_name
from webservices.wire.operations import Kind

GET = number_of()


@pytest.fixture
def client(ada):
    return Client()


class TestLogin:
    def test_answers_as_recorded(self, client):
        answer = client.login()

        assert [each.tag.partition("}")[2] for each in answer] == ["status", "userInfo"]
        assert answer.findtext("{*}status/{*}success") == "true"
        assert re.fullmatch(r"[\w-]{40,}![0-9]+![0-9]{13}", client.token)
        assert [each.tag.partition("}")[2] for each in answer[1]] == ["sessionId"]

    def test_sets_a_cookie_that_lets_nobody_in(self, client):
        client.login()

        name, _, value = client.response.headers["Set-Cookie"].partition("=")
        assert name == "JSESSIONID"
        assert client.token.partition("!")[0] not in value
        assert client.code(GET, "", cookie=f"JSESSIONID={client.token}") == "SESSION-ERR"

    def test_takes_a_currency(self, client):
        answer = client.login(more="<bm:sessionCurrency>EUR</bm:sessionCurrency><bm:sso>false</bm:sso>")

        assert answer.findtext("{*}userInfo/{*}sessionCurrency") == "EUR"

    REFUSED = {
        "a wrong password": (login("ada", "wrong"), "SECURITY-ERR"),
        "nobody": (login("nobody", "x"), "SECURITY-ERR"),
        "an empty password": (login("ada", ""), "SECURITY-ERR"),
        "no user at all": ("<bm:login/>", "SECURITY-ERR"),
        "a currency that is none": (
            login("ada", "ada-ada!", "<bm:sessionCurrency>euro</bm:sessionCurrency>"),
            "SECURITY-ERR",
        ),
        "an element that is not known": (login("ada", "ada-ada!", "<bm:realm>x</bm:realm>"), "XML-ERR"),
    }

    @pytest.mark.parametrize("body, code", table(REFUSED))
    def test_refuses(self, client, body, code):
        fault = client.send(body, "")

        assert client.response.status == 500
        assert fault.findtext("faultcode") == "soapenv:Server"
        assert fault.findtext("faultstring").startswith(f"{code}:")
        assert not Session.objects.exists()

    def test_refuses_a_user_who_is_not_active(self, client, ada):
        User.objects.filter(pk=ada.pk).update(is_active=False)

        assert client.login().findtext(".//{*}exceptionCode") == "SECURITY-ERR"

    def test_keeps_only_the_hash_of_the_id(self, client):
        client.login()

        with connection.cursor() as cursor:
            cursor.execute("SELECT row_to_json(s)::text FROM webservices_session s")
            stored = cursor.fetchone()[0]
        assert client.token not in stored
        assert client.token.partition("!")[0] not in stored

    def test_opens_nothing_in_a_dry_run(self, client):
        client.send(login("ada", "ada-ada!"), "", **{"x-dry-run": "true"})

        assert not Session.objects.exists()
        assert b"<bm:sessionId/>" in client.response.body
        assert "Set-Cookie" not in client.response.headers


class TestSession:
    def test_lets_its_user_in(self, client):
        client.login()

        assert client.send(GET).findtext("{*}status/{*}records_returned") == "0"

    def test_is_needed_for_all_but_login(self, client):
        assert client.code(GET) == "SESSION-ERR"
        assert client.code(GET, session_block("")) == "SESSION-ERR"
        assert client.code(GET, session_block("a!1!2")) == "SESSION-ERR"
        assert client.code("<bm:getUserInfo/>") == "SESSION-ERR"

    def test_refuses_with_a_fault_like_others(self, client):
        fault = client.send(GET)

        assert client.response.status == 500
        assert fault.findtext("faultcode") == "soapenv:Server"
        assert fault.findtext("faultstring") == "SESSION-ERR:There is no session: log in first."

    BLOCKS = {
        "none": "",
        "as recorded": "<bm:category>Parts</bm:category><bm:xsdInfo><bm:schemaLocation>https://x.example/bmfsweb/x/"
        "schema/v1_0/parts/Parts.xsd</bm:schemaLocation></bm:xsdInfo>",
        "of another service": "<bm:category>Users</bm:category>",
        "nonsense": "<bm:category>&lt;a&gt;</bm:category><bm:xsdInfo>file:///etc/hostname<bm:a b='c'/></bm:xsdInfo>",
        "that must be understood": '<bm:category e:mustUnderstand="1">Parts</bm:category>',
        "in another of Oracle's namespaces": '<a:category xmlns:a="urn:soap.oracle.com">Parts</a:category>',
    }

    @pytest.mark.parametrize("blocks", table(BLOCKS))
    def test_whatever_category_and_xsd_info_hold(self, client, blocks):
        client.login()

        assert client.code(GET, session_block(client.token) + blocks) == ""

    def test_is_read_with_user_and_rights_in_one_statement(self, client, django_assert_num_queries):
        client.login()

        with django_assert_num_queries(1):
            caller = identify(SessionToken(client.token), call_id="", secure=True, at=NOON)

        assert (caller.user_name, caller.superuser, caller.credential) == ("ada", True, "session")

    def test_is_not_taken_in_clear(self, client):
        client.login()

        with pytest.raises(AuthenticationFailed) as refused:
            identify(SessionToken(client.token), call_id="", secure=False, at=NOON)
        assert refused.value.problem.family is Family.FORBIDDEN

    def test_may_be_a_ticket_of_the_test_page_once(self, client, ada):
        client.token = issue_ticket(ada.pk, at=client.at)

        assert client.code(GET) == ""
        assert client.code(GET) == "SESSION-ERR"

    def test_is_one_of_several(self, client):
        client.login()
        other = Client()
        other.login()

        client.send("<bm:logout/>")

        assert client.code(GET) == "SESSION-ERR"
        assert other.code(GET) == ""


class TestEnd:
    def test_on_logout(self, client):
        client.login()

        answer = client.send("<bm:logout/>")

        assert answer.tag.endswith("}logoutResponse")
        assert client.code(GET) == "SESSION-ERR"
        assert not Session.objects.exists()

    def test_when_it_was_not_used_for_so_long(self, client, settings):
        settings.SESSION_MINUTES = 10
        client.login()

        client.wait(minutes=10)
        assert client.code(GET) == ""
        client.wait(minutes=11, seconds=1)
        assert client.code(GET) == "SESSION-ERR"

    def test_not_while_it_is_used(self, client):
        client.login()

        for _ in range(10):
            client.wait(minutes=29, seconds=59)
            assert client.code(GET) == ""

    def test_when_the_password_changes(self, client, ada, stored_hash):
        client.login()

        User.objects.filter(pk=ada.pk).update(password=stored_hash("another"))

        assert client.code(GET) == "SESSION-ERR"
        assert not Session.objects.exists()

    def test_when_the_user_is_disabled_even_if_only_for_a_while(self, client, ada):
        client.login()

        for active in (False, True):
            ada.is_active = active
            ada.save()

        assert client.code(GET) == "SESSION-ERR"

    def test_not_when_something_else_of_the_user_changes(self, client, ada):
        client.login()

        ada.last_name = "Byron"
        ada.save()

        assert client.code(GET) == ""

    def test_with_the_user(self, client, ada):
        client.login()

        ada.delete()

        assert client.code(GET) == "SESSION-ERR"

    def test_those_that_have_ended_are_swept_away_by_the_next_login(self, client):
        client.login()
        client.wait(hours=1)

        client.login()

        assert Session.objects.count() == 1

    def test_no_session_is_opened_with_a_password_that_has_just_changed(self, ada, stored_hash):
        as_it_was = find_user_by_name("ada")
        User.objects.filter(pk=ada.pk).update(password=stored_hash("another"))

        assert sessions.new_session(ada.pk, as_it_was.proof, currency="", at=NOON) is None


class TestStamp:
    def test_is_written_at_most_once_a_minute(self, client, django_assert_num_queries):
        client.login()

        client.wait(seconds=59)
        client.send(GET)
        assert Session.objects.get().used_at == NOON

        client.wait(seconds=1)
        client.send(GET)
        assert Session.objects.get().used_at == NOON + timedelta(minutes=1)

    @pytest.mark.django_db(transaction=True)
    def test_waits_for_nobody(self, client):
        client.login()
        client.wait(minutes=5)
        codes = []

        def call():
            codes.append(client.code(GET))
            connections.close_all()

        with transaction.atomic():
            Session.objects.select_for_update().get()
            other = threading.Thread(target=call)
            other.start()
            other.join(timeout=20)

        assert codes == [""]
        assert Session.objects.get().used_at == NOON


class TestUserInfo:
    def test_tells_who_has_logged_in_in_the_recorded_order(self, client, ada):
        User.objects.filter(pk=ada.pk).update(first_name="Ada", last_name="Byron <&", email="ada@hub.example")
        ada.groups.add(Group.objects.create(name="Sales"), Group.objects.create(name="Buyers"))
        client.login()

        user = client.send("<bm:getUserInfo/>").find("{*}userInfo")

        names = [each.tag.partition("}")[2] for each in user]
        assert names[:10] == [
            *("company_name", "login", "password", "type", "first_name", "last_name"),
            *("job_title", "email", "phone", "fax"),
        ]
        assert names.index("session_currency") < names.index("bm_units") < names.index("status")
        assert len(names) == len(set(names)) == 56
        found = {name: user.findtext(f"{{*}}{name}") for name in names}
        assert (found["login"], found["password"], found["type"]) == ("ada", "", "FullAccess")
        assert (found["first_name"], found["last_name"]) == ("Ada", "Byron <&")
        assert (found["email"], found["status"], found["super_user_access_perm"]) == ("ada@hub.example", "Active", "1")
        assert [each.text for each in user.iterfind("{*}group_list/{*}group/{*}variable_name")] == ["Buyers", "Sales"]

    def test_tells_the_currency_of_the_session(self, client):
        client.login()

        def currency():
            return client.send("<bm:getUserInfo/>").findtext("{*}userInfo/{*}session_currency")

        assert currency() == "USD"
        client.send("<bm:setSessionCurrency><bm:sessionCurrency>EUR</bm:sessionCurrency></bm:setSessionCurrency>")
        assert currency() == "EUR"
        assert currency() == "EUR"

    def test_an_empty_currency_is_no_currency(self, client):
        client.login()

        assert client.code("<bm:setSessionCurrency/>") == "SECURITY-ERR"
        assert b"sessionCurrency" in client.response.body


ACTIONS = [each for each in OPERATIONS if each.kind is Kind.ACTION and each.resource is SESSION]
BODIES = {
    "login": login("bob", "bob-bob!"),
    "setSessionCurrency": "<bm:setSessionCurrency><bm:sessionCurrency>EUR</bm:sessionCurrency></bm:setSessionCurrency>",
}


class TestRights:
    """Each special needs a permission of its own."""

    @pytest.mark.parametrize("operation", ACTIONS, ids=lambda operation: operation.name)
    def test_of_bob_who_may_do_nothing_and_then_this(self, bob, operation):
        client = Client()
        client.token = issue_ticket(bob.pk, at=NOON)
        header = "" if operation_name(operation) == "login" else None
        body = BODIES.get(operation_name(operation), f"<bm:{operation_name(operation)}/>")

        assert client.code(body, header) == "SECURITY-ERR"
        assert "bob may not" in client.response.body.decode()

        bob.user_permissions.set(Permission.objects.filter(codename=operation.permissions[0].partition(".")[2]))
        client.token = issue_ticket(bob.pk, at=NOON)
        client.send(body, header)
        assert "bob may not" not in client.response.body.decode()

    def test_of_the_session_are_its_users_as_they_are_now(self, bob):
        bob.user_permissions.set(Permission.objects.filter(codename="open_session"))
        client = Client()
        client.login("bob", "bob-bob!")

        assert client.code(GET) == "SECURITY-ERR"
        bob.user_permissions.add(Permission.objects.get(codename="view_part"))
        assert client.code(GET) == ""


class TestDispatch:
    def test_is_by_the_body_over_all_services(self, client):
        client.login()
        record = "<bm:each_record><bm:part_number>P-1</bm:part_number></bm:each_record>"

        for plural in ("parts", "customers", "customer_parts", "sales_orders"):
            answer = client.send(number_of(plural), soapaction='"login-or-whatever"')
            assert answer.tag.startswith("{urn:soap.bigmachines.com}get")
        assert client.code(f"<bm:addParts><bm:Parts>{record}</bm:Parts></bm:addParts>") == ""
        assert Part.objects.count() == 1

    def test_answers_in_the_namespace_of_the_operation(self, client):
        client.login()

        body = GET.replace("<bm:getParts>", '<bm:getParts xmlns:bm="http://xmlns.oracle.com/cpqcloud/parts">', 1)

        assert client.send(body).tag == "{http://xmlns.oracle.com/cpqcloud/parts}getPartsResponse"

    def test_refuses_what_is_no_operation_and_a_contradicting_action(self, client):
        client.login()

        assert client.code("<bm:getContacts/>") == "XML-ERR"
        assert client.code(GET, soapaction='"urn:soap.bigmachines.com#logout"') == "XML-ERR"

    def test_of_2_0_has_no_security_service(self, client):
        assert not any(ORACLE_2_0.contexts(operation) for operation in ACTIONS)
        assert all(ORACLE_1_0.contexts(operation) for operation in ACTIONS)


class TestExchange:
    def test_names_the_operation_the_user_and_the_credential(self, client):
        client.login()
        client.send("<bm:getUserInfo/>")

        first, second = Exchange.objects.order_by("id")
        assert (first.operation, first.user_name, first.credential) == ("sessions.open", "ada", "password")
        assert (second.operation, second.user_name, second.credential) == ("sessions.show", "ada", "session")
