"""The elements of the services Security and Users, and of the header blocks that all services of 1.0 have."""

from collections.abc import Callable, Mapping

from records.shapes.resources import Resource
from webservices.wire.contracts import xsd
from webservices.wire.dialects.oracle.names import ACTIONS, PREFIX
from webservices.wire.dialects.oracle.security import IGNORED, PASSWORD, USER, USER_INFO, USER_NAME
from webservices.wire.xml.writing import NOTHING, Markup, element, join

CURRENCY, SESSION_ID = "sessionCurrency", "sessionId"
CURRENCY_TYPE = f"{PREFIX}:CurrencyType"
OPTIONAL = {"minOccurs": "0", "nillable": "true"}

ACTION_HELP = {
    "login": "Opens a session; the header of every other call carries its sessionId.",
    "logout": "Ends the session.",
    "getUserInfo": "Says who has logged in.",
    "setSessionCurrency": "Gives the session a currency.",
    "getUser": "Says who has a login; of others than oneself to those who may view users.",
}
LOGIN = "login"
REQUESTS: Mapping[str, tuple[str, str]] = {
    "login": (USER_INFO, "LoginUserType"),
    "setSessionCurrency": (CURRENCY, "CurrencyType"),
    "getUser": (USER_INFO, "LookupUserType"),
}
ANSWERS: Mapping[str, tuple[str, str]] = {
    "login": (USER_INFO, "SessionUserType"),
    "getUserInfo": (USER_INFO, "UserType"),
    "getUser": (USER_INFO, "UserType"),
}


def action_elements(resource: Resource) -> list[Markup]:
    """The types and elements of the requests and answers of all actions on sessions, or on users."""
    names = ACTIONS[resource.plural].values()
    currencies = [code for code, _ in resource.by_name["currency"].choices]
    kinds = {kind for each in (REQUESTS, ANSWERS) for name, (_, kind) in each.items() if name in names}
    parts = [xsd.choice_type("CurrencyType", currencies)]
    parts += [declared for kind, write in TYPE_WRITERS.items() if kind in kinds for declared in write()]
    for name in names:
        status = xsd.typed_element("status", f"{PREFIX}:CommonStatusType")
        parts.append(xsd.message_element(PREFIX, name, _particle(REQUESTS, name)))
        parts.append(xsd.message_element(PREFIX, f"{name}Response", status, _particle(ANSWERS, name)))
    return parts


def _particle(elements: Mapping[str, tuple[str, str]], operation: str) -> Markup:
    if operation not in elements:
        return NOTHING
    name, kind = elements[operation]
    return xsd.typed_element(name, f"{PREFIX}:{kind}")


def _login_type() -> list[Markup]:
    return [
        xsd.all_group(
            xsd.typed_element(USER_NAME, "xsd:string"),
            xsd.typed_element(PASSWORD, "xsd:string"),
            xsd.typed_element(CURRENCY, CURRENCY_TYPE, **OPTIONAL),
            xsd.typed_element(IGNORED, "xsd:boolean", **OPTIONAL),
            name="LoginUserType",
        )
    ]


def _lookup_type() -> list[Markup]:
    return [xsd.all_group(xsd.typed_element(LOGIN, "xsd:string"), name="LookupUserType")]


def _session_type() -> list[Markup]:
    return [
        xsd.all_group(
            xsd.typed_element(CURRENCY, CURRENCY_TYPE, minOccurs="0"),
            xsd.typed_element(SESSION_ID, "xsd:string"),
            name="SessionUserType",
        )
    ]


TYPES = {
    "notification_pref": f"{PREFIX}:NotificationType",
    "currency_preference": CURRENCY_TYPE,
    "session_currency": CURRENCY_TYPE,
    "group_list": f"{PREFIX}:GroupList",
}  # of the children of getUserInfo's userInfo that are no plain texts


def _user_types() -> list[Markup]:
    group = xsd.typed_element("group", f"{PREFIX}:GroupType", minOccurs="0", maxOccurs="unbounded")
    flags = ("is_notify_email", "is_notify_fax")
    return [
        xsd.all_group(
            *(xsd.typed_element(name, "xsd:boolean", minOccurs="0") for name in flags), name="NotificationType"
        ),
        xsd.sequence(xsd.typed_element("variable_name", "xsd:string"), name="GroupType"),
        xsd.sequence(group, name="GroupList"),
        xsd.all_group(
            *(xsd.typed_element(name, TYPES.get(name, "xsd:string"), **OPTIONAL) for name in USER),
            name="UserType",
        ),
    ]


TYPE_WRITERS: Mapping[str, Callable[[], list[Markup]]] = {
    "LoginUserType": _login_type,
    "LookupUserType": _lookup_type,
    "SessionUserType": _session_type,
    "UserType": _user_types,
}


def header_elements() -> Markup:
    """`userInfo`, `category` and `xsdInfo`; an actor or mustUnderstand may stand on each."""
    any_attribute = element("xsd:anyAttribute", attributes={"namespace": "##other", "processContents": "lax"})
    text = element("xsd:extension", any_attribute, attributes={"base": "xsd:string"})
    structures = {USER_INFO: SESSION_ID, "xsdInfo": "schemaLocation"}
    return join(
        [
            *(
                xsd.sequence(xsd.typed_element(child, "xsd:string"), name=_block_type(name), attributes=[any_attribute])
                for name, child in structures.items()
            ),
            element(
                "xsd:complexType", element("xsd:simpleContent", text), attributes={"name": _block_type("category")}
            ),
            *(xsd.typed_element(name, f"{PREFIX}:{_block_type(name)}") for name in (USER_INFO, "category", "xsdInfo")),
        ]
    )


def _block_type(name: str) -> str:
    return f"{xsd.capitalize(name)}HeaderType"
