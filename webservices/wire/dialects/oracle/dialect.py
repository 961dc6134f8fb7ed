"""Oracle CPQ, version by version, as Dialects: the bodies are the same, the headers are not."""

from collections.abc import Sequence
from functools import partial

from webservices.wire.dialects.base import Dialect, Secrets
from webservices.wire.dialects.oracle.context import OracleContext, OracleSettings
from webservices.wire.dialects.oracle.headers import VERSION_1_0, VERSION_2_0, Version
from webservices.wire.dialects.oracle.names import FAMILIES, LEFT_OUT, SECURITY_SERVICE, spell
from webservices.wire.dialects.oracle.read import read_version
from webservices.wire.dialects.oracle.request import build_version_request
from webservices.wire.dialects.oracle.write import write_version
from webservices.wire.dialects.oracle.wsdl import schemas
from webservices.wire.operations import Operation
from webservices.wire.soap.versions import SOAP_11, SOAP_12

SECRETS = Secrets(
    elements=frozenset({"Password", "Nonce", "BinarySecurityToken", "sessionId"}), containers=frozenset({"userInfo"})
)


def contexts(version: Version, operation: Operation) -> Sequence[OracleContext]:
    """Both versions of SOAP, in the namespace of the service; none where there is no such service."""
    plural = operation.resource.plural
    if plural not in version.services:
        return []
    return [OracleContext(soap, version.namespace(plural), plural) for soap in (SOAP_11, SOAP_12)]


def contract(version: Version, plural: str) -> tuple[str, str]:
    """Where the WSDL of a service is."""
    service = "" if version.service_in_path else f"={version.services[plural]}"
    return f"{version.address(plural)}?wsdl{service}", "WSDL"


def dialect(version: Version) -> Dialect:
    """One version."""
    return Dialect(
        name=f"oracle-{version.name}",
        label=f"Oracle CPQ {version.name}",
        media="xml",
        read=partial(read_version, version),
        build_request=partial(build_version_request, version),
        write=partial(write_version, version),
        contexts=partial(contexts, version),
        spell=spell,
        families=FAMILIES,
        secrets=SECRETS,
        settings=OracleSettings(),
        left_out=LEFT_OUT,
        also_asked={"parts": ("company_associations",)},
        credentials=version.carried,
        titles={plural: service.title() for plural, service in SECURITY_SERVICE.items()},
        contract=partial(contract, version),
        tickets=version.tickets,
        schemas=partial(schemas, version),
    )


ORACLE_1_0 = dialect(VERSION_1_0)
ORACLE_2_0 = dialect(VERSION_2_0)
VERSIONS = {VERSION_1_0.name: VERSION_1_0, VERSION_2_0.name: VERSION_2_0}
