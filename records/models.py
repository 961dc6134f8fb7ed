"""
The tables that all records share: the base of every record, its changes, and what a site defines by itself.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from records.columns import CurrentTransaction, Text, TransactionId, vendor_data, words_column

# No name `field1`: the field of the number 1 is stored under it.
CUSTOM_NAME = RegexValidator(
    r"^([1-9][0-9]{0,2}|(?!field[0-9])[a-z][a-z0-9_]{0,39})$",
    "A name is a number, or lower-case letters, digits and underscores beginning with a letter.",
)


class Record(models.Model):
    """The columns that every record has: vendor data, a version, and when and by whom it was created and changed."""

    vendor = vendor_data()

    version = models.IntegerField("version", default=1, editable=False, help_text="Counts the record's changes.")
    created_at = models.DateTimeField("created", editable=False, help_text="When it was created.")
    created_by = Text("created by", max_length=150, default="", editable=False, help_text="Who created it.")
    changed_at = models.DateTimeField("changed", editable=False, help_text="When it was last changed.")
    changed_by = Text("changed by", max_length=150, default="", editable=False, help_text="Who changed it last.")

    class Meta:
        abstract = True


class SiteTable(Record):
    """A record of a table of the site: other records name it, and an admin or a program with the right keeps it."""

    # By the database: migrations and other programs add rows without a service.
    created_at = models.DateTimeField("created", editable=False, db_default=Now(), help_text="When it was created.")
    changed_at = models.DateTimeField(
        "changed", editable=False, db_default=Now(), help_text="When it was last changed."
    )

    class Meta:
        abstract = True


class Change(models.Model):
    """
    One committed change of one record: history, audit and change feed are these rows.

    fields  {field: [before, after]} as the hub spells values; null where there was or is nothing
    xact    the transaction that wrote it; with `id`, the order of the feed
    """

    # Ids are taken in an order that commits need not follow; the feed reads up to the oldest transaction still running.
    xact = TransactionId(db_default=CurrentTransaction(), editable=False)
    at = models.DateTimeField("when")
    resource = Text("resource", max_length=40)
    record_id = models.BigIntegerField("record")
    key = Text("key", max_length=400)  # as it was: a record may be gone, or be renamed
    version = models.IntegerField("version")
    result = Text("result", max_length=20, db_column="became")
    fields = models.JSONField("fields")
    user_id = models.IntegerField("user id", null=True)  # no foreign key: the history outlives the user
    user_name = Text("by", max_length=150)
    credential = Text("credential", max_length=80, blank=True)
    call_id = Text("call", max_length=40, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["resource", "record_id", "-id"], name="records_change_record"),
            models.Index(fields=["xact", "id"], name="records_change_feed"),
            models.Index(fields=["key"], name="records_change_key"),
            models.Index(fields=["call_id"], name="records_change_call", condition=~Q(call_id="")),
        ]

    def __str__(self):
        return f"{self.resource.replace('_', ' ')} {self.key} {self.result}"


class CustomField(models.Model):
    """A field that an admin adds to a kind of record; its values are kept typed in the record's `custom` column."""

    class Type(models.TextChoices):
        TEXT = "text", "Text"
        NUMBER = "number", "Number"
        DATE = "date", "Date"
        MENU = "menu", "Menu"

    resource = Text("record", max_length=40, help_text="The kind of record that has it.")
    name = Text("name", max_length=40, validators=[CUSTOM_NAME], help_text="A number, or a name such as `tier`.")
    label = Text("label", max_length=80)
    type = Text("type", max_length=10, choices=Type.choices, default=Type.TEXT)
    choices = ArrayField(
        Text(max_length=255), verbose_name="choices", default=list, blank=True, help_text="What a menu offers."
    )
    required = models.BooleanField("required", default=False)
    help = Text("help", max_length=255, blank=True)

    class Meta:
        ordering = ["resource", "name"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "name"], name="records_customfield_name"),
            models.CheckConstraint(
                condition=~Q(type="menu") | Q(choices__len__gt=0), name="records_customfield_menu_has_choices"
            ),
        ]

    def __str__(self):
        return f"{self.label} ({self.resource})"


class Code(SiteTable):
    """
    One code of a list that the site keeps; a record takes the active ones, and keeps what it has.

    Columns that hold codes are `records.columns.CodeText`; `records.customization` makes the codes choices of fields.

    setting  the setting that names the site's own code
    term     the term of a dialect in DIALECT_TERMS that names a code
    """

    setting: ClassVar[str]
    term: ClassVar[str]
    code = Text("code", max_length=12)
    name = Text("name", max_length=100, help_text="What people read.")
    active = models.BooleanField("active", default=True, help_text="Off: records keep it, and none takes it newly.")
    words = words_column("code", "name")

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self):
        return f"{self.code} ({self.name})"


class FieldRule(models.Model):
    """A site's own limit, requirement or form for a field; every contract reads it."""

    class Form(models.TextChoices):
        NUMBER = "number", "Number"
        DATE = "date", "Date"
        FLAG = "flag", "Y or N"

    resource = Text("record", max_length=40)
    field = Text("field", max_length=60)
    max_length = models.PositiveIntegerField("longest", null=True, blank=True, help_text="In characters.")
    required = models.BooleanField("required", null=True, blank=True)
    form = Text("form", max_length=10, blank=True, default="", choices=Form.choices, help_text="What a text must be.")

    class Meta:
        ordering = ["resource", "field"]
        constraints = [models.UniqueConstraint(fields=["resource", "field"], name="records_fieldrule_field")]

    def __str__(self):
        return f"{self.resource}.{self.field}"


class Generation(models.Model):
    """One row that counts changes of the site's definitions; a trigger on their tables moves it."""

    # One row only: what is cached by generation is checked by one read, on each call.
    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.IntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="records_generation_one_row")]
