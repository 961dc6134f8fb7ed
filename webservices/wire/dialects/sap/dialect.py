"""SAP CPQ as a Dialect."""

from collections.abc import Sequence

from webservices.wire.dialects.base import Dialect, Secrets
from webservices.wire.dialects.sap.context import SapContext, SapSettings
from webservices.wire.dialects.sap.names import (
    CUSTOMERS,
    FAMILIES,
    FINDS_BY,
    HEALTH,
    LEFT_OUT,
    LIMITS,
    LISTS,
    METHODS,
    PARAMETERS,
    PASSWORD,
    PATH,
    SESSIONS,
    USER_NAME,
    XML,
    action_of,
    called,
    offers,
    spell,
)
from webservices.wire.dialects.sap.read import read
from webservices.wire.dialects.sap.request import build_request
from webservices.wire.dialects.sap.write import write
from webservices.wire.dialects.sap.wsdl import schemas
from webservices.wire.operations import Operation
from webservices.wire.soap.versions import SOAP_11, SOAP_12


def contexts(operation: Operation) -> Sequence[SapContext]:
    """Both versions of SOAP; none where there is no such function."""
    if not offers(operation):
        return []
    function = METHODS[operation.resource.plural]
    return [SapContext(version, function, action_of(operation)) for version in (SOAP_11, SOAP_12)]


SAP = Dialect(
    name="sap-cpq",
    label="SAP CPQ",
    media="xml",
    read=read,
    build_request=build_request,
    write=write,
    contexts=contexts,
    spell=spell,
    families=FAMILIES,
    secrets=Secrets(
        elements=frozenset({PASSWORD}),
        names=frozenset({USER_NAME}),
        documents=frozenset({XML, f"{HEALTH}Result"}),
        children=frozenset((function, name) for function, names in PARAMETERS.items() for name in names),
    ),
    settings=SapSettings(),
    left_out=LEFT_OUT,
    lists=LISTS,
    seen=lambda entry: entry.limited(LIMITS.get(entry.name)),
    knows_site=True,
    named_by=lambda operation, context: ("id",) if operation.resource.plural == CUSTOMERS else (),
    found_by={CUSTOMERS: FINDS_BY[1:]},
    called=called,
    titles={SESSIONS: "doUSeeMe"},
    contract=lambda plural: (f"{PATH}?wsdl", "WSDL"),
    tickets={PASSWORD: USER_NAME},
    schemas=schemas,
    also_at=["/ws(API|api)/(?i:cpqapi|wssrv)\\.asmx/?"],
)
