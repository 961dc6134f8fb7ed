"""Column types and columns that several tables have: texts, links, searchable words, transaction ids."""

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVector, SearchVectorField
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


def attachments() -> ArrayField:
    """The links of a record."""
    return ArrayField(
        Text(max_length=2000),
        verbose_name="attachments",
        default=list,
        blank=True,
        help_text="Links, kept as they are and never fetched.",
    )


def words_of(*columns: str) -> models.GeneratedField:
    """What full text search reads of a row: the words of these columns, kept by the database."""
    return models.GeneratedField(
        expression=SearchVector(*columns, config="simple"), output_field=SearchVectorField(), db_persist=True
    )


class TransactionId(models.Field):
    """PostgreSQL's `xid8`: which transaction wrote a row, in the order of their beginnings."""

    def db_type(self, connection):
        return "xid8"


class CurrentTransaction(models.Func):
    """`pg_current_xact_id()`, as a column's default."""

    function = "pg_current_xact_id"
    arity = 0
    output_field = TransactionId()
