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
        Action.OPEN: xsd.complex_element(USER_INFO, _login_type()),
        Action.SET_CURRENCY: xsd.typed_element(CURRENCY, "xsd:string"),
    }
    answers: dict[Verb | Action, Markup] = {
        Action.OPEN: xsd.complex_element(USER_INFO, _session_type()),
        Action.SHOW: xsd.complex_element(USER_INFO, _user_type()),
    }
    parts = []
    for action, name in ACTIONS.items():
        status = xsd.typed_element("status", f"{PREFIX}:CommonStatusType")
        parts.append(xsd.complex_element(name, xsd.sequence(requests.get(action, NOTHING))))
        parts.append(xsd.complex_element(f"{name}Response", xsd.sequence(status, answers.get(action, NOTHING))))
    return parts


def _login_type() -> Markup:
    return xsd.all_group(
        xsd.typed_element(USER_NAME, "xsd:string"),
        xsd.typed_element(PASSWORD, "xsd:string"),
        xsd.typed_element(CURRENCY, "xsd:string", **OPTIONAL),
        xsd.typed_element(IGNORED, "xsd:boolean", **OPTIONAL),
    )


def _session_type() -> Markup:
    return xsd.all_group(
        xsd.typed_element(CURRENCY, "xsd:string", minOccurs="0"), xsd.typed_element(SESSION_ID, "xsd:string")
    )


def _user_type() -> Markup:
    structured = {
        "notification_pref": xsd.all_group(
            xsd.typed_element("is_notify_email", "xsd:boolean", minOccurs="0"),
            xsd.typed_element("is_notify_fax", "xsd:boolean", minOccurs="0"),
        ),
        "group_list": xsd.sequence(
            xsd.complex_element(
                "group",
                xsd.sequence(xsd.typed_element("variable_name", "xsd:string")),
                minOccurs="0",
                maxOccurs="unbounded",
            )
        ),
    }
    return xsd.all_group(
        *(
            xsd.complex_element(name, structured[name], **OPTIONAL)
            if name in structured
            else xsd.typed_element(name, "xsd:string", **OPTIONAL)
            for name in USER
        )
    )


def header_elements() -> Markup:
    """`userInfo`, `category` and `xsdInfo`; an actor or mustUnderstand may stand on each."""
    any_attribute = element("xsd:anyAttribute", attributes={"namespace": "##other", "processContents": "lax"})
    parts = [
        _block(USER_INFO, xsd.typed_element(SESSION_ID, "xsd:string"), any_attribute),
        _block("xsdInfo", xsd.typed_element("schemaLocation", "xsd:string"), any_attribute),
    ]
    text = element("xsd:extension", any_attribute, attributes={"base": "xsd:string"})
    category = element("xsd:complexType", element("xsd:simpleContent", text))
    return Markup("".join([parts[0], xsd.complex_element("category", category), parts[1]]))


def _block(name: str, child: Markup, any_attribute: Markup) -> Markup:
    return xsd.complex_element(name, element("xsd:complexType", element("xsd:sequence", child), any_attribute))
