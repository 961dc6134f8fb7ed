"""
What stands in the header of each version: the one thing in which the versions differ.

    2.0   <soapenv:Header>
            <wsse:Security>…UsernameToken…</wsse:Security>
            <opt:DryRun xmlns:opt="urn:counterpart:options">true</opt:DryRun>
          </soapenv:Header>

    1.0   <soapenv:Header>
            <bm:userInfo xmlns:bm="urn:soap.bigmachines.com"><bm:sessionId>…</bm:sessionId></bm:userInfo>
            <bm:category xmlns:bm="urn:soap.bigmachines.com">Parts</bm:category>
            <bm:xsdInfo xmlns:bm="urn:soap.bigmachines.com"><bm:schemaLocation>…</bm:schemaLocation></bm:xsdInfo>
          </soapenv:Header>

Category and xsdInfo may be absent or hold anything; nothing is ever fetched from a schemaLocation.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from webservices.wire.credentials import Credentials, Password, SessionToken
from webservices.wire.dialects.oracle.names import (
    NAMESPACE_OF_SERVICE,
    NAMESPACES,
    OLD_NAMESPACE,
    PREFIX,
    SECURITY_SERVICE,
    SERVICES,
    namespace,
    words,
    wrapper,
)
from webservices.wire.dialects.oracle.security_schema import header_elements
from webservices.wire.messages import Options
from webservices.wire.operations import Action, Operation
from webservices.wire.soap.options import is_option, option_blocks
from webservices.wire.soap.security import FAILED, SECURITY, is_security, security_block, user_name_token
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.writing import NOTHING, Markup, element, join

OLD_BLOCKS = ("userInfo", "category", "xsdInfo")
HELP = (
    "Header blocks of urn:counterpart:options may follow: DryRun, AllOrNone, IfMatch, IdempotencyKey. An omitted "
    "or nil element leaves a field as it is, an empty one clears it."
)


@dataclass(frozen=True, eq=False)
class Version:
    """
    One version of Oracle's web services.

    path        where its messages go; the service follows if `service_in_path`
    services    the names of the services that it has, by the plural of their records
    namespace   of a service, by the plural of its records; "" is the message's that names none
    credentials who the header blocks say is calling
    blocks      the header blocks of an operation's request
    carried     what an operation's request carries of a name and password
    tickets     where a ticket of the test page goes (`Dialect.tickets`)
    header_schema, header_names   the elements of the header blocks, and which of them an operation has
    help        for the contract: what a header holds
    stranger    namespace and name of the fault code for who is not let in; None: it is a fault like others
    """

    name: str
    path: str
    service_in_path: bool
    services: Mapping[str, str]
    namespace: Callable[[str], str]
    credentials: Callable[[Sequence[Node]], Credentials | None]
    blocks: Callable[[Operation, Credentials | None], Markup]
    carried: Callable[[Operation, Password], Credentials]
    tickets: Mapping[str, str]
    header_schema: Markup
    header_names: Callable[[Operation], Sequence[str]]
    help: str
    stranger: tuple[str, str] | None

    def address(self, plural: str) -> str:
        """The path of a service."""
        return f"{self.path}/{self.services[plural]}" if self.service_in_path else self.path


def _security(operation: Operation, credentials: Credentials | None) -> Markup:
    return security_block(credentials) if isinstance(credentials, Password) else NOTHING


def _session(blocks: Sequence[Node]) -> SessionToken:
    """The session id of `userInfo`; an empty one where there is none: without a session nobody is let in."""
    for block in blocks:
        if block.name == "userInfo" and is_ours(block.namespace) and (session := block.child("sessionId")):
            return SessionToken(session.text.strip())
    return SessionToken("")


def _user_info(operation: Operation, credentials: Credentials | None) -> Markup:
    """
    The three blocks of version 1.0. Login has no session yet; where the credentials are none, its place stays empty.
    """
    token = credentials.token if isinstance(credentials, SessionToken) else ""
    plural = operation.resource.plural
    area = SERVICES_1_0[plural]
    schema = f"/bmfsweb/counterpart/schema/v1_0/{area}/{wrapper(plural)}.xsd"
    blocks = [
        _old_block("category", words(plural)),
        _old_block("xsdInfo", element(f"{PREFIX}:schemaLocation", schema)),
    ]
    if operation.verb is not Action.OPEN and credentials is not None:
        blocks.insert(0, _old_block("userInfo", element(f"{PREFIX}:sessionId", token)))
    return join(blocks)


def _old_block(name: str, content: str) -> Markup:
    return element(f"{PREFIX}:{name}", content, attributes={f"xmlns:{PREFIX}": OLD_NAMESPACE})


SERVICES_1_0 = {**SECURITY_SERVICE, **SERVICES}

VERSION_1_0 = Version(
    name="1.0",
    path="/v1_0/receiver",
    service_in_path=False,
    services=SERVICES_1_0,
    namespace=lambda plural: OLD_NAMESPACE,
    credentials=_session,
    blocks=_user_info,
    carried=lambda operation, who: who if operation.verb is Action.OPEN else SessionToken(who.secret),
    tickets={"password": "username", "sessionId": ""},
    header_schema=header_elements(),
    header_names=lambda operation: OLD_BLOCKS[operation.verb is Action.OPEN :],
    help=f"Every request but login carries the sessionId of a login in bm:userInfo; bm:category and bm:xsdInfo may be "
    f"absent or hold anything. {HELP}",
    stranger=None,
)
VERSION_2_0 = Version(
    name="2.0",
    path="/v2_0/receiver",
    service_in_path=True,
    services=SERVICES,
    namespace=lambda plural: namespace(plural) if plural else OLD_NAMESPACE,
    credentials=user_name_token,
    blocks=_security,
    carried=lambda operation, who: who,
    tickets={"Password": "Username"},
    header_schema=NOTHING,
    header_names=lambda operation: (),
    help=f"Every request carries a wsse:Security header with a UsernameToken of PasswordText. {HELP}",
    stranger=(SECURITY, FAILED),
)


def contract_path(version: Version, plural: str) -> str:
    """Path and query of the WSDL of a service."""
    return f"{version.address(plural)}?wsdl" + ("" if version.service_in_path else f"={version.services[plural]}")


def is_ours(namespace: str) -> bool:
    """Whether a namespace is one of those that Oracle's messages have had."""
    return namespace in NAMESPACES or namespace.startswith(NAMESPACE_OF_SERVICE)


def understood(block: Node) -> bool:
    """Whether a header block is known here, be it only to be passed over."""
    return is_option(block) or is_security(block) or (is_ours(block.namespace) and block.name in OLD_BLOCKS)


def write_header(version: Version, operation: Operation, credentials: Credentials | None, options: Options) -> Markup:
    """The header blocks of a request."""
    return join([version.blocks(operation, credentials), option_blocks(options)])
