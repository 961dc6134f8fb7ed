"""
The Security service of version 1.0, and the Users service: operations that are no verb on a record, with bodies of
their own.

    <bm:login><bm:userInfo><bm:username>ada</bm:username><bm:password>…</bm:password></bm:userInfo></bm:login>
    <bm:loginResponse><bm:status>…</bm:status><bm:userInfo><bm:sessionId>…</bm:sessionId></bm:userInfo></bm:loginResponse>

    <bm:setSessionCurrency><bm:sessionCurrency>EUR</bm:sessionCurrency></bm:setSessionCurrency>
    <bm:getUserInfo/>, <bm:logout/>
    <bm:getUser><bm:userInfo><bm:login>ada</bm:login></bm:userInfo></bm:getUser>
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from records.shapes.problems import malformed_error
from records.shapes.values import EMPTY, Values, quote_text
from webservices.wire.credentials import Credentials, Password
from webservices.wire.dialects.oracle.names import PREFIX, field_name, operation_name
from webservices.wire.messages import Call
from webservices.wire.operations import Action, Operation
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.writing import NOTHING, Markup, element, join

USER_INFO = "userInfo"
USER_NAME, PASSWORD = "username", "password"
IGNORED = "sso"  # there is no sign-on elsewhere to ask

CONTACT = ("first_name", "last_name", "company", "company_2", "phone", "fax", "email")
ADDRESS = ("address_1", "address_2", "city", "state_province", "zip", "country")

# The children of getUserInfo's userInfo, in the order of the recordings.
USER: tuple[str, ...] = (
    *("company_name", "login", "password", "type", "first_name", "last_name", "job_title", "email", "phone", "fax"),
    *(f"bill_{name}" for name in ADDRESS),
    "separate_ship_addr",
    *(f"ship_{name}" for name in ADDRESS),
    *("notification_pref", "bm_language", "currency_preference", "session_currency"),
    *(f"bill_{name}" for name in CONTACT),
    *(f"ship_{name}" for name in CONTACT),
    *("bm_units", "date_format", "time_zone", "number_format", "partner_login", "partner_password", "status"),
    *("super_user_access_perm", "unplugged_default_check_in", "enabled_for_sso", "external_sso_id"),
    *("approval_delegate", "mobile_enabled", "web_services_only", "group_list"),
)
USER_FIELDS: Mapping[str, str] = {
    "login": "user_name",
    "first_name": "first_name",
    "last_name": "last_name",
    "email": "email",
    "bm_language": "language",
    "currency_preference": "site_currency",
    "session_currency": "currency",
}
CONSTANTS: Mapping[str, str] = {
    "company_name": "Counterpart",
    "separate_ship_addr": "false",
    "bm_units": "System Default",
    "date_format": "yyyy-MM-dd",
    "time_zone": "UTC",
    "number_format": "####.##",
    "unplugged_default_check_in": "0",
    "enabled_for_sso": "0",
    "mobile_enabled": "0",
    "web_services_only": "0",
}
FULL, RESTRICTED = "FullAccess", "RestrictedAccess"
ACTIVE, INACTIVE = "Active", "Inactive"


@dataclass(frozen=True)
class BodyForm:
    """
    The body of one operation.

    group         the element around what is sent; "": there is none
    takes_login   it holds a user's name and password
    write_answer  writes what the answer holds beside its status
    """

    group: str = ""
    takes_login: bool = False
    write_answer: Callable[[Operation, Values], Markup] | None = None


def _write_session(operation: Operation, session: Values) -> Markup:
    return element(f"{PREFIX}:{USER_INFO}", join(_texts(operation, session, ("currency", "id"))))


def _write_user(operation: Operation, session: Values) -> Markup:
    return element(f"{PREFIX}:{USER_INFO}", *(_user_element(name, session) for name in USER))


FORMS: Mapping[str, BodyForm] = {
    "login": BodyForm(USER_INFO, takes_login=True, write_answer=_write_session),
    "getUserInfo": BodyForm(write_answer=_write_user),
    "setSessionCurrency": BodyForm(),
    "logout": BodyForm(),
    "getUser": BodyForm(USER_INFO, write_answer=_write_user),
}


def read_action(call: Call, nodes: Iterable[Node]) -> Call:
    """Return the call with the content of its body; raises ProblemError for what it does not take."""
    operation, form = call.operation, FORMS[operation_name(call.operation)]
    fields = {field_name(operation.resource.name, name): name for name in operation.takes}
    texts = dict(_read(operation, form, nodes, {*fields, *([USER_NAME, PASSWORD, IGNORED] * form.takes_login)}))
    record = {name: texts[spelled].strip() or EMPTY for spelled, name in fields.items() if spelled in texts}
    if form.takes_login:
        password = Password(texts.get(USER_NAME, "").strip(), texts.get(PASSWORD, ""))
        return replace(call, records=[record], credentials=password)
    return replace(call, records=[record])


def _read(operation: Operation, form: BodyForm, nodes: Iterable[Node], known: set[str]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        # setSessionCurrency has its one element without a group around it, login has all of them in userInfo.
        for child in node.children if node.name == form.group else (node,):
            if child.name not in known or child.children:
                raise malformed_error(
                    "unknown-element", f"{operation_name(operation)} does not take {quote_text(child.name)}."
                )
            yield child.name, child.text


def write_action(call: Call) -> Markup:
    """Write the content of the operation's element."""
    form, record = FORMS[operation_name(call.operation)], call.records[0] if call.records else {}
    content = [*_texts(call.operation, record, call.operation.takes)]
    if form.takes_login:
        content = [*_login(call.credentials), *content]
    return element(f"{PREFIX}:{form.group}", *content) if form.group else join(content)


def _login(credentials: Credentials | None) -> Iterator[Markup]:
    if isinstance(credentials, Password):
        yield element(f"{PREFIX}:{USER_NAME}", credentials.user_name)
        yield element(f"{PREFIX}:{PASSWORD}", credentials.secret)


def _texts(operation: Operation, record: Values, names: Iterable[str]) -> Iterator[Markup]:
    for name in names:
        if name in record:
            yield element(f"{PREFIX}:{field_name(operation.resource.name, name)}", str(record[name] or ""))


def write_action_answer(operation: Operation, record: Values) -> Markup:
    """Write what the answer holds beside its status."""
    write = FORMS[operation_name(operation)].write_answer
    return write(operation, record) if write else NOTHING


def session_cookie(operation: Operation, record: Values) -> dict[str, str]:
    """
    The headers of an answer: a login sets JSESSIONID, as Oracle's servers do.

    It lets nobody in: clients that send it back are known by their session's id alone.
    """
    if operation.verb is not Action.OPEN or not record["id"]:
        return {}
    # A hash, as the cookie tells nothing of the session; what follows the id's first mark is the server's number.
    servlet = sha256(f"cookie of {record['id']}".encode()).hexdigest()
    server = str(record["id"]).split("!")[1]
    return {"Set-Cookie": f"JSESSIONID={servlet}!{server}; Path=/v1_0/receiver; Secure; HttpOnly; SameSite=Strict"}


def _user_element(name: str, session: Values) -> Markup:
    """One child of userInfo; what the hub does not know of a user is empty, as clients expect all of them."""
    content: str = CONSTANTS.get(name) or str(session.get(USER_FIELDS.get(name, ""), EMPTY) or "")
    match name:
        # Oracle says twice who may do everything: in words here, as a digit below.
        case "type":
            content = FULL if session.get("superuser") == "true" else RESTRICTED
        case "super_user_access_perm":
            content = "1" if session.get("superuser") == "true" else "0"
        case "status":
            content = INACTIVE if session.get("active") == "false" else ACTIVE
        case "notification_pref":
            content = element(f"{PREFIX}:is_notify_email", "false")
        case "group_list":
            groups = session.get("groups")
            names = map(str, groups) if isinstance(groups, list) else ()
            content = join(element(f"{PREFIX}:group", element(f"{PREFIX}:variable_name", each)) for each in names)
    return element(f"{PREFIX}:{name}", content)
