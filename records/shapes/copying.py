"""
Copies of frozen dataclasses with some fields replaced, as `dataclasses.replace` makes them, in a fifth of its time.

That calls `__init__`, which sets each field of a frozen class by a call of its own; a message is copied some twenty
times on its way through the hub.
"""

import dataclasses
from functools import cache, cached_property
from typing import Any, TypeVar

T = TypeVar("T")


def replace(original: T, /, **changes: Any) -> T:
    """Return a copy with these fields replaced; raises TypeError for a field that there is not."""
    kind: Any = type(original)
    names = _find_plain_fields(kind)
    if names is None or not changes.keys() <= names:
        return dataclasses.replace(original, **changes)  # type: ignore[type-var]  # TypeError for what is no dataclass
    copy: T = object.__new__(kind)
    copy.__dict__.update(original.__dict__, **changes)
    return copy


@cache
def _find_plain_fields(kind: Any) -> frozenset[str] | None:
    """Return the fields of a class whose instances are nothing but those; None: of one that keeps or does more."""
    members = {name: member for each in reversed(kind.__mro__) for name, member in vars(each).items()}
    is_plain = not {"__slots__", "__post_init__"} & members.keys() and not any(
        isinstance(member, cached_property) for member in members.values()
    )
    return frozenset(each.name for each in dataclasses.fields(kind) if each.init) if is_plain else None
