"""
Every contract as a file, by its path under `docs/reference/`: made from the declarations alone, so that a test can
compare the committed files with them.
"""

from collections.abc import Mapping

from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.operations import Operations

ADDRESS = "https://hub.example"

Documents = Mapping[str, str]


def documents(operations: Operations) -> Documents:
    """Every contract by its path, `oracle-2.0/parts.wsdl`."""
    return {
        f"{dialect.name}/{name}": text for dialect in DIALECTS for name, text in dialect.documents(operations, ADDRESS)
    }
