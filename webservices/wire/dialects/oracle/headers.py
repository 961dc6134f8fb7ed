"""
The two versions of Oracle CPQ, which differ in their headers and addresses alone.

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

from collections.abc import Mapping, Sequence

from webservices.wire.credentials import Credentials, Password, SessionToken
from webservices.wire.dialects.oracle.names import (
    NAMESPACE_OF_SERVICE,
    NAMESPACES,
    OLD_NAMESPACE,
    PREFIX,
    SECURITY_SERVICE,
    SERVICES,
    USERS_SERVICE,
    namespace,
    words,
    wrapper,
)
from webservices.wire.dialects.oracle.security_schema import header_elements
from webservices.wire.messages import Options
from webservices.wire.operations import Action, Operation
from webservices.wire.soap.options import OPTIONS_HELP, is_option, option_blocks
from webservices.wire.soap.security import FAILED, is_security, security_block, user_name_token
from webservices.wire.xml.clear import CLEAR
from webservices.wire.xml.namespaces import WSSE
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.writing import NOTHING, Markup, element, join

SCHEMAS, SCHEMA_VERSION = "/bmfsweb/", "/schema/v1_0/"  # the company stands between
BLOCKS_1_0 = ("userInfo", "category", "xsdInfo")
HELP = (
    f"{OPTIONS_HELP} An omitted or nil element leaves a field as it is, an empty one clears it; an empty list of rows, "
    f'or of entries by key, says nothing: {CLEAR}="true" on it clears it.'
)


class Version:
    """
    One version of Oracle's web services: its addresses, and what stands in its headers.

    path               where its messages go; the service follows if `service_in_path`
    services           the names of the services that it has, by the plural of their records
    help               for the contract: what a header holds
    tickets            where a ticket of the test page goes (`Dialect.tickets`)
    header_schema      the elements of the header blocks
    failed_login_code  namespace and name of the fault code for who is not let in; None: it is a fault like others
    """

    name: str
    path: str
    services: Mapping[str, str]
    service_in_path: bool
    help: str
    tickets: Mapping[str, str]
    header_schema: Markup = NOTHING
    failed_login_code: tuple[str, str] | None = None

    def address(self, plural: str) -> str:
        """The path of a service."""
        return f"{self.path}/{self.services[plural]}" if self.service_in_path else self.path

    def contract_path(self, plural: str) -> str:
        """Path and query of the WSDL of a service."""
        return f"{self.address(plural)}?wsdl" + ("" if self.service_in_path else f"={self.services[plural]}")

    def namespace(self, plural: str) -> str:
        """The namespace of a service, by the plural of its records; "" is the message's that names none."""
        raise NotImplementedError

    def read_credentials(self, blocks: Sequence[Node]) -> Credentials | None:
        """Return who is calling, as the header blocks say it."""
        raise NotImplementedError

    def credentials(self, operation: Operation, password: Password) -> Credentials:
        """Return what an operation's request carries of a name and password."""
        raise NotImplementedError

    def write_blocks(self, operation: Operation, credentials: Credentials | None) -> Markup:
        """Write the header blocks of an operation's request."""
        raise NotImplementedError

    def header_names(self, operation: Operation) -> Sequence[str]:
        """Return the elements of `header_schema` that an operation's request has."""
        return ()


class Version10(Version):
    """One address for all services; a login opens a session, whose id every other call carries."""

    name = "1.0"
    path = "/v1_0/receiver"
    services = {**SECURITY_SERVICE, **SERVICES, **USERS_SERVICE}
    service_in_path = False
    help = (
        "Every request but login carries the sessionId of a login in bm:userInfo; bm:category and bm:xsdInfo may be "
        f"absent or hold anything. {HELP}"
    )
    tickets = {"password": "username", "sessionId": ""}
    header_schema = header_elements()

    def namespace(self, plural: str) -> str:
        return OLD_NAMESPACE

    def read_credentials(self, blocks: Sequence[Node]) -> SessionToken:
        """The session id of `userInfo`; an empty one where there is none: without a session nobody is let in."""
        for block in blocks:
            # A block of somebody else's by this name opens nothing.
            if block.name == "userInfo" and is_ours(block.namespace) and (session := block.child("sessionId")):
                return SessionToken(session.text.strip())
        return SessionToken("")

    def credentials(self, operation: Operation, password: Password) -> Credentials:
        return password if operation.verb is Action.OPEN else SessionToken(password.secret)

    def write_blocks(self, operation: Operation, credentials: Credentials | None) -> Markup:
        """Write userInfo, category and xsdInfo; the place of a session's id that is not known stays empty."""
        token = credentials.token if isinstance(credentials, SessionToken) else ""
        plural = operation.resource.plural
        # Oracle's own address of the schema; whatever a client sends here is never fetched.
        schema = f"{SCHEMAS}counterpart{SCHEMA_VERSION}{self.schema_path(plural)}"
        blocks = [
            _block("category", words(plural)),
            _block("xsdInfo", element(f"{PREFIX}:schemaLocation", schema)),
        ]
        # Login has no session yet; a call without credentials is one that is refused for its lack of userInfo.
        if operation.verb is not Action.OPEN and credentials is not None:
            blocks.insert(0, _block("userInfo", element(f"{PREFIX}:sessionId", token)))
        return join(blocks)

    def schema_path(self, plural: str) -> str:
        """Return area and file of the schema of a service: `parts/Parts.xsd`."""
        return f"{self.services[plural]}/{wrapper(plural)}.xsd"

    def header_names(self, operation: Operation) -> Sequence[str]:
        return BLOCKS_1_0[1:] if operation.verb is Action.OPEN else BLOCKS_1_0


class Version20(Version):
    """One address for each service; every request carries a name and a password."""

    name = "2.0"
    path = "/v2_0/receiver"
    services = {**SERVICES, **USERS_SERVICE}
    service_in_path = True
    help = (
        "Every request carries a wsse:Security header with a UsernameToken of PasswordText. If that has Created, it is "
        "of the last five minutes, unless the site says otherwise; if it has a Nonce, no other request has that one. "
        f"{HELP}"
    )
    tickets = {"Password": "Username"}
    failed_login_code = (WSSE, FAILED)

    def namespace(self, plural: str) -> str:
        return namespace(plural) if plural else OLD_NAMESPACE

    def read_credentials(self, blocks: Sequence[Node]) -> Credentials | None:
        return user_name_token(blocks)

    def credentials(self, operation: Operation, password: Password) -> Credentials:
        return password

    def write_blocks(self, operation: Operation, credentials: Credentials | None) -> Markup:
        return security_block(credentials) if isinstance(credentials, Password) else NOTHING


VERSION_1_0 = Version10()
VERSION_2_0 = Version20()


def _block(name: str, content: str) -> Markup:
    return element(f"{PREFIX}:{name}", content, attributes={f"xmlns:{PREFIX}": OLD_NAMESPACE})


def is_ours(namespace: str) -> bool:
    """True if a namespace is one of those that Oracle's messages have had."""
    return namespace in NAMESPACES or namespace.startswith(NAMESPACE_OF_SERVICE)


def is_understood(block: Node) -> bool:
    """True if a header block is known here, be it only to be passed over; others may not have mustUnderstand."""
    return is_option(block) or is_security(block) or (is_ours(block.namespace) and block.name in BLOCKS_1_0)


def write_header(version: Version, operation: Operation, credentials: Credentials | None, options: Options) -> Markup:
    """The header blocks of a request."""
    return join([version.write_blocks(operation, credentials), option_blocks(options)])
