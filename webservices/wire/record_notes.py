"""
Notes about single records of an answer, as the value of a header: JSON in ASCII, records counted from 1.

    X-Warnings: [{"record":2,"warning":"total is sent as '449', but comes to 450.00."}]

Of those that are too many the last entry says how many there are: `{"more":17}`.
"""

from collections.abc import Sequence

from webservices.wire.json import write_ascii_json, write_json

WARNINGS = "X-Warnings"  # the header of an answer whose records have warnings, on every wire
LONGEST_HEADER = 4_000  # characters: servers and proxies take 8,000 for all headers


def write_record_notes(member: str, notes: Sequence[tuple[int, str]]) -> str:
    """Write the header of notes, each with the number of its record; "": there are none."""
    entries: list[str] = []
    left = LONGEST_HEADER
    for number, text in notes:
        entry = write_ascii_json({"record": number, member: text})
        if len(entry) > left:
            entries.append(write_json({"more": len(notes) - len(entries)}))
            break
        left -= len(entry) + 1
        entries.append(entry)
    return f"[{','.join(entries)}]" if entries else ""
