"""
Records of the site's tables that a call creates by naming them, where the setting CREATE_NAMED lists the table.

Names are created as they are resolved, so that the rules see records as they will be; when the batch is written, what
no written record names is deleted again, and the rest is journaled. A territory costs two statements for any number of
records; one more if another call creates some of its names meanwhile, one more if a record that names one fails.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from records import sql
from records.changes import encode_fields, journal
from records.shapes.callers import Caller
from records.shapes.fields import ScalarField
from records.shapes.outcomes import Result
from records.shapes.references import Ref
from records.write import statements
from records.write.columns import Target
from records.write.drafts import DraftState


@dataclass
class NameCreator:
    """
    The names that one batch creates.

    created  by the relation that names them: the field, the table, and the new records
    """

    by: Caller
    at: datetime
    created: dict[str, tuple[ScalarField, Target, Sequence[Ref]]] = field(default_factory=dict)

    def is_allowed(self, named: ScalarField) -> bool:
        """True if the site lets a call create what a field names."""
        creates = named.reference.creates if named.reference is not None else ""
        return bool(creates) and creates in settings.CREATE_NAMED

    def create(self, named: ScalarField, target: Target, names: Collection[str]) -> Collection[Ref]:
        """Create what a field names; return the new records, without those that another call has created meanwhile."""
        stamps = (self.at, self.by.user_name)
        statement = statements.insert_names(target.table, target.name_column)
        refs = [Ref(id_, name) for id_, name in sql.rows(statement, [*stamps, *stamps, list(names)])]
        self.created[named.stored_as] = (named, target, refs)
        return refs

    def finish(self, batch: Sequence[DraftState]) -> None:
        """Delete the records that no written record names, and journal the others."""
        for relation, (named, target, refs) in self.created.items():
            written = (draft for draft in batch if draft.outcome is not None and not draft.outcome.failed)
            used = {draft.parsed.get(relation) for draft in written}
            unused = [ref.id for ref in refs if ref not in used]
            if unused:
                sql.run(statements.delete_by(target.table, "id"), [unused])
            self._journal(named, target, [ref for ref in refs if ref in used])

    def _journal(self, named: ScalarField, target: Target, refs: Sequence[Ref]) -> None:
        if refs and named.reference is not None:
            texts = {ref: encode_fields({target.name_column: [None, ref.text]}) for ref in refs}
            entries = ((ref.id, ref.text, 1, str(Result.CREATED), text) for ref, text in texts.items())
            journal(named.reference.label.replace(" ", "_"), entries, by=self.by, at=self.at)
