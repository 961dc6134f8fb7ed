"""The elements of the service Security, version 1.0, and of the header blocks that all services of 1.0 have."""

from records.shapes.resources import Resource
from webservices.wire.contracts import xsd
from webservices.wire.dialects.oracle.names import ACTIONS, PREFIX
from webservices.wire.dialects.oracle.security import IGNORED, PASSWORD, USER, USER_INFO, USER_NAME
from webservices.wire.operations import Action, Verb
from webservices.wire.xml.writing import NOTHING, Markup, element, join

CURRENCY, SESSION_ID = "sessionCurrency", "sessionId"
CURRENCY_TYPE = f"{PREFIX}:CurrencyType"
OPTIONAL = {"minOccurs": "0", "nillable": "true"}

ACTION_HELP = {
    Action.OPEN: "Opens a session; the header of every other call carries its sessionId.",
    Action.CLOSE: "Ends the session.",
    Action.SHOW: "Says who has logged in.",
    Action.SET_CURRENCY: "Gives the session a currency.",
}


def security_elements(session: Resource) -> list[Markup]:
    """The types and elements of the requests and answers of all operations."""
    requests: dict[Verb | Action, Markup] = {
        Action.OPEN: xsd.typed_element(USER_INFO, f"{PREFIX}:LoginUserType"),
        Action.SET_CURRENCY: xsd.typed_element(CURRENCY, CURRENCY_TYPE),
    }
    answers: dict[Verb | Action, Markup] = {
        Action.OPEN: xsd.typed_element(USER_INFO, f"{PREFIX}:SessionUserType"),
        Action.SHOW: xsd.typed_element(USER_INFO, f"{PREFIX}:UserType"),
    }
    currencies = [code for code, _ in session.by_name["currency"].choices]
    parts = [xsd.choice_type("CurrencyType", currencies), _login_type(), _session_type(), *_user_types()]
    for action, name in ACTIONS.items():
        status = xsd.typed_element("status", f"{PREFIX}:CommonStatusType")
        parts.append(xsd.message_element(PREFIX, name, requests.get(action, NOTHING)))
        parts.append(xsd.message_element(PREFIX, f"{name}Response", status, answers.get(action, NOTHING)))
    return parts


def _login_type() -> Markup:
    return xsd.all_group(
        xsd.typed_element(USER_NAME, "xsd:string"),
        xsd.typed_element(PASSWORD, "xsd:string"),
        xsd.typed_element(CURRENCY, CURRENCY_TYPE, **OPTIONAL),
        xsd.typed_element(IGNORED, "xsd:boolean", **OPTIONAL),
        name="LoginUserType",
    )


def _session_type() -> Markup:
    return xsd.all_group(
        xsd.typed_element(CURRENCY, CURRENCY_TYPE, minOccurs="0"),
        xsd.typed_element(SESSION_ID, "xsd:string"),
        name="SessionUserType",
    )


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
