"""The APIs that a site publishes over EcoSys, with their columns, filters and runtime parameters."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from records.columns import Text
from records.shapes.criteria import Comparator
from webservices.wire.dialects.ecosys.published import ID, LEVELS, MAX_NAME, NAME
from webservices.wire.operations import Action

IS_NAME = rf"^{NAME.pattern}$"
IS_ID = rf"^{ID.pattern}$"
EVENTS = [
    (Action.CHECK.value, "check the records against their rules, and fail if one breaks them"),
    (Action.INACTIVATE.value, "make the records inactive, all or none"),
    (Action.LOG.value, "nothing but log the call"),
]
OF_FIELD = "As the hub calls it; an entry of a map as `price.USD`."

name_of_api = RegexValidator(
    rf"\A{NAME.pattern}\Z", "A name begins with a letter, and holds letters, digits, - _ and single dots."
)
name_of_column = RegexValidator(rf"\A{ID.pattern}\Z", "Letters, digits, - and _, beginning with a letter.")


class PublishedApi(models.Model):
    """
    One API: a kind of record as its callers see and may change it.

    resource   the plural name of the kind of record
    event      what a call does for all records that the filter and the parameters allow; "": calls read and write
    log_level  of an event, how much of each call is logged as a job; "": nothing
    """

    name = Text(
        "name",
        max_length=MAX_NAME,
        validators=[name_of_api],
        help_text="It is part of the address, and of every element.",
    )
    resource = Text("record", max_length=40, help_text="The kind of record that its objects are.")
    event = Text(
        "event", max_length=20, blank=True, choices=EVENTS,
        help_text="An event does this for what its filter and parameters allow, when it is triggered.",
    )  # fmt: skip
    log_level = Text(
        "log level", max_length=10, blank=True, choices=[(level, level) for level in LEVELS],
        help_text="How much of each call of an event is logged as a batch job; blank: nothing.",
    )  # fmt: skip
    may_read = models.BooleanField("may read", default=True)
    may_update = models.BooleanField("may update", default=True)
    may_insert = models.BooleanField("may insert", default=True)
    may_delete = models.BooleanField("may delete", default=True)

    class Meta:
        verbose_name = "published API"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], name="webservices_publishedapi_name",
                violation_error_message="An API of this name is published.",
            ),
            models.CheckConstraint(condition=Q(name__regex=IS_NAME), name="webservices_publishedapi_is_name"),
            models.CheckConstraint(
                condition=Q(event__in=["", *dict(EVENTS)]), name="webservices_publishedapi_is_event"
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name


class PublishedColumn(models.Model):
    """One attribute of an API's objects; an API without columns shows every field."""

    api = models.ForeignKey(PublishedApi, models.CASCADE, related_name="columns", db_index=False)
    position = models.IntegerField("position", default=0)
    field = Text("field", max_length=120, help_text=OF_FIELD)
    name = Text("id", max_length=80, blank=True, validators=[name_of_column], help_text="Its name on the wire.")
    read_only = models.BooleanField("read-only", default=False)

    class Meta:
        verbose_name = "column"
        default_permissions = ()
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["api", "name"], name="webservices_publishedcolumn_name",
                violation_error_message="Another column of this API has this id.",
            ),
            models.CheckConstraint(condition=Q(name__regex=IS_ID), name="webservices_publishedcolumn_is_id"),
        ]  # fmt: skip

    def __str__(self):
        return self.name


class PublishedCriterion(models.Model):
    """One condition of an API's filter: what does not meet it is not there for its callers."""

    api = models.ForeignKey(PublishedApi, models.CASCADE, related_name="filter")
    field = Text("field", max_length=120, help_text=OF_FIELD)
    comparator = Text("comparator", max_length=10, default=Comparator.EQUAL.value)
    value = Text("value", max_length=400, blank=True, help_text="Blank: has no value. IN: several, with commas.")

    class Meta:
        verbose_name = "criterion"
        verbose_name_plural = "criteria"
        default_permissions = ()
        ordering = ["id"]

    def __str__(self):
        return f"{self.field} {self.comparator} {self.value}"


class PublishedParameter(models.Model):
    """One runtime parameter of an API: narrows a call to what compares so with the value that is sent."""

    api = models.ForeignKey(PublishedApi, models.CASCADE, related_name="parameters", db_index=False)
    position = models.IntegerField("position", default=0)
    field = Text("field", max_length=120, help_text=OF_FIELD)
    name = Text("id", max_length=80, blank=True, validators=[name_of_column], help_text="Its name on the wire.")
    comparator = Text("comparator", max_length=10, default=Comparator.EQUAL.value)
    required = models.BooleanField("required", default=False)

    class Meta:
        verbose_name = "parameter"
        default_permissions = ()
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["api", "name"], name="webservices_publishedparameter_name",
                violation_error_message="Another parameter of this API has this id.",
            ),
            models.CheckConstraint(condition=Q(name__regex=IS_ID), name="webservices_publishedparameter_is_id"),
        ]  # fmt: skip

    def __str__(self):
        return self.name
