"""The elements of the service Security, version 1.0, and of the header blocks that all services of 1.0 have."""

from webservices.wire.contracts import xsd
from webservices.wire.dialects.oracle.names import ACTIONS, PREFIX
from webservices.wire.dialects.oracle.security import IGNORED, PASSWORD, USER, USER_INFO, USER_NAME
from webservices.wire.operations import Action, Verb
from webservices.wire.xml.writing import NOTHING, Markup, element

CURRENCY, SESSION_ID = "sessionCurrency", "sessionId"
OPTIONAL = {"minOccurs": "0", "nillable": "true"}

ACTION_HELP = {
    Action.OPEN: "Opens a session; the header of every other call carries its sessionId.",
    Action.CLOSE: "Ends the session.",
    Action.SHOW: "Says who has logged in.",
    Action.SET_CURRENCY: "Gives the session a currency.",
}


def security_elements() -> list[Markup]:
    """The elements of the requests and answers of all operations."""
    requests: dict[Verb | Action, Markup] = {
        Action.OPEN: xsd.structured(USER_INFO, _login_type()),
        Action.SET_CURRENCY: xsd.named(CURRENCY, "xsd:string"),
    }
    answers: dict[Verb | Action, Markup] = {
        Action.OPEN: xsd.structured(USER_INFO, _session_type()),
        Action.SHOW: xsd.structured(USER_INFO, _user_type()),
    }
    parts = []
    for action, name in ACTIONS.items():
        status = xsd.named("status", f"{PREFIX}:CommonStatusType")
        parts.append(xsd.structured(name, xsd.sequence(requests.get(action, NOTHING))))
        parts.append(xsd.structured(f"{name}Response", xsd.sequence(status, answers.get(action, NOTHING))))
    return parts


def _login_type() -> Markup:
    return xsd.everything(
        xsd.named(USER_NAME, "xsd:string"),
        xsd.named(PASSWORD, "xsd:string"),
        xsd.named(CURRENCY, "xsd:string", **OPTIONAL),
        xsd.named(IGNORED, "xsd:boolean", **OPTIONAL),
    )


def _session_type() -> Markup:
    return xsd.everything(xsd.named(CURRENCY, "xsd:string", minOccurs="0"), xsd.named(SESSION_ID, "xsd:string"))


def _user_type() -> Markup:
    structured = {
        "notification_pref": xsd.everything(
            xsd.named("is_notify_email", "xsd:boolean", minOccurs="0"),
            xsd.named("is_notify_fax", "xsd:boolean", minOccurs="0"),
        ),
        "group_list": xsd.sequence(
            xsd.structured(
                "group", xsd.sequence(xsd.named("variable_name", "xsd:string")), minOccurs="0", maxOccurs="unbounded"
            )
        ),
    }
    return xsd.everything(
        *(
            xsd.structured(name, structured[name], **OPTIONAL)
            if name in structured
            else xsd.named(name, "xsd:string", **OPTIONAL)
            for name in USER
        )
    )


def header_elements() -> Markup:
    """`userInfo`, `category` and `xsdInfo`; an actor or mustUnderstand may stand on each."""
    any_attribute = element("xsd:anyAttribute", attributes={"namespace": "##other", "processContents": "lax"})
    parts = [
        _block(USER_INFO, xsd.named(SESSION_ID, "xsd:string"), any_attribute),
        _block("xsdInfo", xsd.named("schemaLocation", "xsd:string"), any_attribute),
    ]
    text = element("xsd:extension", any_attribute, attributes={"base": "xsd:string"})
    category = element("xsd:complexType", element("xsd:simpleContent", text))
    return Markup("".join([parts[0], xsd.structured("category", category), parts[1]]))


def _block(name: str, child: Markup, any_attribute: Markup) -> Markup:
    return xsd.structured(name, element("xsd:complexType", element("xsd:sequence", child), any_attribute))
