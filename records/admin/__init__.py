"""
The admin of records. `RecordAdmin` and `RecordInline` are the bases of every record's pages; the site's own pages
(definitions, changes, users) are registered here too.

    fields, forms   the form of a resource: Values out of it, problems back into it
    formsets        the same for the rows of an inline
    references      fields that name other records
    base, inlines   the pages, and the one call of a service
    links           from a record to those that name it
    removal         delete, activate, deactivate
    history         the record's own Changes
"""

from records.admin import changes, definitions, people
from records.admin.base import RecordAdmin
from records.admin.inlines import RecordInline, StackedRecordInline

__all__ = ["RecordAdmin", "RecordInline", "StackedRecordInline", "changes", "definitions", "people"]
