"""The journal: one Change for each record that a write changed, in the same transaction."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime

from records import sql
from records.shapes.callers import Caller

INSERT = """
INSERT INTO records_change
    (at, resource, record_id, key, version, became, fields, user_id, user_name, credential, call_id)
SELECT %s, %s, v.record_id, v.key, v.version, v.became, v.fields::jsonb, %s, %s, %s, %s
FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::text[], %s::text[])
    WITH ORDINALITY AS v(record_id, key, version, became, fields, place)
ORDER BY v.place
"""

Entry = tuple[int, str, int, str, str]

encode_fields: Callable[[dict], str] = json.JSONEncoder(
    ensure_ascii=False
).encode  # the fields of a Change, as its column takes them


def journal(resource: str, entries: Iterable[Entry], *, by: Caller, at: datetime) -> None:
    """
    Write the Changes of records of one kind; each entry is (id, key, version, result, the text of its fields).

    Must run while the records are locked: the feed relies on the ids of a record's Changes being in order.
    """
    ids, keys, versions, result, texts = map(list, zip(*entries, strict=True))
    caller = [by.user_id, by.user_name, by.credential, by.call_id]
    arrays = map(sql.text_array, (list(map(str, ids)), keys, list(map(str, versions)), result, texts))
    sql.run(INSERT, [at, resource, *caller, *arrays])
