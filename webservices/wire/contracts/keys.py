"""
Known keys of maps, so that a contract can list them: languages and currencies.

A map may take more than these: what its field's keys allow. A contract can only name what can be counted.
"""

from functools import cache

from babel import Locale
from babel.core import get_global

from records.shapes.fields import Field, Kind

REGIONAL = (
    "de_AT", "de_CH", "en_AU", "en_CA", "en_GB", "en_US", "es_ES", "es_MX", "fr_BE", "fr_CA", "fr_CH", "nl_BE",
    "pt_BR", "pt_PT", "zh_CN", "zh_HK", "zh_TW",
)  # fmt: skip


@cache
def languages() -> tuple[str, ...]:
    """The languages of two letters, and the regional ones that catalogues are commonly kept in."""
    return tuple(sorted({code for code in map(str, Locale("en").languages) if len(code) == 2} | set(REGIONAL)))


@cache
def currencies() -> tuple[str, ...]:
    """The currencies that are legal tender somewhere today."""
    used = get_global("territory_currencies")
    return tuple(
        sorted({str(code) for uses in used.values() for code, _, end, tender in uses if end is None and tender})
    )


KNOWN = {"language": languages, "currency": currencies}


def known_keys(field: Field) -> tuple[str, ...]:
    """The keys of a map that can be listed; (): they cannot."""
    if field.kind is not Kind.MAP:
        return ()
    if field.keys.choices:
        return tuple(value for value, _ in field.keys.choices)
    return KNOWN.get(field.keys.name, tuple)()
