"""
The headers of a request that change its meaning, stored so that it can be sent again as it was.

A header is stored only if its value has the form that it may have, for a caller may put anything there, a password too.
"""

import re
from collections.abc import Mapping

from webservices.exchanges.masking import Mask

FLAG = r"true|false|0|1"
CHARSET = r"utf-?(?:8|16(?:le|be)?)|iso-8859-[0-9]{1,2}|us-ascii|windows-[0-9]{3,4}"
STORED: Mapping[str, re.Pattern[str]] = {
    name: re.compile(f"(?:{pattern})", re.IGNORECASE | re.ASCII)
    for name, pattern in {
        "content-type": rf"[\w.+-]{{1,40}}/[\w.+-]{{1,60}}(?:; ?charset=(?:\"(?:{CHARSET})\"|(?:{CHARSET})))?",
        "prefer": r"return=(?:minimal|representation)",
        "if-match": r'\*|(?:W/)?"?[0-9]{1,9}"?',
        "x-dry-run": FLAG,
        "x-all-or-none": FLAG,
        "x-return-ids": FLAG,
    }.items()
}


def select_headers(headers: Mapping[str, str], mask: Mask) -> dict[str, str]:
    """Return the headers that are stored; of a content type the parameters that are not known are left out."""
    found = {name: pattern.match(headers.get(name, "").strip()) for name, pattern in STORED.items()}
    whole = {name: match for name, match in found.items() if match and _is_whole(name, match)}
    return {name: mask.text(match[0]) for name, match in whole.items()}


def _is_whole(name: str, match: re.Match[str]) -> bool:
    return match.end() == len(match.string) or (name == "content-type" and match.string[match.end()] in "; ")
