"""
The options that every endpoint takes, as header blocks of SOAP.

    <opt:DryRun xmlns:opt="urn:counterpart:options">true</opt:DryRun>
"""

from collections.abc import Mapping, Sequence

from records.shapes.problems import ProblemError, invalid_problem
from records.shapes.values import quote_text
from webservices.wire.messages import Options
from webservices.wire.options import OPTIONS, WRONG_OPTION, options_from_names, set_options
from webservices.wire.xml.nodes import Node
from webservices.wire.xml.writing import Markup, element, join

NAMESPACE = "urn:counterpart:options"
NAMES = [option.name for option in OPTIONS]
OPTIONS_HELP = f"Header blocks of {NAMESPACE} may follow, or HTTP headers. " + " ".join(
    f"{option.name} ({option.header}): {option.help}" for option in OPTIONS if option.general
)


def is_option(block: Node) -> bool:
    """True if a header block is an option that is known."""
    return block.namespace == NAMESPACE and block.name in NAMES


def read_options(blocks: Sequence[Node], headers: Mapping[str, str]) -> Options:
    """The options of the header blocks, and those of HTTP; a block of our namespace that is no option is refused."""
    texts = {}
    for block in blocks:
        if block.namespace == NAMESPACE:
            if block.name not in NAMES:
                known = ", ".join(NAMES)
                raise ProblemError(
                    invalid_problem(
                        f"{quote_text(block.name)} is no option; the options are {known}.", code=WRONG_OPTION
                    )
                )
            if not block.nil:  # as generated classes write what nobody set
                texts[block.name] = block.text
    return options_from_names(texts, headers)


def option_blocks(options: Options) -> Markup:
    """The header blocks of those options that are set: undoes `read_options`."""
    return join(
        element(
            f"opt:{option.name}",
            "true" if value is True else str(value),
            attributes={"xmlns:opt": NAMESPACE},
        )
        for option, value in set_options(options)
    )
