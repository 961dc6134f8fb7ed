"""
The moment in which a credential was last used: written at most once a minute, outside the call's own transaction,
waiting for nobody; failing to write it fails no call.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError

from records import sql

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class LastUsedColumn:
    """A column of moments, in a table with ids; `label` names the kind of row in the log."""

    table: str
    column: str
    label: str

    def renew(self, row_id: int, last: datetime | None, *, at: datetime) -> None:
        """Write the moment, unless it was written less than a minute ago; `last` is what the call has read."""
        if last is not None and at - last < EVERY:
            return
        # SKIP LOCKED: of many calls at once one writes, and none waits for a row that somebody is editing.
        statement = f"""
            UPDATE {self.table} SET {self.column} = %s
            WHERE id = (
                SELECT id FROM {self.table}
                WHERE id = %s AND ({self.column} IS NULL OR {self.column} <= %s)
                FOR NO KEY UPDATE SKIP LOCKED
            )"""  # noqa: S608 - of constants
        try:
            sql.run(statement, [at, row_id, at - EVERY])
        except DatabaseError:
            log.exception("the last use of %s %s could not be kept", self.label, row_id)
