"""
This server's own service addresses: those that a dialect's `ask` sends to, and no others.
"""

import re
from functools import lru_cache
from urllib.parse import quote

from records.customization import current_generation
from webservices.declarations import OPERATIONS
from webservices.publishing.apis import for_site
from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.registry import DIALECTS
from webservices.wire.operations import Operation
from webservices.wire.reference.skeletons import skeleton_call

ANY_KEY = "{any key}"


def find_dialect(path: str) -> Dialect | None:
    """The dialect that is spoken at a path (percent-encoded, with or without the slash at its end), if any is."""
    return next((dialect for pattern, dialect in _routes(current_generation()) if pattern.fullmatch(path)), None)


@lru_cache(maxsize=4)
def _routes(generation: int) -> tuple[tuple[re.Pattern[str], Dialect], ...]:
    dialects = [for_site(dialect, generation) for dialect in DIALECTS]
    asked = [(dialect, operation) for dialect in dialects for operation in OPERATIONS]
    found = {path: dialect for dialect, operation in asked for path in _paths(dialect, operation)}
    others = ((re.compile(pattern), dialect) for dialect in dialects for pattern in dialect.extra_paths)
    return (*((_pattern(path), dialect) for path, dialect in found.items()), *others)


def _paths(dialect: Dialect, operation: Operation) -> set[str]:
    key = dict.fromkeys((*operation.resource.key, "id"), ANY_KEY)
    asked = {
        context: skeleton_call(dialect, operation, key, None, "", context) for context in dialect.contexts(operation)
    }
    return {dialect.build_request(call, context).path for context, call in asked.items()}


def _pattern(path: str) -> re.Pattern[str]:
    fixed = re.escape(path.removesuffix("/"))
    return re.compile(fixed.replace(re.escape(quote(ANY_KEY, safe="")), ".+") + "/?")
