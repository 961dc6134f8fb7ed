"""Columns: types and columns that several tables have, and what models tell of theirs, typed."""

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

LONGEST_LINE = 400


def get_field(model: type[models.Model], name: str) -> models.Field:
    """Return a field of a model that is a column; raises TypeError for the accessor of a child table."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} of {model.__name__} is no column.")
    return field


def get_column_name(model: type[models.Model], name: str) -> str:
    """Return the name in the database of a field's column."""
    return get_field(model, name).get_attname_column()[1]


def get_related_model(field: models.Field | models.ForeignObjectRel) -> type[models.Model]:
    """Return the model that a relation, or the accessor of a child table, leads to; raises TypeError for others."""
    model = field.related_model
    if not isinstance(model, type):
        raise TypeError(f"{field.name} leads to no model.")
    return model


def get_child_relation(model: type[models.Model], accessor: str) -> models.ForeignObjectRel:
    """Return the relation of a child table to its parent, by its accessor there; raises TypeError for other names."""
    relation = model._meta.get_field(accessor)
    if not isinstance(relation, models.ForeignObjectRel):
        raise TypeError(f"{accessor} of {model.__name__} is no child table.")
    return relation


class Text(models.CharField):
    """
    Text compared by code points, whose `max_length` is a courtesy that a site may override (`records.FieldRule`).

    The column is as wide as any override; the limit is held by the record, not by the database.
    """

    # By code points, so that SQL and memory order and compare texts alike, whatever the server's locale.

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


class CodeText(Text):
    """
    A code of a list that the site keeps as a table (`records.models.Code`).

    code_list  the table, by its plural name: `currencies`
    """

    def __init__(self, *args, code_list="", **kwargs):
        self.code_list = code_list
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        # The database has a text; which table its codes are in is no matter of a migration.
        name, _, args, kwargs = super().deconstruct()
        return name, "records.columns.Text", args, kwargs


def attachments() -> ArrayField:
    """A column with the links of a record."""
    return ArrayField(
        Text(max_length=2000),
        verbose_name="attachments",
        default=list,
        blank=True,
        help_text="Links, kept as they are and never fetched.",
    )


def vendor_data() -> models.JSONField:
    """A column with what vendors' wires alone say of a record: `{"expandable": {"PART_TYPE": "M"}}`."""
    return models.JSONField("vendor data", default=dict, db_default={}, editable=False)


def words_column(*columns: str) -> models.GeneratedField:
    """A column that full text search reads: the words of other columns, computed by the database."""
    # `simple`: no stems and no stop words, so that a beginning of a word finds it in any language.
    return models.GeneratedField(
        expression=SearchVector(*columns, config="simple"), output_field=SearchVectorField(), db_persist=True
    )


def has_words(model: type[models.Model]) -> bool:
    """True if the model has a column of words to search."""
    return any(
        field.name == "words" and isinstance(getattr(field, "output_field", field), SearchVectorField)
        for field in model._meta.fields
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


def caseless_index(field: str, name: str) -> models.Index:
    """Return an index of a text without its case, in the database's own locale, which ILIKE reads for a whole text."""
    without_case = models.Func(field, template='lower(%(expressions)s COLLATE "default")')
    return models.Index(without_case, name=name, condition=~models.Q((field, "")))
