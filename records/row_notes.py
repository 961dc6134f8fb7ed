"""
Row notes: lists among a record's vendor data whose entries are about its rows, or about the record as a whole.

    "rows.COMMENTS": '[["", {"TEXT": "Call first."}], ["2", {"TEXT": "Of line 2."}]]'

The name begins with that of the field of rows; each entry is a pair of a row's key, as text, or a blank one, and what
is said. An entry about a row that the record has not is refused, whoever sends it; those of a removed row go with it,
whoever removes it, so that a later row of the same key does not get them.
"""

import json
from collections.abc import Collection, Sequence

from records.rules import Draft
from records.shapes.problems import Family, Problem
from records.shapes.resources import VENDOR


def check_row_notes(drafts: Sequence[Draft], rows: str, key: str) -> None:
    """Reject notes about rows that the record shall not have; take away those of its removed rows (no query)."""
    prefix = f"{rows}."
    for draft in drafts:
        if not draft.is_read(rows, VENDOR):
            continue
        data, before = draft.after[VENDOR] or {}, draft.before.get(VENDOR) or {}
        if not any(name.startswith(prefix) for texts in data.values() for name in texts):
            continue
        known = {"", *(str(row.after[key]) for row in draft.rows(rows))}
        for vendor, texts in data.items():
            for name in [name for name in texts if name.startswith(prefix)]:
                if texts[name] == before.get(vendor, {}).get(name):
                    data = _remove_notes(data, vendor, name, known)
                else:
                    _reject_notes(draft, name, texts[name], known)
        if data != draft.after[VENDOR]:
            draft.after[VENDOR] = data


def _reject_notes(draft: Draft, name: str, text: str, known: Collection[str]) -> None:
    for number, (row, _) in enumerate(json.loads(text)):
        if row not in known:
            sentence = f"{{field}} is about line {row}, which there is not."
            draft.add_problem(Problem("no-line", Family.UNRESOLVED, sentence, (VENDOR, name, number)))


def _remove_notes(
    data: dict[str, dict[str, str]], vendor: str, name: str, known: Collection[str]
) -> dict[str, dict[str, str]]:
    """Return vendor data without the notes of unknown rows in one list; what has no value is not there."""
    notes = json.loads(data[vendor][name])
    left = [note for note in notes if note[0] in known]
    if len(left) == len(notes):
        return data
    others = {other: text for other, text in data[vendor].items() if other != name}
    texts = {**others, name: json.dumps(left, ensure_ascii=False)} if left else others
    without = {other: texts for other, texts in data.items() if other != vendor}
    return {**without, vendor: texts} if texts else without
