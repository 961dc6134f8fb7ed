"""
The time of a call by phase, from its header Server-Timing.

    read;dur=0.4, db;dur=3.1, write;dur=0.2, total;dur=6.0
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

NAMES = {
    "read": "reading the request",
    "db": "database",
    "rules": "rules and everything else",
    "write": "writing the answer",
}
_ENTRY = re.compile(r"\s*([\w-]+)\s*;\s*dur=([0-9.]+)")


@dataclass(frozen=True)
class Phase:
    """
    One phase of a call.

    begins, share  in thousandths of the whole time
    """

    name: str
    label: str
    milliseconds: float
    begins: int
    share: int

    @property
    def duration(self) -> str:
        return f"{self.milliseconds:.1f} ms"


def parse_phases(headers: Mapping[str, str]) -> list[Phase]:
    """Parse the phases in their order; [] for an answer without the header."""
    header = next((text for name, text in headers.items() if name.lower() == "server-timing"), "")
    # Another server wrote the header: `1.2.3` and `.` fit the pattern, and are no numbers.
    durations = {name: float(text) for name, text in _ENTRY.findall(header) if text.count(".") <= 1 and text != "."}
    if "total" not in durations:
        return []
    known = {name: durations.get(name, 0.0) for name in ("read", "db", "write")}
    # The header names no time of the rules: they are the rest, which measuring may make negative.
    known["rules"] = max(durations["total"] - sum(known.values()), 0.0)
    # `or 1.0`: a call may be measured as nothing, and shares divide by it.
    whole = sum(known.values()) or 1.0
    phases, begins = [], 0
    for name, label in NAMES.items():
        share = round(known[name] / whole * 1000)
        phases.append(Phase(name, label, known[name], begins, share))
        begins += share
    return phases
