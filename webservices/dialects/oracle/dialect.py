"""Oracle CPQ, version by version, as Dialects."""

from collections.abc import Sequence
from functools import partial

from webservices.dialects.oracle.ask import ask_version
from webservices.dialects.oracle.headers import VERSION_2_0
from webservices.dialects.oracle.manner import OracleManner, OracleTerms
from webservices.dialects.oracle.read import read_version
from webservices.dialects.oracle.spelling import FAMILIES, LEFT_OUT, namespace, spell
from webservices.dialects.oracle.write import write
from webservices.dialects.shape import Dialect, Secrets
from webservices.operations import Operation
from webservices.soap.versions import SOAP_11, SOAP_12


def manners(operation: Operation) -> Sequence[OracleManner]:
    """Both versions of SOAP, in the namespace of the service."""
    plural = operation.resource.plural
    return [OracleManner(version, namespace(plural), plural) for version in (SOAP_11, SOAP_12)]


ORACLE_2_0 = Dialect(
    name="oracle-2.0",
    label="Oracle CPQ 2.0",
    media="xml",
    read=partial(read_version, VERSION_2_0),
    ask=partial(ask_version, VERSION_2_0),
    write=write,
    manners=manners,
    spell=spell,
    families=FAMILIES,
    secrets=Secrets(elements=frozenset({"Password", "Nonce", "BinarySecurityToken"})),
    terms=OracleTerms(),
    left_out=LEFT_OUT,
    also_asked={"parts": ("company_associations",)},
)
