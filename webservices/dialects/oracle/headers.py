"""
What stands in the header of each version: the one thing in which the versions differ.

    2.0   <soapenv:Header>
            <wsse:Security>…UsernameToken…</wsse:Security>
            <opt:DryRun xmlns:opt="urn:counterpart:options">true</opt:DryRun>
          </soapenv:Header>
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from records.shapes.problems import Refused, invalid
from records.shapes.values import quoted
from webservices.dialects.oracle.spelling import NAMESPACE_OF_SERVICE, NAMESPACES, OPTIONS_NAMESPACE
from webservices.messages import Credentials, Options, Password
from webservices.options import OPTIONS, options_from_names, set_options
from webservices.soap.parsing import Node
from webservices.soap.security import is_security, security_block, user_name_token
from webservices.soap.writing import Markup, element, join

OLD_BLOCKS = frozenset({"userInfo", "category", "xsdInfo"})
OPTION_NAMES = {option.name: option for option in OPTIONS}


@dataclass(frozen=True)
class Version:
    """
    One version of Oracle's web services.

    path        where its messages go; the service follows if `service_in_path`
    credentials who the header blocks say is calling
    block       the header block that says so
    """

    name: str
    path: str
    service_in_path: bool
    credentials: Callable[[Sequence[Node]], Credentials | None]
    block: Callable[[Credentials], Markup]


def _security(credentials: Credentials) -> Markup:
    return security_block(credentials) if isinstance(credentials, Password) else Markup("")


VERSION_2_0 = Version("2.0", "/v2_0/receiver", True, user_name_token, _security)


def is_ours(namespace: str) -> bool:
    """Whether a namespace is one of those that Oracle's messages have had."""
    return namespace in NAMESPACES or namespace.startswith(NAMESPACE_OF_SERVICE)


def understood(block: Node) -> bool:
    """Whether a header block is known here, be it only to be passed over."""
    if block.namespace == OPTIONS_NAMESPACE:
        return block.name in OPTION_NAMES
    return is_security(block) or (is_ours(block.namespace) and block.name in OLD_BLOCKS)


def read_options(blocks: Sequence[Node], headers: Mapping[str, str]) -> Options:
    """The options of the header blocks, and those of HTTP; a block of our namespace that is no option is refused."""
    texts = {}
    for block in blocks:
        if block.namespace == OPTIONS_NAMESPACE:
            if block.name not in OPTION_NAMES:
                known = ", ".join(OPTION_NAMES)
                raise Refused(
                    invalid(f"{quoted(block.name)} is no option; the options are {known}.", code="wrong-option")
                )
            texts[block.name] = block.text
    return options_from_names(texts, headers)


def write_header(credentials: Credentials | None, options: Options, version: Version) -> Markup:
    """The header blocks of a request."""
    blocks = [version.block(credentials)] if credentials is not None else []
    for option, value in set_options(options):
        named = {"xmlns:opt": OPTIONS_NAMESPACE}
        text = "true" if value is True else str(value)
        blocks.append(element(f"opt:{option.name}", text, attributes=named))
    return join(blocks)
