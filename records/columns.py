"""Column types: text without a width in the database, and PostgreSQL's 64-bit transaction id."""

from django import forms
from django.db import models

LONGEST_LINE = 400


class Text(models.CharField):
    """
    Text compared by code points, whose `max_length` is a courtesy that a site may override (`records.FieldRule`).

    The column is as wide as any override; the limit is held by the record, not by the database.
    """

    description = "Text"

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("db_collation", "C")
        kwargs.setdefault("max_length", 255)
        super().__init__(*args, **kwargs)

    def db_type(self, connection):
        return "text"

    def cast_db_type(self, connection):
        return "text"

    def formfield(self, **kwargs):
        if (self.max_length or 0) > LONGEST_LINE:
            kwargs.setdefault("widget", forms.Textarea)
        return super().formfield(**kwargs)


class TransactionId(models.Field):
    """PostgreSQL's `xid8`: which transaction wrote a row, in the order of their beginnings."""

    def db_type(self, connection):
        return "xid8"


class CurrentTransaction(models.Func):
    """`pg_current_xact_id()`, as a column's default."""

    function = "pg_current_xact_id"
    arity = 0
    output_field = TransactionId()
