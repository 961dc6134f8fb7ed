"""The journal: one Change for each record that a write changed, in the same transaction."""

import json
from collections.abc import Iterable
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

ENCODER = json.JSONEncoder(ensure_ascii=False)

Entry = tuple[int, str, int, str, dict]


def journal(resource: str, entries: Iterable[Entry], *, by: Caller, at: datetime) -> None:
    """
    Write down changes of records of one kind, while their locks are held: (id, key, version, became, fields) each.
    """
    ids, keys, versions, became, fields = map(list, zip(*entries, strict=True))
    texts = list(map(ENCODER.encode, fields))
    caller = [by.user_id, by.user_name, by.credential, by.call_id]
    arrays = map(sql.text_array, (list(map(str, ids)), keys, list(map(str, versions)), became, texts))
    sql.run(INSERT, [at, resource, *caller, *arrays])
