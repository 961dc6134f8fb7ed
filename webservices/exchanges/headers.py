"""
The headers of a request that say how it is meant, so that it can be sent again as it was.

Of each only what it may say is kept, for a caller may put anything there, a password too.
"""

import re
from collections.abc import Mapping

from webservices.exchanges.masking import Mask

FLAG = r"true|false|0|1"
CHARSET = r"utf-?(?:8|16(?:le|be)?)|iso-8859-[0-9]{1,2}|us-ascii|windows-[0-9]{3,4}"
MEANT: Mapping[str, re.Pattern[str]] = {
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


def meant(headers: Mapping[str, str], hidden: Mask) -> dict[str, str]:
    """Those that are kept; of a type of content the parameters that are not known are left out."""
    found = {name: pattern.match(headers.get(name, "").strip()) for name, pattern in MEANT.items()}
    whole = {name: match for name, match in found.items() if match and _is_whole(name, match)}
    return {name: hidden.text(match[0]) for name, match in whole.items()}


def _is_whole(name: str, match: re.Match[str]) -> bool:
    return match.end() == len(match.string) or (name == "content-type" and match.string[match.end()] in "; ")
