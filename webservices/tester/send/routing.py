"""
This server's own service addresses: those that a dialect's `build_request` gives, and its extra paths, no others.
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
    """Find the dialect at a path (percent-encoded, with or without a slash at its end); None: it is no service."""
    return next((dialect for pattern, dialect in _routes(current_generation()) if pattern.fullmatch(path)), None)


# Custom fields and published APIs change the addresses: a generation has routes of its own.
@lru_cache(maxsize=4)
def _routes(generation: int) -> tuple[tuple[re.Pattern[str], Dialect], ...]:
    dialects = [for_site(dialect, generation) for dialect in DIALECTS]
    pairs = [(dialect, operation) for dialect in dialects for operation in OPERATIONS]
    found = {path: dialect for dialect, operation in pairs for path in _paths(dialect, operation)}
    # Operations come first: an extra path is a pattern, which may fit the address of an operation too.
    others = ((re.compile(pattern), dialect) for dialect in dialects for pattern in dialect.extra_paths)
    return (*((_pattern(path), dialect) for path, dialect in found.items()), *others)


def _paths(dialect: Dialect, operation: Operation) -> set[str]:
    key = dict.fromkeys((*operation.resource.key, "id"), ANY_KEY)
    calls = {
        context: skeleton_call(dialect, operation, key, None, "", context) for context in dialect.contexts(operation)
    }
    return {dialect.build_request(call, context).path for context, call in calls.items()}


def _pattern(path: str) -> re.Pattern[str]:
    # A key may hold an escaped slash, so it matches anything, not one step.
    fixed = re.escape(path.removesuffix("/"))
    return re.compile(fixed.replace(re.escape(quote(ANY_KEY, safe="")), ".+") + "/?")
